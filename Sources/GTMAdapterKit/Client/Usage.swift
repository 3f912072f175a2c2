public import GTMCore

/// What a client has done since it was made, for the run log; one run is a difference of two.
public struct Usage: Sendable, Hashable {
    /// Requests sent, repeated ones included.
    public var calls = 0
    /// Requests repeated after a passing failure.
    public var retries = 0
    /// Answers that were a rate limit.
    public var rateLimits = 0
    /// Time spent waiting for rate limits and before retries; concurrent waits add up.
    public var waited: Duration = .zero
    /// Time spent waiting for the own call budget; concurrent waits add up.
    public var paced: Duration = .zero
    /// Bytes of body received, decompressed.
    public var bytesReceived = 0

    /// Creates one in which nothing was done.
    public init() {}

    /// What was done between `right` and `left`.
    public static func - (left: Self, right: Self) -> Self {
        var difference = left
        difference.calls -= right.calls
        difference.retries -= right.retries
        difference.rateLimits -= right.rateLimits
        difference.waited -= right.waited
        difference.paced -= right.paced
        difference.bytesReceived -= right.bytesReceived
        return difference
    }
}

/// A wait that a client is about to begin, for a progress line.
public struct ClientWait: Sendable, Hashable {
    /// The account.
    public var source: SourceID
    /// Method and path, as they may be shown.
    public var request: String
    /// How long.
    public var duration: Duration
    /// Whether the vendor's rate limit is the reason, and not a failure before a retry.
    public var isRateLimit: Bool
}
