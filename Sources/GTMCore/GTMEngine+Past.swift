#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

extension GTMEngine {
    /// Customers as of a past moment, filtered and ordered: what was known then and held then counts.
    ///
    /// No assessment of the past is kept, so that every page assesses all customers anew; ask for long ones.
    ///
    /// - Parameters:
    ///   - query: Filters, order and place, as for the list of now; they look at the values of that moment.
    ///   - moment: The moment.
    ///   - actor: Who asks.
    public func customers(
        _ query: CustomerQuery = CustomerQuery(), asOf moment: Date, by actor: StoreActor = .unspecified
    ) async throws -> CustomerPage {
        let (assessor, context) = (assessor, try await context(asOf: moment))
        var list = ComputedList(query)
        var scan = CustomerScan(at: TimePoint(knownAt: moment, validAt: moment), limit: Self.filesAtOnce)
        while true {
            try Task.checkCancellation()
            let files = try await store.files(scan, by: actor)
            guard let last = files.last?.key else { return list.page }
            for file in files { list.add(assessor.assess(file, context)) }
            scan.after = last
        }
    }

    /// Customers' files in memory at once.
    private static let filesAtOnce = 500
}

/// One page of a list, found among assessments that come in any order.
private struct ComputedList {
    let query: CustomerQuery
    private let limit: Int
    private var total = 0
    private var found: [(place: CustomerCursor, assessment: Assessment)] = []

    init(_ query: CustomerQuery) {
        self.query = query
        limit = max(1, query.limit)
    }

    mutating func add(_ assessment: Assessment) {
        let summary = AssessmentSummary(assessment)
        guard query.wants(summary) else { return }
        total += 1
        let place = query.place(of: summary)
        if let after = query.after, !after.precedes(place) { return }
        found.append((place, assessment))
        // Two pages and some are kept at most; one more than a page tells that there is another.
        guard found.count / 2 > max(limit, 500) else { return }
        found.sort { $0.place.precedes($1.place) }
        found.removeLast(found.count - limit - 1)
    }

    var page: CustomerPage {
        let sorted = found.sorted { $0.place.precedes($1.place) }
        let shown = sorted.prefix(limit)
        return CustomerPage(
            customers: shown.map(\.assessment), next: shown.count < sorted.count ? shown.last?.place : nil, total: total
        )
    }
}
