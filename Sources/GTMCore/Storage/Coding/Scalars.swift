#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Bool: FieldValue {
    @inline(__always)
    func write(to writer: inout BinaryWriter, as number: UInt8) {
        if self {
            writer.key(number, .mark)
        } else {
            writer.key(number, .varint)
            writer.varint(0)
        }
    }

    @inline(__always)
    init(from reader: inout BinaryReader, _ kind: WireKind) throws(CodingFault) {
        switch kind {
        case .mark: self = true
        case .varint where try reader.varint() == 0: self = false
        default: throw reader.fault("true or false")
        }
    }

    var storedJSON: JSONValue { .bool(self) }

    init(storedJSON json: JSONValue) throws(CodingFault) {
        guard case .bool(let flag) = json else { throw CodingFault(expected: "true or false") }
        self = flag
    }
}

// MARK: Integers

extension Int64 {
    /// Undoes ``BinaryWriter/zigzag(_:)``.
    @inline(__always)
    init(zigzag bits: UInt64) { self = Int64(bitPattern: bits >> 1) ^ -Int64(bitPattern: bits & 1) }
}

extension Int64: FieldValue {
    @inline(__always)
    func write(to writer: inout BinaryWriter, as number: UInt8) {
        writer.key(number, .varint)
        writer.zigzag(self)
    }

    @inline(__always)
    init(from reader: inout BinaryReader, _ kind: WireKind) throws(CodingFault) {
        self.init(zigzag: try reader.integer(kind))
    }

    var storedJSON: JSONValue { .integer(self) }

    init(storedJSON json: JSONValue) throws(CodingFault) {
        guard case .integer(let number) = json else { throw CodingFault(expected: "an integer of 64 bits") }
        self = number
    }
}

extension Int: FieldValue {
    @inline(__always)
    func write(to writer: inout BinaryWriter, as number: UInt8) { Int64(self).write(to: &writer, as: number) }

    @inline(__always)
    init(from reader: inout BinaryReader, _ kind: WireKind) throws(CodingFault) {
        guard let number = Int(exactly: try Int64(from: &reader, kind)) else {
            throw reader.fault("an integer that this machine can hold")
        }
        self = number
    }

    var storedJSON: JSONValue { .integer(Int64(self)) }

    init(storedJSON json: JSONValue) throws(CodingFault) {
        guard case .integer(let number) = json, let number = Int(exactly: number) else {
            throw CodingFault(expected: "an integer")
        }
        self = number
    }
}

extension UInt64: FieldValue {
    @inline(__always)
    func write(to writer: inout BinaryWriter, as number: UInt8) {
        writer.key(number, .varint)
        writer.varint(self)
    }

    @inline(__always)
    init(from reader: inout BinaryReader, _ kind: WireKind) throws(CodingFault) { self = try reader.integer(kind) }

    var storedJSON: JSONValue { Int64(exactly: self).map { .integer($0) } ?? .decimal(String(self)) }

    init(storedJSON json: JSONValue) throws(CodingFault) {
        let number: UInt64? =
            switch json {
            case .integer(let number): UInt64(exactly: number)
            case .decimal(let digits): UInt64(digits)
            default: nil
            }
        guard let number else { throw CodingFault(expected: "an integer of 64 bits, not negative") }
        self = number
    }
}

/// A varint where 64 bits hold it, else its 16 bytes, the lowest first; a text in JSON.
extension Int128: FieldValue {
    func write(to writer: inout BinaryWriter, as number: UInt8) {
        if let small = Int64(exactly: self) {
            small.write(to: &writer, as: number)
        } else {
            writer.key(number, .frame)
            writer.byte(16)
            writer.eight(UInt64(truncatingIfNeeded: self))
            writer.eight(UInt64(truncatingIfNeeded: self >> 64))
        }
    }

    init(from reader: inout BinaryReader, _ kind: WireKind) throws(CodingFault) {
        switch kind {
        case .varint: self.init(try reader.zigzag())
        case .frame where try reader.length() == 16:
            let low = try reader.eight()
            self = Int128(Int64(bitPattern: try reader.eight())) << 64 | Int128(low)
        default: throw reader.fault("an integer of 128 bits")
        }
    }

    var storedJSON: JSONValue { .string(String(self)) }

