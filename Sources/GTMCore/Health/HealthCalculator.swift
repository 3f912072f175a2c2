/// Scores health by a profile: weighs what is known, takes penalties off, finds the band.
///
/// One pass serves the score and its proof: ``score(_:)`` listens to nothing, ``proof(of:evidence:)`` keeps every step.
public struct HealthCalculator: Sendable {
    /// The profile.
    public let profile: HealthProfile
    let plan: ScorePlan
    private let rules: ProfileNumber

    /// Creates a calculator.
    ///
    /// - Parameter profile: How health is scored; it has no ``HealthProfile/problem``.
    public init(profile: HealthProfile = .sixComponent) {
        precondition(profile.problem == nil, profile.problem ?? "")
        self.profile = profile
        plan = ScorePlan(profile)
        rules = ProfileNumber(profile)
    }

    /// Scores one customer.
    ///
    /// - Parameter inputs: What is known of the customer.
    public func score(_ inputs: HealthInputs) -> HealthScore {
        var trace = Untraced()
        return score(inputs, &trace) { _ in nil }
    }

    /// Scores one customer and tells a tracer: first the score before penalties, then a step for each active penalty.
    @inline(__always)
    func score<Trace: Tracer>(
        _ inputs: HealthInputs, _ trace: inout Trace, evidence: (HealthMeasure) -> Proof?
    ) -> HealthScore {
        var sums = Sums()
        var lanes = SIMD16<Int32>()
        trace.open()
        weigh(inputs, &sums, &lanes, &trace, evidence)
        let isKnown = sums.known > 0
        let mean = isKnown ? sums.weighted / (plan.missing == nil ? sums.known : plan.totalWeight) : 0
        trace.close { self.beforePenalties(sums, isKnown ? mean : nil, parts: $0) }

        let (active, unknown) = signals(inputs)
        var (taken, possible) = (0, 0)
        let penalties = plan.penalties.span
        for place in penalties.indices {
            let points = Int(penalties[place])
            guard points > 0 else { continue }
            if active.rawValue & 1 << UInt8(place) != 0 {
                taken += points
                trace.add { self.penalty(place, points, evidence) }
            } else if unknown.rawValue & 1 << UInt8(place) != 0 {
                possible += points
            }
        }
        let score = min(max(mean - taken, 0), 100_000)
        let verdict = verdict(isKnown ? score : nil, known: sums.known, active)
        return HealthScore(
            rules: rules, score: isKnown ? .known(score) : .unknown(.notReported),
            low: max(sums.low / plan.totalWeight - taken - possible, 0),
            high: max(sums.high / plan.totalWeight - taken, 0), status: verdict.status,
            cappedBy: verdict.cappedBy, capSignal: verdict.capSignal, isAtRisk: verdict.isAtRisk,
            coverage: sums.known * 100 / plan.totalWeight,
            beforePenalties: isKnown ? .known(mean) : .unknown(.notReported),
            churnRisk: isKnown
                ? .known(min(max(100_000 - mean + taken / 2, 0), 100_000)) : .unknown(.notReported),
            active: active.intersection(plan.told), unknownSignals: unknown.intersection(plan.told), points: lanes,
            dates: inputs.since)
    }

    // MARK: Weighing

    /// What the components come to, each times its weight, in thousandths.
    struct Sums {
        var weighted = 0
        var low = 0
        var high = 0
        /// The weights of the components of which something is known.
        var known = 0
    }

