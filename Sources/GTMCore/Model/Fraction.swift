/// An exact fraction, so that a yearly price shared out over months loses nothing before the last step.
///
/// Kept in lowest terms with a positive denominator. An operation whose result does not fit gives `nil`; nothing wraps
/// and nothing traps.
public struct Fraction: Sendable, Hashable {
    /// What stands above the line.
    public let numerator: Int128
    /// What stands below it, at least 1.
    public let denominator: Int128

    /// Nothing.
    public static let zero = Fraction(0)

    /// A whole number.
    public init(_ whole: Int64) {
        numerator = Int128(whole)
        denominator = 1
    }

    /// A quotient in lowest terms; `nil` where the denominator is zero or the sign cannot be turned.
    public init?(_ numerator: Int128, over denominator: Int128) {
        guard denominator != 0, numerator != .min, denominator != .min else { return nil }
        guard denominator != 1 else {
            self.numerator = numerator
            self.denominator = 1
            return
        }
        let divisor = Self.greatestCommonDivisor(numerator.magnitude, denominator.magnitude)
        let sign: Int128 = denominator < 0 ? -1 : 1
        self.numerator = sign * numerator / Int128(divisor)
        self.denominator = sign * denominator / Int128(divisor)
    }

    /// Reads decimal digits with an optional sign, fraction and exponent, times ten to the power of `scale`.
    ///
    /// `Fraction(decimal: "45.5", scale: 2)` is 4550. `nil` for anything that is no finite decimal number, or too long.
    public init?(decimal text: some StringProtocol, scale: Int = 0) {
        var mantissa: Int128 = 0
        var power = scale
        var digits = 0
        var negative = false
        var seenPoint = false
        var bytes = text.utf8.makeIterator()
        var next = bytes.next()
        if next == UInt8(ascii: "-") || next == UInt8(ascii: "+") {
            negative = next == UInt8(ascii: "-")
            next = bytes.next()
        }
        scan: while let byte = next {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let (product, over) = mantissa.multipliedReportingOverflow(by: 10)
                let (sum, carried) = product.addingReportingOverflow(Int128(byte - UInt8(ascii: "0")))
                guard !over, !carried else { return nil }
                mantissa = sum
                digits += 1
                if seenPoint { power -= 1 }
            case UInt8(ascii: "."):
                guard !seenPoint else { return nil }
                seenPoint = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"): break scan
            default: return nil
            }
            next = bytes.next()
        }
        guard digits > 0 else { return nil }
        if next != nil {
            var exponent = ""
            while let byte = bytes.next() { exponent.unicodeScalars.append(Unicode.Scalar(byte)) }
            guard let value = Int(exponent), (-60...60).contains(value) else { return nil }
            power += value
        }
        if negative { mantissa = -mantissa }
        guard mantissa != 0 else {
            self = .zero
            return
        }
        guard (-60...60).contains(power), let factor = Self.powerOfTen(abs(power)) else { return nil }
        if power >= 0 {
            let (product, over) = mantissa.multipliedReportingOverflow(by: factor)
            guard !over else { return nil }
            self.init(product, over: 1)
        } else {
            self.init(mantissa, over: factor)
        }
    }

    private static func powerOfTen(_ exponent: Int) -> Int128? {
        guard exponent <= 38 else { return nil }
        return (0..<exponent).reduce(1) { product, _ in product * 10 }
    }

    private static func greatestCommonDivisor(_ left: UInt128, _ right: UInt128) -> UInt128 {
        if left <= UInt128(UInt64.max), right <= UInt128(UInt64.max) {
            var (a, b) = (UInt64(left), UInt64(right))
            while b != 0 { (a, b) = (b, a % b) }
            return UInt128(max(a, 1))
        }
        var (a, b) = (left, right)
        while b != 0 { (a, b) = (b, a % b) }
        return max(a, 1)
    }
}

extension Fraction {
    /// The sum, `nil` where it does not fit.
    public func adding(_ other: Fraction) -> Fraction? {
        if denominator == other.denominator {
            let (sum, over) = numerator.addingReportingOverflow(other.numerator)
            return over ? nil : Fraction(sum, over: denominator)
        }
        let (left, overLeft) = numerator.multipliedReportingOverflow(by: other.denominator)
        let (right, overRight) = other.numerator.multipliedReportingOverflow(by: denominator)
        let (below, overBelow) = denominator.multipliedReportingOverflow(by: other.denominator)
        let (sum, overSum) = left.addingReportingOverflow(right)
        return overLeft || overRight || overBelow || overSum ? nil : Fraction(sum, over: below)
    }

