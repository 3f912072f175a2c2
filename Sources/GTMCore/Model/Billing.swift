#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Where a subscription stands; the words are Stripe's, other vendors' are mapped onto them.
public enum SubscriptionStatus: String, Sendable, Hashable, CaseIterable {
    /// It runs and is paid for.
    case active
    /// It runs and costs nothing yet.
    case trialing
    /// It rests, as after a trial without a way to pay.
    case paused
    /// Its first payment has not succeeded yet.
    case incomplete
    /// Its invoices are no longer tried to be collected.
    case unpaid
    /// It has ended.
    case canceled
    /// Its last invoice could not be collected so far.
    case pastDue = "past_due"
    /// Its first payment did not succeed in time.
    case incompleteExpired = "incomplete_expired"

    /// Whether the subscription is over for good.
    public var hasEnded: Bool { self == .canceled || self == .incompleteExpired }
}

/// How often a price is paid.
public struct BillingInterval: Sendable, Hashable {
    /// The unit of the interval.
    public enum Unit: String, Sendable, Hashable, CaseIterable {
        case day, week, month, year
    }

    /// The unit.
    public var unit: Unit
    /// Units in one period, at least 1: a quarter is 3 months.
    public var count: Int

    /// Creates an interval; `nil` for a count below 1.
    public init?(_ unit: Unit, count: Int = 1) {
        guard count >= 1 else { return nil }
        self.unit = unit
        self.count = count
    }

    /// Every month.
    public static let month = BillingInterval(known: .month)
    /// Every year.
    public static let year = BillingInterval(known: .year)

    private init(known unit: Unit) {
        self.unit = unit
        count = 1
    }
}

/// A subscription, as a billing system or its mirror tells it.
public struct Subscription: Sendable, Hashable {
    /// The billing system's key, such as `stripe:sub_1`; `nil` where a mirror leaves it out.
    public var id: ExternalID?
    /// Where it stands; `nil` where that is not told or no known word.
    public var status: SubscriptionStatus?
    /// What is subscribed to.
    public var items: [SubscriptionItem]
    /// The period now running.
    public var currentPeriod: Period?
    /// Whether it ends with the running period.
    public var cancelsAtPeriodEnd: Bool
    /// What comes off all its lines, in the order in which it comes off; those of the customer too.
    public var discounts: [Discount] = []
    /// That its invoices are not collected for a while.
    public var pause: PauseCollection?
    /// When its trial ends or ended.
    public var trialEnd: Date?
    /// When it began or begins.
    public var startedAt: Date?
    /// When somebody cancelled it: for one that ends with its period, the moment of the request.
    public var canceledAt: Date?
    /// When it ended.
    public var endedAt: Date?
    /// When it is to end.
    public var cancelAt: Date?
    /// Since when an invoice of it is overdue.
    public var pastDueSince: Date?

    /// Creates a subscription; what it does not take is unset.
    ///
    /// - Parameters:
    ///   - id: The billing system's key.
    ///   - status: Where it stands.
    ///   - items: What is subscribed to.
    ///   - currentPeriod: The period now running.
    ///   - cancelsAtPeriodEnd: Whether it ends with the running period.
    ///   - discounts: What comes off all its lines.
    ///   - pause: That its invoices are not collected for a while.
    public init(
        id: ExternalID?, status: SubscriptionStatus?, items: [SubscriptionItem], currentPeriod: Period? = nil,
        cancelsAtPeriodEnd: Bool = false, discounts: [Discount] = [], pause: PauseCollection? = nil
    ) {
        self.id = id
        self.status = status
        self.items = items
        self.currentPeriod = currentPeriod
        self.cancelsAtPeriodEnd = cancelsAtPeriodEnd
        self.discounts = discounts
        self.pause = pause
    }

    /// A stretch of time; either end may be untold.
    public struct Period: Sendable, Hashable {
        /// The first moment.
        public var start: Date?
        /// The first moment after it.
        public var end: Date?

        /// Creates a period.
        public init(start: Date?, end: Date?) {
            self.start = start
            self.end = end
        }
    }
}

