import GTMCore
import Testing

@testable import GTMSimulator

@Suite("Benchmark customers") struct BenchmarkCustomersTests {
    let customers = BenchmarkCustomers(count: 50, now: noon)

    @Test("Each has what is promised, and the size that is promised") func hasFixedShape() throws {
        var emails: Set<String> = []
        for index in 0..<customers.count {
            let lines = Array(JSONLines(customers.ndjson(index..<index + 1)))
            #expect(lines.count == 7)
            #expect((2_250...2_550).contains(lines[0].bytes.count), "\(lines[0].bytes.count)")
            let contact = try lines[0].document().value
            let attributes = contact["custom_attributes"]
            #expect(attributes?["Stripe Payments"]?.array?.count == 24)
            #expect(attributes?["Stripe Subscriptions"]?.array?.count == 1)
            let plan = attributes?["Stripe Subscriptions"]?.array?.first?["plan"]
            #expect(plan?["amount"]?.integer == customers.monthlyCents(index))
            #expect(contact["email"]?.string == customers.email(index))
            emails.insert(try EmailAddress(customers.email(index)).normalized)
            for line in lines.dropFirst() {
                let conversation = try line.document().value
                #expect(conversation["type"] == "conversation")
                #expect(conversation["conversation_parts"]?["conversation_parts"]?.array?.count == 4)
                #expect(conversation["contacts"]?["contacts"]?.array?.first?["id"] == contact["id"])
            }
        }
        #expect(emails.count == customers.count)
    }

    @Test("A range is the same whatever is asked for besides") func isDeterministic() {
        let whole = customers.ndjson(0..<10)
        #expect(customers.ndjson(0..<4) + customers.ndjson(4..<10) == whole)
        #expect(JSONLines(customers.ndjson(3..<9, conversations: false)).reduce(0) { count, _ in count + 1 } == 6)
    }
}
