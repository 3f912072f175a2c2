#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Until when an answer holds if nothing new is learnt.
public struct Expiry: Sendable, Hashable {
    /// The moment that the answer was computed for.
    public let asOf: Date
    /// The first moment at which it may be different.
    public private(set) var validUntil: Date

    /// Begins with an answer that would hold for ever.
    public init(asOf: Date) {
        self.asOf = asOf
        validUntil = .distantFuture
    }

    /// Notes that the answer waits for a source to be read further: the next look may find another one.
    public mutating func noteWaiting() { note(asOf.addingTimeInterval(1)) }

    /// Notes that something changes at a moment; moments already past change nothing any more.
    public mutating func note(_ moment: Date) {
        if moment > asOf, moment < validUntil { validUntil = moment }
    }
}
