#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// One customer, as all sources together tell: a view, computed from records whenever it is asked for.
public struct UnifiedCustomer: Sendable, Hashable {
    /// The key: the primary e-mail address.
    public var key: CustomerKey
    /// Further keys that live under it, because of merge rules.
    public var aliases: [CustomerKey]
    /// The records that are the customer, in order, each with how sure the match is.
    public var members: [CustomerMember]
    /// Keys of other systems, in order.
    public var externalIDs: [ExternalID]
    /// Whether the address is a role's and not a person's, such as `info@`.
    public var isSharedMailbox: Bool
    /// Whether every record of the customer has ended at its source.
    public var isEnded: Bool

    /// The name; the local part of the address where no source tells one.
    public var name: Field<String>
    /// The company's name.
    public var company: Field<String>
    /// The country's name.
    public var locationCountry: Field<String>
    /// The town.
    public var locationCity: Field<String>
    /// When the customer signed up.
    public var signupDate: Field<Date>
    /// When the customer was last active, over all sources.
    public var lastSeenAt: Field<Date>
    /// The teammate in charge: the name, else the address.
    public var assignedAM: Field<String>
    /// Where the customer stands in a customer's life, in the source's words.
    public var lifecycleStage: Field<String>
    /// The plan's name.
    public var planName: Field<String>
    /// The plan's price for one interval.
    public var planPrice: Field<Money>
    /// Where the subscription stands.
    public var subscriptionStatus: Field<SubscriptionStatus>
    /// Whether the last invoice could not be collected, as the billing system flags it.
    public var isDelinquent: Field<Bool>
    /// The last charge.
    public var lastPaymentAmount: Field<Money>
    /// When the last charge was made.
    public var lastPaymentDate: Field<Date>
    /// The billing system's key of the customer.
    public var billingCustomerID: Field<ExternalID>
    /// Subscriptions and payments.
    public var billing: CustomerBilling
}

/// A value with the record that it comes from, or why there is none.
public typealias Field<Value> = Reading<Sourced<Value>> where Value: Sendable & Hashable

/// A value, the record that it comes from, and what other records say.
///
/// Two are the same when value, record and rivals are; when the record was learnt makes no difference.
public struct Sourced<Value: Sendable & Hashable>: Sendable {
    /// The value.
    public var value: Value
    /// The version of the record that it comes from.
    public var version: RecordVersion
    /// What other records say and this one overrules, the next in line first. Those that agree are left out.
    public var rivals: [Rival]

    /// Another record's different word.
    public struct Rival: Sendable, Hashable {
        /// What it says.
        public var value: Value
        /// The record.
        public var origin: RecordID

        /// Creates another record's word.
        public init(value: Value, origin: RecordID) {
            self.value = value
            self.origin = origin
        }
    }

    /// Creates a value with its origin.
    public init(_ value: Value, from version: RecordVersion, rivals: [Rival] = []) {
        self.value = value
        self.version = version
        self.rivals = rivals
    }

    /// The record that it comes from.
    public var origin: RecordID { version.record.id }
}

extension Sourced: Hashable {
    public static func == (left: Self, right: Self) -> Bool {
        left.value == right.value && left.rivals == right.rivals
            && (left.version === right.version || left.origin == right.origin)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(value)
        hasher.combine(origin)
    }
}

/// A record that is part of a customer.
public struct CustomerMember: Sendable, Hashable {
    /// The record.
    public var record: RecordID
    /// How sure it is that the record belongs here.
    public var confidence: MatchConfidence
}

/// How sure a match is, as a fraction of one.
public enum MatchConfidence: Double, Sendable, Hashable, Comparable {
    /// A secondary key.
    case secondaryKey = 0.7
    /// The same e-mail address.
    case email = 0.95
    /// A person's explicit rule.
    case verified = 1.0

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// What a customer is billed for.
public struct CustomerBilling: Sendable, Hashable {
    /// The subscriptions that count for this customer.
    public var subscriptions: Reading<[Sourced<Subscription>]>
    /// The payments that count for this customer, by the record that tells of them.
    public var payments: Reading<[PaymentList]>
    /// What the customer's company is said to pay a month: it stands in where no subscription is told.
    public var companySpend: Field<Money>
    /// The currency in which nothing is nothing, where the billing told no currency of its own.
    public var currency: Currency?
    /// Customers who are billed for what this one's records mention too, in order.
    public var billedThrough: [CustomerKey]

    /// Creates what a customer is billed for.
    ///
    /// - Parameters:
    ///   - subscriptions: The subscriptions that count for the customer.
    ///   - payments: The payments that count for the customer.
    ///   - companySpend: What the customer's company is said to pay a month.
    ///   - currency: The currency in which nothing is nothing.
    ///   - billedThrough: Customers who are billed for what this one's records mention too, in order.
    public init(
        subscriptions: Reading<[Sourced<Subscription>]>, payments: Reading<[PaymentList]>,
        companySpend: Field<Money> = .unknown(.notReported), currency: Currency? = nil,
        billedThrough: [CustomerKey] = []
    ) {
        self.subscriptions = subscriptions
        self.payments = payments
        self.companySpend = companySpend
        self.currency = currency
        self.billedThrough = billedThrough
    }
}

/// Payments that one record tells of.
///
/// Two are the same when the record and the payments are; when the record was learnt makes no difference.
public struct PaymentList: Sendable {
    /// The version of the record that tells of them.
    public var version: RecordVersion
    /// The payments, as it lists them.
    public var payments: [Payment]

    /// Creates a list.
    ///
    /// - Parameters:
    ///   - payments: The payments, as the record lists them.
    ///   - version: The version of the record that tells of them.
    public init(_ payments: [Payment], from version: RecordVersion) {
        self.version = version
        self.payments = payments
    }

    /// The record that tells of them.
    public var origin: RecordID { version.record.id }
}

extension PaymentList: Hashable {
    public static func == (left: Self, right: Self) -> Bool {
        left.payments == right.payments && (left.version === right.version || left.origin == right.origin)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(origin)
        hasher.combine(payments)
    }
}
