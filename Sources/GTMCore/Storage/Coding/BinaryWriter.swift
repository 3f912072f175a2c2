/// How long the content behind a key is: what a reader must know to pass over a field that it does not know.
enum WireKind: UInt8 {
    /// An integer of 64 bits: seven bits a byte, the lowest first, as few bytes as do.
    case varint = 0
    /// Eight bytes, the lowest first.
    case eight = 1
    /// A length as a varint, and as many bytes.
    case frame = 2
    /// Nothing: that the field is there says all.
    case mark = 3
}

/// Writes fields in the compact form, at the end of a buffer.
///
/// A field is a key byte, four times its number plus its ``WireKind``, and its content. Nothing is written for a field
/// that has no value, and there is one way of writing each value, so that equal values have equal bytes.
struct BinaryWriter: FieldWriter {
    /// Everything written so far, behind what the buffer held before.
    private(set) var bytes: [UInt8]
    var home: RecordID?
    /// The number of the field that was written last in the value under way.
    private var last: UInt8 = 0

    /// Takes a buffer over; hand it in without keeping it, so that it is not copied.
    init(appendingTo bytes: consuming [UInt8]) { self.bytes = bytes }

    @inline(__always)
    mutating func put<Value: FieldValue>(_ number: UInt8, _ name: String, _ value: Value?) {
        guard let value else { return }
        value.write(to: &self, as: number)
    }

    // MARK: Keys and frames

    /// Writes a key.
    @inline(__always)
    mutating func key(_ number: UInt8, _ kind: WireKind) {
        assert(number > last, "field \(number) after \(last); expected ascending numbers, each once")
        assert(number < 64, "field \(number); expected 1...63")
        last = number
        bytes.append(number << 2 | kind.rawValue)
    }

    /// A frame whose length is not known yet.
    struct OpenFrame {
        fileprivate let start: Int
        fileprivate let last: UInt8
    }

    /// Begins a frame.
    @inline(__always)
    mutating func open() -> OpenFrame {
        bytes.append(0)
        let frame = OpenFrame(start: bytes.count, last: last)
        last = 0
        return frame
    }

    /// Ends a frame: puts its length in front, moving the content where the length takes more than one byte.
    @inline(__always)
    mutating func close(_ frame: OpenFrame) {
        last = frame.last
        let length = bytes.count - frame.start
        if length < 0x80 {
            bytes[frame.start - 1] = UInt8(truncatingIfNeeded: length)
        } else {
            closeLong(frame.start, length)
        }
    }

    @inline(never)
    private mutating func closeLong(_ start: Int, _ length: Int) {
        let extra = (Int.bitWidth - length.leadingZeroBitCount + 6) / 7 - 1
        for _ in 0..<extra { bytes.append(0) }
        unsafe bytes.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            unsafe (base + start + extra).copyMemory(from: base + start, byteCount: length)
            var rest = length
            var place = start - 1
            while rest >= 0x80 {
                unsafe bytes[place] = UInt8(truncatingIfNeeded: rest) | 0x80
                rest >>= 7
                place += 1
            }
            unsafe bytes[place] = UInt8(truncatingIfNeeded: rest)
        }
    }

    // MARK: Contents

    /// Writes one byte.
    @inline(__always)
    mutating func byte(_ byte: UInt8) { bytes.append(byte) }

    /// Writes an integer in as few bytes as do.
    @inline(__always)
    mutating func varint(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Writes an integer so that small ones of either sign are short.
    @inline(__always)
    mutating func zigzag(_ number: Int64) { varint(UInt64(bitPattern: number << 1 ^ number >> 63)) }

    /// Writes eight bytes.
    @inline(__always)
    mutating func eight(_ bits: UInt64) {
        unsafe withUnsafeBytes(of: bits.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    /// Writes a length and as many bytes.
    mutating func frame(_ content: [UInt8]) {
        varint(UInt64(truncatingIfNeeded: content.count))
        bytes.append(contentsOf: content)
    }

    /// Writes the length of a text and its UTF-8.
    @inline(__always)
    mutating func text(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            varint(UInt64(truncatingIfNeeded: utf8.count))
            unsafe bytes.append(contentsOf: utf8)
        }
    }
}
