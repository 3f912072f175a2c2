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
        case "bridge":
            try invocation.refuse(["policy", "as-of"], for: "bridge")
            return try await bridge(invocation)
        case "reconcile":
            try invocation.refuse(["from", "to", "by", "whole", "converted", "as-known-now"], for: "reconcile")
            return try await reconcile(invocation)
        case let other:
            let hint = nearest(to: other, among: ["bridge", "reconcile"]).map { "; did you mean \($0)?" } ?? ""
            throw UsageError(
                "\(quoted(other)) is nothing to ask of MRR; expected bridge or reconcile\(hint)",
                command: invocation.command.name)
        }
    }

    private func bridge(_ invocation: Invocation) async throws -> ExitCode {
        let settings = try settings(invocation)
        let clock = clock(settings)
        let query = try BridgeRequest(invocation, now: clock()).query
        if query.isConverted, settings.project.exchangeRates == nil {
            throw UsageError(
                "--converted has no rates to convert by; expected exchange_rates in gtm.json",
                command: invocation.command.name)
        }
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

    private func reconcile(_ invocation: Invocation) async throws -> ExitCode {
        let settings = try settings(invocation)
        let clock = clock(settings)
        let (first, second) = try invocation.policies(settings.project)
        let asOf = try invocation.asOf(now: clock())
        let report = try await withWorkspace(invocation, settings, for: .reading) { workspace in
            try await workspace.engine(now: clock).reconcile(first, second, asOf: asOf, by: Workspace.actor)
        }
        let output = console.output
        output.write(
            invocation.has("json")
                ? ReconciliationDocument.line(report)
                : ReconciliationView.text(report, width: output.width, palette: output.palette))
        return .done
    }
}

extension Invocation {
    /// The two policies to compare.
    fileprivate func policies(_ project: ProjectFile) throws(UsageError) -> (MRRPolicy, MRRPolicy) {
        var found: [MRRPolicy] = []
        for name in lists["policy"] ?? [] {
            guard let policy = project.policy(named: name) else {
                let hint = nearest(to: name, among: project.policyNames).map { "; did you mean \($0)?" } ?? ""
                throw UsageError(
                    "--policy is \(quoted(name)); expected \(project.policyNames.joined(separator: ", "))\(hint)",
                    command: command.name)
            }
            found.append(policy)
        }
        guard found.count == 2 else {
            throw UsageError(
                "gtm mrr reconcile compares two policies; expected --policy NAME --policy NAME", command: command.name)
        }
        return (found[0], found[1])
    }

    /// Refuses options that mean nothing here.
    fileprivate func refuse(_ names: [String], for word: String) throws(UsageError) {
        for name in names where values[name] != nil || flags.contains(name) {
            throw UsageError("--\(name) means nothing to gtm mrr \(word); expected it left out", command: command.name)
        }
    }
}
