import GTMCore
import Testing

@testable import GTMCommandLine

@Suite("Argument parser") struct ArgumentParserTests {
    private func invocation(_ words: String...) throws -> Invocation? {
        if case .run(let invocation) = try ArgumentParser.parse(words) { invocation } else { nil }
    }

    @Test("Options stand anywhere and in either form") func options() throws {
        let expected = Invocation(
            command: .sync, flags: ["full", "json"], values: ["show": "at-risk"], operands: ["intercom"])
        #expect(try invocation("sync", "intercom", "--full", "--show", "at-risk", "--json") == expected)
        #expect(try invocation("sync", "--show=at-risk", "--json", "--full", "intercom") == expected)
        #expect(try invocation("import", "--", "--odd-name")?.operands == ["--odd-name"])
        #expect(try invocation("import", "-")?.operands == ["-"])
        let store = Invocation(command: .customers, flags: ["all"], values: ["store": "data"])
        #expect(try invocation("--store", "data", "customers", "--all") == store)
        #expect(try invocation("--store=data", "customers", "--all") == store)
        #expect(try invocation("customers", "--all", "--store=data") == store)
    }

    @Test("Help and version, in every form") func help() throws {
        #expect(try ArgumentParser.parse([]) == .help(nil))
        #expect(try ArgumentParser.parse(["--help"]) == .help(nil))
        #expect(try ArgumentParser.parse(["help", "sync"]) == .help(.sync))
        #expect(try ArgumentParser.parse(["sync", "--full", "--help"]) == .help(.sync))
        #expect(try ArgumentParser.parse(["--version"]) == .version)
        #expect(try ArgumentParser.parse(["--store", "x", "help", "sync"]) == .help(.sync))
    }

    private static let commands =
        "demo, doctor, sync, import, status, customers, customer, at-risk, explain, health, mrr, merge, keep-apart, unmerge, rules, erase, export, restore, store or help"

    @Test(
        "A wrong word is named, with what was expected",
        arguments: [
            (["snyc"], "unknown command \"snyc\"; expected \(commands); did you mean sync?"),
            (
                ["sync", "--ful"],
                "unknown option \"--ful\" of gtm sync; expected --full, --show, --json, --csv, --store, --directives or --help; did you mean --full?"
            ),
            (
                ["sync", "-f"],
                "unknown option \"-f\" of gtm sync; expected --full, --show, --json, --csv, --store, --directives or --help"
            ),
            (["--store", "x"], "\"--store\" stands before no command; expected --store DIR and \(commands)"),
            (["--store", "x", "--json"], "unknown option \"--json\" before a command; expected \(commands)"),
            (["merge", "a"], "gtm merge lacks INTO; expected gtm merge FROM INTO [options]"),
            (["--json"], "unknown option \"--json\" before a command; expected \(commands)"),
            (["sync", "--show"], "--show lacks its value; expected --show WHAT"),
            (["sync", "--show", "--json"], "--show lacks its value: \"--json\" follows; expected --show WHAT"),
            (["sync", "--full=yes"], "--full takes no value; got \"--full=yes\""),
            (["demo", "--seed", "1", "--seed", "2"], "--seed is given twice; expected it once"),
            (["demo", "now"], "gtm demo takes no \"now\"; expected options alone"),
            (["import"], "gtm import lacks FILE; expected gtm import FILE [options]"),
            (["import", "a", "b"], "\"b\" is too much for gtm import; expected gtm import FILE [options]"),
            (
                ["help", "demos"],
                "unknown command \"demos\"; expected \(commands); did you mean demo?"
            ),
        ])
    func refusals(words: [String], message: String) {
        let error = #expect(throws: UsageError.self) { try ArgumentParser.parse(words) }
        #expect(error?.message == message)
    }

    @Test("Values are checked where they are used") func values() throws {
        #expect(try invocation("demo", "--customers", "12")?.number("customers", in: 1...99, otherwise: 3) == 12)
        #expect(try invocation("demo")?.number("customers", in: 1...99, otherwise: 3) == 3)
        for text in ["0", "x", "1.5", "100"] {
            let error = #expect(throws: UsageError.self) {
                try invocation("demo", "--customers", text)?.number("customers", in: 1...99, otherwise: 3)
            }
            #expect(error?.message == "--customers is \"\(text)\"; expected a whole number from 1 to 99")
        }
        #expect(try invocation("demo", "--show", "at-risk")?.show() == .atRisk)
        #expect(
            try invocation("demo", "--show", "customer=Ada@X.test")?.show() == .customer(try EmailAddress("ada@x.test"))
        )
        #expect(throws: UsageError.self) { try invocation("demo", "--show", "customer=ada")?.show() }
        #expect(throws: UsageError.self) { try invocation("demo", "--json", "--csv")?.format(of: .customers) }
        #expect(throws: UsageError.self) { try invocation("demo", "--csv")?.format(of: .portfolio) }
    }

    @Test("Every command explains itself within the width", arguments: Command.all)
    func helpTexts(command: Command) {
        for width in [60, 100] {
            let text = HelpText.help(of: command, width: width)
            #expect(text.contains("Usage: gtm \(command.name)") && text.contains("Examples:"))
            for option in command.options { #expect(text.contains(option.written)) }
        }
        #expect(HelpText.overview(width: 80).contains(command.summary))
    }

    @Test("A word's control characters are not shown") func hostileWords() {
        #expect(quoted("a\u{1B}[31mb") == "\"a\u{FFFD}[31mb\"")
        #expect(quoted(String(repeating: "x", count: 100)).count == 63)
    }
}
