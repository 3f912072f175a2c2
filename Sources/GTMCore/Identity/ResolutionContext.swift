#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Everything besides the records that a customer's view depends on.
public struct ResolutionContext: Sendable {
    /// The moment for which the view is computed.
    public var asOf: Date
    /// What is known of each source, in order of ids.
    public var coverage: [SourceCoverage] { didSet { summarize() } }
    /// What any connected source tells.
    public private(set) var connected: DataDomains = []
    private var summaries: [Summary] = []
    /// Which source's word counts for which field.
    public var authority: FieldAuthority
    /// The currency in which customers are compared.
    public var reportingCurrency: Currency
    /// How long after the last complete read a source's silence still means inactivity.
    public var staleAfter: Duration
    /// What other currencies are converted at; without them nothing is.
    public var rates: ExchangeRates?

    /// Creates a context.
    public init(
        asOf: Date, coverage: [SourceCoverage], authority: FieldAuthority = FieldAuthority(),
        reportingCurrency: Currency = .usd, staleAfter: Duration = .seconds(7 * 86_400), rates: ExchangeRates? = nil
    ) {
        self.asOf = asOf
        self.coverage = coverage.sorted { $0.source < $1.source }
        self.authority = authority
        self.reportingCurrency = reportingCurrency
        self.staleAfter = staleAfter
        self.rates = rates
        summarize()
    }
}

/// What is known of a source: which parts of a customer it tells, and up to when.
public struct SourceCoverage: Sendable, Hashable {
    /// The source.
    public var source: SourceID
    /// Up to when each part is known; a part that is not here was never read.
    public var observed: [Observation]

    /// How far one stream has been read.
    public struct Observation: Sendable, Hashable {
        /// The stream.
        public var stream: String
        /// What it tells.
        public var provides: DataDomains
        /// Up to when; `nil` before its first complete read.
        public var through: Date?
        /// Why it cannot be read, where the source refuses.
        public var refusal: UnknownReason?

        /// Creates an observation.
        public init(stream: String, provides: DataDomains, through: Date?, refusal: UnknownReason? = nil) {
            self.stream = stream
            self.provides = provides
            self.through = through
            self.refusal = refusal
        }
    }

    /// Creates the coverage of a source.
    public init(source: SourceID, observed: [Observation]) {
        self.source = source
        self.observed = observed
    }
}

extension ResolutionContext {
    /// What is asked of a source's coverage for each customer, worked out once: plain values, so that many tasks can look
    /// at once without getting into each other's way.
    private struct Summary: Sendable {
        let source: SourceID
        var activity = Extent()
        var support = Extent()
        var transcripts = Extent()
    }

    /// How far one domain is known at one source.
    private struct Extent: Sendable {
        var through: Date?
        /// Whether a stream was never read to its end.
        var isUnread = false
        var refusal: UnknownReason?

        init() {}

        init(_ domain: DataDomains, of coverage: SourceCoverage) {
            for stream in coverage.observed where !stream.provides.isDisjoint(with: domain) {
                if let reason = stream.refusal {
                    refusal = reason
                } else if let end = stream.through {
                    through = through.map { min($0, end) } ?? end
                } else {
                    isUnread = true
                }
            }
        }
    }

    private mutating func summarize() {
        connected = []
        for source in coverage {
            for stream in source.observed where stream.refusal == nil { connected.formUnion(stream.provides) }
        }
        summaries = coverage.map { source in
            Summary(
                source: source.source, activity: Extent(.activity, of: source), support: Extent(.support, of: source),
                transcripts: Extent(.transcripts, of: source))
        }
    }

    /// Up to when these sources tell of a domain: the earliest of them, since silence of one is not inactivity.
    ///
    /// - Parameters:
    ///   - domain: What they are to tell of.
    ///   - sources: The sources that have told something of the customer.
    /// - Returns: Unknown where none of them tells of the domain, where one was never read to its end, or where one has
    ///   not been read for longer than ``staleAfter``.
    public func observed(_ domain: DataDomains, by sources: some Collection<SourceID>) -> Reading<Date> {
        switch domain {
        case .activity: verdict(summaries.lazy.filter { sources.contains($0.source) }.map { $0.activity })
        case .support: verdict(summaries.lazy.filter { sources.contains($0.source) }.map { $0.support })
        default: verdict(coverage.lazy.filter { sources.contains($0.source) }.map { Extent(domain, of: $0) })
        }
    }

    private func verdict(_ extents: some Sequence<Extent>) -> Reading<Date> {
        var through: Date?
        var refusal: UnknownReason?
        for extent in extents {
            if extent.isUnread { return .unknown(.notYetObserved) }
            refusal = extent.refusal ?? refusal
            if let end = extent.through { through = through.map { min($0, end) } ?? end }
        }
        guard let through else { return .unknown(refusal ?? .notConnected) }
        let limit = through.addingTimeInterval(Double(staleAfter.components.seconds))
        return limit < asOf ? .unknown(.stale) : .known(min(asOf, through))
    }

    /// Why these sources may not be asked for what was said in conversations, where one refuses.
    func transcriptRefusal(of sources: some Collection<SourceID>) -> UnknownReason? {
        for summary in summaries where sources.contains(summary.source) {
            if let reason = summary.transcripts.refusal { return reason }
        }
        return nil
    }
}

/// Which source's word counts first, part by part. What is not listed comes after, the newest record first.
public struct FieldAuthority: Sendable, Hashable {
    /// Vendors by the weight of their word on subscriptions and payments.
    public var billing: [String]
    /// Vendors by the weight of their word on who the customer is.
    public var profile: [String]
    /// Vendors by the weight of their word on who looks after the customer.
    public var accountManager: [String]
    /// Vendors by the weight of their word on what the customer does.
    public var activity: [String]

    /// Creates a table; the defaults are those of `directives/master.md`.
    public init(
        billing: [String] = ["stripe", "chartmogul", "intercom"],
        profile: [String] = ["hubspot", "salesforce", "pipedrive", "nutshell", "intercom"],
        accountManager: [String] = ["hubspot", "salesforce", "pipedrive", "nutshell", "calendly", "intercom"],
        activity: [String] = ["userflow", "supabase", "intercom"]
    ) {
        self.billing = billing
        self.profile = profile
        self.accountManager = accountManager
        self.activity = activity
    }

    /// The place of a vendor in a list, the list's length for one that is not on it.
    static func rank(_ vendor: String, in list: [String]) -> Int { list.firstIndex(of: vendor) ?? list.count }
}
