import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension StoreConformance {
    static let streamChecks: [Check] = [
        Check("streams.state", "Where a stream stands is kept with everything that is said of it.") { trial in
            let store = try await trial.store()
            var state = standing(through: 3, [.profile, .usage])
            state.checkpoint = Checkpoint(watermark: day(2.5), token: "t")
            state.lastFullReadAt = day(1)
            state.refusal = .notPermitted
            state.account = "ws_1"
            state.heldBack = ["7", "8"]
            var pass = StreamPass(isFull: true, startedAt: day(3))
            pass.cursor = PageCursor("c")
            pass.latestChange = day(2.75)
            pass.token = "u"
            pass.total = 99
            state.pass = pass
            let other = StreamKey(source: crm, stream: "contacts")
            try await store.take(at: 3) { $0.streams = [contacts: state] }
            try await store.take(at: 4) { $0.streams = [other: standing(through: nil)] }
            trial.expect(
                "the streams", try await store.streams(by: .checks), [contacts: state, other: standing(through: nil)])
            state.pass = nil
            state.refusal = nil
            try await store.take(at: 5) { $0.streams = [contacts: state] }
            trial.expect("the stream after its pass", try await store.streams(by: .checks)[contacts], state)
        },
        Check("streams.history", "How far a stream was known at a past moment is remembered.") { trial in
            let store = try await trial.store()
            try await store.take(at: 1) { $0.streams = [contacts: standing(through: nil)] }
            try await store.take(at: 3) { $0.streams = [contacts: standing(through: 3)] }
            try await store.take(at: 5) { $0.streams = [contacts: standing(through: 5, [.activity, .support])] }
            var refused = standing(through: 5, [.activity, .support])
            refused.refusal = .notPermitted
            try await store.take(at: 7) { $0.streams = [contacts: refused] }
            try await store.take(at: 9)
            func told(_ point: TimePoint) async throws -> String {
                guard let state = try await store.streams(at: point, by: .checks)[contacts] else { return "nothing" }
                let through = state.observedThrough.map { "\(Int($0.timeIntervalSince(day(0)) / 86_400))" } ?? "-"
                return "\(through) \(state.provides.rawValue) \(state.refusal.map { "\($0)" } ?? "-")"
            }
            let expected = ["nothing", "- 4 -", "3 4 -", "3 4 -", "5 12 -", "5 12 not_permitted"]
            let moments = [0.99, 1, 3, 4.99, 5, 8]
            trial.expect(
                "as known then", try await moments.asyncMap { try await told(TimePoint(knownAt: day($0))) }, expected)
            let valid = try await moments.asyncMap { try await told(TimePoint(knownAt: day(8), validAt: day($0))) }
            trial.expect("as held then", valid, expected)
        },
        Check("streams.repeat-over-history", "Over any history each stream's coverage of then is what it was then.") {
            trial in
            for seed in trial.seeds {
                let history = RandomHistory(seed: seed)
                let (store, other) = (try await trial.store(), try await trial.plainStore())
                for batch in history.batches { _ = try await store.commit(batch, by: .checks) }
                for (number, batch) in history.batches.enumerated() {
                    _ = try await other.commit(batch, by: .checks)
                    let isLast = number + 1 == history.batches.count
                    guard isLast || history.batches[number + 1].recordedAt > batch.recordedAt else { continue }
                    let past = try await store.streams(at: TimePoint(knownAt: batch.recordedAt), by: .checks)
                    let then = try await other.streams(by: .checks)
                    let what = "seed \(seed), commit \(number + 1)"
                    guard
                        trial.expect("\(what): coverage", past.mapValues(Coverage.init), then.mapValues(Coverage.init))
                    else { return }
                }
            }
        },
        Check("streams.seen-adds-up", "The ids that a pass sees add up, each once, stream by stream.") { trial in
            let store = try await trial.store()
            trial.expect("seen before any pass", try await store.seen(contacts, by: .checks), [])
            for ids in [["1", "2"], ["2", "3"], []] {
                try await store.take(at: 1) {
                    $0.streams = [contacts: passing(since: 1, cursor: ids.last)]
                    $0.seen = [contacts: ids]
                }
            }
            try await store.take(at: 2) { $0.seen = [contacts: ["4"]] }
            trial.expect("seen so far", try await store.seen(contacts, by: .checks), ["1", "2", "3", "4"])
            trial.expect("seen by no pass", try await store.seen(conversations, by: .checks), [])
        },
        Check("streams.restart-forgets-seen", "A pass that begins anew has seen nothing yet.") { trial in
            let store = try await trial.store()
            try await store.take(at: 1) {
                $0.streams = [contacts: passing(since: 1), conversations: passing(since: 1)]
                $0.seen = [contacts: ["1", "2"], conversations: ["9"]]
            }
            try await store.take(at: 2) {
                $0.streams = [contacts: passing(since: 2)]
                $0.seen = [contacts: ["3"]]
            }
            trial.expect("seen by the new pass", try await store.seen(contacts, by: .checks), ["3"])
            trial.expect("seen by the other stream's", try await store.seen(conversations, by: .checks), ["9"])
        },
        Check("streams.end-of-pass-forgets-seen", "When a pass has ended, nothing is kept of what it saw.") { trial in
            let store = try await trial.store()
            try await store.take(at: 1) {
                $0.streams = [contacts: passing(since: 1)]
                $0.seen = [contacts: ["1", "2"]]
            }
            trial.expect("seen by the pass", try await store.seen(contacts, by: .checks), ["1", "2"])
            try await store.take(at: 2) {
                $0.streams = [contacts: standing(through: 2)]
                $0.seen = [contacts: ["3"]]
            }
            trial.expect("seen after its end", try await store.seen(contacts, by: .checks), [])
            try await store.take(at: 3) { $0.seen = [contacts: ["4"]] }
            trial.expect("seen without a pass", try await store.seen(contacts, by: .checks), [])
        },
        Check(
            "pending.in-order-up-to-a-limit", "What is to be fetched is told in order, up to a limit, stream by stream."
        ) {
            trial in
            let store = try await trial.store()
            try await store.take(at: 1) { batch in
                batch.pending = ["b", "10", "a", "9", "a"].map { PendingFetch(id: parts.record($0)) }
                batch.pending.append(PendingFetch(id: contacts.record("1")))
            }
            func ids(_ limit: Int) async throws -> [String] {
                try await store.pending(parts, limit: limit, by: .checks).map(\.id)
            }
            trial.expect("all", try await ids(.max), ["10", "9", "a", "b"])
            trial.expect("two", try await ids(2), ["10", "9"])
            trial.expect("none", try await ids(0), [])
            trial.expect("fewer than none", try await ids(-1), [])
            let other = try await store.pending(conversations, limit: 9, by: .checks)
            trial.expect("of a stream that waits for nothing", other, [])
        },
        Check(
            "pending.because-of-a-change",
            "What is fetched because of a record is asked for where it changed or is missing."
        ) { trial in
            let store = try await trial.store()
            let part = SourceRecord(
                id: parts.record("9"), subjects: [.record(contacts.record("1"))], changedAt: day(1),
                fact: .transcript(Transcript(conversation: conversations.record("9"), messages: [])))
            let because = PendingFetch(id: part.id, because: conversations.record("9"))
            func pending() async throws -> [RecordID] { try await store.pending(parts, limit: 9, by: .checks) }
            let talk = conversation("9", of: ["1"])
            try await store.take([talk], at: 1) { $0.pending = [because] }
            trial.expect("after a new record", try await pending(), [part.id])
            try await store.take([part], at: 2) { $0.fetched = [part.id] }
            trial.expect("after it was fetched", try await pending(), [])
            try await store.take([talk], at: 3) { $0.pending = [because] }
            trial.expect("after an unchanged record whose part is there", try await pending(), [])
            try await store.take([conversation("9", of: ["1"], changed: 4)], at: 4) { $0.pending = [because] }
            trial.expect("after a changed record", try await pending(), [part.id])
            let missing = PendingFetch(id: parts.record("8"), because: conversations.record("9"))
            try await store.take([conversation("9", of: ["1"], changed: 4)], at: 5) { $0.pending = [missing] }
            trial.expect("after an unchanged record whose part is missing", try await pending(), [missing.id, part.id])
            try await store.take([part], at: 6) { $0.pending = [PendingFetch(id: part.id)] }
            trial.expect("in any case", try await pending(), [missing.id, part.id])
        },
        Check("pending.fetched-settles", "What was fetched, or need not be, is asked for no more.") { trial in
            let store = try await trial.store()
            try await store.take(at: 1) { batch in
                batch.pending = ["1", "2", "3"].map { PendingFetch(id: contacts.record($0)) }
            }
            try await store.take([contact("1", "ada@x.test")], at: 2) {
                $0.fetched = [contacts.record("1"), contacts.record("3"), contacts.record("77")]
            }
            let left = try await store.pending(contacts, limit: 9, by: .checks)
            trial.expect("what is left", left, [contacts.record("2")])
            try await store.take(at: 3) { $0.pending = [PendingFetch(id: contacts.record("3"))] }
            let again = try await store.pending(contacts, limit: 9, by: .checks)
            trial.expect("what is asked for again", again, [contacts.record("2"), contacts.record("3")])
        },
        Check(
            "pending.asked-for-by-several", "What several records asked for is read by all of them when it was fetched."
        ) {
            trial in
            let store = try await trial.store()
            let part = parts.record("p")
            func unread() async throws -> [String]? { try await store.file("ada@x.test")?.unread.map(\.id) }
            try await store.take([contact("1", "ada@x.test")], at: 1)
            for (number, id) in ["8", "9"].enumerated() {
                try await store.take([conversation(id, of: ["1"])], at: 2 + Double(number)) {
                    $0.pending = [PendingFetch(id: part, because: conversations.record(id))]
                }
            }
            try await store.take(at: 4) { $0.pending = [PendingFetch(id: part)] }
            trial.expect("what is unread", try await unread(), ["8", "9"])
            trial.expect("what is to be fetched", try await store.pending(parts, limit: 9, by: .checks), [part])
            let receipt = try await store.take(at: 5) { $0.fetched = [part] }
            trial.expect("what is unread when it was fetched", try await unread(), [])
            trial.expect("whom that touches", receipt.touched.map(\.description), ["ada@x.test"])
        },
        Check("pending.unread-in-the-file", "A conversation is unread while a part of it is to be fetched.") { trial in
            let store = try await trial.store()
            let talk = conversation("9", of: ["1"])
            func unread() async throws -> [String]? { try await store.file("ada@x.test")?.unread.map(\.id) }
            try await store.take([contact("1", "ada@x.test"), talk, conversation("8", of: ["1"])], at: 1) { batch in
                batch.pending = ["a", "b"].map { PendingFetch(id: parts.record($0), because: talk.id) }
            }
            trial.expect("what is unread", try await unread(), ["9"])
            let first = try await store.take(at: 2) { $0.fetched = [parts.record("a")] }
            trial.expect("what is unread after one part", try await unread(), ["9"])
            trial.expect("whom a part touches", first.touched.map(\.description), ["ada@x.test"])
            let second = try await store.take(at: 3) { $0.fetched = [parts.record("b")] }
            trial.expect("what is unread after both", try await unread(), [])
            trial.expect("whom the last part touches", second.touched.map(\.description), ["ada@x.test"])
            let reopened = try await store.take([talk], at: 4) {
                $0.pending = [PendingFetch(id: parts.record("c"), because: talk.id)]
            }
            trial.expect("what is unread when another part is missing", try await unread(), ["9"])
            trial.expect("whom that touches", reopened.touched.map(\.description), ["ada@x.test"])
        },
        Check("runs.newest-first", "Runs are told the newest first, each as it was told last, filtered, up to a limit.")
        { trial in
            let store = try await trial.store()
            func run(_ id: String, _ source: SourceID, _ status: SyncRun.Status) -> SyncRun {
                var run = SyncRun(id: id, source: source, mode: .incremental, startedAt: day(1))
                run.status = status
                run.failures = ["\(status)"]
                run.duration = .milliseconds(1500)
                run.averageQuality = 1.0 / 3
                return run
            }
            func ids(_ query: RunQuery) async throws -> [String] { try await store.runs(query, by: .checks).map(\.id) }
            trial.expect("runs of an empty store", try await ids(RunQuery()), [])
            try await store.take(at: 1) { $0.runs = [run("a", desk, .running)] }
            try await store.take(at: 2) { $0.runs = [run("b", crm, .running), run("c", desk, .failed)] }
            var last = run("a", desk, .success)
            var stream = StreamReceipt(stream: "contacts", holdsCustomers: true)
            stream.expected = 7
            stream.new = 5
            stream.problems = ["two are missing"]
            last.receipt.streams = [stream]
            try await store.take(at: 3) { $0.runs = [last] }
            trial.expect("all", try await ids(RunQuery()), ["c", "b", "a"])
            trial.expect("the oldest as told last", try await store.runs(RunQuery(), by: .checks).last, last)
            trial.expect("two", try await ids(RunQuery(limit: 2)), ["c", "b"])
            trial.expect("none", try await ids(RunQuery(limit: 0)), [])
            trial.expect("those of a source", try await ids(RunQuery(source: desk)), ["c", "a"])
            trial.expect("those of a status", try await ids(RunQuery(status: .success)), ["a"])
            trial.expect("one of a source", try await ids(RunQuery(source: desk, limit: 1)), ["c"])
            trial.expect("of both", try await ids(RunQuery(source: crm, status: .failed)), [])
            let many = (0..<25).map { run("m\($0)", crm, .success) }
            try await store.take(at: 4) { $0.runs = many }
            trial.expect("unless said otherwise", try await ids(RunQuery()), many.reversed().prefix(20).map(\.id))
        },
    ]

    /// What of a stream's state is remembered of the past.
    private struct Coverage: Hashable {
        var through: Date?
        var provides: UInt8
        var refusal: UnknownReason?

        init(_ state: StreamState) {
            through = state.observedThrough
            provides = state.provides.rawValue
            refusal = state.refusal
        }
    }
}
