import Testing

@testable import GTMCommandLine

@Suite("Files of variables") struct DotEnvTests {
    @Test(
        "Lines become variables",
        arguments: [
            ("A=1", ["A": "1"]), ("export A=1\nB = 2 ", ["A": "1", "B": "2"]), ("# no\n\nA=1 # why", ["A": "1"]),
            ("A=a#b", ["A": "a#b"]), ("A=", ["A": ""]), ("A= # only a comment", ["A": ""]),
            ("A='x # y' # z", ["A": "x # y"]), ("A=\"l1\\nl2\\\"\\$\\q\"", ["A": "l1\nl2\"$\\q"]),
            ("A='two\nlines'\nB=1", ["A": "two\nlines", "B": "1"]), ("A=1\r\nB=2\r\n", ["A": "1", "B": "2"]),
            ("A=1\nA=2", ["A": "2"]), ("\u{FEFF}A=b=c", ["A": "b=c"]), ("", [:]),
        ] as [(String, [String: String])])
    func lines(text: String, variables: [String: String]) throws {
        #expect(try DotEnv.parse(text) == variables)
    }

    @Test(
        "A wrong line is named, its value never",
        arguments: [
            ("A=1\nthe-secret", ".env:2: this line is no assignment; expected KEY=VALUE"),
            ("\n=secret", ".env:2: this line is no assignment; expected KEY=VALUE"),
            ("A=1\nB=\"secret\n\n", ".env:2: the quote of B is never closed; expected \" at its end"),
            ("A='secret' more", ".env:1: something follows the closing quote of A; expected the end of the line"),
            ("1A=secret", ".env:1: a name cannot begin with a digit; expected KEY=VALUE"),
        ])
    func errors(text: String, message: String) {
        let error = #expect(throws: SettingsError.self) { try DotEnv.parse(text) }
        #expect(error?.description == message)
    }
}
