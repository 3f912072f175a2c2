/// Reads fields in the compact form, forwards only, and trusts nothing: whatever the bytes are, reading ends with a
/// value or a ``CodingFault``, and takes memory in proportion to the bytes.
///
/// It lives within the scope that lends it the bytes.
@safe struct BinaryReader: FieldReader {
    private let bytes: UnsafeRawBufferPointer
    /// Where the next byte is read.
    private(set) var position = 0
    /// Where the innermost frame ends.
    private var end: Int
    /// The number of the field that was read last in the value under way.
    private var last: UInt8 = 0
    private var depth = 0
    var home: RecordID?
    let leavesOutTexts: Bool

    /// The depth of frames within each other beyond which bytes are refused; the values of the library nest no deeper
    /// than ten, trees of JSON no deeper than the JSON reader allows.
    static let depthLimit = JSONReader.Limits.greatestDepth + 32

    /// Reads from the first byte on.
    init(_ bytes: UnsafeRawBufferPointer, leavingOutTexts: Bool = false) {
        unsafe self.bytes = bytes
        end = bytes.count
        leavesOutTexts = leavingOutTexts
    }

    /// A fault at the current place.
    @inline(never)
    func fault(_ expected: String) -> CodingFault { CodingFault(expected: expected, offset: position) }

    // MARK: Fields

    @inline(__always)
    mutating func value<Value: FieldValue>(_ number: UInt8, _ name: String, as type: Value.Type)
        throws(CodingFault) -> Value?
    {
        guard let kind = try find(number) else { return nil }
        return try Value(from: &self, kind)
    }

    @inline(__always)
    mutating func word<Value: Word>(_ number: UInt8, _ name: String, as type: Value.Type) throws(CodingFault) -> Value?
    {
        guard let kind = try find(number) else { return nil }
        return Value(number: try integer(kind))
    }

    mutating func skip(_ number: UInt8, _ name: String) throws(CodingFault) -> Bool {
        guard let kind = try find(number) else { return false }
        try skip(kind)
        return true
    }

    /// Goes to the content of a field, passing over those of smaller numbers; `nil` where it is absent.
    @inline(__always)
    private mutating func find(_ number: UInt8) throws(CodingFault) -> WireKind? {
        while position < end {
            let key = unsafe bytes[position]
            let found = key >> 2
            if found > number { return nil }
            guard found > last, let kind = WireKind(rawValue: key & 3) else {
                throw fault("a field of a number above \(last)")
            }
            position += 1
            last = found
            if found == number { return kind }
            try skip(kind)
        }
        return nil
    }

    @inline(never)
    private mutating func skip(_ kind: WireKind) throws(CodingFault) {
        switch kind {
        case .varint: _ = try varint()
        case .eight: _ = try eight()
        case .frame: position += try length()
        case .mark: break
        }
    }

    // MARK: Frames

    /// The frame around the one that was entered.
    struct OuterFrame {
        fileprivate let end: Int
        fileprivate let last: UInt8
    }

    /// Enters a frame: reads its length, and confines reading to it.
    @inline(__always)
    mutating func enter() throws(CodingFault) -> OuterFrame {
        let length = try length()
        guard depth < Self.depthLimit else { throw fault("at most \(Self.depthLimit) frames within each other") }
        let outer = OuterFrame(end: end, last: last)
        depth += 1
        end = position + length
        last = 0
        return outer
    }

    /// Leaves a frame, passing over what is left of it: fields of a later version.
    @inline(__always)
    mutating func leave(_ outer: OuterFrame) {
        position = end
        end = outer.end
        last = outer.last
        depth -= 1
    }

    /// Whether the innermost frame has been read to its end.
    var isAtEnd: Bool { position == end }

    // MARK: Contents

    /// Reads one byte.
    @inline(__always)
    mutating func byte() throws(CodingFault) -> UInt8 {
        guard position < end else { throw fault("a byte") }
        defer { position += 1 }
        return unsafe bytes[position]
    }

    /// Reads an integer.
    @inline(__always)
    mutating func varint() throws(CodingFault) -> UInt64 {
        if position < end {
            let byte = unsafe bytes[position]
            if byte < 0x80 {
                position += 1
                return UInt64(byte)
            }
        }
        return try longVarint()
    }

    private mutating func longVarint() throws(CodingFault) -> UInt64 {
        var number: UInt64 = 0
        var shift: UInt64 = 0
        var place = position
        while place < end, shift < 64 {
            let byte = unsafe bytes[place]
            place += 1
            number |= UInt64(byte & 0x7F) &<< shift
            if byte < 0x80 {
                // Neither bits beyond the 64th nor a byte that adds none: each number has one form.
                guard byte != 0, shift < 63 || byte == 1 else { break }
                position = place
                return number
            }
            shift += 7
        }
        throw fault("an integer of 64 bits")
    }

    /// Reads an integer that was written as ``BinaryWriter/zigzag(_:)`` does.
    @inline(__always)
    mutating func zigzag() throws(CodingFault) -> Int64 {
        Int64(zigzag: try varint())
    }

    /// Reads an integer behind a key that must announce one.
    @inline(__always)
    mutating func integer(_ kind: WireKind) throws(CodingFault) -> UInt64 {
        guard kind == .varint else { throw fault("an integer") }
        return try varint()
    }

    /// Reads eight bytes.
    @inline(__always)
    mutating func eight() throws(CodingFault) -> UInt64 {
        guard end - position >= 8 else { throw fault("eight bytes") }
        defer { position += 8 }
        return UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    /// Reads a length that the innermost frame has room for.
    @inline(__always)
    mutating func length() throws(CodingFault) -> Int {
        let length = try varint()
        guard length <= UInt64(truncatingIfNeeded: end - position) else { throw fault("a length within its frame") }
        return Int(truncatingIfNeeded: length)
    }

    /// Reads a length and as many bytes.
    mutating func frame() throws(CodingFault) -> [UInt8] {
        let length = try length()
        defer { position += length }
        return unsafe [UInt8](UnsafeRawBufferPointer(rebasing: bytes[position..<position + length]))
    }

    /// Reads the length of a text and the text.
    @inline(__always)
    mutating func text() throws(CodingFault) -> String {
        let length = try length()
        let utf8 = unsafe UnsafeRawBufferPointer(rebasing: bytes[position..<position + length])
        if unsafe Self.isASCII(utf8) {
            // Nothing to repair: this way is four times as fast as the validating one.
            position += length
            return unsafe String(decoding: utf8, as: UTF8.self)
        }
        guard let text = unsafe String(validating: utf8, as: UTF8.self) else { throw fault("a text in UTF-8") }
        position += length
        return text
    }

    @inline(__always)
    private static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var seen: UInt64 = 0
        var position = 0
        while position + 8 <= bytes.count {
            seen |= unsafe bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            position += 8
        }
        while position < bytes.count {
            seen |= UInt64(unsafe bytes[position])
            position += 1
        }
        return seen & 0x8080_8080_8080_8080 == 0
    }
}
