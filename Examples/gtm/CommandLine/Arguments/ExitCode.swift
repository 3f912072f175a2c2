/// What a run of `gtm` tells the shell.
package struct ExitCode: Sendable, Hashable {
    /// The number that the shell sees.
    package var rawValue: Int32

    /// Everything asked for was done.
    package static let done = ExitCode(rawValue: 0)
    /// The work failed.
    package static let failed = ExitCode(rawValue: 1)
    /// The words on the command line, or the settings, cannot be used.
    package static let wrongUsage = ExitCode(rawValue: 2)
    /// Done, but something is missing; the notes say what.
    package static let incomplete = ExitCode(rawValue: 3)
    /// Broken off, from the keyboard or by another process.
    package static let interrupted = ExitCode(rawValue: 130)
}

/// Words on the command line that cannot be used: which one, and what was expected.
struct UsageError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong and what was expected.
    var message: String
    /// The command whose help tells more; `nil` for the list of commands.
    var command: String?

    init(_ message: String, command: String? = nil) {
        self.message = message
        self.command = command
    }

    var description: String { message }

    /// The command that shows the help.
    var hint: String { command.map { "gtm help \($0)" } ?? "gtm --help" }
}

/// Work that failed, in words for whoever sits at the terminal; no payload and no secret.
struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
