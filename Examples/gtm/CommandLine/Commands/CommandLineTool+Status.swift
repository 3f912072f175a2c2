import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension CommandLineTool {
    /// Runs that the status shows.
    private static let shownRuns = 5

    /// `gtm status`.
    func status(_ invocation: Invocation) async throws -> ExitCode {
        let settings = try settings(invocation)
        let status = try await status(invocation, settings)
        let output = console.output
        output.write(
            invocation.has("json")
                ? StatusDocument.line(status)
                : StatusView.text(status, width: output.width, palette: output.palette))
        return .done
    }

    private func status(_ invocation: Invocation, _ settings: Settings) async throws -> StoreStatus {
        let clock = clock(settings)
        let moment = clock()
        let location = try settings.storeLocation(invocation)
        let known = try await withWorkspaceIfAny(invocation, settings, for: .reading) { workspace in
            try await self.status(StoreStatus(location: location, asOf: moment), workspace, settings, clock)
        }
        if let known { return known }
        var status = StoreStatus(location: location, exists: false, asOf: moment)
        status.sources = settings.sources.map { StoreStatus.Source(id: $0.id, isSetUp: true) }
        return status
    }

    private func status(
        _ begun: StoreStatus, _ workspace: Workspace, _ settings: Settings, _ clock: @escaping @Sendable () -> Date
    ) async throws -> StoreStatus {
        var status = begun
        let (store, moment) = (workspace.store, status.asOf)
        status.sources = try await sources(in: store, settings, moment)
        status.portfolio = try await workspace.engine(now: clock).portfolio(by: Workspace.actor)
        for record in try await store.unmatched(by: Workspace.actor) {
            status.unmatched[record.reason, default: 0] += 1
        }
        status.rejected = try await store.rejected(by: Workspace.actor).count
        status.fieldIssues = try await store.issues(by: Workspace.actor).count
        status.isBeingWritten = (store as? FileStore)?.access == .reading
        status.runs = try await store.runs(RunQuery(limit: Self.shownRuns), by: Workspace.actor)
        return status
    }

    /// The sources that are set up or that the store knows, in order.
    private func sources(
        in store: any CustomerStore, _ settings: Settings, _ moment: Date
    ) async throws -> [StoreStatus.Source] {
        let setUp = settings.sources.map(\.id)
        let states = try await store.streams(by: Workspace.actor).sorted { $0.key < $1.key }
        var sources: [StoreStatus.Source] = []
        for id in Set(setUp + states.map(\.key.source)).sorted() {
            var source = StoreStatus.Source(id: id, isSetUp: setUp.contains(id))
            for (key, state) in states where key.source == id {
                var stream = StoreStatus.Stream(name: key.stream)
                stream.records = try await store.liveIDs(key, by: Workspace.actor).count
                stream.observedThrough = state.observedThrough
                stream.lastFullReadAt = state.lastFullReadAt
                let limit = Double(settings.project.staleAfterDays * 86_400)
                stream.isStale = state.observedThrough.map { $0.addingTimeInterval(limit) < moment } ?? false
                stream.refusal = state.refusal
                stream.heldBack = state.heldBack.count
                stream.pending = try await store.pending(key, limit: .max, by: Workspace.actor).count
                stream.passBegan = state.pass?.startedAt
                source.streams.append(stream)
            }
            sources.append(source)
        }
        return sources
    }
}
