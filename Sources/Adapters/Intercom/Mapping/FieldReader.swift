import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Reads the fields of one record: what is missing or `null` is `nil`, what has the wrong form is `nil` and noted.
///
/// Paths are closures, so that a record without faults builds none.
struct FieldReader {
    /// The longest text that is kept, in Unicode scalars; the rest is cut off and noted.
    static let longestText = 1000
    /// The longest identifier, in bytes; a longer one is none.
    static let longestIdentifier = 256
    /// How far ahead of the run, in seconds, a time may lie that cannot be in the future: clocks differ.
    static let futureTolerance: Double = 86_400
    /// The last second of the year 9999, the end of what counts as a time.
    static let lastSecond: Double = 253_402_300_799

    /// The record that is read.
    let record: RecordID
    /// The time of the run, in Unix seconds.
    let now: Double
    /// What could not be taken, so far.
    var issues: [FieldIssue] = []

    init(record: RecordID, now: Date) {
        self.record = record
        self.now = now.timeIntervalSince1970
    }

    mutating func note(_ path: String, _ reason: String) {
        issues.append(FieldIssue(record: record, path: path, reason: reason))
    }

    /// A text without white space around it; `nil` for an empty one.
    mutating func text(_ value: JSONValue?, _ path: @autoclosure () -> String) -> String? {
        guard let value, !value.isAbsent else { return nil }
        guard case .string = value else {
            note(path(), "expected a text, found \(value.kindName)")
            return nil
        }
        guard let text = value.text else { return nil }
        return capped(text, path())
    }

    /// Cuts off what exceeds ``longestText``.
    mutating func capped(_ text: String, _ path: @autoclosure () -> String) -> String {
        // A scalar has at least one byte: most texts need no counting.
        guard text.utf8.count > Self.longestText else { return text }
        let scalars = text.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: Self.longestText, limitedBy: scalars.endIndex),
            end != scalars.endIndex
        else { return text }
        note(path(), "the text has \(text.utf8.count) bytes; cut off after \(Self.longestText) characters")
        return String(scalars[..<end])
    }

    /// A key: a text or an integer.
    mutating func identifier(_ value: JSONValue?, _ path: @autoclosure () -> String) -> String? {
        guard let value, !value.isAbsent else { return nil }
        guard let id = value.identifier else {
            // An empty text says that there is none.
            if value.string == nil { note(path(), "expected a text or an integer, found \(value.kindName)") }
            return nil
        }
        guard id.utf8.count <= Self.longestIdentifier else {
            note(path(), "an identifier has at most \(Self.longestIdentifier) bytes; this one has \(id.utf8.count)")
            return nil
        }
        return id
    }

    /// The key of another record, where 0 says that there is none.
    mutating func reference(_ value: JSONValue?, _ path: @autoclosure () -> String) -> String? {
        guard let id = identifier(value, path()), id != "0" else { return nil }
        return id
    }

    mutating func boolean(_ value: JSONValue?, _ path: @autoclosure () -> String) -> Bool? {
        guard let value, !value.isAbsent else { return nil }
        if let flag = value.boolean { return flag }
        if value.string != nil, value.text == nil { return nil }
        note(path(), "expected true or false, found \(value.kindName)")
        return nil
    }

    /// A time in Unix seconds, or in ISO 8601 where the host writes it so; zero and less say that there is none.
    ///
    /// - Parameter mayBeAhead: Whether a time more than a day after the run is taken. Customers' own imports bring
    ///   such times, and they are mistakes.
    mutating func date(
        _ value: JSONValue?, mayBeAhead: Bool = true, _ path: @autoclosure () -> String
    ) -> Date? {
        guard let value, !value.isAbsent else { return nil }
        let seconds: Double
        switch value {
        case .integer(let whole): seconds = Double(whole)
        case .double(let number): seconds = number
        case .string:
            guard let text = value.text else { return nil }
            if let whole = value.int64 {
                seconds = Double(whole)
            } else {
                do {
                    seconds = try Timestamp.parse(text).timeIntervalSince1970
                } catch {
                    note(path(), "expected a time in Unix seconds or ISO 8601: \(error.code)")
                    return nil
                }
            }
        default:
            note(path(), "expected a time in Unix seconds, found \(value.kindName)")
            return nil
        }
        guard seconds > 0 else { return nil }
        guard seconds <= Self.lastSecond else {
            note(path(), "the time lies beyond the year 9999; expected Unix seconds")
            return nil
        }
        guard mayBeAhead || seconds <= now + Self.futureTolerance else {
            note(path(), "the time lies more than a day ahead of the run")
            return nil
        }
        return Date(timeIntervalSince1970: seconds)
    }

    /// A whole number of at least 0.
    mutating func count(_ value: JSONValue?, _ path: @autoclosure () -> String) -> Int? {
        guard let value, !value.isAbsent else { return nil }
        if value.string != nil, value.text == nil { return nil }
        guard let number = value.int64, number >= 0 else {
            note(path(), "expected a whole number of at least 0, found \(value.kindName)")
            return nil
        }
        return Int(number)
    }

    /// An object's members; anything else but `null` is noted.
    mutating func object(_ value: JSONValue?, _ path: @autoclosure () -> String) -> JSONObject? {
        guard let value, !value.isAbsent else { return nil }
        if case .object(let object) = value { return object }
        note(path(), "expected an object, found \(value.kindName)")
        return nil
    }

    /// An address; an empty text is none, an invalid one is noted with the rule that it breaks.
    mutating func email(_ value: JSONValue?, _ path: @autoclosure () -> String) -> EmailAddress? {
        guard let value, !value.isAbsent else { return nil }
        guard case .string(let text) = value else {
            note(path(), "expected a text, found \(value.kindName)")
            return nil
        }
        do {
            return try EmailAddress(text)
        } catch {
            if value.text != nil { note(path(), error.description) }
            return nil
        }
    }
}

extension JSONValue {
    /// Whether this is `null`.
    var isAbsent: Bool { if case .null = self { true } else { false } }

    /// What this is, in words that hold nothing of it.
    var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "a Boolean"
        case .integer, .double, .decimal: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        case .tooDeep: "a value nested too deeply"
        }
    }

    /// Whether a value that was nested too deeply was left out somewhere within.
    var holdsTooDeep: Bool {
        switch self {
        case .tooDeep: true
        case .array(let elements): elements.contains(where: \.holdsTooDeep)
        case .object(let object): object.members.contains { $0.value.holdsTooDeep }
        default: false
        }
    }
}
