import Synchronization
import Testing

@testable import GTMCore

/// A program that does a workload on a disk that fails now and then, and tries again what failed: on the same store, and
/// after opening it anew where that one writes no more.
private actor StubbornProgram {
    /// What went otherwise than promised.
    struct Surprise: Error, CustomStringConvertible {
        let description: String
    }

    private let workload: StoreWorkload
    private let disk: SimulatedDisk
    private var store: FileStore?
    private(set) var promises = StoreProgram.Promises()
    /// What failed, in words.
    private(set) var failures: [String] = []
    /// How often the store had to be opened anew.
    private(set) var reopenings = 0

    init(_ workload: StoreWorkload, on disk: SimulatedDisk) {
        self.workload = workload
        self.disk = disk
    }

    func run() async throws {
        try await open()
        for step in workload.steps {
            switch step {
            case .commit(let number): try await insist(on: number)
            case .together(let numbers):
                for number in try await together(numbers) { try await insist(on: number) }
            case .erase: preconditionFailure("a stubborn program erases nobody")
            case .compact: try await compact()
            case .reopen:
                await close()
                try await open()
            }
        }
        await close()
    }

    private func current() throws -> FileStore {
        guard let store else { throw Surprise(description: "there is no store") }
        return store
    }

    private func close() async {
        do { try await current().close() } catch { failures.append("\(error)") }
    }

    private func open() async throws {
        for attempt in 1... {
            do {
                store = try await FileStore.open(
                    StoreProgram.folder, on: disk, configuration: workload.configuration, now: { epoch })
                promises.hasOpened = true
                return
            } catch {
                failures.append("\(error)")
                guard attempt < 40 else { throw error }
            }
        }
    }

    private func commit(_ number: Int, to store: FileStore) async throws {
        promises.begun += 1
        _ = try await store.commit(StoreWorkload.batch(number), by: .engine)
        promises.acknowledged.append(.batch(number))
    }

    private func together(_ numbers: [Int]) async throws -> [Int] {
        let store = try current()
        promises.begun += numbers.count
        let results = await withTaskGroup(of: (Int, String?).self) { group in
            for number in numbers {
                group.addTask {
                    do {
                        _ = try await store.commit(StoreWorkload.batch(number), by: .engine)
                        return (number, nil)
                    } catch {
                        return (number, "\(error)")
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for (number, failure) in results {
            if let failure { failures.append(failure) } else { promises.acknowledged.append(.batch(number)) }
        }
        return results.compactMap { $0.1 == nil ? nil : $0.0 }
    }

    /// Commits a batch until it is there.
    private func insist(on number: Int) async throws {
        for attempt in 1... {
            do {
                // One whose fate was unknown may be there already.
                if try await current().runs(RunQuery(limit: .max), by: .engine).contains(where: {
                    $0.id == "b\(number)"
                }) {
                    return
                }
                return try await commit(number, to: current())
            } catch {
                failures.append("\(error)")
                guard attempt < 40 else { throw error }
                if attempt.isMultiple(of: 2) {
                    reopenings += 1
                    await close()
                    try await open()
                }
            }
        }
    }

    private func compact() async throws {
        let before = try await StoreAnswers(of: current())
        for attempt in 1... {
            do {
                try await current().compact()
                break
            } catch {
                failures.append("\(error)")
                guard attempt < 40 else { throw error }
                if let difference = try await StoreAnswers(of: current()).difference(from: before) {
                    throw Surprise(description: "after a compaction that failed: \(difference)")
                }
                guard attempt.isMultiple(of: 4) else { continue }
                reopenings += 1
                await close()
                try await open()
            }
        }
        if let difference = try await StoreAnswers(of: current()).difference(from: before) {
            throw Surprise(description: "after compaction: \(difference)")
        }
    }
}

/// The disk fails, fills up, or cannot be written; nothing that was acknowledged is lost, and the store goes on as soon as
/// it can.
@Suite("A store on a disk that fails") struct StoreFaultTests {
    static let parts = 4

    /// A kind of failure, for how many calls, and how rarely it is tried.
    struct Kind: Sendable, CustomStringConvertible {
        var description: String
        var fault: @Sendable () -> SimulatedDisk.Fault
        var times = 1
        var step = 1
        /// Whether nobody should notice.
        var isHarmless = false
    }

    private static let kinds = [
        Kind(description: "an error of the medium", fault: { .fails(.io) }, step: 2),
        Kind(description: "a full disk", fault: { .fails(.noSpace) }, times: 2, step: 5),
        Kind(description: "a medium gone for a while", fault: { .fails(.io) }, times: 9, step: 5),
        Kind(description: "interruptions", fault: { .fails(.interrupted) }, times: 4, step: 7),
        Kind(description: "short counts", fault: { .short(1) }, times: 5, step: 7, isHarmless: true),
    ]

    @Test("Whatever call fails, nothing is lost, and trying again helps", arguments: kinds, Array(0..<parts))
    func everyCall(kind: Kind, part: Int) async throws {
        let reference = StoreReference()
        let whole = try StoreProgram.disk(for: .long)
        try await StubbornProgram(.long, on: whole).run()
        let step = StoreCrashTests.isThorough ? 1 : kind.step
        for call in stride(from: 1 + part * step, through: whole.calls, by: Self.parts * step) {
            let disk = try StoreProgram.disk(for: .long)
            disk.plan(kind.fault(), at: call, times: kind.times)
            let program = StubbornProgram(.long, on: disk)
            do {
                try await program.run()
                let (promises, failures) = (await program.promises, await program.failures)
                #expect(Set(promises.acknowledged).isSubset(of: Set(StoreWorkload.long.events)))
                let inquest = StoreInquest(.long, promises, reference)
                try await inquest.examine(disk.crash(.nothing))
                // Found out only by its end, for the calls may differ from the first run's: commits that come together
                // share more or fewer of them. Where there are fewer, nothing has failed.
                guard disk.operations.count >= call else {
                    #expect(failures == [])
                    continue
                }
                let failing = disk.operations[call - 1]
                if kind.isHarmless { #expect(failures == [], "\(failing)") }
                if kind.times == 1, failing != .sync {
                    #expect(await program.reopenings == 0, "\(failing): \(failures)")
                }
            } catch {
                let failing = disk.operations.count >= call ? "\(disk.operations[call - 1])" : "none"
                Issue.record("\(kind) at call \(call) (\(failing)): \(error); \(await program.failures)")
            }
        }
    }

    /// A store of a few commits, open.
    private func opened(
        _ numbers: Range<Int> = 0..<4, snapshotEvery: Int = 64 << 20
    ) async throws -> (SimulatedDisk, FileStore) {
        let disk = SimulatedDisk()
        var configuration = FileStore.Configuration()
        configuration.snapshotEvery = snapshotEvery
        let store = try await FileStore.open("/s", on: disk, configuration: configuration, now: { epoch })
        for number in numbers { _ = try await store.commit(StoreWorkload.batch(number), by: .engine) }
        return (disk, store)
    }

    private func answers(after numbers: some Sequence<Int>) async throws -> StoreAnswers {
        try await StoreReference().answers(after: numbers.map { .batch($0) })
    }

    private func reader(on disk: SimulatedDisk) async throws -> FileStore {
        try await FileStore.open("/s", on: disk, access: .reading, now: { epoch })
    }

    @Test(
        "A compaction can fail at any call, once or from there on: the store is as it was, goes on, and can be compacted"
    )
    func compaction() async throws {
        let (whole, store) = try await opened()
        let before = whole.calls
        try await store.compact()
        let calls = whole.calls - before
        let expected = try await answers(after: 0..<4)
        for call in 1...calls {
            for (code, times) in [(.io, 1), (.noSpace, 1), (.io, 1000)] as [(FileFault.Code, Int)] {
                let (disk, store) = try await opened()
                disk.plan(.fails(code), at: disk.calls + call, times: times)
                let note: Comment = "\(code) at call \(call), \(times) times"
                _ = try? await store.compact()
                disk.clearPlans()
                #expect(try await StoreAnswers(of: store) == expected, note)
                do {
                    _ = try await store.commit(StoreWorkload.batch(4), by: .engine)
                    #expect(
                        try await StoreAnswers(of: reader(on: disk.copy())) == (try await answers(after: 0..<5)), note)
                    #expect(
                        try await StoreAnswers(of: reader(on: disk.crash(.nothing).copy()))
                            == (try await answers(after: 0..<5)), note)
                    continue
                } catch let error as StoreError {
                    // Only where nobody knows which journal counts, and then it says so and is whole.
                    #expect(times > 1, note)
                    #expect(error.detail.contains("open the store again"), note)
                }
                try await store.close()
                let again = try await FileStore.open("/s", on: disk, now: { epoch })
                _ = try await again.commit(StoreWorkload.batch(4), by: .engine)
                try await again.compact()
                #expect(
                    try await StoreAnswers(of: reader(on: disk.crash(.nothing))) == (try await answers(after: 0..<5)))
            }
        }
    }

    @Test("After a failed sync nothing more is taken until the store is opened again, and all that was taken is there")
    func failedSync() async throws {
        let (disk, store) = try await opened()
        disk.plan(.fails(.io), at: disk.calls + 2)
        let first = await #expect(throws: StoreError.self) {
            try await store.commit(StoreWorkload.batch(4), by: .engine)
        }
        #expect(disk.operations.last == .sync)
        #expect(first?.code == .unavailable)
        #expect(first?.detail.contains("open the store again") == true)
        #expect(first?.detail.contains("nothing was stored") == false)
        let refused = await #expect(throws: StoreError.self) {
            try await store.commit(StoreWorkload.batch(4), by: .engine)
        }
        #expect(refused?.detail.contains("open the store again") == true)
        await #expect(throws: StoreError.self) { try await store.compact() }
        await #expect(throws: StoreError.self) {
            try await store.erase(.email(EmailAddress(storedText: "ada@x.test")), at: day(9), by: .engine)
        }
        #expect(try await StoreAnswers(of: store) == (try await answers(after: 0..<4)))
        await #expect(throws: StoreError.self) { try await store.close() }
        // The power goes: what was not written is gone, what was acknowledged is there.
        let lost = try await FileStore.open("/s", on: disk.copy().crash(.nothing), now: { epoch })
        let commits = try await lost.statistics().commits
        #expect(commits == 4 || commits == 5)
        // It stays: the system may still show the frame; then it is written again and counts.
        let again = try await FileStore.open("/s", on: disk, now: { epoch })
        let shown = Int(try await again.statistics().commits)
        #expect(shown == 4 || shown == 5)
        _ = try await again.commit(StoreWorkload.batch(5), by: .engine)
        let expected = try await answers(after: Array(0..<shown) + [5])
        #expect(try await StoreAnswers(of: reader(on: disk.crash(.nothing))) == expected)
    }

    @Test("A full disk is named, everything stays readable, and commits go on when there is room") func fullDisk()
        async throws
    {
        let (disk, store) = try await opened(snapshotEvery: 4000)
        disk.limit(to: 140_000)
        var number = 4
        var failure: StoreError?
        while failure == nil, number < 4000 {
            do {
                var batch = StoreWorkload.batch(number)
                batch.records.append(
                    contact("big", email: "big@x.test", changed: Double(number)) {
                        $0.name = String(repeating: "x", count: 3000)
                    })
                _ = try await store.commit(batch, by: .engine)
                number += 1
            } catch let error as StoreError {
                failure = error
            }
        }
        #expect(failure?.code == .unavailable)
        #expect(failure?.detail.contains("full") == true)
        let commits = try await store.statistics().commits
        #expect(commits == UInt64(number))
        let lines = try await store.exported()
        #expect(try await reader(on: disk.copy()).exported() == lines)
        // A list is answered though the assessments behind it cannot be stored.
        disk.limit(to: 1)
        let listed = try await GTMEngine(store: store, now: { epoch }).customers().customers.map(\.key.description)
        #expect(listed.contains("big@x.test"))
        #expect(try await store.statistics().commits == commits)
        // Nothing that failed keeps the room that others need.
        #expect(try disk.list("/s").filter { $0.hasSuffix(".new") } == [])
        // Opening needs no room either.
        let copy = disk.copy()
        let other = try await FileStore.open("/s", on: copy, now: { epoch })
        #expect(try await other.exported() == lines)
        disk.limit(to: nil)
        _ = try await store.commit(StoreWorkload.batch(3), by: .engine)
        #expect(try await store.statistics().commits == commits + 1)
        try await store.close()
        #expect(try await FileStore.check("/s", on: disk) == [])
        #expect(try await reader(on: disk.crash(.nothing)).statistics().commits == commits + 1)
    }

    @Test("A snapshot that cannot be written is noted, costs nothing else, and is written on closing")
    func failingSnapshot() async throws {
        let (whole, store) = try await opened(0..<1, snapshotEvery: 1)
        #expect(try await store.statistics().snapshotCovers > JournalHeader.length)
        let calls = whole.calls
        for call in stride(from: calls - 10, through: calls, by: 1) {
            let disk = SimulatedDisk()
            disk.plan(.fails(.io), at: call)
            var configuration = FileStore.Configuration()
            configuration.snapshotEvery = 1
            let store = try await FileStore.open("/s", on: disk, configuration: configuration, now: { epoch })
            _ = try await store.commit(StoreWorkload.batch(0), by: .engine)
            // What follows a commit is done when the next call returns.
            _ = try await store.commit(StoreWorkload.batch(1), by: .engine)
            #expect(store.openingNotes.contains { $0.contains("the snapshot could not be written") }, "call \(call)")
            #expect(try await StoreAnswers(of: store) == (try await answers(after: 0..<2)))
            try await store.close()
            let again = try await FileStore.open("/s", on: disk, now: { epoch })
            #expect(again.openingNotes == [])
            let statistics = try await again.statistics()
            #expect(statistics.snapshotCovers == statistics.journalBytes)
        }
    }

    @Test("Closing can fail at any call, and loses nothing") func closing() async throws {
        let (whole, store) = try await opened()
        let before = whole.calls
        try await store.close()
        let expected = try await answers(after: 0..<4)
        for call in 1...(whole.calls - before) {
            let (disk, store) = try await opened()
            disk.plan(.fails(.io), at: disk.calls + call)
            _ = try? await store.close()
            await #expect(throws: StoreError.self) { try await store.commit(StoreWorkload.batch(9), by: .engine) }
            // The lock is free whatever happened.
            let again = try await FileStore.open("/s", on: disk, now: { epoch })
            #expect(try await StoreAnswers(of: again) == expected, "call \(call)")
            try await again.close()
            #expect(try await FileStore.check("/s", on: disk.crash(.nothing)) == [])
        }
    }

    @Test("A medium that cannot be written is read, and opening it for writing says why not") func readOnly()
        async throws
    {
        let (disk, store) = try await opened()
        try await store.close()
        disk.setReadOnly(true)
        #expect(try await StoreAnswers(of: reader(on: disk)) == (try await answers(after: 0..<4)))
        #expect(try await FileStore.check("/s", on: disk) == [])
        let error = await #expect(throws: StoreError.self) {
            try await FileStore.open("/s", on: disk, now: { epoch })
        }
        #expect(error?.code == .readOnly || error?.code == .unavailable)
        #expect(error?.detail.contains("read-only") == true)
        let none = await #expect(throws: StoreError.self) { try await FileStore.open("/t", on: disk, access: .reading) }
        #expect(none?.code == .unavailable)
        #expect(none?.detail.contains("no store") == true)
    }
}
