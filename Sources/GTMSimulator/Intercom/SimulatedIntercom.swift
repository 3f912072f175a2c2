public import GTMAdapterKit
public import GTMCore
import Synchronization

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A simulated world as Intercom shows it: answers an adapter in the vendor's shapes (API version 2.14) and is as
/// strict as the vendor.
///
/// ```swift
/// let world = SimulatedWorld(seed: 7, customers: 300, now: now)
/// let intercom = SimulatedIntercom(world)
/// let adapter = IntercomAdapter(configuration, transport: intercom)  // its token: SimulatedIntercom.token
/// ```
///
/// Nothing here reads a clock. The workspace's time begins at the world's `now` and moves by ``step(to:)`` alone; every
/// answer carries it in its `Date` header. Where a ``Configuration/callTime`` is given, calls are counted by it against
/// the limit and refused beyond.
public final class SimulatedIntercom: HTTPTransport {
    /// How the workspace is set up.
    public struct Configuration: Sendable {
        /// The access token that is let in.
        public var token = SimulatedIntercom.token
        /// The name of the workspace's time zone, as `GET /me` tells it.
        public var timeZone = "America/Los_Angeles"
        /// The zone's distance from UTC in seconds, the same all year, negative in the west; by whole days of this zone
        /// the dates of contacts are compared.
        public var secondsFromGMT = -28_800
        /// Calls allowed in a window of ten seconds.
        public var callsPerWindow = 1_667
        /// The time by which windows are counted; `nil` refuses no call for their number.
        public var callTime: (@Sendable () -> Date)?
        /// How long a new or changed contact stays unknown to search, in whole seconds; 0 by default.
        public var indexLag: Duration = .zero
        /// Whether the id of a merged contact answers 410 with its survivor, rather than 404.
        public var mergedContactsAreGone = false
        /// How the lists of subscriptions and payments are kept.
        public var billingForm = BillingForm.array
        /// What goes wrong.
        public var faults = SimulatedFaults()
        /// What a slow answer waits by.
        public var clock: any Clock<Duration> = ContinuousClock()

        /// Creates the default set-up.
        public init() {}

        var offset: Int64 { Int64(secondsFromGMT) }
        var indexLagSeconds: Int64 { indexLag.components.seconds }
    }

    /// One call, without anything secret.
    public struct Call: Sendable, Hashable {
        /// What was asked for.
        public var method: HTTPRequest.Method
        /// The path, percent-encoded.
        public var path: String
        /// The query.
        public var query: [HTTPRequest.QueryItem]
        /// The body, where it was JSON.
        public var body: JSONValue?
        /// The status of the answer; `nil` where there was none.
        public var status: Int?
    }

    /// The token that is let in by default.
    public static let token = Secret("simulated-intercom-token")

    struct State {
        var workspace: IntercomWorkspace
        var time: Int64
        var window = RateWindow()
        var faults: FaultState
        var calls: [Call] = []
    }

    let configuration: Configuration
    let state: Mutex<State>

    /// Opens a workspace on a world.
    public init(_ world: SimulatedWorld, _ configuration: Configuration = Configuration()) {
        self.configuration = configuration
        state = Mutex(
            State(
                workspace: IntercomWorkspace(world, configuration), time: world.time,
                faults: FaultState(configuration.faults, seed: world.seed)))
    }

    /// The calls so far, in order.
    public var calls: [Call] { state.withLock { $0.calls } }

    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try Task.checkCancellation()
        let callTime = configuration.callTime.map { Int64($0().timeIntervalSince1970.rounded(.down)) }
        let (result, isSlow) = state.withLock { $0.take(request, configuration, callTime) }
        if isSlow {
            let delay = configuration.faults.delay
            if let timeout = request.timeout, timeout < delay {
                try await wait(timeout)
                throw HTTPError(.timedOut)
            }
            try await wait(delay)
        }
        return try result.get()
    }

    private func wait(_ duration: Duration) async throws {
        func wait(by clock: some Clock<Duration>) async throws {
            try await clock.sleep(until: clock.now.advanced(by: duration), tolerance: nil)
        }
        try await wait(by: configuration.clock)
    }
}

/// Calls in the running window of ten seconds.
struct RateWindow {
    static let length: Int64 = 10
    private var start: Int64 = .min
    private var used = 0

    /// Counts a call; what is left after it, below 0 where it is one too many, and when the window ends.
    mutating func count(at time: Int64, limit: Int) -> (left: Int, end: Int64) {
        let current = time - ((time % Self.length) + Self.length) % Self.length
        if current != start { (start, used) = (current, 0) }
        used += 1
        return (limit - used, current + Self.length)
    }
}
