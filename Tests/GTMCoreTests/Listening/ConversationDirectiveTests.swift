import GTMCore
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("The directive on conversations and the code say the same") struct ConversationDirectiveTests {
    private func directive() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let data = try Data(contentsOf: root.appending(path: "directives/conversation-rules.md"))
        return String(decoding: data, as: UTF8.self)
    }

    private func block(_ name: String, of text: String) throws -> DirectiveNode {
        let blocks = try DirectiveBlock.blocks(in: Array(text.utf8), file: "conversation-rules.md")
        return try #require(blocks.first { $0.name == name }).content
    }

    @Test("What is heard") func rules() throws {
        let rules = try ConversationRules(directive: block("conversation-rules", of: try directive()))
        #expect(rules == .standard)
        #expect(rules.sentences(about: .cancel, in: "Please cancel our plan") == ["Please cancel our plan"])
    }

    @Test("How it sounds") func tone() throws {
        let lexicon = try LexiconTone(directive: block("tone", of: try directive()))
        #expect(lexicon == .standard)
        #expect(lexicon.tone(of: "great") == LexiconTone.standard.tone(of: "great"))
    }

    @Test("Names of competitors are read") func competitors() throws {
        let text = try directive().replacing(
            "\"competitors\": []", with: "\"competitors\": [\"Quillbase\", \"Northwind Desk\"]")
        let rules = try ConversationRules(directive: block("conversation-rules", of: text))
        #expect(rules.competitors == ["Quillbase", "Northwind Desk"])
        #expect(rules.sentences(about: .competitor, in: "We use Northwind Desk").count == 1)
    }

    @Test(
        "A pattern that could never match is told, with its line",
        arguments: [
            ("against renew*", "against <nothing>", "lists"), ("against renew*", "_ _", "a word that has to be there"),
            ("against renew*", "again-st", "\"again-st\" is no word"), ("against renew*", "a||b", "\"\" is no word"),
            ("against renew*", "re*new", "\"re*new\" is no word"),
            ("deactivat*", "two words", "one word"), ("\"excuses\"", "\"excuse\"", "\"excuse\" is not known here"),
            ("\"negation_reach\": 5", "\"negation_reach\": -5", "from 0 to 20"), ("\"weak\"", "\"strong\"", "twice"),
        ])
    func faults(original: String, changed: String, told: String) throws {
        let text = try directive()
        let place = try #require(text.firstRange(of: original))
        let line = text[..<place.lowerBound].split(separator: "\n", omittingEmptySubsequences: false).count
        let error = #expect(throws: DirectiveError.self) {
            try ConversationRules(
                directive: block("conversation-rules", of: text.replacing(original, with: changed, maxReplacements: 1)))
        }
        #expect(error?.detail.contains(told) == true, "\(error?.description ?? "")")
        #expect(error?.line == line, "\(error?.description ?? "")")
    }

    @Test("A word with two weights is told") func twoWeights() throws {
        let text = try directive().replacing("\"awful\"", with: "\"awful\", \"great\"")
        let error = #expect(throws: DirectiveError.self) { try LexiconTone(directive: block("tone", of: text)) }
        #expect(error?.detail == "\"great\" stands twice; expected one weight for it")
    }
}
