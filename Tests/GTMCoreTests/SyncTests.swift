import GTMCore
import Synchronization
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A source that answers what it is told to, and remembers what it was asked.
final class ScriptedSource: SourceAdapter {
    let descriptor: SourceDescriptor
    private let answer: @Sendable (PageRequest, Int) throws -> RecordPage
    private let asked = Mutex<[PageRequest]>([])

    init(
        _ source: SourceID = desk, streams: [StreamDescriptor] = [ScriptedSource.contacts],
        _ answer: @escaping @Sendable (PageRequest, _ call: Int) throws -> RecordPage
    ) {
        descriptor = SourceDescriptor(id: source, name: "Desk", streams: streams, interval: .seconds(3600))
        self.answer = answer
    }

    static let contacts = StreamDescriptor(
        name: "contacts", reading: .listed, provides: [.profile, .revenue, .activity], createsCustomers: true,
        deletions: .absence)
    static let conversations = StreamDescriptor(name: "conversations", reading: .listed, provides: [.support])
    static let parts = StreamDescriptor(name: "conversation_parts", reading: .byID, provides: [.transcripts])

    var requests: [PageRequest] { asked.withLock { $0 } }

    func page(_ request: PageRequest) async throws -> RecordPage {
        let call = asked.withLock { asked in
            asked.append(request)
            return asked.count
        }
        return try answer(request, call)
    }
}

/// Pages of `size` contacts, numbered from 0; the cursor is the next number.
func pages(of records: [SourceRecord], size: Int, _ request: PageRequest) -> RecordPage {
    switch request.scope {
    case .ids(let ids):
        return RecordPage(
            records: ids.map { id in
                records.first { $0.id == id } ?? SourceRecord(id: id, fact: .contact(Contact()), state: .deleted)
            })
    case .everything, .changed:
        let start = request.cursor.flatMap { Int($0.text) } ?? 0
        let end = min(start + size, records.count)
        return RecordPage(
            records: Array(records[min(start, end)..<end]), next: end < records.count ? PageCursor("\(end)") : nil,
            total: records.count)
    }
}

func people(_ count: Int, changed: Double = -1) -> [SourceRecord] {
    (0..<count).map { contact("c\($0)", email: "p\($0)@x.test", changed: changed) }
}

@Suite("Sync") struct SyncTests {
    private func sync(
        _ source: ScriptedSource, into store: InMemoryStore = InMemoryStore(), _ mode: SyncRun.Mode = .incremental,
        at moment: Double = 0
    ) async throws -> SyncRun {
        let runs = try await GTMEngine(store: store, sources: [source], now: { day(moment) }).sync(mode)
        return try #require(runs.first)
    }

    @Test("Every page is read, counted and committed; the receipt proves it") func completeRun() async throws {
        let records = people(25) + [contact("x", changed: -1)]
        let source = ScriptedSource { request, _ in pages(of: records, size: 10, request) }
        let store = InMemoryStore()
        let run = try await sync(source, into: store)
        #expect(run.status == .success)
        #expect(run.receipt.streams.map(\.pages) == [3])
        #expect(run.receipt.streams.map(\.expected) == [26])
        #expect(run.receipt.streams.map(\.seen) == [26])
        #expect([run.newContacts, run.updatedContacts, run.unchangedContacts, run.skippedContacts] == [25, 0, 0, 1])
        #expect(run.contactsSynced == run.newContacts + run.updatedContacts)
        #expect(try await store.files(CustomerScan(), by: .unspecified).count == 25)
        #expect(await store.runs(RunQuery(), by: .unspecified) == [run])
        let state = try #require(try await store.streams(by: .unspecified).values.first)
        #expect(state.checkpoint?.watermark == day(-1))
        #expect(state.observedThrough == epoch)
        #expect(state.pass == nil)
    }

