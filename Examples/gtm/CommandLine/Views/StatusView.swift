import GTMCore

/// Where a store stands, for a terminal: one screen.
enum StatusView {
    static func text(_ status: StoreStatus, width: Int, palette: Palette) -> String {
        var lines = [palette.bold("Store") + " " + TextWidth.cut("\(status.location)", to: max(10, width - 6))]
        if !status.exists { lines.append("  There is none yet.") }
        for source in status.sources { lines += [""] + self.lines(of: source, width, palette) }
        if let portfolio = status.portfolio {
            lines += ["", palette.bold("Customers") + " " + grouped(portfolio.customers)]
            lines += bands(portfolio, width, palette)
        }
        if status.exists { lines += leftOut(status, width) }
        if !status.runs.isEmpty {
            lines += ["", palette.bold("Last runs")]
            for run in status.runs {
                let note = RunsView.note(run, isUnderWay: status.isBeingWritten)
                lines += wrapped("\(PlainWords.moment(run.startedAt))  \(note)", width)
            }
        }
        lines += ["", palette.bold("Next")]
        let column = status.next.map(\.command.count).max() ?? 0
        for advice in status.next {
            lines += wrapped("\(TextWidth.padded(advice.command, to: column))  \(advice.reason)", width, keeps: true)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func lines(of source: StoreStatus.Source, _ width: Int, _ palette: Palette) -> [String] {
        var heading = palette.bold(Sanitized(source.id.description).text)
        if !source.isSetUp { heading += palette.dim(" (not set up here)") }
        guard !source.streams.isEmpty else { return [heading, "  never read"] }
        var table = Table(columns: [
            Table.Column("stream", rank: 0), Table.Column("records", rank: 3, isNumber: true),
            Table.Column("known up to", rank: 1), Table.Column("read whole", rank: 4), Table.Column("state", rank: 2),
        ])
        for stream in source.streams {
            let state =
                if stream.refusal != nil {
                    Table.Cell("refused", paint: palette.red)
                } else if stream.isStale {
                    Table.Cell("stale", paint: palette.yellow)
                } else if !stream.problems.isEmpty {
                    Table.Cell("incomplete", paint: palette.yellow)
                } else {
                    Table.Cell("current", paint: palette.green)
                }
            table.rows.append([
                Table.Cell(stream.name), Table.Cell(grouped(stream.records)),
                Table.Cell(stream.observedThrough.map(PlainWords.moment) ?? "never"),
                Table.Cell(stream.lastFullReadAt.map(PlainWords.moment) ?? PlainWords.unknown), state,
            ])
        }
        let rows = table.lines(width: max(18, width - 2), palette: palette).map { "  " + $0 }
        let problems = source.streams.flatMap { stream in
            stream.problems.flatMap { wrapped("! \(stream.name): \($0)", width) }
        }
        return [heading] + rows + problems
    }

    private static func bands(_ portfolio: Portfolio, _ width: Int, _ palette: Palette) -> [String] {
        let parts = portfolio.profile.statuses.compactMap { status -> String? in
            guard let band = portfolio.bands[status], band.count > 0 else { return nil }
            return "\(grouped(band.count)) \(PlainWords.status(status))"
        }
        return parts.isEmpty ? [] : wrapped(parts.joined(separator: " · "), width)
    }

    /// What belongs to nobody or could not be taken.
    private static func leftOut(_ status: StoreStatus, _ width: Int) -> [String] {
        var parts: [String] = []
        for reason in UnmatchedReason.allCases {
            guard let count = status.unmatched[reason], count > 0 else { continue }
            parts.append("\(PlainWords.count(count, "record")) \(PlainWords.unmatched(reason))")
        }
        if status.rejected > 0 { parts.append("\(PlainWords.count(status.rejected, "record")) not taken") }
        if status.fieldIssues > 0 { parts.append("\(PlainWords.count(status.fieldIssues, "field")) not taken") }
        return parts.isEmpty ? [] : wrapped("Left out: " + parts.joined(separator: ", "), width)
    }

    /// - Parameter keeps: Keeps runs of spaces where the line fits.
    private static func wrapped(_ text: String, _ width: Int, keeps: Bool = false) -> [String] {
        let text = Sanitized(text).text
        if keeps, TextWidth.of(text) <= width - 2 { return ["  " + text] }
        return TextWidth.wrapped(text, to: max(10, width - 4)).enumerated().map { ($0 == 0 ? "  " : "    ") + $1 }
    }
}
