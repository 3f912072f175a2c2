import GTMCore
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What the rules are worth, measured; the figures are those of `Docs/conversation-rules.md`.
@Suite("Conversation rules, measured") struct LabelledSetTests {
    private struct Result {
        var messages = 0
        var cancel = Measurement()
        var competitor = Measurement()
        var toneRight = 0
        var toneAccuracy: Int { Measurement.thousandths(toneRight, of: messages) }
    }

    private let rules: ConversationRules = {
        var rules = ConversationRules.standard
        rules.competitors = ["Northwind Desk", "Quillbase", "Tidal"]
        return rules
    }()

    private func measure(_ part: LabelledMessage.Part) throws -> Result {
        var result = Result()
        for message in try #require(try LabelledMessage.all(of: part)) {
            result.messages += 1
            result.cancel.count(
                expected: message.speaksOfCancelling, found: !rules.sentences(about: .cancel, in: message.text).isEmpty)
            result.competitor.count(
                expected: message.speaksOfCompetitor,
                found: !rules.sentences(about: .competitor, in: message.text).isEmpty)
            if LabelledMessage.Sound(LexiconTone.standard.tone(of: message.text)) == message.sounds {
                result.toneRight += 1
            }
        }
        return result
    }

    @Test("Precision, recall and accuracy stay above their floors", arguments: LabelledMessage.Part.allCases)
    func floors(part: LabelledMessage.Part) throws {
        let result = try measure(part)
        #expect(result.messages >= (part == .heldOut ? 120 : 200))
        #expect(result.cancel.precision >= 900)
        #expect(result.cancel.recall >= 850)
        #expect(result.competitor.precision >= 850)
        #expect(result.competitor.recall >= 750)
        #expect(result.toneAccuracy >= 700)
    }

    @Test("The guide tells the figures that are measured") func guide() throws {
        let lines = Set(try Self.guide().split(separator: "\n"))
        for part in LabelledMessage.Part.allCases {
            let result = try measure(part)
            for (name, figures) in [("Cancelling", result.cancel), ("Competitor", result.competitor)] {
                let row =
                    "| \(name), \(part.rawValue) | \(result.messages) | \(figures.right) | \(figures.wrong) | "
                    + "\(figures.missed) | \(Measurement.percent(figures.precision)) | \(Measurement.percent(figures.recall)) |"
                let isTold = lines.contains(row[...])
                #expect(isTold, "\(row)")
            }
            let row =
                "| Tone, \(part.rawValue) | \(result.messages) | \(result.toneRight) | "
                + "\(Measurement.percent(result.toneAccuracy)) |"
            let isTold = lines.contains(row[...])
            #expect(isTold, "\(row)")
        }
    }

    @Test("No message stands in the set twice") func messagesDiffer() throws {
        let texts = try LabelledMessage.Part.allCases.flatMap { try LabelledMessage.all(of: $0) ?? [] }.map(\.text)
        #expect(Set(texts).count == texts.count)
    }

    @Test("The guide's examples come out as it says") func examples() throws {
        var rules = ConversationRules.standard
        rules.competitors = ["Northwind Desk", "Quillbase"]
        let section = try #require(
            try Self.guide().split(separator: "## Examples\n").last?.split(separator: "\n## ").first)
        let rows = section.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst(2)
        #expect(rows.count >= 20)
        for row in rows {
            let cells = row.split(separator: "|").map { $0.trimmingPrefix(" ").dropLast() }
            let text = String(cells[0])
            func answer(_ kind: Mention.Kind) -> String {
                rules.sentences(about: kind, in: text).isEmpty ? "no" : "yes"
            }
            let tone = LexiconTone.standard.tone(of: text).map { tone in
                let digits = String(1000 + tone.thousandths.magnitude % 1000).dropFirst()
                return "\(tone.thousandths < 0 ? "-" : "")\(tone.thousandths.magnitude / 1000).\(digits)"
            }
            #expect(cells[1...].map(String.init) == [answer(.cancel), answer(.competitor), tone ?? "–"], "\(text)")
        }
    }

    private static func guide() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return String(decoding: try Data(contentsOf: root.appending(path: "Docs/conversation-rules.md")), as: UTF8.self)
    }
}
