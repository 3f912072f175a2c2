import FoundationEssentials
import Synchronization
import Testing

@testable import GTMCore

/// Collects lines.
final class Lines: Sendable {
    private let lines = Mutex<[[UInt8]]>([])
    func add(_ line: [UInt8]) { lines.withLock { $0.append(line) } }
    var all: [[UInt8]] { lines.withLock { $0 } }
}

extension ExportingStore {
    /// The lines of an export, as text.
    func exported() async throws -> [String] {
        let lines = Lines()
        try await export(by: .engine) { lines.add($0) }
        return lines.all.map { String(decoding: $0, as: UTF8.self) }
    }
}

/// A store in memory and one in a folder are told the same, and have to say the same.
@Suite("A store in a folder says what one in memory says") struct TwinStoreTests {
    /// A random history: batches in a random order of the records of a random world.
    static func history(seed: UInt64) -> [StoreBatch] {
        let world = RandomWorld(seed: seed)
        var random = SplitMix(seed: seed &+ 77)
        var records = world.records.shuffled(using: &random)
        records += records.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
        var rules = world.rules
        var batches: [StoreBatch] = []
        var moment = 0.0
        let key = StreamKey(source: desk, stream: "contacts")
        while !records.isEmpty {
            moment += Double.random(in: 0.1...3, using: &random)
            var batch = StoreBatch(recordedAt: day(moment))
            batch.records = Array(records.prefix(Int.random(in: 0...5, using: &random)))
            records.removeFirst(batch.records.count)
            if let id = batch.records.first?.id {
                if Int.random(in: 0..<4, using: &random) == 0 {
                    batch.issues = [FieldIssue(record: id, path: "$.a", reason: "not a number")]
                }
                if Int.random(in: 0..<4, using: &random) == 0 {
                    let part = RecordID(source: desk, stream: "conversation_parts", id: id.id)
                    batch.pending = [PendingFetch(id: part, because: id)]
                }
            }
            if Int.random(in: 0..<5, using: &random) == 0 {
                batch.rejected = [
                    RejectedRecord(id: contactID("\(Int.random(in: 0..<7, using: &random))"), path: "$", reason: "odd")
                ]
            }
            if Int.random(in: 0..<3, using: &random) == 0, !rules.isEmpty {
                var rule = rules.removeFirst()
                rule.madeAt = day(moment)
                batch.rules = [rule]
            }
            if Int.random(in: 0..<3, using: &random) == 0 {
                var state = StreamState()
                state.provides = [.profile, .revenue]
                state.observedThrough = day(moment)
                state.pass = StreamPass(isFull: true, startedAt: day(moment.rounded(.down)))
                batch.streams[key] = state
                batch.seen[key] = batch.records.map(\.id.id)
            }
            batches.append(batch)
        }
        return batches
    }

    private func answers(_ store: any CustomerStore, at point: TimePoint) async throws -> [CustomerFile] {
        try await store.files(CustomerScan(at: point, limit: .max), by: .engine)
    }

