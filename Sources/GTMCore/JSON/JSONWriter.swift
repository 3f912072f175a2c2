/// Writes trees, and single scalars, as JSON in UTF-8.
///
/// What the reader has read is written so that it reads as the same tree. Doubles have the fewest digits that read as
/// the same number (`299.0`, `0.1`, `1e+300`). What JSON has no form for becomes `null`: a ``JSONValue/tooDeep(offset:)``,
/// a double that is not finite, a ``JSONValue/decimal(_:)`` whose text is not a number.
///
/// To write a stream of one's own, append to a buffer that is handed on and emptied now and then:
///
/// ```swift
/// JSONWriter.append(string: "email", to: &buffer)
/// buffer.append(UInt8(ascii: ":"))
/// JSONWriter.append(customer.tree, to: &buffer)
/// ```
public enum JSONWriter {
    /// How the text is laid out.
    public struct Style: Sendable, Hashable {
        private enum Base { case compact, pretty }
        private let base: Base
        /// No white space at all.
        public static let compact = Self(base: .compact)
        /// A line for each member and element, each level two spaces further in; no line end behind the last line.
        public static let pretty = Self(base: .pretty)
    }

    /// The document of a tree, in UTF-8.
    public static func bytes(_ value: JSONValue, style: Style = .compact) -> [UInt8] {
        var output = JSONOutput()
        write(value, style, to: &output)
        return output.bytes
    }

    /// The document of a tree.
    public static func text(_ value: JSONValue, style: Style = .compact) -> String {
        var output = JSONOutput()
        write(value, style, to: &output)
        return output.text
    }

    /// Appends the document of a tree.
    public static func append(_ value: JSONValue, style: Style = .compact, to bytes: inout [UInt8]) {
        var output = JSONOutput()
        write(value, style, to: &output)
        output.append(to: &bytes)
    }

    /// Appends a text in quotes, escaped as needed; also the form of a key.
    public static func append(string: String, to bytes: inout [UInt8]) {
        var output = JSONOutput(capacity: string.utf8.count + 16)
        output.write(string: string)
        output.append(to: &bytes)
    }

    /// Appends the digits of an integer.
    public static func append(integer: Int64, to bytes: inout [UInt8]) {
        var output = JSONOutput(capacity: 24)
        output.write(integer: integer)
        output.append(to: &bytes)
    }

    /// Appends the fewest digits that read as the same double; `null` where it is not finite.
    public static func append(double: Double, to bytes: inout [UInt8]) {
        var output = JSONOutput(capacity: 32)
        output.write(double: double)
        output.append(to: &bytes)
    }

    private static func write(_ value: JSONValue, _ style: Style, to output: inout JSONOutput) {
        if style == .compact { output.write(value) } else { output.write(value, indentation: 0) }
    }
}

extension JSONOutput {
    /// Writes a tree without white space.
    mutating func write(_ value: JSONValue) {
        switch value {
        case .array(let elements):
            put("[")
            var isFirst = true
            for element in elements {
                if isFirst { isFirst = false } else { put(",") }
                write(element)
            }
            put("]")
        case .object(let object):
            put("{")
            var isFirst = true
            for member in object.members {
                if isFirst { isFirst = false } else { put(",") }
                write(string: member.key)
                put(":")
                write(member.value)
            }
            put("}")
        default:
            write(scalar: value)
        }
    }

    /// Writes a tree in lines; the first line is not indented, the further ones by `indentation` spaces at least.
    mutating func write(_ value: JSONValue, indentation: Int) {
        switch value {
        case .array(let elements) where !elements.isEmpty:
            put("[")
            for position in elements.indices {
                if position > 0 { put(",") }
                writeLine(indentation + 2)
                write(elements[position], indentation: indentation + 2)
            }
            writeLine(indentation)
            put("]")
        case .object(let object) where !object.members.isEmpty:
            put("{")
            for position in object.members.indices {
                if position > 0 { put(",") }
                writeLine(indentation + 2)
                write(string: object.members[position].key)
                put(":")
                put(" ")
                write(object.members[position].value, indentation: indentation + 2)
            }
            writeLine(indentation)
            put("}")
        default:
            write(value)
        }
    }

    private mutating func writeLine(_ indentation: Int) {
        put("\n")
        for _ in 0..<indentation { put(" ") }
    }

    private mutating func write(scalar: JSONValue) {
        switch scalar {
        case .string(let text): write(string: text)
        case .integer(let number): write(integer: number)
        case .double(let number): write(double: number)
        case .bool(let flag): write(ascii: flag ? "true" : "false")
        case .decimal(let digits): write(ascii: JSONNumberText.isNumber(digits.utf8) ? digits : "null")
        case .null, .tooDeep, .array, .object: write(ascii: "null")
        }
    }

    /// Writes the fewest digits, or `null`.
    mutating func write(double: Double) {
        write(ascii: double.isFinite ? double.description : "null")
    }
}
