import GTMCore
import GTMIntercom
import GTMSimulator

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension CommandLineTool {
    /// The moment of the demonstration, where `GTM_NOW` sets no other one: 2026-11-20T08:00:00Z.
    private static let demoNow = Date(timeIntervalSince1970: 1_795_161_600)
    /// Customers that the at-risk list of the demonstration shows.
    private static let shownAtRisk = 15

    /// `gtm demo`.
    func demo(_ invocation: Invocation) async throws -> ExitCode {
        let show = try invocation.show() ?? (invocation.has("csv") ? .atRisk : nil)
        let format = try invocation.format(of: show)
        let customers = try invocation.number("customers", in: 1...1_000_000, otherwise: 300)
        let seed = try invocation.number("seed", in: 0...Int.max, otherwise: 7)
        let moment = try settings(invocation).fixedNow ?? Self.demoNow
        let isTalking = show == nil && format == .text
        if isTalking {
            console.note(
                "A simulated Intercom workspace of \(PlainWords.count(customers, "customer")) (seed \(seed)) is read "
                    + "through the real adapter into the real engine.\nNo key, no network; nothing is kept.\n")
        }
        let workspace = Workspace(store: InMemoryStore(), configuration: GTMEngine.Configuration())
        let runs = try await ProgressWatch(console: console).following { progress in
            let world = SimulatedWorld(seed: UInt64(seed), customers: customers, now: moment)
            let adapter = IntercomAdapter(
                IntercomConfiguration(account: "demo", token: SimulatedIntercom.token),
                transport: SimulatedIntercom(world), clock: SkippingClock(), now: { moment }, random: { 0.5 })
            return try await workspace.engine([adapter], now: { moment }).sync(.full, progress: progress)
        }
        let engine = workspace.engine(now: { moment })
        let presenter = Presenter(workspace: workspace, engine: engine, console: console, format: format)
        if let show {
            note(runs, whole: false)
            try await presenter.show(show)
        } else if format == .json {
            note(runs, whole: false)
            try await presenter.summary()
        } else {
            note(runs, whole: true)
            console.note("")
            try await presenter.show(.portfolio)
            console.output.write("\n")
            try await presenter.atRisk(limit: Self.shownAtRisk)
            console.note(Self.next)
        }
        return Self.exitCode(of: runs)
    }

    private static let next = """

        What next:
          gtm demo --show customer=EMAIL             one of them, with everything that is known
          gtm demo --show at-risk --csv > risk.csv   all of them, for a spreadsheet
          gtm demo --customers 3000 --seed 1         another workspace
          gtm doctor                                 set up your own workspace
        """
}
