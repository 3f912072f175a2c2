import GTMCore

/// Sync runs for a terminal or a log.
enum RunsView {
    /// What the runs saw, stream by stream.
    static func text(_ runs: [SyncRun], width: Int, palette: Palette) -> String {
        runs.map { text($0, width, palette) }.joined(separator: "\n")
    }

    private static func text(_ run: SyncRun, _ width: Int, _ palette: Palette) -> String {
        var lines = [heading(run, palette), ""]
        var table = Table(columns: [
            Table.Column("stream", rank: 0), Table.Column("seen", rank: 1, isNumber: true),
            Table.Column("of", rank: 4, isNumber: true), Table.Column("new", rank: 2, isNumber: true),
            Table.Column("updated", rank: 2, isNumber: true), Table.Column("unchanged", rank: 5, isNumber: true),
            Table.Column("unmatched", rank: 4, isNumber: true), Table.Column("erased", rank: 6, isNumber: true),
            Table.Column("rejected", rank: 3, isNumber: true),
            Table.Column("missing", rank: 3, isNumber: true), Table.Column("complete", rank: 1),
        ])
        for stream in run.receipt.streams {
            let numbers = [
                stream.new, stream.updated, stream.unchanged, stream.unmatched, stream.erased, stream.rejected,
                stream.gap,
            ]
            table.rows.append(
                [
                    Table.Cell(stream.stream), Table.Cell(grouped(stream.seen)),
                    Table.Cell(stream.expected.map { grouped($0) } ?? PlainWords.unknown),
                ] + numbers.map { Table.Cell(grouped($0)) } + [
                    stream.isComplete ? Table.Cell("yes", paint: palette.green) : Table.Cell("no", paint: palette.red)
                ])
        }
        lines += table.lines(width: max(18, width - 2), palette: palette).map { "  " + $0 }
        lines += problems(run).flatMap { problem in
            TextWidth.wrapped(problem, to: max(10, width - 4)).enumerated().map { ($0 == 0 ? "  ! " : "    ") + $1 }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func heading(_ run: SyncRun, _ palette: Palette) -> String {
        let status =
            switch run.status {
            case .success: palette.green("complete")
            case .incomplete: palette.yellow("incomplete")
            case .failed: palette.red("failed")
            case .running: "running"
            }
        return "\(palette.bold(run.source.description)): \(status), \(summary(run))"
    }

    /// One line for the notes, without colours: `intercom/acme: complete, 300 contacts synced (…) in 2.1 s`.
    ///
    /// - Parameter isUnderWay: Whether a run that has not ended may still be running; else it was broken off.
    static func note(_ run: SyncRun, isUnderWay: Bool = true) -> String {
        let status =
            switch run.status {
            case .success: "complete"
            case .running where !isUnderWay: "broken off"
            default: run.status.rawValue
            }
        return "\(run.source): \(status), \(summary(run))"
    }

    /// What is missing, in words.
    static func problems(_ run: SyncRun) -> [String] {
        var problems = run.failures
        for stream in run.receipt.streams {
            problems += stream.problems.map { "\(stream.stream): \($0)" }
            if stream.gap > 0 {
                problems.append("\(stream.stream): \(PlainWords.count(stream.gap, "record")) not seen")
            }
            if stream.rejected > 0 {
                problems.append("\(stream.stream): \(PlainWords.count(stream.rejected, "record")) not taken")
            }
        }
        var seen: Set<String> = []
        return problems.map { Sanitized($0).text.replacing("\(run.source): ", with: "") }
            .filter { seen.insert($0).inserted }
    }

    private static func summary(_ run: SyncRun) -> String {
        var text = "\(PlainWords.count(run.contactsSynced, "contact")) synced"
        text += " (\(grouped(run.newContacts)) new, \(grouped(run.updatedContacts)) updated), "
        text += "\(grouped(run.unchangedContacts)) unchanged, \(grouped(run.skippedContacts)) skipped"
        if let duration = run.duration {
            let tenths = RunDocument.milliseconds(duration) / 100
            text += " in \(tenths / 10).\(tenths % 10) s"
        }
        return text
    }
}
