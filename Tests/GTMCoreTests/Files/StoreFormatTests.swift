import Testing

@testable import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A store that version 1 of the format wrote, kept beside this file with what it said then.
///
/// It is never written again: where a test here fails, old stores can no longer be read. `GTM_MAKE_FIXTURE` set to a folder
/// writes a further one there, for a further version.
@Suite("Stores of earlier versions") struct StoreFormatTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    private static let newFolder = ProcessInfo.processInfo.environment["GTM_MAKE_FIXTURE"]
    private static let names = ["journal-2", "index-2", "store.json"]

    /// A copy of the store, to be opened.
    private func copy(without left: String? = nil) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for name in Self.names where name != left {
            try FileManager.default.copyItem(
                atPath: Self.fixtures.appending(path: "store-v1/\(name)").path, toPath: folder(name))
        }
        return folder
    }

    private func expectedLines() throws -> [String] {
        let text = try Data(contentsOf: Self.fixtures.appending(path: "store-v1.jsonl"))
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test("Version 1 is read, with its snapshot and without, and says what it said", arguments: [nil, "index-2"])
    func version1(without left: String?) async throws {
        let folder = try copy(without: left)
        let expected = try expectedLines()
        #expect(expected.count > 12)
        let reader = try await FileStore.open(folder.path, access: .reading)
        // Where it fits the machine the snapshot is used as it is.
        #expect(reader.openingNotes == [] || 1.littleEndian != 1)
        for (line, told) in zip(try await reader.exported(), expected) { #expect(line == told) }
        #expect(try await reader.exported().count == expected.count)
        #expect(try await FileStore.check(folder.path) == [])
    }

    @Test("Version 1 is written on") func goesOn() async throws {
        let folder = try copy()
        var store = try await FileStore.open(folder.path, now: { epoch })
        #expect(try await store.exported() == (try expectedLines()))
        let before = try await store.statistics().commits
        // Told again today, what was written then is nothing new, whatever fields have come since.
        var again = StoreBatch(recordedAt: day(30))
        again.records = try await store.versions(Self.everyKind().records.map(\.id), by: .engine).map(\.record)
        #expect(again.records.count == Self.everyKind().records.count)
        #expect(try await store.commit(again, by: .engine).outcomes.allSatisfy { $0 == .unchanged })
        // A person who was erased then is known still.
        #expect(try await store.commit(StoreWorkload.batch(0), by: .engine).outcomes.first == .erased)
        _ = try await store.commit(StoreWorkload.batch(9), by: .engine)
        let lines = try await store.exported()
        try await store.compact()
        #expect(try await store.exported() == lines)
        try await store.close()
        store = try await FileStore.open(folder.path, now: { epoch })
        #expect(try await store.exported() == lines)
        #expect(try await store.statistics().commits == before + 3)
        try await store.close()
        #expect(try await FileStore.check(folder.path) == [])
    }

    @Test("What version 1 exported can be restored") func restores() async throws {
        let lines = try expectedLines()
        let folder = try TemporaryFolder()
        try await FileStore.restore(lines.map { Array($0.utf8) }, to: folder("r"))
        let store = try await FileStore.open(folder("r"), access: .reading)
        #expect(try await store.exported() == lines)
    }

    /// Records of every kind, with everything that they can say.
    private static func everyKind() -> StoreBatch {
        var maker = ValueMaker(seed: 20_260_101, full: true)
        var batch = StoreBatch(recordedAt: day(30))
        batch.records = maker.facts().enumerated().map { number, fact in
            var record = maker.record(fact)
            record.id = RecordID(source: desk, stream: "every_kind", id: "\(number)")
            record.state = .live
            return record
        }
        return batch
    }

    @Test("A further fixture", .enabled(if: newFolder != nil)) func makesFixture() async throws {
        let target = try #require(Self.newFolder)
        let disk = SimulatedDisk()
        try disk.installEmptyStore(in: "/s")
        var store = try await FileStore.open("/s", on: disk, now: { epoch })
        for number in 0..<8 { _ = try await store.commit(StoreWorkload.batch(number), by: .engine) }
        _ = try await store.erase(.email(EmailAddress(storedText: "ada@x.test")), at: day(20), by: .engine)
        _ = try await store.commit(Self.everyKind(), by: .engine)
        try await store.compact()
        for number in 8..<12 { _ = try await store.commit(StoreWorkload.batch(number), by: .engine) }
        try await store.close()
        store = try await FileStore.open("/s", on: disk, now: { epoch })
        for number in 12..<20 { _ = try await store.commit(StoreWorkload.batch(number), by: .engine) }
        _ = try await store.erase(.email(EmailAddress(storedText: "di@y.test")), at: day(40), by: .engine)
        let lines = try await store.exported()
        // The snapshot stays behind the journal, as after a kill.
        let found = disk.copy()
        try FileManager.default.createDirectory(atPath: "\(target)/store-v1", withIntermediateDirectories: true)
        for name in Self.names {
            var bytes = try #require(found.content("/s/\(name)"))
            // Most of the zeros in advance say nothing.
            if name.hasPrefix("journal") {
                let end = try #require(bytes.lastIndex { $0 != 0 })
                bytes = Array(bytes[...(end + 64)])
            }
            try Data(bytes).write(to: URL(filePath: "\(target)/store-v1/\(name)"))
        }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: "\(target)/store-v1.jsonl"))
    }
}
