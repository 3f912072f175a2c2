import GTMAdapterKit
import GTMCore
import GTMIntercom
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension CommandLineTool {
    /// `gtm doctor`.
    func doctor(_ invocation: Invocation) async throws -> ExitCode {
        let checks = try await ProgressWatch(console: console).following { try await self.checks(invocation, $0) }
        if invocation.has("json") {
            console.output.write(ChecksView.line(checks))
        } else {
            console.output.write(
                ChecksView.text(checks, width: console.output.width, palette: console.output.palette))
        }
        return checks.contains { $0.state == .failed } ? .failed : .done
    }

    private func checks(_ invocation: Invocation, _ progress: SyncProgress) async throws -> [Check] {
        let settings: Settings
        do throws(SettingsError) {
            settings = try self.settings(invocation)
        } catch {
            let place = error.line.map { "\(error.file), line \($0)" } ?? error.file
            return [
                Check("settings", .failed, "\(place): \(error.message)", advice: "mend it, then run gtm doctor again"),
                Check("sources", .skipped, "not looked at, because the settings cannot be read"),
            ]
        }
        var checks = [Self.files(settings), clockCheck(settings), try await storeCheck(invocation, settings)]
        for source in settings.sources { checks += try await self.checks(of: source, settings, progress) }
        return checks
    }

    private static func files(_ settings: Settings) -> Check {
        guard !settings.files.isEmpty else {
            return Check("settings", .ok, "no .env and no gtm.json here: environment variables and defaults count")
        }
        return Check("settings", .ok, "\(settings.files.joined(separator: " and ")) read")
    }

    private func clockCheck(_ settings: Settings) -> Check {
        guard let fixed = settings.fixedNow else {
            return Check("clock", .ok, "\(PlainWords.moment(now())) UTC by the system")
        }
        return Check(
            "clock", .warning, "GTM_NOW holds it at \(PlainWords.moment(fixed)) UTC",
            advice: "unset GTM_NOW for real work")
    }

    private func storeCheck(_ invocation: Invocation, _ settings: Settings) async throws -> Check {
        let location = try settings.storeLocation(invocation)
        do {
            let found = try await withWorkspaceIfAny(invocation, settings, for: .reading) { workspace in
                guard let statistics = try await (workspace.store as? FileStore)?.statistics() else {
                    return "in memory"
                }
                let last = statistics.lastRecordedAt.map { ", last written \(PlainWords.moment($0)) UTC" } ?? ""
                return "\(PlainWords.count(statistics.records, "record")) at \(location)\(last)"
            }
            return Check("store", .ok, found ?? "none at \(location) yet; gtm sync makes one")
        } catch let error as StoreError {
            let advice = error.code == .damaged ? "gtm store check tells more" : "mend it, or name another folder"
            return Check("store", .failed, "\(location): \(error.detail)", advice: advice)
        } catch let error as Failure {
            return Check("store", .failed, error.description, advice: "name another folder with --store or GTM_STORE")
        }
    }

    // MARK: One source

    private func checks(
        of source: ProjectFile.Source, _ settings: Settings, _ progress: SyncProgress
    ) async throws -> [Check] {
        let name = source.id.description
        var configuration: IntercomConfiguration
        do throws(SettingsError) {
            configuration = try settings.intercom(source)
        } catch {
            return [
                Check("\(name) settings", .failed, error.message, advice: Self.advice(for: source, error)),
                Check("\(name) connection", .skipped, "not tried"),
            ]
        }
        let clocks = ClockProbe(base: transport, now: now)
        configuration.onWait = { progress.report(.waiting($0)) }
        let adapter = IntercomAdapter(configuration, transport: clocks, clock: clock)
        var checks = [
            Check("\(name) settings", .ok, "\(source.keyVariable) is set, the server is \(configuration.base)")
        ]
        do {
            let workspace = try await adapter.connectionCheck()
            let facts = [workspace.name, workspace.region, workspace.timeZone].compactMap { $0 }
            let known = facts.isEmpty ? "the key is accepted" : "workspace " + facts.joined(separator: ", ")
            checks.append(Check("\(name) connection", .ok, known))
        } catch let error as SourceError {
            checks.append(
                Check("\(name) connection", .failed, error.detail(with: name), advice: Self.advice(for: error)))
            checks.append(Check("\(name) data", .skipped, "not tried"))
            return checks
        }
        checks.append(clocks.check(name))
        return checks + (try await permissions(adapter, name))
    }

    private static func advice(for source: ProjectFile.Source, _ error: SettingsError) -> String {
        error.message.contains("is not set")
            ? "put the token into .env as \(source.keyVariable)=…, or try gtm demo, which needs none"
            : "mend the value"
    }

    private static func advice(for error: SourceError) -> String {
        switch error.code {
        case .unauthorized:
            "make a new access token in Intercom (Settings, Integrations, Developer Hub, your app, Authentication)"
        case .forbidden: "give the app the permission in Intercom's Developer Hub, then install it anew"
        case .rateLimited: "wait a minute, then try again"
        case .invalidResponse: "see whether INTERCOM_BASE_URL points at Intercom's API"
        default: "see whether the network is up, and INTERCOM_BASE_URL and the region are right"
        }
    }

    /// Reads one page of each stream.
    private func permissions(_ adapter: IntercomAdapter, _ name: String) async throws -> [Check] {
        var checks: [Check] = []
        var pending: [RecordID] = []
        for stream in adapter.descriptor.streams {
            let label = "\(name) \(stream.name)"
            let isNeeded = !stream.provides.isDisjoint(with: [.revenue, .support]) && stream.reading == .listed
            var scope = PageRequest.Scope.everything
            if stream.reading == .byID {
                guard let one = pending.first(where: { $0.stream == stream.name }) else {
                    checks.append(Check(label, .skipped, "nothing to read it by"))
                    continue
                }
                scope = .ids([one])
            }
            do {
                let page = try await adapter.page(PageRequest(stream: stream.name, scope: scope, now: now()))
                pending += page.pending.map(\.id)
                let count =
                    page.total.map { "\(grouped($0)) there" } ?? "\(grouped(page.records.count)) on the first page"
                let bad = page.rejected.isEmpty ? "" : ", \(grouped(page.rejected.count)) cannot be taken"
                checks.append(
                    Check(label, page.rejected.isEmpty ? .ok : .warning, "may be read, \(count)\(bad)"))
            } catch let error as SourceError {
                checks.append(
                    Check(
                        label, isNeeded ? .failed : .warning, error.detail(with: name),
                        advice: Self.advice(for: error)))
            }
        }
        return checks
    }
}

