/// How often and after which wait a request is sent again.
public struct RetryPolicy: Sendable, Hashable {
    /// Retries after passing failures, 3 by default; 0 for none.
    ///
    /// A rate limit uses none of them.
    public var retries = 3
    /// The first back-off, above zero, doubled each time; half a second by default.
    public var baseDelay: Duration = .milliseconds(500)
    /// The longest back-off; 30 seconds by default.
    public var maximumDelay: Duration = .seconds(30)
    /// The shortest wait at a rate limit; 1 second by default.
    public var minimumLimitWait: Duration = .seconds(1)
    /// The longest wait that a reset header may ask for, a little over the vendor's window; 15 seconds by default.
    ///
    /// It guards against clocks that differ. A `Retry-After` is no clock: it is obeyed whole or ends the call.
    public var maximumResetWait: Duration = .seconds(15)
    /// How long a stretch of nothing but rate limits may last before calls fail; 10 minutes by default.
    ///
    /// The stretch belongs to the client: waits of concurrent calls count once, and any success ends it. Longer waits
    /// that a vendor asks for fail at once, with ``VendorError/retryAfter`` set.
    public var patience: Duration = .seconds(600)

    /// Creates the default policy.
    public init() {}

    /// The back-off before retry `count` (from 0), somewhere between nothing and the full delay by `jitter` in `0..<1`.
    public func backoff(_ count: Int, jitter: Double) -> Duration {
        var delay = min(baseDelay, maximumDelay)
        for _ in 0..<max(0, count) where delay < maximumDelay { delay = min(delay * 2, maximumDelay) }
        return delay * jitter
    }
}

/// What to do next about a request.
public enum RetryAction: Sendable, Hashable {
    /// Hand the answer over.
    case succeed
    /// Wait, then send the request again.
    case wait(Duration)
    /// Give up.
    case fail(VendorError.Code)
}

/// What one request has been through, and what follows from its next answer.
public struct RetryState: Sendable {
    /// The rules.
    public let policy: RetryPolicy
    /// Retries used up so far.
    public private(set) var retries = 0
    /// Rate limits met in a row.
    public private(set) var limits = 0

    /// Begins with nothing used up.
    public init(policy: RetryPolicy) {
        self.policy = policy
    }

    /// Decides what to do after an answer or a failure.
    ///
    /// - Parameters:
    ///   - verdict: What to make of it.
    ///   - mayRepeat: Whether sending the request again does no harm.
    ///   - wait: What the vendor's headers ask for, where they do.
    ///   - patience: The client's stretch of rate limits.
    ///   - now: The time on the client's clock.
    ///   - jitter: A random number in `0..<1`.
    public mutating func action(
        after verdict: Verdict, mayRepeat: Bool, wait: WaitHint?, patience: inout LimitPatience, now: Duration,
        jitter: Double
    ) -> RetryAction {
        switch verdict {
        case .success:
            patience.end()
            return .succeed
        case .failure(let code):
            return .fail(code)
        case .retry(let code):
            guard mayRepeat, retries < policy.retries else { return .fail(code) }
            let delay = max(policy.backoff(retries, jitter: jitter), wait?.retryAfter ?? .zero)
            guard delay <= policy.patience else { return .fail(code) }
            retries += 1
            return .wait(delay)
        case .limited(let asked):
            let reset = wait?.reset.map { min($0, policy.maximumResetWait) }
            let hint = asked ?? wait?.retryAfter ?? reset
            // A little jitter on top of the hint, so that those who wait for one window do not all come back at once.
            let delay = hint.map { $0 + .milliseconds(250) * jitter } ?? policy.backoff(limits, jitter: jitter)
            let bounded = max(delay, policy.minimumLimitWait)
            guard patience.allows(bounded, now: now, limit: policy.patience) else { return .fail(.rateLimited) }
            limits += 1
            return .wait(bounded)
        }
    }
}

/// How long a client has met nothing but rate limits.
public struct LimitPatience: Sendable {
    private var began: Duration?
    private var last: Duration = .zero

    /// Begins outside any stretch.
    public init() {}

    /// Whether waiting once more keeps the stretch within `limit`.
    ///
    /// A stretch also ends by itself when nothing was asked for as long as the limit, so that the next run starts anew.
    mutating func allows(_ wait: Duration, now: Duration, limit: Duration) -> Bool {
        if now - last > limit { began = nil }
        let start = began ?? now
        began = start
        last = now
        return now + wait - start <= limit
    }

    /// Ends the stretch after a success.
    mutating func end() { began = nil }
}
