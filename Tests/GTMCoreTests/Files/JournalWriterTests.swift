import GTMCore
import Testing

/// A program that makes a journal and appends to it, as a store does, on a disk that fails sometimes.
private struct Workload {
    static let folder = "/store"
    static let path = "/store/journal"
    static let lengths = [10, 600, 0, 1500, 77]
    static let attempts = frames(lengths)

    /// How many of the frames were acknowledged.
    var acknowledged = 0
    /// What ended it; `nil` where nothing did.
    var failure: (any Error)?

    /// Runs until something fails for good; what was not written is tried again.
    init(on disk: SimulatedDisk) {
        do {
            try disk.ensureDirectory(Self.folder)
            try disk.writeAtomically(journalHeader.encoded, to: Self.path)
            let file = try disk.open(Self.path, .readWrite)
            let writer = try JournalWriter(file, salt: salt, end: 64, nextSequence: 1, lastFrame: nil)
            for frame in Self.attempts {
                do throws(JournalFault) {
                    try writer.append(frame)
                } catch {
                    guard case .notWritten = error else { throw error }
                    try writer.append(frame)
                }
                acknowledged += 1
            }
            try writer.finish()
        } catch {
            failure = error
        }
    }

    /// What is wrong with a journal that was found afterwards; `nil` where nothing is.
    func violation(on disk: SimulatedDisk) throws -> String? {
        guard try disk.exists(Self.path) else { return acknowledged > 0 ? "the journal is gone" : nil }
        let file = try disk.open(Self.path, .readWrite)
        let header = try JournalHeader(of: file)
        guard header == journalHeader else { return "another header" }
        let found = try Scanned(file)
        if case .damaged = found.outcome.verdict { return "\(found.outcome.verdict)" }
        guard found.frames.count >= acknowledged else { return "\(found.frames.count) of \(acknowledged) frames" }
        guard found.frames == Array(Self.attempts.prefix(found.frames.count)) else { return "other frames" }
        guard found.frames.count <= acknowledged + 1 else { return "\(found.frames.count) frames, more than tried" }
        return nil
    }

    /// What goes wrong when the store is opened again, goes on, and loses its power once more; `nil` where nothing does.
    func violationGoingOn(on disk: SimulatedDisk) throws -> String? {
        if let violation = try violation(on: disk) { return violation }
        guard try disk.exists(Self.path) else {
            let again = Workload(on: disk)
            guard again.failure == nil else { return "cannot begin anew: \(String(describing: again.failure))" }
            return try again.violation(on: disk.crash(.nothing))
        }
        try disk.ensureDirectory(Self.folder)
        try disk.syncDirectory(Self.folder)
        let file = try disk.open(Self.path, .readWrite)
        let found = try Scanned(file)
        let writer = try JournalWriter(file, header: journalHeader, after: found.outcome)
        let next = Frame(kind: 9, sequence: UInt64(found.frames.count + 1), payload: [1, 2, 3])
        try writer.append(next)
        let after = try Scanned(disk.crash(.nothing).open(Self.path, .read))
        guard after.frames == found.frames + [next] else { return "after going on: \(after.outcome)" }
        guard case .clean = after.outcome.verdict else { return "after going on: \(after.outcome)" }
        return nil
    }
}

@Suite("Journal writer") struct JournalWriterTests {
    /// A writer on a new journal, and its file.
    private static func writer(
        on disk: SimulatedDisk = SimulatedDisk()
    ) throws -> (SimulatedDisk, any StoreFile, JournalWriter) {
        disk.install(journalHeader.encoded, at: "/journal")
        let file = try disk.open("/journal", .readWrite)
        return (disk, file, try JournalWriter(file, salt: salt, end: 64, nextSequence: 1, lastFrame: nil))
    }

    @Test("What was appended is read again, and the file holds nothing else when the writer is finished")
    func appends() throws {
        let (disk, file, writer) = try Self.writer()
        let written = frames([5, 0, 70_000, 9])
        var offsets: [Int] = []
        for frame in written { offsets.append(try writer.append(frame)) }
        #expect(try Scanned(file).frames == written)
        #expect(try Scanned(file).offsets == offsets)
        #expect(writer.end == journal(written).count)
        #expect(try file.size() > writer.end)
        try writer.finish()
        try writer.finish()
        #expect(disk.content("/journal") == journal(written))
        #expect(disk.crash(.nothing).content("/journal") == journal(written))
        #expect(throws: JournalFault.finished) { try writer.append(Frame(kind: 1, sequence: 5, payload: [])) }
        #expect(writer.fault == .finished)
    }

    @Test("Space is filled in advance, so that most appends are one write and one sync") func fillsAhead() throws {
        let (disk, file, writer) = try Self.writer()
        try writer.append(Frame(kind: 1, sequence: 1, payload: payload(1, 100)))
        let size = try file.size()
        #expect(size >= 64 << 10 && size % 4096 == 0)
        let before = disk.calls
        for number in 2...50 {
            try writer.append(Frame(kind: 1, sequence: UInt64(number), payload: payload(number, 100)))
        }
        #expect(Array(disk.operations[before...]) == (2...50).flatMap { _ in [.write, .sync] })
        #expect(try file.size() == size)
    }