    @Test("Live, past, opened again, without snapshot, compacted, restored", arguments: 0..<40)
    func twins(seed: UInt64) async throws {
        let folder = try TemporaryFolder()
        let memory = InMemoryStore()
        var store = try await FileStore.open(folder("s"), now: { epoch })
        let history = Self.history(seed: seed)
        var random = SplitMix(seed: seed)
        for (place, batch) in history.enumerated() {
            let told = await memory.commit(batch, by: .engine)
            let stored = try await store.commit(batch, by: .engine)
            #expect(told == stored)
            switch Int.random(in: 0..<9, using: &random) {
            case 0:
                try await store.close()
                store = try await FileStore.open(folder("s"), now: { epoch })
            case 1:
                try await store.close()
                try? FileManager.default.removeItem(atPath: folder("s/index-1"))
                store = try await FileStore.open(folder("s"), now: { epoch })
            case 2 where place % 2 == 0: try await store.compact()
            default: break
            }
        }
        let exported = try await memory.exported()
        let stored = try await store.exported()
        #expect(stored.count == exported.count)
        for (line, other) in zip(stored, exported) { #expect(line == other) }
        for moment in stride(from: -60.0, through: 30, by: 4.5) {
            for point in [
                TimePoint(knownAt: day(moment)), TimePoint(validAt: day(moment)),
                TimePoint(knownAt: day(moment + 20), validAt: day(moment)), .latest,
            ] {
                #expect(try await answers(store, at: point) == (try await answers(memory, at: point)))
            }
        }
        try await store.close()
        #expect(try await FileStore.check(folder("s")) == [])
        let lines = exported.map { Array($0.utf8) }
        try await FileStore.restore(lines, to: folder("r"))
        let restored = try await FileStore.open(folder("r"), now: { epoch })
        #expect(try await restored.exported() == exported)
        #expect(try await answers(restored, at: .latest) == (try await answers(memory, at: .latest)))
        #expect(try await restored.due(asOf: day(99), by: .engine) == (await memory.due(asOf: day(99), by: .engine)))
        try await restored.close()
        #expect(try await InMemoryStore(restoring: lines).exported() == exported)
    }

    @Test("The state as known at each commit is a store told no more than that", arguments: 0..<8)
    func asKnownAtEachCommit(seed: UInt64) async throws {
        let folder = try TemporaryFolder()
        let store = try await FileStore.open(folder("s"), now: { epoch })
        let history = Self.history(seed: seed &+ 1000)
        for batch in history { _ = try await store.commit(batch, by: .engine) }
        let replayed = InMemoryStore()
        for batch in history {
            _ = await replayed.commit(batch, by: .engine)
            let point = TimePoint(knownAt: batch.recordedAt)
            var expected = try await answers(replayed, at: .latest)
            // What is still to be fetched is known of the present alone.
            for place in expected.indices { expected[place].unread = [] }
            var found = try await answers(store, at: point)
            for place in found.indices { found[place].unread = [] }
            #expect(found == expected)
        }
        try await store.close()
    }

    @Test("Many committers at once lose nothing and double nothing") func manyCommitters() async throws {
        let folder = try TemporaryFolder()
        let store = try await FileStore.open(folder("s"), now: { epoch })
        let sequences = try await withThrowingTaskGroup(of: [UInt64].self) { group in
            for task in 0..<16 {
                group.addTask {
                    var sequences: [UInt64] = []
                    for number in 0..<20 {
                        var batch = StoreBatch(recordedAt: day(1))
                        // The same id twice in one group, by several callers.
                        batch.records = [
                            contact("\(task)-\(number)", email: "c\(task).\(number)@x.test", changed: 1),
                            contact("shared", email: "s@x.test", changed: Double(number)) { $0.name = "\(number % 3)" },
                        ]
                        sequences.append(try await store.commit(batch, by: .engine).sequence)
                    }
                    return sequences
                }
            }
            var all: [UInt64] = []
            for try await part in group { all += part }
            return all
        }
        #expect(sequences.sorted() == Array(1...320))
        let live = try await store.exported()
        try await store.close()
        try? FileManager.default.removeItem(atPath: folder("s/index-1"))
        let again = try await FileStore.open(folder("s"), now: { epoch })
        #expect(try await again.exported() == live)
        #expect(try await again.liveIDs(StreamKey(source: desk, stream: "contacts"), by: .engine).count == 321)
        try await again.close()
        #expect(try await FileStore.check(folder("s")) == [])
    }

    @Test("An erased person is in no byte of the folder after compaction") func erasedFromEveryByte() async throws {
        let folder = try TemporaryFolder()
        let memory = InMemoryStore()
        let store = try await FileStore.open(folder("s"), now: { epoch })
        let ada = CustomerKey.email(EmailAddress(storedText: "ada.lovelace@x.test"))
        var batch = StoreBatch(recordedAt: day(1))
        batch.records = [
            contact("person-1", email: "ada.lovelace@x.test", changed: 1) { $0.name = "Ada Unmistakable" },
            contact("2", email: "bo@x.test", changed: 1), contact("3", email: "cy@x.test", changed: 1),
            conversation("talk-1", of: ["person-1"]), conversation("talk-2", of: ["3"]),
        ]
        batch.issues = [FieldIssue(record: contactID("person-1"), path: "$.x", reason: "odd")]
        for store in [memory, store] as [any CustomerStore] { _ = try await store.commit(batch, by: .engine) }
        let engine = GTMEngine(store: store, now: { day(2) })
        _ = try await engine.merge(.email(EmailAddress(storedText: "bo@x.test")), into: ada)
        #expect(try await engine.customers().customers.map(\.key.description) == ["ada.lovelace@x.test", "cy@x.test"])
        // Two who were said to be one are erased as one.
        #expect(try await store.erase(ada, at: day(3), by: .engine)?.records == 3)
        await #expect(throws: StoreError.self) { try await store.customer(ada, at: .latest, by: .engine) }
        await #expect(throws: StoreError.self) {
            try await store.customer(ada, at: TimePoint(knownAt: day(1)), by: .engine)
        }
        let again = try await store.commit(batch, by: .engine)
        #expect(again.outcomes == [.erased, .erased, .unchanged, .erased, .unchanged])
        #expect(try await engine.customers().customers.map(\.key.description) == ["cy@x.test"])
        try await store.compact()
        try await store.close()
        let found = try FileManager.default.contentsOfDirectory(atPath: folder("s")).filter { name in
            let bytes = try Data(contentsOf: URL(filePath: folder("s/\(name)")))
            return ["lovelace", "Unmistakable", "person-1", "talk-1"].contains {
                bytes.firstRange(of: Data($0.utf8)) != nil
            }
        }
        #expect(found == [])
        let opened = try await FileStore.open(folder("s"), now: { epoch })
        let error = await #expect(throws: StoreError.self) {
            try await opened.customer(ada, at: .latest, by: .engine)
        }
        #expect(error?.code == .erased)
        let lines = try await opened.exported()
        try await opened.close()
        try await FileStore.restore(lines.map { Array($0.utf8) }, to: folder("r"))
        let restored = try await FileStore.open(folder("r"), now: { epoch })
        #expect(try await restored.commit(batch, by: .engine).outcomes == again.outcomes)
        try await restored.close()
    }
}