    init(storedJSON json: JSONValue) throws(CodingFault) {
        guard case .string(let text) = json, let number = Int128(text) else {
            throw CodingFault(expected: "the digits of an integer of 128 bits, as a text")
        }
        self = number
    }
}

// MARK: Doubles and times

extension Double: FieldValue {
    @inline(__always)
    func write(to writer: inout BinaryWriter, as number: UInt8) {
        writer.key(number, .eight)
        writer.eight(bitPattern)
    }

    @inline(__always)
    init(from reader: inout BinaryReader, _ kind: WireKind) throws(CodingFault) {
        guard kind == .eight else { throw reader.fault("a number of eight bytes") }
        self.init(bitPattern: try reader.eight())
    }

    /// What JSON has no number for, as `{"bits": "7ff0000000000000"}`.
    var storedJSON: JSONValue { isFinite ? .double(self) : ["bits": .string(String(bitPattern, radix: 16))] }

    init(storedJSON json: JSONValue) throws(CodingFault) {
        switch json {
        case .double(let number): self = number
        case .integer(let number): self = Double(number)
        case .object(let object):
            guard let bits = object["bits"]?.string.flatMap({ UInt64($0, radix: 16) }) else { fallthrough }
            self.init(bitPattern: bits)
        default: throw CodingFault(expected: "a number")
        }
    }
}

/// Whole seconds since 1970 as a varint, which takes five bytes for years; any other time as the bits that it is made
/// of. Either way exactly the same time comes back.
extension Date: FieldValue {
    private static let secondsTo2001: Int64 = 978_307_200

    @inline(__always)
    func write(to writer: inout BinaryWriter, as number: UInt8) {
        let interval = timeIntervalSinceReferenceDate
        // Beyond 2^53 neighbouring doubles are seconds apart. The bits tell -0 from 0.
        if interval.magnitude < 0x1p53, case let seconds = Int64(interval),
            Double(seconds).bitPattern == interval.bitPattern
        {
            writer.key(number, .varint)
            writer.zigzag(seconds + Self.secondsTo2001)
        } else {
            writer.key(number, .eight)
            writer.eight(interval.bitPattern)
        }
    }

    @inline(__always)
    init(from reader: inout BinaryReader, _ kind: WireKind) throws(CodingFault) {
        switch kind {
        case .varint:
            self.init(timeIntervalSinceReferenceDate: Double(try reader.zigzag() &- Self.secondsTo2001))
        case .eight: self.init(timeIntervalSinceReferenceDate: Double(bitPattern: try reader.eight()))
        default: throw reader.fault("a time")
        }
    }

    /// ISO 8601 where the very same time comes back from it, else `{"reference_seconds_bits": "41c7…"}`: the bits of
    /// the seconds since 2001.
    var storedJSON: JSONValue {
        if let text = exactText { return .string(text) }
        return ["reference_seconds_bits": .string(String(timeIntervalSinceReferenceDate.bitPattern, radix: 16))]
    }

    /// The time with as few digits of a fraction as say exactly the same: none, three or six.
    private var exactText: String? {
        let text = Timestamp.format(self)
        if isExactly(text) { return text }
        let interval = timeIntervalSinceReferenceDate
        let whole = interval.rounded(.down)
        let micros = ((interval - whole) * 1e6).rounded()
        guard (1..<1e6).contains(micros) else { return nil }
        let digits = String(1_000_000 + Int(micros)).dropFirst()
        let fine = "\(Timestamp.format(Date(timeIntervalSinceReferenceDate: whole)).dropLast()).\(digits)Z"
        return isExactly(fine) ? fine : nil
    }

    private func isExactly(_ text: String) -> Bool {
        // What cannot be parsed is not exactly this time: nothing is lost.
        let time = try? Timestamp.parse(text)
        return time?.timeIntervalSinceReferenceDate.bitPattern == timeIntervalSinceReferenceDate.bitPattern
    }

    init(storedJSON json: JSONValue) throws(CodingFault) {
        switch json {
        case .string(let text):
            do { self = try Timestamp.parse(text) } catch { throw CodingFault(expected: "a time in ISO 8601") }
        case .object(let object):
            guard let bits = object["reference_seconds_bits"]?.string.flatMap({ UInt64($0, radix: 16) }) else {
                fallthrough
            }
            self.init(timeIntervalSinceReferenceDate: Double(bitPattern: bits))
        default: throw CodingFault(expected: "a time in ISO 8601")
        }
    }
}