/// One priced line of a subscription.
public struct SubscriptionItem: Sendable, Hashable {
    /// The plan's name.
    public var planName: String?
    /// The price of one unit for one interval, in exact minor units; `nil` where it is metered, by steps or not told.
    public var unitAmount: Fraction?
    /// The price's currency; `nil` where neither the source nor the configuration tells it.
    public var currency: Currency?
    /// How often the price is paid; `nil` where it is not told, which leaves the monthly value unknown.
    public var interval: BillingInterval?
    /// Units bought; 1 where it is not told.
    public var quantity: Int64
    /// The billing system's id of the product, which discounts may name.
    public var productID: String?
    /// Whether it is billed by use, so that its worth is not known beforehand.
    public var isMetered = false
    /// The price by steps; it stands instead of ``unitAmount``.
    public var tiering: Tiering?
    /// How many units make one that is priced; `nil` where each is.
    public var transformQuantity: TransformQuantity?
    /// The tax that the price contains; `nil` where it contains none, or none is told of.
    public var inclusiveTax: InclusiveTax?
    /// What comes off this line alone, in the order in which it comes off.
    public var discounts: [Discount] = []

    /// Creates a line; what it does not take is unset.
    ///
    /// - Parameters:
    ///   - planName: The plan's name.
    ///   - unitAmount: The price of one unit for one interval, in exact minor units.
    ///   - currency: The price's currency.
    ///   - interval: How often the price is paid.
    ///   - quantity: Units bought.
    ///   - discounts: What comes off this line alone.
    public init(
        planName: String?, unitAmount: Fraction?, currency: Currency?, interval: BillingInterval?, quantity: Int64 = 1,
        discounts: [Discount] = []
    ) {
        self.planName = planName
        self.unitAmount = unitAmount
        self.currency = currency
        self.interval = interval
        self.quantity = quantity
        self.discounts = discounts
    }
}

/// A payment, as a billing system or its mirror tells it.
public struct Payment: Sendable, Hashable {
    /// The billing system's key, such as `stripe:ch_1`; `nil` where a mirror leaves it out.
    public var id: ExternalID?
    /// The amount; `nil` where it is not told.
    public var amount: Money?
    /// When it was made.
    public var paidAt: Date?
    /// Whether the money arrived; `nil` where that is not told.
    public var succeeded: Bool?
    /// What of it went back to the customer, at least 0; `nil` where that is not told.
    public var refunded: Money?
    /// What of it was lost in disputes, at least 0; `nil` where no lost dispute is told of.
    public var lostInDispute: Money?

    /// Creates a payment.
    ///
    /// - Parameters:
    ///   - id: The billing system's key.
    ///   - amount: The amount; below 0 for a refund told as a payment of its own.
    ///   - paidAt: When it was made.
    ///   - succeeded: Whether the money arrived.
    ///   - refunded: What of it went back.
    ///   - lostInDispute: What of it was lost in disputes.
    public init(
        id: ExternalID?, amount: Money?, paidAt: Date?, succeeded: Bool?, refunded: Money? = nil,
        lostInDispute: Money? = nil
    ) {
        self.id = id
        self.amount = amount
        self.paidAt = paidAt
        self.succeeded = succeeded
        self.refunded = refunded
        self.lostInDispute = lostInDispute
    }
}

/// What a billing system wrote onto a contact of another system, such as Intercom's Stripe attributes.
public struct BillingMirror: Sendable, Hashable {
    /// The billing system's key of the customer, such as `stripe:cus_1`.
    public var customerID: ExternalID?
    /// The plan's name.
    public var planName: String?
    /// The plan's price for one interval.
    public var planPrice: Money?
    /// How often the plan's price is paid.
    public var planInterval: BillingInterval?
    /// Where the one subscription stands that the flat attributes speak of.
    public var status: SubscriptionStatus?
    /// Whether the last invoice could not be collected.
    public var isDelinquent: Bool?
    /// The last charge.
    public var lastPaymentAmount: Money?
    /// When the last charge was made.
    public var lastPaymentAt: Date?
    /// All subscriptions; `nil` where the mirror has no such list, empty where it says that there is none.
    public var subscriptions: [Subscription]?
    /// All payments; `nil` where the mirror has no such list.
    public var payments: [Payment]?
    /// The currency that amounts without one are in, by the adapter's configuration; also where no currency is named at
    /// all, so that nothing has one too.
    public var assumedCurrency: Currency?

    /// Creates a mirror that says nothing.
    public init() {}
}
