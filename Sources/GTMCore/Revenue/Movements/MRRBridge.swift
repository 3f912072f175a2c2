#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// From one period's opening recurring revenue to its closing one, in one currency: what stands between them adds up
/// without a remainder.
///
/// Amounts are exact minor units. The rules are those of `directives/revenue.md`.
public struct MRRBridge: Sendable, Hashable {
    /// The first moment of the period.
    public var start: Date
    /// The first moment after it.
    public var end: Date
    /// The currency.
    public var currency: Currency
    /// Recurring revenue at the start, as it was known then.
    public var opening: Fraction
    /// Recurring revenue at the end, as it was known then.
    public var closing: Fraction
    /// What moved it, by kind; what is not there is nothing.
    public var amounts: [MRRMovementKind: Fraction]
    /// How many customers each kind concerns.
    public var customers: [MRRMovementKind: Int]
    /// Customers who paid at the start, as known at the end of the period; of a source that was first read within it, those
    /// who paid then.
    public var openingCustomers: Int
    /// Customers who pay at the end.
    public var closingCustomers: Int
    /// Customers whose recurring revenue is unknown at the end: they are in no sum.
    public var unknownCustomers: Int

    /// Creates a bridge of given amounts; the closing is what they add up to.
    ///
    /// - Parameters:
    ///   - start: The first moment of the period.
    ///   - end: The first moment after it.
    ///   - currency: The currency.
    ///   - opening: Recurring revenue at the start, in minor units.
    ///   - amounts: What moved it; losses are negative.
    ///   - customers: How many customers each kind concerns.
    ///   - openingCustomers: Customers who paid at the start.
    public init(
        from start: Date = .distantPast, to end: Date = .distantFuture, currency: Currency, opening: Fraction,
        amounts: [MRRMovementKind: Fraction] = [:], customers: [MRRMovementKind: Int] = [:], openingCustomers: Int = 0
    ) {
        self.start = start
        self.end = end
        self.currency = currency
        self.opening = opening
        closing = opening
        self.amounts = amounts
        self.customers = customers
        self.openingCustomers = openingCustomers
        let gained = Int128(customers[.new] ?? 0) + Int128(customers[.reactivation] ?? 0)
        closingCustomers = Int(clamping: Int128(openingCustomers) + gained - Int128(customers[.churn] ?? 0))
        unknownCustomers = 0
        closing = MRRMovementKind.allCases.reduce(opening) { $0.adding(self[$1]) ?? $0 }
    }

    /// The amount of one kind, in minor units; nothing where there is none.
    public subscript(_ kind: MRRMovementKind) -> Fraction { amounts[kind] ?? .zero }

    /// What is left when everything between opening and closing is taken off; not zero only where something is wrong.
    public var residual: Fraction? {
        var rest: Fraction? = closing.subtracting(opening)
        for kind in MRRMovementKind.allCases { rest = rest?.subtracting(self[kind]) }
        return rest
    }
}
