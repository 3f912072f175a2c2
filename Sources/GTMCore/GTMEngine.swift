#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// The customer-360 engine that a host service holds: sources and a store in, customers with their numbers out.
///
/// ```swift
/// let engine = GTMEngine(store: InMemoryStore(), sources: [intercom])
/// try await engine.sync()
/// for customer in try await engine.atRisk().customers { print(customer.key, customer.health.status) }
/// ```
public struct GTMEngine: Sendable {
    /// How customers are read, compared and scored.
    public struct Configuration: Sendable {
        /// What counts as recurring revenue.
        public var policy: MRRPolicy = .activeOnly
        /// How health is scored.
        public var profile: HealthProfile = .sixComponent
        /// What the host measures itself, for profiles to weigh; each name once.
        public var hostMeasures: [HostMeasure] = []
        /// What customers' words are searched for.
        public var conversationRules: ConversationRules = .standard
        /// What tells how customers' words sound.
        public var tone: any ToneModel = LexiconTone.standard
        /// How far back a customer's activity is looked at.
        public var activity = ActivityCalculator()
        /// What good data is worth.
        public var qualityRules: QualityRules = .standard
        /// When a value is odd.
        public var anomalyRules: AnomalyRules = .standard
        /// Which source's word counts for which field.
        public var authority = FieldAuthority()
        /// The currency in which customers are compared, filtered and sorted.
        public var reportingCurrency: Currency = .usd
        /// What other currencies are converted at; without them nothing is.
        public var rates: ExchangeRates?
        /// How long after a source was last read its silence still means inactivity.
        public var staleAfter: Duration = .seconds(7 * 86_400)
        /// Assessments computed at once, at most.
        public var concurrency = 2

        /// Creates a configuration with the defaults.
        public init() {}
    }

    /// Where everything is kept.
    public let store: any CustomerStore
    /// What is read.
    public let sources: [any SourceAdapter]
    /// How customers are read, compared and scored.
    public let configuration: Configuration
    let now: @Sendable () -> Date
    /// The fingerprint of the profile in force.
    private let fingerprint: UInt64

