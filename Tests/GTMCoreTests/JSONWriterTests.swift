import GTMCore
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite("JSON writer") struct JSONWriterTests {
    @Test(
        "Values are written compactly",
        arguments: [
            (.null, "null"), (true, "true"), (false, "false"), (0, "0"), (-10, "-10"),
            (.integer(.min), "-9223372036854775808"),
            (.integer(.max), "9223372036854775807"), (.integer(99), "99"), (.integer(100), "100"),
            (.integer(1_000_000_000_000_000_000), "1000000000000000000"),
            (299.0, "299.0"), (0.1, "0.1"), (.double(-0.0), "-0.0"), (1e300, "1e+300"), (.double(.nan), "null"),
            (.double(.infinity), "null"), (.decimal("18446744073709551616"), "18446744073709551616"),
            (.decimal("1e400"), "1e400"), (.decimal("1],["), "null"), (.decimal(""), "null"), (.decimal("007"), "null"),
            (.tooDeep(offset: 3), "null"), ("", "\"\""), ("a\"b\\c/", #""a\"b\\c/""#),
            ("\u{8}\u{C}\n\r\t", #""\b\f\n\r\t""#),
            ("\0\u{1F}\u{7F}", "\"\\u0000\\u001f\u{7F}\""), ("Zoë 😀", "\"Zoë 😀\""), ("12345678\"", #""12345678\"""#),
            ([], "[]"), ([:], "{}"), ([1, [], "x"], #"[1,[],"x"]"#), (["a": 1, "b\n": [:]], #"{"a":1,"b\n":{}}"#),
        ] as [(JSONValue, String)])
    func writesCompactly(value: JSONValue, expected: String) {
        #expect(JSONWriter.text(value) == expected)
        #expect(JSONWriter.bytes(value) == Array(expected.utf8))
        var bytes = Array("x".utf8)
        JSONWriter.append(value, to: &bytes)
        #expect(bytes == Array("x\(expected)".utf8))
    }

    @Test("The pretty form has a line for each member") func writesPrettily() {
        let value: JSONValue = ["a": [1, ["b": nil]], "c": [], "d": [:]]
        #expect(
            JSONWriter.text(value, style: .pretty) == """
                {
                  "a": [
                    1,
                    {
                      "b": null
                    }
                  ],
                  "c": [],
                  "d": {}
                }
                """)
    }

    @Test("Scalars are appended to a buffer of the caller's") func appendsScalars() {
        var bytes: [UInt8] = []
        JSONWriter.append(string: "a\n", to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        JSONWriter.append(integer: -12, to: &bytes)
        bytes.append(UInt8(ascii: ","))
        JSONWriter.append(double: 2.50, to: &bytes)
        JSONWriter.append(double: .nan, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == #""a\n":-12,2.5null"#)
    }

    @Test("What was written reads as the same tree", arguments: [JSONWriter.Style.compact, .pretty])
    func roundTrips(style: JSONWriter.Style) throws {
        var random = SplitMix(seed: 3)
        for _ in 0..<3_000 {
            let tree = JSONValue.random(depth: 5, using: &random)
            let bytes = JSONWriter.bytes(tree, style: style)
            guard try JSONReader.read(bytes) == JSONDocument(value: tree) else {
                Issue.record("not the same tree: \(tree)")
                return
            }
        }
    }

    @Test("Damaged documents never crash, and what reads of them is written and read alike", arguments: 1...8)
    func survivesMutation(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let alphabet = Array("{}[]\",:\\u0019eE+-.tfn \n/\u{FF}".utf8) + [0x00, 0x80, 0xC3, 0xED, 0xF0, 0xFF]
        var accepted = 0
        var document: [UInt8] = []
        for round in 0..<15_000 {
            if round % 50 == 0 {
                repeat {
                    document = JSONWriter.bytes(.array((0..<5).map { _ in .random(depth: 3, using: &random) }))
                } while document.count > 400
            }
            var damaged = document
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let position = damaged.isEmpty ? 0 : Int(random.next() % UInt64(damaged.count))
                let byte = alphabet[Int(random.next() % UInt64(alphabet.count))]
                switch random.next() % 5 {
                case 0 where !damaged.isEmpty: damaged[position] = byte
                case 1 where !damaged.isEmpty: damaged.remove(at: position)
                case 2: damaged.insert(byte, at: position)
                case 3: damaged.removeLast(damaged.count - position)
                default: damaged.append(contentsOf: damaged.prefix(position))
                }
            }
            let limits = JSONReader.Limits(maximumDepth: round % 3 == 0 ? 2 : 512)
            guard let read = try? JSONReader.read(damaged, limits: limits) else { continue }  // A refusal is an answer.
            accepted += 1
            let again = try JSONReader.read(JSONWriter.bytes(read.value))
            guard again.repairs == 0, again.value == read.value.withoutDeepValues else {
                Issue.record("not the same tree from \(damaged)")
                return
            }
        }
        #expect(accepted > 1_000)
    }

    #if canImport(Glibc)
        @Test("The deepest tree is read, written and released on a stack of 512 KiB") func needsLittleStack() {
            let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
            defer { unsafe attributes.deallocate() }
            #expect(unsafe pthread_attr_init(attributes) == 0)
            #expect(unsafe pthread_attr_setstacksize(attributes, 512 * 1024) == 0)
            var thread = pthread_t()
            let created = unsafe pthread_create(
                &thread, attributes,
                { _ in
                    let depth = JSONReader.Limits.greatestDepth
                    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
                        let text = String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
                        let value = (try? JSONReader.read(text).value) ?? .null
                        let again = (try? JSONReader.read(JSONWriter.text(value, style: .pretty)).value) ?? .null
                        if JSONWriter.text(value) != text || JSONWriter.text(again) != text {
                            return unsafe UnsafeMutableRawPointer(bitPattern: 1)
                        }
                    }
                    return nil
                }, nil)
            #expect(created == 0)
            var result: UnsafeMutableRawPointer?
            unsafe pthread_join(thread, &result)
            #expect(unsafe result == nil)
        }
    #endif
}

extension JSONValue {
    /// The tree as it reads once it was written.
    fileprivate var withoutDeepValues: JSONValue {
        switch self {
        case .tooDeep: .null
        case .array(let elements): .array(elements.map(\.withoutDeepValues))
        case .object(let object):
            .object(JSONObject(members: object.members.map { .init(key: $0.key, value: $0.value.withoutDeepValues) }))
        default: self
        }
    }
}
