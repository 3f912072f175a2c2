import GTMCore

/// Values of a proof as people read them.
enum ProofWords {
    /// A value: `299.00 USD`, `72.5`, `2026-11-20 08:00`, `– (not reported)`.
    static func value(_ value: ProofValue) -> String {
        switch value {
        case .amount(let amount, let currency):
            guard let rounded = amount.rounded else { return "\(amount) minor units of \(currency.code)" }
            let words = PlainWords.amount(Money(minorUnits: rounded, currency: currency))
            return amount.denominator == 1 ? words : "\(words) (exactly \(exact(amount, currency)))"
        case .amounts(let totals): return PlainWords.amounts(totals)
        case .points(let points), .number(let points): return number(points)
        case .moment(let moment): return PlainWords.moment(moment)
        case .text(let text): return text
        case .flag(let flag): return flag ? "yes" : "no"
        case .unknown(let reason):
            return "\(PlainWords.unknown) (\(reason.description.replacing("_", with: " ")))"
        }
    }

    /// An exact number with up to three decimals; a longer one is followed by the fraction.
    static func number(_ number: Fraction) -> String {
        guard let scaled = number.multiplied(by: 1000), let thousandths = scaled.rounded else {
            return number.description
        }
        let text = grouped(pointsText(Int(thousandths)))
        return scaled.denominator == 1 ? text : "\(text) (exactly \(number))"
    }

    /// An amount in major units as a fraction: `50/3`.
    private static func exact(_ amount: Fraction, _ currency: Currency) -> String {
        amount.multiplied(by: 1, over: currency.minorUnitsPerUnit)?.description ?? amount.description
    }

    /// How a step follows, where that is not told by its parts standing below each other.
    static func basis(_ basis: ProofBasis) -> String? {
        switch basis {
        case .told(let origin):
            let changed = origin.changedAt.map { ", changed \(PlainWords.moment($0))" } ?? ""
            return "\(origin.record) \(origin.field)\(changed), learnt \(PlainWords.moment(origin.recordedAt))"
        case .asked: return "by the question"
        case .ruled, .sum, .sideBySide, .open: return nil
        case .product: return "the product of"
        case .quotient: return "the first over the second of"
        case .least: return "the least of"
        case .greatest: return "the greatest of"
        case .first: return "the first of"
        case .count: return "the number of"
        case .majorUnits: return "as a plain number of"
        case .curve(let curve):
            return "on the curve " + curve.knots.map { "\($0.input) → \($0.points)" }.joined(separator: ", ")
        case .days: return "whole days from the first to the second of"
        case .months: return "whole months from the first to the second of"
        case .any: return "any of"
        case .correction(.rounded): return "rounding to a whole"
        case .correction(.roundedUp): return "rounding up to a whole"
        case .correction(.roundedDown): return "rounding down to a whole"
        case .correction(.cut): return "cut to a thousandth"
        case .correction(.held(let low, let high)): return "kept within \(low) and \(high)"
        case .correction(.notNegative): return "not below nothing"
        }
    }
}
