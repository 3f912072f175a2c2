import Foundation
import Synchronization

/// A process that writes a store, and what it told.
final class Subject: Sendable {
    /// What a writer told in its life.
    struct Told: Sendable {
        /// The numbers that were acknowledged, with the task that each belongs to.
        var acknowledged: [Int: Int] = [:]
        var compactions = 0
        /// Why it ended by itself, where it did.
        var failure: String?
    }

    private struct State {
        var told = Told()
        var rest: [UInt8] = []
        var isOpen = false
        var isAtEnd = false
        var waiting: [(Condition, CheckedContinuation<Void, Never>)] = []
    }

    private typealias Condition = @Sendable (borrowing State) -> Bool

    private let process: Int32
    private let state = Mutex(State())
    /// Waits for the process, and says how it ended.
    private let ending: Task<String?, Never>

    /// How long it lives, and from when on.
    struct Life: Sendable {
        var milliseconds: Int
        /// From the opening of the store on; otherwise from the start of the process on.
        var beginsWithStore: Bool
    }

    private let life: Life
    /// Kills at its time, however busy the others are.
    private let executioner = DispatchQueue(label: "store-torture.kill", qos: .userInteractive)

    init(_ folder: String, first: Int, seed: UInt64, life: Life) throws {
        self.life = life
        let process = Process()
        process.executableURL = Bundle.main.executableURL
        process.arguments = ["--write", folder, "\(first)", "\(seed)"]
        let output = Pipe()
        process.standardOutput = output
        let ended = Ending()
        process.terminationHandler = { ended.tell($0) }
        try process.run()
        self.process = process.processIdentifier
        ending = Task { await ended.reason }
        if !life.beginsWithStore { scheduleKill() }
        let lines = output.fileHandleForReading
        DispatchQueue.global().async {
            while true {
                // Unlike a read of so many bytes it gives what there is.
                let data = lines.availableData
                if data.isEmpty { break }
                self.take(data)
            }
            self.end()
        }
    }

    /// What was told so far.
    var acknowledged: [Int: Int] { state.withLock { $0.told.acknowledged } }

    /// Waits until the store is open, or the process has ended.
    func waitUntilOpen() async { await wait { $0.isOpen } }

    private func scheduleKill() {
        executioner.asyncAfter(deadline: .now() + .milliseconds(life.milliseconds)) { [process] in
            _ = kill(process, SIGKILL)
        }
    }

    /// Waits until the process was killed, and gives everything that it told.
    func untilKilled() async -> Told {
        await wait { _ in false }
        let failure = await ending.value
        return state.withLock { state in
            state.told.failure = failure
            return state.told
        }
    }

    /// Waits until something holds, or the process can tell no more.
    private func wait(until holds: @escaping Condition) async {
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                if state.isAtEnd || holds(state) { return true }
                state.waiting.append((holds, continuation))
                return false
            }
            if isDone { continuation.resume() }
        }
    }

    private func take(_ data: Data) {
        resume { state in
            state.rest += data
            while let end = state.rest.firstIndex(of: UInt8(ascii: "\n")) {
                let words = String(decoding: state.rest[..<end], as: UTF8.self).split(separator: " ")
                state.rest.removeFirst(end + 1)
                if words == ["open"] {
                    state.isOpen = true
                    if life.beginsWithStore { scheduleKill() }
                } else if words == ["compacted"] {
                    state.told.compactions += 1
                } else if words.count == 2, let number = Int(words[0]), let task = Int(words[1]) {
                    state.told.acknowledged[number] = task
                }
            }
        }
    }

    private func end() { resume { $0.isAtEnd = true } }

    private func resume(after change: (inout sending State) -> Void) {
        let waiting = state.withLock { state in
            change(&state)
            let all = state.waiting
            state.waiting = []
            for (holds, continuation) in all where !state.isAtEnd && !holds(state) {
                state.waiting.append((holds, continuation))
            }
            return all.filter { holds, _ in state.isAtEnd || holds(state) }.map(\.1)
        }
        for continuation in waiting { continuation.resume() }
    }
}

/// How a process ended, told once.
private final class Ending: Sendable {
    private let state = Mutex<(reason: String??, waiting: CheckedContinuation<String?, Never>?)>((nil, nil))

    func tell(_ process: Process) {
        let reason =
            process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL
            ? nil : "status \(process.terminationStatus)"
        let waiting = state.withLock { state in
            state.reason = .some(reason)
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: reason)
    }

    /// Why the process ended; `nil` where it was killed.
    var reason: String? {
        get async {
            await withCheckedContinuation { continuation in
                let known = state.withLock { state in
                    if state.reason == nil { state.waiting = continuation }
                    return state.reason
                }
                if let known { continuation.resume(returning: known) }
            }
        }
    }
}
