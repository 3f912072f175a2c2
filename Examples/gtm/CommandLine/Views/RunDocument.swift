import GTMCore

/// A sync run as JSON.
enum RunDocument {
    /// Runs, as `sync --json` prints them.
    static func line(_ runs: [SyncRun]) -> String {
        JSONWriter.text(["runs": .array(runs.map { .object(object($0)) })]) + "\n"
    }

    static func object(_ run: SyncRun) -> JSONObject {
        [
            "source": .string(run.source.description),
            "status": .string(run.status.rawValue),
            "mode": .string(run.mode.rawValue),
            "started_at": .string(Timestamp.format(run.startedAt)),
            "contacts_synced": count(run.contactsSynced),
            "new_contacts": count(run.newContacts),
            "updated_contacts": count(run.updatedContacts),
            "unchanged_contacts": count(run.unchangedContacts),
            "skipped_contacts": count(run.skippedContacts),
            "errors": count(run.errors),
            "sync_duration_seconds": run.duration.map(seconds) ?? .null,
            "avg_quality_score": run.averageQuality.map(PortfolioDocument.points) ?? .null,
            "alerts_generated": run.alertsGenerated.map(count) ?? .null,
            "failures": .array(run.failures.map { .string($0) }),
            "receipt": [
                "complete": .bool(run.receipt.isComplete),
                "streams": .array(run.receipt.streams.map { .object(object($0)) }),
            ],
        ]
    }

    private static func object(_ stream: StreamReceipt) -> JSONObject {
        [
            "stream": .string(stream.stream),
            "complete": .bool(stream.isComplete),
            "reached_end": .bool(stream.reachedEnd),
            "pages": count(stream.pages),
            "expected": stream.expected.map(count) ?? .null,
            "seen": count(stream.seen),
            "duplicates": count(stream.duplicates),
            "new": count(stream.new),
            "updated": count(stream.updated),
            "unchanged": count(stream.unchanged),
            "outside": count(stream.outside),
            "unmatched": count(stream.unmatched),
            "rejected": count(stream.rejected),
            "field_issues": count(stream.fieldIssues),
            "vanished": count(stream.vanished),
            "gap": count(stream.gap),
            "problems": .array(stream.problems.map { .string($0) }),
        ]
    }

    private static func count(_ number: Int) -> JSONValue { .integer(Int64(number)) }

    /// Seconds with three decimals at most.
    private static func seconds(_ duration: Duration) -> JSONValue { CustomerDocument.points(milliseconds(duration)) }

    /// Whole milliseconds.
    static func milliseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        return Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    }
}
