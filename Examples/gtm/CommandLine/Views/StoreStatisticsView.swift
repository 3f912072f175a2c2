import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a store on files holds, and how much room it takes, for a terminal and as JSON.
enum StoreStatisticsView {
    /// - Parameter now: The present, for the store's age.
    static func text(
        _ statistics: StoreStatistics, location: StoreLocation, now: Date, width: Int, palette: Palette
    ) -> String {
        let made = PlainWords.moment(statistics.createdAt)
        let facts = [
            ("Customers", grouped(statistics.assessedCustomers)), ("Records", grouped(statistics.records)),
            ("Commits", grouped(String(statistics.commits))),
            ("Learnt", statistics.lastRecordedAt.map { "\(PlainWords.moment($0)) UTC last" } ?? "nothing yet"),
            (
                "History",
                "since \(statistics.rememberedSince.map { "\(PlainWords.moment($0)) UTC" } ?? "the beginning")"
            ),
            ("Erased", PlainWords.count(statistics.erasedPersons, "person")),
            ("Journal", ByteText.text(UInt64(clamping: statistics.journalBytes))),
            ("Snapshot", snapshot(statistics)), ("Made", "\(made) UTC, \(age(of: statistics.createdAt, now))"),
            ("Generation", grouped(String(statistics.generation))),
        ]
        var lines = [palette.bold("Store") + " " + TextWidth.cut("\(location)", to: max(10, width - 6)), ""]
        for (name, value) in facts {
            lines.append(TextWidth.cut("  \(TextWidth.padded(name, to: 10))  \(value)", to: width))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static func line(_ statistics: StoreStatistics, location: StoreLocation) -> String {
        var object: JSONObject = ["store": ["path": .string(location.path)]]
        for member in self.object(statistics).members { object[member.key] = member.value }
        return JSONWriter.text(.object(object)) + "\n"
    }

    /// The measures by their names outside.
    static func object(_ statistics: StoreStatistics) -> JSONObject {
        func time(_ date: Date?) -> JSONValue { date.map { .string(Timestamp.format($0)) } ?? .null }
        return [
            "total_customers": .integer(Int64(statistics.assessedCustomers)),
            "records": .integer(Int64(statistics.records)), "commits": .integer(Int64(clamping: statistics.commits)),
            "last_recorded_at": time(statistics.lastRecordedAt),
            "remembered_since": time(statistics.rememberedSince),
            "erased_persons": .integer(Int64(statistics.erasedPersons)),
            "journal_bytes": .integer(Int64(statistics.journalBytes)),
            "snapshot_covers_bytes": .integer(Int64(statistics.snapshotCovers)),
            "created_at": time(statistics.createdAt), "generation": .integer(Int64(clamping: statistics.generation)),
        ]
    }

    /// What compacting did, in a sentence.
    static func comparison(_ before: StoreStatistics, _ after: StoreStatistics) -> String {
        let sizes = [before, after].map { ByteText.text(UInt64(clamping: $0.journalBytes)) }
        return "Compacted: \(sizes[0]) before, \(sizes[1]) now."
    }

    /// How much of the journal opening need not read.
    private static func snapshot(_ statistics: StoreStatistics) -> String {
        guard statistics.snapshotCovers > 0 else { return "none" }
        let rest = max(0, statistics.journalBytes - statistics.snapshotCovers)
        return rest == 0 ? "covers the journal" : "covers all but \(ByteText.text(UInt64(rest)))"
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
