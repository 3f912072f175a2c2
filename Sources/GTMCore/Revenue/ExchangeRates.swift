#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Exchange rates that the host supplies: tables by date. Without them nothing is converted.
///
/// The table in force at a moment is the latest one that is not after it; a rate that it lacks is not looked for in an
/// earlier one, so that all amounts of a report are converted at the rates of one day.
public struct ExchangeRates: Sendable, Hashable {
    /// The rates of one day.
    public struct Table: Sendable, Hashable {
        /// From when on they are in force.
        public let date: Date
        /// The currency of which one unit is worth so many of the others.
        public let base: Currency
        /// Units of each currency for one unit of the base, above 0.
        public let rates: [Currency: Fraction]

        /// Creates a table; `nil` where a rate is not above 0, or the base's own is not 1.
        ///
        /// - Parameters:
        ///   - date: From when on the rates are in force.
        ///   - base: The currency of which one unit is worth so many of the others.
        ///   - rates: Units of each currency for one unit of the base.
        public init?(date: Date, base: Currency, rates: [Currency: Fraction]) {
            guard rates.values.allSatisfy({ $0 > .zero }), rates[base].map({ $0 == Fraction(1) }) ?? true else {
                return nil
            }
            self.date = date
            self.base = base
            self.rates = rates
        }

        /// Units of `to` for one unit of `from`, both whole units such as dollars; `nil` where a rate is missing.
        public func rate(from: Currency, to: Currency) -> Fraction? {
            guard from != to else { return Fraction(1) }
            let one = Fraction(1)
            guard let below = from == base ? one : rates[from], let above = to == base ? one : rates[to] else {
                return nil
            }
            return above.divided(by: below)
        }
    }

    /// The tables, the earliest first, one a moment.
    public let tables: [Table]

    /// Creates rates; of several tables of one moment the last one stands.
    ///
    /// - Parameter tables: The tables, in any order.
    public init(_ tables: [Table]) {
        var byDate: [Date: Table] = [:]
        for table in tables { byDate[table.date] = table }
        self.tables = byDate.values.sorted { $0.date < $1.date }
    }

    /// The table in force at a moment; `nil` before the first one.
    public func table(at moment: Date) -> Table? { tables.last { $0.date <= moment } }

    /// When another table comes into force after a moment; `nil` where none does.
    func nextChange(after moment: Date) -> Date? { tables.first { $0.date > moment }?.date }
}

extension ExchangeRates.Table {
    /// Minor units of `to` for one minor unit of `from`; `nil` where a rate is missing.
    func minorRate(from: Currency, to: Currency) -> Fraction? {
        rate(from: from, to: to)?.multiplied(by: to.minorUnitsPerUnit, over: from.minorUnitsPerUnit)
    }

    /// All amounts in one currency, in its minor units, exact; unknown where a rate is missing or the sum does not fit.
    ///
    /// - Parameters:
    ///   - totals: Amounts by currency; those of nothing need no rate.
    ///   - currency: The currency of the result.
    public func converted(_ totals: CurrencyTotals, to currency: Currency) -> Reading<Fraction> {
        var sum = Fraction.zero
        for entry in totals.entries where entry.amount != .zero {
            guard let rate = minorRate(from: entry.currency, to: currency) else { return .unknown(.noRate) }
            guard let part = entry.amount.multiplied(by: rate), let next = sum.addingCoarsely(part) else {
                return .unknown(.outOfRange)
            }
            sum = next
        }
        return sum.rounded == nil ? .unknown(.outOfRange) : .known(sum)
    }
}