    @Test("A person whose owner comes on a later page is counted with him, not as skipped") func lateOwner()
        async throws
    {
        let records =
            [contact("a", keys: [stripe("cus_1")])] + people(10) + [
                contact("z", email: "late@x.test", keys: [stripe("cus_1")])
            ]
        let source = ScriptedSource { request, _ in pages(of: records, size: 5, request) }
        let run = try await sync(source)
        #expect([run.newContacts, run.skippedContacts] == [12, 0])
        let reversed = ScriptedSource { request, _ in pages(of: records.reversed(), size: 5, request) }
        #expect(try await sync(reversed).newContacts == 12)
    }

    @Test("The same records with ever new cursors end the pass") func endlessRepetition() async throws {
        let source = ScriptedSource { _, call in RecordPage(records: people(3), next: PageCursor("\(call)")) }
        let run = try await sync(source)
        #expect(run.status == .failed)
        #expect(source.requests.count < 50)
    }

    @Test("A first run reads everything and says so") func firstMode() async throws {
        let store = InMemoryStore()
        let source = ScriptedSource { request, _ in pages(of: people(2), size: 5, request) }
        #expect(try await sync(source, into: store).mode == .full)
        #expect(try await sync(source, into: store, at: 1).mode == .incremental)
    }

    /// A file with some of the people, under the name of the account that they come from.
    private func file(_ records: [SourceRecord]) -> ScriptedSource {
        var stream = ScriptedSource.contacts
        stream.reading = .once
        stream.deletions = .untold
        return ScriptedSource(streams: [stream]) { request, _ in pages(of: records, size: 2, request) }
    }

    @Test("A file with a part of the account leaves the rest to be read") func fileFirst() async throws {
        let store = InMemoryStore()
        let file = file(Array(people(4)[..<2]))
        #expect(try await sync(file, into: store, .full).status == .success)
        let key = StreamKey(source: desk, stream: "contacts")
        let state = try #require(try await store.streams(by: .unspecified)[key])
        #expect(state.checkpoint == nil && state.pass == nil && state.observedThrough == epoch)
        let account = ScriptedSource { request, _ in pages(of: people(4), size: 10, request) }
        let run = try await sync(account, into: store, at: 1)
        #expect(account.requests.map(\.scope) == [.everything])
        #expect([run.newContacts, run.unchangedContacts] == [2, 2])
    }

    @Test("A file read in between moves neither the checkpoint nor what was observed") func fileBetween() async throws {
        let store = InMemoryStore()
        let account = ScriptedSource { request, _ in pages(of: people(4), size: 10, request) }
        _ = try await sync(account, into: store)
        let before = try await store.streams(by: .unspecified)
        let run = try await sync(file([contact("new", email: "new@x.test", changed: 3)]), into: store, .full, at: 4)
        #expect(run.newContacts == 1)
        #expect(try await store.streams(by: .unspecified) == before)
        _ = try await sync(account, into: store, at: 5)
        #expect(account.requests.last?.scope == .changed(since: Checkpoint(watermark: day(-1))))
    }

    @Test("A file does not take over a pass that broke off, nor does it disturb it") func fileAmidPass() async throws {
        let store = InMemoryStore()
        let account = ScriptedSource { request, call in
            if call == 3 { throw SourceError(code: .unavailable, source: desk, detail: "down") }
            return pages(of: people(9), size: 2, request)
        }
        #expect(try await sync(account, into: store).status == .failed)
        let key = StreamKey(source: desk, stream: "contacts")
        let seen = await store.seen(key, by: .unspecified)
        let file = file([contact("z1", email: "z1@x.test"), contact("z2", email: "z2@x.test")] + people(9).suffix(1))
        #expect(try await sync(file, into: store, .full, at: 0.1).status == .success)
        #expect(file.requests.first?.cursor == nil)
        #expect(await store.seen(key, by: .unspecified) == seen)
        let run = try await sync(account, into: store, at: 0.2)
        #expect(account.requests.dropFirst(3).first?.cursor == PageCursor("4"))
        #expect(run.status == .success && run.receipt.streams.first?.seen == 9)
    }

