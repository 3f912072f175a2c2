/// The steps of a score as proofs. Each is made of the numbers that the one pass over the inputs came to.
extension HealthCalculator {
    /// The score with everything that it was made from.
    ///
    /// Its terms are what each known component brings (weight × points ÷ known weight, exact), the cut to a thousandth,
    /// each active penalty, and what holds the sum within 0 and 100. Components of which nothing is known stand among the
    /// steps without being terms.
    ///
    /// - Parameters:
    ///   - inputs: What is known of the customer.
    ///   - evidence: What a measure follows from, down to the records; `nil` where nothing more is to be said of it, which
    ///     is so for every measure by default.
    public func proof(
        of inputs: HealthInputs, evidence: (HealthMeasure) -> Proof? = { _ in nil }
    ) -> Proof {
        let (score, before, penalties) = steps(inputs, evidence)
        guard case .known(let points) = score.score, case .known(let mean) = score.beforePenalties else {
            return Proof("health_score", .thousandths(score.score), .open, rule: title, parts: [before])
        }
        let sum = penalties.reduce(mean) { $0 + (Int($1.value.exact?.numerator ?? 0)) * 1000 }
        let held = Proof("within_0_and_100", .thousandths(points - sum), .correction(.held(from: 0, to: 100)))
        // The status is no term; a cap lowers it and leaves the score alone.
        let status = Proof.ruled(
            "status",
            .text(score.status.rawValue + (score.cappedBy.map { ", held down by \($0.rawValue)" } ?? "")), by: title)
        return Proof(
            "health_score", .thousandths(points), .sum, rule: title, parts: [before] + penalties + [held, status])
    }

    /// The churn risk with everything that it was made from: 100, minus the score before penalties, plus half of each
    /// penalty, held within 0 and 100. It has not been compared with what customers did.
    ///
    /// - Parameters:
    ///   - inputs: What is known of the customer.
    ///   - evidence: What a measure follows from, as in ``proof(of:evidence:)``.
    public func churnRiskProof(
        of inputs: HealthInputs, evidence: (HealthMeasure) -> Proof? = { _ in nil }
    ) -> Proof {
        let (score, before, penalties) = steps(inputs, evidence)
        let rule = "churn risk v1, uncalibrated"
        guard case .known(let risk) = score.churnRisk, case .known(let mean) = score.beforePenalties else {
            return Proof("churn_risk", .thousandths(score.churnRisk), .open, rule: rule, parts: [before])
        }
        let turned = Proof(
            "score_before_penalties", .thousandths(-mean), .product,
            parts: [before, .ruled("turned_round", .number(-1), by: rule)])
        var sum = 100_000 - mean
        var parts: [Proof] = [.ruled("highest_risk", .points(Fraction(100)), by: rule), turned]
        for penalty in penalties {
            let half = Int(-(penalty.value.exact?.numerator ?? 0)) * 500
            sum += half
            let factor = Proof.ruled("half", .number(Fraction(-1, over: 2) ?? .zero), by: rule)
            parts.append(Proof(penalty.name, .thousandths(half), .product, parts: [penalty, factor]))
        }
        parts.append(Proof("within_0_and_100", .thousandths(risk - sum), .correction(.held(from: 0, to: 100))))
        return Proof("churn_risk", .thousandths(risk), .sum, rule: rule, parts: parts)
    }

    private func steps(
        _ inputs: HealthInputs, _ evidence: (HealthMeasure) -> Proof?
    ) -> (score: HealthScore, before: Proof, penalties: [Proof]) {
        var trace = ProofTracer()
        let score = score(inputs, &trace, evidence: evidence)
        return (score, trace.proofs[0], Array(trace.proofs.dropFirst()))
    }

    /// What proofs name as their rule.
    private var title: String { "profile \(profile.title)" }

    // MARK: Steps

    /// The weighed mean of the components.
    ///
    /// - Parameters:
    ///   - sums: What the components come to.
    ///   - mean: The mean in thousandths; `nil` where nothing is known.
    ///   - parts: Each component's points, or why they are unknown.
    func beforePenalties(_ sums: Sums, _ mean: Int?, parts: [Proof]) -> Proof {
        let name = "score_before_penalties"
        guard let mean else {
            let named = zip(profile.components, parts).map { $1.named($0.name) }
            return Proof(name, .unknown(.notReported), .open, rule: title, parts: named)
        }
        let divisor = plan.missing == nil ? sums.known : plan.totalWeight
        let weights = Proof.ruled(
            plan.missing == nil ? "known_weight" : "total_weight", .number(divisor), by: title)
        var terms = zip(profile.components, parts).map { component, points in
            contribution(of: component, points, divisor: weights, divisor)
        }
        let exact = Fraction(Int128(sums.weighted), over: Int128(divisor) * 1000) ?? .zero
        let cut = (Fraction(Int128(mean), over: 1000) ?? .zero).subtracting(exact) ?? .zero
        terms.append(Proof("cut", .points(cut), .correction(.cut)))
        return Proof(name, .thousandths(mean), .sum, rule: title, parts: terms)
    }

