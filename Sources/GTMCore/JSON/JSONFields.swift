/// The members of one object, made ready for many look-ups by name.
///
/// Mapping code asks one object for dozens of members. ``JSONObject`` answers each by walking through its members;
/// `JSONFields` looks at every key once, when it is made, and then finds each name in one step. The answers are the
/// same: `nil` for an absent member, the last one of a key that occurs more than once.
///
/// ```swift
/// let fields = JSONFields(contact)
/// let email = fields["email"]?.text
/// let phone = fields["phone"]?.text
/// ```
///
/// It pays from about five look-ups on; make it where the object is mapped and let it go with the scope.
public struct JSONFields: Sendable {
    /// How names are found.
    private enum Index {
        /// By the object itself: few members.
        case none
        /// By position plus one in a table of 128 slots, at least half of them 0 for empty; all keys are ASCII.
        case slots([UInt8])
        case dictionary([String: Int])
    }

    private static let slotCount = 128

    /// The object.
    public let object: JSONObject
    private let index: Index

    /// Makes an object ready; an empty one answers `nil` to every name.
    public init(_ object: JSONObject) {
        self.object = object
        index = Self.index(of: object.members)
    }

    /// The value behind `key`, the last one where the key occurs more than once; `nil` where it does not occur.
    public subscript(key: String) -> JSONValue? {
        switch index {
        case .none: return object[key]
        case .dictionary(let positions): return positions[key].map { object.members[$0].value }
        case .slots(let slots):
            // A key beyond ASCII could equal one within it only by canonical equivalence, which the bytes do not show.
            guard var slot = Self.slot(of: key) else { return object[key] }
            while slots[slot] != 0 {
                let position = Int(slots[slot]) - 1
                if object.members[position].key == key { return object.members[position].value }
                slot = (slot + 1) & (Self.slotCount - 1)
            }
            return nil
        }
    }

    /// As ``subscript(_:)``, but `nil` also where the value is `null`: for vendors that write both for the same thing.
    public func present(_ key: String) -> JSONValue? {
        guard let value = self[key] else { return nil }
        if case .null = value { return nil }
        return value
    }

    private static func index(of members: [JSONObject.Member]) -> Index {
        if members.count <= 4 { return .none }
        if members.count <= slotCount / 2, let slots = slots(for: members) { return .slots(slots) }
        // Keyed by a hash that nobody can aim at: neither many members nor chosen ones make this slow.
        var positions: [String: Int] = [:]
        positions.reserveCapacity(members.count)
        for position in members.indices { positions[members[position].key] = position }
        return .dictionary(positions)
    }

    /// The table, or `nil` where a key is not ASCII.
    private static func slots(for members: [JSONObject.Member]) -> [UInt8]? {
        var slots = [UInt8](repeating: 0, count: slotCount)
        for position in members.indices {
            guard var slot = slot(of: members[position].key) else { return nil }
            while slots[slot] != 0, members[Int(slots[slot]) - 1].key != members[position].key {
                slot = (slot + 1) & (slotCount - 1)
            }
            slots[slot] = UInt8(position + 1)  // The last one of equal keys stays.
        }
        return slots
    }

    /// The first slot of an ASCII key; `nil` for any other.
    @inline(__always) private static func slot(of key: String) -> Int? {
        let found = unsafe key.utf8.withContiguousStorageIfAvailable { bytes in
            var mixed = UInt64(truncatingIfNeeded: bytes.count)
            var seen: UInt64 = 0
            var position = 0
            while position + 8 <= bytes.count {
                let word = unsafe UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: position, as: UInt64.self)
                seen |= word
                mixed = (mixed ^ word) &* 0x9E37_79B9_7F4A_7C15
                mixed ^= mixed &>> 29
                position += 8
            }
            var word: UInt64 = 0
            while position < bytes.count {
                word = word &<< 8 | UInt64(unsafe bytes[position])
                position += 1
            }
            seen |= word
            mixed = (mixed ^ word) &* 0x9E37_79B9_7F4A_7C15
            return seen & 0x8080_8080_8080_8080 == 0 ? Int(truncatingIfNeeded: mixed &>> 57) : -1
        }
        guard let found, found >= 0 else { return nil }
        return found
    }
}

extension JSONValue {
    /// The members made ready for many look-ups, where this is an object.
    public var fields: JSONFields? {
        if case .object(let object) = self { JSONFields(object) } else { nil }
    }
}