    @Test("The second run asks for what changed; what says the same is not stored again") func incremental()
        async throws
    {
        let store = InMemoryStore()
        let records = people(5)
        let source = ScriptedSource { request, _ in pages(of: records, size: 10, request) }
        _ = try await sync(source, into: store)
        let second = try await sync(source, into: store, at: 1)
        #expect(source.requests.map(\.scope) == [.everything, .changed(since: Checkpoint(watermark: day(-1)))])
        #expect([second.newContacts, second.updatedContacts, second.unchangedContacts] == [0, 0, 5])
        let full = try await sync(source, into: store, .full, at: 2)
        #expect(source.requests.last?.scope == .everything)
        #expect(full.mode == .full)
        #expect(Set(await store.runs(RunQuery(), by: .unspecified).map(\.id)).count == 3)
    }

    @Test("A page that comes twice doubles nothing") func duplicatePage() async throws {
        let records = people(20)
        let source = ScriptedSource { request, call in
            var page = pages(of: records, size: 10, request)
            if call == 1 { page.next = PageCursor("again") }
            if request.cursor?.text == "again" {
                page = pages(of: records, size: 10, PageRequest(stream: "contacts", scope: .everything, now: epoch))
            }
            return page
        }
        let store = InMemoryStore()
        let run = try await sync(source, into: store)
        #expect(run.status == .success)
        #expect(run.receipt.streams[0].duplicates == 10)
        #expect(run.newContacts == 20)
        #expect(try await store.files(CustomerScan(), by: .unspecified).count == 20)
    }

    @Test("A gap is looked for once more, then named; the checkpoint stays where it was") func gap() async throws {
        let records = people(20)
        let store = InMemoryStore()
        let lossy = ScriptedSource { request, _ in
            var page = pages(of: records, size: 10, request)
            page.records.removeFirst()
            return page
        }
        let run = try await sync(lossy, into: store)
        #expect(run.status == .incomplete)
        #expect(run.receipt.streams[0].gap == 2)
        #expect(run.receipt.streams[0].problems.count == 1)
        #expect(lossy.requests.count == 4)
        #expect(try await store.streams(by: .unspecified).values.first?.checkpoint == nil)
        #expect(try await store.streams(by: .unspecified).values.first?.observedThrough == nil)
        let flaky = ScriptedSource { request, call in
            var page = pages(of: records, size: 10, request)
            if call == 1 { page.records.removeFirst() }
            return page
        }
        #expect(try await sync(flaky).status == .success)
    }

    @Test("A cursor that repeats ends the pass; nothing is read for ever") func repeatedCursor() async throws {
        let records = people(20)
        let source = ScriptedSource { request, _ in
            var page = pages(of: records, size: 10, request)
            page.next = PageCursor("10")
            return page
        }
        let store = InMemoryStore()
        let run = try await sync(source, into: store)
        #expect(run.status == .failed)
        #expect(run.failures.first?.contains("repeatedCursor") == true)
        #expect(source.requests.count == 4)
        #expect(try await store.files(CustomerScan(), by: .unspecified).count == 20)
    }

    @Test("Empty pages that lead on and on end the pass") func endlessEmptyPages() async throws {
        let source = ScriptedSource { request, call in
            RecordPage(records: call == 1 ? people(3) : [], next: PageCursor("\(call)"))
        }
        let run = try await sync(source)
        #expect(run.status == .failed)
        #expect(run.newContacts == 3)
        #expect(source.requests.count < 50)
    }

    @Test("A run that breaks off keeps what it has, and the next one goes on from there") func resume() async throws {
        let records = people(50)
        let broken = ScriptedSource { request, _ in
            if request.cursor?.text == "30" {
                throw SourceError(code: .unavailable, source: desk, detail: "status 500 four times")
            }
            return pages(of: records, size: 10, request)
        }
        let store = InMemoryStore()
        let failed = try await sync(broken, into: store)
        #expect(failed.status == .failed)
        #expect(failed.newContacts == 30)
        #expect(await store.runs(RunQuery(status: .failed), by: .unspecified).count == 1)
        let mended = ScriptedSource { request, _ in pages(of: records, size: 10, request) }
        let run = try await sync(mended, into: store, at: 0.1)
        #expect(mended.requests.map(\.cursor?.text) == ["30", "40"])
        #expect(run.status == .success)
        #expect(run.newContacts == 20)
        #expect(run.receipt.streams[0].seen == 50)
    }

