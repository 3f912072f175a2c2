import Synchronization

@testable import GTMCore

/// A program that does a workload on a disk that fails, and remembers what the store promised it.
final class StoreProgram: Sendable {
    static let folder = "/s"

    /// What the store promised.
    struct Promises: Sendable {
        var hasOpened = false
        /// How many commits were begun.
        var begun = 0
        var acknowledged: [StoreWorkload.Event] = []
        var failure: (any Error)?
    }

    let workload: StoreWorkload
    let disk: SimulatedDisk
    private let state = Mutex(Promises())

    var promises: Promises { state.withLock { $0 } }

    init(_ workload: StoreWorkload, on disk: SimulatedDisk) {
        self.workload = workload
        self.disk = disk
    }

    /// A disk on which a workload can begin.
    static func disk(for workload: StoreWorkload) throws -> SimulatedDisk {
        let disk = SimulatedDisk()
        let erases = workload.steps.contains { if case .erase = $0 { true } else { false } }
        if erases { try disk.installEmptyStore(in: folder) }
        return disk
    }

    private func open() async throws -> FileStore {
        let store = try await FileStore.open(
            Self.folder, on: disk, configuration: workload.configuration, now: { epoch })
        state.withLock { $0.hasOpened = true }
        return store
    }

    private func commit(_ number: Int, to store: FileStore) async throws {
        state.withLock { $0.begun += 1 }
        _ = try await store.commit(StoreWorkload.batch(number), by: .engine)
        state.withLock { $0.acknowledged.append(.batch(number)) }
    }

    /// Does everything until something fails.
    func run() async {
        do {
            var store = try await open()
            for step in workload.steps {
                switch step {
                case .commit(let number): try await commit(number, to: store)
                case .together(let numbers):
                    let shared = store
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for number in numbers { group.addTask { try await self.commit(number, to: shared) } }
                        try await group.waitForAll()
                    }
                case .erase(let email):
                    state.withLock { $0.begun += 1 }
                    _ = try await store.erase(.email(EmailAddress(storedText: email)), at: day(50), by: .engine)
                    state.withLock { $0.acknowledged.append(.erase(email)) }
                case .compact: try await store.compact()
                case .reopen:
                    try await store.close()
                    store = try await open()
                }
            }
            try await store.close()
        } catch {
            state.withLock { $0.failure = error }
        }
    }
}

/// Looks at what a crash left of a store.
struct StoreInquest {
    /// What is wrong.
    struct Finding: Error, CustomStringConvertible {
        let description: String
    }

    let workload: StoreWorkload
    let promises: StoreProgram.Promises
    let reference: StoreReference

    init(_ program: StoreProgram, _ reference: StoreReference) {
        self.init(program.workload, program.promises, reference)
    }

    init(_ workload: StoreWorkload, _ promises: StoreProgram.Promises, _ reference: StoreReference) {
        self.workload = workload
        self.promises = promises
        self.reference = reference
    }

    /// Looks at a disk: what is there is a prefix of the history and holds what was acknowledged; it can be written on,
    /// and then nothing of what was half done lies about.
    ///
    /// - Throws: ``Finding`` for what is wrong.
    func examine(_ disk: SimulatedDisk, goingOn: Bool = true) async throws {
        let folder = StoreProgram.folder
        var history: [StoreWorkload.Event] = []
        do {
            let reader = try await FileStore.open(folder, on: disk, access: .reading, now: { epoch })
            history = try await self.history(of: reader)
            try await compare(reader, with: history, "read")
        } catch let error as StoreError where error.code == .unavailable && !promises.hasOpened {
            // No store was promised; making one has to be possible.
        }
        guard goingOn else { return }
        let writer = try await FileStore.open(folder, on: disk, now: { epoch })
        try await compare(writer, with: history, "opened for writing")
        for number in [40, 50] {
            _ = try await writer.commit(StoreWorkload.batch(number), by: .engine)
            history.append(.batch(number))
        }
        let unclosed = disk.copy()
        try await writer.close()
        for found in [unclosed, disk.crash(.nothing)] {
            let reader = try await FileStore.open(folder, on: found, access: .reading, now: { epoch })
            try await compare(reader, with: history, "opened again after going on")
            let generation = try await reader.statistics().generation
            let strays = try found.list(folder).filter { StoreFolder.isStray($0, besides: generation) }
            guard strays.isEmpty else { throw Finding(description: "left behind: \(strays)") }
            let findings = try await FileStore.check(folder, on: found)
            guard findings.isEmpty else { throw Finding(description: "a check finds \(findings)") }
        }
    }

    private func compare(_ store: FileStore, with history: [StoreWorkload.Event], _ when: String) async throws {
        let expected = try await reference.answers(after: history)
        if let difference = try await StoreAnswers(of: store).difference(from: expected) {
            throw Finding(description: "\(when), after \(history.count) commits: \(difference)")
        }
    }

    /// The history that a store was told, as it says itself; one that was not told or lacks what was acknowledged is wrong.
    private func history(of store: FileStore) async throws -> [StoreWorkload.Event] {
        let statistics = try await store.statistics()
        let count = Int(statistics.commits)
        guard count <= promises.begun else {
            throw Finding(description: "\(count) commits, and \(promises.begun) were begun")
        }
        var runs = try await store.runs(RunQuery(limit: .max), by: .engine).reversed().map(\.id)[...]
        var history: [StoreWorkload.Event] = []
        for step in workload.steps where history.count < count {
            switch step {
            case .commit(let number):
                history.append(.batch(number))
                if runs.first == "b\(number)" { runs.removeFirst() }
            case .together(let numbers):
                var left = Set(numbers)
                while history.count < count, let number = left.first(where: { runs.first == "b\($0)" }) {
                    runs.removeFirst()
                    left.remove(number)
                    history.append(.batch(number))
                }
                if history.count < count, !left.isEmpty { throw Finding(description: "runs \(runs), left \(left)") }
            case .erase(let email): history.append(.erase(email))
            case .compact, .reopen: break
            }
        }
        guard runs.isEmpty, history.count == count else {
            throw Finding(description: "\(count) commits, of which \(history) are known; runs \(runs) are not")
        }
        var left = history
        for event in promises.acknowledged {
            guard let place = left.firstIndex(of: event) else {
                throw Finding(description: "\(event) was acknowledged and is gone; there is \(history)")
            }
            left.remove(at: place)
        }
        return history
    }
}
