import Foundation
import Testing

@testable import GTMCore

@Suite("The book of rules") struct RuleBookTests {
    private func directives() throws -> [DirectiveText] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("directives")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".md") }.sorted()
            .map { DirectiveText(file: $0, text: Array(try Data(contentsOf: folder.appendingPathComponent($0)))) }
    }

    @Test("The directives of this repository are the built-in rules, every block of them") func same() throws {
        let book = try RuleBook(directives: try directives())
        let standard = RuleBook.standard
        #expect(book.policies == standard.policies)
        #expect(book.profiles == standard.profiles)
        #expect(book.conversationRules == standard.conversationRules)
        #expect(book.tone == standard.tone)
        #expect(book.qualityRules == standard.qualityRules)
        #expect(book.anomalyRules == standard.anomalyRules)
        #expect(book.authority == standard.authority)
        #expect(book.activity.ratingWindow == standard.activity.ratingWindow)
        #expect(book.staleAfterDays == standard.staleAfterDays)
    }

    @Test("A changed number changes the customer's score") func changed() async throws {
        var texts = try directives()
        let place = try #require(texts.firstIndex { $0.file == "data-quality.md" })
        let text = String(decoding: texts[place].text, as: UTF8.self).replacing(
            "\"stripe_id\": 20", with: "\"stripe_id\": 80")
        texts[place].text = Array(text.utf8)
        var configuration = GTMEngine.Configuration()
        let isApplied = configuration.apply(try RuleBook(directives: texts))
        #expect(isApplied)
        #expect(configuration.qualityRules.points(.billingID) == 80)
        #expect(
            GTMEngine(store: InMemoryStore(), configuration: configuration).assessor.quality.rules.points(.billingID)
                == 80)
    }

    @Test("A name that the book has not is not applied") func unknown() {
        var configuration = GTMEngine.Configuration()
        let answers = [
            configuration.apply(.standard, policy: "mine"), configuration.apply(.standard, profile: "mine"),
            configuration.apply(.standard, policy: "stripe", profile: "four-factor"),
        ]
        #expect(answers == [false, false, true])
        #expect(configuration.policy == .stripe)
        #expect(configuration.profile == .fourFactor)
    }

    @Test(
        "A slip of the pen is told with file and line",
        arguments: [
            ("\n```json helth-profile\n{}\n```\n", "d.md:2", "no rule is called \"helth-profile\""),
            ("```json tone\n{}\n```\n```json tone\n{}\n```\n", "d.md:", "stands twice"),
            ("```json windows\n{\"tone_days\": 0}\n```\n", "d.md:2", "lacks"),
            ("```json identity\n{\"confidence\": {\"email\": 0.6}}\n```\n", "d.md:2", "cannot be changed"),
            ("```json completeness\n{\"profile\": [\"name\"]}\n```\n", "d.md:2", "cannot be changed"),
            ("```json authority\n{\"billing\": \"stripe\"}\n```\n", "d.md:2", "expected a list"),
        ])
    func wrong(text: String, place: String, words: String) {
        let error = #expect(throws: DirectiveError.self) {
            try RuleBook(directives: [DirectiveText(file: "d.md", text: Array(text.utf8))])
        }
        #expect(error?.description.hasPrefix(place) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }
}
