/// What health is computed from, each part known or not.
public struct HealthInputs: Sendable, Hashable {
    /// Whole days since the customer was last seen.
    public var daysSinceSeen: Reading<Int>
    /// The mean rating, 1...5.
    public var csat: Reading<Fraction>
    /// The best status among the customer's subscriptions.
    public var paymentStatus: Reading<SubscriptionStatus>
    /// Whether payment is overdue: the billing system's flag, or a subscription past due or unpaid.
    public var isDelinquent: Reading<Bool>
    /// Sessions or log-ins of the last 30 days.
    public var sessions30d: Reading<Int>
    /// Whole months since sign-up.
    public var tenureMonths: Reading<Int>
    /// MRR in the reporting currency, in major units.
    public var mrr: Reading<Fraction>
    /// Whether the customer spoke of cancelling lately.
    public var mentionedCancel: Reading<Bool>
    /// Pressing conversations not closed.
    public var openCriticalTickets: Reading<Int>

    /// Creates inputs of which nothing is known.
    public init(unknown reason: UnknownReason = .notReported) {
        daysSinceSeen = .unknown(reason)
        csat = .unknown(reason)
        paymentStatus = .unknown(reason)
        isDelinquent = .unknown(reason)
        sessions30d = .unknown(reason)
        tenureMonths = .unknown(reason)
        mrr = .unknown(reason)
        mentionedCancel = .unknown(reason)
        openCriticalTickets = .unknown(reason)
    }
}

/// Something about a customer that calls for attention.
public struct RiskSignal: Sendable, Hashable {
    /// The signals that are known.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The customer spoke of cancelling within 30 days.
        case cancelMentioned = "cancel_mentioned"
        /// Payment is overdue.
        case paymentDelinquent = "payment_delinquent"
        /// No activity for 30 days or more.
        case inactive = "inactive_30d"
        /// A pressing conversation is not closed.
        case openCriticalTicket = "open_critical_ticket"
    }

    /// What it is.
    public var kind: Kind
    /// Points that it takes off the score under the profile; 0 where it takes off none.
    public var penalty: Int

    /// Creates a signal.
    public init(_ kind: Kind, penalty: Int) {
        self.kind = kind
        self.penalty = penalty
    }
}

/// A customer's health under a profile. Points are whole thousandths, so that parts add up exactly.
public struct HealthScore: Sendable, Hashable {
    /// The profile's name.
    public var profile: String
    /// The profile's version.
    public var profileVersion: Int
    /// Thousandths of a point, 0...100 000, cut and not rounded, so that score and status never disagree; unknown where
    /// no component is known.
    public var score: Reading<Int>
    /// The status.
    public var status: HealthStatus
    /// The signal that holds the status below what the score would earn; `nil` where none does.
    public var cappedBy: RiskSignal.Kind?
    /// The active signal that would hold the status, whether or not the score earns more.
    public var capSignal: RiskSignal.Kind?
    /// Each component's part, in the profile's order.
    public var components: [ComponentScore]
    /// Signals that are active, in the profile's order.
    public var signals: [RiskSignal]
    /// The share of the weights that is known, in percent.
    public var coverage: Int
    /// The score before penalties, in thousandths.
    public var beforePenalties: Reading<Int>
    /// The risk of losing the customer within 90 days, in thousandths of a point, 100 000 being the worst. Not yet
    /// calibrated against what happened.
    public var churnRisk: Reading<Int>

    /// One component's part in a score.
    public struct ComponentScore: Sendable, Hashable {
        /// What was looked at.
        public var kind: HealthComponent.Kind
        /// Its weight.
        public var weight: Int
        /// Thousandths of a point, 0...100 000.
        public var points: Reading<Int>
    }

    /// Whether somebody should look after this customer: a status below the healthy ones, or a signal that caps it.
    public var isAtRisk: Bool {
        switch status {
        case .atRisk, .highRisk, .critical: true
        case .healthy, .insufficientData: capSignal != nil
        }
    }
}

/// Scores health by a profile: weighs what is known, takes penalties off, finds the band.
public struct HealthCalculator: Sendable {
    /// The profile.
    public var profile: HealthProfile

    /// Creates a calculator.
    public init(profile: HealthProfile = .sixComponent) { self.profile = profile }

