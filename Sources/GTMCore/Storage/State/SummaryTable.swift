#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The latest assessments' summaries, and which customers need a new one.
struct SummaryTable: Sendable {
    private(set) var summaries: [CustomerKey: AssessmentSummary] = [:]
    /// Customers touched since they were assessed, with the commit that touched them last.
    private(set) var unassessed: [CustomerKey: UInt64] = [:]
    /// No summary expires before this moment; `nil` where that is not known.
    private var firstExpiry: Date? = .distantFuture
    /// No summary was made for a later moment than this.
    private var latest: Date = .distantPast
    private var listed: (query: CustomerQuery, places: [CustomerCursor])?

    /// How many summaries there are by each profile, by its fingerprint.
    private(set) var profiles: [UInt64: Int] = [:]

    /// Whether every customer without a summary needs one, also those that nobody named.
    var everybodyIsDue = false

    init() {}

    /// Names those whom ``everybodyIsDue`` means.
    mutating func add(everybody keys: Set<CustomerKey>, at sequence: UInt64) {
        for key in keys where summaries[key] == nil && unassessed[key] == nil { unassessed[key] = sequence }
        everybodyIsDue = false
    }

    /// Throws away what was known of customers whom a commit touched.
    mutating func touch(_ keys: Set<CustomerKey>, at sequence: UInt64) {
        guard !keys.isEmpty else { return }
        listed = nil
        for key in keys {
            drop(key)
            unassessed[key] = sequence
        }
    }

    /// Asks for a customer anew, keeping what was known of it until then.
    mutating func touchAgain(_ key: CustomerKey, at sequence: UInt64) { unassessed[key] = sequence }

    /// Asks for every customer anew; what was known of them is listed until then.
    mutating func touchAll(at sequence: UInt64) { for key in summaries.keys { unassessed[key] = sequence } }

    /// Takes summaries based on a commit; one whose customer was touched since is not taken.
    mutating func take(_ taken: [AssessmentSummary], basedOn sequence: UInt64) {
        guard !taken.isEmpty else { return }
        listed = nil
        for summary in taken where unassessed[summary.key, default: 0] <= sequence {
            put(summary)
            unassessed[summary.key] = nil
        }
    }

    /// Forgets customers for good.
    mutating func forget(_ keys: Set<CustomerKey>) {
        listed = nil
        for key in keys {
            drop(key)
            unassessed[key] = nil
        }
    }

    private mutating func drop(_ key: CustomerKey) {
        if let former = summaries.removeValue(forKey: key) { count(former, -1) }
    }

    private mutating func count(_ summary: AssessmentSummary, _ change: Int) {
        let count = profiles[summary.profile, default: 0] + change
        profiles[summary.profile] = count > 0 ? count : nil
    }

    private mutating func put(_ summary: AssessmentSummary) {
        if let former = summaries.updateValue(summary, forKey: summary.key) { count(former, -1) }
        count(summary, 1)
        if let first = firstExpiry, summary.validUntil < first { firstExpiry = summary.validUntil }
        latest = max(latest, summary.asOf)
    }

    /// The customers without a summary that holds at a moment, in no order; `isCustomer` tells which keys still are.
    mutating func due(asOf moment: Date, isCustomer: (CustomerKey) -> Bool) -> Set<CustomerKey> {
        for key in unassessed.keys where !isCustomer(key) { unassessed[key] = nil }
        var due = Set(unassessed.keys)
        // Most of the time nothing expires between two questions: then nobody is looked at.
        if firstExpiry.map({ $0 > moment }) ?? false, latest <= moment { return due }
        var first = Date.distantFuture
        for summary in summaries.values {
            if summary.validUntil <= moment || summary.asOf > moment { due.insert(summary.key) }
            first = min(first, summary.validUntil)
        }
        firstExpiry = first
        return due
    }

    /// A page of a list.
    mutating func page(_ query: CustomerQuery) -> SummaryPage {
        let places = list(query.wholeList)
        let start = query.after.map { after in partition(places) { !after.precedes($0) } } ?? 0
        let end = min(places.count, start + min(max(1, query.limit), places.count))
        return SummaryPage(
            summaries: places[start..<end].compactMap { summaries[$0.key] },
            next: end < places.count && end > start ? places[end - 1] : nil, total: places.count)
    }

    /// The places of a whole list in order, kept until something is written, since a list is asked for page by page.
    private mutating func list(_ query: CustomerQuery) -> [CustomerCursor] {
        if let listed, listed.query == query { return listed.places }
        var places = Array(summaries.values.lazy.filter(query.wants).map(query.place))
        places.sort { $0.precedes($1) }
        listed = (query, places)
        return places
    }
}

/// The index of the first element that a condition, which holds for the beginning of the array alone, leaves.
func partition<Element>(_ elements: [Element], while holds: (Element) -> Bool) -> Int {
    var low = 0
    var high = elements.count
    while low < high {
        let middle = (low + high) / 2
        if holds(elements[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
}
