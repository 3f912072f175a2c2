#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Something about a customer that calls for attention.
public struct RiskSignal: Sendable, Hashable {
    /// The signals that are known.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The customer spoke of cancelling within 30 days.
        case cancelMentioned = "cancel_mentioned"
        /// Payment is overdue.
        case paymentDelinquent = "payment_delinquent"
        /// No activity for as long as the profile says, 30 days by default.
        case inactive = "inactive_30d"
        /// A pressing conversation is not closed.
        case openCriticalTicket = "open_critical_ticket"
        /// The last attempt to collect a payment failed.
        case paymentFailed = "payment_failed"

        /// What is measured to find it.
        public var measure: HealthMeasure {
            switch self {
            case .cancelMentioned: .mentionedCancel
            case .paymentDelinquent: .isDelinquent
            case .inactive: .daysSinceSeen
            case .openCriticalTicket: .openCriticalTickets
            case .paymentFailed: .lastPaymentFailed
            }
        }

        /// The place among all kinds.
        var place: Int {
            switch self {
            case .cancelMentioned: 0
            case .paymentDelinquent: 1
            case .inactive: 2
            case .openCriticalTicket: 3
            case .paymentFailed: 4
            }
        }

        /// How many kinds there are.
        static var count: Int { 5 }

        /// The kind of a place; `nil` for a place that is none.
        init?(place: Int) {
            switch place {
            case 0: self = .cancelMentioned
            case 1: self = .paymentDelinquent
            case 2: self = .inactive
            case 3: self = .openCriticalTicket
            case 4: self = .paymentFailed
            default: return nil
            }
        }
    }

    /// How bad a signal is.
    public enum Severity: String, Sendable, Hashable, CaseIterable, Comparable {
        /// Worth knowing.
        case low
        /// Somebody should look this month.
        case medium
        /// Somebody should act this week.
        case high
        /// Somebody should act today.
        case critical

        public static func < (left: Self, right: Self) -> Bool {
            allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
        }
    }

    /// What it is.
    public var kind: Kind
    /// How bad it is, by the profile.
    public var severity: Severity
    /// When it began, as far as that is known.
    public var since: Date?
    /// Points that it takes off the score under the profile; 0 where it takes off none.
    public var penalty: Int
    /// What to do, in one or two sentences.
    public var recommendation: String

    /// Creates a signal.
    ///
    /// - Parameters:
    ///   - kind: What it is.
    ///   - severity: How bad it is.
    ///   - since: When it began; `nil` where that is not known.
    ///   - penalty: Points that it takes off, not negative.
    ///   - recommendation: What to do.
    public init(_ kind: Kind, severity: Severity, since: Date?, penalty: Int, recommendation: String) {
        self.kind = kind
        self.severity = severity
        self.since = since
        self.penalty = penalty
        self.recommendation = recommendation
    }
}

/// How bad a signal is and what to do about it: a line of the table in `directives/health-score.md`.
public struct RiskSignalRule: Sendable, Hashable {
    /// The signal.
    public var kind: RiskSignal.Kind
    /// How bad it is.
    public var severity: RiskSignal.Severity
    /// What to do, in one or two sentences.
    public var recommendation: String

    /// Creates a line.
    ///
    /// - Parameters:
    ///   - kind: The signal.
    ///   - severity: How bad it is.
    ///   - recommendation: What to do.
    public init(_ kind: RiskSignal.Kind, _ severity: RiskSignal.Severity, _ recommendation: String) {
        self.kind = kind
        self.severity = severity
        self.recommendation = recommendation
    }
}

/// Some of the signals.
public struct RiskSignals: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Creates the set of one signal.
    public init(_ kind: RiskSignal.Kind) { rawValue = 1 << UInt8(kind.place) }

    /// The signals, in the order of their declaration.
    public var kinds: [RiskSignal.Kind] { RiskSignal.Kind.allCases.filter { contains(Self($0)) } }
}

/// Since when what the signals speak of has been so; kept in line, so that it is copied without allocating.
public struct RiskSignalDates: Sendable, Hashable {
    private static let untold = -Double.greatestFiniteMagnitude
    private var seconds = SIMD8<Double>(repeating: Self.untold)

    /// Creates dates of which none is told.
    public init() {}

    /// When it began: the first mention, the first failed payment, the oldest open conversation; for inactivity when the
    /// customer was last seen. `nil` where that is not told.
    public subscript(_ kind: RiskSignal.Kind) -> Date? {
        get {
            let seconds = seconds[kind.place]
            return seconds == Self.untold ? nil : Date(timeIntervalSinceReferenceDate: seconds)
        }
        set { seconds[kind.place] = newValue?.timeIntervalSinceReferenceDate ?? Self.untold }
    }
}
