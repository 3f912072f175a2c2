/// A value that a store keeps: one description of its fields serves the compact form of the files and JSON.
///
/// Fields have a number for the one form and a name for the other. Both are for ever: a field that goes leaves its
/// number and name unused, a new one takes the next number, and is optional, or has a value that stands in for it in
/// files that were written before. Fields are written and read in the order of their numbers, 1...63.
///
/// ```swift
/// extension Tag: Storable {
///     func write(to fields: inout some FieldWriter) { fields.put(1, "name", name) }
///     init(from fields: inout some FieldReader) throws(CodingFault) {
///         self.init(name: try fields.required(1, "name"))
///     }
/// }
/// ```
protocol Storable: Framed {
    /// Writes every field, in the order of the numbers.
    func write(to fields: inout some FieldWriter)

    /// Reads what ``write(to:)`` wrote, in the same order.
    init(from fields: inout some FieldReader) throws(CodingFault)
}

/// Takes the fields of one value after another.
protocol FieldWriter {
    /// The record that further ids are written relative to, where the form does so; JSON writes them whole.
    var home: RecordID? { get set }

    /// Writes a field; nothing for `nil`.
    mutating func put<Value: FieldValue>(_ number: UInt8, _ name: String, _ value: Value?)
}

extension FieldWriter {
    /// Writes a list; nothing for an empty one.
    @inline(__always)
    mutating func put<Element: Framed>(_ number: UInt8, _ name: String, unlessEmpty list: [Element]) {
        put(number, name, list.isEmpty ? nil : list)
    }
}

/// Gives the fields of one value, asked for in the order in which they were written.
protocol FieldReader {
    /// The record that further ids are relative to, where the form has such.
    var home: RecordID? { get set }

    /// Whether long texts are passed over; they read as empty then.
    var leavesOutTexts: Bool { get }

    /// Reads a field; `nil` where it is absent.
    mutating func value<Value: FieldValue>(_ number: UInt8, _ name: String, as type: Value.Type)
        throws(CodingFault) -> Value?

    /// Reads a choice; `nil` where it is absent, and in a file also where it is a choice of a later version. In JSON,
    /// which people write too, an unknown word is a fault.
    mutating func word<Value: Word>(_ number: UInt8, _ name: String, as type: Value.Type) throws(CodingFault) -> Value?

    /// Passes over a field; whether it was there.
    mutating func skip(_ number: UInt8, _ name: String) throws(CodingFault) -> Bool

    /// A fault at the place that was read last.
    func fault(_ expected: String) -> CodingFault
}

extension FieldReader {
    /// Reads a field; `nil` where it is absent.
    @inline(__always)
    mutating func value<Value: FieldValue>(_ number: UInt8, _ name: String) throws(CodingFault) -> Value? {
        try value(number, name, as: Value.self)
    }

    /// Reads a choice, as ``word(_:_:as:)`` does.
    @inline(__always)
    mutating func word<Value: Word>(_ number: UInt8, _ name: String) throws(CodingFault) -> Value? {
        try word(number, name, as: Value.self)
    }

    /// Reads a field that is always there.
    @inline(__always)
    mutating func required<Value: FieldValue>(_ number: UInt8, _ name: String) throws(CodingFault) -> Value {
        guard let value = try value(number, name, as: Value.self) else { throw fault("a field named \(name)") }
        return value
    }

    /// Reads a list; empty where it is absent.
    @inline(__always)
    mutating func list<Element: Framed>(_ number: UInt8, _ name: String) throws(CodingFault) -> [Element] {
        try value(number, name, as: [Element].self) ?? []
    }

    /// Reads a text that may be long; empty where such are passed over.
    @inline(__always)
    mutating func longText(_ number: UInt8, _ name: String) throws(CodingFault) -> String {
        guard leavesOutTexts else { return try required(number, name) }
        guard try skip(number, name) else { throw fault("a field named \(name)") }
        return ""
    }
}

/// What a field can hold, in both forms.
protocol FieldValue: Sendable {
    /// Writes key and content.
    func write(to writer: inout BinaryWriter, as number: UInt8)

    /// Reads the content behind a key of this kind.
    init(from reader: inout BinaryReader, _ kind: WireKind) throws(CodingFault)

    /// The value in JSON.
    var storedJSON: JSONValue { get }

    /// Reads the value from JSON.
    init(storedJSON json: JSONValue) throws(CodingFault)
}

/// A value that stands in a frame with its length, so that several may follow each other in a list.
protocol Framed: FieldValue {
    /// Writes length and content.
    func writeFrame(to writer: inout BinaryWriter)

    /// Reads length and content.
    init(framedIn reader: inout BinaryReader) throws(CodingFault)
}

extension Framed {
    @inline(__always)
    func write(to writer: inout BinaryWriter, as number: UInt8) {
        writer.key(number, .frame)
        writeFrame(to: &writer)
    }

    @inline(__always)
    init(from reader: inout BinaryReader, _ kind: WireKind) throws(CodingFault) {
        guard kind == .frame else { throw reader.fault("a frame") }
        try self.init(framedIn: &reader)
    }
}

extension Storable {
    @inline(__always)
    func writeFrame(to writer: inout BinaryWriter) {
        let frame = writer.open()
        write(to: &writer)
        writer.close(frame)
    }

    @inline(__always)
    init(framedIn reader: inout BinaryReader) throws(CodingFault) {
        let frame = try reader.enter()
        try self.init(from: &reader)
        reader.leave(frame)
    }

    var storedJSON: JSONValue {
        var writer = JSONFieldWriter()
        write(to: &writer)
        return .object(writer.object)
    }

    init(storedJSON json: JSONValue) throws(CodingFault) {
        guard case .object(let object) = json else { throw CodingFault(expected: "an object") }
        var reader = JSONFieldReader(object)
        try self.init(from: &reader)
    }
}