extension SourceError {
    /// The failure without the source, which stands before it.
    fileprivate func detail(with name: String) -> String {
        let text = description
        return text.hasPrefix("\(name): ") ? String(text.dropFirst(name.count + 2)) : text
    }
}

/// A transport that compares the server's clock with this machine's.
private final class ClockProbe: HTTPTransport {
    private let base: any HTTPTransport
    private let now: @Sendable () -> Date
    private let skew = Mutex<Int?>(nil)

    /// Seconds that clocks may be apart.
    private static let tolerance = 60

    init(base: any HTTPTransport, now: @escaping @Sendable () -> Date) {
        self.base = base
        self.now = now
    }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let response = try await base.send(request)
        if let date = response.headers["Date"].flatMap({ HTTPDate.parse($0) }) {
            let seconds = Int(now().timeIntervalSince(date).rounded())
            skew.withLock { $0 = seconds }
        }
        return response
    }

    func check(_ name: String) -> Check {
        guard let seconds = skew.withLock({ $0 }) else {
            return Check("\(name) clock", .skipped, "the server does not tell its time")
        }
        guard abs(seconds) > Self.tolerance else {
            return Check("\(name) clock", .ok, "\(PlainWords.count(abs(seconds), "second")) from the server's")
        }
        return Check(
            "\(name) clock", .warning,
            "this machine's is \(grouped(abs(seconds))) seconds \(seconds > 0 ? "ahead of" : "behind") the server's",
            advice: "set the machine's clock; recency and windows of time depend on it")
    }
}
