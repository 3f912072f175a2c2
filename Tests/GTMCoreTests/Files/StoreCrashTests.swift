import Testing

@testable import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The power goes away at any call to the file system: the store is found as after some of its last commits, with all
/// that was acknowledged, and goes on.
///
/// `GTM_PROPERTY_SEEDS` from 1000 on asks for every call of the longer workloads and more kinds of survival.
@Suite("A store whose power goes away") struct StoreCrashTests {
    static let parts = 8
    static let seeds = ProcessInfo.processInfo.environment["GTM_PROPERTY_SEEDS"].flatMap { Int($0) } ?? 200
    static let isThorough = seeds >= 1000

    /// The calls at which a part of the tests crashes: each, or one in so many where a workload is long.
    private func calls(_ workload: StoreWorkload, part: Int, every step: Int) async throws -> StrideThrough<Int> {
        let program = StoreProgram(workload, on: try StoreProgram.disk(for: workload))
        await program.run()
        #expect(program.promises.failure == nil)
        #expect(Set(program.promises.acknowledged) == Set(workload.events))
        let step = Self.isThorough ? 1 : step
        return stride(from: 1 + part * step, through: program.disk.calls, by: Self.parts * step)
    }

    private func examine(
        _ workload: StoreWorkload, crashAt call: Int, _ reference: StoreReference, _ survivals: [SimulatedDisk.Survival]
    ) async throws {
        let disk = try StoreProgram.disk(for: workload)
        disk.plan(.crash, at: call)
        let program = StoreProgram(workload, on: disk)
        await program.run()
        let inquest = StoreInquest(program, reference)
        for survival in survivals {
            do {
                try await inquest.examine(disk.crash(survival))
            } catch {
                Issue.record("\(workload.name), power cut at call \(call), left is \(survival): \(error)")
            }
        }
    }

    @Test("A short workload, at every call", arguments: 0..<parts) func short(part: Int) async throws {
        let reference = StoreReference()
        for call in try await calls(.short, part: part, every: 1) {
            let seeds = (0..<(Self.isThorough ? 20 : 3)).map { UInt64(call * 100 + $0) }
            try await examine(
                .short, crashAt: call, reference,
                [.nothing, .everything] + seeds.map { SimulatedDisk.Survival.random(seed: $0) })
        }
    }

    @Test("A short workload, at every byte of every write", arguments: 0..<parts) func torn(part: Int) async throws {
        let reference = StoreReference()
        for call in try await calls(.short, part: part, every: 1) {
            let disk = try StoreProgram.disk(for: .short)
            disk.plan(.crash, at: call)
            let program = StoreProgram(.short, on: disk)
            await program.run()
            let inquest = StoreInquest(program, reference)
            // A byte more makes no difference within the zeros that are written in advance.
            let bytes = min(disk.lastWriteSize, 1200)
            for count in stride(from: 0, to: bytes, by: Self.isThorough ? 1 : 3) {
                do {
                    try await inquest.examine(disk.crash(.torn(at: count)), goingOn: count % 64 == 0)
                } catch {
                    Issue.record("power cut at call \(call), \(count) bytes of the last write: \(error)")
                }
            }
        }
    }

    @Test(
        "Longer workloads, at many calls or every one",
        arguments: [StoreWorkload.long, .erasing], Array(0..<parts))
    func long(workload: StoreWorkload, part: Int) async throws {
        let reference = StoreReference()
        for call in try await calls(workload, part: part, every: 5) {
            let seeds = (0..<(Self.isThorough ? 10 : 1)).map { UInt64(call * 100 + $0) }
            try await examine(
                workload, crashAt: call, reference,
                [.nothing, .everything] + seeds.map { SimulatedDisk.Survival.random(seed: $0) })
        }
    }

    @Test("The power goes away again while the store is being opened after a crash", arguments: 0..<parts)
    func twice(part: Int) async throws {
        let reference = StoreReference()
        for call in try await calls(.long, part: part, every: 24) {
            let disk = try StoreProgram.disk(for: .long)
            disk.plan(.crash, at: call)
            let program = StoreProgram(.long, on: disk)
            await program.run()
            let inquest = StoreInquest(program, reference)
            let found = disk.crash(.random(seed: UInt64(call)))
            let whole = found.copy()
            _ = try await FileStore.open(StoreProgram.folder, on: whole, now: { epoch })
            for again in stride(from: 1 + call % 3, through: whole.calls, by: Self.isThorough ? 1 : 5) {
                let second = found.copy()
                second.plan(.crash, at: again)
                _ = try? await FileStore.open(StoreProgram.folder, on: second, now: { epoch })
                do {
                    try await inquest.examine(second.crash(.random(seed: UInt64(call * 1000 + again))))
                } catch {
                    Issue.record("power cut at call \(call) and at call \(again) of opening: \(error)")
                }
            }
        }
    }

    @Test("A store that is being restored is there as a whole or not at all", arguments: 0..<parts)
    func restoring(part: Int) async throws {
        let events = StoreWorkload.long.events
        let expected = try await StoreReference().answers(after: events)
        let lines = expected.lines.map { Array($0.utf8) }
        let disk = SimulatedDisk()
        try await FileStore.restore(lines, to: "/r", on: disk)
        for call in stride(from: 1 + part, through: disk.calls, by: Self.parts) {
            for survival in [.nothing, .everything, .random(seed: UInt64(call)), .random(seed: UInt64(call) + 1000)]
                as [SimulatedDisk.Survival]
            {
                let disk = SimulatedDisk()
                disk.plan(.crash, at: call)
                _ = try? await FileStore.restore(lines, to: "/r", on: disk)
                let found = disk.crash(survival)
                let note: Comment = "power cut at call \(call), left is \(survival)"
                // Whoever opens it finds all or nothing; whoever finds nothing can restore it again.
                let opened = found.copy()
                let store = try await FileStore.open("/r", on: opened, now: { epoch })
                let isThere = try await store.statistics().commits > 0
                if isThere { #expect(try await store.exported() == expected.lines, note) }
                try await store.close()
                #expect(try await FileStore.check("/r", on: opened) == [], note)
                if isThere { continue }
                try await FileStore.restore(lines, to: "/r", on: found)
                let restored = try await FileStore.open("/r", on: found, now: { epoch })
                #expect(try await restored.exported() == expected.lines, note)
                #expect(try found.list("/r") == ["journal-1", "lock", "store.json"], note)
            }
        }
    }
}
