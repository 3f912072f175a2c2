import GTMCore
import Testing

@Suite("Health") struct HealthTests {
    private func inputs(_ fill: (inout HealthInputs) -> Void) -> HealthScore {
        var inputs = HealthInputs()
        fill(&inputs)
        return HealthCalculator().score(inputs)
    }

    /// Everything known and at its best: 100 points.
    private func perfect(_ inputs: inout HealthInputs) {
        inputs.daysSinceSeen = .known(0)
        inputs.csat = .known(Fraction(5))
        inputs.tone = .known(Fraction(1))
        inputs.subscriptionStatuses = .known(.active)
        inputs.isDelinquent = .known(false)
        inputs.sessions30d = .known(20)
        inputs.tenureMonths = .known(24)
        inputs.mrr = .known(Fraction(1000))
        inputs.mentionedCancel = .known(false)
        inputs.openCriticalTickets = .known(0)
        inputs.lastPaymentFailed = .known(false)
    }

    @Test(
        "Curves are straight between their knots and flat outside",
        arguments: [
            (-5, 100_000), (0, 100_000), (1, 100_000), (4, 95_000), (7, 90_000), (10, 81_429), (14, 70_000),
            (30, 40_000), (45, 20_000), (60, 0), (999, 0),
        ])
    func recencyCurve(days: Int, points: Int) {
        let score = inputs { $0.daysSinceSeen = .known(days) }
        #expect(score.components.first?.points == .known(points))
    }

    @Test("A curve takes fractions exactly") func fractions() {
        let score = inputs { $0.csat = Reading(Fraction(13, over: 3), otherwise: .invalid) }
        #expect(score.components[1].points == .known(83_333))
        let mrr = inputs { $0.mrr = Reading(Fraction(299), otherwise: .invalid) }
        #expect(mrr.components[5].points == .known(72_940))
    }

    @Test("All six weighed: a case worked by hand") func workedCase() {
        let score = inputs {
            $0.daysSinceSeen = .known(10)  // 81.429 × 25 = 2035.725
            $0.csat = .known(Fraction(4))  // 75 × 20 = 1500
            $0.subscriptionStatuses = .known(.active)  // 100 × 20 = 2000
            $0.sessions30d = .known(5)  // 50 × 15 = 750
            $0.tenureMonths = .known(6)  // 60 × 10 = 600
            $0.mrr = .known(Fraction(299))  // 72.94 × 10 = 729.4
        }
        #expect(score.score == .known(76_151))
        #expect(score.status == .healthy)
        #expect(score.coverage == 100)
        #expect(score.churnRisk == .known(23_849))
    }

    @Test("What is unknown is left out and the rest weighed anew") func renormalises() {
        let score = inputs {
            $0.daysSinceSeen = .known(30)
            $0.subscriptionStatuses = .known(.active)
        }
        #expect(score.beforePenalties == .known((25 * 40_000 + 20 * 100_000) / 45))
        #expect(score.coverage == 45)
    }

    @Test("Penalties are taken off once each, and the score stays within 0 and 100") func penalties() {
        let all = inputs {
            perfect(&$0)
            $0.mentionedCancel = .known(true)
            $0.isDelinquent = .known(true)
            $0.daysSinceSeen = .known(30)
            $0.openCriticalTickets = .known(4)
        }
        #expect(all.signals.map(\.penalty) == [30, 25, 20, 15])
        // Recency 40, payment held at 40: (25 × 40 + 20 × 40 + 55 × 100) / 100 = 73; less 90.
        #expect(all.beforePenalties == .known(73_000))
        #expect(all.score == .known(0))
        #expect(all.churnRisk == .known(72_000))
        #expect(all.status == .critical)
    }

    @Test("A mention of cancelling holds the status at at-risk, and says so") func cap() {
        let score = inputs {
            perfect(&$0)
            $0.mentionedCancel = .known(true)
        }
        #expect(score.score == .known(70_000))
        #expect(score.status == .atRisk)
        #expect(score.cappedBy == .cancelMentioned)
        #expect(score.isAtRisk)
    }

    @Test("Of several caps the lowest counts, whatever their order") func lowestCap() {
        var given = HealthInputs()
        perfect(&given)
        given.mentionedCancel = .known(true)
        given.lastPaymentFailed = .known(true)
        var profile = HealthProfile.sixComponent
        profile.penalties = []
        let caps = [HealthCap(.paymentFailed, at: .healthy), HealthCap(.cancelMentioned, at: .critical)]
        for caps in [caps, caps.reversed()] {
            profile.caps = caps
            let score = HealthCalculator(profile: profile).score(given)
            #expect(score.status == .critical)
            #expect(score.cappedBy == .cancelMentioned)
        }
    }

