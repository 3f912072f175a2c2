import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A customer's health by a profile.
///
/// It lies in line and is copied without allocating; what has names and texts is put together when it is asked for.
public struct HealthScore: Sendable, Hashable {
    let rules: ProfileNumber
    /// The score in thousandths of a point, 0...100 000, cut; unknown where nothing is known of any component.
    public let score: Reading<Int>
    /// The lowest score, in thousandths, that could come out if everything unknown were known; 0...100 000. Whoever
    /// knows less never gets a higher one.
    public let low: Int
    /// The highest score, in thousandths, that could come out if everything unknown were known; 0...100 000. Whoever
    /// knows less never gets a lower one.
    public let high: Int
    /// The status.
    public let status: HealthStatus
    /// The signal that holds the status below what the score would earn; `nil` where none does.
    public let cappedBy: RiskSignal.Kind?
    /// The active signal that would hold the status, whether or not the score earns more.
    public let capSignal: RiskSignal.Kind?
    /// Whether somebody should look after this customer: a band of the profile that says so, or a signal that limits the
    /// status.
    public let isAtRisk: Bool
    /// The share of the weights of which something is known, in percent, cut.
    public let coverage: Int
    /// The score before penalties, in thousandths.
    public let beforePenalties: Reading<Int>
    /// The risk of losing the customer within 90 days, in thousandths of a point, 100 000 being the worst: 100 minus the
    /// score before penalties plus half the penalties.
    public let churnRisk: Reading<Int>
    /// Signals that are active.
    public let active: RiskSignals
    /// Signals of which it is not known whether they are active.
    public let unknownSignals: RiskSignals
    /// Thousandths by component; below 0 the reason why they are unknown.
    let points: SIMD16<Int32>
    let dates: RiskSignalDates

    /// Whether the churn risk was compared with what customers did. It was not.
    public var isCalibrated: Bool { false }

    /// The profile that spoke.
    public var rulesInForce: HealthProfile { rules.profile }
    /// The profile's name.
    public var profile: String { rules.profile.name }
    /// The profile's version.
    public var profileVersion: Int { rules.profile.version }

    /// One component's part in a score.
    public struct ComponentScore: Sendable, Hashable {
        /// The component's name.
        public var name: String
        /// What is measured for it.
        public var measures: [HealthMeasure]
        /// Its weight.
        public var weight: Int
        /// Thousandths of a point, 0...100 000.
        public var points: Reading<Int>
    }

    /// Each component's part, in the profile's order.
    public var components: [ComponentScore] {
        rules.profile.components.enumerated().map { place, component in
            ComponentScore(
                name: component.name, measures: component.parts.map(\.measure), weight: component.weight,
                points: Reading(lane: points[place]))
        }
    }

    /// Signals that are active, in the order of the profile's table.
    public var signals: [RiskSignal] {
        guard !active.isEmpty else { return [] }
        let profile = rules.profile
        return profile.signals.compactMap { rule in
            guard active.contains(RiskSignals(rule.kind)) else { return nil }
            var since = dates[rule.kind]
            // What is told of inactivity is the last sign of life; it began when the limit was crossed.
            if rule.kind == .inactive { since?.addTimeInterval(Double(profile.inactiveDays) * 86_400) }
            return RiskSignal(
                rule.kind, severity: rule.severity, since: since,
                penalty: profile.penalties.reduce(0) { $0 + ($1.signal == rule.kind ? $1.points : 0) },
                recommendation: rule.recommendation)
        }
    }
}

extension Reading<Int> {
    /// What a lane of a score holds: the value, or one less than minus the reason's number.
    init(lane: Int32) {
        self = lane >= 0 ? .known(Int(lane)) : .unknown(UnknownReason(number: UInt8(truncatingIfNeeded: -1 - lane)))
    }
}

/// A profile by its number, so that a score names it without counting references, which many tasks at once would get into
/// each other's way with.
///
/// A process keeps every profile that it ever scored by; there are few of them.
struct ProfileNumber: Sendable, Hashable {
    private let number: UInt32

    /// The number of a profile; the same for equal ones.
    init(_ profile: HealthProfile) {
        number = Self.table.withLock { table in
            if let number = table.numbers[profile] { return number }
            let number = UInt32(table.profiles.count)
            table.profiles.append(profile)
            table.fingerprints.append(profile.fingerprint)
            table.numbers[profile] = number
            return number
        }
    }

    /// The profile.
    var profile: HealthProfile { Self.table.withLock { $0.profiles[Int(number)] } }

    /// The profile's fingerprint.
    var fingerprint: UInt64 { Self.table.withLock { $0.fingerprints[Int(number)] } }

    private struct Table: Sendable {
        var profiles: [HealthProfile] = []
        var fingerprints: [UInt64] = []
        var numbers: [HealthProfile: UInt32] = [:]
    }

    private static let table = Mutex(Table())
}
