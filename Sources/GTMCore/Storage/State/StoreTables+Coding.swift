#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The tables, whole, in fixed order, as a compacted journal and an index begin with them.
extension StoreTables: Storable {
    /// A record that is to be fetched, with the one that asked for it.
    private struct Waiting: Storable, Hashable {
        var id: RecordID
        var asker: RecordID?

        init(id: RecordID, asker: RecordID?) {
            self.id = id
            self.asker = asker
        }

        func write(to fields: inout some FieldWriter) {
            fields.put(1, "id", id)
            fields.put(2, "because", asker)
        }

        init(from fields: inout some FieldReader) throws(CodingFault) {
            id = try fields.required(1, "id")
            asker = try fields.value(2, "because")
        }
    }

    func write(to fields: inout some FieldWriter) {
        fields.put(1, "sequence", sequence)
        fields.put(2, "last_recorded_at", lastRecordedAt)
        fields.put(3, "remembered_since", rememberedSince)
        fields.put(
            4, "streams",
            unlessEmpty: streams.sorted { $0.key < $1.key }.map { StoredStream(key: $0.key, state: $0.value) })
        fields.put(
            5, "stream_history",
            unlessEmpty: streamHistory.sorted { $0.key < $1.key }.flatMap { key, history in
                history.map { StoredStream(key: key, state: $0.state, recordedAt: $0.recordedAt) }
            })
        fields.put(
            6, "seen",
            unlessEmpty: seen.sorted { $0.key < $1.key }.map { key, ids in
                SeenIDs(stream: key, ids: ids.sorted { $0.utf8Precedes($1) })
            })
        fields.put(
            7, "pending",
            unlessEmpty: pending.sorted { $0.key < $1.key }.flatMap { _, waiting in
                waiting.sorted { $0.key < $1.key }.map { Waiting(id: $0.key, asker: $0.value) }
            })
        // What is unread differs from what is pending where the same record is waited for by several.
        fields.put(
            8, "unread",
            unlessEmpty: unread.sorted { $0.key < $1.key }.flatMap { asker, ids in
                ids.sorted().map { Waiting(id: $0, asker: asker) }
            })
        fields.put(9, "runs", unlessEmpty: runOrder.compactMap { runs[$0] })
        fields.put(10, "rules", unlessEmpty: orderedRules)
        fields.put(11, "rejected", unlessEmpty: orderedRejections)
        fields.put(12, "issues", unlessEmpty: orderedIssues)
        fields.put(13, "erasures", unlessEmpty: erasures)
    }

    /// Reads tables; what makes the marks is kept elsewhere, see ``marker``.
    init(from fields: inout some FieldReader) throws(CodingFault) {
        self.init(marker: Marker(key: [UInt8](repeating: 0, count: 16)))
        sequence = try fields.required(1, "sequence")
        lastRecordedAt = try fields.value(2, "last_recorded_at")
        rememberedSince = try fields.value(3, "remembered_since")
        for stream: StoredStream in try fields.list(4, "streams") { streams[stream.key] = stream.state }
        for stream in try fields.list(5, "stream_history") as [StoredStream] {
            guard let moment = stream.recordedAt else { throw fields.fault("a moment of each step of a history") }
            streamHistory[stream.key, default: []].append(Standing(recordedAt: moment, state: stream.state))
        }
        for ids in try fields.list(6, "seen") as [SeenIDs] { seen[ids.stream, default: []].formUnion(ids.ids) }
        for waiting in try fields.list(7, "pending") as [Waiting] {
            let key = StreamKey(source: waiting.id.source, stream: waiting.id.stream)
            pending[key, default: [:]][waiting.id] = .some(waiting.asker)
        }
        for waiting in try fields.list(8, "unread") as [Waiting] {
            guard let asker = waiting.asker else { throw fields.fault("what is unread, with what it belongs to") }
            unread[asker, default: []].insert(waiting.id)
            let stream = StreamKey(source: waiting.id.source, stream: waiting.id.stream)
            if let last = pending[stream]?[waiting.id], last != asker {
                furtherAskers[waiting.id, default: []].insert(asker)
            }
        }
        for run in try fields.list(9, "runs") as [SyncRun] {
            runs[run.id] = run
            runOrder.append(run.id)
        }
        for rule in try fields.list(10, "rules") as [IdentityRule] { rules[rule.id] = rule }
        for rejection in try fields.list(11, "rejected") as [RejectedRecord] { rejected[rejection.id] = rejection }
        for issue in try fields.list(12, "issues") as [FieldIssue] { issues[issue.record, default: []].append(issue) }
        erasures = try fields.list(13, "erasures")
        marks = Set(erasures.flatMap(\.marks))
    }
}
