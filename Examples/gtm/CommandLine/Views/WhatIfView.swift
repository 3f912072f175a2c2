import GTMCore

/// What another profile would change, for a terminal: the bands before and after, the money that moves, who changes.
enum WhatIfView {
    /// The comparison.
    ///
    /// - Parameters:
    ///   - whatIf: The comparison.
    ///   - limit: Customers that are listed, at most.
    ///   - width: Columns of the screen.
    ///   - palette: The colours.
    static func text(_ whatIf: WhatIf, limit: Int, width: Int, palette: Palette) -> String {
        var lines = TextWidth.wrapped(
            "\(Sanitized(whatIf.after.title).text) instead of \(Sanitized(whatIf.before.title).text): "
                + "\(grouped(whatIf.changes.count)) of \(PlainWords.count(whatIf.customers, "customer")) "
                + "change status", to: max(10, width)
        ).map(palette.bold)
        guard whatIf.customers > 0 else { return lines.joined(separator: "\n") + "\n" }
        lines += [""] + bands("before", whatIf.bandsBefore, width, palette)
        lines += [""] + bands("after", whatIf.bandsAfter, width, palette)
        guard !whatIf.changes.isEmpty else { return lines.joined(separator: "\n") + "\n" }
        lines += [""] + moves(whatIf, width, palette) + [""] + customers(whatIf, limit, width, palette)
        if whatIf.changes.count > limit {
            lines.append("\(grouped(limit)) of \(grouped(whatIf.changes.count)) listed; --limit N lists more")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func bands(
        _ title: String, _ bands: [(status: HealthStatus, group: WhatIf.Group)], _ width: Int, _ palette: Palette
    ) -> [String] {
        var table = Table(columns: [
            Table.Column(title, rank: 0), Table.Column("customers", rank: 1, isNumber: true),
            Table.Column("MRR a month", rank: 2),
        ])
        for (status, group) in bands where group.customers > 0 || status != .insufficientData {
            table.rows.append([
                Table.Cell(PlainWords.status(status)) { palette.status(status, $0) },
                Table.Cell(grouped(group.customers)), Table.Cell(amounts(group)),
            ])
        }
        return table.lines(width: width, palette: palette)
    }

    private static func moves(_ whatIf: WhatIf, _ width: Int, _ palette: Palette) -> [String] {
        var table = Table(columns: [
            Table.Column("from", rank: 0), Table.Column("to", rank: 0),
            Table.Column("customers", rank: 1, isNumber: true), Table.Column("MRR that moves", rank: 2),
        ])
        let moved = whatIf.groups.filter { $0.key.before != $0.key.after }
        for (passage, group) in moved.sorted(by: {
            WhatIfDocument.rank($0.key, whatIf) < WhatIfDocument.rank($1.key, whatIf)
        }) {
            table.rows.append([
                Table.Cell(PlainWords.status(passage.before)) { palette.status(passage.before, $0) },
                Table.Cell(PlainWords.status(passage.after)) { palette.status(passage.after, $0) },
                Table.Cell(grouped(group.customers)), Table.Cell(amounts(group)),
            ])
        }
        return table.lines(width: width, palette: palette)
    }

    private static func customers(_ whatIf: WhatIf, _ limit: Int, _ width: Int, _ palette: Palette) -> [String] {
        var table = Table(columns: [
            Table.Column("customer", rank: 0), Table.Column("MRR a month", rank: 2, isNumber: true),
            Table.Column("before", rank: 3, isNumber: true), Table.Column("", rank: 1),
            Table.Column("after", rank: 3, isNumber: true), Table.Column("", rank: 1),
        ])
        for change in whatIf.changes.prefix(limit) {
            let (before, after) = (change.passage.before, change.passage.after)
            table.rows.append([
                Table.Cell(change.key.description, paint: palette.bold),
                Table.Cell(change.mrr.map(PlainWords.amounts) ?? PlainWords.unknown),
                Table.Cell(score(change.scoreBefore)),
                Table.Cell(PlainWords.status(before)) { palette.status(before, $0) },
                Table.Cell(score(change.scoreAfter)),
                Table.Cell(PlainWords.status(after)) { palette.status(after, $0) },
            ])
        }
        return table.lines(width: width, palette: palette)
    }

    private static func score(_ thousandths: Int?) -> String {
        PlainWords.score(Reading(thousandths, otherwise: .notReported))
    }

    /// The money of a group, and of how many it is not known.
    private static func amounts(_ group: WhatIf.Group) -> String {
        guard group.customers > 0 else { return "" }
        let unknown = group.unknownMRR > 0 ? ", unknown of \(grouped(group.unknownMRR))" : ""
        if group.unknownMRR == group.customers { return PlainWords.unknown }
        return PlainWords.amounts(group.mrr) + unknown
    }
}
