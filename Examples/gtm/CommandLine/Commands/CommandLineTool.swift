package import GTMAdapterKit
import GTMCore

#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif

/// The program: words in, texts and an exit code out. Everything that it touches comes in from outside.
package struct CommandLineTool: Sendable {
    /// The process's variables.
    package var environment: [String: String]
    /// Where `.env` and `gtm.json` are looked for, and what relative paths start from.
    package var directory: String
    /// Where results and notes go.
    package var console: Console
    /// What sends requests.
    package var transport: any HTTPTransport
    /// What waits between requests.
    package var clock: any Clock<Duration>
    /// The time of day, where `GTM_NOW` does not set it.
    package var now: @Sendable () -> Date
    /// Reads all of standard input; `nil` where that cannot be read.
    package var standardInput: @Sendable () -> [UInt8]?
    /// What opens the store.
    var stores = StoreOpener.standard

    /// The version, as `--version` tells it.
    static let version = "0.1.0"

    /// Creates a program.
    package init(
        environment: [String: String], directory: String, console: Console,
        transport: any HTTPTransport = URLSessionTransport(), clock: any Clock<Duration> = ContinuousClock(),
        now: @escaping @Sendable () -> Date = { Date() },
        standardInput: @escaping @Sendable () -> [UInt8]? = { nil }
    ) {
        self.environment = environment
        self.directory = directory
        self.console = console
        self.transport = transport
        self.clock = clock
        self.now = now
        self.standardInput = standardInput
    }

    /// Runs as the process: its environment, its terminal, its interruptions.
    package static func runProcess(arguments: [String]) async -> ExitCode {
        Terminal.ignoreBrokenPipes()
        let environment = ProcessInfo.processInfo.environment
        let tool = CommandLineTool(
            environment: environment, directory: Terminal.workingDirectory, console: .standard(environment),
            standardInput: { Terminal.standardInput() })
        let work = Task { await tool.run(arguments) }
        // A store is let go of on the way out, whoever asks to end.
        let watch = Terminal.onInterruption { work.cancel() }
        defer { withExtendedLifetime(watch) {} }
        return await work.value
    }

    /// Does what the words ask for.
    package func run(_ words: [String]) async -> ExitCode {
        let code = await attempt(words)
        if case .failed(let number) = console.output.failure {
            console.note(
                "gtm: standard output cannot be written (system error \(number)); expected room for the results")
            return .failed
        }
        return code
    }

    private func attempt(_ words: [String]) async -> ExitCode {
        do {
            switch try ArgumentParser.parse(words) {
            case .help(nil): console.output.write(HelpText.overview(width: console.output.width))
            case .help(let command?): console.output.write(HelpText.help(of: command, width: console.output.width))
            case .version: console.output.write("gtm \(Self.version)\n")
            case .run(let invocation): return try await run(invocation)
            }
            return .done
        } catch let error as UsageError {
            console.note("gtm: \(error)\nSee: \(error.hint)")
            return .wrongUsage
        } catch let error as SettingsError {
            console.note("gtm: \(error)")
            return .wrongUsage
        } catch is CancellationError {
            console.note("gtm: interrupted")
            return .interrupted
        } catch let error as Failure {
            console.note("gtm: \(error)")
            return .failed
        } catch let error as StoreError {
            console.note(Sanitized("gtm: \(error.detail)").text)
            return .failed
        } catch let error as SourceError {
            console.note("gtm: \(error)")
            return .failed
        } catch {
            // Only the kind: what an unforeseen error says may hold anything.
            console.note("gtm: an unexpected error of the type \(type(of: error))")
            return .failed
        }
    }

    private func run(_ invocation: Invocation) async throws -> ExitCode {
        switch invocation.command.name {
        case Command.sync.name: try await sync(invocation)
        case Command.importFile.name: try await importFile(invocation)
        case Command.doctor.name: try await doctor(invocation)
        case Command.status.name: try await status(invocation)
        case Command.customers.name: try await customers(invocation)
        case Command.customer.name: try await customer(invocation)
        case Command.atRisk.name: try await atRisk(invocation)
        case Command.explain.name: try await explain(invocation)
        case Command.health.name: try await health(invocation)
        case Command.revenue.name: try await revenue(invocation)
        case Command.merge.name: try await merge(invocation)
        case Command.keepApart.name: try await keepApart(invocation)
        case Command.unmerge.name: try await unmerge(invocation)
        case Command.rules.name: try await rules(invocation)
        case Command.erase.name: try await erase(invocation)
        case Command.storage.name: try await store(invocation)
        case Command.export.name: try await export(invocation)
        case Command.restore.name: try await restore(invocation)
        default: try await demo(invocation)
        }
    }

    /// The settings of the working directory.
    func settings(_ invocation: Invocation) throws(SettingsError) -> Settings {
        try Settings(
            environment: environment, directory: directory, directives: invocation.values["directives"])
    }

    /// Works on the store that the words and the settings name, and lets go of it whatever happens.
    ///
    /// - Throws: ``Failure`` where there is no store and none is to be made.
    func withWorkspace<Result>(
        _ invocation: Invocation, _ settings: Settings, for access: StoreOpener.Access,
        _ work: (Workspace) async throws -> Result
    ) async throws -> Result {
        if let result = try await withWorkspaceIfAny(invocation, settings, for: access, work) { return result }
        throw Failure.noStore(try settings.storeLocation(invocation))
    }

    /// Works on the store that the words and the settings name, and lets go of it whatever happens.
    ///
    /// - Returns: `nil` where there is no store and none is to be made.
    func withWorkspaceIfAny<Result>(
        _ invocation: Invocation, _ settings: Settings, for access: StoreOpener.Access,
        _ work: (Workspace) async throws -> Result
    ) async throws -> Result? {
        let request = StoreOpener.Request(
            location: try settings.storeLocation(invocation), access: access,
            hostDomains: settings.project.hostDomains,
            remembersFor: settings.project.rememberDays.map { .seconds($0 * 86_400) }, now: clock(settings))
        guard let opened = try await stores.open(request) else { return nil }
        for note in opened.notes { console.note(Sanitized("note: \(note)").text) }
        // Whoever pages through an answer must not keep the next sync from the store.
        if access == .reading { console.output.hold() }
        defer { console.output.release() }
        do {
            let result = try await work(Workspace(store: opened.store, configuration: settings.engineConfiguration))
            await close(opened)
            return result
        } catch {
            await close(opened)
            throw error
        }
    }

    private func close(_ opened: StoreOpener.Opened) async {
        do {
            try await opened.close()
        } catch {
            // What was acknowledged is safe; the next one to open the store reads a little more.
            let detail = (error as? StoreError)?.detail ?? "\(type(of: error))"
            console.note(
                Sanitized("note: the store was not closed as it should be, which loses nothing: \(detail)").text)
        }
    }

    /// The clock by the settings.
    func clock(_ settings: Settings) -> @Sendable () -> Date {
        guard let fixed = settings.fixedNow else { return now }
        return { fixed }
    }
}

extension Failure {
    /// That there is no store to ask or change.
    static func noStore(_ location: StoreLocation) -> Failure {
        Failure("there is no store at \(location); gtm sync or gtm import FILE makes one")
    }
}
