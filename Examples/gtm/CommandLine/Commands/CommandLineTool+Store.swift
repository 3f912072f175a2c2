import GTMCore

extension CommandLineTool {
    /// `gtm store`.
    func store(_ invocation: Invocation) async throws -> ExitCode {
        switch invocation.operands.first ?? "" {
        case "check": return try await check(invocation)
        case "compact": return try await compact(invocation)
        case "stats": return try await statistics(invocation)
        case let other:
            let hint = nearest(to: other, among: ["check", "compact", "stats"]).map { "; did you mean \($0)?" } ?? ""
            throw UsageError(
                "\(quoted(other)) is nothing to do with a store; expected check, compact or stats\(hint)",
                command: invocation.command.name)
        }
    }

    private func check(_ invocation: Invocation) async throws -> ExitCode {
        let settings = try settings(invocation)
        let location = try settings.storeLocation(invocation)
        guard try FileStore.exists(location.path) else { throw Failure.noStore(location) }
        let findings = try await FileStore.check(location.path, hostDomains: settings.project.hostDomains)
        let output = console.output
        output.write(
            invocation.has("json")
                ? StoreCheckView.line(findings)
                : StoreCheckView.text(findings, width: output.width, palette: output.palette))
        return StoreCheckView.exitCode(findings)
    }

    private func compact(_ invocation: Invocation) async throws -> ExitCode {
        let settings = try settings(invocation)
        let location = try settings.storeLocation(invocation)
        let (before, after) = try await withWorkspace(invocation, settings, for: .changing) { workspace in
            let store = try workspace.fileStore()
            return (try await store.statistics(), try await store.compact())
        }
        console.output.write(
            invocation.has("json")
                ? StoreStatisticsView.line(after, location: location)
                : StoreStatisticsView.comparison(before, after) + "\n")
        return .done
    }

    private func statistics(_ invocation: Invocation) async throws -> ExitCode {
        let settings = try settings(invocation)
        let location = try settings.storeLocation(invocation)
        let statistics = try await withWorkspace(invocation, settings, for: .reading) { workspace in
            try await workspace.fileStore().statistics()
        }
        let output = console.output
        output.write(
            invocation.has("json")
                ? StoreStatisticsView.line(statistics, location: location)
                : StoreStatisticsView.text(
                    statistics, location: location, now: clock(settings)(), width: output.width,
                    palette: output.palette))
        return .done
    }
}

extension Workspace {
    /// The store, where it is one on files.
    func fileStore() throws -> FileStore {
        guard let store = store as? FileStore else { throw Failure("the store is not one on files") }
        return store
    }
}
