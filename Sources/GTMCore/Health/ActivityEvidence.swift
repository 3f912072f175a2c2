/// What the measures of a customer's activity were counted from, kept while they are, where somebody wants it.
struct ActivityEvidence<Trace: Tracer> {
    private var parts: [HealthMeasure: [Proof]] = [:]

    init() {}

    /// Keeps what one measure was counted from.
    @inline(__always)
    mutating func add(_ measure: HealthMeasure, _ proof: () -> Proof) {
        if Trace.isOn { parts[measure, default: []].append(proof()) }
    }

    /// The proof of a measure; `nil` where nothing was kept for it.
    func proof(of measure: HealthMeasure, _ value: Reading<Fraction>) -> Proof? {
        let parts = parts[measure] ?? []
        let value = ProofValue(value)
        guard value.exact != nil else { return parts.isEmpty ? nil : Proof(measure.name, value, .open, parts: parts) }
        switch measure {
        case .daysSinceSeen: return Proof(measure.name, value, .days, parts: parts)
        case .tenureMonths: return Proof(measure.name, value, .months, parts: parts)
        case .conversations30d, .openTickets, .openCriticalTickets, .mentionedCancel:
            return Proof(measure.name, .number(parts.count), .count, parts: parts)
        case .csat, .tone:
            let sum = parts.reduce(Fraction.zero) { $0.adding($1.value.exact ?? .zero) ?? $0 }
            return Proof(
                measure.name, value, .quotient,
                parts: [
                    Proof("sum", .number(sum), .sum, parts: parts),
                    Proof("how many", .number(parts.count), .count, parts: parts),
                ])
        default: return nil
        }
    }
}
