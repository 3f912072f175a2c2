/// The variables of a `.env` file.
///
/// A line is `KEY=VALUE`, with `export` before it or not; blank lines and lines that begin with `#` are passed over. A
/// value in single quotes stands as it is; in double quotes `\n`, `\t`, `\"`, `\\` and `\$` are read; either may run over
/// several lines. Without quotes it ends before ` #` and at the end of the line, white space around it left out. Nothing
/// is substituted. The last of equal keys counts.
enum DotEnv {
    /// Reads the text of a file.
    ///
    /// - Throws: ``SettingsError`` with the line; never with a value, which may be a secret.
    static func parse(_ text: String, file: String = ".env") throws(SettingsError) -> [String: String] {
        var variables: [String: String] = [:]
        var scanner = Scanner(text: text, file: file)
        while let (key, value) = try scanner.next() { variables[key] = value }
        return variables
    }

    private struct Scanner {
        private var rest: Substring.UnicodeScalarView
        private var line = 1
        private let file: String

        init(text: String, file: String) {
            rest = text.unicodeScalars[...]
            if rest.first == "\u{FEFF}" { rest.removeFirst() }
            self.file = file
        }

        mutating func next() throws(SettingsError) -> (String, String)? {
            while let scalar = rest.first {
                if scalar.properties.isWhitespace {
                    take()
                } else if scalar == "#" {
                    _ = lineRest()
                } else {
                    return try assignment()
                }
            }
            return nil
        }

        /// Takes one character and keeps count of the lines.
        @discardableResult private mutating func take() -> Unicode.Scalar? {
            let scalar = rest.popFirst()
            if scalar == "\n" { line += 1 }
            return scalar
        }

        /// The characters up to the end of the line, which stays.
        private mutating func lineRest() -> String {
            var text = String.UnicodeScalarView()
            while let scalar = rest.first, scalar != "\n" {
                text.append(scalar)
                take()
            }
            if text.last == "\r" { text.removeLast() }
            return String(text)
        }

        private mutating func assignment() throws(SettingsError) -> (String, String) {
            var key = word()
            if key == "export", rest.first == " " || rest.first == "\t" {
                skipBlanks()
                key = word()
            }
            skipBlanks()
            guard !key.isEmpty, rest.first == "=" else {
                throw error("this line is no assignment; expected KEY=VALUE")
            }
            guard key.unicodeScalars.first.map({ !("0"..."9").contains($0) }) ?? false else {
                throw error("a name cannot begin with a digit; expected KEY=VALUE")
            }
            take()
            skipBlanks()
            return (key, try value(of: key))
        }

        private mutating func word() -> String {
            var text = String.UnicodeScalarView()
            while let scalar = rest.first, scalar.isASCII,
                scalar.properties.isAlphabetic || scalar == "_" || scalar == "."
                    || ("0"..."9").contains(scalar)
            {
                text.append(scalar)
                take()
            }
            return String(text)
        }

        private mutating func skipBlanks() {
            while rest.first == " " || rest.first == "\t" { take() }
        }

        private mutating func value(of key: String) throws(SettingsError) -> String {
            guard let quote = rest.first, quote == "\"" || quote == "'" else { return bareValue() }
            let start = line
            take()
            var text = String.UnicodeScalarView()
            while let scalar = take() {
                if scalar == quote {
                    let after = lineRest().drop { $0 == " " || $0 == "\t" }
                    guard after.isEmpty || after.first == "#" else {
                        throw error("something follows the closing quote of \(key); expected the end of the line")
                    }
                    return String(text)
                }
                if scalar == "\\", quote == "\"", let escaped = rest.first {
                    take()
                    switch escaped {
                    case "n": text.append("\n")
                    case "t": text.append("\t")
                    case "\"", "\\", "$": text.append(escaped)
                    default: text.append(contentsOf: ["\\", escaped])
                    }
                } else {
                    text.append(scalar)
                }
            }
            throw SettingsError(
                file: file, line: start, message: "the quote of \(key) is never closed; expected \(quote) at its end")
        }

        private mutating func bareValue() -> String {
            let text = lineRest()
            var value = text[...]
            if value.first == "#" { return "" }
            for mark in [" #", "\t#"] {
                if let comment = value.firstRange(of: mark) { value = value[..<comment.lowerBound] }
            }
            while value.last?.isWhitespace == true { value.removeLast() }
            return String(value)
        }

        private func error(_ message: String) -> SettingsError {
            SettingsError(file: file, line: line, message: message)
        }
    }
}

/// Settings that cannot be used: where, what is wrong, what was expected; never a secret.
struct SettingsError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file or the variable.
    var file: String
    /// The line, from 1 on; `nil` outside files.
    var line: Int?
    /// What is wrong and what was expected.
    var message: String

    init(file: String, line: Int? = nil, message: String) {
        self.file = file
        self.line = line
        self.message = message
    }

    var description: String { line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)" }
}
