/// How health is scored: what is weighed, by which curves, penalties, limits and bands, as data with a name and a version.
///
/// The two built-in ones are published in `directives/health-score.md`; a test holds them together.
public struct HealthProfile: Sendable, Hashable {
    /// The profile's name, stated with every score.
    public var name: String
    /// Its version, at least 1.
    public var version: Int
    /// What is weighed; the weights add up to 100.
    public var components: [HealthComponent]
    /// Points taken off for signals, each once.
    public var penalties: [HealthPenalty]
    /// Statuses from the highest down, each with the lowest score that earns it; the last one begins at 0.
    public var bands: [HealthBand]
    /// Signals that keep the status from being better than another; of several that are active the one counts that
    /// keeps it lowest, of equal ones the first.
    public var caps: [HealthCap]
    /// The share of the weights, in percent, that has to be known for a status to be given.
    public var minimumCoverage: Int
    /// What a component counts of which nothing is known.
    public var missingData: MissingData
    /// Points for where a subscription stands, 0...100; the best of a customer's subscriptions counts.
    public var paymentPoints: PaymentPoints
    /// The most points for where subscriptions stand while payment is overdue, 0...100.
    public var delinquentPaymentPoints: Int
    /// Days without activity from which on a customer is inactive, at least 1.
    public var inactiveDays: Int
    /// How bad each signal is and what to do about it; a signal that is not listed is never told.
    public var signals: [RiskSignalRule]

    /// Creates a profile. What it has to keep to is checked by ``problem``.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - version: The version.
    ///   - components: What is weighed.
    ///   - penalties: Points taken off for signals.
    ///   - bands: Statuses from the highest down.
    ///   - caps: Signals that limit the status.
    ///   - minimumCoverage: The share of the weights that has to be known for a status, in percent.
    ///   - missingData: What a component counts of which nothing is known.
    ///   - paymentPoints: Points for where a subscription stands.
    ///   - delinquentPaymentPoints: The most of them while payment is overdue.
    ///   - inactiveDays: Days without activity from which on a customer is inactive.
    ///   - signals: How bad each signal is and what to do.
    public init(
        name: String, version: Int, components: [HealthComponent], penalties: [HealthPenalty] = [],
        bands: [HealthBand], caps: [HealthCap] = [], minimumCoverage: Int = 40,
        missingData: MissingData = .renormalise, paymentPoints: PaymentPoints = .standard,
        delinquentPaymentPoints: Int = 40, inactiveDays: Int = 30, signals: [RiskSignalRule] = RiskSignalRule.standard
    ) {
        self.name = name
        self.version = version
        self.components = components
        self.penalties = penalties
        self.bands = bands
        self.caps = caps
        self.minimumCoverage = minimumCoverage
        self.missingData = missingData
        self.paymentPoints = paymentPoints
        self.delinquentPaymentPoints = delinquentPaymentPoints
        self.inactiveDays = inactiveDays
        self.signals = signals
    }

    /// What a component counts of which nothing is known. Whatever counts, it is never taken for known: coverage and the
    /// interval from the lowest to the highest possible score tell.
    public enum MissingData: Sendable, Hashable {
        /// It is left out and the rest weighed anew.
        case renormalise
        /// It counts that many points, 0...100; 0 for the harshest rule.
        case points(Int)
    }

    /// The name with the version, such as `six-component v1`.
    public var title: String { "\(name) v\(version)" }

    /// The band of a status; `nil` for one that is none of the profile's.
    public func band(of status: HealthStatus) -> HealthBand? { bands.first { $0.status == status } }

    /// The profile's statuses from the best down, and too little data last.
    public var statuses: [HealthStatus] { bands.map(\.status) + [.insufficientData] }
}

/// One thing that is weighed: points on a curve of something measured, or a mix of several.
public struct HealthComponent: Sendable, Hashable {
    /// Its name, such as `activity_recency`.
    public var name: String
    /// Its weight; the weights of a profile add up to 100.
    public var weight: Int
    /// What it is mixed of. Parts of which nothing is known are left out and the rest mixed anew.
    public var parts: [Part]

    /// One thing measured, with the points that it gives.
    public struct Part: Sendable, Hashable {
        /// What is measured.
        public var measure: HealthMeasure
        /// Its share of the component; the shares of a component add up to 100.
        public var share: Int
        /// Points by what is measured: days, rating, sessions, months, major units.
        public var curve: Curve

        /// Creates a part.
        ///
        /// - Parameters:
        ///   - measure: What is measured.
        ///   - share: Its share in percent.
        ///   - curve: Points by what is measured.
        public init(_ measure: HealthMeasure, share: Int, curve: Curve) {
            self.measure = measure
            self.share = share
            self.curve = curve
        }
    }

    /// Creates a mix.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - weight: The weight.
    ///   - parts: What it is mixed of.
    public init(_ name: String, weight: Int, mix parts: [Part]) {
        self.name = name
        self.weight = weight
        self.parts = parts
    }

    /// Creates a component of one thing measured.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - weight: The weight.
    ///   - measure: What is measured.
    ///   - curve: Points by what is measured.
    public init(_ name: String, weight: Int, _ measure: HealthMeasure, curve: Curve) {
        self.init(name, weight: weight, mix: [Part(measure, share: 100, curve: curve)])
    }
}

