import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension CommandLineTool {
    /// `gtm explain`.
    func explain(_ invocation: Invocation) async throws -> ExitCode {
        let key = try invocation.operand(0, ValueText.key)
        let metric = try invocation.operand(1, ValueText.metric)
        let settings = try settings(invocation)
        let clock = clock(settings)
        let asOf = try invocation.asOf(now: clock())
        let since = try invocation.pastMoment("since", now: asOf ?? clock())
        let output = console.output
        try await withWorkspace(invocation, settings, for: .reading) { workspace in
            let engine = workspace.engine(now: clock)
            guard let now = try await engine.explain(metric, of: key, asOf: asOf, by: Workspace.actor) else {
                throw asOf.map { Failure.noCustomer(key, on: $0) } ?? .noCustomer(key)
            }
            guard let since else {
                output.write(
                    invocation.has("json")
                        ? ProofDocument.line(now)
                        : ProofView.text(now, width: output.width, palette: output.palette))
                return
            }
            guard
                let (change, _) = try await engine.change(metric, of: key, since: since, to: asOf, by: Workspace.actor)
            else { throw Failure.noCustomer(key, on: since) }
            output.write(
                invocation.has("json")
                    ? ProofChangeView.line(change, now, since: since)
                    : ProofChangeView.text(
                        change, now, since: since, width: output.width, palette: output.palette))
        }
        return .done
    }
}

extension Failure {
    /// That a customer was not known at a past moment.
    static func noCustomer(_ key: CustomerKey, on moment: Date) -> Failure {
        Failure(
            "on \(Timestamp.format(moment)) there was no customer \(quoted(key.description)); expected one whom a source had "
                + "told of by then")
    }
}
