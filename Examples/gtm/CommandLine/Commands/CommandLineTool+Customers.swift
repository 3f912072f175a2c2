import GTMCore

extension CommandLineTool {
    /// `gtm customers`.
    func customers(_ invocation: Invocation) async throws -> ExitCode {
        let format = try invocation.rowFormat()
        let settings = try settings(invocation)
        let clock = clock(settings)
        let request = try CustomersRequest(invocation, currency: settings.project.reportingCurrency, now: clock())
        let (shown, total) = try await withWorkspace(invocation, settings, for: .reading) { workspace in
            let presenter = Presenter(
                workspace: workspace, engine: workspace.engine(now: clock), console: console, format: format)
            return try await presenter.customers(request)
        }
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
        let settings = try settings(invocation)
        let (shown, total) = try await withWorkspace(invocation, settings, for: .reading) { workspace in
            let presenter = Presenter(
                workspace: workspace, engine: workspace.engine(now: clock(settings)), console: console, format: format)
            return try await presenter.mostAtRisk(limit)
        }
        if shown < total, format != .text {
            console.note("\(grouped(shown)) of \(PlainWords.count(total, "customer")) at risk; --limit N lists more")
        }
        return .done
    }

    /// `gtm customer`.
    func customer(_ invocation: Invocation) async throws -> ExitCode {
        let format = try invocation.rowFormat()
        let key = try invocation.operand(0, ValueText.key)
        let settings = try settings(invocation)
        let clock = clock(settings)
        let asOf = try invocation.asOf(now: clock())
        try await withWorkspace(invocation, settings, for: .reading) { workspace in
            let engine = workspace.engine(now: clock)
            guard let assessment = try await engine.customer(key, asOf: asOf, by: Workspace.actor) else {
                throw asOf.map { Failure.noCustomer(key, on: $0) } ?? .noCustomer(key)
            }
            let presenter = Presenter(workspace: workspace, engine: engine, console: console, format: format)
            try await presenter.whole(assessment, askedFor: key, asOf: asOf)
        }
        return .done
    }
}

extension Failure {
    /// That nobody knows a customer.
    static func noCustomer(_ key: CustomerKey) -> Failure {
        Failure("there is no customer \(quoted(key.description)); expected one whom a source knows")
    }
}
