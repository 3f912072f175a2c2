import Testing

@testable import GTMCore

@Suite("Proofs") struct ProofTests {
    private func amount(_ above: Int64, _ below: Int64 = 1) -> ProofValue {
        .amount(Fraction(above).divided(by: Fraction(below)) ?? .zero, .usd)
    }

    /// 2 × 1000 over 3 months, less a tenth, rounded.
    private func example(quantity: Int = 2, leaf: Int64 = 1000) -> Proof {
        var trace = ProofTracer()
        trace.open()
        trace.open()
        trace.add { .asked("quantity", .number(quantity)) }
        trace.add { .asked("unit_amount", amount(leaf)) }
        trace.add { .ruled("months", .number(Fraction(1, over: 3) ?? .zero), by: "policy") }
        trace.close { Proof("item", amount(leaf * Int64(quantity), 3), .product, parts: $0) }
        trace.add { .asked("discount", amount(-leaf / 10)) }
        let exact = (leaf * Int64(quantity) * 10 - leaf * 3, Int64(30))
        let total = amount(exact.0, exact.1).exact?.rounded ?? 0
        trace.add { Proof("rounding", amount(total * exact.1 - exact.0, exact.1), .correction(.rounded)) }
        trace.close { Proof("mrr", amount(total), .sum, parts: $0) }
        return trace.proofs[0]
    }

    @Test("Replaying the leaves gives the value, and the terms add up to it") func replays() {
        let proof = example()
        #expect(proof.replayed() == Proof.asked("", amount(567)).replayed())
        #expect(proof.terms.map(\.path) == [["item"], ["discount"], ["rounding"]])
        let sum = proof.terms.reduce(Fraction.zero) { $0.adding($1.proof.value.exact ?? .zero) ?? $0 }
        #expect(sum == proof.value.exact)
        #expect(proof.leaves.count == 5)
    }

    @Test("A leaf that is changed changes what is replayed") func notFooled() {
        var proof = example()
        proof.parts[0].parts[0].value = .number(3)
        #expect(proof.replayed() == amount(900))
        #expect(proof.value == amount(567))
    }

    @Test("Changes between two proofs add up exactly") func change() {
        let change = ProofChange(from: example(), to: example(quantity: 3))
        #expect(change.lines.map(\.path) == [["item"], ["rounding"]])
        let sum = change.lines.reduce(Fraction.zero) { $0.adding($1.change.exact ?? .zero) ?? $0 }
        #expect(sum == Fraction(1000, over: 3)?.adding(Fraction(-1, over: 3) ?? .zero))
    }

    @Test("A number is brought up or down to a whole one", arguments: [(7, 4, 3), (8, 4, 4), (-7, -3, -4), (0, 0, 0)])
    func wholeNumbers(halves: Int64, up: Int, down: Int) {
        for (correction, expected) in [(ProofCorrection.roundedUp, up), (.roundedDown, down)] {
            let half = ProofValue.number(Fraction(Int128(halves), over: 2) ?? .zero)
            let proof = Proof(
                "units", .number(expected), .sum,
                parts: [.asked("exact", half), Proof("rounding", .number(0), .correction(correction))])
            #expect(proof.replayed() == .number(expected))
        }
    }

    @Test("Spans, choices and curves are replayed") func kinds() throws {
        let days = Proof(
            "days", .number(3), .days, parts: [.asked("from", .moment(day(1))), .asked("to", .moment(day(4)))])
        #expect(days.replayed() == .number(3))
        let curve = try #require(Curve([(0, 0), (6, 100)]))
        #expect(Proof("points", .points(.zero), .curve(curve), parts: [days]).replayed() == .points(Fraction(50)))
        let least = Proof("least", .number(1), .least, parts: [days, .asked("cap", .number(2))])
        #expect(least.replayed() == .number(2))
        let held = Proof(
            "score", .points(.zero), .sum,
            parts: [
                .asked("mean", .points(Fraction(20))), .asked("penalty", .points(Fraction(-30))),
                Proof("held", .points(Fraction(10)), .correction(.held(from: 0, to: 100))),
            ])
        #expect(held.replayed() == .points(.zero))
        let any = Proof("any", .flag(false), .any, parts: [.asked("a", .flag(false)), .asked("b", .unknown(.stale))])
        #expect(any.replayed() == .unknown(.stale))
        #expect(
            Proof("one over nothing", .number(1), .quotient, parts: [days, .asked("", .number(0))]).replayed() == nil)
    }
}
