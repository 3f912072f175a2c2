import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where a store stands, as JSON.
enum StatusDocument {
    /// The status, as `status --json` prints it.
    static func line(_ status: StoreStatus) -> String {
        var unmatched = JSONObject()
        for reason in UnmatchedReason.allCases {
            unmatched.members.append(.init(key: reason.rawValue, value: count(status.unmatched[reason] ?? 0)))
        }
        let next: [JSONValue] = status.next.map { ["command": .string($0.command), "reason": .string($0.reason)] }
        let document: JSONValue = [
            "store": ["path": .string(status.location.path), "exists": .bool(status.exists)],
            "as_of": .string(Timestamp.format(status.asOf)),
            "sources": .array(status.sources.map { .object(object($0)) }),
            "portfolio": status.portfolio.map { .object(PortfolioDocument.object($0)) } ?? .null,
            "unmatched": .object(unmatched), "rejected": count(status.rejected),
            "field_issues": count(status.fieldIssues),
            "runs": .array(status.runs.map { .object(RunDocument.object($0)) }), "next": .array(next),
        ]
        return JSONWriter.text(document) + "\n"
    }

    private static func object(_ source: StoreStatus.Source) -> JSONObject {
        var object: JSONObject = [
            "source": .string(source.id.description), "set_up": .bool(source.isSetUp),
        ]
        object["last_\(source.id.vendor)_sync"] = time(source.lastSync)
        object["streams"] = .array(source.streams.map { .object(self.object($0)) })
        return object
    }

    private static func object(_ stream: StoreStatus.Stream) -> JSONObject {
        [
            "stream": .string(stream.name), "records": count(stream.records),
            "observed_through": time(stream.observedThrough), "last_full_read_at": time(stream.lastFullReadAt),
            "stale": .bool(stream.isStale), "refusal": stream.refusal.map { .string($0.description) } ?? .null,
            "held_back": count(stream.heldBack), "pending": count(stream.pending),
            "pass_began_at": time(stream.passBegan), "problems": .array(stream.problems.map { .string($0) }),
        ]
    }

    private static func count(_ number: Int) -> JSONValue { .integer(Int64(number)) }

    private static func time(_ date: Date?) -> JSONValue { date.map { .string(Timestamp.format($0)) } ?? .null }
}
