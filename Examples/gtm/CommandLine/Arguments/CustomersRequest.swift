import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Which customers `gtm customers` lists, in which order, as of when.
struct CustomersRequest: Sendable, Hashable {
    /// Filters and order; its limit and place are the pages' business.
    var query: CustomerQuery
    /// The most that are listed; `nil` for all.
    var limit: Int?
    /// The past moment; `nil` for now.
    var asOf: Date?

    /// How many are listed where nothing else is said.
    static let usualLimit = 50
    /// How many may be asked for.
    static let limits = 1...1_000_000

    /// Reads the options.
    ///
    /// - Parameters:
    ///   - invocation: What was said.
    ///   - currency: The reporting currency, in which amounts are given.
    ///   - now: The present.
    init(_ invocation: Invocation, currency: Currency, now: Date) throws(UsageError) {
        query = CustomerQuery()
        query.minimumMRR = try invocation.value("min-mrr") { text throws(WrongValue) in
            try ValueText.minorUnits(text, of: currency)
        }
        query.status = try invocation.value("status", ValueText.status)
        query.accountManager = try invocation.value("am", ValueText.name)
        query.atRiskOnly = invocation.has("at-risk")
        query.includesEnded = invocation.has("ended")
        query.order = try invocation.value("order", ValueText.order) ?? (query.atRiskOnly ? .risk : .key)
        asOf = try invocation.asOf(now: now)
        if invocation.has("all"), invocation.values["limit"] != nil {
            throw UsageError("--all and --limit exclude each other; expected one", command: invocation.command.name)
        }
        let asked = try invocation.number("limit", in: Self.limits, otherwise: Self.usualLimit)
        limit = invocation.has("all") ? nil : asked
    }

    /// Whether somebody can be left out for another reason than the limit.
    var isFiltered: Bool {
        query.minimumMRR != nil || query.status != nil || query.accountManager != nil || query.atRiskOnly
    }
}

extension Invocation {
    /// The past moment of `--as-of`; `nil` where it was not given.
    func asOf(now: Date) throws(UsageError) -> Date? { try pastMoment("as-of", now: now) }

    /// The past moment of an option; `nil` where it was not given.
    func pastMoment(_ name: String, now: Date) throws(UsageError) -> Date? {
        try value(name) { text throws(WrongValue) in try ValueText.pastMoment(text, now: now) }
    }

    /// The form of rows, for commands that always have some.
    func rowFormat() throws(UsageError) -> OutputFormat { try format(of: .customers) }
}