    /// Scores one customer.
    public func score(_ inputs: HealthInputs) -> HealthScore {
        var components: [HealthScore.ComponentScore] = []
        components.reserveCapacity(profile.components.count)
        var weighted = 0
        var known = 0
        var total = 0
        for component in profile.components {
            let points = points(for: component, inputs)
            components.append(.init(kind: component.kind, weight: component.weight, points: points))
            total += component.weight
            if case .known(let value) = points {
                weighted += component.weight * value
                known += component.weight
            }
        }
        var signals: [RiskSignal] = []
        var penalties = 0
        for penalty in profile.penalties where isActive(penalty.signal, inputs) {
            signals.append(RiskSignal(penalty.signal, penalty: penalty.points))
            penalties += penalty.points * 1000
        }
        for cap in profile.caps
        where isActive(cap.signal, inputs) && !signals.contains(where: { $0.kind == cap.signal }) {
            signals.append(RiskSignal(cap.signal, penalty: 0))
        }
        let coverage = total > 0 ? known * 100 / total : 0
        guard known > 0 else {
            return HealthScore(
                profile: profile.name, profileVersion: profile.version, score: .unknown(.notReported),
                status: .insufficientData, cappedBy: nil, capSignal: activeCap(inputs)?.signal,
                components: components, signals: signals, coverage: 0, beforePenalties: .unknown(.notReported),
                churnRisk: .unknown(.notReported))
        }
        let mean = weighted / known
        let score = min(max(mean - penalties, 0), 100_000)
        let risk = min(max(100_000 - mean + penalties / 2, 0), 100_000)
        let (status, cap) = status(score, coverage: known * 100, of: total, inputs)
        return HealthScore(
            profile: profile.name, profileVersion: profile.version, score: .known(score), status: status,
            cappedBy: cap, capSignal: activeCap(inputs)?.signal, components: components, signals: signals,
            coverage: coverage,
            beforePenalties: .known(mean), churnRisk: .known(risk))
    }

    private func status(
        _ score: Int, coverage: Int, of total: Int, _ inputs: HealthInputs
    ) -> (HealthStatus, RiskSignal.Kind?) {
        guard coverage >= profile.minimumCoverage * total else { return (.insufficientData, nil) }
        let place = profile.bands.firstIndex { score >= $0.from * 1000 } ?? profile.bands.count - 1
        guard profile.bands.indices.contains(place) else { return (.insufficientData, nil) }
        if let cap = activeCap(inputs), let best = profile.bands.firstIndex(where: { $0.status == cap.status }),
            best > place
        {
            return (cap.status, cap.signal)
        }
        return (profile.bands[place].status, nil)
    }

    private func activeCap(_ inputs: HealthInputs) -> HealthCap? {
        profile.caps.first { isActive($0.signal, inputs) }
    }

    private func isActive(_ signal: RiskSignal.Kind, _ inputs: HealthInputs) -> Bool {
        switch signal {
        case .cancelMentioned: inputs.mentionedCancel.value == true
        case .paymentDelinquent: inputs.isDelinquent.value == true
        case .inactive: inputs.daysSinceSeen.value.map { $0 >= HealthProfile.inactiveDays } ?? false
        case .openCriticalTicket: inputs.openCriticalTickets.value.map { $0 > 0 } ?? false
        }
    }

    private func points(for component: HealthComponent, _ inputs: HealthInputs) -> Reading<Int> {
        let curve = component.curve
        return switch component.kind {
        case .activityRecency: inputs.daysSinceSeen.map(curve.thousandths(at:))
        case .supportSentiment: inputs.csat.map(curve.thousandths(at:))
        case .engagement: inputs.sessions30d.map(curve.thousandths(at:))
        case .tenure: inputs.tenureMonths.map(curve.thousandths(at:))
        case .mrrWeight: inputs.mrr.map(curve.thousandths(at:))
        case .paymentHealth:
            inputs.paymentStatus.map { status in
                let points = HealthProfile.paymentPoints(status)
                let delinquent = inputs.isDelinquent.value == true
                return curve.thousandths(at: delinquent ? min(points, HealthProfile.delinquentPaymentPoints) : points)
            }
        }
    }
}
