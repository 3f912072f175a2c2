/// How far work on a store is.
struct StoreProgress: Sendable, Hashable {
    /// What is done with the store.
    enum Phase: String, Sendable, Hashable, CaseIterable {
        case reading, checking, compacting, erasing, exporting, restoring
    }

    /// What is done.
    var phase: Phase
    /// The file that it is done with, without its folder; `nil` for all of the store.
    var file: String?
    /// Bytes done.
    var done: UInt64
    /// Bytes in all; `nil` where that is not known, as from a pipe.
    var total: UInt64?
}

/// The one line that shows how far work on a store is. A pure function; whoever owns the terminal draws it.
enum StoreProgressLine {
    /// The line: `checking journal-3  ████░░░░  45 %  1.2 GB of 2.6 GB  310.0 MB/s`.
    ///
    /// - Parameters:
    ///   - progress: How far it is.
    ///   - elapsed: The time since the work began; a rate is told from half a second on.
    ///   - width: The columns of the terminal; one of them stays free.
    static func text(_ progress: StoreProgress, elapsed: Duration, width: Int) -> String {
        let name = ([progress.phase.rawValue] + (progress.file.map { [$0] } ?? [])).joined(separator: " ")
        let rate = rate(progress.done, elapsed).map { "  \($0)" } ?? ""
        guard let total = progress.total, total > 0 else {
            return fit("\(name)  \(ByteText.text(progress.done))\(rate)", width)
        }
        let done = min(progress.done, total)
        let share = Double(done) / Double(total)
        let tail = "\(Int(share * 100)) %  \(ByteText.text(done)) of \(ByteText.text(total))\(rate)"
        let room = width - 1 - TextWidth.of(Sanitized(name).text) - TextWidth.of(tail) - 4
        guard room >= 8 else { return fit("\(name)  \(tail)", width) }
        return fit("\(name)  \(Bar.text(share, width: min(room, 30)))  \(tail)", width)
    }

    private static func rate(_ bytes: UInt64, _ elapsed: Duration) -> String? {
        let (seconds, attoseconds) = elapsed.components
        let milliseconds = UInt64(max(0, seconds)) * 1000 + UInt64(max(0, attoseconds) / 1_000_000_000_000_000)
        guard milliseconds >= 500 else { return nil }
        let (scaled, overflow) = bytes.multipliedReportingOverflow(by: 1000)
        return ByteText.text(overflow ? bytes / milliseconds * 1000 : scaled / milliseconds) + "/s"
    }

    private static func fit(_ text: String, _ width: Int) -> String {
        TextWidth.cut(Sanitized(text).text, to: width - 1)
    }
}
