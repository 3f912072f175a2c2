import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Prints what is asked for of the customers, in the form asked for.
struct Presenter: Sendable {
    let workspace: Workspace
    let engine: GTMEngine
    let console: Console
    let format: OutputFormat

    private var output: Outlet { console.output }

    /// Customers fetched at once.
    private static let pageSize = 1000

    /// Prints it.
    ///
    /// - Throws: ``Failure`` for a customer whom nobody knows, and what the engine throws.
    func show(_ show: Show) async throws {
        switch show {
        case .portfolio: try await portfolio()
        case .customers: try await list(.key)
        case .atRisk: try await list(.risk)
        case .customer(let email): try await customer(email)
        }
    }

    // MARK: All together

    private func portfolio() async throws {
        let portfolio = try await engine.portfolio(by: Workspace.actor)
        switch format {
        case .json: output.write(JSONWriter.text(.object(PortfolioDocument.object(portfolio))) + "\n")
        case .text, .csv: output.write(PortfolioView.text(portfolio, width: output.width, palette: output.palette))
        }
    }

    /// One object with the portfolio and everybody at risk.
    func summary() async throws {
        let portfolio = try await engine.portfolio(by: Workspace.actor)
        var documents: [JSONValue] = []
        try await pages(.risk) { page in
            let context = try await workspace.documentContext(for: page.customers)
            documents += page.customers.map { .object(CustomerDocument($0, context).object) }
        }
        let object: JSONValue = [
            "portfolio": .object(PortfolioDocument.object(portfolio)), "at_risk": .array(documents),
        ]
        output.write(JSONWriter.text(object) + "\n")
    }

    // MARK: Lists

    private func list(_ order: CustomerQuery.Order) async throws {
        guard format == .text else { return try await rows(order) }
        if order == .risk { return try await atRisk() }
        var customers: [Assessment] = []
        try await pages(order) { customers += $0.customers }
        output.write(
            CustomersView.text(customers, total: customers.count, width: output.width, palette: output.palette))
    }

    /// The customers at risk for a terminal, and what all of them come to.
    ///
    /// - Parameter limit: Shows the first ones that still have a subscription, this many; `nil` for all.
    func atRisk(limit: Int? = nil) async throws {
        var stake = AtRiskView.Stake()
        var shown: [Assessment] = []
        try await pages(.risk) { page in
            for assessment in page.customers { stake.add(assessment) }
            guard let limit else {
                shown += page.customers
                return
            }
            shown += page.customers.filter(Self.hasSubscription).prefix(max(0, limit - shown.count))
        }
        output.write(
            AtRiskView.text(
                shown, stake, selection: "the \(grouped(shown.count)) most at risk of those with a subscription",
                width: output.width, palette: output.palette))
    }

    /// Whether there is something left to lose: revenue, or a subscription that has not ended.
    private static func hasSubscription(_ assessment: Assessment) -> Bool {
        if assessment.revenue.mrr.value?.entries.contains(where: { $0.amount > .zero }) == true { return true }
        return CustomerDocument.status(of: assessment.customer).value.map { !$0.hasEnded } ?? false
    }

    /// JSON lines or CSV, page by page.
    private func rows(_ order: CustomerQuery.Order) async throws {
        var isFirst = true
        try await pages(order) { page in
            try await write(page.customers, isFirst: isFirst)
            if !page.customers.isEmpty { isFirst = false }
        }
    }

    /// Writes customers as JSON lines or CSV; before the first of them goes the header of CSV.
    private func write(_ customers: [Assessment], asOf: Date? = nil, isFirst: Bool) async throws {
        let context = try await workspace.documentContext(for: customers, asOf: asOf)
        var text = ""
        for (place, assessment) in customers.enumerated() {
            let document = CustomerDocument(assessment, context)
            guard format == .csv else {
                text += document.line
                continue
            }
            if isFirst, place == 0 { text += CustomerRow.header(document) }
            text += CustomerRow.line(document, assessment.revenue, context.reportingCurrency)
        }
        output.write(text)
    }

