import GTMCore
import Testing

/// What holds for every profile and every customer.
@Suite("Health, whatever the profile") struct HealthPropertyTests {
    private static let cases = 0..<60

    private func each(_ seed: Int, _ body: (inout RandomHealth, HealthCalculator, HealthInputs) throws -> Void) rethrows
    {
        var maker = RandomHealth(seed: UInt64(seed))
        for _ in 0..<12 {
            let calculator = HealthCalculator(profile: maker.profile())
            for _ in 0..<8 { try body(&maker, calculator, maker.inputs(knownIn: [0, 30, 70, 100][maker.below(4)])) }
        }
    }

    @Test("Leaves alone give the score again, and the terms add up to it", arguments: cases)
    func proofs(seed: Int) {
        each(seed) { _, calculator, inputs in
            let score = calculator.score(inputs)
            let proofs = [
                (calculator.proof(of: inputs), score.score), (calculator.churnRiskProof(of: inputs), score.churnRisk),
            ]
            for (proof, value) in proofs {
                guard case .known(let thousandths) = value else {
                    #expect(proof.value == .unknown(.notReported))
                    continue
                }
                let points = Fraction(Int128(thousandths), over: 1000)
                #expect(proof.value.exact == points)
                #expect(proof.replayed() == proof.value)
                let sum = proof.terms.reduce(Fraction.zero) { $0.adding($1.proof.value.exact ?? .zero) ?? .zero }
                #expect(sum == points)
            }
        }
    }

    @Test("The score lies in its interval, which everything known closes", arguments: cases)
    func interval(seed: Int) {
        each(seed) { maker, calculator, inputs in
            let score = calculator.score(inputs)
            #expect(score.low <= score.high)
            #expect((0...100_000).contains(score.low) && (0...100_000).contains(score.high))
            if case .known(let value) = score.score { #expect((score.low...score.high).contains(value)) }
            let whole = calculator.score(maker.inputs(knownIn: 100))
            #expect(whole.score == .known(whole.low) && whole.score == .known(whole.high))
            #expect(whole.coverage == 100)
        }
    }

    @Test("Knowing less only widens the interval, and makes no signal active", arguments: cases)
    func widens(seed: Int) {
        each(seed) { maker, calculator, inputs in
            var (inputs, score) = (inputs, calculator.score(inputs))
            for _ in 0..<6 {
                let less = maker.knowingLess(inputs)
                let poorer = calculator.score(less)
                #expect(poorer.low <= score.low && poorer.high >= score.high)
                #expect(poorer.coverage <= score.coverage)
                #expect(poorer.active.isSubset(of: score.active))
                (inputs, score) = (less, poorer)
            }
        }
    }

    @Test("The status is the band of the score, unless a limit is named", arguments: cases)
    func bands(seed: Int) {
        each(seed) { _, calculator, inputs in
            let score = calculator.score(inputs)
            guard case .known(let value) = score.score, score.status != .insufficientData else { return }
            let bands = calculator.profile.bands
            let earned = bands.first { value >= $0.from * 1000 }
            // No active cap allows better than what is told.
            for cap in calculator.profile.caps where score.active.contains(RiskSignals(cap.signal)) {
                let (told, allowed) = (
                    bands.firstIndex { $0.status == score.status } ?? -1,
                    bands.firstIndex { $0.status == cap.status } ?? 0
                )
                #expect(told >= allowed)
            }
            if let limit = score.cappedBy {
                let cap = calculator.profile.caps.first { $0.signal == limit }
                #expect(score.status == cap?.status)
                #expect(bands.firstIndex { $0.status == score.status } ?? 0 > bands.firstIndex { $0 == earned } ?? 9)
            } else {
                #expect(score.status == earned?.status)
            }
            let isBad = calculator.profile.band(of: score.status)?.countsAs != nil
            #expect(score.isAtRisk == (isBad || score.capSignal != nil))
        }
    }

    @Test("A profile written as a directive and read again is the same", arguments: cases)
    func documents(seed: Int) throws {
        var maker = RandomHealth(seed: UInt64(seed))
        let seats = HostMeasure(RandomHealth.seats.name) { _ in .unknown(.notReported) }
        var profile = maker.profile()
        // A directive names each thing measured once in a component.
        guard
            Set(profile.components.flatMap(\.parts).map(\.measure)).count
                == profile.components.reduce(0, { $0 + $1.parts.count })
        else { return }
        let text = JSONWriter.bytes(profile.document)
        let read = try HealthProfile.profiles(inDirective: text, file: "p.json", hostMeasures: [seats])
        profile.penalties.sort { $0.signal.rawValue < $1.signal.rawValue }
        var found = try #require(read.first)
        found.penalties.sort { $0.signal.rawValue < $1.signal.rawValue }
        #expect(read.count == 1 && found == profile)
    }
}
