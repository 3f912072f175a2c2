import Testing

@testable import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("The revenue directive and the code say the same") struct RevenueDirectiveTests {
    private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func policies() throws -> [MRRPolicy] {
        let text = Array(try Data(contentsOf: root.appendingPathComponent("directives/revenue.md")))
        return try DirectiveBlock.blocks(in: text, file: "revenue.md").filter { $0.name == "mrr-policy" }
            .map { try MRRPolicy(directive: $0.content) }
    }

    @Test("Every policy, in every choice") func policiesAgree() throws {
        #expect(try policies() == MRRPolicy.all)
    }

    @Test("A block says every choice, so that the page alone tells all of it") func blocksAreWhole() throws {
        let text = Array(try Data(contentsOf: root.appendingPathComponent("directives/revenue.md")))
        for block in try DirectiveBlock.blocks(in: text, file: "revenue.md") {
            #expect(try block.content.members().count == 13)
        }
    }

    private func policy(_ json: String) throws -> MRRPolicy {
        let text = Array("```json mrr-policy\n\(json)\n```\n".utf8)
        let block = try #require(try DirectiveBlock.blocks(in: text, file: "mine.md").first)
        return try MRRPolicy(directive: block.content)
    }

    @Test("What a policy of one's own leaves out is as in the default") func defaults() throws {
        var expected = MRRPolicy(name: "ours", version: 7, counted: [.active, .trialing])
        expected.discounts = .foreverOnly
        #expect(
            try policy(
                #"{"name":"ours","version":7,"counted_statuses":["trialing","active"],"discounts":"forever_only"}"#)
                == expected)
    }

    @Test(
        "A wrong policy is told with its line and what was expected",
        arguments: [
            ("{}", "mine.md:2: the block lacks \"name\""),
            ("{\"name\":\"a\",\n\"version\":0}", "mine.md:3: version is 0; expected a whole number from 1"),
            (
                "{\"name\":\"a\",\"version\":1,\n\"counted_statuses\":[\"active\",\"active\"]}",
                "mine.md:3: \"active\" stands twice"
            ),
            (
                "{\"name\":\"a\",\"version\":1,\"counted_statuses\":[],\n\"discounts\":\"some\"}",
                "mine.md:3: discounts is \"some\"; expected \"none\", \"forever_only\", \"recurring\", \"all\""
            ),
            (
                "{\"name\":\"a\",\"version\":1,\"counted_statuses\":[],\n\"weeks_per_year\":0}",
                "weeks_per_year is 0; expected a whole number from 1 to 60"
            ),
            ("{\"names\":\"a\"}", "\"names\" is not known here"),
        ])
    func wrong(json: String, message: String) throws {
        let error = #expect(throws: DirectiveError.self) { try policy(json) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
}
