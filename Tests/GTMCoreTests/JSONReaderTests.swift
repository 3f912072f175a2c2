import FoundationEssentials
import GTMCore
import Testing

@Suite("JSON reader") struct JSONReaderTests {
    @Test(
        "What the grammar allows is read",
        arguments: [
            ("null", .null), (" true ", true), ("\t\r\n false", false), ("\u{FEFF}1", 1), ("\"\"", ""), ("[]", []),
            ("[ ]", []), ("{}", [:]), ("{ }", [:]), ("[[],{}]", [[], [:]]), ("[1 , 2]", [1, 2]),
            ("{\"a\" : 1 , \"b\":[{\"c\":null}]}", ["a": 1, "b": [["c": nil]]]),
            ("{\"\":0}", ["": 0]), ("{\"a\":1,\"a\":2}", ["a": 1, "a": 2]),
            ("{\"a\":{\"x\":1},\"b\":[[2],3],\"c\":4}", ["a": ["x": 1], "b": [[2], 3], "c": 4]),
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u20AC\ud83d\uDE00""#, "Aé€😀"),
            (#""\u0000""#, "\0"), (#""\uFFFE\uffff""#, "\u{FFFE}\u{FFFF}"), ("\"\u{7F}\u{2028}\"", "\u{7F}\u{2028}"),
            ("\"12345678\"", "12345678"), (#""1234567\n90123456\"""#, "1234567\n90123456\""),
            ("\"Zoë\"", "Zoë"), ("{\"größe\":1}", ["größe": 1]), (#"{"\u0061":1}"#, ["a": 1]),
        ] as [(String, JSONValue)])
    func readsValid(text: String, expected: JSONValue) throws {
        #expect(try JSONReader.read(text) == JSONDocument(value: expected))
    }

    @Test(
        "Numbers keep what their digits say",
        arguments: [
            ("0", 0), ("-0", 0), ("7", 7), ("-7", -7), ("999999999999999999", 999_999_999_999_999_999),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .decimal("9223372036854775808")),
            ("-9223372036854775809", .decimal("-9223372036854775809")),
            ("18446744073709551616", .decimal("18446744073709551616")),
            ("99999999999999999999", .decimal("99999999999999999999")),
            ("-100000000000000000000000", .decimal("-100000000000000000000000")),
            ("299.0", .double(299)), ("0.1", .double(0.1)), ("-0.0", .double(-0.0)), ("1e3", .double(1000)),
            ("1E+2", .double(100)), ("1e-2", .double(0.01)), ("123456789012345.6", .double(123456789012345.6)),
            ("0.30000000000000004", .double(0.30000000000000004)), ("1e22", .double(1e22)), ("1e23", .double(1e23)),
            ("9007199254740993.0", .double(9007199254740992)),
            ("2.2250738585072014e-308", .double(.leastNormalMagnitude)),
            ("5e-324", .double(.leastNonzeroMagnitude)), ("1e-400", .double(0)), ("0e99999999999999999999", .double(0)),
            ("1.7976931348623157e308", .double(.greatestFiniteMagnitude)), ("1e400", .decimal("1e400")),
            ("-1e400", .decimal("-1e400")), ("1.5e99999999999999999999", .decimal("1.5e99999999999999999999")),
            ("0.000000000000000000000000000001", .double(1e-30)),
            ("123456789012345678901.5", .double(123456789012345678901.5)),
            ("1e18446744073709551617", .decimal("1e18446744073709551617")),
            ("1.00000000000000000000000000000000000001", .double(1)),
        ] as [(String, JSONValue)])
    func readsNumbers(text: String, expected: JSONValue) throws {
        #expect(try JSONReader.read(text).value == expected)
        #expect(try JSONReader.read("[\(text)]").value == [expected])
    }

    @Test("A negative zero keeps its sign as a double") func negativeZero() throws {
        guard case .double(let zero) = try JSONReader.read("-0.0").value else { throw JSONError.wrongKind }
        #expect(zero.sign == .minus)
    }

    @Test("Doubles are rounded as the standard library rounds them") func roundsDoubles() throws {
        var random = SplitMix(seed: 11)
        for _ in 0..<20_000 {
            let places = Int.random(in: 1...20, using: &random)
            var text = "\(UInt64.random(in: 0...(.max >> UInt64.random(in: 0...63, using: &random)), using: &random))."
            for _ in 0..<places { text += "\(Int.random(in: 0...9, using: &random))" }
            if Bool.random(using: &random) { text += "e\(Int.random(in: -330...330, using: &random))" }
            let expected = try #require(Double(text))
            let value = try JSONReader.read(text).value
            guard value == (expected.isFinite ? .double(expected) : .decimal(text)) else {
                Issue.record("\(text) was read as \(value)")
                return
            }
        }
    }

    @Test(
        "What the grammar forbids is refused, with its place",
        arguments: [
            ("", .emptyInput, 0), (" \n", .emptyInput, 2), ("\u{FEFF}", .emptyInput, 3), ("[", .unexpectedEnd, 1),
            ("{", .unexpectedEnd, 1), ("[1,", .unexpectedEnd, 3), ("{\"a\"", .unexpectedEnd, 4),
            ("{\"a\":", .unexpectedEnd, 5), ("{\"a\":1", .unexpectedEnd, 6), ("\"a", .unexpectedEnd, 2),
            ("\"a\\", .unexpectedEnd, 3), ("\"\\u12", .unexpectedEnd, 5), ("tru", .unexpectedEnd, 3),
            ("-", .unexpectedEnd, 1),
            ("1.", .unexpectedEnd, 2), ("1e", .unexpectedEnd, 2), ("1e+", .unexpectedEnd, 3),
            ("[\"a\"", .unexpectedEnd, 4),
            ("[1,]", .unexpectedByte, 3), ("{\"a\":1,}", .unexpectedByte, 7), ("[,1]", .unexpectedByte, 1),
            ("[1 2]", .unexpectedByte, 3), ("[1}", .unexpectedByte, 2), ("{\"a\":1]", .unexpectedByte, 6),
            ("{a:1}", .unexpectedByte, 1), ("{'a':1}", .unexpectedByte, 1), ("{\"a\" 1}", .unexpectedByte, 5),
            ("{\"a\":}", .unexpectedByte, 5), ("{1:1}", .unexpectedByte, 1), ("{\"a\",1}", .unexpectedByte, 4),
            ("nul1", .unexpectedByte, 3), ("True", .unexpectedByte, 0), ("NaN", .unexpectedByte, 0),
            ("Infinity", .unexpectedByte, 0), ("+1", .unexpectedByte, 0), (".5", .unexpectedByte, 0),
            ("[1.]", .invalidNumber, 3), ("[1e]", .invalidNumber, 3), ("[-]", .invalidNumber, 2),
            ("-a", .invalidNumber, 1),
            ("01", .invalidNumber, 1), ("-012", .invalidNumber, 2), ("00.5", .invalidNumber, 1),
            ("0x1", .trailingBytes, 1),
            ("1 1", .trailingBytes, 2), ("[]]", .trailingBytes, 2), ("{}}", .trailingBytes, 2),
            ("null,", .trailingBytes, 4),
            ("truex", .trailingBytes, 4), ("\"a\"b", .trailingBytes, 3), ("// c\n1", .unexpectedByte, 0),
            ("[1]/**/", .trailingBytes, 3), ("\"\\x\"", .invalidEscape, 2), ("\"\\u12g4\"", .invalidEscape, 5),
            ("\"\\U0041\"", .invalidEscape, 2), ("\"a\nb\"", .controlCharacter, 2), ("\"\t\"", .controlCharacter, 1),
            ("\"123456789\u{1F}\"", .controlCharacter, 10), ("{\"a\u{0}\":1}", .controlCharacter, 3),
            ("\"a\0\"", .controlCharacter, 2), ("\0", .unexpectedByte, 0), ("1\0", .trailingBytes, 1),
            ("\u{A0}1", .unexpectedByte, 0), ("\u{C}1", .unexpectedByte, 0), ("]", .unexpectedByte, 0),
            (":", .unexpectedByte, 0),
        ] as [(String, JSONError.Code, Int)])
    func refusesInvalid(text: String, code: JSONError.Code, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONReader.read(text) }
        #expect(error?.code == code)
        #expect(error?.offset == offset)
        #expect(throws: (any Error).self) { try JSONReader.read("[[\(text),0]]", limits: .init(maximumDepth: 1)) }
    }

    @Test("An error says what it expected, and nothing of the document") func errorsAreDiscreet() {
        let error = #expect(throws: JSONError.self) { try JSONReader.read(#"{"email":"ada@example.com" "x":1}"#) }
        #expect(error?.description == "unexpectedByte at byte 27: expected ',' or '}'")
    }

    @Test(
        "Ill-formed texts are repaired, one count for each U+FFFD written",
        arguments: [
            ([0xFF], "\u{FFFD}", 1), ([0x61, 0xC3], "a\u{FFFD}", 1), ([0xE2, 0x82], "\u{FFFD}", 1),
            ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}", 3), ([0xC0, 0x80], "\u{FFFD}\u{FFFD}", 2),
            ([0xF0, 0x9F, 0x98, 0x61], "\u{FFFD}a", 1), ([0xEF, 0xBF, 0xBD], "\u{FFFD}", 0),
            (Array(#"\ud800"#.utf8), "\u{FFFD}", 1), (Array(#"\udc00x"#.utf8), "\u{FFFD}x", 1),
            (Array(#"\ud800\ud800"#.utf8), "\u{FFFD}\u{FFFD}", 2), (Array(#"\ud800\ud83d\ude00"#.utf8), "\u{FFFD}😀", 1),
            (Array(#"\ud83dA"#.utf8), "\u{FFFD}A", 1), (Array(#"\ud83d\n"#.utf8), "\u{FFFD}\n", 1),
            ([0xFF] + Array(#"\ud800"#.utf8), "\u{FFFD}\u{FFFD}", 2), ([0xC3] + Array(#"\u00e9"#.utf8), "\u{FFFD}é", 1),
        ] as [([UInt8], String, Int)])
    func repairs(bytes: [UInt8], expected: String, count: Int) throws {
        let quoted = [0x22] + bytes + [0x22]
        #expect(try JSONReader.read(quoted) == JSONDocument(value: .string(expected), repairs: count))
        let key = Array("[{".utf8) + quoted + Array(":1},{".utf8) + quoted + Array(":2}]".utf8)
        let tree: JSONValue = [
            .object(JSONObject(members: [.init(key: expected, value: 1)])),
            .object(JSONObject(members: [.init(key: expected, value: 2)])),
        ]
        #expect(try JSONReader.read(key) == JSONDocument(value: tree, repairs: 2 * count))
        let deep = Array("[[".utf8) + quoted + Array("]]".utf8)
        #expect(try JSONReader.read(deep, limits: .init(maximumDepth: 1)).repairs == 0)
    }

    @Test("Bytes outside texts are never repaired") func refusesIllFormedStructure() {
        #expect(throws: JSONError(code: .unexpectedByte, offset: 1, expected: "a value")) {
            try JSONReader.read([0x5B, 0xFF, 0x5D])
        }
    }

    @Test("A value beyond the depth limit is left out, the rest is read") func leavesOutDeepValues() throws {
        let limits = JSONReader.Limits(maximumDepth: 2)
        let text = #"{"a":[1],"b":[ [2,{"c":"]"}],{}, 3],"d":{"e":{"f":[{}, [[]], "\""]}},"g":"x"}"#
        let expected: JSONValue = [
            "a": [1], "b": [.tooDeep(offset: 15), .tooDeep(offset: 29), 3], "d": ["e": .tooDeep(offset: 45)], "g": "x",
        ]
        #expect(try JSONReader.read(text, limits: limits) == JSONDocument(value: expected, tooDeep: 3))
        #expect(
            try JSONReader.read("[]", limits: .init(maximumDepth: 0)) == .init(value: .tooDeep(offset: 0), tooDeep: 1))
        #expect(try JSONReader.read("1", limits: .init(maximumDepth: 0)) == .init(value: 1))
        #expect(JSONReader.Limits(maximumDepth: 10_000).maximumDepth == 512)
        #expect(JSONReader.Limits(maximumDepth: -1).maximumDepth == 0)
    }

    @Test(
        "The structure of a value that is left out is checked all the same",
        arguments: [
            "[[1,2}]", "[{\"a\":[}]}]", "[[[]]", "[[1,]]", "[{\"a\" 1}]", "[{,}]", "[[nul]]", "[[01]]", "[[\"\\x\"]]",
            "[[\"\n\"]]",
        ])
    func checksDeepValues(text: String) {
        #expect(throws: JSONError.self) { try JSONReader.read(text, limits: .init(maximumDepth: 1)) }
    }

    @Test("The limit counts arrays and objects", arguments: [("[", "]"), ("{\"a\":", "}")])
    func countsContainers(open: String, close: String) throws {
        func nested(_ depth: Int) -> String {
            String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
        }
        #expect(try JSONReader.read(nested(512)).tooDeep == 0)
        #expect(try JSONReader.read(nested(513)).tooDeep == 1)
        let page = try JSONReader.read("[\(nested(10_000)),2,\(nested(511))]")
        #expect(page.tooDeep == 1)
        #expect(page.value.array?[1] == 2)
    }

    @Test("Any number of brackets is survived") func survivesBrackets() throws {
        let count = 1_000_000
        let open = [UInt8](repeating: UInt8(ascii: "["), count: count)
        #expect(throws: JSONError.self) { try JSONReader.read(open) }
        #expect(try JSONReader.read(open + [UInt8](repeating: UInt8(ascii: "]"), count: count)).tooDeep == 1)
    }

    @Test("All forms of input are read alike") func readsAllForms() throws {
        let bytes = Array(#"{"a":[1,"x"]}"#.utf8)
        let expected = JSONDocument(value: ["a": [1, "x"]])
        #expect(try JSONReader.read(bytes) == expected)
        #expect(try JSONReader.read(Data(bytes)) == expected)
        #expect(try JSONReader.read((Array("no".utf8) + bytes + [0x21])[2..<(2 + bytes.count)]) == expected)
        let error = #expect(throws: JSONError.self) { try JSONReader.read(Array("xx[1,]".utf8)[2...]) }
        #expect(error?.offset == 3)
        #expect(throws: JSONError.self) { try JSONReader.read(Data()) }
    }

    @Test("Keys of every length are kept apart") func keepsKeysApart() throws {
        var members: [JSONObject.Member] = []
        for length in 0...40 {
            let base = String(repeating: "k", count: length)
            members.append(.init(key: base, value: .integer(Int64(length))))
            for position in 0..<length {
                var scalars = Array(base.unicodeScalars)
                scalars[position] = "x"
                var key = String.UnicodeScalarView()
                key.append(contentsOf: scalars)
                members.append(.init(key: String(key), value: .integer(Int64(position))))
            }
        }
        let tree = JSONValue.array(Array(repeating: .object(JSONObject(members: members)), count: 3))
        #expect(try JSONReader.read(JSONWriter.bytes(tree)).value == tree)
    }

    @Test("Trees agree with what Foundation's decoder reads") func agreesWithDecoder() throws {
        var random = SplitMix(seed: 5)
        for _ in 0..<300 {
            let bytes = JSONWriter.bytes(.random(depth: 4, distinctKeys: true, using: &random))
            let decoded = try JSONDecoder().decode(Mirrored.self, from: Data(bytes))
            #expect(decoded.matches(try JSONReader.read(bytes).value))
        }
    }
}

@Suite("JSON lines") struct JSONLinesTests {
    @Test("Each line has its number and place; blank ones are passed over") func splitsLines() throws {
        let text = "{\"a\":1}\r\n\n  \t\r\n[2]\n bad\r\n3"
        let lines = Array(JSONLines(Array(text.utf8)))
        #expect(lines.map(\.number) == [1, 4, 5, 6])
        #expect(lines.map(\.offset) == [0, 15, 19, 25])
        #expect(lines.map { String(decoding: $0.bytes, as: UTF8.self) } == ["{\"a\":1}", "[2]", " bad", "3"])
        #expect(lines.map { try? $0.document().value } == [["a": 1], [2], nil, 3])
    }

    @Test("No bytes and blank bytes have no lines", arguments: ["", "\n", "\r\n\r\n", "  "])
    func blank(text: String) {
        #expect(Array(JSONLines(Array(text.utf8))).isEmpty)
    }
}

extension JSONError {
    fileprivate static let wrongKind = JSONError(code: .unexpectedByte, offset: 0, expected: "another kind of value")
}

/// What Foundation's decoder makes of a document.
private indirect enum Mirrored: Decodable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([Mirrored])
    case object([String: Mirrored])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .bool(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let elements = try? container.decode([Mirrored].self) {
            self = .array(elements)
        } else {
            self = .object(try container.decode([String: Mirrored].self))
        }
    }

    func matches(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .integer(let right)): left == Double(right)
        case (.number(let left), .double(let right)): left == right
        case (.number(let left), .decimal(let right)): left == Double(right)
        case (.string(let left), .string(let right)): left == right
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.matches($1) }
        case (.object(let left), .object(let right)):
            left.count == right.members.count
                && right.members.allSatisfy { left[$0.key]?.matches($0.value) ?? false }
        default: false
        }
    }
}