/// Points taken off while a signal is active.
public struct HealthPenalty: Sendable, Hashable {
    /// The signal.
    public var signal: RiskSignal.Kind
    /// Points, positive.
    public var points: Int

    /// Creates a penalty.
    ///
    /// - Parameters:
    ///   - signal: The signal.
    ///   - points: Points, positive.
    public init(_ signal: RiskSignal.Kind, points: Int) {
        self.signal = signal
        self.points = points
    }
}

/// A status, the lowest score that earns it, and as what its customers are counted.
public struct HealthBand: Sendable, Hashable {
    /// As what customers are counted in summaries.
    public enum Count: String, Sendable, Hashable, CaseIterable {
        /// At risk: somebody should look after them.
        case atRisk = "at_risk"
        /// Critical: counted apart from those at risk, and looked after all the same.
        case critical
    }

    /// The status.
    public var status: HealthStatus
    /// The lowest score, 0...100, inclusive.
    public var from: Int
    /// As what its customers are counted; `nil` where nobody has to look after them.
    public var countsAs: Count?

    /// Creates a band.
    ///
    /// - Parameters:
    ///   - status: The status.
    ///   - from: The lowest score that earns it.
    ///   - countsAs: As what its customers are counted.
    public init(_ status: HealthStatus, from: Int, countsAs: Count? = nil) {
        self.status = status
        self.from = from
        self.countsAs = countsAs
    }
}

/// A signal that keeps the status from being better than another.
public struct HealthCap: Sendable, Hashable {
    /// The signal.
    public var signal: RiskSignal.Kind
    /// The best status left.
    public var status: HealthStatus

    /// Creates a limit.
    ///
    /// - Parameters:
    ///   - signal: The signal.
    ///   - status: The best status left.
    public init(_ signal: RiskSignal.Kind, at status: HealthStatus) {
        self.signal = signal
        self.status = status
    }
}

/// Points for where a subscription stands, one for each status, 0...100.
public struct PaymentPoints: Sendable, Hashable {
    // Lanes and not a dictionary: they are looked at for each customer, by many tasks at once.
    private var lanes = SIMD8<Int32>()

    /// Creates points of 0 for every status.
    public init() {}

    /// The points of a status.
    public subscript(_ status: SubscriptionStatus) -> Int {
        get { Int(lanes[Int(status.healthBit)]) }
        set { lanes[Int(status.healthBit)] = Int32(clamping: newValue) }
    }

    /// The points of the best of some statuses; 0 for none.
    func best(of statuses: SubscriptionStatuses) -> Int {
        var (best, rest) = (Int32(0), statuses.rawValue)
        while rest != 0 {
            best = max(best, lanes[rest.trailingZeroBitCount])
            rest &= rest - 1
        }
        return Int(best)
    }
}

extension HealthProfile {
    /// The most components of a profile, and the most things measured in all of them together.
    public static let maximumParts = 16

    /// What keeps the profile from being used, with what was expected; `nil` where nothing does.
    ///
    /// A directive is checked for more, and told where: see ``init(directive:signals:measures:)``.
    public var problem: String? {
        let parts = components.reduce(0) { $0 + $1.parts.count }
        if components.isEmpty || parts > Self.maximumParts || components.contains(where: \.parts.isEmpty) {
            return "\(title) has \(components.count) components of \(parts) things measured; expected 1 to "
                + "\(Self.maximumParts), and one at least in each component"
        }
        for component in components {
            if !(1...100).contains(component.weight) {
                return "\(title): \(component.name) weighs \(component.weight); expected 1 to 100"
            }
            for part in component.parts {
                if !(1...100).contains(part.share) {
                    return "\(title): the share of \(part.measure) is \(part.share); expected 1 to 100"
                }
                // A limit on payment points would raise the score otherwise.
                let points = part.curve.knots.map(\.points)
                if part.measure == .paymentStanding, points != points.sorted() {
                    return
                        "\(title): the curve of payment_standing gives \(points); expected none less than the one before"
                }
            }
        }
        if let penalty = penalties.first(where: { !(0...100).contains($0.points) }) {
            return "\(title): \(penalty.signal.rawValue) takes off \(penalty.points); expected 0 to 100"
        }
        if bands.isEmpty || bands.count > 8 { return "\(title) has \(bands.count) bands; expected 1 to 8" }
        if zip(bands, bands.dropFirst()).contains(where: { $0.from <= $1.from }) {
            return "\(title): the bands begin at \(bands.map(\.from)); expected each one below the one before"
        }
        if case .points(let points) = missingData, !(0...100).contains(points) {
            return "\(title): what is missing counts \(points); expected 0 to 100"
        }
        if !(0...100).contains(delinquentPaymentPoints)
            || !SubscriptionStatus.allCases.allSatisfy({ (0...100).contains(paymentPoints[$0]) })
        {
            return "\(title): points for payment lie outside 0 to 100"
        }
        return nil
    }
}

extension HealthProfile: CustomStringConvertible {
    /// The profile's ``title``.
    public var description: String { title }
}
