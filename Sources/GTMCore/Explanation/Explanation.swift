#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A number of a customer that can be opened down to the vendors' records.
public enum ExplainedMetric: String, Sendable, Hashable, CaseIterable {
    /// Monthly recurring revenue.
    case mrr
    /// Payments to date.
    case ltv
    /// Payments to date less refunds and lost disputes.
    case ltvNet = "ltv_net"
    /// The health score.
    case health
    /// The churn risk.
    case risk
    /// The data-quality score.
    case quality
}

/// A number of one customer at one moment, with everything that it was made from.
public struct Explanation: Sendable, Hashable {
    /// The customer.
    public var customer: CustomerKey
    /// The number.
    public var metric: ExplainedMetric
    /// The moment that it holds for.
    public var asOf: Date
    /// How it came about.
    public var proof: Proof

    /// Creates an explanation.
    public init(customer: CustomerKey, metric: ExplainedMetric, asOf: Date, proof: Proof) {
        self.customer = customer
        self.metric = metric
        self.asOf = asOf
        self.proof = proof
    }
}