    /// The product with `above / below`, `nil` where it does not fit or `below` is zero.
    public func multiplied(by above: Int64, over below: Int64 = 1) -> Fraction? {
        let (product, over) = numerator.multipliedReportingOverflow(by: Int128(above))
        let (bottom, overBottom) = denominator.multipliedReportingOverflow(by: Int128(below))
        return over || overBottom ? nil : Fraction(product, over: bottom)
    }

    /// The nearest fraction with the denominator 10¹², for sums whose exact denominator has outgrown 128 bits; `nil` where
    /// it does not fit.
    var coarsened: Fraction? {
        let grain: Int128 = 1_000_000_000_000
        let (whole, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
        // So many low bits tell nothing at this grain, and without them the product fits.
        let excess = max(0, 86 - denominator.leadingZeroBitCount + 1)
        let (above, below) = (rest >> excess, denominator >> excess)
        let (scaled, over) = whole.multipliedReportingOverflow(by: grain)
        guard !over, below > 0 else { return nil }
        let (parts, left) = (above * grain).quotientAndRemainder(dividingBy: below)
        let up = left.magnitude >= below.magnitude - left.magnitude
        return Fraction(scaled + parts + (up ? rest.signum() : 0), over: grain)
    }

    /// The nearest whole number, halves away from zero; `nil` where it does not fit 64 bits.
    public var rounded: Int64? {
        guard denominator != 1 else { return Int64(exactly: numerator) }
        let (whole, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
        let up = rest.magnitude >= denominator.magnitude - rest.magnitude
        return Int64(exactly: up ? whole + numerator.signum() : whole)
    }
}

extension Fraction: Comparable, CustomStringConvertible {
    public static func < (left: Self, right: Self) -> Bool {
        let (a, overLeft) = left.numerator.multipliedReportingOverflow(by: right.denominator)
        let (b, overRight) = right.numerator.multipliedReportingOverflow(by: left.denominator)
        if !overLeft, !overRight { return a < b }
        // Products beyond 128 bits: compare the whole parts, then what is left of them.
        let (wholeLeft, restLeft) = left.numerator.quotientAndRemainder(dividingBy: left.denominator)
        let (wholeRight, restRight) = right.numerator.quotientAndRemainder(dividingBy: right.denominator)
        if wholeLeft != wholeRight { return wholeLeft < wholeRight }
        return Double(restLeft) / Double(left.denominator) < Double(restRight) / Double(right.denominator)
    }

    /// `7` or `25/3`.
    public var description: String { denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)" }
}

extension Fraction {
    /// The difference, `nil` where it does not fit.
    public func subtracting(_ other: Fraction) -> Fraction? { other.multiplied(by: -1).flatMap(adding) }

    /// The product, `nil` where it does not fit.
    public func multiplied(by other: Fraction) -> Fraction? {
        // Crosswise first, so that the product of two long fractions fits more often.
        guard let left = Fraction(numerator, over: other.denominator),
            let right = Fraction(other.numerator, over: denominator)
        else { return nil }
        let (above, overAbove) = left.numerator.multipliedReportingOverflow(by: right.numerator)
        let (below, overBelow) = left.denominator.multipliedReportingOverflow(by: right.denominator)
        return overAbove || overBelow ? nil : Fraction(above, over: below)
    }

    /// The quotient, `nil` where it does not fit or `other` is zero.
    public func divided(by other: Fraction) -> Fraction? {
        Fraction(other.denominator, over: other.numerator).flatMap { multiplied(by: $0) }
    }
}

extension Fraction {
    /// The nearest whole number that is not below, or not above it; `nil` where it does not fit.
    func nextWhole(up: Bool) -> Fraction? {
        let (whole, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
        let step: Int128 = up ? (rest > 0 ? 1 : 0) : (rest < 0 ? -1 : 0)
        return Fraction(whole + step, over: 1)
    }

    /// The sum; where its exact denominator has outgrown 128 bits the nearest at a billionth of a thousandth. `nil` where
    /// not even that fits.
    func addingCoarsely(_ other: Fraction) -> Fraction? {
        adding(other) ?? coarsened?.adding(other.coarsened ?? other)
    }
}
