import Synchronization

/// The door through which calls of one budget family start: in the order in which they came, as the budget lets them.
///
/// Only the first in the queue asks the budget. A waiting call that is cancelled leaves the queue without having been
/// counted. State is behind a lock, not in an actor, so that a cancellation handler can act at once.
final class BudgetGate: Sendable {
    /// The budget has no room for longer than a call may wait.
    struct Exhausted: Error {
        /// How long it takes until there is room.
        var wait: Duration
    }

    private struct State {
        var budget: CallBudget
        var queue: [Int] = []
        var resting: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextTicket = 0
        /// Grows with each event that may let the first one start, so that none is missed on the way to rest.
        var changes = 0

        /// Notes an event; whoever is first has to look again.
        mutating func change() -> CheckedContinuation<Void, Never>? {
            changes += 1
            return queue.first.flatMap { resting.removeValue(forKey: $0) }
        }
    }

    private let state: Mutex<State>
    private let timer: Timer

    init(_ budget: CallBudget, timer: Timer) {
        state = Mutex(State(budget: budget))
        self.timer = timer
    }

    /// Calls that wait.
    var waiting: Int { state.withLock { $0.queue.count } }

    /// Waits until a call may start, and counts it; each return is answered by one ``leave(_:pause:)``.
    ///
    /// - Throws: `CancellationError`, or ``Exhausted`` where the wait would be longer than `patience`.
    func enter(patience: Duration) async throws {
        let ticket = state.withLock { state in
            state.nextTicket += 1
            state.queue.append(state.nextTicket)
            return state.nextTicket
        }
        defer {
            state.withLock { state in
                state.queue.removeAll { $0 == ticket }
                return state.change()
            }?.resume()
        }
        while true {
            try Task.checkCancellation()
            let (step, seen, now) = state.withLock { state in
                let now = timer.now()
                let isFirst = state.queue.first == ticket
                return (isFirst ? state.budget.reserve(at: now) : .wait(until: nil), state.changes, now)
            }
            switch step {
            case .go: return
            case .wait(until: nil): await rest(ticket, seen: seen)
            case .wait(until: let time?):
                guard time - now <= patience else { throw Exhausted(wait: time - now) }
                await withTaskGroup { group in
                    // The sleep ends early only when cancelled; the loop looks at that itself.
                    group.addTask { [timer] in try? await timer.sleep(time - now) }
                    group.addTask { await self.rest(ticket, seen: seen) }
                    await group.next()
                    group.cancelAll()
                }
            }
        }
    }

    /// Ends a call, with what its answer said about the limit, and holds all others back for `pause`.
    func leave(_ reading: RateReading?, pause: Duration? = nil) {
        state.withLock { state in
            let now = timer.now()
            state.budget.finish(reading, at: now)
            if let pause { state.budget.pause(until: now + pause) }
            return state.change()
        }?.resume()
    }

    /// Sleeps until something changes after `seen`, or the task is cancelled.
    private func rest(_ ticket: Int, seen: Int) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let hasChanged = state.withLock { state in
                    if state.changes != seen || Task.isCancelled { return true }
                    state.resting[ticket] = continuation
                    return false
                }
                if hasChanged { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.resting.removeValue(forKey: ticket) }?.resume()
        }
    }
}

/// A clock of any kind, its time counted from the timer's making.
struct Timer: Sendable {
    /// The time since the timer was made.
    let now: @Sendable () -> Duration
    /// Waits; throws `CancellationError` when cancelled.
    let sleep: @Sendable (Duration) async throws -> Void

    init(_ clock: some Clock<Duration>) {
        let start = clock.now
        now = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(until: clock.now.advanced(by: $0), tolerance: nil) }
    }
}
