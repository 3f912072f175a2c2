import GTMCore
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One worked example of Docs/health-score.md.
struct HealthExample: Sendable, CustomTestStringConvertible {
    var title: String
    var profile = ""
    var inputs: [(name: String, value: String)] = []
    var results: [(name: String, value: String)] = []

    var testDescription: String { title }

    /// The examples of the page: a heading, the profile, a table of inputs and one of results.
    static func all() throws -> [HealthExample] {
        let root = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        let text = String(
            decoding: try Data(contentsOf: root.appendingPathComponent("Docs/health-score.md")), as: UTF8.self)
        var examples: [HealthExample] = []
        var isInput = false
        for line in text.split(separator: "\n") {
            if line.hasPrefix("## ") { examples.append(HealthExample(title: String(line.dropFirst(3)))) }
            guard let last = examples.indices.last else { continue }
            if line.hasPrefix("Profile: ") { examples[last].profile = String(line.dropFirst(10).dropLast()) }
            let cells = line.split(separator: "|").map { $0.trimming(while: \.isWhitespace) }
            guard line.hasPrefix("|"), cells.count == 2 else { continue }
            if cells[1] == "Value" { isInput = cells[0] == "Input" }
            guard cells[0].hasPrefix("`") else { continue }
            let row = (name: String(cells[0].dropFirst().dropLast()), value: String(cells[1]))
            if isInput { examples[last].inputs.append(row) } else { examples[last].results.append(row) }
        }
        return examples.filter { !$0.profile.isEmpty }
    }
}

@Suite("The worked examples of the health score") struct HealthExamplesTests {
    private func inputs(_ example: HealthExample) throws -> HealthInputs {
        var inputs = HealthInputs(unknown: .notConnected)
        for (name, value) in example.inputs {
            let parts = value.split(separator: "/").compactMap { Int128($0) }
            let number = parts.first.flatMap { Fraction($0, over: parts.count > 1 ? parts[1] : 1) }
            func exact() throws -> Reading<Fraction> { .known(try #require(number, "\(name)")) }
            func whole() throws -> Reading<Int> { .known(Int(try #require(number, "\(name)").numerator)) }
            switch name {
            case "days_since_seen": inputs.daysSinceSeen = try whole()
            case "csat": inputs.csat = try exact()
            case "tone": inputs.tone = try exact()
            case "payment_standing":
                let words = value.split(separator: ", ").compactMap { SubscriptionStatus(rawValue: String($0)) }
                inputs.subscriptionStatuses = .known(SubscriptionStatuses(words))
            case "sessions_30d": inputs.sessions30d = try whole()
            case "tenure_months": inputs.tenureMonths = try whole()
            case "mrr": inputs.mrr = try exact()
            case "conversations_30d": inputs.conversations30d = try whole()
            case "open_tickets": inputs.openTickets = try whole()
            case "open_critical_tickets": inputs.openCriticalTickets = try whole()
            case "is_delinquent": inputs.isDelinquent = .known(value == "1")
            case "mentioned_cancel": inputs.mentionedCancel = .known(value == "1")
            default: Issue.record("\(name) is no input; expected a measure")
            }
        }
        return inputs
    }

    @Test("Every number of every example is what comes out", arguments: try HealthExample.all())
    func example(example: HealthExample) throws {
        let profile = try #require(HealthProfile.builtIn(named: example.profile))
        let inputs = try inputs(example)
        let calculator = HealthCalculator(profile: profile)
        let score = calculator.score(inputs)
        #expect(example.results.count >= 8)
        for (name, value) in example.results {
            let found: String
            switch name {
            case "score_before_penalties": found = points(score.beforePenalties)
            case "health_score": found = points(score.score)
            case "health_score_low": found = points(.known(score.low))
            case "health_score_high": found = points(.known(score.high))
            case "health_coverage": found = String(score.coverage)
            case "health_status": found = score.status.rawValue
            case "capped_by": found = score.cappedBy?.rawValue ?? "none"
            case "signals":
                let kinds = score.signals.map(\.kind.rawValue)
                found = kinds.isEmpty ? "none" : kinds.joined(separator: ", ")
            case "churn_risk": found = points(score.churnRisk)
            default:
                let component = try #require(score.components.first { $0.name == name }, "\(name)")
                found = points(component.points)
            }
            #expect(found == value, "\(name)")
        }
        #expect(calculator.proof(of: inputs).replayed() == calculator.proof(of: inputs).value)
    }

    @Test("There are five") func count() throws { #expect(try HealthExample.all().count == 5) }

    private func points(_ thousandths: Reading<Int>) -> String {
        guard case .known(let value) = thousandths else { return "unknown" }
        let decimals = String(1000 + value % 1000).dropFirst()
        var text = "\(value / 1000).\(decimals)"
        while text.hasSuffix("0") { text.removeLast() }
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}

extension Substring {
    /// Without the characters at both ends that a condition holds for.
    fileprivate func trimming(while holds: (Character) -> Bool) -> Substring {
        var text = drop(while: holds)
        while let last = text.last, holds(last) { text.removeLast() }
        return text
    }
}
