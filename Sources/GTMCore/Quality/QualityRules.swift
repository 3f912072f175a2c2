/// What good data is worth: the numbers of `directives/data-quality.md`.
public struct QualityRules: Sendable, Hashable {
    /// The version, told with every score that is explained.
    public var version: Int
    /// Days within which being seen counts as recent.
    public var recentActivityDays: Int
    /// Points by factor, in the order of ``DataQuality/Factor``; lanes, so that many tasks can look at once.
    private(set) var points = SIMD8<UInt8>()

    /// Creates rules; factors that are not named are worth nothing.
    ///
    /// - Parameters:
    ///   - version: The version.
    ///   - points: Points by factor; those outside 0...100 count as the nearest within.
    ///   - recentActivityDays: Days within which being seen counts as recent.
    public init(version: Int, points: [DataQuality.Factor: Int], recentActivityDays: Int) {
        self.version = version
        self.recentActivityDays = recentActivityDays
        for (factor, worth) in points { self.points[factor.place] = UInt8(min(max(0, worth), 100)) }
    }

    /// The points of a factor.
    public func points(_ factor: DataQuality.Factor) -> Int { Int(points[factor.place]) }

    /// The rules in force by default; all points together are 100.
    public static let standard = QualityRules(
        version: 1,
        points: [
            .billingID: 20, .activeSubscription: 20, .paymentHistory: 15, .recentActivity: 15, .location: 10,
            .conversationHistory: 10, .csat: 10,
        ], recentActivityDays: 7)

    /// How the rules are named in an explanation.
    var name: String { "data-quality v\(version)" }
}

extension QualityRules {
    /// Reads the block `data-quality` of a directive.
    ///
    /// - Parameter directive: The block.
    /// - Throws: ``DirectiveError`` with file and line for what is no such rule.
    public init(directive: DirectiveNode) throws(DirectiveError) {
        _ = try directive.members(["version", "points", "recent_activity_days"])
        var points: [DataQuality.Factor: Int] = [:]
        let told = try directive.member("points")
        for (name, node) in try told.members(DataQuality.Factor.allCases.map(\.rawValue)) {
            guard let factor = DataQuality.Factor(rawValue: name) else { continue }
            points[factor] = try node.integer(in: 0...100)
        }
        guard points.values.contains(where: { $0 > 0 }) else {
            throw told.wrong(expected: "points for at least one factor")
        }
        self.init(
            version: try directive.member("version").integer(in: 1...1_000_000), points: points,
            recentActivityDays: try directive.member("recent_activity_days").integer(in: 0...3650))
    }
}
