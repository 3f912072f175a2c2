#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension GTMEngine {
    /// Scores all customers by another profile beside the one in force. Nothing is written.
    ///
    /// Whoever was assessed before is scored from what that assessment was computed from; everybody else is assessed for
    /// the occasion.
    ///
    /// - Parameters:
    ///   - profile: The other profile; it has no ``HealthProfile/problem``. Measures of the host that the configuration
    ///     does not have are unknown to it.
    ///   - actor: Who asks.
    /// - Returns: Who would change status, and what money would move.
    /// - Throws: What the store throws, and `CancellationError`.
    public func whatIf(_ profile: HealthProfile, by actor: StoreActor = .unspecified) async throws -> WhatIf {
        let moment = now()
        let calculators = (
            before: HealthCalculator(profile: configuration.profile), after: HealthCalculator(profile: profile)
        )
        var whatIf = WhatIf(asOf: moment, before: configuration.profile, after: profile)
        func add(_ customer: WhatIf.Customer) {
            let scores = (calculators.before.score(customer.inputs), calculators.after.score(customer.inputs))
            whatIf.add(customer, scores)
        }
        // A measure that the host brought after a customer was assessed is not among what that was computed from.
        let weighed = [configuration.profile, profile].flatMap { $0.components.flatMap { $0.parts.map(\.measure) } }
        let needed = configuration.hostMeasures.map(\.measure).filter(weighed.contains)
        // Another profile asks for nothing that the assessments do not hold: only who was touched or has expired is due.
        var due = Set(try await store.due(asOf: moment, by: .engine).keys)
        var query = CustomerQuery(limit: 5000)
        repeat {
            try Task.checkCancellation()
            let page = try await store.customers(query, by: actor)
            for summary in page.summaries {
                guard !due.contains(summary.key) else { continue }
                guard let inputs = summary.inputs,
                    needed.allSatisfy({ measure in inputs.host.contains { $0.measure == measure } })
                else {
                    due.insert(summary.key)
                    continue
                }
                add(.init(key: summary.key, inputs: inputs, mrr: summary.mrr, mrrReporting: summary.mrrReporting))
            }
            query.after = page.next
        } while query.after != nil
        if !due.isEmpty {
            let context = try await context(asOf: moment)
            let keys = due.sorted()
            for start in stride(from: 0, to: keys.count, by: Self.assessedAtOnce) {
                try Task.checkCancellation()
                let part = Array(keys[start..<min(start + Self.assessedAtOnce, keys.count)])
                for assessment in try await assessments(of: part, context) where !assessment.customer.isEnded {
                    add(
                        .init(
                            key: assessment.key, inputs: assessment.inputs, mrr: assessment.revenue.mrr.value,
                            mrrReporting: assessment.revenue.mrrReporting.value))
                }
            }
        }
        whatIf.finish()
        return whatIf
    }

    /// Customers assessed at once for a comparison.
    private static let assessedAtOnce = 2000
}
