#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

extension GTMEngine {
    /// How a number of a customer came about, down to the vendors' records.
    ///
    /// - Parameters:
    ///   - metric: The number.
    ///   - key: A key that the customer has or had.
    ///   - moment: `nil` for now. For a past moment what was known then and held then counts.
    ///   - actor: Who asks.
    /// - Returns: `nil` where there was no such customer.
    public func explain(
        _ metric: ExplainedMetric, of key: CustomerKey, asOf moment: Date? = nil, by actor: StoreActor = .unspecified
    ) async throws -> Explanation? {
        let point = moment.map { TimePoint(knownAt: $0, validAt: $0) } ?? .latest
        guard let file = try await store.customer(key, at: point, by: actor) else { return nil }
        let asOf = moment ?? now()
        let proof = assessor.proof(of: metric, file, try await context(asOf: asOf))
        return Explanation(customer: file.key, metric: metric, asOf: asOf, proof: proof)
    }

    /// What moved a number of a customer between two moments, term by term.
    ///
    /// - Parameters:
    ///   - metric: The number.
    ///   - key: A key that the customer has or had.
    ///   - start: The earlier moment.
    ///   - end: The later one; `nil` for now.
    ///   - actor: Who asks.
    /// - Returns: The change and the explanation of the later moment; `nil` where there was no such customer at one of them.
    public func change(
        _ metric: ExplainedMetric, of key: CustomerKey, since start: Date, to end: Date? = nil,
        by actor: StoreActor = .unspecified
    ) async throws -> (change: ProofChange, now: Explanation)? {
        guard let now = try await explain(metric, of: key, asOf: end, by: actor),
            let then = try await explain(metric, of: key, asOf: start, by: actor)
        else { return nil }
        return (ProofChange(from: then.proof, to: now.proof), now)
    }
}
