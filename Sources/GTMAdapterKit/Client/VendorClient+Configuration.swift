public import GTMCore

extension VendorClient {
    /// What is peculiar to a vendor and to one account there.
    public struct Configuration: Sendable {
        /// The account, for errors and logs.
        public var source: SourceID
        /// Where the API lives, and the credentials.
        public var session: VendorSession
        /// Makes a new session after the vendor refused the present one; nothing by default.
        ///
        /// A call asks once, then sends its request again; calls that are refused together share one renewal. It makes
        /// its requests with a client of its own.
        public var renew: (@Sendable () async throws -> VendorSession)?
        /// Headers of every request, unless it has them itself; `Accept: application/json` by default.
        public var headers: HTTPHeaders = ["Accept": "application/json"]
        /// How long one exchange may take, retries not included; 30 seconds by default.
        public var timeout: Duration = .seconds(30)
        /// Retries and waits.
        public var retry = RetryPolicy()
        /// The budgets by family; a family without one shares that of `default`, by default 8 calls at once.
        public var budgets: [String: CallBudget] = [:]
        /// The headers that report the rate limit; none by default.
        public var rateHeaders = RateLimitHeaders()
        /// Judges each answer, by default by its status alone.
        ///
        /// It gets the body where that is JSON; for ``VendorClient/raw(_:)`` only that of a failure.
        public var diagnose: @Sendable (HTTPResponse, JSONValue?) -> Diagnosis = { response, _ in
            Diagnosis(status: response.status)
        }
        /// Hears of each wait before it begins; it must return quickly.
        public var onWait: @Sendable (ClientWait) -> Void = { _ in }

        /// Creates a configuration with the defaults.
        public init(source: SourceID, base: BaseURL, authentication: Authentication) {
            self.source = source
            session = VendorSession(base: base, authentication: authentication)
        }
    }
}
