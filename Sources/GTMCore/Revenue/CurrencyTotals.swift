/// Exact amounts by currency; amounts of different currencies stay side by side.
///
/// A sum of very many different fractions can outgrow 128 bits. It is then kept to a billionth of a thousandth of a minor
/// unit, so that it stays right to the last digit that is shown.
public struct CurrencyTotals: Sendable, Hashable {
    /// One currency's amount in exact minor units.
    public struct Entry: Sendable, Hashable {
        /// The currency.
        public var currency: Currency
        /// The amount in minor units.
        public var amount: Fraction
    }

    /// The amounts, one a currency, in order of the currencies' codes.
    public private(set) var entries: [Entry] = []

    /// No amounts at all.
    public init() {}

    /// The exact amount in one currency, in minor units; `nil` where there is none.
    public subscript(_ currency: Currency) -> Fraction? { entries.first { $0.currency == currency }?.amount }

    /// Adds an amount.
    ///
    /// - Returns: Whether the sum fits; where it does not, nothing has changed.
    public mutating func add(_ amount: Fraction, _ currency: Currency) -> Bool {
        guard let place = entries.firstIndex(where: { $0.currency >= currency }) else {
            entries.append(Entry(currency: currency, amount: amount))
            return true
        }
        guard entries[place].currency == currency else {
            entries.insert(Entry(currency: currency, amount: amount), at: place)
            return true
        }
        let known = entries[place].amount
        guard let sum = known.adding(amount) ?? known.coarsened?.adding(amount.coarsened ?? amount) else {
            return false
        }
        entries[place].amount = sum
        return true
    }

    /// Adds the amounts of another.
    ///
    /// - Returns: Whether all sums fit.
    public mutating func add(_ other: CurrencyTotals) -> Bool {
        other.entries.reduce(true) { add($1.amount, $1.currency) && $0 }
    }

    /// Each amount times a factor; `nil` where one does not fit.
    public func multiplied(by factor: Int64) -> CurrencyTotals? {
        var result = self
        for place in entries.indices {
            guard let product = entries[place].amount.multiplied(by: factor) else { return nil }
            result.entries[place].amount = product
        }
        return result
    }

    /// Whether every amount, rounded, fits the 64 bits of ``Money``.
    public var fits: Bool { entries.allSatisfy { $0.amount.rounded != nil } }

    /// The amounts rounded to whole minor units, halves away from zero; those beyond 64 bits are left out, see ``fits``.
    public var rounded: [Money] {
        entries.compactMap { entry in
            entry.amount.rounded.map { Money(minorUnits: $0, currency: entry.currency) }
        }
    }
}
