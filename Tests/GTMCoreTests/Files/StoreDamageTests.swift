import Testing

@testable import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A store of some commits with a snapshot of the first of them, to be damaged.
private struct Patient {
    static let covered = 0..<6
    static let commits = 0..<9

    /// The disk that it lies on. It is never written: every look is at a copy.
    let disk: SimulatedDisk
    let answers: EveryAnswer
    /// Where the frames of the journal end.
    let frameEnds: [Int]
    /// Where the last frame begins.
    let lastFrame: Int
    /// Up to where the folder itself proves that something was acknowledged.
    let provenEnd: Int

    /// - Parameter isClosed: Whether the program ended as it should, or was killed.
    init(closed isClosed: Bool, id: UInt8 = 7, commits: Range<Int> = Self.commits) async throws {
        let disk = SimulatedDisk()
        try disk.installEmptyStore(in: "/s", id: id)
        var store = try await FileStore.open("/s", on: disk, now: { epoch })
        for number in commits {
            if number == Self.covered.upperBound {
                try await store.close()
                store = try await FileStore.open("/s", on: disk, now: { epoch })
            }
            _ = try await store.commit(StoreWorkload.batch(number), by: .engine)
        }
        if isClosed { try await store.close() }
        self.disk = disk.copy()
        let whole = try await FileStore.open("/s", on: disk.copy(), access: .reading, now: { epoch })
        answers = try await EveryAnswer(of: whole)
        let file = try disk.open("/s/journal-1", .read)
        let header = try JournalHeader(of: file)
        var ends: [Int] = []
        let scan = try unsafe JournalScan(file, salt: header.salt, expecting: 1).run { offset, frame, _ in
            ends.append(offset + FrameHeader.length + frame.payloadLength)
        }
        frameEnds = ends
        lastFrame = try #require(scan.lastFrame)
        provenEnd = isClosed ? scan.end : ends[Self.covered.upperBound - 1]
    }

    /// What is wrong with what a damaged store says of itself; `nil` where all is as promised.
    ///
    /// - Parameters:
    ///   - file: The file that was damaged.
    ///   - mayLose: Whether the damage can look like an append that a crash cut short.
    ///   - isSilent: Whether there can be no sign of that.
    func violation(
        of disk: SimulatedDisk, _ access: FileStore.Access, damaged file: String, mayLose: Bool = false,
        silently isSilent: Bool = false
    ) async throws -> String? {
        let store: FileStore
        do {
            store = try await FileStore.open("/s", on: disk, access: access, now: { epoch })
        } catch let error as StoreError {
            if error.code != .damaged { return "refused for another reason: \(error)" }
            return error.detail.contains(file) ? nil : "refused without the name: \(error)"
        }
        let seen = try await EveryAnswer(of: store)
        for refusal in seen.refusals where !refusal.detail.contains(file) { return "an error names not it: \(refusal)" }
        let count = Int(try await store.statistics().commits)
        if count == Self.commits.count {
            if let difference = seen.difference(from: answers) { return "\(difference) silently changed" }
            return nil
        }
        guard mayLose else { return "\(count) commits, without an error" }
        if store.openingNotes.isEmpty, !isSilent { return "\(count) commits, without a note" }
        let prefix = try await StoreReference().answers(after: (0..<count).map { .batch($0) })
        if seen.lines != prefix.lines { return "no prefix" }
        return nil
    }

    /// The names and sizes of the files that a store is made of.
    var files: [(name: String, size: Int)] {
        get throws {
            try disk.list("/s").filter { $0 != "lock" }.map { ($0, disk.content("/s/\($0)")?.count ?? 0) }
        }
    }
}

/// Files are damaged, cut, swapped and lost: the store says so, or says what it said before.
///
/// `GTM_PROPERTY_SEEDS` from 100 000 on asks for every bit and every length, which takes a quarter of an hour.
@Suite("A store whose files are damaged") struct StoreDamageTests {
    static let parts = 8
    static let isExhaustive = StoreCrashTests.seeds >= 100_000

    /// The bits that are turned round: one of each byte, or all; of the zeros at a journal's end some.
    private func bits(_ name: String, _ content: [UInt8], end: Int, part: Int) -> [Int] {
        var bits: [Int] = []
        for byte in stride(from: part, to: content.count, by: Self.parts) {
            // One letter of the long name is like another.
            if content[byte] == UInt8(ascii: "E"), byte / Self.parts % 61 != 0 { continue }
            if name.hasPrefix("journal"), byte >= end + 64, byte / Self.parts % 509 != 0 { continue }
            if Self.isExhaustive {
                bits += (0..<8).map { byte * 8 + $0 }
            } else if !name.hasPrefix("index") || byte / Self.parts % 11 == 0 || byte < 256 {
                bits.append(byte * 8 + byte / Self.parts % 8)
            }
        }
        return bits
    }

