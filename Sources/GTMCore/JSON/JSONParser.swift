/// The reader's machine: one pass over the bytes, with the open containers on a stack of its own.
///
/// Every read of memory goes through `byte(at:)` and `word(at:)`, whose callers have compared the position with `count`.
@safe struct JSONParser: ~Copyable {
    /// An array or object that is being read.
    private struct Container {
        var isObject: Bool
        /// How many members or elements of the enclosing containers lie below its own.
        var start: Int
    }

    private let base: UnsafePointer<UInt8>
    private let count: Int
    private let maximumDepth: Int
    private var index = 0
    private var members = JSONPile<JSONObject.Member>()
    private var elements = JSONPile<JSONValue>()
    /// The containers around the one that is being read.
    private var enclosing: [Container] = []
    private var names: JSONNameCache
    private var unescaped: [UInt8] = []
    private var repairs = 0
    private var tooDeep = 0

    /// Prepares to read `count` bytes from `start` on.
    init(_ start: UnsafeRawPointer, count: Int, maximumDepth: Int) {
        unsafe base = start.assumingMemoryBound(to: UInt8.self)
        self.count = count
        self.maximumDepth = maximumDepth
        names = JSONNameCache(forBytes: count)
        enclosing.reserveCapacity(8)
    }

    /// Reads the whole input; to be called once.
    mutating func document() throws(JSONError) -> JSONDocument {
        if count >= 3, byte(at: 0) == 0xEF, byte(at: 1) == 0xBB, byte(at: 2) == 0xBF { index = 3 }
        if peek() == 0, index == count { throw JSONError(code: .emptyInput, offset: count, expected: "a value") }
        let value = try tree()
        _ = peek()
        guard index == count else {
            throw JSONError(code: .trailingBytes, offset: index, expected: "the end of the document")
        }
        return JSONDocument(value: value, repairs: repairs, tooDeep: tooDeep)
    }

    // MARK: Structure

    private mutating func tree() throws(JSONError) -> JSONValue {
        var depth = 0
        var isObject = false
        var start = 0
        var name = ""
        reading: while true {
            var value: JSONValue
            let first = peek()
            switch first {
            case UInt8(ascii: "\""):
                index += 1
                value = .string(try string())
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if depth == maximumDepth {
                    value = .tooDeep(offset: index)
                    tooDeep += 1
                    try passContainer()
                    break
                }
                index += 1
                let opensObject = first == UInt8(ascii: "{")
                if peek() == (opensObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                    index += 1
                    value = opensObject ? .object(JSONObject()) : .array([])
                    break
                }
                if depth > 0 {
                    enclosing.append(Container(isObject: isObject, start: start))
                    if isObject { members.push(JSONObject.Member(key: name, value: .null)) }
                }
                depth += 1
                isObject = opensObject
                start = opensObject ? members.count : elements.count
                if opensObject { name = try key() }
                continue reading
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                value = try number()
            default:
                value = try literal(first)
            }

            if depth == 0 { return value }
            if isObject {
                members.push(JSONObject.Member(key: name, value: value))
            } else {
                elements.push(value)
            }
            // The value may be the last one of its container, which may be the last one of its own.
            while true {
                let next = peek()
                if next == UInt8(ascii: ",") {
                    index += 1
                    if isObject { name = try key() }
                    continue reading
                }
                if isObject {
                    guard next == UInt8(ascii: "}") else { throw unexpected("',' or '}'") }
                    value = .object(JSONObject(members: members.take(from: start)))
                } else {
                    guard next == UInt8(ascii: "]") else { throw unexpected("',' or ']'") }
                    value = .array(elements.take(from: start))
                }
                index += 1
                depth -= 1
                guard let outer = enclosing.popLast() else { return value }
                isObject = outer.isObject
                start = outer.start
                if isObject { members.setTopValue(value) } else { elements.push(value) }
            }
        }
    }

    /// Reads a key and the colon behind it.
    private mutating func key() throws(JSONError) -> String {
        guard peek() == UInt8(ascii: "\"") else { throw unexpected("a key in quotes") }
        index += 1
        let start = index
        let (end, isASCII) = plainRun(from: start)
        let name: String
        if end < count, byte(at: end) == UInt8(ascii: "\"") {
            index = end + 1
            name = cachedName(start, end, isASCII: isASCII)
        } else {
            name = try string()
        }
        guard peek() == UInt8(ascii: ":") else { throw unexpected("':'") }
        index += 1
        return name
    }

