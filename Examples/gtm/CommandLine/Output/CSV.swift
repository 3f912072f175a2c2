/// Lines of RFC 4180: fields apart by commas, lines ended by CR LF, quotes where they are needed.
enum CSV {
    /// One field.
    enum Field: Sendable, Hashable {
        /// A text from outside: one that a spreadsheet would take for a formula gets a `'` in front.
        case text(String)
        /// A number, as its digits.
        case number(String)
        /// Nothing.
        case empty

        /// The field as it is written.
        var written: String {
            switch self {
            case .empty: ""
            case .number(let digits): digits
            case .text(let text): CSV.escaped(CSV.looksLikeFormula(text) ? "'" + text : text)
            }
        }
    }

    /// One line with its end.
    static func line(_ fields: [Field]) -> String { fields.map(\.written).joined(separator: ",") + "\r\n" }

    private static func looksLikeFormula(_ text: String) -> Bool {
        text.utf8.first.map { "=+-@\t\r\n".utf8.contains($0) } ?? false
    }

    private static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) || text.first == " " || text.last == " " else {
            return text
        }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
