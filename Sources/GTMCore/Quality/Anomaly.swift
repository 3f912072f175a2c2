#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A value that cannot be right, or lies outside of what the same customer's past shows.
public struct Anomaly: Sendable, Hashable {
    /// What is odd.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The last payment is far from the customer's usual one.
        case paymentAmount = "payment_amount"
        /// A payment is below zero.
        case negativePayment = "negative_payment"
        /// The customer writes far more than usual.
        case conversationVolume = "conversation_volume"
        /// The customer was seen before signing up.
        case seenBeforeSignup = "seen_before_signup"
        /// A time lies after the moment at which it was learnt.
        case futureTime = "future_time"
        /// MRR is far from what it was.
        case mrrChange = "mrr_change"
    }

    /// What is odd.
    public var kind: Kind
    /// What was found: minor units, a number, or seconds by which a time is off.
    public var found: Fraction
    /// What the customer's own past shows, in the same unit; `nil` where the value is impossible by itself.
    public var usual: Fraction?
    /// The currency, where it is an amount.
    public var currency: Currency?
    /// The record; `nil` where it is no single one.
    public var record: RecordID?
    /// When it happened, as far as told.
    public var at: Date?
}

/// When a value is odd: the numbers of `directives/data-quality.md`.
public struct AnomalyRules: Sendable, Hashable {
    /// The version.
    public var version: Int
    /// How many times more or less than usual a payment has to be.
    public var paymentFactor: Int
    /// Payments before the last one that make a past.
    public var paymentHistory: Int
    /// How many times more conversations than usual there have to be.
    public var conversationFactor: Int
    /// Conversations above the usual number that there have to be at least.
    public var conversationMinimum: Int
    /// By how many percent MRR has to have changed.
    public var mrrChangePercent: Int
    /// Against how many days ago MRR is compared.
    public var mrrDays: Int

    /// The rules in force by default.
    public static let standard = AnomalyRules(
        version: 1, paymentFactor: 3, paymentHistory: 3, conversationFactor: 3, conversationMinimum: 5,
        mrrChangePercent: 50, mrrDays: 30)
}

extension AnomalyRules {
    /// Reads the block `anomalies` of a directive.
    ///
    /// - Parameter directive: The block.
    /// - Throws: ``DirectiveError`` with file and line for what is no such rule.
    public init(directive: DirectiveNode) throws(DirectiveError) {
        _ = try directive.members([
            "version", "payment_factor", "payment_history", "conversation_factor", "conversation_minimum",
            "mrr_change_percent", "mrr_days",
        ])
        version = try directive.member("version").integer(in: 1...1_000_000)
        paymentFactor = try directive.member("payment_factor").integer(in: 2...1000)
        paymentHistory = try directive.member("payment_history").integer(in: 1...1000)
        conversationFactor = try directive.member("conversation_factor").integer(in: 2...1000)
        conversationMinimum = try directive.member("conversation_minimum").integer(in: 1...1000)
        mrrChangePercent = try directive.member("mrr_change_percent").integer(in: 1...1000)
        mrrDays = try directive.member("mrr_days").integer(in: 1...366)
    }
}
