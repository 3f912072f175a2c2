import GTMCore

/// What was done to a rule of identity.
enum RuleChange: Sendable, Hashable {
    /// It was made.
    case made(IdentityRule)
    /// It was undone.
    case undone(IdentityRule)

    /// The rule.
    var rule: IdentityRule {
        switch self {
        case .made(let rule), .undone(let rule): rule
        }
    }
}

/// What a change of a rule did to the customers that it names.
struct RuleEffect: Sendable, Hashable {
    /// What was done.
    var change: RuleChange
    /// The customers before.
    var before: [Assessment]
    /// The customers after.
    var after: [Assessment]

    /// Whether a rule that was made now holds; undoing one asks for nothing.
    var isAsAsked: Bool {
        guard case .made(let rule) = change else { return true }
        return switch rule.kind {
        case .merge: after.count == 1
        case .keepApart: after.count != 1
        }
    }

    /// What happened, in a sentence.
    var sentence: String {
        let rule = change.rule
        let (one, other) = (rule.keys[0].description, rule.keys[1].description)
        switch (change, rule.kind) {
        case (.made, .merge): return "\(one) now lives on under \(after.first?.key.description ?? other)."
        case (.made, .keepApart): return "\(one) and \(other) are kept apart from now on."
        case (.undone, _): return "\(rule.id) is undone: everything is as if it had never been made."
        }
    }
}

extension IdentityRule {
    /// The two keys that the rule names, in order.
    var keys: [CustomerKey] {
        switch kind {
        case .merge(let from, let into): [from, into]
        case .keepApart(let one, let other): [one, other]
        }
    }

    /// What the rule says, in words.
    var words: String {
        switch kind {
        case .merge(let from, let into): "\(from) is merged into \(into)"
        case .keepApart(let one, let other): "\(one) is kept apart from \(other)"
        }
    }
}

/// Rules and their effects as JSON.
enum RuleDocument {
    /// All rules, as `rules --json` prints them.
    static func line(_ rules: [IdentityRule]) -> String {
        let conflicts = IdentityRules(rules).conflicts
        let documents = rules.map { JSONValue.object(object($0, conflicts)) }
        return JSONWriter.text(["rules": .array(documents)]) + "\n"
    }

    /// What a change did, as `merge --json`, `keep-apart --json` and `unmerge --json` print it.
    static func line(_ effect: RuleEffect, _ context: DocumentContext) -> String {
        func documents(_ customers: [Assessment]) -> JSONValue {
            .array(customers.map { .object(CustomerDocument($0, context).object) })
        }
        return JSONWriter.text([
            "rule": .object(object(effect.change.rule, [])), "effect": .string(effect.sentence),
            "before": documents(effect.before), "after": documents(effect.after),
        ]) + "\n"
    }

    private static func object(_ rule: IdentityRule, _ conflicts: [String]) -> JSONObject {
        let kind =
            switch rule.kind {
            case .merge: "merge"
            case .keepApart: "keep_apart"
            }
        return [
            "id": .string(rule.id), "kind": .string(kind),
            "keys": .array(rule.keys.map { .string($0.description) }),
            "made_at": .string(Timestamp.format(rule.madeAt)),
            "made_by": .string(rule.madeBy.name),
            "undone_at": rule.undoneAt.map { .string(Timestamp.format($0)) } ?? .null,
            "applies": .bool(rule.undoneAt == nil && !conflicts.contains(rule.id)),
        ]
    }
}
