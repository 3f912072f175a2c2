#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Reads one stream of one source into a store: page, check, commit, and the next page meanwhile.
///
/// Each page is committed with its checkpoint and its counts in one batch, so that a crash loses nothing and repeats
/// nothing that matters.
struct StreamReader {
    let source: any SourceAdapter
    let descriptor: StreamDescriptor
    let store: any CustomerStore
    let rules: ConversationRules
    let tone: any ToneModel
    let startedAt: Date
    /// The vendor's id of the account, where the adapter can tell.
    let account: String?
    let report: @Sendable (SyncEvent) -> Void

    private var key: StreamKey { StreamKey(source: source.descriptor.id, stream: descriptor.name) }

    /// How reading a stream ended.
    struct Outcome {
        var receipt: StreamReceipt
        /// Why it broke off; `nil` where it came to its end.
        var failure: SourceError?
    }

    /// Reads the stream. A source's failure is told in the outcome; a store's failure and a cancellation are thrown.
    func read(_ mode: SyncRun.Mode) async throws -> Outcome {
        var tally = Tally(receipt: StreamReceipt(stream: descriptor.name, holdsCustomers: descriptor.createsCustomers))
        let before = try await store.streams(by: .engine)[key] ?? StreamState()
        do {
            if descriptor.reading == .byID {
                try await drain(before, &tally)
            } else {
                var plan = StreamPlan(descriptor, before, mode: mode, startedAt: startedAt)
                plan.account = account
                try await pass(plan, &tally)
            }
            return Outcome(receipt: tally.receipt)
        } catch let error as SourceError {
            return Outcome(receipt: tally.receipt, failure: error)
        }
    }

    // MARK: Listed streams

    private func pass(_ begun: StreamPlan, _ tally: inout Tally) async throws {
        var plan = begun
        if plan.isResumed { tally.seen = try await store.seen(key, by: .engine) }
        while true {
            tally.beginAnew()
            do {
                try await pages(&plan, &tally)
                let gap = plan.gap(seen: tally.seen.count)
                if gap == 0 || !plan.restart() { return try await finish(plan, gap: gap, &tally) }
            } catch let error as SourceError {
                let again = error.code == .repeatedCursor || error.code == .expiredCursor
                guard again, plan.restart() else {
                    try await settleUnmatched(&tally)
                    try await breakOff(plan, error)
                    throw error
                }
            }
        }
    }

    private func pages(_ plan: inout StreamPlan, _ tally: inout Tally) async throws {
        var cursors = CursorGuard(source: key.source)
        if let cursor = plan.pass.cursor { try cursors.advance(to: cursor.text, after: 1) }
        var page = try await fetch(plan.scope, plan.pass.cursor)
        while true {
            try Task.checkCancellation()
            plan.took(page)
            // What is on a page is stored also where its cursor leads nowhere.
            let next = page.next
            var deadEnd: (any Error)?
            do {
                if let next { try cursors.advance(to: next.text, after: tally.unseen(page)) }
            } catch {
                deadEnd = error
            }
            let (scope, further) = (plan.scope, deadEnd == nil ? next : nil)
            // The next page is on its way while this one is stored.
            async let upcoming = fetch(scope, following: further)
            try await store(page, plan.underWay, &tally)
            report(.page(key, seen: tally.seen.count, total: plan.pass.total))
            if let deadEnd { throw deadEnd }
            guard let following = try await upcoming else { return }
            page = following
        }
    }

    /// The page after `cursor`, or `nil` where there is none.
    private func fetch(_ scope: PageRequest.Scope, following cursor: PageCursor?) async throws -> RecordPage? {
        guard let cursor else { return nil }
        return try await fetch(scope, cursor)
    }

    private func fetch(_ scope: PageRequest.Scope, _ cursor: PageCursor?) async throws -> RecordPage {
        try await source.page(PageRequest(stream: descriptor.name, scope: scope, cursor: cursor, now: startedAt))
    }

    private func store(
        _ page: RecordPage, _ state: StreamState?, fetched: [RecordID] = [], _ tally: inout Tally
    ) async throws {
        var batch = StoreBatch(recordedAt: startedAt)
        batch.records = page.records.map(prepare)
        batch.rejected = page.rejected
        batch.issues = page.issues
        batch.pending = page.pending
        batch.fetched = fetched
        if let state {
            batch.streams[key] = state
            batch.seen[key] = page.ids
        }
        let receipt = try await store.commit(batch, by: .engine)
        tally.count(page, receipt.outcomes)
    }

    /// Whose the people without an address are is certain only after the last page.
    private func settleUnmatched(_ tally: inout Tally) async throws {
        guard descriptor.createsCustomers else { return }
        let unmatched = try await store.unmatched(by: .engine)
        tally.leaveOut(unmatched.filter { $0.id.source == key.source && $0.id.stream == key.stream }.map(\.id.id))
    }

    /// Sets what the engine knows and the adapter need not: who creates customers, what the rules hear.
    private func prepare(_ record: SourceRecord) -> SourceRecord {
        var record = record.annotated(by: rules, tone: tone)
        record.identity?.createsCustomer = descriptor.createsCustomers
        return record
    }

    private func breakOff(_ plan: StreamPlan, _ error: SourceError) async throws {
        guard var state = error.code == .forbidden ? plan.refused : plan.underWay else { return }
        if error.code == .expiredCursor || error.code == .repeatedCursor { state.pass = nil }
        try await commit(state)
    }

