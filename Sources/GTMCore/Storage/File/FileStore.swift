import Synchronization

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// The store in a folder: everything that was acknowledged is there again after a restart, a crash or a power cut.
///
/// One process writes a folder, any number of others may read it meanwhile. What is written goes into a journal; see
/// `Docs/storage.md` for its form and for what each fault does.
///
/// ```swift
/// let store = try await FileStore.open("customers.gtm")
/// let engine = GTMEngine(store: store, sources: [intercom])
/// try await engine.sync()
/// try await store.close()
/// ```
public final class FileStore: CustomerStore, Sendable {
    /// What a store is opened for.
    public enum Access: Sendable, Hashable {
        /// To be written and read; the folder is made where it is missing.
        case writing
        /// To be read, also while another process writes it. Assessments are kept for this process alone.
        case reading
    }

    /// How a store behaves.
    public struct Configuration: Sendable, Hashable {
        /// Domains of the host itself, such as `acme.test`; their addresses are never customers.
        public var hostDomains: Set<String> = []
        /// How long the past is remembered; compaction forgets what lies before. `nil` remembers for ever.
        public var remembersFor: Duration?
        /// How far the journal may outgrow its snapshot, in bytes, before a new one is written: at least this much, and a
        /// quarter of the journal.
        public var snapshotEvery = 64 << 20

        /// Creates a configuration with the defaults.
        public init() {}
    }

    let files: any FileSystem
    let folder: StoreFolder
    /// What the store was opened for.
    public let access: Access
    let configuration: Configuration
    let now: @Sendable () -> Date
    /// Everything in memory; locked by every question and by every commit while it is taken in.
    let core: Mutex<Core>
    let worker: SerialWorker
    private let queue = Mutex(Queue())

    /// What a store has in memory.
    struct Core: Sendable {
        var state: StoreState<FileShelf>
        var manifest: StoreManifest
        var header: JournalHeader
        var file: any StoreFile
        /// `nil` in a store that is only read.
        var writer: JournalWriter?
        var lock: (any FileLock)?
        /// The end of the part of the journal that the snapshot covers.
        var indexedEnd: Int
        /// Up to where the journal went when a snapshot of it could not be written; 0 where all could.
        var snapshotFailedAt = 0
        var notes: [String]
        /// Why nothing can be written any more, though all can be read.
        var refusal: StoreError?
        /// Why nothing can be asked any more.
        var ended: StoreError?

        /// Gives an answer, unless what it was read from is damaged.
        mutating func answer<Answer>(
            _ question: (inout StoreState<FileShelf>) throws(StoreError) -> Answer
        ) throws(StoreError) -> Answer {
            if let ended { throw ended }
            let answer = try question(&state)
            try state.shelf.checkFault()
            return answer
        }
    }

    init(
        _ loaded: Core, files: any FileSystem, folder: StoreFolder, access: Access,
        configuration: Configuration, worker: SerialWorker, now: @escaping @Sendable () -> Date
    ) {
        core = Mutex(loaded)
        self.files = files
        self.folder = folder
        self.access = access
        self.configuration = configuration
        self.worker = worker
        self.now = now
    }

    // MARK: Committing

    /// What waits to be written.
    private struct Queue {
        var waiting: [Waiting] = []
        var isDraining = false
    }

    private enum Waiting: Sendable {
        case batch(PreparedBatch, CheckedContinuation<CommitReceipt, any Error>)
        case erasure(CustomerKey, Date, StoreActor, CheckedContinuation<Erasure?, any Error>)

        func fail(_ error: any Error) {
            switch self {
            case .batch(_, let continuation): continuation.resume(throwing: error)
            case .erasure(_, _, _, let continuation): continuation.resume(throwing: error)
            }
        }
    }

    public func commit(_ batch: StoreBatch, by actor: StoreActor) async throws -> CommitReceipt {
        if access == .reading { return try keepForMyself(batch) }
        let prepared = PreparedBatch(batch, by: actor)
        do {
            return try await withCheckedThrowingContinuation { enqueue(.batch(prepared, $0)) }
        } catch let error as StoreError where error.code == .unavailable && batch.holdsAssessmentsAlone {
            // A question must not fail because its cache cannot be written, as on a full disk.
            return try keepForMyself(batch)
        }
    }

    public func erase(_ key: CustomerKey, at moment: Date, by actor: StoreActor) async throws -> Erasure? {
        guard access == .writing else { throw Self.isReadOnly }
        return try await withCheckedThrowingContinuation { enqueue(.erasure(key, moment, actor, $0)) }
    }

    static var isReadOnly: StoreError {
        StoreError(code: .readOnly, detail: "the store was opened for reading; open it for writing to change it")
    }

