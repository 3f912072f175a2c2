import Foundation

@testable import GTMCore

/// A store in memory with something wrong about it: each of its answers can be bent.
struct BrokenStore: CustomerStore {
    typealias Sound = InMemoryStore

    let sound = InMemoryStore()

    var onCommit: @Sendable (Sound, StoreBatch) async throws -> CommitReceipt = { await $0.commit($1, by: .engine) }
    var onCustomer: @Sendable (Sound, CustomerKey, TimePoint) async throws -> CustomerFile? = {
        try await $0.customer($1, at: $2, by: .engine)
    }
    var onCustomers: @Sendable (Sound, CustomerQuery) async throws -> SummaryPage = {
        await $0.customers($1, by: .engine)
    }
    var onFiles: @Sendable (Sound, CustomerScan) async throws -> [CustomerFile] = {
        try await $0.files($1, by: .engine)
    }
    var onVersions: @Sendable (Sound, [RecordID]) async throws -> [RecordVersion] = {
        await $0.versions($1, by: .engine)
    }
    var onHistory: @Sendable (Sound, [RecordID]) async throws -> [RecordVersion] = {
        await $0.history(of: $1, by: .engine)
    }
    var onLiveIDs: @Sendable (Sound, StreamKey) async throws -> [String] = { await $0.liveIDs($1, by: .engine) }
    var onSeen: @Sendable (Sound, StreamKey) async throws -> Set<String> = { await $0.seen($1, by: .engine) }
    var onDue: @Sendable (Sound, Date) async throws -> DueCustomers = { await $0.due(asOf: $1, by: .engine) }
    var onScoredProfiles: @Sendable (Sound) async throws -> Set<UInt64> = { await $0.scoredProfiles(by: .engine) }
    var onStreams: @Sendable (Sound, TimePoint) async throws -> [StreamKey: StreamState] = {
        await $0.streams(at: $1, by: .engine)
    }
    var onPending: @Sendable (Sound, StreamKey, Int) async throws -> [RecordID] = {
        await $0.pending($1, limit: $2, by: .engine)
    }
    var onRuns: @Sendable (Sound, RunQuery) async throws -> [SyncRun] = { await $0.runs($1, by: .engine) }
    var onRejected: @Sendable (Sound) async throws -> [RejectedRecord] = { await $0.rejected(by: .engine) }
    var onIssues: @Sendable (Sound) async throws -> [FieldIssue] = { await $0.issues(by: .engine) }
    var onUnmatched: @Sendable (Sound) async throws -> [UnmatchedRecord] = { await $0.unmatched(by: .engine) }
    var onRules: @Sendable (Sound) async throws -> [IdentityRule] = { await $0.rules(by: .engine) }
    var onErase: @Sendable (Sound, CustomerKey, Date, StoreActor) async throws -> Erasure? = {
        await $0.erase($1, at: $2, by: $3)
    }

    func commit(_ batch: StoreBatch, by actor: StoreActor) async throws -> CommitReceipt {
        try await onCommit(sound, batch)
    }

    func customer(_ key: CustomerKey, at point: TimePoint, by actor: StoreActor) async throws -> CustomerFile? {
        try await onCustomer(sound, key, point)
    }

    func customers(_ query: CustomerQuery, by actor: StoreActor) async throws -> SummaryPage {
        try await onCustomers(sound, query)
    }

    func summary(of key: CustomerKey, by actor: StoreActor) async throws -> AssessmentSummary? {
        await sound.summary(of: key, by: actor)
    }

    func files(_ scan: CustomerScan, by actor: StoreActor) async throws -> [CustomerFile] {
        try await onFiles(sound, scan)
    }

    func versions(_ ids: [RecordID], by actor: StoreActor) async throws -> [RecordVersion] {
        try await onVersions(sound, ids)
    }

    func history(of ids: [RecordID], by actor: StoreActor) async throws -> [RecordVersion] {
        try await onHistory(sound, ids)
    }

    func liveIDs(_ stream: StreamKey, by actor: StoreActor) async throws -> [String] {
        try await onLiveIDs(sound, stream)
    }