    @Test("An expired cursor starts again from the checkpoint") func expiredCursor() async throws {
        let records = people(30)
        let source = ScriptedSource { request, call in
            if call == 3 { throw SourceError(code: .expiredCursor, source: desk, detail: "cursor too old") }
            return pages(of: records, size: 10, request)
        }
        let run = try await sync(source)
        #expect(run.status == .success)
        #expect(run.receipt.streams[0].seen == 30)
    }

    @Test("One source's failure takes nothing from the others") func isolation() async throws {
        let other = SourceID(vendor: "intercom", account: "other")
        let good = ScriptedSource(other) { request, _ in
            pages(of: [contact("1", email: "ada@x.test", source: other)], size: 10, request)
        }
        let bad = ScriptedSource { _, _ in
            throw SourceError(code: .unauthorized, source: desk, detail: "the token was refused", status: 401)
        }
        let store = InMemoryStore()
        let runs = try await GTMEngine(store: store, sources: [bad, good], now: { epoch }).sync()
        #expect(runs.map(\.source) == [desk, other])
        #expect(runs.map(\.status) == [.failed, .success])
        #expect(try await store.files(CustomerScan(), by: .unspecified).count == 1)
    }

    @Test("A stream that is refused is said to be so, and the rest is read") func refusedStream() async throws {
        let source = ScriptedSource(streams: [ScriptedSource.contacts, ScriptedSource.conversations]) { request, _ in
            guard request.stream == "contacts" else {
                throw SourceError(code: .forbidden, source: desk, detail: "conversations may not be read", status: 401)
            }
            return pages(of: people(3), size: 10, request)
        }
        let store = InMemoryStore()
        let run = try await sync(source, into: store)
        #expect(run.status == .incomplete)
        let engine = GTMEngine(store: store, now: { epoch })
        let view = try #require(try await engine.customer(try EmailAddress("p0@x.test")))
        #expect(view.activity.conversationsTotal == .unknown(.notPermitted))
    }

    @Test("A record that could not be taken is kept with its reason, and the run is not a success") func rejected()
        async throws
    {
        let source = ScriptedSource { request, _ in
            var page = pages(of: people(3), size: 10, request)
            page.total = 4
            page.rejected = [RejectedRecord(id: contactID("bad"), path: "$.data[3]", reason: "expected an object")]
            page.issues = [FieldIssue(record: contactID("c0"), path: "created_at", reason: "expected seconds")]
            return page
        }
        let store = InMemoryStore()
        let run = try await sync(source, into: store)
        #expect(run.status == .incomplete)
        #expect(run.errors == 1)
        #expect(run.receipt.streams[0].gap == 0)
        #expect(run.receipt.streams[0].fieldIssues == 1)
        #expect(await store.rejected(by: .unspecified).map(\.path) == ["$.data[3]"])
        #expect(await store.issues(by: .unspecified).map(\.path) == ["created_at"])
        let mended = ScriptedSource { request, _ in pages(of: people(3), size: 10, request) }
        _ = try await sync(mended, into: store, .full, at: 1)
        #expect(await store.issues(by: .unspecified).isEmpty)
    }

    @Test("What a full read does not show is asked for, then gone; a lost page is not believed") func deletions()
        async throws
    {
        let records = people(40)
        let store = InMemoryStore()
        let source = ScriptedSource { request, _ in pages(of: records, size: 10, request) }
        _ = try await sync(source, into: store)
        let later = records.filter { $0.id.id != "c7" }
        let without = ScriptedSource { request, _ in pages(of: later, size: 10, request) }
        let run = try await sync(without, into: store, .full, at: 1)
        #expect(run.receipt.streams[0].vanished == 1)
        #expect(run.status == .success)
        let gone = try await GTMEngine(store: store, now: { day(1) }).customer(try EmailAddress("p7@x.test"))
        #expect(gone?.customer.isEnded == true)
        let half = Array(later.prefix(20))
        let lossy = ScriptedSource { request, _ in pages(of: half, size: 10, request) }
        let held = try await sync(lossy, into: store, .full, at: 2)
        #expect(held.status == .incomplete)
        #expect(held.receipt.streams[0].vanished == 0)
        #expect(await store.liveIDs(StreamKey(source: desk, stream: "contacts"), by: .unspecified).count == 39)
    }

