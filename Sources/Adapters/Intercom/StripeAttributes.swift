/// The names under which a workspace keeps Stripe's data in the custom attributes of its contacts, and their units.
///
/// Each name is a list of spellings: the first one with a value counts. The defaults are the ones that Intercom's own
/// Stripe app writes, and those of `directives/intercom-sync.md`; a workspace that fills them by its own code may
/// differ. No unit is ever guessed from the size of an amount.
public struct StripeAttributes: Sendable, Hashable {
    /// What a number counts.
    public enum AmountUnit: String, Sendable, Hashable, CaseIterable {
        /// Dollars, euros, yen.
        case major
        /// Cents; the same as major units for a currency without a minor unit.
        case minor
    }

    /// Stripe's customer id, `cus_…`.
    public var customerID = ["stripe_id"]
    /// The plan's name.
    public var plan = ["stripe_plan"]
    /// The plan's price for one interval.
    public var planPrice = ["stripe_plan_price"]
    /// The interval's unit: `month`, `year`.
    public var planInterval = ["stripe_plan_interval"]
    /// Units in one interval; 1 where it is missing.
    public var planIntervalCount = ["stripe_plan_interval_count"]
    /// Where the subscription stands, in Stripe's words.
    public var status = ["stripe_subscription_status"]
    /// Whether the last invoice could not be collected.
    public var delinquent = ["stripe_delinquent"]
    /// The amount of the last charge.
    public var lastChargeAmount = ["stripe_last_charge_amount"]
    /// When the last charge was made, in Unix seconds.
    public var lastChargeAt = ["stripe_last_charge_at"]
    /// The currency of the amounts that name none.
    public var currency = ["stripe_currency"]
    /// The list of all subscriptions.
    public var subscriptions = ["Stripe Subscriptions", "stripe_subscriptions"]
    /// The list of all payments.
    public var payments = ["Stripe Payments", "stripe_payments"]

    /// The unit of ``planPrice``; major by default.
    public var planPriceUnit = AmountUnit.major
    /// The unit of ``lastChargeAmount``; major by default.
    public var lastChargeUnit = AmountUnit.major
    /// The unit of a bare `price` within ``subscriptions``; major by default.
    public var listedPriceUnit = AmountUnit.major
    /// The unit of `amount`, `unit_amount` and their like within both lists; minor by default, as in Stripe itself.
    public var listedAmountUnit = AmountUnit.minor

    /// Creates the default names and units.
    public init() {}
}

/// The units of the amounts, without the names, which nobody needs once ``StripeRoleTable`` has them.
struct StripeUnits: Sendable {
    let planPrice: StripeAttributes.AmountUnit
    let lastCharge: StripeAttributes.AmountUnit
    let listedPrice: StripeAttributes.AmountUnit
    let listedAmount: StripeAttributes.AmountUnit

    init(_ attributes: StripeAttributes) {
        planPrice = attributes.planPriceUnit
        lastCharge = attributes.lastChargeUnit
        listedPrice = attributes.listedPriceUnit
        listedAmount = attributes.listedAmountUnit
    }
}

/// The parts of the mirror that an attribute can hold.
enum StripeRole: Int, CaseIterable {
    case customerID, plan, planPrice, planInterval, planIntervalCount, status, delinquent
    case lastChargeAmount, lastChargeAt, currency, subscriptions, payments
}

/// Finds out what an attribute means, by its name.
struct StripeRoleTable: Sendable {
    struct Entry: Sendable {
        var name: String
        var role: StripeRole
        /// The place among the spellings; the first one with a value counts.
        var rank: UInt8
    }

    /// By the length of the name in bytes, because almost every attribute is told from these by its length alone.
    private var byLength: [[Entry]] = Array(repeating: [], count: 65)

    init(_ attributes: StripeAttributes) {
        for role in StripeRole.allCases {
            for (rank, name) in attributes.names(of: role).enumerated() {
                byLength[min(name.utf8.count, 64)].append(Entry(name: name, role: role, rank: UInt8(min(rank, 255))))
            }
        }
    }

    func entry(for name: String) -> (role: StripeRole, rank: UInt8)? {
        let bucket = byLength[min(name.utf8.count, 64)]
        for index in bucket.indices where bucket[index].name == name { return (bucket[index].role, bucket[index].rank) }
        return nil
    }
}

extension StripeAttributes {
    func names(of role: StripeRole) -> [String] {
        switch role {
        case .customerID: customerID
        case .plan: plan
        case .planPrice: planPrice
        case .planInterval: planInterval
        case .planIntervalCount: planIntervalCount
        case .status: status
        case .delinquent: delinquent
        case .lastChargeAmount: lastChargeAmount
        case .lastChargeAt: lastChargeAt
        case .currency: currency
        case .subscriptions: subscriptions
        case .payments: payments
        }
    }
}
