/// The path of a request, in which every interpolated value is one encoded segment.
///
/// Written `"/contacts/\(id)"`: the literal parts stay as they are, the value is percent-encoded, so that an id holding
/// `/`, `?` or `..` cannot reach another end point. An empty value or one of only dots makes the path invalid, and the
/// request is refused before it is sent.
public struct RequestPath: Sendable, Hashable {
    /// The path as it is sent: it begins with `/` and is percent-encoded.
    public private(set) var encoded: String
    /// The path as it may be shown: values that do not look like ids (an e-mail address) are `…`, secrets `***`.
    public private(set) var description: String
    private var hasBadValue = false

    /// Whether the path may be sent.
    public var isValid: Bool { !hasBadValue && encoded.hasPrefix("/") && Self.isLegal(encoded.utf8) }

    /// Takes a path that is already encoded, such as one from a vendor's link.
    public init(encoded: String) {
        self.encoded = encoded
        description = Self.shown(encoded)
        hasBadValue = encoded.split(separator: "/").contains { Self.isDots($0) }
    }

    /// Whether there are only the bytes that RFC 3986 allows in a path.
    static func isLegal(_ bytes: some Sequence<UInt8>) -> Bool {
        bytes.allSatisfy { PercentEncoding.isUnreserved($0) || "/%:@!$&'()*+,;=".utf8.contains($0) }
    }

    private static func isDots(_ segment: some StringProtocol) -> Bool { segment.allSatisfy { $0 == "." } }

    /// Only what is short and of letters, digits, `-`, `_`, `.` and `/` may be shown.
    private static func shown(_ value: String) -> String {
        let isPlain = value.utf8.allSatisfy { PercentEncoding.isUnreserved($0) || $0 == UInt8(ascii: "/") }
        return isPlain && value.utf8.count <= 128 ? value : "…"
    }
}

extension RequestPath: ExpressibleByStringInterpolation, CustomStringConvertible {
    public init(stringLiteral value: String) {
        self.init(encoded: value)
    }

    public init(stringInterpolation: StringInterpolation) {
        self = stringInterpolation.path
    }

    /// Joins literal parts and encoded values.
    public struct StringInterpolation: StringInterpolationProtocol, Sendable {
        fileprivate var path = RequestPath(encoded: "")

        public init(literalCapacity: Int, interpolationCount: Int) {}

        public mutating func appendLiteral(_ literal: String) {
            path.encoded += literal
            path.description += literal
        }

        /// Appends a value as one segment, or as a part of one.
        public mutating func appendInterpolation(_ value: String) {
            let encoded = PercentEncoding.encode(value)
            path.hasBadValue = path.hasBadValue || RequestPath.isDots(value)
            path.encoded += encoded
            path.description += RequestPath.shown(value.contains("/") ? encoded : value)
        }

        /// Appends a number.
        public mutating func appendInterpolation(_ value: some BinaryInteger) {
            appendLiteral(String(value))
        }

        /// Appends a secret, which may hold several segments and is shown as `***`.
        public mutating func appendInterpolation(_ secret: Secret) {
            let segments = secret.withExposed { text in text.split(separator: "/").map(String.init) }
            path.hasBadValue = path.hasBadValue || segments.isEmpty || segments.contains { RequestPath.isDots($0) }
            path.encoded += segments.map { PercentEncoding.encode($0) }.joined(separator: "/")
            path.description += "***"
        }
    }
}

extension RequestPath: CustomDebugStringConvertible, CustomReflectable {
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
