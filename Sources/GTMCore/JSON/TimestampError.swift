/// A text or number that is no point in time.
public struct TimestampError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A kind of failure.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String { case malformed, impossible, missingZone, outOfRange }
        private let base: Base
        /// It does not have the form of a time.
        public static let malformed = Self(base: .malformed)
        /// It has the form, but there is no such day, hour, minute, second or offset.
        public static let impossible = Self(base: .impossible)
        /// It has a time of day, and does not say in which zone.
        public static let missingZone = Self(base: .missingZone)
        /// It counts seconds, and lies outside 1...253402300799.
        public static let outOfRange = Self(base: .outOfRange)
        public var description: String { base.rawValue }
    }

    /// The kind of failure.
    public var code: Code

    /// Creates an error.
    public init(code: Code) { self.code = code }

    /// The code alone, without anything of the value.
    public var description: String { "timestamp: \(code)" }
}
