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

    private let revenue: RevenueCalculator
    private let health: HealthCalculator
    private let resolver = CustomerResolver()
    private let quality: QualityCalculator

    /// Creates an assessor.
    ///
    /// - Parameters:
    ///   - policy: What counts as recurring revenue.
    ///   - profile: How health is scored.
    ///   - qualityRules: What good data is worth.
    public init(
        policy: MRRPolicy = .activeOnly, profile: HealthProfile = .sixComponent, qualityRules: QualityRules = .standard
    ) {
        quality = QualityCalculator(rules: qualityRules)
        revenue = RevenueCalculator(policy: policy)
        health = HealthCalculator(profile: profile)
    }

    /// Assesses one customer.
    public func assess(_ file: CustomerFile, _ context: ResolutionContext) -> Assessment {
        var expiry = Expiry(asOf: context.asOf)
        let customer = resolver.resolve(file, context)
        let revenue = revenue.revenue(
            of: customer.billing, asOf: context.asOf, reportedIn: context.reportingCurrency, rates: context.rates)
        if let change = revenue.validUntil { expiry.note(change) }
        let activity = activity.activity(of: customer, file, context, &expiry)
        var inputs = HealthInputs(unknown: .notReported)
        inputs.daysSinceSeen = activity.daysSinceSeen
        inputs.csat = activity.csat
        inputs.paymentStatus = paymentStatus(of: customer)
        inputs.isDelinquent = isDelinquent(customer)
        inputs.sessions30d = .unknown(.notConnected)
        inputs.tenureMonths = activity.tenureMonths
        inputs.mrr = majorUnits(revenue.mrrReporting, context.reportingCurrency)
        inputs.mentionedCancel = activity.mentionedCancel
        inputs.openCriticalTickets = activity.openCriticalTickets
        return Assessment(
            asOf: context.asOf, validUntil: expiry.validUntil, customer: customer, activity: activity,
            revenue: revenue, health: health.score(inputs),
            quality: quality.quality(of: customer, revenue, activity, context), isDelinquent: inputs.isDelinquent)
    }

    /// The best status among the listed subscriptions, else the mirrored one.
    private func paymentStatus(of customer: UnifiedCustomer) -> Reading<SubscriptionStatus> {
        var best: SubscriptionStatus?
        for subscription in customer.billing.subscriptions.value ?? [] {
            guard let status = subscription.value.status else { continue }
            if best.map({ HealthProfile.paymentPoints($0) < HealthProfile.paymentPoints(status) }) ?? true {
                best = status
            }
        }
        return Reading(best ?? customer.subscriptionStatus.value?.value, otherwise: .notReported)
    }

    private func isDelinquent(_ customer: UnifiedCustomer) -> Reading<Bool> {
        let flag = customer.isDelinquent.value?.value
        let overdue = customer.billing.subscriptions.value?.contains {
            $0.value.status == .pastDue || $0.value.status == .unpaid
        }
        if flag == true || overdue == true { return .known(true) }
        return flag == nil && overdue == nil ? .unknown(.notReported) : .known(false)
    }

    private func majorUnits(_ mrr: Reading<Fraction>, _ currency: Currency) -> Reading<Fraction> {
        guard case .known(let minor) = mrr else { return .unknown(mrr.reason ?? .notReported) }
        return Reading(minor.multiplied(by: 1, over: currency.minorUnitsPerUnit), otherwise: .outOfRange)
    }
}
