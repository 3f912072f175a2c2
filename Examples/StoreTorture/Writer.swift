import Foundation
import GTMCore
import Synchronization

/// The program that is killed: it commits from several tasks, and tells what was acknowledged.
struct Writer {
    private let folder: String
    private let first: Int
    private let seed: UInt64

    init(_ folder: String, first: Int, seed: UInt64) {
        self.folder = folder
        self.first = first
        self.seed = seed
    }

    func run() async throws {
        var configuration = FileStore.Configuration()
        configuration.snapshotEvery = 20_000
        let store = try await FileStore.open(folder, configuration: configuration)
        tell("open")
        let numbers = Numbers(first)
        let compactsAfter = seed % 3 == 0 ? first + Int(seed / 3 % 6) : .max
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<Batches.tasks {
                group.addTask {
                    while true {
                        let number = numbers.next()
                        _ = try await store.commit(Batches.batch(number, by: task), by: StoreActor("torture"))
                        tell("\(number) \(task)")
                        // As fast as it can it would write more than can be looked at after each kill.
                        if number % 6 == 0 { try await Task.sleep(for: .milliseconds(1)) }
                        if number == compactsAfter {
                            try await store.compact()
                            tell("compacted")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}

/// Numbers, each given out once.
private final class Numbers: Sendable {
    private let upcoming: Atomic<Int>

    init(_ first: Int) { upcoming = Atomic(first) }

    func next() -> Int { upcoming.wrappingAdd(1, ordering: .relaxed).oldValue }
}

/// Tells a line at once; whoever listens may be gone.
private func tell(_ line: String) {
    try? FileHandle.standardOutput.write(contentsOf: Data("\(line)\n".utf8))
}
