/// What a customer of a segment will have paid by the time he leaves, if customers go on leaving as they do.
///
/// A single customer has no churn rate, so that this is a figure of a segment, never of one of its customers.
public struct PredictedLTV: Sendable, Hashable {
    /// The mean MRR of the customers with MRR, in exact minor units.
    public var averageRevenue: Fraction
    /// The share of the customers that leaves in a month, 0...1.
    public var monthlyChurn: Fraction
    /// The share of revenue that is left after its cost, 0...1; 1 where cost is not looked at.
    public var grossMargin: Fraction

    /// Creates a prediction.
    ///
    /// - Parameters:
    ///   - averageRevenue: The mean MRR of the customers with MRR, in exact minor units.
    ///   - monthlyChurn: The share of the customers that leaves in a month, 0...1; best the mean of 3 to 12 months.
    ///   - grossMargin: The share of revenue that is left after its cost.
    public init(averageRevenue: Fraction, monthlyChurn: Fraction, grossMargin: Fraction = Fraction(1)) {
        self.averageRevenue = averageRevenue
        self.monthlyChurn = monthlyChurn
        self.grossMargin = grossMargin
    }

    /// Mean MRR over monthly churn, times the margin, in exact minor units.
    ///
    /// Undefined where nobody leaves: that is no endless worth, and not nothing either. Invalid for a churn below 0.
    public var value: Reading<Fraction> {
        if monthlyChurn == .zero { return .unknown(.undefined) }
        if monthlyChurn < .zero { return .unknown(.invalid) }
        return Reading(
            averageRevenue.divided(by: monthlyChurn).flatMap { $0.multiplied(by: grossMargin) }, otherwise: .outOfRange)
    }
}