    @Test("A full disk takes nothing away, and appending goes on when there is room again") func fullDisk() throws {
        let (disk, file, writer) = try Self.writer()
        try writer.append(Frame(kind: 1, sequence: 1, payload: payload(1, 100)))
        disk.limit(to: 100_000)
        let large = Frame(kind: 1, sequence: 2, payload: payload(2, 200_000))
        for _ in 0..<3 {
            #expect(throws: JournalFault.notWritten(FileFault(.noSpace, .write, "journal"))) {
                try writer.append(large)
            }
            #expect(writer.end == 204)
            // The space of what could not be finished is free again.
            #expect(try file.size() == 204)
            #expect(try Scanned(file).outcome.verdict == .clean(end: 204))
        }
        // A frame that fits is taken, with less room in advance than usual.
        let small = Frame(kind: 1, sequence: 2, payload: payload(3, 99_000))
        try writer.append(small)
        #expect(try file.size() <= 100_000)
        disk.limit(to: nil)
        try writer.append(Frame(kind: 1, sequence: 3, payload: large.payload))
        #expect(try Scanned(file).frames.map(\.payload.count) == [100, 99_000, 200_000])
    }

    @Test("Short writes and a few interruptions are got over; endless ones and no progress are told")
    func shortWrites() throws {
        let (disk, file, writer) = try Self.writer()
        let frame = Frame(kind: 1, sequence: 1, payload: payload(1, 100))
        disk.planNext(.short(1), times: 60)
        disk.plan(.fails(.interrupted), at: disk.calls + 61, times: 50)
        try writer.append(frame)
        #expect(try Scanned(file).frames == [frame])
        let next = Frame(kind: 1, sequence: 2, payload: payload(2, 100))
        disk.planNext(.fails(.interrupted), times: 100)
        #expect(throws: JournalFault.notWritten(FileFault(.interrupted, .write, "journal"))) { try writer.append(next) }
        disk.planNext(.short(0))
        #expect(throws: JournalFault.notWritten(FileFault(.noProgress, .write, "journal"))) { try writer.append(next) }
        try writer.append(next)
        #expect(try Scanned(file).frames == [frame, next])
    }

    @Test("What a failed write left behind is cleaned up before the next one, even where that failed at first")
    func cleansUp() throws {
        let (disk, file, writer) = try Self.writer()
        let long = Frame(kind: 1, sequence: 1, payload: payload(1, 1000))
        disk.planNext(.short(900))
        disk.plan(.fails(.io), at: disk.calls + 2, times: 2)
        #expect(throws: JournalFault.notWritten(FileFault(.io, .write, "journal"))) { try writer.append(long) }
        #expect(Array(disk.operations.suffix(3)) == [.write, .write, .truncate])
        // The remains are there and nothing is, until they are gone.
        disk.planNext(.fails(.io))
        #expect(throws: JournalFault.notWritten(FileFault(.io, .truncate, "journal"))) { try writer.append(long) }
        let short = Frame(kind: 1, sequence: 1, payload: payload(2, 10))
        try writer.append(short)
        #expect(try Scanned(file).outcome.verdict == .clean(end: writer.end))
        #expect(try Scanned(file).frames == [short])
    }

    @Test(
        "A failed sync closes the writer for good, since the next one would claim success",
        arguments: [.io, .interrupted] as [FileFault.Code])
    func failedSync(code: FileFault.Code) throws {
        let (disk, _, writer) = try Self.writer()
        let written = frames([10, 10])
        try writer.append(written[0])
        disk.plan(.fails(code), at: disk.calls + 2)
        let poisoned = JournalFault.poisoned(FileFault(code, .sync, "journal"))
        #expect(throws: poisoned) { try writer.append(written[1]) }
        let calls = disk.calls
        #expect(throws: poisoned) { try writer.append(written[1]) }
        #expect(throws: poisoned) { try writer.finish() }
        #expect(disk.calls == calls)
        #expect(writer.fault == poisoned)
        #expect(writer.end == journal([written[0]]).count)
    }

    @Test("A frame that a failed sync left in the system's memory is written anew when the journal is opened again")
    func opensAfterFailedSync() throws {
        let (disk, file, writer) = try Self.writer()
        let written = frames([10, 3000])
        try writer.append(written[0])
        disk.plan(.fails(.io), at: disk.calls + 2)
        #expect(throws: JournalFault.self) { try writer.append(written[1]) }
        // The system shows the frame, and no sync will ever write it by itself.
        let found = try Scanned(file)
        #expect(found.frames == written)
        let again = try JournalWriter(file, header: journalHeader, after: found.outcome)
        let next = Frame(kind: 1, sequence: 3, payload: [1])
        try again.append(next)
        let after = try Scanned(disk.crash(.nothing).open("/journal", .read))
        #expect(after.frames == written + [next])
        #expect(after.outcome.verdict == .clean(end: again.end))
    }

    @Test("A writer cuts what a crash left, and refuses a journal that is shorter than it was told")
    func cutsTornTail() throws {
        let disk = SimulatedDisk()
        let written = frames([10, 20])
        disk.install(journal(written).dropLast(3), at: "/journal")
        let file = try disk.open("/journal", .readWrite)
        let outcome = try Scanned(file).outcome
        #expect(outcome.verdict == .tornTail(end: 114, reason: .shortPayload))
        _ = try JournalWriter(file, header: journalHeader, after: outcome)
        #expect(disk.crash(.nothing).content("/journal") == journal([written[0]]))
        let other = SimulatedDisk()
        other.install(journal([]), at: "/journal")
        let short = try other.open("/journal", .readWrite)
        #expect(throws: FileFault(.endOfFile, .write, "journal")) {
            try JournalWriter(short, salt: salt, end: 114, nextSequence: 2, lastFrame: nil)
        }
    }

    @Test("Bytes that are no frame of this journal are refused") func refusesForeignBytes() throws {
        let (_, _, writer) = try Self.writer()
        let foreign = Frame(kind: 1, sequence: 1, payload: []).encoded(salt: salt ^ 1)
        #expect(throws: JournalFault.defect(.headerChecksum)) { try writer.append(encoded: foreign) }
    }

    @Test("After a power cut at any call everything acknowledged is there, and nothing is damaged")
    func crashesAtEachCall() throws {
        let whole = SimulatedDisk()
        let complete = Workload(on: whole)
        #expect(complete.failure == nil && complete.acknowledged == Workload.attempts.count)
        let survivals: [SimulatedDisk.Survival] =
            [.nothing, .everything] + (0..<20).map { .random(seed: $0) }
        for call in 1...whole.calls {
            let disk = SimulatedDisk()
            disk.plan(.crash, at: call)
            let run = Workload(on: disk)
            #expect(run.failure != nil)
            for survival in survivals {
                if let violation = try run.violationGoingOn(on: disk.crash(survival)) {
                    Issue.record("crash at call \(call), \(survival) left: \(violation)")
                }
            }
        }
    }

    @Test("A power cut at any byte of any write leaves everything acknowledged") func crashesAtEachByte() throws {
        let whole = SimulatedDisk()
        _ = Workload(on: whole)
        for (place, operation) in whole.operations.enumerated() where operation == .write {
            let disk = SimulatedDisk()
            disk.plan(.crash, at: place + 1)
            let run = Workload(on: disk)
            let size = disk.lastWriteSize
            // The large writes are the zeros.
            for count in stride(from: 0, through: size, by: size > 2000 ? 4999 : 1) {
                let after = disk.crash(.torn(at: count))
                let violation = try count % 50 == 0 ? run.violationGoingOn(on: after) : run.violation(on: after)
                if let violation { Issue.record("call \(place + 1), \(count) of \(size) bytes: \(violation)") }
            }
        }
    }

    @Test(
        "Whatever call fails, everything acknowledged is there: at once, and after a power cut",
        arguments: [.fails(.io), .fails(.noSpace), .fails(.interrupted), .short(1), .short(0)] as [SimulatedDisk.Fault],
        [1, 3])
    func failsAtEachCall(fault: SimulatedDisk.Fault, times: Int) throws {
        let whole = SimulatedDisk()
        _ = Workload(on: whole)
        for call in 1...whole.calls {
            let disk = SimulatedDisk()
            disk.plan(fault, at: call, times: times)
            let run = Workload(on: disk)
            disk.clearPlans()
            // The program ends and starts again, and the power stays.
            if let violation = try run.violationGoingOn(on: disk) {
                Issue.record("call \(call), no crash: \(violation)")
            }
            let other = SimulatedDisk()
            other.plan(fault, at: call, times: times)
            let otherRun = Workload(on: other)
            for survival in [.nothing, .everything, .random(seed: 1), .random(seed: 2)] as [SimulatedDisk.Survival] {
                if let violation = try otherRun.violation(on: other.crash(survival)) {
                    Issue.record("call \(call), \(survival) left: \(violation)")
                }
            }
        }
    }

    @Test("A store that would not wait for its syncs is found out") func noticesMissingSyncs() throws {
        // The proof that the disk can tell: the same check, and a program that counts what it only wrote.
        var isFoundOut = false
        for seed in 0..<20 as Range<UInt64> {
            let (disk, file, _) = try Self.writer()
            try file.write(Workload.attempts[0].encoded(salt: salt), at: 64)
            try file.write(Workload.attempts[1].encoded(salt: salt), at: 114)
            let after = try Scanned(disk.crash(.random(seed: seed)).open("/journal", .read))
            if after.frames.count < 2 { isFoundOut = true }
        }
        #expect(isFoundOut)
    }
}
