/// Credentials that wear out, and where the API lives while they last.
public struct VendorSession: Sendable, Equatable {
    /// Where the API lives; some vendors name it together with the token.
    public var base: BaseURL
    /// The credentials.
    public var authentication: Authentication

    /// Creates a session.
    public init(base: BaseURL, authentication: Authentication) {
        self.base = base
        self.authentication = authentication
    }
}

/// Holds the session that is in use, and lets it be renewed once however many calls find it worn out.
actor SessionKeeper {
    private var session: VendorSession
    /// How often the session was renewed.
    private var generation = 0
    /// One renewal at a time, in the order asked.
    private let door: BudgetGate

    init(_ session: VendorSession, timer: Timer) {
        self.session = session
        door = BudgetGate(CallBudget(atOnce: 1), timer: timer)
    }

    /// The session, and its number to ask for a renewal by.
    var current: (session: VendorSession, generation: Int) { (session, generation) }

    /// Renews the session, unless another call has done so since generation `used`.
    func renew(
        since used: Int, with make: @Sendable () async throws -> VendorSession
    ) async throws {
        try await door.enter(patience: .zero)
        defer { door.leave(nil) }
        guard generation == used else { return }
        session = try await make()
        generation += 1
    }
}
