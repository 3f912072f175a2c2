import GTMCore

/// What the words on the command line ask for.
enum Request: Sendable, Hashable {
    /// The list of commands, or the help of one.
    case help(Command?)
    /// The version.
    case version
    /// A command.
    case run(Invocation)
}

/// A command with what was said about it.
struct Invocation: Sendable, Hashable {
    /// The command.
    var command: Command
    /// Options without a value that were given.
    var flags: Set<String> = []
    /// Options with their values; of one that was given several times the last one.
    var values: [String: String] = [:]
    /// Options that may be given several times, with all their values in order.
    var lists: [String: [String]] = [:]
    /// The words besides options, in order.
    var operands: [String] = []

    /// Whether an option without a value was given.
    func has(_ flag: String) -> Bool { flags.contains(flag) }

    /// The whole number of an option; `fallback` where it was not given.
    func number(_ name: String, in range: ClosedRange<Int>, otherwise fallback: Int) throws(UsageError) -> Int {
        guard let text = values[name] else { return fallback }
        guard let number = Int(text), range.contains(number) else {
            throw UsageError(
                "--\(name) is \(quoted(text)); expected a whole number from \(range.lowerBound) to \(range.upperBound)",
                command: command.name)
        }
        return number
    }

    /// What is to be printed; `nil` where that was not said.
    func show() throws(UsageError) -> Show? {
        guard let text = values["show"] else { return nil }
        return try Show(text, command: command.name)
    }

    /// The form of what is printed.
    ///
    /// - Parameter show: What is printed; CSV has rows alone.
    func format(of show: Show?) throws(UsageError) -> OutputFormat {
        switch (has("json"), has("csv")) {
        case (true, true): throw UsageError("--json and --csv exclude each other; expected one", command: command.name)
        case (true, false): return .json
        case (false, false): return .text
        case (false, true):
            guard let show, show != .portfolio else {
                throw UsageError(
                    "--csv has no rows to print; expected --show customers, at-risk or customer=EMAIL with it",
                    command: command.name)
            }
            return .csv
        }
    }
}

/// The form of results.
enum OutputFormat: Sendable, Hashable { case text, json, csv }

/// What can be shown of the customers.
enum Show: Sendable, Hashable {
    /// All together.
    case portfolio
    /// Each one, by address.
    case customers
    /// Those whom somebody should look after, the highest risk first.
    case atRisk
    /// One, with everything that is known.
    case customer(EmailAddress)

    private static let expected = "portfolio, customers, at-risk or customer=EMAIL"

    init(_ text: String, command: String) throws(UsageError) {
        switch text {
        case "portfolio": self = .portfolio
        case "customers": self = .customers
        case "at-risk", "at_risk": self = .atRisk
        default:
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0] == "customer" else {
                let nearest = nearest(to: text, among: ["portfolio", "customers", "at-risk"])
                let hint = nearest.map { "; did you mean \($0)?" } ?? ""
                throw UsageError("--show is \(quoted(text)); expected \(Self.expected)\(hint)", command: command)
            }
            do {
                self = .customer(try EmailAddress(String(parts[1])))
            } catch {
                throw UsageError(
                    "--show customer= is \(quoted(String(parts[1]))); expected an e-mail address: \(error)",
                    command: command)
            }
        }
    }
}
