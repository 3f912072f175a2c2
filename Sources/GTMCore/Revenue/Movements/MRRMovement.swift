/// Why recurring revenue is not what it was.
public enum MRRMovementKind: String, Sendable, Hashable, CaseIterable {
    /// What a source tells that had not been read whole when the period began: it was there before we looked.
    case openingBalance = "opening_balance"
    /// What was learnt in the period about the time before it.
    case restatement
    /// A customer's first recurring revenue ever.
    case new
    /// A customer who had paid before, and paid nothing at the start, pays again.
    case reactivation
    /// A customer who goes on pays more.
    case expansion
    /// A customer who goes on pays less; negative.
    case contraction
    /// A customer pays nothing any more; negative.
    case churn
    /// The opening in other currencies is worth more or less at the closing's exchange rates.
    case exchange
    /// A customer of whom nothing can be said any more; negative. It is no churn.
    case noLongerKnown = "no_longer_known"
    /// A customer of whom something can be said now and could not before, though there was something to be said.
    case becameKnown = "became_known"
    /// What went from one plan or manager to another within a customer; over all groups it adds up to nothing.
    case transfer

    /// Whether this is something that customers did, and not how it is told, valued or filed.
    public var isBusiness: Bool {
        switch self {
        case .new, .reactivation, .expansion, .contraction, .churn: true
        case .openingBalance, .restatement, .exchange, .noLongerKnown, .becameKnown, .transfer: false
        }
    }
}

/// What moved one customer's recurring revenue within a period, in one currency.
public struct MRRMovement: Sendable, Hashable {
    /// The customer, by the key at the period's end, else at its start.
    public var customer: CustomerKey
    /// What happened.
    public var kind: MRRMovementKind
    /// By how much, in exact minor units; negative for what is lost.
    public var amount: Fraction
    /// The currency: the vendor's, or the reporting currency of a converted bridge.
    public var currency: Currency
    /// The plan or manager that it is counted for, where the bridge is by one; `nil` is none.
    public var group: String?

    /// Creates a movement.
    public init(
        customer: CustomerKey, kind: MRRMovementKind, amount: Fraction, currency: Currency, group: String? = nil
    ) {
        self.customer = customer
        self.kind = kind
        self.amount = amount
        self.currency = currency
        self.group = group
    }
}

extension MRRMovementKind {
    /// What a change between two amounts of one customer is, by the rules of `directives/revenue.md`.
    ///
    /// - Parameters:
    ///   - before: The amount at the start, in any unit.
    ///   - after: The amount at the end, in the same unit.
    ///   - hadPaid: Whether the customer had paid anything before the start.
    /// - Returns: `nil` where nothing changed.
    public static func between(_ before: Fraction, _ after: Fraction, hadPaid: Bool) -> MRRMovementKind? {
        if before == after { return nil }
        if before <= .zero, after > .zero { return hadPaid ? .reactivation : .new }
        if before > .zero, after <= .zero { return .churn }
        return after > before ? .expansion : .contraction
    }
}
