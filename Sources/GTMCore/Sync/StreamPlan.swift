#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Decides how a stream is read: what is asked for, where a broken-off pass goes on, when a pass is repeated, how far
/// the checkpoint moves. A value that decides; the reader acts.
struct StreamPlan: Sendable {
    let descriptor: StreamDescriptor
    let startedAt: Date
    /// What the stream's state was before.
    let before: StreamState
    /// The pass to go on with, or a new one.
    private(set) var pass: StreamPass
    /// Whether the pass goes on from where another run broke off.
    let isResumed: Bool
    /// The vendor's id of the account that is read, where it is known.
    var account: String?
    /// How often the stream was begun anew in this run.
    private(set) var restarts = 0

    /// How long a broken-off pass may lie before it is begun anew: by then too much may have moved.
    static let resumeWithin: Double = 86_400
    /// How often a stream is begun anew in one run after a gap, a repeated cursor or an expired one.
    static let maximumRestarts = 1

    init(_ descriptor: StreamDescriptor, _ before: StreamState, mode: SyncRun.Mode, startedAt: Date) {
        self.descriptor = descriptor
        self.startedAt = startedAt
        self.before = before
        let isFull = mode == .full || descriptor.reading != .listed || before.checkpoint == nil
        if descriptor.reading != .once, let broken = before.pass, broken.isFull == isFull, broken.cursor != nil,
            startedAt.timeIntervalSince(broken.startedAt) < Self.resumeWithin,
            startedAt >= broken.startedAt
        {
            pass = broken
            isResumed = true
        } else {
            pass = StreamPass(isFull: isFull, startedAt: startedAt)
            isResumed = false
        }
    }

    /// Which records are asked for.
    var scope: PageRequest.Scope {
        guard !pass.isFull, let checkpoint = before.checkpoint else { return .everything }
        return .changed(since: checkpoint)
    }

    /// Takes note of a page.
    mutating func took(_ page: RecordPage) {
        pass.cursor = page.next
        if let total = page.total { pass.total = Swift.min(pass.total ?? total, total) }
        for record in page.records {
            // A vendor's clock that runs ahead must not move the checkpoint past what was not read.
            guard let change = record.changedAt.map({ Swift.min($0, pass.startedAt) }) else { continue }
            pass.latestChange = Swift.max(pass.latestChange ?? change, change)
        }
        if let token = page.token { pass.token = token }
    }

    /// Begins the pass anew.
    ///
    /// - Returns: Whether it may be begun anew once more.
    mutating func restart() -> Bool {
        guard restarts < Self.maximumRestarts else { return false }
        restarts += 1
        pass.cursor = nil
        pass.total = nil
        return true
    }

    /// How many records the source has and the pass did not see.
    func gap(seen: Int) -> Int { Swift.max(0, (pass.total ?? 0) - seen) }

    /// The stream's state after a pass that came to its end.
    func completed(gap: Int, heldBack: [String] = []) -> StreamState {
        if descriptor.reading == .once { return readOnce(gap: gap) }
        var state = before
        state.heldBack = heldBack
        state.account = account ?? before.account
        state.provides = descriptor.provides
        state.refusal = nil
        state.pass = nil
        guard gap == 0 else { return state }
        state.observedThrough = pass.startedAt
        if pass.isFull { state.lastFullReadAt = pass.startedAt }
        let known = before.checkpoint?.watermark
        let watermark = pass.latestChange.map { Swift.max(known ?? $0, $0) } ?? known ?? pass.startedAt
        state.checkpoint = Checkpoint(watermark: watermark, token: pass.token ?? before.checkpoint?.token)
        return state
    }

    /// The stream's state after something that ends was read to its end.
    ///
    /// It may hold a part of what the account has: the checkpoint and a pass that broke off stay where they are, and what
    /// the account's own reading proved is not carried on. Before there was any, the file is all that was observed.
    private func readOnce(gap: Int) -> StreamState {
        var state = before
        state.provides.formUnion(descriptor.provides)
        state.refusal = nil
        guard gap == 0, before.checkpoint == nil else { return state }
        state.observedThrough = max(before.observedThrough ?? pass.startedAt, pass.startedAt)
        state.lastFullReadAt = max(before.lastFullReadAt ?? pass.startedAt, pass.startedAt)
        return state
    }

    /// The stream's state while the pass goes on, or after it broke off.
    ///
    /// `nil` for what is read once: it begins anew.
    var underWay: StreamState? {
        guard descriptor.reading != .once else { return nil }
        var state = before
        state.provides = descriptor.provides
        state.pass = pass
        return state
    }

    /// The stream's state after the source refused it.
    var refused: StreamState {
        var state = before
        state.provides = descriptor.provides
        state.pass = nil
        state.refusal = .notPermitted
        return state
    }
}

/// Decides what a full read says of the records that it did not see.
enum AbsencePlan: Sendable, Hashable {
    /// Every record was seen.
    case nothing
    /// These are asked for one by one.
    case check([String])
    /// So many at once are not believed on one read: a broken list looks just like it.
    case heldBack([String], of: Int)

    /// More than this share of a stream, in percent, is not believed at once …
    static let believedPercent = 5
    /// … unless it is no more than this many records, and no more than half of the stream.
    static let believedCount = 10

    /// - Parameter before: What the full read before did not show either, where that was held back.
    init(live: [String], seen: Set<String>, heldBack before: [String]) {
        let absent = live.filter { !seen.contains($0) }
        let isFew = absent.count <= Self.believedCount && absent.count * 2 <= live.count
        if absent.isEmpty {
            self = .nothing
        } else if isFew || absent.count * 100 <= live.count * Self.believedPercent {
            self = .check(absent)
        } else {
            // What two full reads in a row did not show is asked for.
            let again = Set(before)
            let confirmed = absent.filter(again.contains)
            self = confirmed.count == absent.count ? .check(absent) : .heldBack(absent, of: live.count)
        }
    }
}