    @inline(__always)
    private func weigh<Trace: Tracer>(
        _ inputs: HealthInputs, _ sums: inout Sums, _ lanes: inout SIMD16<Int32>, _ trace: inout Trace,
        _ evidence: (HealthMeasure) -> Proof?
    ) {
        var component = 0
        var mix = Mix()
        let (parts, knots) = (plan.parts.span, plan.knots.span)
        trace.open()
        for place in parts.indices {
            let part = parts[place]
            let first = Int(part.firstKnot)
            let outcome = points(of: part, inputs, knots.extracting(first..<first + Int(part.knotCount)))
            trace.add { self.proof(of: place, outcome, inputs, evidence) }
            mix.add(outcome, share: part.isAlone ? 1 : Int(part.share))
            guard part.isLast else { continue }
            let weight = Int(part.weight)
            if mix.known > 0 {
                let points = mix.points
                Self.put(points, into: &lanes, at: component)
                sums.weighted += weight * points
                sums.low += weight * mix.lowest
                sums.high += weight * mix.highest
                sums.known += weight
            } else {
                Self.put(mix.reason, into: &lanes, at: component)
                sums.high += weight * 100_000
                if let missing = plan.missing { sums.weighted += weight * missing }
            }
            trace.close { [mix, component] in self.proof(ofComponent: component, mix, parts: $0) }
            component += 1
            mix = Mix()
            if place + 1 < parts.count { trace.open() }
        }
    }

    /// Sets a lane in memory: by its subscript all sixteen would pass through registers each time.
    @inline(__always)
    private static func put(_ value: Int, into lanes: inout SIMD16<Int32>, at place: Int) {
        precondition(place < 16)
        unsafe withUnsafeMutableBytes(of: &lanes) { bytes in
            unsafe bytes.storeBytes(of: Int32(truncatingIfNeeded: value), toByteOffset: place * 4, as: Int32.self)
        }
    }

    /// What one thing measured gives: thousandths, below 0 the reason why they are unknown; and the least that they could
    /// be, which is less where payment may be overdue.
    struct Outcome {
        var points: Int
        var lowest: Int
    }

    /// Parts of one component, each times its share.
    struct Mix {
        private var sum = 0
        private var least = 0
        private var total = 0
        /// The shares of the parts that are known.
        private(set) var known = 0
        /// The first part's reason for being unknown, as a lane holds it.
        private(set) var reason = 0

        @inline(__always)
        mutating func add(_ outcome: Outcome, share: Int) {
            total += share
            if outcome.points >= 0 {
                sum += outcome.points * share
                least += outcome.lowest * share
                known += share
            } else if reason == 0 {
                reason = outcome.points
            }
        }

        /// Thousandths of the parts that are known, cut.
        var points: Int { known == 1 ? sum : sum / known }
        /// Thousandths if the rest were worth nothing.
        var lowest: Int { total == 1 ? least : least / total }
        /// Thousandths if the rest were worth all.
        var highest: Int { total == 1 ? sum : (sum + (total - known) * 100_000) / total }
    }

    @inline(__always)
    private func points(
        of part: ScorePlan.Part, _ inputs: HealthInputs, _ curve: Span<Curve.FlatKnot>
    ) -> Outcome {
        switch part.measure.number {
        case HealthMeasure.daysSinceSeen.number: outcome(inputs.daysSinceSeen, curve)
        case HealthMeasure.csat.number: outcome(inputs.csat, curve)
        case HealthMeasure.tone.number: outcome(inputs.tone, curve)
        case HealthMeasure.paymentStanding.number: payment(inputs, curve)
        case HealthMeasure.sessions30d.number: outcome(inputs.sessions30d, curve)
        case HealthMeasure.tenureMonths.number: outcome(inputs.tenureMonths, curve)
        case HealthMeasure.mrr.number: outcome(inputs.mrr, curve)
        case HealthMeasure.conversations30d.number: outcome(inputs.conversations30d, curve)
        case HealthMeasure.openTickets.number: outcome(inputs.openTickets, curve)
        case HealthMeasure.openCriticalTickets.number: outcome(inputs.openCriticalTickets, curve)
        case HealthMeasure.peopleInTouch90d.number: outcome(inputs.peopleInTouch90d, curve)
        case HealthMeasure.meetings90d.number: outcome(inputs.meetings90d, curve)
        default: outcome(inputs[part.measure], curve)
        }
    }

