/// Listens to a computation and, where it wants to, keeps how the value came about.
///
/// A calculator is written once, over any tracer. With ``Untraced`` the compiler leaves nothing of it; with
/// ``ProofTracer`` the same lines build the proof, so that value and explanation cannot disagree.
///
/// ```swift
/// trace.open()
/// trace.add { .told("quantity", .number(quantity), by: version, "items[0].quantity") }
/// trace.close { Proof("item", .amount(total, currency), .product, parts: $0) }
/// ```
protocol Tracer {
    /// Whether anything is kept; a calculator may skip work that only a proof needs.
    static var isOn: Bool { get }

    /// Begins a step: what is added until it is closed are its parts.
    mutating func open()

    /// Adds a part to the step that is open.
    mutating func add(_ proof: () -> Proof)

    /// Ends the step that was begun last, made of its parts.
    mutating func close(_ make: (_ parts: [Proof]) -> Proof)
}

/// Keeps nothing and costs nothing.
struct Untraced: Tracer {
    @inline(__always) static var isOn: Bool { false }
    @inline(__always) mutating func open() {}
    @inline(__always) mutating func add(_ proof: () -> Proof) {}
    @inline(__always) mutating func close(_ make: ([Proof]) -> Proof) {}
}

/// Builds a proof.
struct ProofTracer: Tracer {
    static var isOn: Bool { true }
    /// The parts of each step that is open; the first level is nobody's.
    private var levels: [[Proof]] = [[]]

    /// The steps at the top that are closed.
    var proofs: [Proof] { levels[0] }

    mutating func open() { levels.append([]) }

    mutating func add(_ proof: () -> Proof) { levels[levels.count - 1].append(proof()) }

    mutating func close(_ make: ([Proof]) -> Proof) {
        guard levels.count > 1 else { return }
        let parts = levels.removeLast()
        levels[levels.count - 1].append(make(parts))
    }
}