    /// Assessments that cannot be written are a cache of this process alone; anything else is not a reader's to write.
    private func keepForMyself(_ batch: StoreBatch) throws(StoreError) -> CommitReceipt {
        guard batch.holdsAssessmentsAlone else { throw Self.isReadOnly }
        return try core.withLock { (core) throws(StoreError) in
            try core.answer { (state) throws(StoreError) in
                state.summaries.take(batch.assessments, basedOn: batch.assessedAt)
                return CommitReceipt(sequence: state.tables.sequence, outcomes: [], touched: [])
            }
        }
    }

    private func enqueue(_ waiting: Waiting) {
        let begins = queue.withLock { queue in
            queue.waiting.append(waiting)
            defer { queue.isDraining = true }
            return !queue.isDraining
        }
        if begins { worker.async { self.drain() } }
    }

    /// Writes what waits, group by group, until nothing does. Only one drain runs at a time, and nobody else writes.
    private func drain() {
        while true {
            let group = queue.withLock { queue in
                let group = queue.waiting
                queue.waiting.removeAll(keepingCapacity: true)
                queue.isDraining = !group.isEmpty
                return group
            }
            if group.isEmpty { return }
            var batches: [(PreparedBatch, CheckedContinuation<CommitReceipt, any Error>)] = []
            var size = 0
            for waiting in group {
                switch waiting {
                case .batch(let batch, let continuation):
                    if !batches.isEmpty, size + batch.bodies.count > Self.groupSize {
                        write(batches)
                        (batches, size) = ([], 0)
                    }
                    batches.append((batch, continuation))
                    size += batch.bodies.count
                case .erasure(let key, let moment, let actor, let continuation):
                    write(batches)
                    (batches, size) = ([], 0)
                    continuation.resume(with: Result { try erase(key, moment, actor) })
                }
            }
            write(batches)
            snapshotIfDue()
        }
    }

    /// Bytes of records in one frame, unless a batch alone has more.
    private static let groupSize = 8 << 20

    private func write(_ batches: [(batch: PreparedBatch, continuation: CheckedContinuation<CommitReceipt, any Error>)])
    {
        guard !batches.isEmpty else { return }
        do {
            let receipts = try write(batches.map(\.batch))
            for (place, batch) in batches.enumerated() { batch.continuation.resume(returning: receipts[place]) }
        } catch {
            for batch in batches { batch.continuation.resume(throwing: error) }
        }
    }

    private func write(_ batches: [PreparedBatch]) throws(StoreError) -> [CommitReceipt] {
        let (writer, frame, decided) = try core.withLock { (core) throws(StoreError) in
            let writer = try core.writable()
            var group = CommitGroup(core.state, at: writer.end)
            for batch in batches { group.add(batch) }
            try core.state.shelf.checkFault()
            guard group.bytes.count - FrameHeader.length <= FrameHeader.maximumPayload else {
                throw StoreError(
                    code: .invalidQuery,
                    detail: "the batch takes \(group.bytes.count) bytes; expected at most "
                        + "\(FrameHeader.maximumPayload). Commit it in parts")
            }
            let frame = group.frame(core.header)
            try core.makeRoom(for: frame, files.mapsAhead)
            return (writer, frame, group.decided)
        }
        try append(frame, writer)
        return try core.withLock { (core) throws(StoreError) in
            core.state.shelf.journal.extend(to: writer.end)
            let receipts = decided.map { core.state.apply($0.batch, $0.dispositions, settled: $0.settled) }
            try core.endIfDamaged()
            return receipts
        }
    }

    private func erase(_ key: CustomerKey, _ moment: Date, _ actor: StoreActor) throws(StoreError) -> Erasure? {
        let planned = try core.withLock { (core) throws(StoreError) -> (JournalWriter, PlannedErasure, [UInt8])? in
            let writer = try core.writable()
            guard let planned = core.state.erasure(of: key, at: moment, by: actor) else { return nil }
            try core.state.shelf.checkFault()
            let frame = CommitGroup.frame(
                planned, by: actor, sequence: core.state.tables.sequence + 1, core.header)
            try core.makeRoom(for: frame, files.mapsAhead)
            return (writer, planned, frame)
        }
        guard let (writer, erasure, frame) = planned else { return nil }
        try append(frame, writer)
        try core.withLock { (core) throws(StoreError) in
            core.state.shelf.journal.extend(to: writer.end)
            core.state.apply(erasure)
            try core.endIfDamaged()
        }
        return erasure.erasure
    }

    private func append(_ frame: [UInt8], _ writer: JournalWriter) throws(StoreError) {
        do throws(JournalFault) {
            try writer.append(encoded: frame)
        } catch {
            // What a failed sync leaves is found out by the next one to open the store.
            if case .poisoned = error { throw StoreError(error) }
            throw StoreError(code: .unavailable, detail: "nothing was stored: \(error)")
        }
    }

