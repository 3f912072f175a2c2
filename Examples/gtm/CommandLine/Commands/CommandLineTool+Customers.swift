import GTMCore

extension CommandLineTool {
    /// `gtm customers`.
    func customers(_ invocation: Invocation) async throws -> ExitCode {
        let format = try invocation.rowFormat()
        let settings = try settings()
        let clock = clock(settings)
        let request = try CustomersRequest(invocation, currency: settings.project.reportingCurrency, now: clock())
        let workspace = try await existingWorkspace(invocation, settings, for: .reading)
        let presenter = Presenter(
            workspace: workspace, engine: workspace.engine(now: clock), console: console, format: format)
        let (shown, total) = try await presenter.customers(request)
        if shown < total, format != .text {
            console.note("\(grouped(shown)) of \(PlainWords.count(total, "customer")); --all lists them")
        }
        return .done
    }

    /// `gtm at-risk`.
    func atRisk(_ invocation: Invocation) async throws -> ExitCode {
        let format = try invocation.rowFormat()
        let limit = try invocation.number(
            "limit", in: CustomersRequest.limits, otherwise: CustomersRequest.usualLimit)
        let settings = try settings()
        let workspace = try await existingWorkspace(invocation, settings, for: .reading)
        let presenter = Presenter(
            workspace: workspace, engine: workspace.engine(now: clock(settings)), console: console, format: format)
        let (shown, total) = try await presenter.mostAtRisk(limit)
        if shown < total, format != .text {
            console.note("\(grouped(shown)) of \(PlainWords.count(total, "customer")) at risk; --limit N lists more")
        }
        return .done
    }

    /// `gtm customer`.
    func customer(_ invocation: Invocation) async throws -> ExitCode {
        let format = try invocation.rowFormat()
        let key = try invocation.operand(0, ValueText.key)
        let settings = try settings()
        let clock = clock(settings)
        let now = clock()
        let asOf = try invocation.asOf(now: now)
        let workspace = try await existingWorkspace(invocation, settings, for: .reading)
        let engine = workspace.engine(now: clock)
        guard let assessment = try await engine.customer(key, asOf: asOf, now: now, by: Workspace.actor) else {
            guard let asOf else {
                throw Failure("there is no customer \(quoted(key.description)); expected one whom a source knows")
            }
            throw Failure(
                "on \(Timestamp.format(asOf)) there was no customer \(quoted(key.description)); expected one whom a "
                    + "source had told of by then")
        }
        let presenter = Presenter(workspace: workspace, engine: engine, console: console, format: format)
        try await presenter.whole(assessment, askedFor: key, asOf: asOf)
        return .done
    }
}
