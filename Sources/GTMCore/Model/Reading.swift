/// What is known of something, or why it is not known.
///
/// Zero, none and unknown are different answers: a customer without subscriptions pays nothing, a customer whose
/// billing system is not connected pays we do not know what.
public enum Reading<Value> {
    /// The value.
    case known(Value)
    /// There is no value, for this reason.
    case unknown(UnknownReason)
}

extension Reading: Sendable where Value: Sendable {}
extension Reading: Equatable where Value: Equatable {}
extension Reading: Hashable where Value: Hashable {}

extension Reading {
    /// Whether there is a value; asked without a look at it.
    @inlinable public var isKnown: Bool {
        switch self {
        case .known: true
        case .unknown: false
        }
    }

    /// The value, `nil` where it is unknown.
    @inlinable public var value: Value? {
        switch self {
        case .known(let value): value
        case .unknown: nil
        }
    }

    /// Why there is no value, `nil` where there is one.
    @inlinable public var reason: UnknownReason? {
        switch self {
        case .known: nil
        case .unknown(let reason): reason
        }
    }

    /// The reading of something computed from the value.
    @inlinable public func map<Other>(_ transform: (Value) -> Other) -> Reading<Other> {
        switch self {
        case .known(let value): .known(transform(value))
        case .unknown(let reason): .unknown(reason)
        }
    }

    /// A reading of an optional: `reason` where it is `nil`.
    @inlinable public init(_ value: Value?, otherwise reason: UnknownReason) {
        self = value.map { .known($0) } ?? .unknown(reason)
    }
}

/// Why something is unknown.
public struct UnknownReason: Sendable, Hashable, CustomStringConvertible {
    private enum Base: UInt8, CaseIterable, Sendable {
        // The order is that of the numbers in files.
        case notConnected, notPermitted, notReported, notYetObserved, stale, invalid, ambiguous, noRate, outOfRange
        case billedElsewhere, undefined
    }
    private let base: Base

    /// No source that could tell is connected.
    public static let notConnected = Self(base: .notConnected)
    /// The source may not be asked for it: a permission or a plan is missing.
    public static let notPermitted = Self(base: .notPermitted)
    /// The source is connected and says nothing of it.
    public static let notReported = Self(base: .notReported)
    /// The moment asked for lies before the first observation.
    public static let notYetObserved = Self(base: .notYetObserved)
    /// The source has not been read for so long that the answer may have changed.
    public static let stale = Self(base: .stale)
    /// The source says something that cannot be true.
    public static let invalid = Self(base: .invalid)
    /// Several answers are equally good.
    public static let ambiguous = Self(base: .ambiguous)
    /// The amount is in another currency and no exchange rate was supplied.
    public static let noRate = Self(base: .noRate)
    /// The exact result does not fit 64-bit minor units.
    public static let outOfRange = Self(base: .outOfRange)

    /// It counts for another customer, who is billed for it.
    public static let billedElsewhere = Self(base: .billedElsewhere)

    /// The formula has no value here, such as a rate of nothing: no zero, and no gap in the data either.
    public static let undefined = Self(base: .undefined)

    /// The stable name used in JSON, such as `not_connected`.
    public var description: String {
        switch base {
        case .notConnected: "not_connected"
        case .notPermitted: "not_permitted"
        case .notReported: "not_reported"
        case .notYetObserved: "not_yet_observed"
        case .stale: "stale"
        case .invalid: "invalid"
        case .ambiguous: "ambiguous"
        case .noRate: "no_rate"
        case .outOfRange: "out_of_range"
        case .billedElsewhere: "billed_elsewhere"
        case .undefined: "undefined"
        }
    }

    /// The reason's number, for values that keep readings in line.
    var number: UInt8 { base.rawValue }

    /// The reason of a number; `undefined` for a number that is none.
    init(number: UInt8) { base = Base(rawValue: number) ?? .undefined }

    private init(base: Base) { self.base = base }
}
