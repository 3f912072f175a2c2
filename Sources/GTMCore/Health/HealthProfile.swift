/// How health is scored: weights, curves, penalties and bands, as data with a name and a version.
///
/// The numbers are those of `directives/master.md`; a test holds them together.
public struct HealthProfile: Sendable, Hashable {
    /// The profile's name, stated with every score.
    public var name: String
    /// Its version.
    public var version: Int
    /// What is weighed.
    public var components: [HealthComponent]
    /// Points taken off for signals, each once.
    public var penalties: [HealthPenalty]
    /// Statuses from the highest down, each with the lowest score that earns it.
    public var bands: [HealthBand]
    /// Signals that keep the status from being better than another.
    public var caps: [HealthCap]
    /// The share of the weights, in percent, that has to be known for a status to be given.
    public var minimumCoverage: Int

    /// Creates a profile.
    public init(
        name: String, version: Int, components: [HealthComponent], penalties: [HealthPenalty], bands: [HealthBand],
        caps: [HealthCap], minimumCoverage: Int
    ) {
        self.name = name
        self.version = version
        self.components = components
        self.penalties = penalties
        self.bands = bands
        self.caps = caps
        self.minimumCoverage = minimumCoverage
    }
}

/// One thing that is weighed.
public struct HealthComponent: Sendable, Hashable {
    /// What is looked at.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Days since the customer was last seen.
        case activityRecency = "activity_recency"
        /// How content the customer is with support.
        case supportSentiment = "support_sentiment"
        /// Where the customer's best subscription stands, and whether payment is overdue.
        case paymentHealth = "payment_health"
        /// How much the product is used.
        case engagement
        /// How long the customer has been one.
        case tenure
        /// How much revenue the customer brings.
        case mrrWeight = "mrr_weight"
    }

    /// What is looked at.
    public var kind: Kind
    /// Its weight; the weights of a profile add up to 100.
    public var weight: Int
    /// Points by what is measured: days, rating, sessions, months, major units.
    public var curve: Curve

    /// Creates a component.
    public init(_ kind: Kind, weight: Int, curve: Curve) {
        self.kind = kind
        self.weight = weight
        self.curve = curve
    }
}

/// Points taken off while a signal is active.
public struct HealthPenalty: Sendable, Hashable {
    /// The signal.
    public var signal: RiskSignal.Kind
    /// Points, positive.
    public var points: Int

    /// Creates a penalty.
    public init(_ signal: RiskSignal.Kind, points: Int) {
        self.signal = signal
        self.points = points
    }
}

/// A status and the lowest score that earns it.
public struct HealthBand: Sendable, Hashable {
    /// The status.
    public var status: HealthStatus
    /// The lowest score, 0...100, inclusive.
    public var from: Int

    /// Creates a band.
    public init(_ status: HealthStatus, from: Int) {
        self.status = status
        self.from = from
    }
}

/// A signal that keeps the status from being better than another.
public struct HealthCap: Sendable, Hashable {
    /// The signal.
    public var signal: RiskSignal.Kind
    /// The best status left.
    public var status: HealthStatus

    /// Creates a cap.
    public init(_ signal: RiskSignal.Kind, at status: HealthStatus) {
        self.signal = signal
        self.status = status
    }
}

/// How a customer is doing, in the words of a profile.
public enum HealthStatus: String, Sendable, Hashable, CaseIterable {
    /// Nothing to worry about.
    case healthy
    /// Somebody should look.
    case atRisk = "at_risk"
    /// Somebody should act.
    case highRisk = "high_risk"
    /// The customer is about to be lost.
    case critical
    /// Too little is known for a verdict.
    case insufficientData = "insufficient_data"
}

/// Points by what is measured: straight between the knots, flat outside them.
public struct Curve: Sendable, Hashable {
    /// A point of a curve.
    public struct Knot: Sendable, Hashable {
        /// What is measured.
        public var input: Int64
        /// Points, 0...100.
        public var points: Int64
    }

    /// The most knots that a curve can have.
    public static let maximumKnots = 8

    // Lanes and not arrays: a curve is looked at for each customer, by many tasks at once.
    private var inputs = SIMD8<Int64>()
    private var points = SIMD8<Int64>()
    private let count: Int

