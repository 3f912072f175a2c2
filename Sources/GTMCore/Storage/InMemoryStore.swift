#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A store that remembers while the process lives: for tests, demonstrations and short jobs.
public actor InMemoryStore: CustomerStore {
    private var state: StoreState

    /// Creates an empty store.
    ///
    /// - Parameter hostDomains: Domains of the host itself, such as `acme.test`; their addresses are never customers.
    public init(hostDomains: Set<String> = []) {
        state = StoreState(hostDomains: Set(hostDomains.map { $0.lowercased() }))
    }

    public func commit(_ batch: StoreBatch, by actor: StoreActor) -> CommitReceipt { state.apply(batch) }

    public func customer(_ key: CustomerKey, at point: TimePoint, by actor: StoreActor) -> CustomerFile? {
        state.file(key, at: point)
    }

    public func customers(_ query: CustomerQuery, by actor: StoreActor) -> CustomerPage { state.page(query) }

    public func files(_ scan: CustomerScan, by actor: StoreActor) -> [CustomerFile] { state.files(scan) }

    public func versions(_ ids: [RecordID], by actor: StoreActor) -> [RecordVersion] { state.versions(ids) }

    public func liveIDs(_ stream: StreamKey, by actor: StoreActor) -> [String] { state.liveIDs(stream) }

    public func seen(_ stream: StreamKey, by actor: StoreActor) -> Set<String> { state.seen(stream) }

    public func due(asOf moment: Date, by actor: StoreActor) -> DueCustomers { state.due(asOf: moment) }

    public func streams(at point: TimePoint, by actor: StoreActor) -> [StreamKey: StreamState] {
        state.streams(at: point)
    }

    public func pending(_ stream: StreamKey, limit: Int, by actor: StoreActor) -> [RecordID] {
        state.pending(stream, limit: limit)
    }

    public func runs(_ query: RunQuery, by actor: StoreActor) -> [SyncRun] { state.runs(query) }

    public func rejected(by actor: StoreActor) -> [RejectedRecord] {
        state.rejected.values.sorted { $0.id < $1.id }
    }

    public func issues(by actor: StoreActor) -> [FieldIssue] {
        state.issues.sorted { $0.key < $1.key }.flatMap(\.value)
    }

    public func unmatched(by actor: StoreActor) -> [UnmatchedRecord] { state.unmatched() }

    public func rules(by actor: StoreActor) -> [IdentityRule] {
        state.rules.values.sorted { $0.madeAt != $1.madeAt ? $0.madeAt < $1.madeAt : $0.id.utf8Precedes($1.id) }
    }
}
