#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A store that remembers while the process lives: for tests, demonstrations and short jobs.
public actor InMemoryStore: CustomerStore {
    var state: StoreState<MemoryShelf>

    /// Creates an empty store.
    ///
    /// - Parameter hostDomains: Domains of the host itself, such as `acme.test`; their addresses are never customers.
    public init(hostDomains: Set<String> = []) {
        self.init(StoreState(MemoryShelf(), marker: Marker(key: randomBytes(16)), hostDomains: hostDomains))
    }

    init(_ state: StoreState<MemoryShelf>) { self.state = state }

    public func commit(_ batch: StoreBatch, by actor: StoreActor) -> CommitReceipt {
        let batch = state.tables.withholding(batch)
        return state.apply(batch, batch.records.map { state.tables.isErased($0) ? .erased : .kept(at: ()) })
    }

    public func customer(
        _ key: CustomerKey, at point: TimePoint, by actor: StoreActor
    ) throws(StoreError) -> CustomerFile? {
        try state.file(key, at: point)
    }

    public func customers(_ query: CustomerQuery, by actor: StoreActor) -> SummaryPage { state.summaries.page(query) }

    public func summary(of key: CustomerKey, by actor: StoreActor) -> AssessmentSummary? {
        state.summaries.summaries[key]
    }

    public func files(_ scan: CustomerScan, by actor: StoreActor) throws(StoreError) -> [CustomerFile] {
        try state.files(scan)
    }

    public func versions(_ ids: [RecordID], by actor: StoreActor) -> [RecordVersion] { state.versions(ids) }

    public func history(of ids: [RecordID], by actor: StoreActor) -> [RecordVersion] { state.history(of: ids) }

    public func liveIDs(_ stream: StreamKey, by actor: StoreActor) -> [String] { state.liveIDs(stream) }

    public func seen(_ stream: StreamKey, by actor: StoreActor) -> Set<String> { state.tables.seen[stream] ?? [] }

    public func due(asOf moment: Date, by actor: StoreActor) -> DueCustomers { state.due(asOf: moment) }

    public func scoredProfiles(by actor: StoreActor) -> Set<UInt64> { Set(state.summaries.profiles.keys) }

    public func streams(at point: TimePoint, by actor: StoreActor) -> [StreamKey: StreamState] {
        state.tables.streams(at: point)
    }

    public func pending(_ stream: StreamKey, limit: Int, by actor: StoreActor) -> [RecordID] {
        state.tables.pending(stream, limit: limit)
    }

    public func runs(_ query: RunQuery, by actor: StoreActor) -> [SyncRun] { state.tables.runs(query) }

    public func rejected(by actor: StoreActor) -> [RejectedRecord] { state.tables.orderedRejections }

    public func issues(by actor: StoreActor) -> [FieldIssue] { state.tables.orderedIssues }

    public func unmatched(by actor: StoreActor) -> [UnmatchedRecord] { state.unmatched() }

    public func rules(by actor: StoreActor) -> [IdentityRule] { state.tables.orderedRules }

    public func erase(_ key: CustomerKey, at moment: Date, by actor: StoreActor) -> Erasure? {
        guard let planned = state.erasure(of: key, at: moment, by: actor) else { return nil }
        state.apply(planned)
        return planned.erasure
    }
}