    @Test("Too many missing at once are asked for when a second full read does not show them either") func heldBack()
        async throws
    {
        let records = people(40)
        let store = InMemoryStore()
        _ = try await sync(ScriptedSource { request, _ in pages(of: records, size: 10, request) }, into: store)
        let left = Array(records.prefix(20))
        let source = ScriptedSource { request, _ in pages(of: left, size: 10, request) }
        #expect(try await sync(source, into: store, .full, at: 1).status == .incomplete)
        let second = try await sync(source, into: store, .full, at: 2)
        #expect(second.status == .success)
        #expect(second.receipt.streams[0].vanished == 20)
    }

    @Test("Archived records are not missed by later full reads") func archived() async throws {
        let records = people(100)
        let store = InMemoryStore()
        _ = try await sync(ScriptedSource { request, _ in pages(of: records, size: 50, request) }, into: store)
        for week in 1...4 {
            let hidden = Set(records.prefix(week * 5).map(\.id))
            let source = ScriptedSource { request, _ in
                guard case .ids(let ids) = request.scope else {
                    return pages(of: records.filter { !hidden.contains($0.id) }, size: 50, request)
                }
                var page = RecordPage(records: records.filter { ids.contains($0.id) })
                for place in page.records.indices { page.records[place].state = .archived }
                return page
            }
            #expect(try await sync(source, into: store, .full, at: Double(week)).status == .success, "week \(week)")
        }
        #expect(try await store.files(CustomerScan(), by: .unspecified).count == 100)
    }

    @Test("A token of another account is noticed before anything is read") func otherAccount() async throws {
        let store = InMemoryStore()
        let own = NamedSource(account: "wk1", ScriptedSource { request, _ in pages(of: people(5), size: 10, request) })
        let other = NamedSource(account: "wk2", ScriptedSource { request, _ in pages(of: [], size: 10, request) })
        _ = try await GTMEngine(store: store, sources: [own], now: { epoch }).sync()
        let run = try #require(try await GTMEngine(store: store, sources: [other], now: { day(1) }).sync(.full).first)
        #expect(run.status == .failed)
        #expect(run.failures.first?.contains("wk2") == true)
        #expect(await store.liveIDs(StreamKey(source: desk, stream: "contacts"), by: .unspecified).count == 5)
    }

    @Test("Runs that begin at once have ids of their own") func simultaneousRuns() async throws {
        let store = InMemoryStore()
        let source = ScriptedSource { request, _ in pages(of: people(3), size: 10, request) }
        let engine = GTMEngine(store: store, sources: [source], now: { epoch })
        try await withThrowingTaskGroup { group in
            for _ in 0..<20 { group.addTask { _ = try await engine.sync() } }
            try await group.waitForAll()
        }
        #expect(await store.runs(RunQuery(limit: 100), by: .unspecified).count == 20)
        #expect(try await store.files(CustomerScan(), by: .unspecified).count == 3)
    }

