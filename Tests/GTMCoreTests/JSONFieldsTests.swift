import GTMCore
import Testing

@Suite("JSON fields") struct JSONFieldsTests {
    @Test("Every name answers as the object itself does", arguments: [0, 1, 4, 5, 45, 64, 65, 300])
    func answersAsObject(count: Int) {
        for alphabet in ["abc", "abé"] {
            var random = SplitMix(seed: UInt64(count))
            func name() -> String {
                let length = Int.random(in: 0...20, using: &random)
                let letters = Array(alphabet)
                return String((0..<min(length, 3)).map { _ in letters[Int(random.next() % 3)] })
                    + String(repeating: "x", count: max(length - 3, 0))
            }
            let members = (0..<count).map { JSONObject.Member(key: name(), value: .integer(Int64($0))) }
            let object = JSONObject(members: members)
            let fields = JSONFields(object)
            for key in members.map(\.key) + (0..<100).map({ _ in name() }) { #expect(fields[key] == object[key]) }
        }
    }

    @Test("The last of several equal keys answers, in any order of asking", arguments: [1, 10, 100])
    func lastKeyWins(distinct: Int64) {
        let members = (0..<distinct * 2).map { JSONObject.Member(key: "key-\($0 % distinct)", value: .integer($0)) }
        let fields = JSONFields(JSONObject(members: members))
        for position in [Array(0..<distinct), Array((0..<distinct).reversed())].joined() {
            #expect(fields["key-\(position)"] == .integer(position + distinct))
        }
        #expect(fields["key"] == nil)
    }

    @Test("Canonically equal names are equal, as in an object") func canonicalNames() {
        let object = JSONObject(members: (0..<9).map { .init(key: "k\($0)", value: 0) } + [.init(key: "K", value: 1)])
        #expect(JSONFields(object)["\u{212A}"] == object["\u{212A}"])
        var accented = object
        accented["e\u{301}"] = 2
        #expect(JSONFields(accented)["é"] == 2)
    }

    @Test("A present field is one that is not null") func presence() {
        let fields = JSONFields(["a": 1, "b": nil, "c": false])
        #expect(fields.present("a") == 1)
        #expect(fields.present("b") == nil)
        #expect(fields["b"] == .null)
        #expect(fields.present("c") == false)
        #expect(fields.present("d") == nil)
        #expect((["a": 1] as JSONValue).fields?["a"] == 1)
        #expect((1 as JSONValue).fields == nil)
    }

    @Test("Many members, and members chosen to collide, are answered in good time", .timeLimit(.minutes(1)))
    func manyMembers() throws {
        var text = "{"
        for number in 0..<100_000 { text += "\"k\(number)\":\(number)," }
        let object = try #require(try JSONReader.read(text + "\"end\":1}").value.object)
        let fields = JSONFields(object)
        for number in 0..<100_000 where fields["k\(number)"] != .integer(Int64(number)) {
            Issue.record("k\(number) is lost")
            return
        }
    }
}

@Suite("JSON scalars") struct JSONScalarsTests {
    @Test(
        "A text is trimmed and not empty",
        arguments: [
            ("Ada", "Ada"), (" Ada\n", "Ada"), ("\u{A0}Ada L.\u{3000}", "Ada L."), ("é", "é"), ("", nil), (" \t", nil),
            (1, nil),
            (nil, nil),
        ] as [(JSONValue, String?)])
    func text(value: JSONValue, expected: String?) {
        #expect(value.text == expected)
    }

    @Test(
        "Integers come from integers, whole doubles and digits",
        arguments: [
            (7, 7), (.integer(.min), .min), (299.0, 299), (.double(-0.0), 0), (1e18, 1_000_000_000_000_000_000),
            (1e19, nil),
            (2.5, nil), (.double(.nan), nil), ("42", 42), (" -7 ", -7), ("007", 7), ("+7", nil), ("7.0", nil),
            ("1e3", nil),
            ("", nil), ("-", nil), ("٣", nil), ("9223372036854775808", nil), (true, nil), (nil, nil),
            (.decimal("9223372036854775808"), nil), ([], nil),
        ] as [(JSONValue, Int64?)])
    func int64(value: JSONValue, expected: Int64?) {
        #expect(value.int64 == expected)
    }

    @Test(
        "Truth values come from Booleans and their names",
        arguments: [
            (true, true), (false, false), ("true", true), ("False", false), (" TRUE ", true), ("yes", nil), (1, nil),
            (0, nil),
            ("", nil), (nil, nil),
        ] as [(JSONValue, Bool?)])
    func boolean(value: JSONValue, expected: Bool?) {
        #expect(value.boolean == expected)
    }

    @Test(
        "Identifiers come from texts and integers",
        arguments: [
            ("a1", "a1"), (" a1 ", "a1"), ("007", "007"), ("", nil), (12, "12"), (-1, "-1"),
            (.decimal("18446744073709551616"), "18446744073709551616"), (.decimal("1e400"), nil), (.decimal("-"), nil),
            (1.0, nil), (true, nil), (nil, nil),
        ] as [(JSONValue, String?)])
    func identifier(value: JSONValue, expected: String?) {
        #expect(value.identifier == expected)
    }

    @Test(
        "Amounts keep their decimal digits",
        arguments: [
            (12, "12"), (19.99, "19.99"), (299.0, "299"), (.double(-0.05), "-0.05"), (1e21, "1000000000000000000000"),
            (5e-7, "0.0000005"),
            (.double(.infinity), nil), ("12.50", "12.50"), (" 12 ", "12"), ("007.10", "7.10"), ("-0", "-0"),
            ("1.5e3", "1500"),
            ("1.25e1", "12.5"), ("125e-2", "1.25"), ("12e-3", "0.012"), ("0e9", "0"), ("1e400", nil),
            ("1e399", .some("1" + String(repeating: "0", count: 399))),
            (.decimal("18446744073709551616"), "18446744073709551616"), (.decimal("1e99999999999999999999"), nil),
            ("1,200.00", nil), ("+5", nil), (".5", nil), ("5.", nil), ("", nil), ("1e", nil), ("12a", nil), (true, nil),
            (nil, nil),
        ] as [(JSONValue, String?)])
    func exactDecimal(value: JSONValue, expected: String?) {
        #expect(value.exactDecimal == expected)
    }
}