    /// Creates a curve; `nil` without knots, with more than ``maximumKnots``, or where inputs do not rise.
    public init?(_ knots: [(input: Int64, points: Int64)]) {
        guard (1...Self.maximumKnots).contains(knots.count),
            zip(knots, knots.dropFirst()).allSatisfy({ $0.input < $1.input })
        else { return nil }
        self.init(lanes: knots)
    }

    fileprivate init(known knots: (Int64, Int64)...) { self.init(lanes: knots) }

    private init(lanes knots: [(Int64, Int64)]) {
        count = knots.count
        for (place, knot) in knots.enumerated() {
            inputs[place] = knot.0
            points[place] = knot.1
        }
    }

    /// The knots, in order of their inputs.
    public var knots: [Knot] { (0..<count).map { Knot(input: inputs[$0], points: points[$0]) } }

    /// Thousandths of a point for a whole number.
    public func thousandths(at input: Int) -> Int { thousandths(at: Int128(input), over: 1) }

    /// Thousandths of a point for a fraction, rounded to the nearest, halves away from zero.
    public func thousandths(at input: Fraction) -> Int { thousandths(at: input.numerator, over: input.denominator) }

    private func thousandths(at above: Int128, over below: Int128) -> Int {
        var place = 0
        while place < count, above >= Int128(inputs[place]) * below { place += 1 }
        guard place > 0 else { return Int(points[0] * 1000) }
        guard place < count else { return Int(points[count - 1] * 1000) }
        let (left, right) = (inputs[place - 1], inputs[place])
        let rise = Int128(points[place] - points[place - 1])
        let run = (above - Int128(left) * below) * rise * 1000
        let length = Int128(right - left) * below
        let (whole, rest) = run.quotientAndRemainder(dividingBy: length)
        let up = rest.magnitude * 2 >= length.magnitude
        return Int(points[place - 1] * 1000) + Int(whole + (up ? run.signum() : 0))
    }
}

extension HealthProfile {
    /// Six components: the default profile, version 1.
    public static let sixComponent = HealthProfile(
        name: "six-component", version: 1,
        components: [
            HealthComponent(
                .activityRecency, weight: 25,
                curve: Curve(known: (0, 100), (1, 100), (7, 90), (14, 70), (30, 40), (60, 0))),
            HealthComponent(.supportSentiment, weight: 20, curve: Curve(known: (1, 0), (5, 100))),
            HealthComponent(.paymentHealth, weight: 20, curve: Curve(known: (0, 0), (100, 100))),
            HealthComponent(.engagement, weight: 15, curve: Curve(known: (0, 0), (2, 30), (8, 70), (20, 100))),
            HealthComponent(.tenure, weight: 10, curve: Curve(known: (0, 20), (3, 50), (12, 80), (24, 100))),
            HealthComponent(
                .mrrWeight, weight: 10,
                curve: Curve(known: (0, 0), (50, 30), (100, 50), (250, 70), (500, 85), (1000, 100))),
        ],
        penalties: [
            HealthPenalty(.cancelMentioned, points: 30), HealthPenalty(.paymentDelinquent, points: 25),
            HealthPenalty(.inactive, points: 20), HealthPenalty(.openCriticalTicket, points: 15),
        ],
        bands: [
            HealthBand(.healthy, from: 70), HealthBand(.atRisk, from: 50), HealthBand(.highRisk, from: 30),
            HealthBand(.critical, from: 0),
        ],
        caps: [HealthCap(.cancelMentioned, at: .atRisk)], minimumCoverage: 40)

    /// Points for where a subscription stands: 0...100.
    static func paymentPoints(_ status: SubscriptionStatus) -> Int {
        switch status {
        case .active: 100
        case .trialing: 80
        case .pastDue: 40
        case .paused: 30
        case .incomplete: 20
        case .unpaid: 10
        case .canceled, .incompleteExpired: 0
        }
    }

    /// The most that a delinquent customer gets for payment.
    static let delinquentPaymentPoints = 40
    /// Days without activity from which on a customer is inactive.
    static let inactiveDays = 30
}
