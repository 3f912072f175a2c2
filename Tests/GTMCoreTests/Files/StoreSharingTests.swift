import Synchronization
import Testing

@testable import GTMCore

/// A store that is read while it is written, in a folder of this machine.
@Suite("A store that is read while it is written") struct StoreSharingTests {
    private static let tasks = 4
    private static let batches = 500

    /// Writes all batches, from several tasks, with two compactions in between.
    private func write(_ store: FileStore) async throws {
        let upcoming = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<Self.tasks {
                group.addTask {
                    while true {
                        let number = upcoming.next()
                        guard number < Self.batches else { return }
                        _ = try await store.commit(StoreWorkload.batch(number), by: .engine)
                        if number == Self.batches / 3 || number == Self.batches / 3 * 2 { try await store.compact() }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// How many commits an export shows, as its first line says.
    private func commits(_ lines: [String]) throws -> Int {
        let header = try JSONReader.read(Array(try #require(lines.first).utf8)).value
        return Int(try #require(header.object?["commits"]?.integer))
    }

    @Test("Whatever a reader sees is a prefix of the history, and it never goes back", .timeLimit(.minutes(2)))
    func reader() async throws {
        let folder = try TemporaryFolder()
        var configuration = FileStore.Configuration()
        configuration.snapshotEvery = 20_000
        let store = try await FileStore.open(folder("s"), configuration: configuration, now: { epoch })
        let written = Counter()
        async let writing: Void = {
            defer { _ = written.next() }
            try await write(store)
        }()
        let reader = try await FileStore.open(folder("s"), access: .reading, now: { epoch })
        var seen: [Int: [String]] = [:]
        var last = 0
        var looks = 0
        while true {
            let isLast = written.value > 0
            try await reader.refresh()
            var lines = try await reader.exported()
            var count = try commits(lines)
            #expect(count >= last)
            last = count
            seen[count] = lines
            // One that opens it anew sees as much at least.
            if looks % 3 == 0 {
                let other = try await FileStore.open(folder("s"), access: .reading, now: { epoch })
                lines = try await other.exported()
                count = try commits(lines)
                #expect(count >= last)
                seen[count] = lines
            }
            if looks % 5 == 1 {
                let findings = try await FileStore.check(folder("s"))
                #expect(findings.filter { $0.severity == .damage } == [])
            }
            looks += 1
            if isLast { break }
        }
        try await writing
        #expect(last == Self.batches)
        // A memory store is told the same in the same order, and has to say the same wherever the reader looked.
        let order = try await store.runs(RunQuery(limit: .max), by: .engine).reversed()
            .compactMap { Int($0.id.dropFirst()) }
        #expect(order.sorted() == Array(0..<Self.batches))
        let memory = InMemoryStore()
        for (place, number) in order.enumerated() {
            if let lines = seen[place] { #expect(try await memory.exported() == lines, "after \(place) commits") }
            _ = await memory.commit(StoreWorkload.batch(number), by: .engine)
        }
        #expect(try await memory.exported() == seen[Self.batches])
        try await store.close()
        #expect(try await FileStore.check(folder("s")) == [])
    }

    @Test("A later frame that is seen before an earlier one is no damage, unless it stays so") func overtaking() throws
    {
        let written = frames([100, 5000, 100])
        let whole = journal(written)
        let holed = journal([written[0]]) + [UInt8](repeating: 0, count: 5040) + written[2].encoded(salt: salt)
        for stays in [true, false] {
            let disk = SimulatedDisk()
            disk.install(holed, at: "/journal")
            let file = GrowingFile(try disk.open("/journal", .readWrite), after: stays ? .max : 1) {
                (other: any StoreFile) throws(FileFault) in
                try other.write(whole, at: 0)
            }
            let found = try Scanned(file)
            if stays {
                guard case .damaged = found.outcome.verdict else {
                    Issue.record("\(found.outcome.verdict)")
                    continue
                }
            } else {
                #expect(found.frames == written)
                #expect(found.outcome.verdict == .clean(end: whole.count))
            }
        }
    }
}

/// Counts from 0.
private final class Counter: Sendable {
    private let count = Atomic(0)
    var value: Int { count.load(ordering: .acquiring) }
    func next() -> Int { count.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue }
}

/// A file that somebody else writes after it was read so many times.
private final class GrowingFile: StoreFile {
    private let file: any StoreFile
    private let reads = Atomic(0)
    private let limit: Int
    private let write: @Sendable (any StoreFile) throws(FileFault) -> Void
    var name: String { file.name }

    init(
        _ file: any StoreFile, after limit: Int,
        _ write: @escaping @Sendable (any StoreFile) throws(FileFault) -> Void
    ) {
        self.file = file
        self.limit = limit
        self.write = write
    }

    func readSome(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FileFault) -> Int {
        let count = try unsafe file.readSome(at: offset, into: buffer)
        if reads.wrappingAdd(1, ordering: .relaxed).newValue == limit { try write(file) }
        return count
    }

    func writeSome(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileFault) -> Int {
        try unsafe file.writeSome(bytes, at: offset)
    }

    func sync() throws(FileFault) { try file.sync() }
    func size() throws(FileFault) -> Int { try file.size() }
    func truncate(to size: Int) throws(FileFault) { try file.truncate(to: size) }
    func map(_ length: Int) throws(FileFault) -> MappedBytes { try file.map(length) }
    func close() { file.close() }
}
