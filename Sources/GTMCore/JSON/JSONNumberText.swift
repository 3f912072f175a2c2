/// The grammar of a number, over text.
enum JSONNumberText {
    /// Whether the text is a number as JSON has it.
    static func isNumber(_ text: String.UTF8View) -> Bool {
        guard let parts = Parts(text) else { return false }
        return parts.whole.count == 1 || parts.whole.first != UInt8(ascii: "0")
    }

    /// A number taken apart.
    struct Parts {
        var isNegative = false
        /// The digits before the point, at least one; leading zeros are let through.
        var whole: [UInt8] = []
        /// The digits behind the point.
        var fraction: [UInt8] = []
        /// The power of ten, at most 99,999 either way.
        var exponent = 0

        /// Takes `-?digits[.digits][e[+-]digits]` apart; `nil` for anything else.
        init?(_ text: String.UTF8View) {
            var rest = text[...]
            if rest.first == UInt8(ascii: "-") {
                isNegative = true
                rest.removeFirst()
            }
            whole = Self.takeDigits(from: &rest)
            if whole.isEmpty { return nil }
            if rest.first == UInt8(ascii: ".") {
                rest.removeFirst()
                fraction = Self.takeDigits(from: &rest)
                if fraction.isEmpty { return nil }
            }
            if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
                rest.removeFirst()
                let sign = rest.first
                if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest.removeFirst() }
                let digits = Self.takeDigits(from: &rest)
                if digits.isEmpty { return nil }
                exponent = digits.reduce(0) { min($0 * 10 + Int($1 - UInt8(ascii: "0")), 99_999) }
                if sign == UInt8(ascii: "-") { exponent = -exponent }
            }
            if !rest.isEmpty { return nil }
        }

        private static func takeDigits(from rest: inout Substring.UTF8View) -> [UInt8] {
            let digits = Array(rest.prefix { $0 &- UInt8(ascii: "0") <= 9 })
            rest = rest.dropFirst(digits.count)
            return digits
        }

        /// The number without an exponent, its fraction as long as it was written; `nil` beyond 400 digits on either
        /// side of the point.
        var plain: String? {
            var whole = whole
            var fraction = fraction
            if exponent > 0 {
                guard whole.count + exponent <= 400 else { return nil }
                let moved = min(exponent, fraction.count)
                whole += fraction.prefix(moved)
                whole += Array(repeating: UInt8(ascii: "0"), count: exponent - moved)
                fraction.removeFirst(moved)
            } else if exponent < 0 {
                guard fraction.count - exponent <= 400 else { return nil }
                let moved = min(-exponent, whole.count)
                fraction =
                    Array(repeating: UInt8(ascii: "0"), count: -exponent - moved) + whole.suffix(moved) + fraction
                whole.removeLast(moved)
            }
            guard whole.count <= 400, fraction.count <= 400 else { return nil }
            whole = Array(whole.drop { $0 == UInt8(ascii: "0") })
            if whole.isEmpty { whole = [UInt8(ascii: "0")] }
            var text = isNegative ? "-" : ""
            text += String(decoding: whole, as: UTF8.self)
            if !fraction.isEmpty { text += "." + String(decoding: fraction, as: UTF8.self) }
            return text
        }
    }
}
