/// One JSON value: the tree in which vendors' answers are read.
///
/// Numbers keep what their digits say. An integer that fits 64 bits is ``integer(_:)``; a number with a fraction or an
/// exponent is ``double(_:)``, correctly rounded; one that neither can hold (an integer beyond 64 bits, `1e400`) is
/// ``decimal(_:)`` with its digits as written, so that no id and no amount is bent silently.
public enum JSONValue: Sendable, Hashable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number without fraction and exponent that fits 64 bits.
    case integer(Int64)
    /// A finite number with a fraction or an exponent.
    case double(Double)
    /// A number that neither 64-bit form can hold, as its digits.
    case decimal(String)
    /// A text.
    case string(String)
    /// An array, in order.
    case array([JSONValue])
    /// An object, its members in the order in which they were written.
    case object(JSONObject)
    /// A value that was nested deeper than the reader's limit and was left out; the offset of its first byte.
    ///
    /// The record that holds it is rejected, the rest of the page is read. It is written as `null`.
    case tooDeep(offset: Int)
}

/// The members of a JSON object, in the order in which they were written.
///
/// A key that occurs twice is kept twice; looking it up gives the last one, as most readers do.
public struct JSONObject: Sendable, Hashable {
    /// A key and its value.
    public struct Member: Sendable, Hashable {
        /// The member's name.
        public var key: String
        /// What stands behind it.
        public var value: JSONValue

        /// Creates a member.
        public init(key: String, value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// The members, in order.
    public var members: [Member]

    /// Creates an object with the given members, in order.
    public init(members: [Member] = []) {
        self.members = members
    }

    /// The value behind `key`, the last one where the key occurs more than once; `nil` where it does not occur.
    ///
    /// Setting replaces the last occurrence or appends; setting `nil` removes every occurrence.
    public subscript(key: String) -> JSONValue? {
        get {
            var index = members.count
            while index > 0 {
                index -= 1
                if members[index].key == key { return members[index].value }
            }
            return nil
        }
        set {
            if let newValue {
                if let index = members.lastIndex(where: { $0.key == key }) {
                    members[index].value = newValue
                } else {
                    members.append(Member(key: key, value: newValue))
                }
            } else {
                members.removeAll { $0.key == key }
            }
        }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(members: elements.map { Member(key: $0.0, value: $0.1) })
    }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(members: elements.map { JSONObject.Member(key: $0.0, value: $0.1) }))
    }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(nilLiteral: ()) { self = .null }
}

extension JSONValue {
    /// The member behind `key` where this is an object that has it.
    public subscript(key: String) -> JSONValue? {
        if case .object(let object) = self { object[key] } else { nil }
    }

    /// The object, where this is one.
    public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }
    /// The elements, where this is an array.
    public var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    /// The text, where this is one.
    public var string: String? { if case .string(let text) = self { text } else { nil } }
    /// The truth value, where this is one.
    public var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    /// The integer, where this is one of 64 bits.
    public var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
    /// Whether this is `null`.
    public var isNull: Bool { self == .null }
}
