import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What `gtm mrr bridge` is asked for.
struct BridgeRequest: Sendable, Hashable {
    /// The question.
    let query: MRRBridgeQuery

    init(_ invocation: Invocation, now: Date) throws(UsageError) {
        let end = try Self.moment(invocation, "to", now) ?? now
        let start: Date
        if let told = try Self.moment(invocation, "from", now) {
            start = told
        } else {
            // Two whole months and the one that runs.
            let day = Timestamp.civil(end)
            let (year, month) = day.month > 2 ? (day.year, day.month - 2) : (day.year - 1, day.month + 10)
            start = CivilDate(year: year, month: month, day: 1).map(Timestamp.date) ?? end
        }
        guard start < end else {
            throw UsageError(
                "--from is \(Timestamp.format(start)), --to is \(Timestamp.format(end)); expected the first to be earlier",
                command: invocation.command.name)
        }
        var query = MRRBridgeQuery(
            borders: invocation.has("whole") ? [start, end] : MRRBridgeQuery.months(from: start, to: end))
        if let name = invocation.values["by"] {
            guard let grouping = MRRGrouping(rawValue: name) else {
                throw UsageError(
                    "--by is \(quoted(name)); expected plan or manager", command: invocation.command.name)
            }
            query.grouping = grouping
        }
        query.isConverted = invocation.has("converted")
        if invocation.has("as-known-now") { query.knownAt = now }
        self.query = query
    }

    /// A moment: a day is its beginning in UTC, so that a month runs from the first of one to the first of the next.
    private static func moment(_ invocation: Invocation, _ name: String, _ now: Date) throws(UsageError) -> Date? {
        guard let text = invocation.values[name] else { return nil }
        let forms = "a day such as 2026-03-01 or a time such as 2026-03-01T12:00:00Z"
        // What is wrong with it is told below, whatever it is.
        guard let moment = try? Timestamp.parse(text) else {
            throw UsageError("--\(name) is \(quoted(text)); expected \(forms)", command: invocation.command.name)
        }
        guard moment <= now else {
            throw UsageError(
                "--\(name) is \(quoted(text)); expected \(forms), no later than now, \(Timestamp.format(now))",
                command: invocation.command.name)
        }
        return moment
    }
}
