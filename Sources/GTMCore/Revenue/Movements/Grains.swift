/// An amount in minor units on a grid so fine that whatever is billed lies on it: sums of any length stay exact.
///
/// Amounts beyond ten million billions of minor units are on no grid, so that no sum of customers can overflow.
struct Grains: Sendable, Hashable {
    /// Grains in one minor unit: divisible by every number of months, weeks or days up to 24, by 365 and by 10 000, so that
    /// every usual interval and discount lies on the grid. What does not is brought to the nearest grain, once a customer.
    static let perUnit: Int128 = 5_354_228_880 * 73 * 125

    /// Grains, negative for what is taken away.
    var count: Int128

    /// Nothing.
    static let zero = Grains(count: 0)

    init(count: Int128) { self.count = count }

    /// The greatest amount on the grid, in minor units.
    static let limit: Int64 = 10_000_000_000_000_000

    /// The nearest place on the grid; `nil` beyond the limit.
    init?(_ amount: Fraction) {
        guard let rounded = amount.rounded, (-Self.limit...Self.limit).contains(rounded) else { return nil }
        let (whole, rest) = amount.numerator.quotientAndRemainder(dividingBy: amount.denominator)
        let (scaled, over) = rest.multipliedReportingOverflow(by: Self.perUnit)
        let part: Int128
        if over {
            guard let coarse = Fraction(rest, over: amount.denominator)?.coarsened else { return nil }
            part = (coarse.numerator * Self.perUnit) / coarse.denominator
        } else {
            let (quotient, left) = scaled.quotientAndRemainder(dividingBy: amount.denominator)
            let up = left.magnitude >= amount.denominator.magnitude - left.magnitude
            part = quotient + (up && left != 0 ? left.signum() : 0)
        }
        count = whole * Self.perUnit + part
    }

    /// The amount in minor units.
    var fraction: Fraction { Fraction(count, over: Self.perUnit) ?? .zero }

    static func + (left: Self, right: Self) -> Self { Grains(count: left.count + right.count) }
    static func - (left: Self, right: Self) -> Self { Grains(count: left.count - right.count) }
    static func += (left: inout Self, right: Self) { left.count += right.count }
    static prefix func - (grains: Self) -> Self { Grains(count: -grains.count) }
}
