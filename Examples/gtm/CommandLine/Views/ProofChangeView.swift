import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What moved a number between two moments, for a terminal and as JSON. What is shown adds up to what is shown.
enum ProofChangeView {
    static func text(_ change: ProofChange, _ now: Explanation, since: Date, width: Int, palette: Palette) -> String {
        var lines = [
            palette.bold("\(Sanitized(now.customer.description).text)  \(now.metric.rawValue)"),
            "  \(PlainWords.moment(since))  \(ProofWords.value(change.before.value))",
            "  \(PlainWords.moment(now.asOf))  \(ProofWords.value(change.after.value))", "",
        ]
        if !change.isComparable { lines.append("One of the two is unknown: the changes cannot be added up.") }
        if change.lines.isEmpty { lines.append("Nothing moved.") }
        for (line, amount) in zip(change.lines, shown(change)) {
            let before = line.before.map(ProofWords.value) ?? PlainWords.unknown
            let after = line.after.map(ProofWords.value) ?? PlainWords.unknown
            let text = "\(line.path.joined(separator: " › "))  (\(before) → \(after))"
            let head = "  \(amount)  "
            for (place, wrapped) in TextWidth.wrapped(Sanitized(text).text, to: max(20, width - head.count))
                .enumerated()
            { lines.append((place == 0 ? head : String(repeating: " ", count: head.count)) + wrapped) }
            for source in sources(of: line.proof) { lines.append("      " + palette.dim(source)) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static func line(_ change: ProofChange, _ now: Explanation, since: Date) -> String {
        var object: JSONObject = [
            "customer": .string(now.customer.description), "metric": .string(now.metric.rawValue),
            "since": .string(Timestamp.format(since)), "as_of": .string(Timestamp.format(now.asOf)),
            "comparable": .bool(change.isComparable),
        ]
        object["before"] = .object(JSONObject(members: ProofDocument.members(of: change.before.value)))
        object["after"] = .object(JSONObject(members: ProofDocument.members(of: change.after.value)))
        object["changes"] = .array(
            change.lines.map { line in
                [
                    "path": .array(line.path.map { .string($0) }),
                    "before": line.before.map(members) ?? .null, "after": line.after.map(members) ?? .null,
                    "change": members(line.change), "proof": .object(ProofDocument.object(line.proof)),
                ]
            })
        return JSONWriter.text(.object(object)) + "\n"
    }

    private static func members(_ value: ProofValue) -> JSONValue {
        .object(JSONObject(members: ProofDocument.members(of: value)))
    }

    /// The changes as they are shown: each one is what the running total moves by, so that their sum is the total's.
    private static func shown(_ change: ProofChange) -> [String] {
        var totals: [Currency?: Fraction] = [:]
        return change.lines.map { line in
            let (amount, currency): (Fraction, Currency?) =
                switch line.change {
                case .amount(let amount, let currency): (amount, currency)
                default: (line.change.exact ?? .zero, nil)
                }
            let scale: Int64 = currency == nil ? 1000 : 1
            let before = totals[currency] ?? .zero
            let after = before.adding(amount) ?? before
            totals[currency] = after
            guard let from = before.multiplied(by: scale)?.rounded, let to = after.multiplied(by: scale)?.rounded else {
                return "\(amount)"
            }
            let moved = to - from
            let text =
                currency.map { PlainWords.amount(Money(minorUnits: moved, currency: $0)) } ?? pointsText(Int(moved))
            return moved > 0 ? "+\(text)" : text
        }
    }

    private static func sources(of proof: Proof) -> [String] {
        var found: [String] = []
        for leaf in proof.leaves {
            guard case .told(let origin) = leaf.basis else { continue }
            let text = "\(origin.record) \(origin.field)"
            if !found.contains(text) { found.append(text) }
        }
        return Array(found.prefix(3))
    }
}