    @Test("Any bit of any file is turned round", arguments: [true, false], Array(0..<parts))
    func flippedBits(closed: Bool, part: Int) async throws {
        let patient = try await Patient(closed: closed)
        let end = try #require(patient.frameEnds.last)
        for (name, size) in try patient.files {
            for bit in bits(name, patient.disk.content("/s/\(name)") ?? [], end: end, part: part) {
                let disk = patient.disk.copy()
                disk.flipBit("/s/\(name)", bit)
                let byte = bit / 8
                let mayLose = name.hasPrefix("journal") && byte >= max(patient.lastFrame, patient.provenEnd)
                let access: FileStore.Access = bit % 3 == 0 ? .writing : .reading
                if let violation = try await patient.violation(
                    of: disk.copy(), access, damaged: name.hasPrefix("index") ? "journal-1" : name, mayLose: mayLose)
                {
                    Issue.record("\(name), bit \(bit % 8) of byte \(byte) of \(size): \(violation)")
                }
                guard bit / 8 % 2 == 0 || Self.isExhaustive else { continue }
                let findings = try await FileStore.check("/s", on: disk)
                if !findings.contains(where: { $0.file == name }) {
                    Issue.record("\(name), bit \(bit % 8) of byte \(byte) of \(size): a check finds \(findings)")
                }
            }
        }
    }

    @Test("Any file is cut at any length", arguments: [true, false], Array(0..<parts))
    func cutFiles(closed: Bool, part: Int) async throws {
        let patient = try await Patient(closed: closed)
        let end = try #require(patient.frameEnds.last)
        for (name, size) in try patient.files {
            let step = Self.isExhaustive || name == "store.json" ? 1 : 11
            let isJournal = name.hasPrefix("journal")
            let lengths = Array(stride(from: part, to: isJournal ? end : size, by: Self.parts * step))
            for length in lengths + (isJournal && part == 0 ? patient.frameEnds.dropLast() : []) {
                let disk = patient.disk.copy()
                disk.install(Array(disk.content("/s/\(name)")?.prefix(length) ?? []), at: "/s/\(name)")
                let access: FileStore.Access = length % 2 == 0 ? .writing : .reading
                // A journal that ends with a frame looks whole, unless something else knows of more.
                if let violation = try await patient.violation(
                    of: disk, access, damaged: name.hasPrefix("index") ? "journal-1" : name,
                    mayLose: isJournal && length >= patient.provenEnd,
                    silently: patient.frameEnds.contains(length))
                {
                    Issue.record("\(name), cut to \(length) of \(size): \(violation)")
                }
            }
        }
    }

    // MARK: Folders

    private func open(_ disk: SimulatedDisk, _ access: FileStore.Access = .writing) async throws -> FileStore {
        try await FileStore.open("/s", on: disk, access: access, now: { epoch })
    }

