#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// What a step of a proof comes to.
public enum ProofValue: Sendable, Hashable {
    /// An amount of one currency in exact minor units.
    case amount(Fraction, Currency)
    /// Amounts of several currencies, side by side.
    case amounts(CurrencyTotals)
    /// Points of a score, exact, in whole points and not in thousandths.
    case points(Fraction)
    /// A plain number: units, days, a factor.
    case number(Fraction)
    /// A moment.
    case moment(Date)
    /// A word: a status, a name, a sentence.
    case text(String)
    /// A yes or no.
    case flag(Bool)
    /// Nothing is known, for this reason.
    case unknown(UnknownReason)

    /// The exact number in it; `nil` for what is none.
    public var exact: Fraction? {
        switch self {
        case .amount(let number, _), .points(let number), .number(let number): number
        case .amounts, .moment, .text, .flag, .unknown: nil
        }
    }

    /// The same kind of value with another number; itself where it holds none.
    func holding(_ number: Fraction) -> ProofValue {
        switch self {
        case .amount(_, let currency): .amount(number, currency)
        case .points: .points(number)
        case .number: .number(number)
        case .amounts, .moment, .text, .flag, .unknown: self
        }
    }

    /// Points out of thousandths.
    static func thousandths(_ points: Int) -> ProofValue { .points(Fraction(Int128(points), over: 1000) ?? .zero) }
    /// Points out of thousandths, where they are known.
    static func thousandths(_ points: Reading<Int>) -> ProofValue {
        switch points {
        case .known(let points): .thousandths(points)
        case .unknown(let reason): .unknown(reason)
        }
    }
    /// A whole number.
    static func number(_ whole: Int) -> ProofValue { .number(Fraction(Int64(whole))) }
}
