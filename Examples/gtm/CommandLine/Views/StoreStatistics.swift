import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a store on files holds, and how much room it takes.
struct StoreStatistics: Sendable, Hashable {
    /// How often it was compacted, counting from 1.
    var generation: UInt64
    /// Bytes of the journals.
    var journalBytes: UInt64
    /// Bytes of the snapshot; `nil` where there is none.
    var snapshotBytes: UInt64?
    /// When the snapshot was made; `nil` where there is none.
    var snapshotAt: Date?
    /// Records of which at least one version is kept.
    var records: Int
    /// Versions of records.
    var versions: Int
    /// Customers.
    var customers: Int
    /// The moment from which on the past can be asked; `nil` for an empty store.
    var historySince: Date?
    /// Bytes free on the medium; `nil` where the system does not tell.
    var freeBytes: UInt64?

    /// All bytes of the store.
    var bytes: UInt64 {
        let (sum, overflow) = journalBytes.addingReportingOverflow(snapshotBytes ?? 0)
        return overflow ? .max : sum
    }

    /// What is worth doing or knowing; empty where nothing is.
    var advice: [String] {
        var advice: [String] = []
        if let freeBytes, freeBytes < bytes {
            advice.append(
                "free \(ByteText.text(bytes - freeBytes)) on the medium: compacting writes everything once more before "
                    + "it lets the old files go")
        }
        if bytes >= Self.worthCompacting, versions / 4 >= max(1, records) {
            advice.append("gtm store compact drops versions older than the history that is kept")
        } else if snapshotAt == nil, journalBytes >= Self.worthCompacting {
            advice.append("gtm store compact writes a snapshot, so that the store opens faster")
        }
        return advice
    }

    /// Below this, there is nothing to be won.
    private static let worthCompacting: UInt64 = 100_000_000
}

/// What a store on files holds, for a terminal and as JSON.
enum StoreStatisticsView {
    /// - Parameter now: The present, for the snapshot's age.
    static func text(
        _ statistics: StoreStatistics, location: StoreLocation, now: Date, width: Int, palette: Palette
    ) -> String {
        var facts = [
            ("Customers", grouped(statistics.customers)), ("Records", grouped(statistics.records)),
            ("Versions", grouped(statistics.versions)),
            ("History", statistics.historySince.map { "since \(PlainWords.moment($0)) UTC" } ?? "none yet"),
            ("Size", ByteText.text(statistics.bytes)), ("Journal", ByteText.text(statistics.journalBytes)),
        ]
        let snapshot = statistics.snapshotBytes.map { ByteText.text($0) }
        let made = statistics.snapshotAt.map { ", made \(age(of: $0, now))" } ?? ""
        facts.append(("Snapshot", snapshot.map { $0 + made } ?? "none"))
        facts.append(("Generation", grouped(String(statistics.generation))))
        facts.append(("Free", statistics.freeBytes.map { ByteText.text($0) } ?? PlainWords.unknown))
        var lines = [palette.bold("Store") + " " + TextWidth.cut("\(location)", to: max(10, width - 6)), ""]
        for (name, value) in facts {
            lines.append(TextWidth.cut("  \(TextWidth.padded(name, to: 10))  \(value)", to: width))
        }
        for advice in statistics.advice {
            lines += TextWidth.wrapped("→ \(advice)", to: max(10, width - 2)).map { "  " + palette.yellow($0) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static func line(_ statistics: StoreStatistics, location: StoreLocation) -> String {
        func bytes(_ number: UInt64?) -> JSONValue { number.map { .integer(Int64(clamping: $0)) } ?? .null }
        func time(_ date: Date?) -> JSONValue { date.map { .string(Timestamp.format($0)) } ?? .null }
        let document: JSONValue = [
            "store": ["path": .string(location.path)], "generation": bytes(statistics.generation),
            "total_customers": .integer(Int64(statistics.customers)), "records": .integer(Int64(statistics.records)),
            "versions": .integer(Int64(statistics.versions)), "history_since": time(statistics.historySince),
            "bytes": bytes(statistics.bytes), "journal_bytes": bytes(statistics.journalBytes),
            "snapshot_bytes": bytes(statistics.snapshotBytes), "snapshot_at": time(statistics.snapshotAt),
            "free_bytes": bytes(statistics.freeBytes), "advice": .array(statistics.advice.map { .string($0) }),
        ]
        return JSONWriter.text(document) + "\n"
    }

    /// What compacting did, in a sentence.
    static func comparison(_ before: StoreStatistics, _ after: StoreStatistics) -> String {
        let sizes = "\(ByteText.text(before.bytes)) before, \(ByteText.text(after.bytes)) now"
        let dropped = before.versions - after.versions
        guard dropped > 0 else { return "Compacted: \(sizes); every version is kept." }
        let since = after.historySince.map { ", history since \(PlainWords.moment($0)) UTC" } ?? ""
        return "Compacted: \(sizes); \(PlainWords.count(dropped, "version")) dropped\(since)."
    }

    /// How long ago something was, in its largest unit, cut: `3 days ago`.
    private static func age(of date: Date, _ now: Date) -> String {
        let seconds = max(0, min(now.timeIntervalSince(date), 1e12))
        for (length, unit) in [(86_400.0, "day"), (3_600, "hour"), (60, "minute")] where seconds >= length {
            return "\(PlainWords.count(Int(seconds / length), unit)) ago"
        }
        return "just now"
    }
}
