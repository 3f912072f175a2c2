import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A store that is closed and opened again before each question that follows a change.
///
/// Questions and changes are asked for one after the other, or changes alone at once.
actor ReopeningStore: CustomerStore {
    private var store: any CustomerStore
    private var isChanged = false
    private let reopen: @Sendable (any CustomerStore) async throws -> any CustomerStore

    init(_ store: any CustomerStore, reopen: @escaping @Sendable (any CustomerStore) async throws -> any CustomerStore)
    {
        self.store = store
        self.reopen = reopen
    }

    private var opened: any CustomerStore {
        get async throws {
            if isChanged {
                isChanged = false
                store = try await reopen(store)
            }
            return store
        }
    }

    func commit(_ batch: StoreBatch, by actor: StoreActor) async throws -> CommitReceipt {
        defer { isChanged = true }
        return try await store.commit(batch, by: actor)
    }

    func erase(_ key: CustomerKey, at moment: Date, by actor: StoreActor) async throws -> Erasure? {
        defer { isChanged = true }
        return try await store.erase(key, at: moment, by: actor)
    }

    func customer(_ key: CustomerKey, at point: TimePoint, by actor: StoreActor) async throws -> CustomerFile? {
        try await opened.customer(key, at: point, by: actor)
    }

    func customers(_ query: CustomerQuery, by actor: StoreActor) async throws -> SummaryPage {
        try await opened.customers(query, by: actor)
    }

    func summary(of key: CustomerKey, by actor: StoreActor) async throws -> AssessmentSummary? {
        try await opened.summary(of: key, by: actor)
    }

    func files(_ scan: CustomerScan, by actor: StoreActor) async throws -> [CustomerFile] {
        try await opened.files(scan, by: actor)
    }

    func versions(_ ids: [RecordID], by actor: StoreActor) async throws -> [RecordVersion] {
        try await opened.versions(ids, by: actor)
    }

    func history(of ids: [RecordID], by actor: StoreActor) async throws -> [RecordVersion] {
        try await opened.history(of: ids, by: actor)
    }

    func liveIDs(_ stream: StreamKey, by actor: StoreActor) async throws -> [String] {
        try await opened.liveIDs(stream, by: actor)
    }

    func seen(_ stream: StreamKey, by actor: StoreActor) async throws -> Set<String> {
        try await opened.seen(stream, by: actor)
    }

    func due(asOf moment: Date, by actor: StoreActor) async throws -> DueCustomers {
        try await opened.due(asOf: moment, by: actor)
    }

    func scoredProfiles(by actor: StoreActor) async throws -> Set<UInt64> {
        try await opened.scoredProfiles(by: actor)
    }

    func streams(at point: TimePoint, by actor: StoreActor) async throws -> [StreamKey: StreamState] {
        try await opened.streams(at: point, by: actor)
    }

    func pending(_ stream: StreamKey, limit: Int, by actor: StoreActor) async throws -> [RecordID] {
        try await opened.pending(stream, limit: limit, by: actor)
    }

    func runs(_ query: RunQuery, by actor: StoreActor) async throws -> [SyncRun] {
        try await opened.runs(query, by: actor)
    }

    func rejected(by actor: StoreActor) async throws -> [RejectedRecord] { try await opened.rejected(by: actor) }

    func issues(by actor: StoreActor) async throws -> [FieldIssue] { try await opened.issues(by: actor) }

    func unmatched(by actor: StoreActor) async throws -> [UnmatchedRecord] { try await opened.unmatched(by: actor) }

    func rules(by actor: StoreActor) async throws -> [IdentityRule] { try await opened.rules(by: actor) }
}
