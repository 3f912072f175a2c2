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

        /// What a source must tell of for the factor to be asked for.
        var domain: DataDomains {
            switch self {
            case .billingID, .activeSubscription, .paymentHistory: .revenue
            case .recentActivity: .activity
            case .location: .profile
            case .conversationHistory, .csat: .support
            }
        }

        /// The place in ``allCases``.
        var place: Int {
            switch self {
            case .billingID: 0
            case .activeSubscription: 1
            case .paymentHistory: 2
            case .recentActivity: 3
            case .location: 4
            case .conversationHistory: 5
            case .csat: 6
            }
        }
    }

    /// A field that every customer should have, where a source that tells of it is connected.
    public enum ExpectedField: String, Sendable, Hashable, CaseIterable {
        case name, company, location
        case signupDate = "signup_date"
        case assignedAM = "assigned_am"
        case billingID = "stripe_customer_id"
        case planName = "plan_name"
        case subscriptionStatus = "subscription_status"
        case mrr, ltv
        case isDelinquent = "is_delinquent"
        case lastSeenAt = "last_seen_at"

        /// What a source must tell of for the field to be expected.
        var domain: DataDomains {
            switch self {
            case .name, .company, .location, .signupDate, .assignedAM: .profile
            case .billingID, .planName, .subscriptionStatus, .mrr, .ltv, .isDelinquent: .revenue
            case .lastSeenAt: .activity
            }
        }
    }

    /// One factor that is asked for.
    public struct FactorScore: Sendable, Hashable {
        /// The factor.
        public var factor: Factor
        /// What it is worth, 0...100.
        public var points: Int
        /// Whether the customer has it.
        public var isMet: Bool
    }

    /// Factors asked for, in the order of ``Factor``.
    public var factors: [FactorScore] {
        Factor.allCases.filter { asked & 1 << $0.place != 0 }.map {
            FactorScore(factor: $0, points: Int(points[$0.place]), isMet: met & 1 << $0.place != 0)
        }
    }

    /// `data_quality_score`: thousandths of a point, 0...100 000; 0 where no factor can be asked for.
    public internal(set) var score = 0
    /// Fields expected of the sources connected.
    public internal(set) var expectedFields = 0
    /// Those of them that are known.
    public internal(set) var knownFields = 0
    /// How sure the least sure of the customer's records belongs to it; 1 is certain.
    public internal(set) var matchConfidence = MatchConfidence.verified

    /// `completeness`: the share of the expected fields that is known, in thousandths of a percent, cut; unknown where
    /// nothing is connected that could tell any.
    public var completeness: Reading<Int> {
        expectedFields > 0 ? .known(knownFields * 100_000 / expectedFields) : .unknown(.notConnected)
    }

    private let points: SIMD8<UInt8>
    private var asked: UInt8 = 0
    private var met: UInt8 = 0

    /// Nothing is asked for yet.
    init(_ rules: QualityRules) { points = rules.points }

    /// Asks for a factor, and whether the customer has it.
    mutating func ask(_ factor: Factor, isMet: Bool) {
        asked |= 1 << factor.place
        if isMet { met |= 1 << factor.place }
    }
}
