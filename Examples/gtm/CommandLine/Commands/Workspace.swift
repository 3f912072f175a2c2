import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What one command works on: the store, and the engine over it.
struct Workspace: Sendable {
    /// Where everything is kept.
    let store: any CustomerStore
    /// How customers are compared and scored.
    let configuration: GTMEngine.Configuration

    /// The engine over the store.
    func engine(_ sources: [any SourceAdapter] = [], now: @escaping @Sendable () -> Date) -> GTMEngine {
        GTMEngine(store: store, sources: sources, configuration: configuration, now: now)
    }

    /// What the documents of these customers hold besides their assessments.
    ///
    /// - Parameters:
    ///   - customers: The customers.
    ///   - asOf: The past moment that they were assessed for; `nil` for now.
    func documentContext(for customers: [Assessment], asOf: Date? = nil) async throws -> DocumentContext {
        let point = TimePoint(knownAt: asOf, validAt: asOf)
        var lastSync: [SourceID: Date] = [:]
        for (key, state) in try await store.streams(at: point, by: Self.actor) {
            guard let through = state.observedThrough else { continue }
            lastSync[key.source] = max(lastSync[key.source] ?? through, through)
        }
        var context = DocumentContext(reportingCurrency: configuration.reportingCurrency, lastSync: lastSync)
        let several = customers.filter { $0.customer.members.count > 1 }
        for version in try await people(of: several, at: point) {
            context.changes[version.record.id] = version.record.changedAt ?? version.recordedAt
        }
        return context
    }

    /// The versions of the records that these customers are, in force at a point in time.
    private func people(of customers: [Assessment], at point: TimePoint) async throws -> [RecordVersion] {
        guard !customers.isEmpty else { return [] }
        if point == .latest {
            return try await store.versions(customers.flatMap { $0.customer.members.map(\.record) }, by: Self.actor)
        }
        var people: [RecordVersion] = []
        for customer in customers {
            people += try await store.customer(customer.key, at: point, by: Self.actor)?.people ?? []
        }
        return people
    }

    /// Who asks the store, when the command line does.
    static let actor = StoreActor("gtm command line")
}
