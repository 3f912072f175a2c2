#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A number together with everything it was made from, down to the vendor's records.
///
/// A proof is a tree. Each step says what it is, what it comes to, by which rule, and from which parts it follows. At the
/// leaves stand what a record tells and what a rule fixes, nothing else: who replays the leaves gets the value again
/// (``replayed()``), and the terms of a sum add up to it exactly (``terms``), rounding being a term of its own.
public struct Proof: Sendable, Hashable {
    /// What this is: a stable word such as `mrr`, or a thing's name such as `subscription stripe:sub_1`.
    public var name: String
    /// What it comes to.
    public var value: ProofValue
    /// The rule that was applied, with its version, such as `policy active-only v2`; `nil` where there is none to name.
    public var rule: String?
    /// How the value follows.
    public var basis: ProofBasis
    /// What it follows from, in order.
    public var parts: [Proof]

    /// Creates a step.
    public init(
        _ name: String, _ value: ProofValue, _ basis: ProofBasis, rule: String? = nil, parts: [Proof] = []
    ) {
        self.name = name
        self.value = value
        self.basis = basis
        self.rule = rule
        self.parts = parts
    }

    /// A leaf: what a record tells.
    ///
    /// - Parameters:
    ///   - name: What it is.
    ///   - value: What it says.
    ///   - version: The record, as it was told.
    ///   - field: The field within the record's fact, such as `billing.subscriptions[0].status`.
    public static func told(_ name: String, _ value: ProofValue, by version: RecordVersion, _ field: String) -> Proof {
        Proof(name, value, .told(ProofOrigin(version, field)))
    }

    /// A leaf: what a rule fixes.
    public static func ruled(_ name: String, _ value: ProofValue, by rule: String) -> Proof {
        Proof(name, value, .ruled, rule: rule)
    }

    /// A leaf: the moment asked for, and what else comes from the question itself.
    public static func asked(_ name: String, _ value: ProofValue) -> Proof { Proof(name, value, .asked) }
}

extension Proof {
    /// Parts of a sum of which each correction is given the amount by which it changes what stands before it; those that
    /// change nothing go.
    ///
    /// - Parameters:
    ///   - parts: The parts, corrections among them.
    ///   - value: The value of the whole, by whose kind the corrections are told.
    static func settled(_ parts: [Proof], at value: ProofValue) -> [Proof] {
        var settled: [Proof] = []
        var sum = Fraction.zero
        for part in parts {
            guard case .correction(let correction) = part.basis else {
                sum = part.value.exact.flatMap { sum.adding($0) } ?? sum
                settled.append(part)
                continue
            }
            guard let after = correction.applied(to: sum), let change = after.subtracting(sum) else {
                settled.append(part)
                continue
            }
            sum = after
            guard change != .zero else { continue }
            var part = part
            part.value = value.holding(change)
            settled.append(part)
        }
        return settled
    }
}

/// Where a leaf of a proof stands.
public struct ProofOrigin: Sendable, Hashable {
    /// The record.
    public var record: RecordID
    /// The field within the record's fact.
    public var field: String
    /// The vendor's time of the record, where it tells one.
    public var changedAt: Date?
    /// When it was learnt.
    public var recordedAt: Date
    /// The number of the commit that brought it.
    public var sequence: UInt64

    /// The place of a field in a record.
    public init(_ version: RecordVersion, _ field: String) {
        record = version.record.id
        self.field = field
        changedAt = version.record.changedAt
        recordedAt = version.recordedAt
        sequence = version.sequence
    }
}

/// How a step of a proof follows from its parts.
public enum ProofBasis: Sendable, Hashable {
    /// A leaf: a record tells it.
    case told(ProofOrigin)
    /// A leaf: a rule fixes it.
    case ruled
    /// A leaf: the question fixes it, such as the moment asked for.
    case asked
    /// The parts add up to it.
    case sum
    /// The parts multiply to it.
    case product
    /// The first part over the second.
    case quotient
    /// The least of the parts.
    case least
    /// The greatest of the parts.
    case greatest
    /// The first part is it; the others are what stands against it.
    case first
    /// The number of parts.
    case count
    /// The first part, an amount, in its currency's major units: 598 for 598.00 dollars.
    case majorUnits
    /// Points on a curve for the first part, rounded to a thousandth.
    case curve(Curve)
    /// Whole days from the first part to the second, never below 0.
    case days
    /// Whole calendar months (UTC) from the first part to the second, never below 0.
    case months
    /// Whether any part is a yes; unknown where none is and one is unknown.
    case any
    /// A term of a sum that brings what stands before it to its final form: a rounding, a limit.
    case correction(ProofCorrection)
    /// The parts stand side by side, such as amounts of several currencies; nothing is added.
    case sideBySide
    /// Nothing can be computed; the parts are what is known of why.
    case open
}

/// What the last terms of a sum do to it.
public enum ProofCorrection: Sendable, Hashable {
    /// To the nearest whole minor unit or number, halves away from zero.
    case rounded
    /// Up to the nearest whole number.
    case roundedUp
    /// Down to the nearest whole number.
    case roundedDown
    /// Down to a thousandth, towards zero.
    case cut
    /// Into the range from one whole number to another.
    case held(from: Int, to: Int)
    /// Not below zero.
    case notNegative

    /// What the sum so far becomes; `nil` where it does not fit.
    public func applied(to sum: Fraction) -> Fraction? {
        switch self {
        case .rounded: sum.rounded.map { Fraction($0) }
        case .roundedUp: sum.nextWhole(up: true)
        case .roundedDown: sum.nextWhole(up: false)
        case .cut:
            sum.multiplied(by: 1000).flatMap { Fraction($0.numerator / $0.denominator, over: 1000) }
        case .held(let low, let high): min(max(sum, Fraction(Int64(low))), Fraction(Int64(high)))
        case .notNegative: max(sum, .zero)
        }
    }
}
