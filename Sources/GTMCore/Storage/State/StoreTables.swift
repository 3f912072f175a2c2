#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a store remembers besides records: streams, runs, rules, what could not be taken, what is still to be fetched.
///
/// It is small next to the records, and is written down whole where a file begins with it.
struct StoreTables: Sendable, Hashable {
    /// How far a stream was known from a moment on.
    struct Standing: Sendable, Hashable {
        var recordedAt: Date
        var state: StreamState
    }

    /// The number of the last commit.
    var sequence: UInt64 = 0
    /// The latest moment at which something was learnt.
    var lastRecordedAt: Date?
    /// Before this moment the past is not remembered; `nil` where it is from the beginning on.
    var rememberedSince: Date?
    var streams: [StreamKey: StreamState] = [:]
    var streamHistory: [StreamKey: [Standing]] = [:]
    /// The ids that passes under way have seen.
    var seen: [StreamKey: Set<String>] = [:]
    /// What is to be fetched by id, with the record that asked for it last.
    var pending: [StreamKey: [RecordID: RecordID?]] = [:]
    /// The other records that asked for the same, where there are any.
    var furtherAskers: [RecordID: Set<RecordID>] = [:]
    /// What is still to be fetched because of a record: the messages of a conversation.
    var unread: [RecordID: Set<RecordID>] = [:]
    var runs: [String: SyncRun] = [:]
    var runOrder: [String] = []
    var rules: [String: IdentityRule] = [:]
    var rejected: [RecordID: RejectedRecord] = [:]
    var issues: [RecordID: [FieldIssue]] = [:]
    var erasures: [Erasure] = []
    /// The marks of all erasures.
    var marks: Set<UInt64> = []
    /// What makes the marks.
    var marker: Marker

    init(marker: Marker) { self.marker = marker }

    /// Takes in what a batch says besides records.
    ///
    /// - Parameters:
    ///   - taken: The records of the batch that were taken, new or not.
    ///   - changed: The records of the batch that say something new.
    ///   - isKnown: Whether there is a record of that id.
    /// - Returns: The records of which a part is to be fetched now, or was, and whether what is asked of customers has
    ///   changed for all of them.
    mutating func note(
        _ batch: StoreBatch, taken: [RecordID], _ changed: Set<RecordID>, isKnown: (RecordID) -> Bool
    ) -> (reread: [RecordID], coverageChanged: Bool) {
        var reread: [RecordID] = []
        var coverageChanged = false
        for rejection in batch.rejected { rejected[rejection.id] = rejection }
        if !rejected.isEmpty { for id in taken { rejected[id] = nil } }
        if !issues.isEmpty { for id in taken { issues[id] = nil } }
        for issue in batch.issues { issues[issue.record] = nil }
        for issue in batch.issues { issues[issue.record, default: []].append(issue) }
        for fetch in batch.pending {
            let isNeeded = fetch.because.map(changed.contains) ?? true
            let key = StreamKey(source: fetch.id.source, stream: fetch.id.stream)
            guard isNeeded || !isKnown(fetch.id) else { continue }
            let before = pending[key]?[fetch.id] ?? nil
            pending[key, default: [:]][fetch.id] = .some(fetch.because ?? before)
            guard let asker = fetch.because else { continue }
            if let before, before != asker { furtherAskers[fetch.id, default: []].insert(before) }
            if unread[asker] == nil { reread.append(asker) }
            unread[asker, default: []].insert(fetch.id)
        }
        for id in batch.fetched {
            let key = StreamKey(source: id.source, stream: id.stream)
            guard let asker = pending[key]?.removeValue(forKey: id) ?? nil else { continue }
            for asker in (furtherAskers.removeValue(forKey: id) ?? []).union([asker]) {
                unread[asker]?.remove(id)
                if unread[asker]?.isEmpty == true { unread[asker] = nil }
                reread.append(asker)
            }
        }
        for (key, state) in batch.streams {
            let before = streams[key]
            if state.pass?.startedAt != before?.pass?.startedAt { seen[key] = nil }
            streams[key] = state
            guard !state.tellsTheSame(as: before) else { continue }
            streamHistory[key, default: []].append(Standing(recordedAt: batch.recordedAt, state: state))
            if !state.coversTheSame(as: before) { coverageChanged = true }
        }
        for (key, ids) in batch.seen where streams[key]?.pass != nil { seen[key, default: []].formUnion(ids) }
        for run in batch.runs {
            if runs.updateValue(run, forKey: run.id) == nil { runOrder.append(run.id) }
        }
        return (reread, coverageChanged)
    }

    /// Whether everything learnt so far was learnt, and held, by then.
    func isPresent(_ point: TimePoint) -> Bool {
        guard let last = lastRecordedAt else { return true }
        return (point.knownAt.map { $0 >= last } ?? true) && (point.validAt.map { $0 >= last } ?? true)
    }

    /// Refuses a point in time that lies before what is remembered.
    func check(_ point: TimePoint) throws(StoreError) {
        guard let since = rememberedSince, let moment = [point.knownAt, point.validAt].compactMap({ $0 }).min(),
            moment < since
        else { return }
        throw StoreError(
            code: .invalidQuery,
            detail: "the store remembers the past since \(Timestamp.format(since)); "
                + "\(Timestamp.format(moment)) lies before that")
    }

    /// Where each stream stood at a point in time.
    func streams(at point: TimePoint) -> [StreamKey: StreamState] {
        let moment = [point.knownAt, point.validAt].compactMap { $0 }.min()
        guard let moment, !isPresent(point) else { return streams }
        return streamHistory.compactMapValues { history in history.last { $0.recordedAt <= moment }?.state }
    }

    /// Records of a stream that are still to be fetched by id, in order.
    func pending(_ stream: StreamKey, limit: Int) -> [RecordID] {
        Array((pending[stream] ?? [:]).keys.sorted().prefix(max(0, limit)))
    }

    /// Runs, the newest first.
    func runs(_ query: RunQuery) -> [SyncRun] {
        let found = runOrder.reversed().lazy.compactMap { runs[$0] }.filter { run in
            (query.source.map { run.source == $0 } ?? true) && (query.status.map { run.status == $0 } ?? true)
        }
        return Array(found.prefix(max(0, query.limit)))
    }

    /// All rules, in order of their making.
    var orderedRules: [IdentityRule] {
        rules.values.sorted { $0.madeAt != $1.madeAt ? $0.madeAt < $1.madeAt : $0.id.utf8Precedes($1.id) }
    }

    /// All records that could not be taken, in order.
    var orderedRejections: [RejectedRecord] { rejected.values.sorted { $0.id < $1.id } }

    /// All fields that could not be taken, in order of their records.
    var orderedIssues: [FieldIssue] { issues.sorted { $0.key < $1.key }.flatMap(\.value) }
}
