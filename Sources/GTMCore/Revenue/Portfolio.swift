#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// What a set of customers comes to. What is unknown is in no sum, and is counted.
public struct Portfolio: Sendable, Hashable {
    /// The customers of one status.
    public struct Band: Sendable, Hashable {
        /// How many there are.
        public var count = 0
        /// Their MRR, exact, by currency.
        public var mrr = CurrencyTotals()

        /// Creates the band of nobody.
        public init() {}
    }

    /// The moment it holds for.
    public var asOf: Date
    /// The profile by whose bands its customers are counted.
    public let profile: HealthProfile
    /// Customers who have not ended.
    public var customers = 0
    /// Their MRR, exact, by currency.
    public var mrr = CurrencyTotals()
    /// Customers whose MRR is unknown, or so large that no sum can hold it.
    public var unknownMRR = 0
    /// Customers by status.
    public var bands: [HealthStatus: Band] = [:]
    private var scoreSum = 0
    private var scored = 0

    /// Creates the portfolio of nobody.
    ///
    /// - Parameters:
    ///   - asOf: The moment it holds for.
    ///   - profile: The profile by which the customers are scored.
    public init(asOf: Date, profile: HealthProfile = .sixComponent) {
        self.asOf = asOf
        self.profile = profile
    }

    /// Twelve times the MRR, exact, by currency; `nil` where it does not fit.
    public var arr: CurrencyTotals? { mrr.multiplied(by: 12).flatMap { $0.fits ? $0 : nil } }

    /// The mean health score, 0...100, of the customers who have one; `nil` where none has.
    public var averageHealth: Double? { scored > 0 ? Double(scoreSum) / Double(scored) / 1000 : nil }

    /// Customers in the bands that the profile counts as at risk; those in critical ones are not among them.
    public var atRiskCount: Int { count(.atRisk) }

    /// Customers in the bands that the profile counts as critical.
    public var criticalCount: Int { count(.critical) }

    private func count(_ kind: HealthBand.Count) -> Int {
        profile.bands.reduce(0) { $0 + ($1.countsAs == kind ? bands[$1.status]?.count ?? 0 : 0) }
    }

    /// Counts a customer in; one who has ended is in no sum.
    public mutating func add(_ assessment: Assessment) { add(AssessmentSummary(assessment)) }

    /// Counts a customer in; one who has ended is in no sum.
    public mutating func add(_ summary: AssessmentSummary) {
        guard !summary.isEnded else { return }
        customers += 1
        bands[summary.status, default: Band()].count += 1
        if let score = summary.healthScore {
            scoreSum += score
            scored += 1
        }
        var (all, band) = (mrr, bands[summary.status]?.mrr ?? CurrencyTotals())
        guard let own = summary.mrr, all.add(own), band.add(own), all.fits, band.fits else {
            unknownMRR += 1
            return
        }
        mrr = all
        bands[summary.status]?.mrr = band
    }
}