    /// Moves past an array or object, checking all of its grammar and keeping nothing but one bit for each level.
    private mutating func passContainer() throws(JSONError) {
        let repairsBefore = repairs
        defer { repairs = repairsBefore }
        var kinds = JSONBitStack()
        reading: while true {
            let first = peek()
            switch first {
            case UInt8(ascii: "\""):
                index += 1
                _ = try string()
            case UInt8(ascii: "{"):
                index += 1
                if peek() == UInt8(ascii: "}") {
                    index += 1
                    break
                }
                kinds.push(true)
                _ = try key()
                continue reading
            case UInt8(ascii: "["):
                index += 1
                if peek() == UInt8(ascii: "]") {
                    index += 1
                    break
                }
                kinds.push(false)
                continue reading
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                _ = try number()
            default:
                _ = try literal(first)
            }
            while let isObject = kinds.top {
                let next = peek()
                if next == UInt8(ascii: ",") {
                    index += 1
                    if isObject { _ = try key() }
                    continue reading
                }
                guard next == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                    throw unexpected(isObject ? "',' or '}'" : "',' or ']'")
                }
                index += 1
                kinds.pop()
            }
            return
        }
    }

    /// The next byte that is not white space, which `index` then points at; 0 at the end.
    @inline(__always) private mutating func peek() -> UInt8 {
        while index < count {
            let next = byte(at: index)
            if next > 0x20 { return next }
            guard next == 0x20 || next == 0x0A || next == 0x0D || next == 0x09 else { return next }
            index += 1
        }
        return 0
    }

    private func unexpected(_ expected: String) -> JSONError {
        JSONError(code: index < count ? .unexpectedByte : .unexpectedEnd, offset: index, expected: expected)
    }

    // MARK: Scalars

    private mutating func literal(_ first: UInt8) throws(JSONError) -> JSONValue {
        let word: StaticString
        let value: JSONValue
        switch first {
        case UInt8(ascii: "t"): (word, value) = ("true", .bool(true))
        case UInt8(ascii: "f"): (word, value) = ("false", .bool(false))
        case UInt8(ascii: "n"): (word, value) = ("null", .null)
        default: throw unexpected("a value")
        }
        for position in 0..<word.utf8CodeUnitCount {
            let letter = unsafe word.utf8Start[position]
            guard index < count, byte(at: index) == letter else {
                throw unexpected("'\(word)'")
            }
            index += 1
        }
        return value
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = index
        let isNegative = byte(at: index) == UInt8(ascii: "-")
        if isNegative { index += 1 }
        var mantissa: UInt64 = 0
        let firstDigit = index
        index = digits(from: index, into: &mantissa)
        let wholeDigits = index - firstDigit
        guard wholeDigits > 0 else { throw invalidNumber("a digit") }
        if wholeDigits > 1, byte(at: firstDigit) == UInt8(ascii: "0") {
            index = firstDigit + 1
            throw invalidNumber("no digit behind a leading zero")
        }
        var next = index < count ? byte(at: index) : 0
        guard next == UInt8(ascii: ".") || next | 0x20 == UInt8(ascii: "e") else {
            // 10^19 - 1 still fits the unsigned form, so up to 19 digits the sum is exact.
            if wholeDigits <= 19 {
                if !isNegative, let integer = Int64(exactly: mantissa) { return .integer(integer) }
                if isNegative, mantissa <= Int64.min.magnitude {
                    return .integer(0 &- Int64(truncatingIfNeeded: mantissa))
                }
            }
            return .decimal(text(start, index))
        }

        var scale = 0
        var significant = wholeDigits
        if next == UInt8(ascii: ".") {
            index += 1
            let firstPlace = index
            index = digits(from: index, into: &mantissa)
            guard index > firstPlace else { throw invalidNumber("a digit behind the point") }
            scale = firstPlace - index
            significant -= scale
            next = index < count ? byte(at: index) : 0
        }
        if next | 0x20 == UInt8(ascii: "e") {
            index += 1
            var isDivided = false
            if index < count, byte(at: index) == UInt8(ascii: "-") || byte(at: index) == UInt8(ascii: "+") {
                isDivided = byte(at: index) == UInt8(ascii: "-")
                index += 1
            }
            var exponent: UInt64 = 0
            let firstDigit = index
            index = digits(from: index, into: &exponent)
            guard index > firstDigit else { throw invalidNumber("a digit in the exponent") }
            // A long exponent may have wrapped round; it goes the slow way.
            if index - firstDigit > 4 { significant = .max }
            let power = Int(exponent % 10_000)
            scale += isDivided ? -power : power
        }
        // Both the mantissa and the power of ten are exact here, so that the one operation rounds correctly.
        if significant <= 19, mantissa <= 1 << 53, (-22...22).contains(scale) {
            var double = Double(mantissa)
            if scale < 0 { double /= Self.powersOfTen[-scale] } else { double *= Self.powersOfTen[scale] }
            return .double(isNegative ? -double : double)
        }
        let digits = text(start, index)
        guard let double = Double(digits), double.isFinite else { return .decimal(digits) }
        return .double(double)
    }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    /// Adds the digits from `position` on to `sum` (modulo 2^64) and returns the position behind them.
    @inline(__always) private func digits(from position: Int, into sum: inout UInt64) -> Int {
        var position = position
        while position < count {
            let digit = byte(at: position) &- UInt8(ascii: "0")
            if digit > 9 { break }
            sum = sum &* 10 &+ UInt64(digit)
            position += 1
        }
        return position
    }

    private func invalidNumber(_ expected: String) -> JSONError {
        JSONError(code: index < count ? .invalidNumber : .unexpectedEnd, offset: index, expected: expected)
    }

    // MARK: Texts

    /// Reads a text; `index` is behind its opening quote.
    @inline(__always) private mutating func string() throws(JSONError) -> String {
        let start = index
        let (end, isASCII) = plainRun(from: start)
        guard end < count, byte(at: end) == UInt8(ascii: "\"") else { return try escapedString(from: start, to: end) }
        index = end + 1
        return isASCII ? text(start, end) : decoded(start, end)
    }

    /// Reads the rest of a text whose plain beginning ends at a backslash (or at an error).
    @inline(never) private mutating func escapedString(from start: Int, to firstEnd: Int) throws(JSONError) -> String {
        unescaped.removeAll(keepingCapacity: true)
        var runStart = start
        var end = firstEnd
        while true {
            index = end
            guard end < count else { throw unexpected("'\"'") }
            unsafe unescaped.append(contentsOf: bytes(runStart, end))
            switch byte(at: end) {
            case UInt8(ascii: "\""):
                index = end + 1
                return unsafe unescaped.withUnsafeBufferPointer { unsafe Self.decode($0, repairs: &repairs) }
            case UInt8(ascii: "\\"):
                index = end + 1
                try escape()
            default:
                throw JSONError(code: .controlCharacter, offset: end, expected: "control characters to be escaped")
            }
            runStart = index
            end = plainRun(from: runStart).end
        }
    }

    /// Reads what follows a backslash and appends what it stands for.
    private mutating func escape() throws(JSONError) {
        guard index < count else { throw unexpected("an escape") }
        let character = byte(at: index)
        index += 1
        switch character {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(character)
        case UInt8(ascii: "b"): unescaped.append(0x08)
        case UInt8(ascii: "f"): unescaped.append(0x0C)
        case UInt8(ascii: "n"): unescaped.append(0x0A)
        case UInt8(ascii: "r"): unescaped.append(0x0D)
        case UInt8(ascii: "t"): unescaped.append(0x09)
        case UInt8(ascii: "u"):
            var code = UInt32(try hexadecimal())
            if code & 0xFC00 == 0xD800, index + 1 < count, byte(at: index) == UInt8(ascii: "\\"),
                byte(at: index + 1) == UInt8(ascii: "u")
            {
                let behindFirst = index
                index += 2
                let low = UInt32(try hexadecimal())
                if low & 0xFC00 == 0xDC00 {
                    code = 0x1_0000 + (code & 0x3FF) << 10 + low & 0x3FF
                } else {
                    index = behindFirst  // The second escape stands for itself.
                }
            }
            if let scalar = Unicode.Scalar(code) {
                unescaped.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            } else {
                unescaped.append(contentsOf: UTF8.encodedReplacementCharacter)
                repairs += 1
            }
        default:
            index -= 1
            throw JSONError(code: .invalidEscape, offset: index, expected: "an escape")
        }
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt16 {
        var code: UInt16 = 0
        for _ in 0..<4 {
            guard index < count else { throw unexpected("four hexadecimal digits") }
            let digit: UInt8
            switch byte(at: index) {
            case let byte where byte &- UInt8(ascii: "0") <= 9: digit = byte &- UInt8(ascii: "0")
            case let byte where (byte | 0x20) &- UInt8(ascii: "a") <= 5: digit = (byte | 0x20) &- UInt8(ascii: "a") + 10
            default: throw JSONError(code: .invalidEscape, offset: index, expected: "four hexadecimal digits")
            }
            code = code << 4 | UInt16(digit)
            index += 1
        }
        return code
    }

    /// The end of the run from `position` on that holds neither quote, backslash nor control character; `count` where
    /// the input ends first.
    @inline(__always) private func plainRun(from position: Int) -> (end: Int, isASCII: Bool) {
        var position = position
        var seen: UInt64 = 0
        while position + 8 <= count {
            let word = word(at: position)
            let quotes = word ^ 0x2222_2222_2222_2222
            let backslashes = word ^ 0x5C5C_5C5C_5C5C_5C5C
            // Each term sets the top bit of its first matching byte and, by borrowing, perhaps of later ones.
            let stops =
                ((quotes &- 0x0101_0101_0101_0101) & ~quotes)
                | ((backslashes &- 0x0101_0101_0101_0101) & ~backslashes)
                | ((word &- 0x2020_2020_2020_2020) & ~word)
            let marks = stops & 0x8080_8080_8080_8080
            if marks != 0 {
                let bits = marks.trailingZeroBitCount & ~7
                seen |= word & ((1 &<< UInt64(truncatingIfNeeded: bits)) &- 1)
                return (position + bits >> 3, seen & 0x8080_8080_8080_8080 == 0)
            }
            seen |= word
            position += 8
        }
        while position < count {
            let next = byte(at: position)
            if next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\") || next < 0x20 { break }
            seen |= UInt64(next)
            position += 1
        }
        return (position, seen & 0x8080_8080_8080_8080 == 0)
    }

    /// The text of ASCII bytes.
    @inline(__always) private func text(_ start: Int, _ end: Int) -> String {
        unsafe String(decoding: bytes(start, end), as: UTF8.self)
    }

    @inline(never) private mutating func decoded(_ start: Int, _ end: Int) -> String {
        unsafe Self.decode(bytes(start, end), repairs: &repairs)
    }

    private static func decode(_ bytes: UnsafeBufferPointer<UInt8>, repairs: inout Int) -> String {
        // `String(validating:as:)` is not specialised, and slower than a second look at the bytes.
        var text = unsafe String(decoding: bytes, as: UTF8.self)
        if text.withUTF8({ unsafe $0.elementsEqual(bytes) }) { return text }
        var repaired: [UInt8] = []
        repaired.reserveCapacity(bytes.count + 16)
        var parser = UTF8.ForwardParser()
        var iterator = unsafe bytes.makeIterator()
        reading: while true {
            switch unsafe parser.parseScalar(from: &iterator) {
            case .valid(let scalar):
                repaired.append(contentsOf: scalar)
            case .error:
                repaired.append(contentsOf: UTF8.encodedReplacementCharacter)
                repairs += 1
            case .emptyInput:
                break reading
            }
        }
        return String(decoding: repaired, as: UTF8.self)
    }

    /// A key without escapes; pages repeat the same few keys, which then share their storage.
    @inline(__always) private mutating func cachedName(_ start: Int, _ end: Int, isASCII: Bool) -> String {
        let length = end - start
        let head: UInt64
        let tail: UInt64
        if length >= 8 {
            head = word(at: start)
            tail = word(at: end - 8)
        } else if start + 8 <= count {
            head = word(at: start) & ((1 &<< UInt64(truncatingIfNeeded: length * 8)) &- 1)
            tail = 0
        } else {
            return isASCII ? text(start, end) : decoded(start, end)
        }
        let slot = names.slot(head: head, tail: tail, length: length)
        if let earlier = names.candidate(in: slot, head: head, tail: tail, length: length) {
            // Head and tail cover up to 16 bytes; what lies between them is compared with the earlier occurrence.
            var position = 8
            while position + 8 < length, word(at: earlier + position) == word(at: start + position) {
                position += 8
            }
            if position + 8 >= length { return names.name(in: slot) }
        }
        let repairsBefore = repairs
        let name = isASCII ? text(start, end) : decoded(start, end)
        if repairs == repairsBefore { names.keep(name, in: slot, head: head, tail: tail, length: length, start: start) }
        return name
    }

    // MARK: Memory

    @inline(__always) private func byte(at position: Int) -> UInt8 {
        assert(position >= 0 && position < count)
        return unsafe base[position]
    }

    /// The eight bytes from `position` on, the first one lowest.
    @inline(__always) private func word(at position: Int) -> UInt64 {
        assert(position >= 0 && position + 8 <= count)
        return UInt64(
            littleEndian: unsafe UnsafeRawPointer(base).loadUnaligned(
                fromByteOffset: position, as: UInt64.self))
    }

    @inline(__always) private func bytes(_ start: Int, _ end: Int) -> UnsafeBufferPointer<UInt8> {
        assert(start >= 0 && start <= end && end <= count)
        return unsafe UnsafeBufferPointer(start: base + start, count: end - start)
    }
}
