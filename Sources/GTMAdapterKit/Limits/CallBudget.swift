public import GTMCore

/// How many calls may start, and when.
///
/// In any stretch of a limit's period no more calls start than the limit allows, whether the vendor counts in fixed or in
/// sliding windows. The vendor's headers correct the picture, because others may use the same limit. Times are durations
/// since any one moment, and never go back.
public struct CallBudget: Sendable {
    /// So many calls in so long a time.
    public struct Limit: Sendable, Hashable {
        /// Calls, at least 1.
        public var calls: Int
        /// The window, above zero.
        public var period: Duration

        /// Creates a limit.
        public init(_ calls: Int, per period: Duration) {
            precondition(calls >= 1, "calls is \(calls); expected 1 or more")
            precondition(period > .zero, "period is \(period); expected more than zero")
            self.calls = calls
            self.period = period
        }
    }

    /// What a call that wants to start has to do.
    public enum Step: Sendable, Hashable {
        /// Start: the call is counted, and ends with ``CallBudget/finish(_:at:)``.
        case go
        /// Ask again at that time, or already when another call ends; `nil` means only then.
        case wait(until: Duration?)
    }

    /// What the vendor last said is left.
    private struct Window: Sendable {
        var remaining: Int
        var end: Duration
        /// Whether the vendor named no end: what is left then grows again bit by bit, and one call has to find out.
        var isSliding: Bool

        func allowance(at now: Duration) -> Int? {
            if end > now { remaining } else if isSliding { max(1, remaining) } else { nil }
        }
    }

    /// The limits, all of which hold; the first is the one that the vendor's headers speak of.
    public private(set) var limits: [Limit]
    /// Calls that may run at once, at least 1.
    public let atOnce: Int
    /// Calls that run now.
    public private(set) var running = 0

    private var starts = StartLog()
    private var window: Window?
    private var pausedUntil: Duration?

    /// Creates a budget.
    ///
    /// - Parameters:
    ///   - limits: The vendor's limits; none means that only `atOnce` holds.
    ///   - atOnce: Calls that may run at once, at least 1; 8 by default.
    public init(_ limits: [Limit] = [], atOnce: Int = 8) {
        precondition(atOnce >= 1, "atOnce is \(atOnce); expected 1 or more")
        self.limits = limits
        self.atOnce = atOnce
    }

    /// Creates a budget for each family named, with the allowances of that family in their order.
    public static func families(_ allowances: [CallAllowance], atOnce: Int = 8) -> [String: CallBudget] {
        Dictionary(grouping: allowances, by: \.family).mapValues { allowances in
            CallBudget(allowances.map { Limit($0.calls, per: $0.window) }, atOnce: atOnce)
        }
    }

    /// Lets a call start, or says when to ask again.
    public mutating func reserve(at now: Duration) -> Step {
        if let pausedUntil, pausedUntil > now { return .wait(until: pausedUntil) }
        if let free = limits.indices.compactMap({ whenFree(at: $0) }).max(), free > now {
            return .wait(until: free)
        }
        guard running < atOnce else { return .wait(until: nil) }
        // Calls under way may or may not be in the vendor's count already: as if they were not, until they answer.
        if let window, let allowance = window.allowance(at: now), running >= allowance {
            return .wait(until: window.end > now ? window.end : nil)
        }
        starts.append(now, keeping: limits.map(\.calls).max() ?? 0)
        running += 1
        return .go
    }

    /// Ends a call that ``reserve(at:)`` let start.
    ///
    /// - Parameters:
    ///   - reading: What its answer said about the limit.
    ///   - now: The present time.
    public mutating func finish(_ reading: RateReading?, at now: Duration) {
        running -= 1
        guard let reading, let own = limits.first else { return }
        if let limit = reading.limit, limit >= 1 { limits[0].calls = limit }
        guard let remaining = reading.remaining else { return }
        if let reset = reading.reset {
            note(Window(remaining: remaining, end: now + min(reset, own.period * 2), isSliding: false), own.period / 2)
        } else {
            note(Window(remaining: remaining, end: now + own.period / 10, isSliding: true), own.period / 20)
        }
    }

    /// Lets no call start before `time`, after the vendor refused one.
    public mutating func pause(until time: Duration) {
        pausedUntil = max(pausedUntil ?? time, time)
    }

    /// Notes what is left of a window.
    ///
    /// Answers of one window may arrive in any order: the smallest number is the latest. Ends are given in whole
    /// seconds, so that two less than a second apart are of the same window.
    private mutating func note(_ new: Window, _ longestSlack: Duration) {
        let slack = min(.seconds(1), longestSlack)
        if let window, new.end <= window.end + slack {
            guard new.end >= window.end - slack else { return }
            self.window?.remaining = min(new.remaining, window.remaining)
        } else {
            window = new
        }
    }

    /// When the limit has room again; `nil` where so many calls have not started yet.
    private func whenFree(at index: Int) -> Duration? {
        let limit = limits[index]
        // A little more than the period, because calls do not all take the same time to arrive.
        return starts.last(limit.calls).map { $0 + limit.period + limit.period / 25 }
    }
}

/// The times at which the last calls started, oldest first.
private struct StartLog: Sendable {
    private var times: [Duration] = []
    private var first = 0

    mutating func append(_ time: Duration, keeping limit: Int) {
        times.append(time)
        first = max(first, times.count - limit)
        if first > 64, first > times.count / 2 {
            times.removeFirst(first)
            first = 0
        }
    }

    /// The start of the call that is `count` calls back, the latest being 1 back.
    func last(_ count: Int) -> Duration? {
        times.count - count >= first ? times[times.count - count] : nil
    }
}
