/// A tracer under which a number can carry its own proof until its place in the tree is known.
///
/// Discounts reach across the lines of a subscription, so that a line's proof is not finished when the next one begins.
protocol StepTracer: Tracer {
    /// What a number carries: its proof, or nothing.
    associatedtype Step: Sendable

    /// Keeps a proof, where proofs are kept.
    static func step(_ make: () -> Proof) -> Step

    /// The proof that was kept; asked for within closures that build proofs, and nowhere else.
    static func proof(_ step: Step) -> Proof
}

extension Untraced: StepTracer {
    @inline(__always) static func step(_ make: () -> Proof) {}
    @inline(__always) static func proof(_ step: Void) -> Proof { Proof("", .unknown(.undefined), .open) }
}

extension ProofTracer: StepTracer {
    static func step(_ make: () -> Proof) -> Proof { make() }
    static func proof(_ step: Proof) -> Proof { step }
}

/// A number on its way through a computation.
struct Term<Trace: StepTracer> {
    var number: Fraction
    var step: Trace.Step

    /// The proof that it carries.
    var proof: Proof { Trace.proof(step) }

    /// The factors that it is the product of: its parts where it is a product itself.
    var factors: [Proof] {
        let proof = proof
        return proof.basis == .product ? proof.parts : [proof]
    }
}
