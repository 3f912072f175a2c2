/// Lenient readings of one scalar, for vendors that write the same thing in several ways.
///
/// Each gives `nil` where the value has no such reading; none of them guesses.
extension JSONValue {
    /// The text without white space around it; `nil` for a text of nothing else, and for what is no text.
    ///
    /// White space is what Unicode calls so. The text as written is ``string``.
    public var text: String? {
        guard case .string(let text) = self else { return nil }
        return text.trimmedNonEmpty
    }

    /// The integer in an integer, in a double without fraction that fits 64 bits (`299.0`), or in a text of decimal
    /// digits with at most a minus sign before and white space around them (`"-7"`, `"007"`).
    public var int64: Int64? {
        switch self {
        case .integer(let number): return number
        case .double(let number): return Int64(exactly: number)
        case .string(let text):
            guard let text = text.trimmedNonEmpty, text.utf8.first != UInt8(ascii: "+") else { return nil }
            return Int64(text)
        default: return nil
        }
    }

    /// The truth value in a Boolean, or in the text `true` or `false`.
    ///
    /// The text's letters may be of either case, with white space around it or not. Numbers have no truth value.
    public var boolean: Bool? {
        switch self {
        case .bool(let flag): return flag
        case .string(let text):
            switch text.trimmedNonEmpty?.lowercased() {
            case "true": return true
            case "false": return false
            default: return nil
            }
        default: return nil
        }
    }

    /// The identifier in a text (without white space around it, not empty), or in an integer of any length.
    ///
    /// Of an integer it is the digits. A double is none: what its id was written as is no longer known.
    public var identifier: String? {
        switch self {
        case .string(let text): return text.trimmedNonEmpty
        case .integer(let number): return String(number)
        case .decimal(let digits):
            let unsigned = digits.utf8.first == UInt8(ascii: "-") ? digits.utf8.dropFirst() : digits.utf8[...]
            return !unsigned.isEmpty && unsigned.allSatisfy { $0 &- UInt8(ascii: "0") <= 9 } ? digits : nil
        default: return nil
        }
    }

    /// The decimal digits of a number, or of a text that holds a number as JSON writes it (leading zeros and white space
    /// around it allowed), in the form `-?digits[.digits]`: for amounts of money.
    ///
    /// The fraction is as long as it was written (`"12.50"` gives `12.50`), an exponent is carried out (`"1.5e3"` gives
    /// `1500`), and there are no leading zeros. A double gives its shortest description, `19.99` for the one nearest to
    /// 19.99, and no fraction where it is whole; nothing is computed in binary. `nil` for other texts (`"1,200.00"`,
    /// `"+5"`, `".5"`), and beyond 400 digits on either side of the point.
    public var exactDecimal: String? {
        switch self {
        case .integer(let number): return String(number)
        case .double(let number):
            guard number.isFinite else { return nil }
            let plain = JSONNumberText.Parts(number.description.utf8)?.plain
            return plain.map { $0.hasSuffix(".0") ? String($0.dropLast(2)) : $0 }
        case .decimal(let digits): return JSONNumberText.Parts(digits.utf8)?.plain
        case .string(let text): return text.trimmedNonEmpty.flatMap { JSONNumberText.Parts($0.utf8)?.plain }
        default: return nil
        }
    }
}

extension String {
    /// The text without white space around it; `nil` where nothing is left.
    fileprivate var trimmedNonEmpty: String? {
        guard let first = utf8.first, let last = utf8.last else { return nil }
        if first > 0x20 && first < 0x7F && last > 0x20 && last < 0x7F { return self }
        let scalars = unicodeScalars
        guard let start = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let end = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return nil }
        return String(self[start...end])
    }
}
