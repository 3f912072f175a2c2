/// How complete and how good a customer's data is.
public struct DataQuality: Sendable, Hashable {
    /// One thing that good data has.
    public enum Factor: String, Sendable, Hashable, CaseIterable {
        /// The billing system's key of the customer is known.
        case billingID = "stripe_id"
        /// A subscription is active.
        case activeSubscription = "active_subscription"
        /// Something was paid.
        case paymentHistory = "payment_history"
        /// The customer was seen within a week.
        case recentActivity = "recent_activity"
        /// Country or town is known.
        case location
        /// There is a conversation.
        case conversationHistory = "conversation_history"
        /// There is a rating of the last 180 days.
        case csat

        /// The points of `directives/master.md`; all together 100.
        public var points: Int {
            switch self {
            case .billingID, .activeSubscription: 20
            case .paymentHistory, .recentActivity: 15
            case .location, .conversationHistory, .csat: 10
            }
        }

        /// What a source must tell of for the factor to be asked for.
        var domain: DataDomains {
            switch self {
            case .billingID, .activeSubscription, .paymentHistory: .revenue
            case .recentActivity: .activity
            case .location: .profile
            case .conversationHistory, .csat: .support
            }
        }
    }

    /// Factors asked for, with whether the customer has them, in the order of ``Factor``.
    public var factors: [(factor: Factor, isMet: Bool)] {
        Factor.allCases.filter { asked & $0.bit != 0 }.map { ($0, met & $0.bit != 0) }
    }

    /// `data_quality_score`: thousandths of a point, 0...100 000; 0 where no factor can be asked for.
    public var score: Int

    private var asked: UInt8
    private var met: UInt8

    /// Nothing is asked for yet.
    init() {
        asked = 0
        met = 0
        score = 0
    }

    /// Asks for a factor, and whether the customer has it.
    mutating func ask(_ factor: Factor, isMet: Bool) {
        asked |= factor.bit
        if isMet { met |= factor.bit }
        var possible = 0
        var points = 0
        for factor in Factor.allCases where asked & factor.bit != 0 {
            possible += factor.points
            if met & factor.bit != 0 { points += factor.points }
        }
        score = points * 100_000 / possible
    }
}

extension DataQuality.Factor {
    fileprivate var bit: UInt8 {
        switch self {
        case .billingID: 1
        case .activeSubscription: 2
        case .paymentHistory: 4
        case .recentActivity: 8
        case .location: 16
        case .conversationHistory: 32
        case .csat: 64
        }
    }
}

/// Scores data quality: the points of the factors that a customer has, of those whose source is connected.
public struct QualityCalculator: Sendable {
    /// Days within which being seen counts as recent.
    static let recentActivityDays = 7

    /// Creates a calculator.
    public init() {}

    /// Scores one customer's data.
    public func quality(
        of customer: UnifiedCustomer, _ revenue: Revenue, _ activity: CustomerActivity, _ context: ResolutionContext
    ) -> DataQuality {
        var quality = DataQuality()
        for factor in DataQuality.Factor.allCases where context.connected.contains(factor.domain) {
            quality.ask(factor, isMet: has(factor, customer, revenue, activity))
        }
        return quality
    }

    private func has(
        _ factor: DataQuality.Factor, _ customer: UnifiedCustomer, _ revenue: Revenue, _ activity: CustomerActivity
    ) -> Bool {
        switch factor {
        case .billingID: customer.billingCustomerID.value != nil
        case .activeSubscription: hasActiveSubscription(customer)
        case .paymentHistory: revenue.ltv.value?.entries.contains { $0.amount > .zero } ?? false
        case .recentActivity: activity.daysSinceSeen.value.map { $0 <= Self.recentActivityDays } ?? false
        case .location: customer.locationCountry.value != nil || customer.locationCity.value != nil
        case .conversationHistory: activity.conversationsTotal.value.map { $0 > 0 } ?? false
        case .csat: activity.csat.value != nil
        }
    }

    private func hasActiveSubscription(_ customer: UnifiedCustomer) -> Bool {
        customer.billing.subscriptions.value?.contains { $0.value.status == .active }
            ?? (customer.subscriptionStatus.value?.value == .active)
    }
}
