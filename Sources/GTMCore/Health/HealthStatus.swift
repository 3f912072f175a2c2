/// How a customer is doing, in the words of a profile: each profile uses some of them.
///
/// The same word can mean different scores in two profiles: `critical` ends at 30 in one and at 40 in another. Which
/// profile spoke is stated with every score.
public struct HealthStatus: Sendable, Hashable {
    private enum Base: UInt8, CaseIterable, Sendable {
        case excellent, good, healthy, atRisk, highRisk, critical, insufficientData
    }
    private let base: Base

    /// Nothing to wish for.
    public static let excellent = Self(base: .excellent)
    /// Nothing to worry about, in a profile that knows something better.
    public static let good = Self(base: .good)
    /// Nothing to worry about.
    public static let healthy = Self(base: .healthy)
    /// Somebody should look.
    public static let atRisk = Self(base: .atRisk)
    /// Somebody should act.
    public static let highRisk = Self(base: .highRisk)
    /// The customer is about to be lost.
    public static let critical = Self(base: .critical)
    /// Too little is known for a verdict; no band of any profile.
    public static let insufficientData = Self(base: .insufficientData)

    private init(base: Base) { self.base = base }

    /// The place among ``allCases``, for values that keep statuses in line.
    var number: UInt8 { base.rawValue }

    /// The status of a place among ``allCases``; too little data for a number that is none.
    init(number: UInt8) { base = Base(rawValue: number) ?? .insufficientData }
}

extension HealthStatus: CaseIterable {
    /// Every status, the best first, too little data last.
    public static let allCases = Base.allCases.map(Self.init(base:))
}

extension HealthStatus: RawRepresentable, CustomStringConvertible {
    /// The status of a word used outside, such as `at_risk`; `nil` for another word.
    public init?(rawValue: String) {
        guard let status = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = status
    }

    /// The stable word used outside, such as `at_risk`.
    public var rawValue: String {
        switch base {
        case .excellent: "excellent"
        case .good: "good"
        case .healthy: "healthy"
        case .atRisk: "at_risk"
        case .highRisk: "high_risk"
        case .critical: "critical"
        case .insufficientData: "insufficient_data"
        }
    }

    public var description: String { rawValue }

    // By the number: a comparison of words costs more than everything else that is done with a status.
    public static func == (left: Self, right: Self) -> Bool { left.base == right.base }
    public func hash(into hasher: inout Hasher) { hasher.combine(base) }
}
