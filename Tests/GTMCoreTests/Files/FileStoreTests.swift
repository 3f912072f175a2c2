import FoundationEssentials
import Synchronization
import Testing

@testable import GTMCore

/// A folder of its own for one test, removed at its end.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "gtm-\(UUID())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }
}

@Suite("File store") struct FileStoreTests {
    private let ada = CustomerKey.email(EmailAddress(storedText: "ada@x.test"))

    private func open(_ path: String, _ access: FileStore.Access = .writing) async throws -> FileStore {
        try await FileStore.open(path, access: access, now: { epoch })
    }

    @discardableResult private func commit(
        _ records: [SourceRecord], at moment: Double, to store: FileStore
    ) async throws -> CommitReceipt {
        var batch = StoreBatch(recordedAt: day(moment))
        batch.records = records
        return try await store.commit(batch, by: .engine)
    }

    @Test("What was committed is there after opening again", arguments: [true, false])
    func reopen(closes: Bool) async throws {
        let folder = try TemporaryFolder()
        var store = try await open(folder("s"))
        try await commit([contact("1", email: "ada@x.test", changed: 1) { $0.name = "first" }], at: 2, to: store)
        let updated = try await commit(
            [contact("1", email: "ada@x.test", changed: 3) { $0.name = "second" }, conversation("7", of: ["1"])], at: 4,
            to: store)
        #expect(updated.outcomes == [.updated, .new])
        #expect(updated.sequence == 2)
        let before = try await store.customer(ada, at: .latest, by: .engine)
        #expect(before?.people.first?.record.fact.contact?.name == "second")
        #expect(before?.activity.count == 1)
        if closes { try await store.close() } else { try await abandon(store) }
        store = try await open(folder("s"))
        #expect(try await store.customer(ada, at: .latest, by: .engine) == before)
        let past = try await store.customer(ada, at: TimePoint(knownAt: day(3)), by: .engine)
        #expect(past?.people.first?.record.fact.contact?.name == "first")
        #expect(past?.activity.isEmpty == true)
        let again = try await commit([conversation("7", of: ["1"])], at: 5, to: store)
        #expect(again.outcomes == [.unchanged])
        #expect(again.sequence == 3)
        try await store.close()
    }

    /// Lets go of a store as a process does that ends at once.
    private func abandon(_ store: FileStore) async throws {
        store.core.withLock { core in
            core.lock?.release()
            core.ended = StoreError(code: .unavailable, detail: "the process ended")
        }
    }

    @Test("A second writer is told who the first one is; readers are welcome") func secondWriter() async throws {
        let folder = try TemporaryFolder()
        let store = try await open(folder("s"))
        try await commit([contact("1", email: "ada@x.test", changed: 1)], at: 2, to: store)
        let error = await #expect(throws: StoreError.self) { try await open(folder("s")) }
        #expect(error?.code == .locked)
        #expect(error?.detail.contains("process \(ThisProcess.holder(since: epoch).process)") == true)
        let reader = try await open(folder("s"), .reading)
        #expect(try await reader.customer(ada, at: .latest, by: .engine)?.people.count == 1)
        try await commit([contact("2", email: "ada@x.test", changed: 1)], at: 3, to: store)
        #expect(try await reader.customer(ada, at: .latest, by: .engine)?.people.count == 1)
        #expect(try await reader.refresh())
        #expect(try await reader.customer(ada, at: .latest, by: .engine)?.people.count == 2)
        let refused = await #expect(throws: StoreError.self) { try await commit([], at: 3, to: reader) }
        #expect(refused?.code == .readOnly)
        try await store.close()
    }
}
