#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// What a list of customers needs of an assessment: what it filters and orders by, and what sums are made of.
///
/// Stores keep one a customer and throw it away when the customer is touched; everything else of an assessment is
/// computed again from the records whenever it is shown.
public struct AssessmentSummary: Sendable, Hashable {
    /// The customer's key.
    public var key: CustomerKey
    /// The moment it holds for.
    public var asOf: Date
    /// The first moment at which it may be different though nothing new was learnt.
    public var validUntil: Date
    /// Whether every record of the customer has ended at its source.
    public var isEnded: Bool
    /// The status.
    public var status: HealthStatus
    /// Whether somebody should look after the customer: a status below the healthy ones, or a signal that caps it.
    public var isAtRisk: Bool
    /// The health score in thousandths, 0...100 000; `nil` where it is unknown.
    public var healthScore: Int?
    /// The churn risk in thousandths, 0...100 000; `nil` where it is unknown.
    public var churnRisk: Int?
    /// The MRR, exact, by currency; `nil` where it is unknown.
    public var mrr: CurrencyTotals?
    /// The MRR in minor units of the reporting currency, exact; `nil` where it is unknown.
    public var mrrReporting: Fraction?
    /// The account manager: the name, else the address; `nil` where there is none.
    public var accountManager: String?
    /// The data-quality score in thousandths, 0...100 000.
    public var quality: Int
    /// The fingerprint of the profile by which health was scored; 0 where that is not known, in stores of before.
    public var profile: UInt64
    /// What health was computed from, without dates of signals; `nil` in stores of before.
    ///
    /// It is kept in a compact form, so that each look at it takes some time.
    public var inputs: HealthInputs? {
        get { packedInputs?.inputs }
        set { packedInputs = newValue.map(PackedInputs.init) }
    }
    var packedInputs: PackedInputs?

    /// Creates the summary of an assessment.
    public init(_ assessment: Assessment) {
        key = assessment.key
        asOf = assessment.asOf
        validUntil = assessment.validUntil
        isEnded = assessment.customer.isEnded
        status = assessment.health.status
        isAtRisk = assessment.health.isAtRisk
        healthScore = assessment.health.score.value
        churnRisk = assessment.health.churnRisk.value
        mrr = assessment.revenue.mrr.value
        mrrReporting = assessment.revenue.mrrReporting.value
        accountManager = assessment.customer.assignedAM.value?.value
        quality = assessment.quality.score
        profile = assessment.health.rules.fingerprint
        packedInputs = PackedInputs(assessment.inputs)
    }

    /// Creates a summary from its parts.
    init(
        key: CustomerKey, asOf: Date, validUntil: Date, isEnded: Bool, status: HealthStatus, isAtRisk: Bool,
        healthScore: Int?, churnRisk: Int?, mrr: CurrencyTotals?, mrrReporting: Fraction?, accountManager: String?,
        quality: Int, profile: UInt64 = 0, inputs: HealthInputs? = nil
    ) {
        self.key = key
        self.asOf = asOf
        self.validUntil = validUntil
        self.isEnded = isEnded
        self.status = status
        self.isAtRisk = isAtRisk
        self.healthScore = healthScore
        self.churnRisk = churnRisk
        self.mrr = mrr
        self.mrrReporting = mrrReporting
        self.accountManager = accountManager
        self.quality = quality
        self.profile = profile
        packedInputs = inputs.map(PackedInputs.init)
    }
}
