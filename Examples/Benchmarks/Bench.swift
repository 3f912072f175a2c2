import GTMCore

/// One measured line, beside what a rival did in the same run.
struct Row: Sendable {
    var name: String
    /// What is measured, such as `MB/s` or `bytes a customer`.
    var unit: String
    /// The median of the runs.
    var value: Double
    /// The same for a rival, where there is one.
    var rival: (name: String, value: Double)?
    /// The least that is wanted, or the most where less is better; `nil` where nothing is.
    var goal: Double?
    /// Whether less is better.
    var isAtMost = false

    /// Whether the goal is met.
    var isMet: Bool { goal.map { isAtMost ? value <= $0 : value >= $0 } ?? true }
}

/// Measures work: one run to warm up, then `runs` runs, of which the median counts.
struct Stopwatch {
    var runs = 5

    /// How many units of work are done in a second.
    func perSecond(_ units: Double, _ work: () async throws -> Void) async rethrows -> Double {
        try await work()
        var seconds: [Double] = []
        let clock = ContinuousClock()
        for _ in 0..<runs {
            let began = clock.now
            try await work()
            let took = began.duration(to: clock.now)
            seconds.append(Double(took.components.seconds) + Double(took.components.attoseconds) * 1e-18)
        }
        seconds.sort()
        return units / max(seconds[seconds.count / 2], 1e-9)
    }
}

/// Keeps the optimiser from leaving out work whose result nobody looks at.
@inline(never) func keep<Value>(_ value: Value) { withExtendedLifetime(value) {} }
