#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// How fresh what a source tells of a customer is.
public struct SourceFreshness: Sendable, Hashable {
    /// The source.
    public var source: SourceID
    /// Up to when everything that it tells is known: the earliest of its streams; `nil` before it was read whole.
    public var observedThrough: Date?
    /// Whole days since then at the moment asked for; `nil` before it was read whole.
    public var days: Int?
    /// Whether that is so long ago that the source's silence says nothing any more.
    public var isStale: Bool
    /// Why a part of it cannot be read, where it refuses.
    public var refusal: UnknownReason?
}

extension ResolutionContext {
    /// How fresh each source of a customer is, in order of their ids.
    ///
    /// - Parameter customer: The customer.
    public func freshness(of customer: UnifiedCustomer) -> [SourceFreshness] {
        let sources = Set(customer.members.map(\.record.source))
        return coverage.filter { sources.contains($0.source) }.map { source in
            let open = source.observed.filter { $0.refusal == nil }
            let isWhole = !open.isEmpty && open.allSatisfy { $0.through != nil }
            let through = isWhole ? open.compactMap(\.through).min() : nil
            let limit = through?.addingTimeInterval(Double(staleAfter.components.seconds))
            return SourceFreshness(
                source: source.source, observedThrough: through,
                days: through.map { max(0, Timestamp.daysBetween($0, asOf)) },
                isStale: limit.map { $0 < asOf } ?? true, refusal: source.observed.compactMap(\.refusal).first)
        }
    }
}
