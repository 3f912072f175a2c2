#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Runs over sources: each on its own, stream by stream, with a run and a receipt each.
///
/// A source that fails takes nothing from the others; a stream that is refused takes nothing from the rest of its
/// source.
public struct SyncEngine: Sendable {
    /// Where everything is kept.
    public var store: any CustomerStore
    /// What customers' words are searched for.
    public var rules: ConversationRules
    /// What tells how customers' words sound.
    public var tone: any ToneModel
    /// Sources read at once, at most.
    public var concurrency = Self.standardConcurrency
    /// Sources read at once, unless said otherwise.
    static let standardConcurrency = 4

    /// Creates an engine.
    public init(
        store: any CustomerStore, rules: ConversationRules = .standard, tone: any ToneModel = LexiconTone.standard
    ) {
        self.store = store
        self.rules = rules
        self.tone = tone
    }

    /// Runs over sources and returns their runs, in the order of the sources' ids.
    ///
    /// - Throws: What the store throws, and `CancellationError`. A source's failure is told by its run.
    public func sync(
        _ sources: [any SourceAdapter], mode: SyncRun.Mode, now: Date,
        report: @escaping @Sendable (SyncEvent) -> Void = { _ in }
    ) async throws -> [SyncRun] {
        try await withThrowingTaskGroup(of: SyncRun.self) { group in
            var waiting = sources.makeIterator()
            for _ in 0..<max(1, concurrency) {
                guard let source = waiting.next() else { break }
                group.addTask { try await run(source, mode: mode, now: now, report: report) }
            }
            var runs: [SyncRun] = []
            for try await run in group {
                runs.append(run)
                if let source = waiting.next() {
                    group.addTask { try await self.run(source, mode: mode, now: now, report: report) }
                }
            }
            return runs.sorted { $0.source < $1.source }
        }
    }

    private func run(
        _ source: any SourceAdapter, mode: SyncRun.Mode, now: Date, report: @escaping @Sendable (SyncEvent) -> Void
    ) async throws -> SyncRun {
        let clock = ContinuousClock()
        let began = clock.now
        let descriptor = source.descriptor
        let states = try await store.streams(by: .engine)
        let wasRead = descriptor.streams.contains { stream in
            stream.reading == .listed
                && states[StreamKey(source: descriptor.id, stream: stream.name)]?.checkpoint != nil
        }
        let mode = wasRead ? mode : .full
        // The number of a commit is nobody else's, also where two runs begin at once.
        let number = try await store.commit(StoreBatch(recordedAt: now), by: .engine).sequence
        var run = SyncRun(
            id: "\(descriptor.id)#\(number)", source: descriptor.id, mode: mode, startedAt: now)
        report(.started(descriptor.id, mode))
        try await log(run)
        var broken: Set<String> = []
        let account = try await account(of: source)
        let known = states.first { $0.key.source == descriptor.id && $0.value.account != nil }?.value.account
        var streams = descriptor.streams
        if let account, let known, account != known {
            run.failures.append(
                "the token belongs to the account \(account), but what is stored was read from \(known); nothing was read"
            )
            broken = Set(streams.map(\.name))
            streams = []
        }
        for stream in streams {
            let reader = StreamReader(
                source: source, descriptor: stream, store: store, rules: rules, tone: tone, startedAt: now,
                account: account, report: report)
            var outcome = try await reader.read(mode)
            if let failure = outcome.failure {
                outcome.receipt.problems.append(failure.description)
                run.failures.append("\(stream.name): \(failure)")
                broken.insert(stream.name)
            }
            run.receipt.streams.append(outcome.receipt)
            report(.stream(descriptor.id, outcome.receipt))
            if outcome.failure?.code == .unauthorized { break }
        }
        run.status = run.verdict(on: descriptor, broken: broken)
        run.duration = began.duration(to: clock.now)
        try await log(run)
        report(.finished(run))
        return run
    }

    /// The vendor's id of the account, where the adapter can tell; a source that cannot be asked now fails when it is read.
    private func account(of source: any SourceAdapter) async throws -> String? {
        guard let source = source as? any AccountIdentifying else { return nil }
        do {
            return try await source.accountID()
        } catch is SourceError {
            return nil
        }
    }

    /// Writes a run into the run log, replacing what it said before.
    func log(_ run: SyncRun) async throws {
        var batch = StoreBatch(recordedAt: run.startedAt)
        batch.runs = [run]
        _ = try await store.commit(batch, by: .engine)
    }
}

extension SyncRun {
    /// Failed where a stream of customers broke off, or nothing was read to its end; incomplete where anything else is
    /// missing.
    fileprivate func verdict(on descriptor: SourceDescriptor, broken: Set<String>) -> Status {
        let reachedNothing = !receipt.streams.contains { $0.reachedEnd }
        let lostCustomers = descriptor.streams.contains { $0.createsCustomers && broken.contains($0.name) }
        if !broken.isEmpty, reachedNothing || lostCustomers { return .failed }
        return receipt.isComplete && broken.isEmpty ? .success : .incomplete
    }
}
