import GTMCore

/// Random profiles and inputs, which hold everything that is allowed.
struct RandomHealth {
    var random: SplitMix

    init(seed: UInt64) { random = SplitMix(seed: seed) }

    static let seats = HealthMeasure("seats_used")

    mutating func below(_ number: Int) -> Int { Int.random(in: 0..<number, using: &random) }
    mutating func flag() -> Bool { below(2) == 0 }

    /// A number of parts that add up to 100.
    private mutating func shares(_ count: Int) -> [Int] {
        let cuts = Set((0..<count - 1).map { _ in 1 + below(99) }).sorted()
        return zip([0] + cuts, cuts + [100]).map { $1 - $0 }
    }

    private mutating func curve(rises: Bool) -> Curve {
        let count = 1 + below(Curve.maximumKnots)
        let inputs = Set((0..<count).map { _ in Int64(below(80) - 10) }).sorted()
        let points = inputs.map { _ in Int64(below(101)) }.sorted()
        let knots = zip(inputs, rises ? points : points.reversed()).map { (input: $0, points: $1) }
        return Curve(knots) ?? HealthProfile.sixComponent.components[0].parts[0].curve
    }

    mutating func profile() -> HealthProfile {
        var measures = HealthMeasure.builtIn.filter { _ in flag() } + [Self.seats, .paymentStanding]
        var components: [HealthComponent] = []
        for (number, weight) in shares(1 + below(5)).enumerated() {
            var parts: [HealthComponent.Part] = []
            for share in shares(1 + below(3)) {
                let measure = measures.popLast() ?? .mrr
                let rises = measure == .paymentStanding || flag()
                parts.append(.init(measure, share: share, curve: curve(rises: rises)))
            }
            components.append(HealthComponent("component_\(number)", weight: weight, mix: parts))
        }
        let statuses: [HealthStatus] = [.excellent, .good, .atRisk, .critical]
        let floors = Set([0] + (0..<3).map { _ in 1 + below(99) }).sorted(by: >)
        let bands = zip(statuses, floors).map { HealthBand($0, from: $1, countsAs: $1 < 50 ? .atRisk : nil) }
        var points = PaymentPoints()
        for status in SubscriptionStatus.allCases { points[status] = below(101) }
        return HealthProfile(
            name: "random", version: 1, components: components,
            penalties: RiskSignal.Kind.allCases.filter { _ in flag() }.map { HealthPenalty($0, points: 1 + below(60)) },
            bands: bands,
            caps: RiskSignal.Kind.allCases.filter { _ in below(3) == 0 }.map {
                HealthCap($0, at: bands[below(bands.count)].status)
            },
            minimumCoverage: below(101), missingData: flag() ? .renormalise : .points(below(101)),
            paymentPoints: points, delinquentPaymentPoints: below(101), inactiveDays: 1 + below(60))
    }

    mutating func inputs(knownIn percent: Int = 70) -> HealthInputs {
        func reading<Value>(_ value: Value, _ random: inout SplitMix) -> Reading<Value> {
            Int.random(in: 0..<100, using: &random) < percent ? .known(value) : .unknown(.stale)
        }
        var inputs = HealthInputs(unknown: .notConnected)
        inputs.daysSinceSeen = reading(below(90), &random)
        inputs.csat = reading(Fraction(Int128(3 + below(13)), over: 3) ?? .zero, &random)
        inputs.tone = reading(Fraction(Int128(below(15) - 7), over: 7) ?? .zero, &random)
        inputs.subscriptionStatuses = reading(SubscriptionStatuses(rawValue: UInt8(below(256))), &random)
        inputs.sessions30d = reading(below(40), &random)
        inputs.tenureMonths = reading(below(60), &random)
        inputs.mrr = reading(Fraction(Int128(below(100_000)), over: 84) ?? .zero, &random)
        inputs.conversations30d = reading(below(20), &random)
        inputs.openTickets = reading(below(9), &random)
        inputs.openCriticalTickets = reading(below(3), &random)
        inputs.peopleInTouch90d = reading(below(6), &random)
        inputs.meetings90d = reading(below(9), &random)
        inputs.mentionedCancel = reading(flag(), &random)
        inputs.isDelinquent = reading(flag(), &random)
        inputs.lastPaymentFailed = reading(flag(), &random)
        inputs.host = [.init(Self.seats, reading(Fraction(Int128(below(70)), over: 9) ?? .zero, &random))]
        return inputs
    }

    /// The same, of which one thing more is unknown.
    mutating func knowingLess(_ inputs: HealthInputs) -> HealthInputs {
        var less = inputs
        let reason = UnknownReason.stale
        switch below(16) {
        case 0: less.daysSinceSeen = .unknown(reason)
        case 1: less.csat = .unknown(reason)
        case 2: less.tone = .unknown(reason)
        case 3: less.subscriptionStatuses = .unknown(reason)
        case 4: less.sessions30d = .unknown(reason)
        case 5: less.tenureMonths = .unknown(reason)
        case 6: less.mrr = .unknown(reason)
        case 7: less.conversations30d = .unknown(reason)
        case 8: less.openTickets = .unknown(reason)
        case 9: less.openCriticalTickets = .unknown(reason)
        case 10: less.peopleInTouch90d = .unknown(reason)
        case 11: less.meetings90d = .unknown(reason)
        case 12: less.mentionedCancel = .unknown(reason)
        case 13: less.isDelinquent = .unknown(reason)
        case 14: less.lastPaymentFailed = .unknown(reason)
        default: less.host = []
        }
        return less
    }
}
