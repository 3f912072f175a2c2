import GTMCore
import Testing

@testable import GTMIntercom

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("The worked examples of revenue are so") struct RevenueDocumentationTests {
    private static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Docs/revenue.md")

    private func examples() throws -> [DirectiveBlock] {
        try DirectiveBlock.blocks(in: Array(try Data(contentsOf: Self.page)), file: "revenue.md")
            .filter { $0.name == "example" }
    }

    @Test("Every example, under every policy that it names") func examplesHold() throws {
        let moment = try Timestamp.parse("2026-11-20T00:00:00Z")
        let examples = try examples()
        #expect(examples.count == 7)
        for example in examples {
            let listed = JSONWriter.text(try example.content.member("subscriptions").value)
            let mapped = try IntercomMapping.forTests().contact(attributes: "{\"Stripe Subscriptions\":\(listed)}")
            #expect(mapped.issues == [], "line \(example.line)")
            let version = RecordVersion(record: mapped.record, recordedAt: moment, sequence: 1)
            let subscriptions = try #require(try mapped.billing.subscriptions)
            let billing = CustomerBilling(
                subscriptions: .known(subscriptions.map { Sourced($0, from: version) }),
                payments: .unknown(.notReported))
            for (name, expected) in try example.content.member("mrr").members() {
                let policy = try #require(MRRPolicy.named(name), "\(name)")
                let calculator = RevenueCalculator(policy: policy)
                let told = calculator.revenue(of: billing, asOf: moment, reportedIn: .usd).mrr
                let shown =
                    told.value?.rounded.map(\.description).joined(separator: ", ")
                    ?? "unknown: \(told.reason?.description ?? "")"
                #expect(shown == expected.value.string, "line \(example.line), \(name)")
            }
        }
    }
}
