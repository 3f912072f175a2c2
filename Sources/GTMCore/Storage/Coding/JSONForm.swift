/// The form of export and restore: values by the names of their fields.
///
/// Everything comes back exactly: integers beyond 53 bits, times to the last bit, attributes with their order.
enum JSONForm {
    /// Writes a value.
    static func object(of value: some Storable) -> JSONObject {
        var writer = JSONFieldWriter()
        value.write(to: &writer)
        return writer.object
    }

    /// Reads a value; members that it does not know are passed over, `null` counts as absent.
    static func read<Value: Storable>(_ type: Value.Type = Value.self, from object: JSONObject)
        throws(CodingFault) -> Value
    {
        var reader = JSONFieldReader(object)
        return try Value(from: &reader)
    }
}

/// Collects fields as the members of an object.
struct JSONFieldWriter: FieldWriter {
    /// The fields written so far.
    private(set) var object = JSONObject()
    private var last: UInt8 = 0

    init() {}

    /// Always `nil`: ids are whole in JSON.
    var home: RecordID? {
        get { nil }
        set {}
    }

    mutating func put<Value: FieldValue>(_ number: UInt8, _ name: String, _ value: Value?) {
        assert(number > last && number < 64, "field \(number) after \(last); expected ascending numbers up to 63")
        assert(!object.members.contains { $0.key == name }, "field \(name) twice")
        last = number
        guard let value else { return }
        object.members.append(JSONObject.Member(key: name, value: value.storedJSON))
    }
}

/// Gives the members of an object as fields.
struct JSONFieldReader: FieldReader {
    private let fields: JSONFields

    init(_ object: JSONObject) { fields = JSONFields(object) }

    /// Always `nil`: ids are whole in JSON.
    var home: RecordID? {
        get { nil }
        set {}
    }

    var leavesOutTexts: Bool { false }

    func fault(_ expected: String) -> CodingFault { CodingFault(expected: expected) }

    mutating func value<Value: FieldValue>(_ number: UInt8, _ name: String, as type: Value.Type)
        throws(CodingFault) -> Value?
    {
        guard let json = fields.present(name) else { return nil }
        do { return try Value(storedJSON: json) } catch { throw error.within(".\(name)") }
    }

    mutating func word<Value: Word>(_ number: UInt8, _ name: String, as type: Value.Type) throws(CodingFault) -> Value?
    {
        try value(number, name, as: type)
    }

    mutating func skip(_ number: UInt8, _ name: String) throws(CodingFault) -> Bool { fields.present(name) != nil }
}