    /// The customers of a request.
    ///
    /// - Returns: How many were listed, and how many fit.
    func customers(_ request: CustomersRequest) async throws -> (shown: Int, total: Int) {
        var (shown, total) = (0, 0)
        var listed: [Assessment] = []
        var query = request.query
        repeat {
            try Task.checkCancellation()
            let left = (request.limit ?? .max) - shown
            query.limit = min(left, request.asOf == nil ? Self.pageSize : .max)
            let page = try await page(query, asOf: request.asOf)
            if shown == 0 { total = page.total }
            if format == .text {
                listed += page.customers
            } else {
                try await write(page.customers, asOf: request.asOf, isFirst: shown == 0)
            }
            shown += page.customers.count
            query.after = page.next
        } while query.after != nil && shown < request.limit ?? .max
        if format == .text {
            output.write(
                CustomersView.text(
                    listed, total: total, asOf: request.asOf, isFiltered: request.isFiltered, width: output.width,
                    palette: output.palette))
        }
        return (shown, total)
    }

    private func page(_ query: CustomerQuery, asOf: Date?) async throws -> CustomerPage {
        guard let asOf else { return try await engine.customers(query, by: Workspace.actor) }
        return try await engine.customers(query, asOf: asOf, by: Workspace.actor)
    }

    /// The first customers at risk.
    ///
    /// - Returns: How many were listed, and how many are at risk.
    func mostAtRisk(_ limit: Int) async throws -> (shown: Int, total: Int) {
        guard format == .text else {
            let page = try await engine.atRisk(limit: limit, by: Workspace.actor)
            try await write(page.customers, isFirst: true)
            return (page.customers.count, page.total)
        }
        var stake = AtRiskView.Stake()
        var shown: [Assessment] = []
        try await pages(.risk) { page in
            for assessment in page.customers { stake.add(assessment) }
            shown += page.customers.prefix(limit - shown.count)
        }
        output.write(
            AtRiskView.text(
                shown, stake, selection: "the \(grouped(shown.count)) most at risk", width: output.width,
                palette: output.palette))
        return (shown.count, stake.customers)
    }

    /// Hands over all customers in an order, page by page; by risk, only those at risk.
    private func pages(_ order: CustomerQuery.Order, _ body: (CustomerPage) async throws -> Void) async throws {
        var query = CustomerQuery(limit: Self.pageSize)
        query.order = order
        query.atRiskOnly = order == .risk
        repeat {
            try Task.checkCancellation()
            let page = try await engine.customers(query, by: Workspace.actor)
            try await body(page)
            query.after = page.next
        } while query.after != nil
    }

    // MARK: One

    private func customer(_ email: EmailAddress) async throws {
        guard let assessment = try await engine.customer(email, by: Workspace.actor) else {
            throw Failure("there is no customer \(quoted(email.normalized)); expected an address that a source knows")
        }
        let context = try await workspace.documentContext(for: [assessment])
        let document = CustomerDocument(assessment, context)
        switch format {
        case .json: output.write(document.line)
        case .csv:
            output.write(CustomerRow.header(document))
            output.write(CustomerRow.line(document, assessment.revenue, context.reportingCurrency))
        case .text:
            output.write(CustomerView.text(assessment, document, width: output.width, palette: output.palette))
        }
    }

    /// One customer with where everything comes from.
    ///
    /// - Parameters:
    ///   - assessment: The customer.
    ///   - key: The key that was asked for.
    ///   - asOf: The past moment; `nil` for now.
    func whole(_ assessment: Assessment, askedFor key: CustomerKey, asOf: Date?) async throws {
        let context = try await workspace.documentContext(for: [assessment], asOf: asOf)
        let document = CustomerDocument(assessment, context)
        let anomalies = try await engine.anomalies(of: assessment.key, asOf: asOf, by: Workspace.actor) ?? []
        let provenance = Provenance(assessment, anomalies, askedFor: key)
        switch format {
        case .json: output.write(JSONWriter.text(.object(provenance.added(to: document.object))) + "\n")
        case .csv: try await write([assessment], asOf: asOf, isFirst: true)
        case .text:
            output.write(CustomerView.text(assessment, document, width: output.width, palette: output.palette))
            output.write(ProvenanceView.text(provenance, width: output.width, palette: output.palette))
        }
        if let note = provenance.keyNote { console.note(note) }
    }
}
