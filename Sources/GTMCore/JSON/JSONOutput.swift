/// A growing buffer of UTF-8 that takes scalars in the forms of JSON.
@safe struct JSONOutput: ~Copyable {
    private var base: UnsafeMutablePointer<UInt8>
    private var count = 0
    private var capacity: Int

    init(capacity: Int = 256) {
        self.capacity = max(capacity, 32)
        unsafe base = .allocate(capacity: self.capacity)
    }

    deinit { unsafe base.deallocate() }

    /// What was written.
    var bytes: [UInt8] { unsafe Array(UnsafeBufferPointer(start: base, count: count)) }
    /// What was written.
    var text: String { unsafe String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self) }

    /// Appends what was written.
    func append(to bytes: inout [UInt8]) {
        unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: base, count: count))
    }

    /// Writes one ASCII character.
    @inline(__always) mutating func put(_ character: Unicode.Scalar) {
        reserve(1)
        unsafe base[count] = UInt8(truncatingIfNeeded: character.value)
        count += 1
    }

    /// Writes a text that needs no escape.
    mutating func write(ascii text: String) {
        var text = text
        text.withUTF8 { unsafe write($0) }
    }

    /// Writes a text in quotes.
    mutating func write(string: String) {
        let isWritten: Void? = unsafe string.utf8.withContiguousStorageIfAvailable { unsafe write(quoted: $0) }
        if isWritten == nil {
            var string = string
            string.withUTF8 { unsafe write(quoted: $0) }
        }
    }

    /// Writes the digits.
    mutating func write(integer: Int64) {
        reserve(20)
        if integer < 0 { put("-") }
        var rest = integer.magnitude
        var end = count + 1
        var bound: UInt64 = 10
        while rest >= bound {
            end += 1
            let (next, overflows) = bound.multipliedReportingOverflow(by: 10)
            if overflows { break }
            bound = next
        }
        count = end
        repeat {
            end -= 1
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            unsafe base[end] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
            rest = quotient
        } while rest > 0
    }

    private mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) {
        reserve(bytes.count)
        if let source = bytes.baseAddress { unsafe (base + count).update(from: source, count: bytes.count) }
        count += bytes.count
    }

    /// Writes UTF-8 in quotes, run by run between the bytes that need an escape.
    @inline(__always) private mutating func write(quoted bytes: UnsafeBufferPointer<UInt8>) {
        reserve(bytes.count + 2)
        unsafe base[count] = UInt8(ascii: "\"")
        count += 1
        var position = 0
        while position < bytes.count {
            let end = unsafe Self.plainEnd(bytes, from: position)
            unsafe write(UnsafeBufferPointer(rebasing: bytes[position..<end]))
            position = end
            if position < bytes.count {
                write(escaped: unsafe bytes[position])
                position += 1
            }
        }
        put("\"")
    }

    /// The end of the run from `start` on that needs no escape.
    @inline(__always) private static func plainEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var position = start
        while position + 8 <= bytes.count {
            let word = UInt64(
                littleEndian: unsafe UnsafeRawBufferPointer(bytes).loadUnaligned(
                    fromByteOffset: position, as: UInt64.self))
            let quotes = word ^ 0x2222_2222_2222_2222
            let backslashes = word ^ 0x5C5C_5C5C_5C5C_5C5C
            let stops =
                ((quotes &- 0x0101_0101_0101_0101) & ~quotes)
                | ((backslashes &- 0x0101_0101_0101_0101) & ~backslashes)
                | ((word &- 0x2020_2020_2020_2020) & ~word)
            let marks = stops & 0x8080_8080_8080_8080
            if marks != 0 { return position + marks.trailingZeroBitCount >> 3 }
            position += 8
        }
        while position < bytes.count {
            let byte = unsafe bytes[position]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            position += 1
        }
        return position
    }

    private mutating func write(escaped byte: UInt8) {
        put("\\")
        switch byte {
        case UInt8(ascii: "\""): put("\"")
        case UInt8(ascii: "\\"): put("\\")
        case 0x08: put("b")
        case 0x09: put("t")
        case 0x0A: put("n")
        case 0x0C: put("f")
        case 0x0D: put("r")
        default:
            write(ascii: byte < 0x10 ? "u000" : "u001")
            let digit = byte & 0xF
            put(Unicode.Scalar(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10))
        }
    }

    @inline(__always) private mutating func reserve(_ additional: Int) {
        if capacity - count < additional { grow(additional) }
    }

    @inline(never) private mutating func grow(_ additional: Int) {
        capacity = max(capacity * 2, count + additional)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        unsafe larger.update(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = larger
    }
}
