#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Which customers are wanted, in which order, from where on.
public struct CustomerQuery: Sendable, Hashable {
    /// The order of a list.
    public enum Order: Sendable, Hashable {
        /// By key.
        case key
        /// The highest churn risk first, then the highest reported MRR; those without one last.
        case risk
        /// The highest reported MRR first; those without one last.
        case mrr
    }

    /// Only customers with this status.
    public var status: HealthStatus?
    /// Only customers at risk: a status below the healthy ones, or a signal that caps it.
    public var atRiskOnly = false
    /// Only customers whose reported MRR is at least this, in minor units of the reporting currency.
    public var minimumMRR: Int64?
    /// Only customers of this account manager, by name or address, whatever its case.
    public var accountManager: String?
    /// Whether customers who were deleted at every source are listed too.
    public var includesEnded = false
    /// The order.
    public var order: Order = .key
    /// The place after the page before; `nil` for the first.
    public var after: CustomerCursor?
    /// Customers on a page, at least 1.
    public var limit: Int

    /// Creates a query for the first customers by key.
    public init(limit: Int = 100) { self.limit = limit }
}

/// A place in an ordered list of customers. It holds while customers come and go.
public struct CustomerCursor: Sendable, Hashable {
    /// What the order looks at first and next, made so that smaller is earlier.
    let first: Fraction
    let second: Fraction
    let key: CustomerKey

    /// Whether this place lies before another in the list of one query.
    public func precedes(_ other: CustomerCursor) -> Bool {
        if first != other.first { return first < other.first }
        if second != other.second { return second < other.second }
        return key < other.key
    }
}

extension CustomerQuery {
    /// The query for the whole list of which this one asks for a page.
    var wholeList: CustomerQuery {
        var whole = self
        whole.after = nil
        whole.limit = .max
        return whole
    }

    /// The place of a customer in this query's order, for stores to order and page by.
    public func place(of summary: AssessmentSummary) -> CustomerCursor {
        // What is unknown stands behind everything known.
        let mrr = summary.mrrReporting.flatMap { $0.multiplied(by: -1) } ?? Fraction(.max)
        let risk = summary.churnRisk.map { Fraction(Int64(-$0)) } ?? Fraction(1)
        return switch order {
        case .key: CustomerCursor(first: .zero, second: .zero, key: summary.key)
        case .risk: CustomerCursor(first: risk, second: mrr, key: summary.key)
        case .mrr: CustomerCursor(first: mrr, second: .zero, key: summary.key)
        }
    }

    /// Whether a customer is wanted, wherever the page begins.
    public func wants(_ summary: AssessmentSummary) -> Bool {
        if summary.isEnded, !includesEnded { return false }
        if let status, summary.status != status { return false }
        if atRiskOnly, !summary.isAtRisk { return false }
        if let minimumMRR {
            guard let mrr = summary.mrrReporting, mrr >= Fraction(minimumMRR) else { return false }
        }
        if let accountManager {
            guard let manager = summary.accountManager, manager.lowercased() == accountManager.lowercased() else {
                return false
            }
        }
        return true
    }
}

/// A page of customers, as a store keeps them.
public struct SummaryPage: Sendable, Hashable {
    /// The customers' summaries, in order.
    public var summaries: [AssessmentSummary]
    /// The place after this page; `nil` after the last one.
    public var next: CustomerCursor?
    /// How many customers fit the query in all.
    public var total: Int

    /// Creates a page.
    public init(summaries: [AssessmentSummary], next: CustomerCursor?, total: Int) {
        self.summaries = summaries
        self.next = next
        self.total = total
    }
}

/// A page of customers.
public struct CustomerPage: Sendable {
    /// The customers with their assessments, in order.
    public var customers: [Assessment]
    /// The place after this page; `nil` after the last one.
    public var next: CustomerCursor?
    /// How many customers fit the query in all.
    public var total: Int
    /// The oldest moment that an assessment on this page was made for; `nil` for an empty page.
    public var assessedAt: Date? { customers.map(\.asOf).min() }

    /// Creates a page.
    public init(customers: [Assessment], next: CustomerCursor?, total: Int) {
        self.customers = customers
        self.next = next
        self.total = total
    }
}
