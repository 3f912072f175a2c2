#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

extension GTMEngine {
    /// Compares two policies over all customers: every subscription that differs, and why.
    ///
    /// - Parameters:
    ///   - first: The policy that the comparison starts from.
    ///   - second: The policy that it leads to.
    ///   - moment: `nil` for now. For a past moment what was known then and held then counts.
    ///   - actor: Who asks.
    public func reconcile(
        _ first: MRRPolicy, _ second: MRRPolicy, asOf moment: Date? = nil, by actor: StoreActor = .unspecified
    ) async throws -> MRRReconciliation {
        let context = try await context(asOf: moment ?? now())
        let resolver = CustomerResolver()
        var reconciliation = MRRReconciliation(from: first, to: second, asOf: context.asOf)
        let point = moment.map { TimePoint(knownAt: $0, validAt: $0) } ?? .latest
        var scan = CustomerScan(at: point, limit: 500)
        while true {
            try Task.checkCancellation()
            let files = try await store.files(scan, by: actor)
            guard let last = files.last?.key else { return reconciliation }
            for file in files { reconciliation.add(resolver.resolve(file, context)) }
            scan.after = last
        }
    }
}
