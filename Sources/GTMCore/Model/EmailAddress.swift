/// A valid e-mail address, normalised: the universal key of a customer.
///
/// Trimmed of white space and lower-cased; no provider's habits (dots, plus-addresses) are folded, and domains stay as
/// they were given, Unicode or punycode. Two addresses are the same when the bytes of their normal form are.
public struct EmailAddress: Sendable {
    /// The normal form, at most 254 bytes.
    public let normalized: String

    /// Why a text is not an e-mail address.
    public struct Invalid: Error, Sendable, Hashable, CustomStringConvertible {
        /// What was expected, without the text itself, which may be somebody's.
        public let description: String
    }

    /// Reads an address.
    ///
    /// Accepts the `addr-spec` of RFC 5322 without comments and obsolete forms (dot-atom or quoted local part; domain
    /// of labels or a literal in brackets), with the letters of RFC 6532, at most 64 bytes before the `@`, 63 a label
    /// and 254 in all.
    ///
    /// - Throws: ``Invalid``, which names the rule that the text breaks.
    public init(_ text: String) throws(Invalid) {
        let normalized = Self.normalize(text)
        try Self.validate(normalized)
        self.normalized = normalized
    }

    /// What stands before the last `@`.
    public var localPart: String {
        guard let at = normalized.utf8.lastIndex(of: UInt8(ascii: "@")) else { return normalized }
        return String(normalized[..<at])
    }

    /// What stands after the last `@`.
    public var domain: String {
        guard let at = normalized.utf8.lastIndex(of: UInt8(ascii: "@")) else { return "" }
        return String(normalized[normalized.utf8.index(after: at)...])
    }

    /// Whether the address belongs to a role and not to a person: `info@`, `support@` and their like.
    ///
    /// The list is the one of `directives/master.md`.
    public var isRoleMailbox: Bool { Self.roleNames.contains(localPart) }

    static let roleNames: Set<String> = [
        "abuse", "accounting", "accounts", "admin", "billing", "contact", "customerservice", "finance", "hello", "help",
        "helpdesk", "hr", "info", "inquiries", "invoices", "jobs", "legal", "mail", "marketing", "no-reply", "noreply",
        "office", "orders", "postmaster", "press", "privacy", "sales", "security", "service", "support", "team",
        "webmaster",
    ]
}

extension EmailAddress: Hashable, Comparable, CustomStringConvertible {
    public static func == (left: Self, right: Self) -> Bool {
        left.normalized.utf8.elementsEqual(right.normalized.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        var text = normalized
        text.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }

    public static func < (left: Self, right: Self) -> Bool { left.normalized.utf8Precedes(right.normalized) }

    public var description: String { normalized }
}

extension EmailAddress {
    /// Trims white space at both ends and lower-cases.
    static func normalize(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !(0x41...0x5A).contains($0) }) { return text }
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        let trimmed = text[first...last]
        return trimmed.utf8.allSatisfy { $0 < 0x80 && !(0x41...0x5A).contains($0) }
            ? String(trimmed) : trimmed.lowercased()
    }

    private static func validate(_ text: String) throws(Invalid) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { throw Invalid(description: "an empty text is not an e-mail address") }
        guard bytes.count <= 254 else {
            throw Invalid(description: "an e-mail address has at most 254 bytes; this text has \(bytes.count)")
        }
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")) else {
            throw Invalid(description: "an e-mail address has an @; this text of \(bytes.count) bytes has none")
        }
        let local = bytes[..<at]
        guard (1...64).contains(local.count) else {
            throw Invalid(description: "1 to 64 bytes stand before the @ of an e-mail address; here are \(local.count)")
        }
        guard isQuoted(local) || isDotAtom(local) else {
            throw Invalid(description: "the part before the @ is neither dot-separated words nor a quoted text")
        }
        let domain = bytes[(at + 1)...]
        guard isLiteral(domain) || isDomain(domain) else {
            throw Invalid(description: "the part after the @ is not a domain of labels of 1 to 63 bytes each")
        }
    }

    /// Dot-separated words of RFC 5322's `atext`, Unicode letters included.
    private static func isDotAtom(_ bytes: ArraySlice<UInt8>) -> Bool {
        let dot = UInt8(ascii: ".")
        var last = dot
        for byte in bytes {
            guard byte == dot ? last != dot : isAtomText(byte) else { return false }
            last = byte
        }
        return last != dot
    }

    private static func isAtomText(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
            true
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "/"),
            UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"),
            UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func isQuoted(_ bytes: ArraySlice<UInt8>) -> Bool {
        let quote = UInt8(ascii: "\"")
        guard bytes.count >= 2, bytes.first == quote, bytes.last == quote else { return false }
        var escaped = false
        for byte in bytes.dropFirst().dropLast() {
            if byte < 0x20 || byte == 0x7F { return false }
            if escaped {
                escaped = false
            } else if byte == UInt8(ascii: "\\") {
                escaped = true
            } else if byte == quote {
                return false
            }
        }
        return !escaped
    }

    private static func isDomain(_ bytes: ArraySlice<UInt8>) -> Bool {
        let (dot, hyphen) = (UInt8(ascii: "."), UInt8(ascii: "-"))
        var last = dot
        var length = 0
        for byte in bytes {
            if byte == dot {
                guard (1...63).contains(length), last != hyphen else { return false }
                length = 0
            } else {
                guard isLabelText(byte), length > 0 || byte != hyphen else { return false }
                length += 1
            }
            last = byte
        }
        return (1...63).contains(length) && last != hyphen
    }

    private static func isLabelText(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    /// An address in brackets: `[192.0.2.1]`, `[ipv6:…]`.
    private static func isLiteral(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.count > 2 && bytes.first == UInt8(ascii: "[") && bytes.last == UInt8(ascii: "]")
            && bytes.dropFirst().dropLast().allSatisfy {
                (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "[") && $0 != UInt8(ascii: "]")
                    && $0 != UInt8(ascii: "\\")
            }
    }
}
