/// The members one after the other, each a key and a value.
extension JSONObject: Framed {
    func writeFrame(to writer: inout BinaryWriter) {
        let frame = writer.open()
        writer.members(self, depth: 1)
        writer.close(frame)
    }

    init(framedIn reader: inout BinaryReader) throws(CodingFault) { self = try reader.members() }

    var storedJSON: JSONValue { JSONValue.object(self).wrapped(depth: 0) }

    init(storedJSON json: JSONValue) throws(CodingFault) {
        guard case .object(let object) = try json.unwrapped() else { throw CodingFault(expected: "an object") }
        self = object
    }
}

// MARK: Compact form

/// What stands in front of a value in the compact form.
private enum Shape: UInt8 {
    case null, no, yes, integer, double, decimal, string, array, object, tooDeep
}

extension BinaryWriter {
    private static let depthLimit = JSONReader.Limits.greatestDepth

    fileprivate mutating func members(_ object: JSONObject, depth: Int) {
        for member in object.members {
            text(member.key)
            value(member.value, depth: depth)
        }
    }

    private mutating func value(_ value: JSONValue, depth: Int) {
        switch value {
        case .null: byte(Shape.null.rawValue)
        case .bool(let flag): byte((flag ? Shape.yes : .no).rawValue)
        case .integer(let number):
            byte(Shape.integer.rawValue)
            zigzag(number)
        case .double(let number):
            byte(Shape.double.rawValue)
            eight(number.bitPattern)
        case .decimal(let digits):
            byte(Shape.decimal.rawValue)
            text(digits)
        case .string(let text):
            byte(Shape.string.rawValue)
            self.text(text)
        case .tooDeep(let offset):
            byte(Shape.tooDeep.rawValue)
            zigzag(Int64(offset))
        // What no reader of JSON would have let through is left out as it would have been.
        case .array where depth >= Self.depthLimit, .object where depth >= Self.depthLimit:
            self.value(.tooDeep(offset: 0), depth: depth)
        case .array(let elements):
            byte(Shape.array.rawValue)
            let frame = open()
            for element in elements { self.value(element, depth: depth + 1) }
            close(frame)
        case .object(let object):
            byte(Shape.object.rawValue)
            let frame = open()
            members(object, depth: depth + 1)
            close(frame)
        }
    }
}

/// Trees are read by recursion; what recurses is kept apart from the rest, so that a tree of the greatest depth fits the
/// stack of a secondary thread.
extension BinaryReader {
    fileprivate mutating func members() throws(CodingFault) -> JSONObject {
        let frame = try enterTree()
        var object = JSONObject()
        while !isAtEnd { try appendMember(to: &object) }
        leave(frame)
        return object
    }

    private mutating func appendMember(to object: inout JSONObject) throws(CodingFault) {
        object.members.append(JSONObject.Member(key: try key(), value: .null))
        try read(into: &object.members[object.members.count - 1].value)
    }

    private mutating func elements() throws(CodingFault) -> [JSONValue] {
        let frame = try enterTree()
        var elements: [JSONValue] = []
        while !isAtEnd {
            elements.append(.null)
            try read(into: &elements[elements.count - 1])
        }
        leave(frame)
        return elements
    }

    @inline(never)
    private mutating func read(into value: inout JSONValue) throws(CodingFault) {
        switch try shape() {
        case .array: value = .array(try elements())
        case .object: value = .object(try members())
        case let shape: value = try leaf(shape)
        }
    }

    @inline(never)
    private mutating func enterTree() throws(CodingFault) -> OuterFrame { try enter() }

    @inline(never)
    private mutating func key() throws(CodingFault) -> String { try text() }

    @inline(never)
    private mutating func shape() throws(CodingFault) -> Shape {
        guard let shape = Shape(rawValue: try byte()) else { throw fault("a known shape of value") }
        return shape
    }