    @Test("Parts are fetched for what changed, once; those that fail stay and are asked for again") func pending()
        async throws
    {
        let heads = (0..<3).map { conversation("t\($0)", of: ["c0"], changed: -1) }
        @Sendable func part(_ id: RecordID) -> SourceRecord {
            SourceRecord(id: id, fact: .transcript(Transcript(conversation: id, messages: [])))
        }
        @Sendable func answer(_ request: PageRequest, failing: String?) -> RecordPage {
            switch (request.stream, request.scope) {
            case ("conversations", _):
                var page = RecordPage(records: heads, total: 3)
                page.pending = heads.map { head in
                    PendingFetch(
                        id: RecordID(source: desk, stream: "conversation_parts", id: head.id.id), because: head.id)
                }
                return page
            case (_, .ids(let ids)):
                var page = RecordPage()
                for id in ids {
                    if id.id == failing {
                        page.rejected.append(RejectedRecord(id: id, path: "$", reason: "status 500", retries: true))
                    } else {
                        page.records.append(part(id))
                    }
                }
                return page
            default: return RecordPage()
            }
        }
        let streams = [ScriptedSource.conversations, ScriptedSource.parts]
        let store = await store(people(1))
        let first = ScriptedSource(streams: streams) { request, _ in answer(request, failing: "t1") }
        #expect(try await sync(first, into: store).status == .incomplete)
        let key = StreamKey(source: desk, stream: "conversation_parts")
        #expect(await store.pending(key, limit: 9, by: .unspecified).map(\.id) == ["t1"])
        let waiting = try await store.customer(.email(try EmailAddress("p0@x.test")), at: .latest, by: .unspecified)
        #expect(waiting?.unread.map(\.id) == ["t1"])
        let deaf = try #require(waiting.map { Assessor().assess($0, context()) })
        #expect(deaf.activity.mentionedCancel == .unknown(.notYetObserved))
        let second = ScriptedSource(streams: streams) { request, _ in answer(request, failing: nil) }
        #expect(try await sync(second, into: store, at: 0.1).status == .success)
        #expect(
            second.requests.compactMap { if case .ids(let ids) = $0.scope { ids.map(\.id) } else { nil } } == [["t1"]])
        #expect(await store.rejected(by: .unspecified).isEmpty)
        #expect(try await store.assessed("p0@x.test", context())?.activity.mentionedCancel == .known(false))
    }

    @Test("A part that is asked for and not answered stays to be fetched") func unanswered() async throws {
        let id = RecordID(source: desk, stream: "conversation_parts", id: "t")
        let source = ScriptedSource(streams: [ScriptedSource.conversations, ScriptedSource.parts]) { request, _ in
            request.stream == "conversations"
                ? RecordPage(records: [conversation("t", of: ["c0"])], pending: [PendingFetch(id: id)]) : RecordPage()
        }
        let store = InMemoryStore()
        #expect(try await sync(source, into: store).status == .incomplete)
        #expect(await store.pending(StreamKey(source: desk, stream: id.stream), limit: 9, by: .unspecified) == [id])
    }

    @Test("Progress tells what happens, and ends") func progress() async throws {
        let source = ScriptedSource { request, _ in pages(of: people(20), size: 10, request) }
        let engine = GTMEngine(store: InMemoryStore(), sources: [source], now: { epoch })
        let progress = SyncProgress()
        async let runs = engine.sync(progress: progress)
        var seen: [Int] = []
        var ended = 0
        for await event in progress {
            if case .page(_, let count, _) = event { seen.append(count) }
            if case .finished = event { ended += 1 }
        }
        #expect(seen == [10, 20])
        #expect(ended == 1)
        #expect(try await runs.count == 1)
    }

    @Test("Cancelling stops a run within a page") func cancellation() async throws {
        let source = ScriptedSource { request, _ in
            let start = request.cursor.flatMap { Int($0.text) } ?? 0
            return RecordPage(
                records: [contact("c\(start)", email: "p\(start)@x.test")], next: PageCursor("\(start + 1)"))
        }
        let engine = GTMEngine(store: InMemoryStore(), sources: [source], now: { epoch })
        let task = Task { try await engine.sync() }
        while source.requests.count < 5 { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}

/// A source that tells which account it reads.
struct NamedSource: AccountIdentifying {
    let account: String
    let base: ScriptedSource

    init(account: String, _ base: ScriptedSource) {
        self.account = account
        self.base = base
    }

    var descriptor: SourceDescriptor { base.descriptor }
    func page(_ request: PageRequest) async throws -> RecordPage { try await base.page(request) }
    func accountID() -> String? { account }
}
