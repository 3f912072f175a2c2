#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Everything computed about one customer for one moment. It can be thrown away: the records are the truth.
public struct Assessment: Sendable, Hashable {
    /// The moment it holds for.
    public var asOf: Date
    /// The first moment at which it may be different though nothing new was learnt.
    public var validUntil: Date
    /// The customer.
    public var customer: UnifiedCustomer
    /// What the customer did lately.
    public var activity: CustomerActivity
    /// Revenue.
    public var revenue: Revenue
    /// What health was computed from, ready for another profile.
    public var inputs: HealthInputs
    /// Health, signals and churn risk.
    public var health: HealthScore
    /// Data quality.
    public var quality: DataQuality

    /// The customer's key.
    public var key: CustomerKey { customer.key }
    /// Whether payment is overdue: the flag, or a subscription that has not ended and is past due or unpaid.
    public var isDelinquent: Reading<Bool>
}

/// Computes assessments: resolve, revenue, activity, health, quality, in one pass over a customer's file.
public struct Assessor: Sendable {
    /// How far back support is looked at.
    public var activity = ActivityCalculator()

    let revenue: RevenueCalculator
    let health: HealthCalculator
    let hostMeasures: [HostMeasure]
    let resolver = CustomerResolver()
    let quality: QualityCalculator

    /// Creates an assessor.
    ///
    /// - Parameters:
    ///   - policy: What counts as recurring revenue.
    ///   - profile: How health is scored.
    ///   - hostMeasures: What the host measures itself; each name once.
    ///   - qualityRules: What good data is worth.
    public init(
        policy: MRRPolicy = .activeOnly, profile: HealthProfile = .sixComponent, hostMeasures: [HostMeasure] = [],
        qualityRules: QualityRules = .standard
    ) {
        quality = QualityCalculator(rules: qualityRules)
        revenue = RevenueCalculator(policy: policy)
        health = HealthCalculator(profile: profile)
        self.hostMeasures = hostMeasures
    }

    /// Assesses one customer.
    public func assess(_ file: CustomerFile, _ context: ResolutionContext) -> Assessment {
        var expiry = Expiry(asOf: context.asOf)
        let customer = resolver.resolve(file, context)
        let revenue = revenue.revenue(
            of: customer.billing, asOf: context.asOf, reportedIn: context.reportingCurrency, rates: context.rates)
        if let change = revenue.validUntil { expiry.note(change) }
        let activity = activity.activity(of: customer, file, context, &expiry)
        var inputs = HealthInputs(customer, activity, revenue, in: context.reportingCurrency)
        if !hostMeasures.isEmpty {
            let facts = HealthFacts(
                customer: customer, activity: activity, revenue: revenue, file: file, context: context)
            inputs.host = hostMeasures.map { .init($0.measure, $0.reading(facts)) }
        }
        // Each part is handed over and not copied: a copy counts a dozen references up and down.
        let quality = quality.quality(of: customer, revenue, activity, context)
        let score = health.score(inputs)
        let isDelinquent = inputs.isDelinquent
        return Assessment(
            asOf: context.asOf, validUntil: expiry.validUntil, customer: consume customer, activity: consume activity,
            revenue: consume revenue, inputs: inputs, health: score, quality: quality,
            isDelinquent: isDelinquent)
    }
}
