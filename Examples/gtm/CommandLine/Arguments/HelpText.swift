/// The texts of `gtm --help` and `gtm help COMMAND`. Pure: values in, text out.
enum HelpText {
    /// The list of commands.
    static func overview(width: Int) -> String {
        var text = """
            gtm: who is about to leave, how much money that is, and why.

            Usage: gtm COMMAND [options]

            Commands:

            """
        text += pairs(Command.all.map { ($0.name, $0.summary) } + [("help", "Explain a command.")], width)
        text += "\nOptions:\n"
        text += pairs(
            [
                ("--store DIR", "Keep everything in this folder; GTM_STORE or \(StoreLocation.standard) by default."),
                ("--help", "Show this text."), ("--version", "Show the version."),
            ], width)
        text += "\nExamples:\n"
        text += examples(Command.first.compactMap(\.examples.first), width)
        text += """

            Results go to standard output, progress and notes to standard error.
            Exit codes: 0 done, 1 the work failed, 2 wrong usage or settings, 3 done but incomplete.

            """
        return text
    }

    /// The help of one command.
    static func help(of command: Command, width: Int) -> String {
        var text = "\(command.summary)\n\nUsage: \(command.usage)\n\n"
        for paragraph in command.discussion.split(separator: "\n\n") {
            text += TextWidth.wrapped(String(paragraph), to: width).joined(separator: "\n") + "\n\n"
        }
        text += "Options:\n"
        text += pairs(command.options.map { ($0.written, $0.help) } + [("--help", "show this text")], width)
        text += "\nExamples:\n" + examples(command.examples, width)
        if command.option("csv") != nil {
            text += "\n"
            text += TextWidth.wrapped(csvNote, to: width).joined(separator: "\n") + "\n"
        }
        return text
    }

    private static let csvNote =
        "In CSV a text that begins with = + - @ or a tab gets a ' in front, so that no spreadsheet takes it for a formula; "
        + "mrr, arr, ltv and ltv_net are in the reporting currency, and …_by_currency holds all currencies."

    private static func pairs(_ pairs: [(String, String)], _ width: Int) -> String {
        let column = pairs.map(\.0.count).max() ?? 0
        return pairs.map { name, help in
            let lines = TextWidth.wrapped(help, to: max(20, width - column - 4))
            let padding = String(repeating: " ", count: column - name.count + 2)
            let indent = "\n" + String(repeating: " ", count: column + 4)
            return "  \(name)\(padding)\(lines.joined(separator: indent))\n"
        }.joined()
    }

    private static func examples(_ examples: [Command.Example], _ width: Int) -> String {
        examples.map { "  \($0.line)\n      \($0.meaning)\n" }.joined()
    }
}
