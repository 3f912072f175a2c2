extension Message {
    /// The text without what it quotes of others: lines that begin with `>`, and everything after a line such as
    /// "On 3 March 2026, Ada wrote:" or "-----Original Message-----".
    var ownWords: String {
        guard Self.mayQuote(text) else { return text }
        var own = ""
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (place, line) in lines.enumerated() {
            let following = place + 1 < lines.count ? lines[place + 1] : ""
            if Self.introducesQuote(line, before: following) { break }
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
            if byte == UInt8(ascii: ":"), before == UInt8(ascii: "e") { return true }
            if byte == UInt8(ascii: "\n") {
                beginsLine = true
            } else if byte != UInt8(ascii: " "), byte != UInt8(ascii: "\t") {
                beginsLine = false
            }
            before = byte
        }
        return false
    }

    /// Mail programs break the line that introduces a quote where it is long, so the next one is looked at too.
    private static func introducesQuote(_ line: Substring, before following: Substring) -> Bool {
        let line = line.trimmed
        if line.hasPrefix("-----Original Message-----") { return true }
        guard line.hasPrefix("On ") else { return false }
        return line.hasSuffix("wrote:") || (line.contains(",") && following.trimmed.hasSuffix("wrote:"))
    }
}

extension Substring {
    /// Without white space at either end.
    fileprivate var trimmed: Substring {
        var rest = drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
