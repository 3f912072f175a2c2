import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension CommandLineTool {
    /// `gtm mrr`.
    func revenue(_ invocation: Invocation) async throws -> ExitCode {
        switch invocation.operands.first ?? "" {
        case "bridge": return try await bridge(invocation)
        case let other:
            let hint = nearest(to: other, among: ["bridge"]).map { "; did you mean \($0)?" } ?? ""
            throw UsageError(
                "\(quoted(other)) is nothing to ask of MRR; expected bridge\(hint)", command: invocation.command.name)
        }
    }

    private func bridge(_ invocation: Invocation) async throws -> ExitCode {
        let settings = try settings()
        let clock = clock(settings)
        let query = try BridgeRequest(invocation, now: clock()).query
        let report = try await withWorkspace(invocation, settings, for: .reading) { workspace in
            try await workspace.engine(now: clock).bridge(query, by: Workspace.actor)
        }
        let output = console.output
        output.write(
            invocation.has("json")
                ? BridgeDocument.line(report)
                : BridgeView.text(report, width: output.width, palette: output.palette))
        return .done
    }
}
