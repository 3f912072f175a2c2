/// What moved between two proofs of the same number, term by term; the changes add up to the whole exactly.
public struct ProofChange: Sendable, Hashable {
    /// One term that differs.
    public struct Line: Sendable, Hashable {
        /// Where it stands in the tree.
        public var path: [String]
        /// What it was; `nil` where it was not there.
        public var before: ProofValue?
        /// What it is; `nil` where it is gone.
        public var after: ProofValue?
        /// By how much the whole moved through it: of the value's kind, exact.
        public var change: ProofValue
        /// The term as it is, else as it was, with the records behind it.
        public var proof: Proof
    }

    /// The proof of the earlier moment.
    public var before: Proof
    /// The proof of the later moment.
    public var after: Proof
    /// The terms that differ, in order of the later proof, those that are gone last.
    public var lines: [Line]
    /// Whether the changes can be added up: both values are known.
    public var isComparable: Bool

    /// Compares two proofs.
    public init(from before: Proof, to after: Proof) {
        self.before = before
        self.after = after
        isComparable = Self.isKnown(before.value) && Self.isKnown(after.value)
        let (old, new) = (before.terms, after.terms)
        let earlier = Dictionary(old.map { (Self.key($0), $0) }) { first, _ in first }
        let later = Set(new.map(Self.key))
        var lines: [Line] = []
        for term in new {
            let previous = earlier[Self.key(term)]
            guard let now = term.proof.value.exact, let then = previous?.proof.value.exact ?? .some(.zero),
                let change = now.subtracting(then), change != .zero
            else { continue }
            lines.append(
                Line(
                    path: term.path, before: previous?.proof.value, after: term.proof.value,
                    change: term.proof.value.holding(change), proof: term.proof))
        }
        for term in old where !later.contains(Self.key(term)) {
            guard let then = term.proof.value.exact, then != .zero, let change = Fraction.zero.subtracting(then) else {
                continue
            }
            lines.append(
                Line(
                    path: term.path, before: term.proof.value, after: nil, change: term.proof.value.holding(change),
                    proof: term.proof))
        }
        self.lines = lines
    }

    /// Terms are the same where path and currency are.
    private struct Key: Hashable {
        var path: [String]
        var currency: Currency?
    }

    private static func key(_ term: Proof.Term) -> Key {
        if case .amount(_, let currency) = term.proof.value { return Key(path: term.path, currency: currency) }
        return Key(path: term.path, currency: nil)
    }

    private static func isKnown(_ value: ProofValue) -> Bool {
        if case .unknown = value { false } else { true }
    }
}
