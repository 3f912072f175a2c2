#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// The names under which a vendor reports its rate limit with each answer.
public struct RateLimitHeaders: Sendable, Hashable {
    /// What the reset header counts.
    public enum ResetForm: Sendable, Hashable {
        /// The Unix second at which the window ends.
        case epochSeconds
        /// The seconds until the window ends.
        case secondsFromNow
    }

    /// Calls allowed in the window; `nil` where the vendor sends none, as with the others.
    public var limit: String?
    /// Calls left in it.
    public var remaining: String?
    /// When it ends.
    public var reset: String?
    /// What ``reset`` counts.
    public var resetForm: ResetForm

    /// Creates the names; those left out are not read.
    public init(
        limit: String? = nil, remaining: String? = nil, reset: String? = nil, resetForm: ResetForm = .epochSeconds
    ) {
        self.limit = limit
        self.remaining = remaining
        self.reset = reset
        self.resetForm = resetForm
    }

    /// `X-RateLimit-Limit`, `-Remaining` and `-Reset`, the latter in the form given.
    public static func common(reset: ResetForm) -> Self {
        Self(
            limit: "X-RateLimit-Limit", remaining: "X-RateLimit-Remaining", reset: "X-RateLimit-Reset",
            resetForm: reset)
    }

    /// Reads the headers of one answer.
    ///
    /// - Parameter now: The own time. Where the answer has a `Date`, that is taken instead, so that a wrong clock here
    ///   does not bend a reset given as a time.
    public func reading(of headers: HTTPHeaders, now: Date) -> RateReading {
        let seconds = reset.flatMap { headers[$0] }.flatMap(Self.number)
        let ends: Duration? = seconds.map { seconds in
            switch resetForm {
            case .secondsFromNow: .seconds(max(0, seconds))
            case .epochSeconds:
                .seconds(max(0, Double(seconds) - HTTPDate.now(of: headers, own: now).timeIntervalSince1970))
            }
        }
        return RateReading(
            limit: limit.flatMap { headers[$0] }.flatMap(Self.number),
            remaining: remaining.flatMap { headers[$0] }.flatMap(Self.number).map { max(0, $0) }, reset: ends)
    }

    /// The leading whole number of a value such as `167` or `100, 100;w=60`; at most 12 digits count.
    private static func number(_ text: String) -> Int? {
        Int(text.drop { $0 == " " }.prefix { $0.isNumber || $0 == "-" }.prefix(12))
    }
}

/// What one answer said about the rate limit.
public struct RateReading: Sendable, Hashable {
    /// Calls allowed in the window.
    public var limit: Int?
    /// Calls left in it, not below 0.
    public var remaining: Int?
    /// How long the window still lasts, not below zero.
    public var reset: Duration?

    /// Creates a reading; `nil` stands for what was not said.
    public init(limit: Int? = nil, remaining: Int? = nil, reset: Duration? = nil) {
        self.limit = limit
        self.remaining = remaining
        self.reset = reset
    }
}

/// How long an answer asks to wait.
public struct WaitHint: Sendable, Hashable {
    /// By `Retry-After`, in seconds or as a date.
    public var retryAfter: Duration?
    /// By the end of the rate limit's window.
    public var reset: Duration?

    /// Creates a hint; `nil` stands for what was not said.
    public init(retryAfter: Duration? = nil, reset: Duration? = nil) {
        self.retryAfter = retryAfter
        self.reset = reset
    }

    /// Reads `Retry-After`; a time that is past gives zero, a malformed value nothing.
    public init(headers: HTTPHeaders, reset: Duration?, now: Date) {
        self.init(reset: reset)
        guard let text = headers["Retry-After"] else { return }
        if let seconds = Double(text), 0...1e9 ~= seconds {
            retryAfter = .seconds(seconds)
        } else if let date = HTTPDate.parse(text) {
            retryAfter = .seconds(max(0, date.timeIntervalSince(HTTPDate.now(of: headers, own: now))))
        }
    }
}