    /// Expects that a folder is refused as damaged, by whoever opens it, and left as it is.
    private func expectRefusal(
        _ disk: SimulatedDisk, naming name: String, _ location: SourceLocation = #_sourceLocation
    )
        async throws
    {
        let before = try disk.list("/s").map { ($0, disk.content("/s/\($0)")) }.filter { $0.0 != "lock" }
        for access in [.reading, .writing] as [FileStore.Access] {
            let error = await #expect(throws: StoreError.self, sourceLocation: location) {
                try await open(disk, access)
            }
            #expect(error?.code == .damaged, sourceLocation: location)
            #expect(error?.detail.contains(name) == true, "\(String(describing: error))", sourceLocation: location)
        }
        let findings = try await FileStore.check("/s", on: disk)
        #expect(findings.contains { $0.severity == .damage }, sourceLocation: location)
        let after = try disk.list("/s").map { ($0, disk.content("/s/\($0)")) }.filter { $0.0 != "lock" }
        #expect(before.map(\.0) == after.map(\.0), sourceLocation: location)
        #expect(before.map(\.1) == after.map(\.1), sourceLocation: location)
    }

    @Test("A file of another store is refused, or its snapshot passed over", arguments: [true, false])
    func swappedFiles(closed: Bool) async throws {
        let patient = try await Patient(closed: closed)
        let other = try await Patient(closed: closed, id: 9)
        for name in ["store.json", "journal-1"] {
            let disk = patient.disk.copy()
            disk.install(try #require(other.disk.content("/s/\(name)")), at: "/s/\(name)")
            try await expectRefusal(disk, naming: "journal-1")
        }
        let disk = patient.disk.copy()
        disk.install(try #require(other.disk.content("/s/index-1")), at: "/s/index-1")
        let store = try await open(disk)
        #expect(store.openingNotes.contains { $0.contains("snapshot was not used") })
        #expect(try await EveryAnswer(of: store).difference(from: patient.answers) == nil)
    }

    @Test("An older snapshot goes with a newer journal, and not the other way round") func ages() async throws {
        let patient = try await Patient(closed: true)
        let young = try await Patient(closed: true, commits: 0..<4)
        let disk = patient.disk.copy()
        disk.install(try #require(young.disk.content("/s/index-1")), at: "/s/index-1")
        let store = try await open(disk)
        #expect(try await EveryAnswer(of: store).difference(from: patient.answers) == nil)
        #expect(store.openingNotes == [])
        // The journal and the manifest of an older copy: the snapshot knows that there was more.
        for isCut in [true, false] {
            let disk = young.disk.copy()
            disk.install(try #require(patient.disk.content("/s/index-1")), at: "/s/index-1")
            if !isCut {
                let zeros = [UInt8](repeating: 0, count: 100_000)
                disk.install(try #require(disk.content("/s/journal-1")) + zeros, at: "/s/journal-1")
            }
            try await expectRefusal(disk, naming: "journal-1")
            try disk.remove("/s/index-1")
            #expect(try await open(disk).statistics().commits == 4)
        }
        // Only the journal is older: the manifest knows as well.
        let mixed = patient.disk.copy()
        mixed.install(try #require(young.disk.content("/s/journal-1")), at: "/s/journal-1")
        try mixed.remove("/s/index-1")
        try await expectRefusal(mixed, naming: "journal-1")
    }

    @Test("A snapshot can be missing; a journal and a manifest cannot, and nothing is made over what is left")
    func missingFiles() async throws {
        let patient = try await Patient(closed: false)
        var disk = patient.disk.copy()
        try disk.remove("/s/index-1")
        let store = try await open(disk)
        #expect(try await EveryAnswer(of: store).difference(from: patient.answers) == nil)
        disk = patient.disk.copy()
        try disk.remove("/s/journal-1")
        try await expectRefusal(disk, naming: "journal-1")
        disk = patient.disk.copy()
        disk.install([], at: "/s/store.json")
        try await expectRefusal(disk, naming: "store.json")
        for generation in [1, 5] {
            disk = patient.disk.copy()
            if generation > 1 { try disk.rename("/s/journal-1", to: "/s/journal-\(generation)") }
            try disk.remove("/s/store.json")
            try await expectRefusal(disk, naming: "store.json")
            let lines = try #require(patient.answers.lines).map { Array($0.utf8) }
            let error = await #expect(throws: StoreError.self) {
                try await FileStore.restore(lines, to: "/s", on: disk)
            }
            #expect(error?.code == .damaged)
            #expect(disk.content("/s/journal-\(generation)") == patient.disk.content("/s/journal-1"))
        }
    }

    @Test("Another generation than the manifest's is refused") func generations() async throws {
        let patient = try await Patient(closed: true)
        let disk = patient.disk.copy()
        var manifest = try StoreManifest(try #require(disk.content("/s/store.json")))
        manifest.generation = 2
        disk.install(manifest.encoded, at: "/s/store.json")
        try await expectRefusal(disk, naming: "journal-2")
        try disk.rename("/s/journal-1", to: "/s/journal-2")
        try await expectRefusal(disk, naming: "journal-2")
    }

    @Test("Files of others are left alone, those of a process that ended are removed by the next one to write")
    func foreignFiles() async throws {
        let patient = try await Patient(closed: true)
        let disk = patient.disk.copy()
        let foreign = [
            "README", "journal-1.bak", "journal-01", "journal-+2", "index-1.old", "journal-", "x.new", ".hidden",
        ]
        let strays = ["journal-2", "journal-3.new", "index-9", "store.json.new", "index-1.new"]
        for name in foreign + strays { disk.install([1, 2, 3], at: "/s/\(name)") }
        let findings = try await FileStore.check("/s", on: disk)
        #expect(Set(findings.map(\.file)) == Set(strays))
        #expect(findings.allSatisfy { $0.severity == .note })
        let store = try await open(disk)
        #expect(try await EveryAnswer(of: store).difference(from: patient.answers) == nil)
        let left = try disk.list("/s").filter { !["journal-1", "index-1", "store.json", "lock"].contains($0) }
        #expect(left == foreign.sorted())
        #expect(disk.crash(.nothing).content("/s/journal-2") == nil)
    }

    // MARK: Versions

    /// A store whose journal ends with a frame of one's own making.
    private func store(endingWith change: (inout [UInt8], UInt32) -> Void) async throws -> SimulatedDisk {
        let patient = try await Patient(closed: true)
        let disk = patient.disk.copy()
        var journal = try #require(disk.content("/s/journal-1"))
        let salt: UInt32 = journal.littleEndian(at: 12)
        var frame = Frame(kind: 1, sequence: UInt64(Patient.commits.count + 1), payload: []).encoded(salt: salt)
        change(&frame, salt)
        journal += frame
        disk.install(journal, at: "/s/journal-1")
        return disk
    }

    @Test(
        "A frame that a later version wrote is refused with the advice to update, however often it is asked",
        arguments: ["kind", "flags", "version", "key"])
    func laterFrames(what: String) async throws {
        let disk = try await store { frame, salt in
            switch what {
            case "kind": frame = frame.withHeader(5, [77], salt: salt)
            case "flags": frame = frame.withHeader(6, [4], salt: salt)
            case "version": frame = frame.withHeader(4, [2], salt: salt)
            default: frame = frame.withHeader(6, [1, 0, 9], salt: salt)
            }
        }
        for access in [.reading, .writing, .reading] as [FileStore.Access] {
            let error = await #expect(throws: StoreError.self) { try await open(disk, access) }
            #expect(error?.code == .unavailable)
            #expect(error?.detail.contains("update the library") == true, "\(String(describing: error))")
        }
    }

    @Test("A reader that meets such a frame later on serves what it knew, or nothing, and never skips it")
    func laterFrameOnRefresh() async throws {
        let disk = try await store { frame, _ in frame = [] }
        let reader = try await open(disk, .reading)
        let lines = try await reader.exported()
        let journal = try #require(disk.content("/s/journal-1"))
        let salt: UInt32 = journal.littleEndian(at: 12)
        let next = UInt64(Patient.commits.count + 1)
        let strange = Frame(kind: 77, sequence: next, batches: 0, payload: [1]).encoded(salt: salt)
        let file = try disk.open("/s/journal-1", .readWrite)
        try file.write(strange, at: journal.count)
        for _ in 0..<2 {
            let error = await #expect(throws: StoreError.self) { try await reader.refresh() }
            #expect(error?.detail.contains("update the library") == true)
        }
        if let now = try? await reader.exported() { #expect(now == lines) }
    }

    @Test("A journal for newer readers is not read, one that a newer version has written is not written")
    func laterJournals() async throws {
        let patient = try await Patient(closed: true)
        for (minimum, version) in [(2, 2), (1, 2)] as [(UInt16, UInt16)] {
            let disk = patient.disk.copy()
            let journal = try #require(disk.content("/s/journal-1"))
            var header = try JournalHeader(journal, file: "journal-1")
            header.version = version
            header.minimumReader = minimum
            disk.install(header.encoded + journal[JournalHeader.length...], at: "/s/journal-1")
            let refused = await #expect(throws: StoreError.self) { try await open(disk, .writing) }
            if minimum == 1 {
                #expect(refused?.code == .readOnly)
                #expect(try await EveryAnswer(of: open(disk, .reading)).difference(from: patient.answers) == nil)
            } else {
                #expect(refused?.code == .unavailable)
                #expect(refused?.detail.contains("update the library") == true)
                await #expect(throws: StoreError.self) { try await open(disk, .reading) }
            }
        }
    }

    @Test("A store in a later format is refused with the advice to update") func laterManifest() async throws {
        let patient = try await Patient(closed: true)
        let disk = patient.disk.copy()
        var manifest = try StoreManifest(try #require(disk.content("/s/store.json")))
        manifest.format = 2
        disk.install(manifest.encoded, at: "/s/store.json")
        let error = await #expect(throws: StoreError.self) { try await open(disk) }
        #expect(error?.code == .unavailable)
        #expect(error?.detail.contains("update the library") == true)
    }
}