    // MARK: Asking

    private func ask<Answer>(
        _ question: @Sendable (inout StoreState<FileShelf>) throws(StoreError) -> Answer
    ) throws(StoreError) -> Answer where Answer: Sendable {
        try core.withLock { (core) throws(StoreError) in try core.answer(question) }
    }

    public func customer(
        _ key: CustomerKey, at point: TimePoint, by actor: StoreActor
    ) async throws -> CustomerFile? {
        // Reading takes most of the time, and is done outside the lock.
        guard var draft = try ask({ (state) throws(StoreError) in try state.draft(key, at: point) }) else { return nil }
        if try draft.read() { return draft.file }
        return try ask { [draft] (state) throws(StoreError) in try state.finish(draft) }
    }

    public func customers(_ query: CustomerQuery, by actor: StoreActor) async throws -> SummaryPage {
        try ask { $0.summaries.page(query) }
    }

    public func summary(of key: CustomerKey, by actor: StoreActor) async throws -> AssessmentSummary? {
        try core.withLock { core throws(StoreError) in
            if let ended = core.ended { throw ended }
            return core.state.summaries.summaries[key]
        }
    }

    public func files(_ scan: CustomerScan, by actor: StoreActor) async throws -> [CustomerFile] {
        try ask { (state) throws(StoreError) in try state.files(scan) }
    }

    public func versions(_ ids: [RecordID], by actor: StoreActor) async throws -> [RecordVersion] {
        try ask { $0.versions(ids) }
    }

    public func history(of ids: [RecordID], by actor: StoreActor) async throws -> [RecordVersion] {
        try ask { $0.history(of: ids) }
    }

    public func liveIDs(_ stream: StreamKey, by actor: StoreActor) async throws -> [String] {
        try ask { $0.liveIDs(stream) }
    }

    public func seen(_ stream: StreamKey, by actor: StoreActor) async throws -> Set<String> {
        try ask { $0.tables.seen[stream] ?? [] }
    }

    public func due(asOf moment: Date, by actor: StoreActor) async throws -> DueCustomers {
        try ask { $0.due(asOf: moment) }
    }

    public func scoredProfiles(by actor: StoreActor) async throws -> Set<UInt64> {
        try ask { Set($0.summaries.profiles.keys) }
    }

    public func streams(at point: TimePoint, by actor: StoreActor) async throws -> [StreamKey: StreamState] {
        try ask { $0.tables.streams(at: point) }
    }

    public func pending(_ stream: StreamKey, limit: Int, by actor: StoreActor) async throws -> [RecordID] {
        try ask { $0.tables.pending(stream, limit: limit) }
    }

    public func runs(_ query: RunQuery, by actor: StoreActor) async throws -> [SyncRun] {
        try ask { $0.tables.runs(query) }
    }

    public func rejected(by actor: StoreActor) async throws -> [RejectedRecord] {
        try ask { $0.tables.orderedRejections }
    }

    public func issues(by actor: StoreActor) async throws -> [FieldIssue] { try ask { $0.tables.orderedIssues } }

    public func unmatched(by actor: StoreActor) async throws -> [UnmatchedRecord] { try ask { $0.unmatched() } }

    public func rules(by actor: StoreActor) async throws -> [IdentityRule] { try ask { $0.tables.orderedRules } }
}

extension FileStore.Core {
    /// The writer, where the store can be written.
    func writable() throws(StoreError) -> JournalWriter {
        if let ended { throw ended }
        if let refusal { throw refusal }
        guard let writer else {
            throw StoreError(code: .readOnly, detail: "the store was opened for reading")
        }
        if let fault = writer.fault { throw StoreError(fault) }
        return writer
    }

    /// Sees to it that a frame can be read as soon as it is written: afterwards it is too late to refuse it.
    func makeRoom(for frame: [UInt8], _ ahead: Int) throws(StoreError) {
        guard let writer else { return }
        do throws(FileFault) {
            try state.shelf.makeRoom(for: writer.end + frame.count, in: file, ahead: ahead)
        } catch {
            throw StoreError(code: .unavailable, detail: "nothing was stored: \(error)")
        }
    }

    /// Ends the store where taking something in showed that what it was built on is damaged.
    mutating func endIfDamaged() throws(StoreError) {
        do throws(StoreError) {
            try state.shelf.checkFault()
        } catch {
            ended = error
            throw error
        }
    }
}

extension StoreBatch {
    /// Whether nothing but assessments is to be written.
    var holdsAssessmentsAlone: Bool {
        !assessments.isEmpty && records.isEmpty && rejected.isEmpty && issues.isEmpty && pending.isEmpty
            && fetched.isEmpty && seen.isEmpty
            && streams.isEmpty && runs.isEmpty && rules.isEmpty
    }
}
