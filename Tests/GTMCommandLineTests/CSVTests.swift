import Testing

@testable import GTMCommandLine

@Suite("CSV") struct CSVTests {
    @Test(
        "Fields are quoted where they must be, and never a formula",
        arguments: [
            ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "'=1+1"), ("+49 221", "'+49 221"), ("-2", "'-2"), ("@sum", "'@sum"), ("\tx", "'\tx"),
            (" x", "\" x\""),
            ("=a,b", "\"'=a,b\""), ("", ""),
        ])
    func texts(text: String, written: String) { #expect(CSV.Field.text(text).written == written) }

    @Test("A line ends as RFC 4180 has it, and numbers stay numbers") func lines() {
        #expect(CSV.line([.text("a"), .number("-5.00"), .empty]) == "a,-5.00,\r\n")
    }
}
