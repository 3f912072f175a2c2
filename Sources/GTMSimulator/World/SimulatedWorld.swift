import GTMCore

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Invented companies with everything that happened to them, made from a seed: the one truth of which each simulated
/// vendor shows its part.
///
/// The same seed, number, time and length give the same world, byte for byte, on every machine. About seven of ten
/// paying companies do well, two drift, one is about to leave for a reason that the ``truth`` tells. Each company has
/// random numbers of its own, so that a larger world of the same seed begins with the same companies,
/// the last one of the smaller world aside.
public struct SimulatedWorld: Sendable {
    /// What everything follows from.
    public let seed: UInt64
    /// The world's present; nothing in it happened later.
    public let now: Date
    /// What is true, known because it was planted.
    public let truth: SimulatedTruth

    let time: Int64
    let companies: [WorldCompany]

    /// Makes a world.
    ///
    /// - Parameters:
    ///   - seed: What everything follows from.
    ///   - customers: Distinct e-mail addresses of customers, at least 0; they belong to about two thirds as many
    ///     companies.
    ///   - now: The world's present, cut to whole seconds.
    ///   - years: How far back it reaches, at least 1.
    public init(seed: UInt64, customers: Int = 300, now: Date, years: Int = 2) {
        precondition(customers >= 0, "customers is \(customers); expected at least 0")
        precondition(years >= 1, "years is \(years); expected at least 1")
        let time = Int64(now.timeIntervalSince1970.rounded(.down))
        self.seed = seed
        self.now = Date(timeIntervalSince1970: Double(time))
        self.time = time
        var companies: [WorldCompany] = []
        var left = customers
        while left > 0 {
            var maker = CompanyMaker(seed: seed, index: companies.count, now: time, years: years)
            let company = maker.company(addresses: left)
            left -= company.people.count { $0.email != nil }
            companies.append(company)
        }
        self.companies = companies
        truth = SimulatedTruth(of: companies, now: time)
    }
}