    @Test(
        "Bands are half open and the score is cut, not rounded, so that they never disagree",
        arguments: [
            (70_000, HealthStatus.healthy), (69_999, .atRisk), (50_000, .atRisk), (49_999, .highRisk),
            (30_000, .highRisk), (29_999, .critical), (0, .critical),
        ])
    func bands(thousandths: Int, status: HealthStatus) throws {
        var profile = HealthProfile.sixComponent
        let straight = try #require(Curve([(0, 0), (100_000, 100)]))
        profile.components = [HealthComponent("activity_recency", weight: 100, .daysSinceSeen, curve: straight)]
        profile.penalties = []
        var inputs = HealthInputs()
        inputs.daysSinceSeen = .known(thousandths)
        let score = HealthCalculator(profile: profile).score(inputs)
        #expect(score.score == .known(thousandths))
        #expect(score.status == status)
    }

    @Test("Below 40 % of the weights there is no verdict") func coverage() {
        let little = inputs { $0.daysSinceSeen = .known(0) }
        #expect(little.status == .insufficientData)
        #expect(little.score == .known(100_000))
        let enough = inputs {
            $0.csat = .known(Fraction(5)); $0.subscriptionStatuses = .known(.active)
        }
        #expect(enough.status == .healthy)
        let nothing = inputs { _ in }
        #expect(nothing.score == .unknown(.notReported))
        #expect(nothing.status == .insufficientData)
        #expect(nothing.churnRisk == .unknown(.notReported))
    }

    @Test("Without a last-seen date nobody is inactive") func unknownIsNotInactive() {
        let score = inputs {
            perfect(&$0)
            $0.daysSinceSeen = .unknown(.stale)
        }
        #expect(score.signals.isEmpty)
        #expect(score.score == .known(100_000))
    }

    @Test("Each curve goes one way only, and takes any number", arguments: HealthProfile.builtIn)
    func monotone(profile: HealthProfile) {
        for curve in profile.components.flatMap(\.parts).map(\.curve) {
            #expect(curve.isMonotone)
            for input in [Int.min, -1, 0, 1, 1 << 31, .max] {
                #expect((0...100_000).contains(curve.thousandths(at: input)))
            }
            for (above, below) in [(Int128.max, Int128.max - 2), (.max, 1), (1, .max), (-.max, 3), (1 << 31, 1 << 20)] {
                let fraction = Fraction(above, over: below) ?? .zero
                #expect((0...100_000).contains(curve.thousandths(at: fraction)))
            }
        }
    }

    @Test("A curve is right to half a thousandth, in 64 bits and beyond", arguments: [1, 1 << 12, 1 << 24] as [Int64])
    func widths(scale: Int64) throws {
        var random = SplitMix(seed: UInt64(scale))
        let knots: [(input: Int64, points: Int64)] = [(-9, 0), (8, 30), (25, 60), (42, 100)]
        let curve = try #require(Curve(knots.map { ($0.input * scale, $0.points) }))
        for _ in 0..<500 {
            let below = Int128.random(in: 1...(Bool.random(using: &random) ? 2000 : 1 << 70), using: &random)
            let above = Int128.random(in: -20 * below...50 * below, using: &random) * Int128(scale)
            let input = try #require(Fraction(above, over: below))
            let found = Int128(curve.thousandths(at: input))
            guard let place = knots.lastIndex(where: { above >= Int128($0.input * scale) * below }) else {
                #expect(found == 0)
                continue
            }
            guard place < 3 else {
                #expect(found == 100_000)
                continue
            }
            // |found − exact| × 2 ≤ 1 and a trifle, everything times the length of the stretch.
            let (left, right) = (knots[place], knots[place + 1])
            let length = Int128((right.input - left.input) * scale) * below
            let exact =
                Int128(left.points) * 1000 * length
                + (above - Int128(left.input * scale) * below) * Int128(right.points - left.points) * 1000
            #expect((found * length - exact).magnitude * 2 <= length.magnitude + length.magnitude >> 20)
        }
    }

    @Test("Weights add up to 100, and a curve without order is refused") func profile() {
        #expect(HealthProfile.sixComponent.components.reduce(0) { $0 + $1.weight } == 100)
        #expect(HealthProfile.sixComponent.penalties.reduce(0) { $0 + $1.points } == 90)
        #expect(Curve([]) == nil)
        #expect(Curve([(1, 1), (1, 2)]) == nil)
        #expect(Curve([(1, 101)]) == nil)
    }
}
