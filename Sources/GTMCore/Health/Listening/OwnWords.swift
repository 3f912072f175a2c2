extension Message {
    /// The text without what it quotes of others: lines that begin with `>`, and everything from a line on that
    /// introduces somebody else's message, such as "On 3 March 2026, Ada wrote:", "---------- Forwarded message ---------"
    /// or the "From:" and "Sent:" of a mail program.
    var ownWords: String {
        guard Self.mayQuote(text) else { return text }
        var own = ""
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (place, line) in lines.enumerated() {
            if Self.introducesQuote(line, before: lines[(place + 1)...]) { break }
            guard !line.drop(while: \.isWhitespace).hasPrefix(">") else { continue }
            own += line
            own += "\n"
        }
        return own
    }

    /// A cheap look that spares most texts the work.
    private static func mayQuote(_ text: String) -> Bool {
        var beginsLine = true
        var before: UInt8 = 0
        for byte in text.utf8 {
            if beginsLine, byte == UInt8(ascii: ">") || byte == UInt8(ascii: "-") { return true }
            // As in "wrote:", "message:" and "From:".
            if byte == UInt8(ascii: ":"), before == UInt8(ascii: "e") || before == UInt8(ascii: "m") { return true }
            if byte == UInt8(ascii: "\n") {
                beginsLine = true
            } else if byte != UInt8(ascii: " "), byte != UInt8(ascii: "\t") {
                beginsLine = false
            }
            before = byte
        }
        return false
    }

    private static func introducesQuote(_ line: Substring, before following: ArraySlice<Substring>) -> Bool {
        let line = line.trimmed
        if isRuleWithTitle(line) || line == "Begin forwarded message:" { return true }
        if line.hasPrefix("On ") {
            // Mail programs break the line where it is long, so the next one is looked at too.
            if line.hasSuffix("wrote:") { return true }
            return line.contains(",") && following.first?.trimmed.hasSuffix("wrote:") == true
        }
        return beginsHeaders(line, before: following)
    }

    /// Whether a line is one such as "-----Original Message-----", with or without spaces.
    private static func isRuleWithTitle(_ line: Substring) -> Bool {
        guard line.hasPrefix("--"), line.hasSuffix("--") else { return false }
        let title = line.drop { $0 == "-" || $0 == " " }
        return ["Original Message", "Original message", "Forwarded message", "Forwarded Message"].contains {
            title.hasPrefix($0)
        }
    }

    /// Whether the sender's line is followed by when the message was sent, as mail programs put them over what they quote.
    private static func beginsHeaders(_ line: Substring, before following: ArraySlice<Substring>) -> Bool {
        guard let sender = line.header, sender == "From" else { return false }
        if line.contains(" Sent: ") { return true }
        let headers = following.lazy.map(\.trimmed).filter { !$0.isEmpty }.prefix(4).compactMap(\.header)
        return headers.contains("Sent")
            || (headers.contains("Date") && headers.contains { $0 == "To" || $0 == "Subject" })
    }
}

extension Substring {
    /// Without white space at either end.
    fileprivate var trimmed: Substring {
        var rest = drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }

    /// What stands before the line's first colon, without the asterisks that some mail programs put around it.
    fileprivate var header: Substring? {
        guard let colon = firstIndex(of: ":") else { return nil }
        var name = self[..<colon].drop { $0 == "*" }
        while name.last == "*" { name.removeLast() }
        return name
    }
}
