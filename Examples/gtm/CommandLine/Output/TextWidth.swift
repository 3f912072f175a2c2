/// A text from outside without what a terminal would take for a command: control characters and marks that turn the
/// direction of writing become U+FFFD, white space of any kind one space.
struct Sanitized: Sendable, Hashable {
    /// The text, fit for a line of a terminal.
    let text: String

    init(_ raw: String) {
        if raw.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) {
            text = raw
            return
        }
        var scalars = String.UnicodeScalarView()
        for scalar in raw.unicodeScalars {
            if scalar.properties.isWhitespace {
                scalars.append(" ")
            } else if scalar.properties.generalCategory == .control || Self.turnsDirection(scalar) {
                scalars.append("\u{FFFD}")
            } else {
                scalars.append(scalar)
            }
        }
        text = String(scalars)
    }

    private static func turnsDirection(_ scalar: Unicode.Scalar) -> Bool {
        (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
            || (0x200E...0x200F).contains(scalar.value)
    }
}

/// The columns that text fills on a terminal: two for East Asian and pictorial characters, none for combining marks.
enum TextWidth {
    /// The columns of a text.
    static func of(_ text: String) -> Int {
        if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return text.utf8.count }
        return text.reduce(0) { $0 + of($1) }
    }

    /// The columns of one character.
    static func of(_ character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        let isPicture = character.unicodeScalars.contains { $0.value == 0xFE0F } || first.properties.isEmojiPresentation
        return isPicture || isWide(first.value) ? 2 : 1
    }

    /// The blocks of wide characters, by Unicode's East Asian Width, roughly.
    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }

    /// The text cut to a number of columns, with `…` at its end where something was cut off.
    static func cut(_ text: String, to width: Int) -> String {
        guard of(text) > width else { return text }
        guard width > 0 else { return "" }
        var result = ""
        var used = 0
        for character in text {
            let columns = of(character)
            guard used + columns <= width - 1 else { break }
            result.append(character)
            used += columns
        }
        return result + "…"
    }

    /// The text with spaces behind, or before, up to a number of columns.
    static func padded(_ text: String, to width: Int, right: Bool = false) -> String {
        let spaces = String(repeating: " ", count: max(0, width - of(text)))
        return right ? spaces + text : text + spaces
    }

    /// The text in lines of at most `width` columns, broken at spaces; a longer word is broken anywhere.
    static func wrapped(_ text: String, to width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        var used = 0
        for word in text.split(separator: " ") {
            var word = String(word)
            var columns = of(word)
            if used > 0, used + 1 + columns <= width {
                line += " " + word
                used += 1 + columns
                continue
            }
            if used > 0 { lines.append(line) }
            while columns > max(2, width) {
                let head = prefix(word, max(2, width))
                lines.append(head)
                word = String(word.dropFirst(head.count))
                columns = of(word)
            }
            line = word
            used = columns
        }
        if used > 0 || lines.isEmpty { lines.append(line) }
        return lines
    }

    private static func prefix(_ text: String, _ width: Int) -> String {
        var used = 0
        return String(
            text.prefix { character in
                used += of(character)
                return used <= width
            })
    }
}
