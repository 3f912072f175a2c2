/// The address of one record: source instance, stream and the vendor's own id. Two are the same when their bytes are.
public struct RecordID: Sendable, Hashable {
    /// The account that the record was read from.
    public var source: SourceID
    /// The stream within the source, such as `contacts`.
    public var stream: String
    /// The vendor's id within the stream, always as text.
    public var id: String

    /// Creates the address of a record.
    public init(source: SourceID, stream: String, id: String) {
        self.source = source
        self.stream = stream
        self.id = id
    }
}

extension RecordID: Comparable, CustomStringConvertible {
    public static func == (left: Self, right: Self) -> Bool {
        left.id.utf8Equals(right.id) && left.stream.utf8Equals(right.stream) && left.source == right.source
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(source)
        hasher.combine(utf8: stream)
        hasher.combine(utf8: id)
    }

    public static func < (left: Self, right: Self) -> Bool {
        if left.source != right.source { return left.source < right.source }
        if !left.stream.utf8Equals(right.stream) { return left.stream.utf8Precedes(right.stream) }
        return left.id.utf8Precedes(right.id)
    }

    /// `vendor/account/stream/id`.
    public var description: String { "\(source)/\(stream)/\(id)" }
}

/// A key by which one system knows a thing that another system may mention: `stripe:cus_1`. Two are the same when their
/// bytes are.
public struct ExternalID: Sendable, Hashable {
    /// The system that gave the id, such as `stripe`.
    public var system: String
    /// The id itself.
    public var id: String

    /// Creates a foreign key.
    public init(system: String, id: String) {
        self.system = system
        self.id = id
    }
}

extension ExternalID: Comparable, CustomStringConvertible {
    public static func == (left: Self, right: Self) -> Bool {
        left.id.utf8Equals(right.id) && left.system.utf8Equals(right.system)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(utf8: system)
        hasher.combine(utf8: id)
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.system.utf8Equals(right.system)
            ? left.id.utf8Precedes(right.id) : left.system.utf8Precedes(right.system)
    }

    /// `system:id`.
    public var description: String { "\(system):\(id)" }
}
