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

    /// Opens the workspace of the settings.
    ///
    /// This is the one place that chooses the store.
    init(_ project: ProjectFile, _ configuration: GTMEngine.Configuration) {
        store = InMemoryStore(hostDomains: project.hostDomains)
        self.configuration = configuration
    }

    /// The engine over the store.
    func engine(_ sources: [any SourceAdapter] = [], now: @escaping @Sendable () -> Date) -> GTMEngine {
        GTMEngine(store: store, sources: sources, configuration: configuration, now: now)
    }

    /// What the documents of these customers hold besides their assessments.
    func documentContext(for customers: [Assessment]) async throws -> DocumentContext {
        var lastSync: [SourceID: Date] = [:]
        for (key, state) in try await store.streams(by: Self.actor) {
            guard let through = state.observedThrough else { continue }
            lastSync[key.source] = max(lastSync[key.source] ?? through, through)
        }
        var context = DocumentContext(reportingCurrency: configuration.reportingCurrency, lastSync: lastSync)
        let several = customers.map(\.customer.members).filter { $0.count > 1 }.flatMap { $0.map(\.record) }
        if !several.isEmpty {
            for version in try await store.versions(several, by: Self.actor) {
                context.changes[version.record.id] = version.record.changedAt ?? version.recordedAt
            }
        }
        return context
    }

    /// Who asks the store, when the command line does.
    static let actor = StoreActor("gtm command line")
}