    @inline(__always)
    private func outcome(_ reading: Reading<Int>, _ curve: Span<Curve.FlatKnot>) -> Outcome {
        switch reading {
        case .known(let value):
            let points = curve.thousandths(at: value)
            return Outcome(points: points, lowest: points)
        case .unknown(let reason): return Outcome(points: -1 - Int(reason.number), lowest: 0)
        }
    }

    @inline(__always)
    private func outcome(_ reading: Reading<Fraction>, _ curve: Span<Curve.FlatKnot>) -> Outcome {
        switch reading {
        case .known(let value):
            let points = curve.thousandths(at: value)
            return Outcome(points: points, lowest: points)
        case .unknown(let reason): return Outcome(points: -1 - Int(reason.number), lowest: 0)
        }
    }

    /// The best status counts; while payment is overdue no more than a limit does, and perhaps so where that is unknown.
    @inline(__always)
    private func payment(_ inputs: HealthInputs, _ curve: Span<Curve.FlatKnot>) -> Outcome {
        guard case .known(let statuses) = inputs.subscriptionStatuses else {
            return Outcome(points: -1 - Int(inputs.subscriptionStatuses.reason?.number ?? 0), lowest: 0)
        }
        let best = plan.paymentPoints.best(of: statuses)
        let limited = curve.thousandths(at: min(best, plan.delinquentPoints))
        if case .known(true) = inputs.isDelinquent { return Outcome(points: limited, lowest: limited) }
        let points = curve.thousandths(at: best)
        if case .known(false) = inputs.isDelinquent { return Outcome(points: points, lowest: points) }
        return Outcome(points: points, lowest: min(points, limited))
    }

    // MARK: Signals and bands

    /// Which signals are active, and of which that is not known.
    @inline(__always)
    private func signals(_ inputs: HealthInputs) -> (active: RiskSignals, unknown: RiskSignals) {
        var (active, unknown): (UInt8, UInt8) = (0, 0)
        func note(_ kind: RiskSignal.Kind, _ reading: Reading<Bool>) {
            switch reading {
            case .known(true): active |= 1 << UInt8(kind.place)
            case .known(false): break
            case .unknown: unknown |= 1 << UInt8(kind.place)
            }
        }
        note(.cancelMentioned, inputs.mentionedCancel)
        note(.paymentDelinquent, inputs.isDelinquent)
        note(.inactive, inputs.daysSinceSeen.map { $0 >= plan.inactiveDays })
        note(.openCriticalTicket, inputs.openCriticalTickets.map { $0 > 0 })
        note(.paymentFailed, inputs.lastPaymentFailed)
        return (RiskSignals(rawValue: active), RiskSignals(rawValue: unknown))
    }

    private struct Verdict {
        var status = HealthStatus.insufficientData
        var cappedBy: RiskSignal.Kind?
        var capSignal: RiskSignal.Kind?
        var isAtRisk = false
    }

    @inline(__always)
    private func verdict(_ score: Int?, known: Int, _ active: RiskSignals) -> Verdict {
        var verdict = Verdict()
        var limit: Int?
        let (bands, caps) = (plan.bands.span, plan.caps.span)
        // The one that keeps the status lowest counts; of equal ones the first.
        for place in caps.indices where active.rawValue & 1 << caps[place].signal != 0 {
            guard verdict.capSignal == nil || caps[place].band ?? -1 > limit ?? -1 else { continue }
            verdict.capSignal = RiskSignal.Kind(place: Int(caps[place].signal))
            limit = caps[place].band
        }
        verdict.isAtRisk = verdict.capSignal != nil
        guard let score, known * 100 >= plan.minimumCoverage * plan.totalWeight else { return verdict }
        var band = 0
        while band + 1 < bands.count, score < Int(bands[band].floor) { band += 1 }
        if let limit, limit > band {
            band = limit
            verdict.cappedBy = verdict.capSignal
        }
        verdict.status = bands[band].status
        if bands[band].isRisk { verdict.isAtRisk = true }
        return verdict
    }
}
