#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A customer's revenue under a policy.
public struct Revenue: Sendable, Hashable {
    /// Monthly recurring revenue, exact, by currency.
    public var mrr: Reading<CurrencyTotals>
    /// Lines of counted subscriptions whose price is metered or not told, and subscriptions of which it is not known
    /// whether they count: they are in no figure.
    public var unknownItems: Int
    /// Lines that are counted with a tax in them, because its rate is not told.
    public var taxedItems = 0
    /// Twelve times the MRR.
    public var arr: Reading<CurrencyTotals>
    /// What the customer has paid so far, exact, by currency: succeeded payments, refunds not taken off.
    public var ltv: Reading<CurrencyTotals>
    /// ``ltv`` less refunds and lost disputes; unknown where a succeeded payment does not tell what was refunded.
    public var ltvNet: Reading<CurrencyTotals>
    /// Subscriptions that count.
    public var subscriptionCount: Reading<Int>
    /// The MRR in the reporting currency, in minor units; unknown where some is in another currency without a rate.
    public var mrrReporting: Reading<Fraction>
    /// The day whose rates were used for ``mrrReporting``; `nil` where nothing had to be converted.
    public var rateDate: Date?
    /// The plan that brings the most.
    public var planTier: Reading<PlanTier>
    /// The first moment at which any of this may be different though nothing new was learnt: a trial, a discount or a pause
    /// that ends, other rates. `nil` where there is none.
    public var validUntil: Date?
}

/// The plan that brings a customer's most MRR.
public struct PlanTier: Sendable, Hashable {
    /// The plan's name; `nil` where it is not told.
    public var name: String?
    /// The price of one unit for one interval, in exact minor units; `nil` for a price by steps.
    public var price: Fraction?
    /// How often it is paid.
    public var interval: BillingInterval
    /// What the line brings a month, in exact minor units.
    public var mrr: Fraction
    /// The currency of both amounts.
    public var currency: Currency
}

/// A figure of a customer's revenue that can be opened.
public enum RevenueMetric: String, Sendable, Hashable, CaseIterable {
    /// Monthly recurring revenue by currency.
    case mrr
    /// Twelve times that.
    case arr
    /// Monthly recurring revenue in the reporting currency.
    case mrrReporting = "mrr_reporting"
    /// What was paid so far.
    case ltv
    /// What was paid so far less what went back.
    case ltvNet = "ltv_net"
    /// How many subscriptions count.
    case subscriptionCount = "subscription_count"
}
