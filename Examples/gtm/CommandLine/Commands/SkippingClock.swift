import Synchronization

/// A clock that nobody waits for: whoever sleeps wakes at once, and its time moves on to when that was to be.
///
/// With it a simulated server's limits are kept in the simulation's own time, and a demonstration does not dawdle.
final class SkippingClock: Clock {
    /// A moment of the clock.
    struct Instant: InstantProtocol {
        /// The time since the clock began.
        var offset: Duration

        func advanced(by duration: Duration) -> Self { Self(offset: offset + duration) }
        func duration(to other: Self) -> Duration { other.offset - offset }
        static func < (left: Self, right: Self) -> Bool { left.offset < right.offset }
    }

    private let time = Mutex(Duration.zero)

    var now: Instant { Instant(offset: time.withLock { $0 }) }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        time.withLock { $0 = max($0, deadline.offset) }
        await Task.yield()
    }
}
