import GTMCore

/// One customer for a terminal, with everything that is known and why the rest is not.
enum CustomerView {
    static func text(
        _ assessment: Assessment, _ document: CustomerDocument, width: Int, palette: Palette
    ) -> String {
        let health = assessment.health
        let name = Sanitized(assessment.customer.name.value?.value ?? "").text
        var lines = [palette.bold(assessment.key.description), "  " + TextWidth.cut(name, to: width - 2), ""]
        let verdict =
            "\(PlainWords.score(health.score)) of 100, \(PlainWords.status(health.status))\(interval(health))"
            + "; churn risk \(PlainWords.score(health.churnRisk)), uncalibrated"
        lines += TextWidth.wrapped(verdict, to: max(10, width - 2)).map { "  " + palette.status(health.status, $0) }
        if health.isAtRisk {
            lines += list(Reasons.of(assessment), mark: "•", width)
            lines += list(health.signals.map(\.recommendation), mark: "→", width)
        }
        lines += ["", palette.bold("Health") + palette.dim(" \(health.profile) v\(health.profileVersion)")]
        for component in health.components { lines.append(line(of: component, width)) }
        for signal in health.signals where signal.penalty > 0 {
            lines.append("  " + TextWidth.padded(signal.kind.rawValue, to: 24) + "−\(signal.penalty)")
        }
        lines += ["", palette.bold("Fields")]
        lines += fields(document.object, width)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func list(_ texts: [String], mark: String, _ width: Int) -> [String] {
        texts.flatMap { text in
            TextWidth.wrapped(text, to: max(10, width - 4)).enumerated().map { ($0 == 0 ? "  \(mark) " : "    ") + $1 }
        }
    }

    /// From where to where the score could lie if everything were known; nothing where it is.
    private static func interval(_ health: HealthScore) -> String {
        guard health.low < health.high else { return "" }
        let (low, high) = (PlainWords.score(.known(health.low)), PlainWords.score(.known(health.high)))
        return " (\(low) to \(high) once all is known)"
    }

    private static func line(of component: HealthScore.ComponentScore, _ width: Int) -> String {
        let name = TextWidth.padded(Reasons.name(component.name), to: 24)
        guard case .known(let points) = component.points else {
            let dash = TextWidth.padded(PlainWords.unknown, to: 5, right: true)
            return TextWidth.cut("  \(name)\(dash)  weight \(component.weight), unknown", to: width)
        }
        let head = "  \(name)\(TextWidth.padded(PlainWords.score(.known(points)), to: 5, right: true))"
        let tail = "  weight \(component.weight)"
        let room = width - TextWidth.of(head + tail) - 2
        let bar = room >= 6 ? "  " + Bar.text(Double(points) / 100_000, width: min(20, room)) : ""
        return TextWidth.cut(head + bar + tail, to: width)
    }

    /// The names and values of the JSON document, nested ones left to the sections above.
    private static func fields(_ object: JSONObject, _ width: Int) -> [String] {
        let reasons = object["unknown"] ?? .null
        return object.members.compactMap { member in
            let text: String
            switch member.value {
            case .null:
                guard let reason = reasons[member.key]?.string else { return nil }
                text = "\(PlainWords.unknown)  (\(reason.replacing("_", with: " ")))"
            case .object(let amounts):
                guard ["mrr", "arr", "ltv", "ltv_net"].contains(member.key) else { return nil }
                text = amounts.members.map { "\(grouped(JSONWriter.text($0.value))) \($0.key)" }.joined(
                    separator: " · ")
            case .array(let elements):
                let words = elements.compactMap { $0.string ?? $0["sentence"]?.string }
                guard !words.isEmpty else { return nil }
                text = words.joined(separator: "; ")
            case .string(let value): text = value
            default: text = JSONWriter.text(member.value)
            }
            let room = max(10, width - 27)
            return "  " + TextWidth.padded(member.key, to: 24) + " " + TextWidth.cut(Sanitized(text).text, to: room)
        }
    }
}
