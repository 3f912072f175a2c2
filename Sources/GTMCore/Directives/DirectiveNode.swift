/// Where in which file a block of JSON stands.
struct DirectivePlace: Sendable {
    let file: String
    /// Lines before the block's first one.
    let offset: Int
    let index: JSONLineIndex
}

/// A value in a directive, read as what it has to be; whatever it is not is told with file and line.
///
/// ```swift
/// let weight = try component.member("weight").integer(in: 1...100)
/// ```
public struct DirectiveNode: Sendable {
    /// The value.
    public let value: JSONValue
    /// Where it stands within its block, such as `components[2].weight`; empty for the whole block.
    public let path: String
    private let place: DirectivePlace

    init(_ value: JSONValue, path: String, in place: DirectivePlace) {
        self.value = value
        self.path = path
        self.place = place
    }

    /// Reads a whole file of JSON, whose errors tell its lines.
    ///
    /// - Parameters:
    ///   - text: The file's content, as UTF-8.
    ///   - file: The name that errors tell.
    /// - Throws: ``DirectiveError`` for what is not JSON.
    public init(document text: [UInt8], file: String) throws(DirectiveError) {
        do {
            let place = DirectivePlace(file: file, offset: 0, index: JSONLineIndex(text))
            self.init(try JSONReader.read(text).value, path: "", in: place)
        } catch {
            throw DirectiveError(
                file: file, line: JSONLineIndex.line(ofOffset: error.offset, in: text),
                detail: "the file is no JSON: expected \(error.expected)")
        }
    }

    /// An error about this value.
    ///
    /// - Parameter expected: What was expected, in words that follow "expected".
    public func wrong(expected: String) -> DirectiveError {
        let subject = path.isEmpty ? "the block" : path
        return problem("\(subject) is \(Self.shown(value)); expected \(expected)")
    }

    /// An error at this place, in one's own words.
    public func problem(_ detail: String) -> DirectiveError {
        DirectiveError(file: place.file, line: place.offset + place.index.line(of: path), detail: detail)
    }

    // MARK: Objects

    /// The members of an object of which each has to be known.
    ///
    /// - Throws: ``DirectiveError`` where this is no object, a key is unknown, or one stands twice.
    public func members(_ known: [String]) throws(DirectiveError) -> [(key: String, node: DirectiveNode)] {
        let members = try self.members()
        for member in members where !known.contains(member.key) {
            throw member.node.problem(
                "\"\(member.key)\" is not known here; expected \(known.sorted().joined(separator: ", "))")
        }
        return members
    }

    /// The members of an object with keys of any name, in order.
    public func members() throws(DirectiveError) -> [(key: String, node: DirectiveNode)] {
        guard let object = value.object else { throw wrong(expected: "an object") }
        var found: [(key: String, node: DirectiveNode)] = []
        for member in object.members {
            let node = DirectiveNode(
                member.value, path: path.isEmpty ? member.key : "\(path).\(member.key)", in: place)
            if found.contains(where: { $0.key == member.key }) {
                throw node.problem("\"\(member.key)\" stands twice; expected it once")
            }
            found.append((member.key, node))
        }
        return found
    }

    /// A member that has to be there.
    public func member(_ key: String) throws(DirectiveError) -> DirectiveNode {
        guard let node = try optional(key) else {
            throw problem("\(path.isEmpty ? "the block" : path) lacks \"\(key)\"")
        }
        return node
    }

    /// A member that may be missing; `null` counts as missing.
    public func optional(_ key: String) throws(DirectiveError) -> DirectiveNode? {
        guard let object = value.object else { throw wrong(expected: "an object") }
        guard let member = object[key], member != .null else { return nil }
        return DirectiveNode(member, path: path.isEmpty ? key : "\(path).\(key)", in: place)
    }

    // MARK: Values

    /// The elements of a list.
    public func elements() throws(DirectiveError) -> [DirectiveNode] {
        guard let elements = value.array else { throw wrong(expected: "a list") }
        return elements.enumerated().map { DirectiveNode($1, path: "\(path)[\($0)]", in: place) }
    }

    /// A whole number within a range.
    public func integer(in range: ClosedRange<Int>) throws(DirectiveError) -> Int {
        guard let number = value.integer, let whole = Int(exactly: number), range.contains(whole) else {
            throw wrong(expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return whole
    }

    /// An exact decimal number.
    public func number() throws(DirectiveError) -> Fraction {
        guard value.string == nil, let digits = value.exactDecimal, let number = Fraction(decimal: digits) else {
            throw wrong(expected: "a number")
        }
        return number
    }

    /// A text that is not empty.
    public func text() throws(DirectiveError) -> String {
        guard let text = value.text else { throw wrong(expected: "a text") }
        return text
    }

    /// True or false.
    public func flag() throws(DirectiveError) -> Bool {
        guard case .bool(let flag) = value else { throw wrong(expected: "true or false") }
        return flag
    }

    /// A list of texts, none of them twice.
    public func texts() throws(DirectiveError) -> [String] {
        var texts: [String] = []
        for element in try elements() {
            let text = try element.text()
            if texts.contains(text) { throw element.problem("\"\(text)\" stands twice; expected it once") }
            texts.append(text)
        }
        return texts
    }

    /// One of the words of a type.
    public func word<Word: RawRepresentable & CaseIterable>(
        as type: Word.Type = Word.self
    ) throws(DirectiveError) -> Word where Word.RawValue == String {
        guard let word = value.string.flatMap(Word.init(rawValue:)) else {
            throw wrong(expected: Word.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", "))
        }
        return word
    }

    /// A value as it may be shown: scalars as they are, the rest by kind.
    private static func shown(_ value: JSONValue) -> String {
        switch value {
        case .object: "an object"
        case .array(let elements): elements.isEmpty ? "an empty list" : "a list"
        case .null: "not given"
        default: JSONWriter.text(value)
        }
    }
}