extension Duration: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "seconds", components.seconds)
        fields.put(2, "attoseconds", components.attoseconds)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        self.init(
            secondsComponent: try fields.required(1, "seconds"),
            attosecondsComponent: try fields.required(2, "attoseconds"))
    }
}

// MARK: Texts

extension String: Framed {
    @inline(__always)
    func writeFrame(to writer: inout BinaryWriter) { writer.text(self) }

    @inline(__always)
    init(framedIn reader: inout BinaryReader) throws(CodingFault) { self = try reader.text() }

    var storedJSON: JSONValue { .string(self) }

    init(storedJSON json: JSONValue) throws(CodingFault) {
        guard case .string(let text) = json else { throw CodingFault(expected: "a text") }
        self = text
    }
}

/// A value that is a text of its own kind.
protocol StorableText: Framed {
    /// The text that is kept.
    var storedText: String { get }

    /// Takes a text that was kept.
    init(storedText: String)
}

extension StorableText {
    @inline(__always)
    func writeFrame(to writer: inout BinaryWriter) { writer.text(storedText) }

    @inline(__always)
    init(framedIn reader: inout BinaryReader) throws(CodingFault) { self.init(storedText: try reader.text()) }

    var storedJSON: JSONValue { .string(storedText) }

    init(storedJSON json: JSONValue) throws(CodingFault) {
        guard case .string(let text) = json else { throw CodingFault(expected: "a text") }
        self.init(storedText: text)
    }
}

// MARK: Lists

/// The number of elements and their frames; an array in JSON.
extension Array: Framed, FieldValue where Element: Framed {
    @inline(__always)
    func writeFrame(to writer: inout BinaryWriter) {
        let frame = writer.open()
        writer.varint(UInt64(truncatingIfNeeded: count))
        for element in self { element.writeFrame(to: &writer) }
        writer.close(frame)
    }

    @inline(__always)
    init(framedIn reader: inout BinaryReader) throws(CodingFault) {
        let frame = try reader.enter()
        // Every element takes a byte at least; room for more than a few of them is made only as they turn up.
        let count = try reader.length()
        self.init()
        reserveCapacity(Swift.min(count, 64))
        for _ in 0..<count { append(try Element(framedIn: &reader)) }
        guard reader.isAtEnd else { throw reader.fault("the end of a list") }
        reader.leave(frame)
    }

    var storedJSON: JSONValue { .array(map(\.storedJSON)) }

    init(storedJSON json: JSONValue) throws(CodingFault) {
        guard case .array(let values) = json else { throw CodingFault(expected: "an array") }
        self.init()
        reserveCapacity(values.count)
        for (place, value) in values.enumerated() {
            do { append(try Element(storedJSON: value)) } catch { throw error.within("[\(place)]") }
        }
    }
}

/// A list of pairs in the order of the keys, so that equal dictionaries have equal bytes.
extension Dictionary: Framed, FieldValue where Key: Framed & Comparable, Value: Framed {
    private struct Pair: Storable {
        let key: Key
        let value: Value

        init(_ key: Key, _ value: Value) {
            self.key = key
            self.value = value
        }

        func write(to fields: inout some FieldWriter) {
            fields.put(1, "key", key)
            fields.put(2, "value", value)
        }

        init(from fields: inout some FieldReader) throws(CodingFault) {
            key = try fields.required(1, "key")
            value = try fields.required(2, "value")
        }
    }

    private var pairs: [Pair] { sorted { $0.key < $1.key }.map { Pair($0.key, $0.value) } }

    private init?(_ pairs: [Pair]) {
        self.init(minimumCapacity: pairs.count)
        for pair in pairs where updateValue(pair.value, forKey: pair.key) != nil { return nil }
    }

    func writeFrame(to writer: inout BinaryWriter) { pairs.writeFrame(to: &writer) }

    init(framedIn reader: inout BinaryReader) throws(CodingFault) {
        guard let value = Self(try [Pair](framedIn: &reader)) else { throw reader.fault("each key once") }
        self = value
    }

    var storedJSON: JSONValue { pairs.storedJSON }

    init(storedJSON json: JSONValue) throws(CodingFault) {
        guard let value = Self(try [Pair](storedJSON: json)) else { throw CodingFault(expected: "each key once") }
        self = value
    }
}
