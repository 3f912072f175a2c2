/// A command of `gtm`: what it is called, what it takes, and how that is explained.
struct Command: Sendable, Hashable {
    /// One option of a command.
    struct Option: Sendable, Hashable {
        /// The name without its dashes.
        var name: String
        /// What stands for the value in the help; `nil` for an option that takes none.
        var value: String?
        /// What it does.
        var help: String
        /// How often it may be given.
        var times: Int

        init(_ name: String, _ value: String? = nil, times: Int = 1, help: String) {
            self.name = name
            self.value = value
            self.times = times
            self.help = help
        }

        /// As it is written: `--show WHAT`.
        var written: String { value.map { "--\(name) \($0)" } ?? "--\(name)" }
    }

    /// The words that a command takes besides options.
    struct Operands: Sendable, Hashable {
        /// What stands for them in the help.
        var name: String
        /// How many there may be.
        var count: ClosedRange<Int>

        /// What stands for each of them, where each has a name of its own.
        var names: [String] { name.split(separator: " ").map(String.init) }
    }

    /// A line to copy, and what it does.
    struct Example: Sendable, Hashable {
        var line: String
        var meaning: String

        init(_ line: String, _ meaning: String) {
            self.line = line
            self.meaning = meaning
        }
    }

    /// The word that calls it.
    var name: String
    /// What it does, in one line.
    var summary: String
    /// What it does, in full.
    var discussion: String
    /// What it takes besides options; `nil` for nothing.
    var operands: Operands?
    /// What can be said about how it does it.
    var options: [Option]
    /// Lines to copy.
    var examples: [Example]

    /// The option of that name.
    func option(_ name: String) -> Option? { options.first { $0.name == name } }

    /// How it is called.
    var usage: String {
        var parts = ["gtm", name]
        if let operands {
            let dots = operands.count.upperBound > operands.names.count ? "…" : ""
            parts.append(operands.count.lowerBound == 0 ? "[\(operands.name)\(dots)]" : operands.name + dots)
        }
        if !options.isEmpty { parts.append("[options]") }
        return parts.joined(separator: " ")
    }
}
