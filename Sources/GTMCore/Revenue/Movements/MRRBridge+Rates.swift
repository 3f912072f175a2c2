/// What a bridge says of keeping and winning revenue. A rate of nothing is undefined, not zero.
///
/// The formulas are those of `directives/revenue.md`. Rates are fractions: 1/10 is ten percent.
extension MRRBridge {
    /// The base of the rates: the opening with what was learnt of it later, in minor units.
    public var base: Fraction {
        [.openingBalance, .restatement].reduce(opening) { $0.adding(self[$1]) ?? $0 }
    }

    /// What customers did in the period: new, reactivated and expanded revenue less what was lost, in minor units.
    public var netNew: Fraction {
        MRRMovementKind.allCases.filter(\.isBusiness).reduce(.zero) { $0.adding(self[$1]) ?? $0 }
    }

    /// What was lost, as a positive amount in minor units: churn and contraction.
    public var churnedRevenue: Fraction { (self[.churn].adding(self[.contraction]) ?? .zero).negated }

    /// Closing over opening, less one.
    public var growthRate: Reading<Fraction> { ratio(closing.subtracting(opening), opening) }

    /// Churn and contraction over the base.
    public var grossChurnRate: Reading<Fraction> { ratio(churnedRevenue, base) }

    /// Churn and contraction less expansion and reactivation, over the base; negative is good.
    public var netChurnRate: Reading<Fraction> {
        ratio(churnedRevenue.subtracting(self[.expansion])?.subtracting(self[.reactivation]), base)
    }

    /// Gross revenue retention: the base less churn and contraction, over the base; never above one.
    public var grossRetention: Reading<Fraction> { ratio(base.subtracting(churnedRevenue), base) }

    /// Net revenue retention: the base with expansion less churn and contraction, over the base; without new and
    /// without reactivated customers.
    public var netRetention: Reading<Fraction> {
        ratio(base.adding(self[.expansion])?.subtracting(churnedRevenue), base)
    }

    /// New, reactivated and expanded revenue over what was lost.
    public var quickRatio: Reading<Fraction> {
        ratio(self[.new].adding(self[.reactivation])?.adding(self[.expansion]), churnedRevenue)
    }

    /// Closing revenue over those who pay it, in minor units.
    public var arpa: Reading<Fraction> { ratio(closing, Fraction(Int64(closingCustomers))) }

    /// The first revenue of new customers over their number, in minor units.
    public var averageSalePrice: Reading<Fraction> { ratio(self[.new], Fraction(Int64(customers[.new] ?? 0))) }

    /// Customers lost over those who were there at the start.
    public var customerChurnRate: Reading<Fraction> {
        ratio(Fraction(Int64(customers[.churn] ?? 0)), Fraction(Int64(openingCustomers)))
    }

    /// One less the customer churn rate.
    public var customerRetention: Reading<Fraction> {
        customerChurnRate.map { Fraction(1).subtracting($0) ?? .zero }
    }

    /// Whether the base is so small that rates say little: fewer than five customers at the start.
    public var isSmallSample: Bool { openingCustomers < 5 }

    private func ratio(_ above: Fraction?, _ below: Fraction) -> Reading<Fraction> {
        // Over nothing or a debt there is no rate.
        guard below > .zero else { return .unknown(.undefined) }
        return Reading(above?.divided(by: below), otherwise: .outOfRange)
    }
}

extension Fraction {
    /// The same distance on the other side of zero.
    var negated: Fraction { multiplied(by: -1) ?? .zero }
}

/// Churn rates as vendors define them who differ from the common formula.
public enum ChurnRate {
    /// Stripe's rate of customers: those lost over those there at the start and those who came since.
    ///
    /// - Parameters:
    ///   - churned: Customers lost.
    ///   - active: Customers at the start.
    ///   - new: Customers who came since.
    /// - Returns: A fraction; undefined where there was nobody.
    public static func stripe(churned: Int, active: Int, new: Int) -> Reading<Fraction> {
        quotient(Int128(churned), Int128(active) + Int128(new))
    }

    /// The standard rate of customers: of those there at the start, those lost for good by the end.
    ///
    /// - Parameters:
    ///   - churned: Customers lost in the period.
    ///   - joined: Those of them who came within the period.
    ///   - returned: Those of them who came back within the period.
    ///   - active: Customers at the start.
    /// - Returns: A fraction; undefined where there was nobody, invalid where more joined or returned than were lost.
    public static func standard(churned: Int, joined: Int, returned: Int, active: Int) -> Reading<Fraction> {
        let left = Int128(churned) - Int128(joined) - Int128(returned)
        // More than were lost cannot have joined or returned.
        return left < 0 ? .unknown(.invalid) : quotient(left, Int128(active))
    }

    /// A day's net rate as ChartMogul has it for shops: what the day's start has lost by its end, new business left out.
    ///
    /// - Parameters:
    ///   - start: Revenue at the day's start.
    ///   - end: Revenue at its end.
    ///   - new: New business of the day.
    /// - Returns: A fraction, negative where revenue grew; undefined where there was none.
    public static func dailyNet(start: Fraction, end: Fraction, new: Fraction) -> Reading<Fraction> {
        guard start > .zero else { return .unknown(.undefined) }
        return Reading(start.subtracting(end)?.adding(new)?.divided(by: start), otherwise: .outOfRange)
    }

    /// A day's gross rate as ChartMogul has it for shops: what was lost over the day's start.
    ///
    /// - Parameters:
    ///   - start: Revenue at the day's start.
    ///   - lost: Churn and contraction of the day, positive.
    /// - Returns: A fraction; undefined where there was no revenue.
    public static func dailyGross(start: Fraction, lost: Fraction) -> Reading<Fraction> {
        guard start > .zero else { return .unknown(.undefined) }
        return Reading(lost.divided(by: start), otherwise: .outOfRange)
    }

    private static func quotient(_ above: Int128, _ below: Int128) -> Reading<Fraction> {
        guard below > 0 else { return .unknown(.undefined) }
        return Reading(Fraction(above, over: below), otherwise: .outOfRange)
    }
}
