import GTMCore

/// Where everything about one customer comes from, for a terminal.
enum ProvenanceView {
    static func text(_ provenance: Provenance, width: Int, palette: Palette) -> String {
        let customer = provenance.assessment.customer
        var lines = [""] + origins(provenance, width, palette)
        lines += ["", palette.bold("Subscriptions")]
        if let subscriptions = provenance.subscriptions {
            for line in subscriptions { lines += wrapped("\(line.text)  (\(line.record))", width) }
            if subscriptions.isEmpty { lines.append("  none") }
        } else {
            let reason = customer.billing.subscriptions.reason?.description ?? ""
            lines.append("  \(PlainWords.unknown)  (\(reason.replacing("_", with: " ")))")
        }
        let quality = provenance.assessment.quality
        lines += ["", palette.bold("Data quality") + palette.dim(" \(PlainWords.score(.known(quality.score))) of 100")]
        for factor in quality.factors {
            let mark = factor.isMet ? palette.green("✔") : palette.red("✘")
            lines.append("  \(mark) \(TextWidth.padded(factor.factor.rawValue, to: 22)) \(factor.points)")
        }
        if !provenance.anomalies.isEmpty {
            lines += ["", palette.bold("Odd values")]
            for anomaly in provenance.anomalies { lines += wrapped(AnomalyWords.text(anomaly), width) }
        }
        lines += ["", palette.bold("Records")]
        for member in customer.members { lines += wrapped("\(member.record)  (\(words(member.confidence)))", width) }
        for alias in customer.aliases { lines += wrapped("merged by a rule: \(alias)", width) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Each field's value and record, and in the line below what other records say.
    private static func origins(_ provenance: Provenance, _ width: Int, _ palette: Palette) -> [String] {
        var table = Table(columns: [
            Table.Column("field", rank: 0), Table.Column("value", rank: 1, minimum: 8),
            Table.Column("record", rank: 2), Table.Column("learnt", rank: 3),
        ])
        for origin in provenance.origins {
            table.rows.append([
                Table.Cell(origin.name), Table.Cell(text(origin.value)), Table.Cell(origin.record.description),
                Table.Cell(PlainWords.moment(origin.recordedAt)),
            ])
        }
        let rows = table.lines(width: max(18, width - 2), palette: palette) { place in
            provenance.origins[place].rivals.flatMap { rival in
                wrapped("  not taken: \(text(rival.value)) by \(rival.record)", max(18, width - 2)).map(palette.dim)
            }
        }
        return [palette.bold("Where it comes from")] + rows.map { "  " + $0 }
    }

    private static func text(_ value: JSONValue) -> String { value.string ?? JSONWriter.text(value) }

    private static func words(_ confidence: MatchConfidence) -> String {
        switch confidence {
        case .verified: "by a rule"
        case .email: "same e-mail address"
        case .secondaryKey: "by another key"
        }
    }

    private static func wrapped(_ text: String, _ width: Int) -> [String] {
        TextWidth.wrapped(Sanitized(text).text, to: max(10, width - 4)).enumerated().map {
            ($0 == 0 ? "  " : "    ") + $1
        }
    }
}
