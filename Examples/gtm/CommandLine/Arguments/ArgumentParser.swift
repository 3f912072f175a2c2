/// Reads the words of the command line. A pure function: it decides, and does nothing.
enum ArgumentParser {
    /// Reads the words after the program's name.
    ///
    /// Options may stand anywhere after the command, as `--name value` or `--name=value`; `--` ends them. A lone `-` is
    /// an operand. `--store`, which most commands have, may stand before the command as well.
    ///
    /// - Throws: ``UsageError`` that names the wrong word and, where there is one, the nearest known one.
    static func parse(_ words: [String]) throws(UsageError) -> Request {
        guard let first = words.first else { return .help(nil) }
        switch first {
        case "--help", "-h": return .help(nil)
        case "--version", "-V", "version": return .version
        case "help":
            guard words.count > 1 else { return .help(nil) }
            return .help(try command(words[1]))
        default: break
        }
        if first == "--store" || first.hasPrefix("--store=") { return try parse(words, storeFirst: first) }
        guard !first.hasPrefix("-") else {
            throw UsageError("unknown option \(quoted(first)) before a command; expected \(commandNames)")
        }
        return try parse(Array(words.dropFirst()), of: try command(first))
    }

    /// Reads words that begin with `--store`: it is put behind the command.
    private static func parse(_ words: [String], storeFirst first: String) throws(UsageError) -> Request {
        let count = first == "--store" ? 2 : 1
        guard words.count > count else {
            throw UsageError("\(quoted(first)) stands before no command; expected --store DIR and \(commandNames)")
        }
        let next = words[count]
        guard next != "help", next != "version", !next.hasPrefix("-") else { return try parse(Array(words[count...])) }
        return try parse(Array(words[..<count] + words[(count + 1)...]), of: try command(next))
    }

    private static var commandNames: String { list(Command.all.map(\.name) + ["help"]) }

    private static func command(_ word: String) throws(UsageError) -> Command {
        if let command = Command.named(word) { return command }
        throw UsageError(
            "unknown command \(quoted(word)); expected \(commandNames)"
                + didYouMean(word, among: Command.all.map(\.name) + ["help"]))
    }

    private static func parse(_ words: [String], of command: Command) throws(UsageError) -> Request {
        var invocation = Invocation(command: command)
        var rest = words[...]
        var optionsEnded = false
        while let word = rest.popFirst() {
            if optionsEnded || !word.hasPrefix("-") || word == "-" {
                invocation.operands.append(word)
            } else if word == "--" {
                optionsEnded = true
            } else if word == "--help" || word == "-h" {
                return .help(command)
            } else {
                try take(word, &rest, &invocation)
            }
        }
        try check(invocation)
        return .run(invocation)
    }

    /// Takes one option, with its value where it has one.
    private static func take(
        _ word: String, _ rest: inout ArraySlice<String>, _ invocation: inout Invocation
    ) throws(UsageError) {
        let command = invocation.command
        let parts = word.drop { $0 == "-" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts.first.map(String.init) ?? ""
        guard word.hasPrefix("--"), let option = command.option(name) else {
            let known = command.options.map(\.name) + ["help"]
            throw UsageError(
                "unknown option \(quoted(word)) of gtm \(command.name); expected \(list(known.map { "--\($0)" }))"
                    + didYouMean(name, among: known, prefix: "--"), command: command.name)
        }
        let attached = parts.count == 2 ? String(parts[1]) : nil
        guard let placeholder = option.value else {
            guard attached == nil else {
                throw UsageError("--\(name) takes no value; got \(quoted(word))", command: command.name)
            }
            invocation.flags.insert(name)
            return
        }
        guard option.times > 1 || invocation.values[name] == nil else {
            throw UsageError("--\(name) is given twice; expected it once", command: command.name)
        }
        guard invocation.lists[name, default: []].count < option.times else {
            throw UsageError(
                "--\(name) is given too often; expected it \(option.times) times at most", command: command.name)
        }
        guard let value = attached ?? rest.popFirst() else {
            throw UsageError("--\(name) lacks its value; expected --\(name) \(placeholder)", command: command.name)
        }
        guard !value.isEmpty else {
            throw UsageError("--\(name) is \"\"; expected --\(name) \(placeholder)", command: command.name)
        }
        guard attached != nil || !value.hasPrefix("--") else {
            throw UsageError(
                "--\(name) lacks its value: \(quoted(value)) follows; expected --\(name) \(placeholder)",
                command: command.name)
        }
        invocation.values[name] = value
        if option.times > 1 { invocation.lists[name, default: []].append(value) }
    }

    private static func check(_ invocation: Invocation) throws(UsageError) {
        let command = invocation.command
        guard let operands = command.operands else {
            guard let extra = invocation.operands.first else { return }
            throw UsageError(
                "gtm \(command.name) takes no \(quoted(extra)); expected options alone", command: command.name)
        }
        if invocation.operands.count < operands.count.lowerBound {
            let missing = operands.names.dropFirst(invocation.operands.count).first ?? operands.name
            throw UsageError("gtm \(command.name) lacks \(missing); expected \(command.usage)", command: command.name)
        }
        if invocation.operands.count > operands.count.upperBound {
            let extra = invocation.operands[operands.count.upperBound]
            throw UsageError(
                "\(quoted(extra)) is too much for gtm \(command.name); expected \(command.usage)", command: command.name
            )
        }
    }

    private static func list(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "nothing" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }

    private static func didYouMean(_ word: String, among known: [String], prefix: String = "") -> String {
        nearest(to: word, among: known).map { "; did you mean \(prefix)\($0)?" } ?? ""
    }
}

/// A word from outside in quotes, as it may be shown: control characters replaced, long ones cut.
func quoted(_ word: String) -> String {
    let shown = Sanitized(word).text
    return shown.count > 60 ? "\"\(shown.prefix(60))…\"" : "\"\(shown)\""
}

/// The known word that differs from `word` by the fewest letters; `nil` where all differ by more than a third.
func nearest(to word: String, among known: [String]) -> String? {
    let word = String(word.prefix(40))
    let ranked = known.map { (word: $0, distance: editDistance(word, $0)) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance * 3 <= max(word.count, best.word.count) + 1 ? best.word : nil
}

/// Letters to insert, remove, replace or swap with their neighbour to turn one word into the other.
func editDistance(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left), Array(right))
    var rows = [Array(0...right.count)]
    for i in 0..<left.count {
        var row = [i + 1]
        for j in 0..<right.count {
            var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (left[i] == right[j] ? 0 : 1))
            if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                best = min(best, rows[i - 1][j - 1] + 1)
            }
            row.append(best)
        }
        rows.append(row)
    }
    return rows[left.count][right.count]
}