    private func contribution(
        of component: HealthComponent, _ points: Proof, divisor weights: Proof, _ divisor: Int
    ) -> Proof {
        var points = points
        if points.value.exact == nil {
            guard let missing = plan.missing else { return points.named(component.name) }
            let counted = Proof.ruled("missing_data", .thousandths(missing), by: title)
            points = Proof("points", .thousandths(missing), .first, parts: [counted, points])
        }
        let weighed = (points.value.exact ?? .zero).multiplied(by: Int64(component.weight)) ?? .zero
        let product = Proof(
            "weighed", .points(weighed), .product,
            parts: [points, .ruled("weight", .number(component.weight), by: title)])
        return Proof(
            component.name, .points(weighed.multiplied(by: 1, over: Int64(divisor)) ?? .zero), .quotient,
            parts: [product, weights])
    }

    /// A component's points: those of its one part, or the mix of its parts.
    func proof(ofComponent place: Int, _ mix: Mix, parts: [Proof]) -> Proof {
        guard mix.known > 0 else {
            return Proof(
                "points", .thousandths(Reading(lane: Int32(truncatingIfNeeded: mix.reason))), .open, parts: parts)
        }
        let component = profile.components[place]
        guard component.parts.count > 1 else { return parts[0].named("points") }
        var sum = Fraction.zero
        var weighed: [Proof] = []
        for (part, points) in zip(component.parts, parts) {
            guard let exact = points.value.exact else {
                weighed.append(points)
                continue
            }
            let product = exact.multiplied(by: Int64(part.share)) ?? .zero
            sum = sum.adding(product) ?? sum
            weighed.append(
                Proof(
                    part.measure.name, .points(product), .product,
                    parts: [points, .ruled("share", .number(part.share), by: title)]))
        }
        let mean = sum.multiplied(by: 1, over: Int64(mix.known)) ?? .zero
        let quotient = Proof(
            "mix", .points(mean), .quotient,
            parts: [
                Proof("weighed", .points(sum), .sum, parts: weighed),
                .ruled("known_share", .number(mix.known), by: title),
            ])
        let cut = (Fraction(Int128(mix.points), over: 1000) ?? .zero).subtracting(mean) ?? .zero
        return Proof(
            "points", .thousandths(mix.points), .sum, parts: [quotient, Proof("cut", .points(cut), .correction(.cut))])
    }

    /// The points that one thing measured gives.
    func proof(
        of place: Int, _ outcome: Outcome, _ inputs: HealthInputs, _ evidence: (HealthMeasure) -> Proof?
    ) -> Proof {
        let part = profile.components.flatMap(\.parts)[place]
        let measure = part.measure
        guard outcome.points >= 0 else {
            let reason = UnknownReason(number: UInt8(truncatingIfNeeded: -1 - outcome.points))
            return Proof(measure.name, .unknown(reason), .open, parts: evidence(measure).map { [$0] } ?? [])
        }
        let measured =
            measure == .paymentStanding
            ? standing(inputs, evidence)
            : Self.measured(measure.name, inputs[measure].value ?? .zero, evidence(measure))
        return Proof(
            "\(measure.name)_points", .thousandths(outcome.points), .curve(part.curve), rule: title, parts: [measured])
    }

    /// The points of the best subscription status, limited while payment is overdue.
    private func standing(_ inputs: HealthInputs, _ evidence: (HealthMeasure) -> Proof?) -> Proof {
        let statuses = inputs.subscriptionStatuses.value ?? []
        var points = statuses.statuses.map {
            Proof.ruled("status \($0.rawValue)", .number(profile.paymentPoints[$0]), by: title)
        }
        if points.isEmpty { points = [.ruled("no subscription", .number(0), by: title)] }
        var best = plan.paymentPoints.best(of: statuses)
        var standing = Proof("best_status", .number(best), .greatest, parts: points)
        if case .known(true) = inputs.isDelinquent {
            best = min(best, plan.delinquentPoints)
            let limit = Proof.ruled("delinquent_payment_points", .number(plan.delinquentPoints), by: title)
            let overdue = evidence(.isDelinquent).map { Proof(limit.name, limit.value, .first, parts: [limit, $0]) }
            standing = Proof("limited_while_overdue", .number(best), .least, parts: [standing, overdue ?? limit])
        }
        let name = HealthMeasure.paymentStanding.name
        return Proof(
            name, .number(best), .first, parts: [standing] + (evidence(.paymentStanding).map { [$0] } ?? []))
    }

    /// A penalty of the signal at a place, as a term below zero, beside what the signal was found by.
    func penalty(_ place: Int, _ points: Int, _ evidence: (HealthMeasure) -> Proof?) -> Proof {
        let kind = RiskSignal.Kind(place: place)
        let name = kind?.rawValue ?? "penalty"
        let value = ProofValue.thousandths(-points)
        guard let found = kind.flatMap({ evidence($0.measure) }) else { return .ruled(name, value, by: title) }
        return Proof(name, value, .first, parts: [.ruled("penalty", value, by: title), found])
    }

    /// A measure's own proof where it comes to what was scored; else what was scored, and the proof beside it.
    private static func measured(_ name: String, _ number: Fraction, _ evidence: Proof?) -> Proof {
        let asked = Proof.asked(name, .number(number))
        guard let evidence else { return asked }
        if evidence.value.exact == number { return evidence }
        return Proof(name, asked.value, .first, parts: [asked, evidence])
    }
}

extension Proof {
    /// The same step under another name.
    fileprivate func named(_ name: String) -> Proof {
        var proof = self
        proof.name = name
        return proof
    }
}