    func seen(_ stream: StreamKey, by actor: StoreActor) async throws -> Set<String> {
        try await onSeen(sound, stream)
    }

    func due(asOf moment: Date, by actor: StoreActor) async throws -> DueCustomers { try await onDue(sound, moment) }

    func scoredProfiles(by actor: StoreActor) async throws -> Set<UInt64> { try await onScoredProfiles(sound) }

    func streams(at point: TimePoint, by actor: StoreActor) async throws -> [StreamKey: StreamState] {
        try await onStreams(sound, point)
    }

    func pending(_ stream: StreamKey, limit: Int, by actor: StoreActor) async throws -> [RecordID] {
        try await onPending(sound, stream, limit)
    }

    func runs(_ query: RunQuery, by actor: StoreActor) async throws -> [SyncRun] { try await onRuns(sound, query) }
    func rejected(by actor: StoreActor) async throws -> [RejectedRecord] { try await onRejected(sound) }
    func issues(by actor: StoreActor) async throws -> [FieldIssue] { try await onIssues(sound) }
    func unmatched(by actor: StoreActor) async throws -> [UnmatchedRecord] { try await onUnmatched(sound) }
    func rules(by actor: StoreActor) async throws -> [IdentityRule] { try await onRules(sound) }

    func erase(_ key: CustomerKey, at moment: Date, by actor: StoreActor) async throws -> Erasure? {
        try await onErase(sound, key, moment, actor)
    }
}

extension BrokenStore {
    /// Bends what is written.
    mutating func bendBatches(_ bend: @escaping @Sendable (inout StoreBatch) -> Void) {
        onCommit = { sound, batch in
            var batch = batch
            bend(&batch)
            return await sound.commit(batch, by: .engine)
        }
    }

    /// Bends every record that is written.
    mutating func bendRecords(_ bend: @escaping @Sendable (inout SourceRecord) -> Void) {
        bendBatches { batch in for place in batch.records.indices { bend(&batch.records[place]) } }
    }

    /// Bends every contact that is written.
    mutating func bendContacts(_ bend: @escaping @Sendable (inout Contact) -> Void) {
        bendRecords { record in
            guard var contact = record.fact.contact else { return }
            bend(&contact)
            record.fact = .contact(contact)
        }
    }

    /// Bends what is said of a commit.
    mutating func bendReceipts(_ bend: @escaping @Sendable (inout CommitReceipt, StoreBatch) -> Void) {
        onCommit = { sound, batch in
            var receipt = await sound.commit(batch, by: .engine)
            bend(&receipt, batch)
            return receipt
        }
    }

    /// Bends the points in time that are asked about.
    mutating func bendPoints(_ bend: @escaping @Sendable (inout TimePoint) -> Void) {
        onCustomer = { sound, key, point in
            var point = point
            bend(&point)
            return try await sound.customer(key, at: point, by: .engine)
        }
        onFiles = { sound, scan in
            var scan = scan
            bend(&scan.point)
            return try await sound.files(scan, by: .engine)
        }
    }

    /// Bends every file.
    mutating func bendFiles(_ bend: @escaping @Sendable (inout CustomerFile) -> Void) {
        onCustomer = { sound, key, point in
            guard var file = try await sound.customer(key, at: point, by: .engine) else { return nil }
            bend(&file)
            return file
        }
        onFiles = { sound, scan in
            var files = try await sound.files(scan, by: .engine)
            for place in files.indices { bend(&files[place]) }
            return files
        }
    }

    /// Bends what is asked of lists.
    mutating func bendQueries(_ bend: @escaping @Sendable (inout CustomerQuery) -> Void) {
        onCustomers = { sound, query in
            var query = query
            bend(&query)
            return await sound.customers(query, by: .engine)
        }
    }

    /// Bends the pages of lists.
    mutating func bendPages(_ bend: @escaping @Sendable (inout SummaryPage, CustomerQuery) -> Void) {
        onCustomers = { sound, query in
            var page = await sound.customers(query, by: .engine)
            bend(&page, query)
            return page
        }
    }
}