    private func finish(_ plan: StreamPlan, gap: Int, _ tally: inout Tally) async throws {
        tally.receipt.reachedEnd = true
        tally.receipt.expected = plan.pass.total
        tally.receipt.gap = gap
        if gap > 0 {
            tally.receipt.problems.append(
                "\(gap) of \(plan.pass.total ?? 0) records that the source counts were not on its pages")
        }
        var heldBack = plan.before.heldBack
        if gap == 0, plan.pass.isFull, descriptor.deletions == .absence { heldBack = try await sweep(heldBack, &tally) }
        try await settleUnmatched(&tally)
        try await commit(plan.completed(gap: gap, heldBack: heldBack))
    }

    // MARK: Deletions

    /// Asks for each live record that a full read did not show what became of it.
    ///
    /// - Returns: The records that are held back until the next full read.
    private func sweep(_ heldBack: [String], _ tally: inout Tally) async throws -> [String] {
        let live = try await store.liveIDs(key, by: .engine)
        switch AbsencePlan(live: live, seen: tally.seen, heldBack: heldBack) {
        case .nothing: return []
        case .heldBack(let absent, let count):
            tally.receipt.problems.append(
                "\(absent.count) of \(count) known records are absent from a full read; so many at once are not believed, "
                    + "and are asked for if the next full read does not show them either")
            return absent
        case .check(let absent):
            for start in stride(from: 0, to: absent.count, by: Self.idsAtOnce) {
                let ids = absent[start..<min(start + Self.idsAtOnce, absent.count)].map {
                    RecordID(source: key.source, stream: key.stream, id: $0)
                }
                var page: RecordPage = try await fetch(.ids(ids), nil)
                page.total = nil
                var batch = StoreBatch(recordedAt: startedAt)
                batch.records = page.records.map(prepare)
                batch.rejected = page.rejected
                batch.issues = page.issues
                _ = try await store.commit(batch, by: .engine)
                tally.receipt.vanished += page.records.count { !$0.state.isLive }
                tally.receipt.rejected += page.rejected.count
            }
            return []
        }
    }

    // MARK: Streams read by id

    /// Records asked for by id in one request to the adapter.
    static let idsAtOnce = 25

    /// Fetches what other streams handed over; what fails is left for the next run.
    private func drain(_ before: StreamState, _ tally: inout Tally) async throws {
        let waiting = try await store.pending(key, limit: .max, by: .engine)
        for start in stride(from: 0, to: waiting.count, by: Self.idsAtOnce) {
            try Task.checkCancellation()
            let ids = Array(waiting[start..<min(start + Self.idsAtOnce, waiting.count)])
            let page: RecordPage
            do {
                page = try await fetch(.ids(ids), nil)
            } catch let error as SourceError where error.code == .forbidden {
                try await commit(StreamPlan(descriptor, before, mode: .full, startedAt: startedAt).refused)
                throw error
            }
            // What was not answered at all is still to be fetched, just as what failed.
            let answered = Set(page.records.map(\.id) + page.rejected.filter { !$0.retries }.map(\.id))
            try await store(page, nil, fetched: ids.filter(answered.contains), &tally)
            report(.page(key, seen: tally.seen.count, total: waiting.count))
        }
        tally.receipt.reachedEnd = true
        let left = try await store.pending(key, limit: .max, by: .engine).count
        if left > 0 {
            tally.receipt.problems.append(
                "\(left) \(left == 1 ? "record" : "records") could not be fetched and will be asked for again")
        }
        var state = before
        state.provides = descriptor.provides
        state.refusal = nil
        if left == 0 { state.observedThrough = startedAt }
        try await commit(state)
    }

    private func commit(_ state: StreamState) async throws {
        var batch = StoreBatch(recordedAt: startedAt)
        batch.streams[key] = state
        _ = try await store.commit(batch, by: .engine)
    }
}

/// Counts what a stream showed.
private struct Tally {
    var receipt: StreamReceipt
    /// Ids seen in this pass, also before it broke off or was begun anew.
    var seen: Set<String> = []
    /// Ids seen since the pass was begun anew.
    private var seenAnew: Set<String> = []

    init(receipt: StreamReceipt) { self.receipt = receipt }

    mutating func beginAnew() { seenAnew = [] }

    /// What became of the people without an address, who may yet turn out to be nobody's.
    private var uncertain: [String: CommitReceipt.Outcome] = [:]

    /// How many records of a page were not seen since the pass was begun anew.
    func unseen(_ page: RecordPage) -> Int { page.ids.count { !seenAnew.contains($0) } }

    mutating func count(_ page: RecordPage, _ outcomes: [CommitReceipt.Outcome]) {
        receipt.pages += 1
        receipt.outside += page.outside.count
        receipt.rejected += page.rejected.count
        receipt.fieldIssues += page.issues.count
        for (record, outcome) in zip(page.records, outcomes) {
            if !seenAnew.insert(record.id.id).inserted { receipt.duplicates += 1 }
            guard seen.insert(record.id.id).inserted else { continue }
            if record.identity != nil { uncertain[record.id.id] = outcome }
            add(outcome, 1)
        }
        for id in page.outside + page.rejected.map(\.id.id) {
            seen.insert(id)
            seenAnew.insert(id)
        }
        receipt.seen = seen.count
    }

    /// Counts these as unmatched instead, where this run saw them.
    mutating func leaveOut(_ ids: [String]) {
        for id in ids {
            guard let outcome = uncertain.removeValue(forKey: id) else { continue }
            add(outcome, -1)
            receipt.unmatched += 1
        }
    }

    private mutating func add(_ outcome: CommitReceipt.Outcome, _ count: Int) {
        switch outcome {
        case .new: receipt.new += count
        case .updated: receipt.updated += count
        case .unchanged: receipt.unchanged += count
        case .erased: receipt.erased += count
        }
    }
}

extension RecordPage {
    /// The ids of everything that was on the page, taken or not.
    var ids: [String] { records.map(\.id.id) + outside + rejected.map(\.id.id) }
}
