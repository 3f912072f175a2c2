import GTMAdapterKit
import GTMCore
import GTMIntercom

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension CommandLineTool {
    /// `gtm sync`.
    func sync(_ invocation: Invocation) async throws -> ExitCode {
        let show = try invocation.show()
        let format = try invocation.format(of: show)
        let settings = try settings(invocation)
        let configurations = try chosen(invocation.operands, settings).map { source throws(SettingsError) in
            try settings.intercom(source)
        }
        return try await withWorkspace(invocation, settings, for: .creating) { workspace in
            let known = try await workspace.leftOut()
            let runs = try await runs(
                configurations, invocation.has("full") ? .full : .incremental, workspace, settings)
            try await present(runs, show, format, workspace, workspace.engine(now: clock(settings)))
            note(try await workspace.leftOut().told(by: runs, besides: known))
            if runs.contains(where: { $0.status == .failed }) { console.note("See: gtm doctor") }
            return Self.exitCode(of: runs)
        }
    }

    /// Reads the sources, and tells how often they asked for fewer calls.
    private func runs(
        _ configurations: [IntercomConfiguration], _ mode: SyncRun.Mode, _ workspace: Workspace, _ settings: Settings
    ) async throws -> [SyncRun] {
        let (runs, usage) = try await ProgressWatch(console: console).following { progress in
            let adapters = configurations.map { configuration in
                var watched = configuration
                watched.onWait = { progress.report(.waiting($0)) }
                return IntercomAdapter(watched, transport: transport, clock: self.clock)
            }
            let engine = workspace.engine(adapters, now: clock(settings))
            let runs = try await engine.sync(mode, progress: progress)
            return (runs, adapters.map { ($0.descriptor.id, $0.usage) })
        }
        for (source, usage) in usage where usage.rateLimits > 0 {
            console.note(
                "\(source): asked for fewer calls \(PlainWords.count(usage.rateLimits, "time")), "
                    + "waited \(usage.waited.components.seconds) s")
        }
        return runs
    }

    /// The sources named, or all.
    private func chosen(_ names: [String], _ settings: Settings) throws(UsageError) -> [ProjectFile.Source] {
        guard !names.isEmpty else { return settings.sources }
        var chosen: [ProjectFile.Source] = []
        for name in names {
            let found = settings.sources.filter { $0.id.description == name || $0.vendor == name }
            guard !found.isEmpty else {
                let known = Set(settings.sources.flatMap { [$0.vendor, $0.id.description] }).sorted()
                let hint = nearest(to: name, among: known).map { "; did you mean \($0)?" } ?? ""
                throw UsageError(
                    "unknown source \(quoted(name)); expected \(known.joined(separator: ", "))\(hint)",
                    command: Command.sync.name)
            }
            chosen += found.filter { source in !chosen.contains { $0.id == source.id } }
        }
        return chosen
    }

    /// Prints the runs, or what is to be shown with the runs among the notes.
    func present(
        _ runs: [SyncRun], _ show: Show?, _ format: OutputFormat, _ workspace: Workspace, _ engine: GTMEngine
    ) async throws {
        guard let show else {
            if format == .json {
                console.output.write(RunDocument.line(runs))
                note(runs, whole: false)
            } else {
                console.output.write(RunsView.text(runs, width: console.output.width, palette: console.output.palette))
            }
            return
        }
        note(runs, whole: true)
        try await Presenter(workspace: workspace, engine: engine, console: console, format: format).show(show)
    }

    /// Tells of runs on the notes: what they saw, where `whole`, and what is missing in any case.
    func note(_ runs: [SyncRun], whole: Bool) {
        for run in runs {
            if whole { console.note(RunsView.note(run)) }
            for problem in RunsView.problems(run) { console.note("  ! \(problem)") }
        }
    }

    /// Failed where no source got through, incomplete where anything is missing.
    static func exitCode(of runs: [SyncRun]) -> ExitCode {
        if runs.allSatisfy({ $0.status == .success }) { return .done }
        return runs.allSatisfy { $0.status == .failed } ? .failed : .incomplete
    }
}