    /// Creates an engine.
    ///
    /// - Parameters:
    ///   - store: Where everything is kept.
    ///   - sources: What is read; none for an engine that only answers.
    ///   - configuration: How customers are read, compared and scored.
    ///   - now: The clock; another one than the system's makes any run repeatable.
    public init(
        store: any CustomerStore, sources: [any SourceAdapter] = [], configuration: Configuration = Configuration(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.store = store
        self.sources = sources
        self.configuration = configuration
        self.now = now
        fingerprint = configuration.profile.fingerprint
    }

    // MARK: Reading sources

    /// Reads the sources, assesses the customers touched, and returns one run a source, in the order of their ids.
    ///
    /// - Parameters:
    ///   - mode: Everything, or what changed since the last run; a stream never read before is read whole.
    ///   - progress: Told what happens; its sequence ends when this returns.
    /// - Throws: What the store throws, and `CancellationError`. A failing source is told by its run.
    @discardableResult
    public func sync(_ mode: SyncRun.Mode = .incremental, progress: SyncProgress? = nil) async throws -> [SyncRun] {
        defer { progress?.finish() }
        let report: @Sendable (SyncEvent) -> Void = { progress?.report($0) }
        let engine = SyncEngine(store: store, rules: configuration.conversationRules, tone: configuration.tone)
        var runs = try await engine.sync(sources, mode: mode, now: now(), report: report)
        let quality = try await assess(report: report)
        for place in runs.indices {
            runs[place].averageQuality = quality
            try await engine.log(runs[place])
        }
        return runs
    }

    // MARK: Assessing

    /// What the customers' views depend on besides their records, for a moment.
    public func context(asOf moment: Date) async throws -> ResolutionContext {
        var coverage: [SourceID: SourceCoverage] = [:]
        let point = TimePoint(knownAt: moment)
        for (key, state) in try await store.streams(at: point, by: .engine).sorted(by: { $0.key < $1.key }) {
            coverage[key.source, default: SourceCoverage(source: key.source, observed: [])].observed.append(
                .init(
                    stream: key.stream, provides: state.provides, through: state.observedThrough,
                    refusal: state.refusal))
        }
        return ResolutionContext(
            asOf: moment, coverage: Array(coverage.values), authority: configuration.authority,
            reportingCurrency: configuration.reportingCurrency, staleAfter: configuration.staleAfter,
            rates: configuration.rates)
    }

    /// Assesses every customer who was touched, whose assessment has expired, or who was scored by another profile, and
    /// stores the result.
    ///
    /// - Returns: The mean data-quality score, 0...100, of those assessed now; `nil` where nobody was due.
    @discardableResult
    public func assess(report: @Sendable (SyncEvent) -> Void = { _ in }) async throws -> Double? {
        let moment = now()
        let due = try await due(asOf: moment)
        guard !due.keys.isEmpty else { return nil }
        let context = try await context(asOf: moment)
        var quality = 0
        var assessed = 0
        for start in stride(from: 0, to: due.keys.count, by: Self.batchSize) {
            try Task.checkCancellation()
            let keys = Array(due.keys[start..<min(start + Self.batchSize, due.keys.count)])
            var batch = StoreBatch(recordedAt: moment)
            batch.assessments = try await assessments(of: keys, context).map(AssessmentSummary.init)
            batch.assessedAt = due.sequence
            _ = try await store.commit(batch, by: .engine)
            quality += batch.assessments.reduce(0) { $0 + $1.quality }
            assessed += batch.assessments.count
            report(.assessing(done: min(start + Self.batchSize, due.keys.count), total: due.keys.count))
        }
        return assessed > 0 ? Double(quality) / Double(assessed) / 1000 : nil
    }

    /// Customers without an assessment that holds at a moment and was scored by the profile in force.
    func due(asOf moment: Date) async throws -> DueCustomers {
        var due = try await store.due(asOf: moment, by: .engine)
        let profiles = try await store.scoredProfiles(by: .engine)
        guard profiles.contains(where: { $0 != fingerprint }) else { return due }
        var keys = Set(due.keys)
        var query = CustomerQuery(limit: 5000)
        query.includesEnded = true
        repeat {
            let page = try await store.customers(query, by: .engine)
            for summary in page.summaries where summary.profile != fingerprint { keys.insert(summary.key) }
            query.after = page.next
        } while query.after != nil
        due.keys = keys.sorted()
        return due
    }

    /// Customers assessed and stored in one batch.
    private static let batchSize = 2000

    /// What computes assessments, by the configuration.
    var assessor: Assessor {
        var assessor = Assessor(
            policy: configuration.policy, profile: configuration.profile, hostMeasures: configuration.hostMeasures,
            qualityRules: configuration.qualityRules)
        assessor.activity = configuration.activity
        return assessor
    }

    func assessments(of keys: [CustomerKey], _ context: ResolutionContext) async throws -> [Assessment] {
        let assessor = assessor
        let part = (keys.count + max(1, configuration.concurrency) - 1) / max(1, configuration.concurrency)
        return try await withThrowingTaskGroup(of: (Int, [Assessment]).self) { group in
            for start in stride(from: 0, to: keys.count, by: max(1, part)) {
                group.addTask { [store] in
                    var assessments: [Assessment] = []
                    for key in keys[start..<min(start + part, keys.count)] {
                        guard let file = try await store.customer(key, at: .latest, by: .engine), file.key == key else {
                            continue
                        }
                        assessments.append(assessor.assess(file, context))
                    }
                    return (start, assessments)
                }
            }
            var parts: [(Int, [Assessment])] = []
            for try await part in group { parts.append(part) }
            return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }

    // MARK: Asking

    /// Customers, filtered and ordered, by assessments that hold now.
    public func customers(_ query: CustomerQuery = CustomerQuery(), by actor: StoreActor = .unspecified) async throws
        -> CustomerPage
    {
        try await assess()
        let page = try await store.customers(query, by: actor)
        let customers = try await assessments(of: page.summaries.map(\.key), context(asOf: now()))
        return CustomerPage(customers: customers, next: page.next, total: page.total)
    }

    /// The customers whom somebody should look after, the highest risk first, then the highest MRR.
    public func atRisk(limit: Int = 50, by actor: StoreActor = .unspecified) async throws -> CustomerPage {
        var query = CustomerQuery(limit: limit)
        query.atRiskOnly = true
        query.order = .risk
        return try await customers(query, by: actor)
    }

    /// One customer, by the present or a former address, as of now or of a past moment.
    ///
    /// - Parameters:
    ///   - email: An address that the customer has or had.
    ///   - moment: `nil` for now. For a past moment what was known then and held then counts.
    ///   - actor: Who asks.
    /// - Returns: `nil` where there was no such customer.
    public func customer(
        _ email: EmailAddress, asOf moment: Date? = nil, by actor: StoreActor = .unspecified
    ) async throws -> Assessment? {
        try await customer(.email(email), asOf: moment, by: actor)
    }

    /// One customer, by any of its keys, as of now or of a past moment.
    ///
    /// - Parameters:
    ///   - key: An address that the customer has or had, or a record that is the customer.
    ///   - moment: `nil` for now. For a past moment what was known then and held then counts.
    ///   - actor: Who asks.
    /// - Returns: `nil` where there was no such customer.
    public func customer(
        _ key: CustomerKey, asOf moment: Date? = nil, by actor: StoreActor = .unspecified
    ) async throws -> Assessment? {
        let point = moment.map { TimePoint(knownAt: $0, validAt: $0) } ?? .latest
        guard let file = try await store.customer(key, at: point, by: actor) else { return nil }
        return assessor.assess(file, try await context(asOf: moment ?? now()))
    }

    /// What is odd about a customer, by the customer's own past.
    ///
    /// - Parameters:
    ///   - key: A key that the customer has or had.
    ///   - moment: `nil` for now. For a past moment what was known then and held then counts.
    ///   - actor: Who asks.
    /// - Returns: `nil` where there was no such customer.
    public func anomalies(
        of key: CustomerKey, asOf moment: Date? = nil, by actor: StoreActor = .unspecified
    ) async throws -> [Anomaly]? {
        let point = moment.map { TimePoint(knownAt: $0, validAt: $0) } ?? .latest
        guard let file = try await store.customer(key, at: point, by: actor) else { return nil }
        let asOf = moment ?? now()
        let rules = configuration.anomalyRules
        let assessment = assessor.assess(file, try await context(asOf: asOf))
        let before = asOf.addingTimeInterval(-Double(rules.mrrDays) * 86_400)
        var earlier: Assessment?
        do {
            earlier = try await customer(key, asOf: before, by: actor)
        } catch let error as StoreError where error.code == .invalidQuery {
            // That far back nothing is remembered, so that there is nothing to compare with.
        }
        return AnomalyFinder(rules: rules).anomalies(in: assessment, file, earlier: earlier)
    }

    /// What all customers together come to.
    public func portfolio(by actor: StoreActor = .unspecified) async throws -> Portfolio {
        try await assess()
        var portfolio = Portfolio(asOf: now(), profile: configuration.profile)
        var query = CustomerQuery(limit: 5000)
        repeat {
            let page = try await store.customers(query, by: actor)
            for summary in page.summaries { portfolio.add(summary) }
            query.after = page.next
        } while query.after != nil
        return portfolio
    }
}
