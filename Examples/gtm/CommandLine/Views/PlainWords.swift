import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Amounts, scores and statuses as people read them.
enum PlainWords {
    /// Amounts by currency: `45,678.90 USD · 1,200.00 EUR`; `nothing` where there is none.
    static func amounts(_ totals: CurrencyTotals) -> String {
        let amounts = totals.rounded.filter { $0.minorUnits != 0 || totals.entries.count == 1 }.map(amount)
        return amounts.isEmpty ? "nothing" : amounts.joined(separator: " · ")
    }

    /// One amount: `299.00 USD`.
    static func amount(_ money: Money) -> String { "\(grouped(money.decimal)) \(money.currency.code)" }

    /// Amounts, or `–` where they are unknown.
    static func amounts(_ totals: Reading<CurrencyTotals>) -> String { totals.value.map(amounts) ?? unknown }

    /// A score with one decimal, cut, so that it never crosses into a better band; `–` where it is unknown.
    static func score(_ thousandths: Reading<Int>) -> String {
        thousandths.value.map { "\($0 / 1000).\($0 % 1000 / 100)" } ?? unknown
    }

    /// A status: `at risk`.
    static func status(_ status: HealthStatus) -> String {
        status == .insufficientData ? "too little data" : status.rawValue.replacing("_", with: " ")
    }

    /// A moment in UTC: `2026-11-18 09:30`.
    static func moment(_ date: Date) -> String {
        String(Timestamp.format(date).prefix(16)).replacing("T", with: " ")
    }

    /// A number with its noun: `1 customer`, `2 customers`.
    static func count(_ number: Int, _ noun: String) -> String { "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")" }

    /// What is to be said wherever a churn risk is shown.
    static func riskNote(width: Int) -> [String] {
        TextWidth.wrapped("risk: of leaving within 90 days, 0 to 100; not compared with what customers did", to: width)
    }

    /// What stands where nothing is known.
    static let unknown = "–"
}