    @inline(never)
    private mutating func leaf(_ shape: Shape) throws(CodingFault) -> JSONValue {
        switch shape {
        case .no: .bool(false)
        case .yes: .bool(true)
        case .integer: .integer(try zigzag())
        case .double: .double(Double(bitPattern: try eight()))
        case .decimal: .decimal(try text())
        case .string: .string(try text())
        case .tooDeep: .tooDeep(offset: Int(truncatingIfNeeded: try zigzag()))
        case .null, .array, .object: .null
        }
    }
}

// MARK: JSON

/// Values that JSON text would not give back are wrapped into an object with one member of these names.
private enum Wrapper: String {
    /// A double that is not finite, by its bits.
    case bits = "$double_bits"
    /// Digits that would be read as another kind of number, or as none.
    case decimal = "$decimal"
    /// The offset of what was left out.
    case tooDeep = "$too_deep"
    /// An object that looks like one of these.
    case object = "$object"
}

extension JSONValue {
    /// The value in a form that survives being written and read as JSON.
    fileprivate func wrapped(depth: Int) -> JSONValue {
        switch self {
        case .null, .bool, .integer, .string: return self
        case .double(let number):
            return number.isFinite ? self : Self.wrapper(.bits, .string(String(number.bitPattern, radix: 16)))
        case .decimal(let digits):
            // Unreadable digits are not natural, and wrapped.
            let natural = try? JSONReader.read(digits).value
            return natural == self ? self : Self.wrapper(.decimal, .string(digits))
        case .tooDeep(let offset): return Self.wrapper(.tooDeep, .integer(Int64(offset)))
        case .array where depth >= JSONReader.Limits.greatestDepth,
            .object where depth >= JSONReader.Limits.greatestDepth:
            return Self.wrapper(.tooDeep, .integer(0))
        case .array(let elements): return .array(elements.map { $0.wrapped(depth: depth + 1) })
        case .object(var object):
            for place in object.members.indices {
                object.members[place].value = object.members[place].value.wrapped(depth: depth + 1)
            }
            guard object.members.count == 1, Wrapper(rawValue: object.members[0].key) != nil else {
                return .object(object)
            }
            return Self.wrapper(.object, .object(object))
        }
    }

    private static func wrapper(_ wrapper: Wrapper, _ content: JSONValue) -> JSONValue {
        .object(JSONObject(members: [JSONObject.Member(key: wrapper.rawValue, value: content)]))
    }

    /// Undoes ``wrapped(depth:)``.
    fileprivate func unwrapped() throws(CodingFault) -> JSONValue {
        switch self {
        case .array(let elements):
            var result: [JSONValue] = []
            result.reserveCapacity(elements.count)
            for (place, element) in elements.enumerated() {
                do { result.append(try element.unwrapped()) } catch { throw error.within("[\(place)]") }
            }
            return .array(result)
        case .object(let object):
            guard object.members.count == 1, let wrapper = Wrapper(rawValue: object.members[0].key) else {
                return .object(try object.unwrappedMembers())
            }
            switch (wrapper, object.members[0].value) {
            case (.bits, .string(let text)):
                if let bits = UInt64(text, radix: 16) { return .double(Double(bitPattern: bits)) }
            case (.decimal, .string(let digits)): return .decimal(digits)
            case (.tooDeep, .integer(let offset)): return .tooDeep(offset: Int(truncatingIfNeeded: offset))
            case (.object, .object(let inner)): return .object(try inner.unwrappedMembers())
            default: break
            }
            throw CodingFault(expected: "a value that fits \(wrapper.rawValue)")
        default: return self
        }
    }
}

extension JSONObject {
    fileprivate func unwrappedMembers() throws(CodingFault) -> JSONObject {
        var object = self
        for place in object.members.indices {
            do { object.members[place].value = try object.members[place].value.unwrapped() } catch {
                throw error.within(".*")  // The names of attributes are the source's and may be personal.
            }
        }
        return object
    }
}
