import GTMCore

/// Rules of identity and their effects for a terminal.
enum RulesView {
    /// All rules, in order of their making.
    static func text(_ rules: [IdentityRule], width: Int, palette: Palette) -> String {
        guard !rules.isEmpty else {
            return "There are no rules: customers are told apart by e-mail address alone.\n"
        }
        let conflicts = IdentityRules(rules).conflicts
        let column = rules.map { TextWidth.of($0.id) }.max() ?? 0
        let indent = String(repeating: " ", count: min(column + 2, max(0, width - 20)))
        let lines = rules.flatMap { rule in
            let words = TextWidth.wrapped(Sanitized(rule.words).text, to: max(18, width - indent.count))
            let head = TextWidth.padded(rule.id, to: indent.count) + (words.first ?? "")
            let state = TextWidth.wrapped(state(of: rule, conflicts), to: max(18, width - indent.count))
            return [head] + words.dropFirst().map { indent + $0 } + state.map { indent + palette.dim($0) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func state(of rule: IdentityRule, _ conflicts: [String]) -> String {
        let made = "made \(PlainWords.moment(rule.madeAt)) by \(Sanitized(rule.madeBy.name).text)"
        if let moment = rule.undoneAt { return "undone \(PlainWords.moment(moment)), \(made)" }
        return conflicts.contains(rule.id) ? "kept from applying by a keep-apart rule, \(made)" : "in force, \(made)"
    }

    /// What a change of a rule did.
    static func text(_ effect: RuleEffect, width: Int, palette: Palette) -> String {
        var lines = TextWidth.wrapped(Sanitized(effect.sentence).text, to: width).map(palette.bold)
        lines += part("before", effect.before, width) + part("after", effect.after, width)
        if case .made(let rule) = effect.change {
            lines += TextWidth.wrapped("This is \(rule.id); to undo it: gtm unmerge \(rule.id)", to: width)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func part(_ name: String, _ customers: [Assessment], _ width: Int) -> [String] {
        let told = customers.isEmpty ? ["nobody"] : customers.map(words)
        return told.enumerated().flatMap { place, words in
            TextWidth.wrapped(Sanitized(words).text, to: max(10, width - 10)).enumerated().map { line, text in
                "  " + TextWidth.padded(place == 0 && line == 0 ? name : "", to: 8) + text
            }
        }
    }

    /// A customer's numbers: `ada@x.test: 299.00 USD a month, health 47.3 (high risk), 2 records`.
    private static func words(_ assessment: Assessment) -> String {
        let mrr = assessment.revenue.mrr.value.map { "\(PlainWords.amounts($0)) a month" } ?? "MRR unknown"
        let health =
            "health \(PlainWords.score(assessment.health.score)) (\(PlainWords.status(assessment.health.status)))"
        return "\(assessment.key): \(mrr), \(health), \(PlainWords.count(assessment.customer.members.count, "record"))"
    }
}
