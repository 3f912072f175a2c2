/// A fenced block of JSON in a directive: the numbers of a rule, beside the prose that says what they mean.
///
/// ````
/// ```json mrr-policy
/// { "name": "active-only", "version": 2 }
/// ```
/// ````
public struct DirectiveBlock: Sendable {
    /// What the block is called, `mrr-policy` above; several blocks may have one name, such as one for each health profile.
    public var name: String
    /// The file that it stands in.
    public var file: String
    /// The line on which it begins, from 1 on.
    public var line: Int
    /// Its content, ready to be read.
    public var content: DirectiveNode

    /// All blocks of a directive that have a name, in order. Fences without `json` and a name are prose.
    ///
    /// - Parameters:
    ///   - text: The directive, as UTF-8.
    ///   - file: The name that errors tell.
    /// - Throws: ``DirectiveError`` for a block that is not JSON, or is not closed.
    public static func blocks(in text: [UInt8], file: String) throws(DirectiveError) -> [DirectiveBlock] {
        var blocks: [DirectiveBlock] = []
        var open: (name: String, line: Int, lines: [ArraySlice<UInt8>])?
        var isInProse = false
        for (number, line) in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            let words = String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace)
            let isFence = words.first?.hasPrefix("```") ?? false
            if let block = open {
                if isFence {
                    blocks.append(try Self.block(block, file: file))
                    open = nil
                } else {
                    open?.lines.append(line)
                }
            } else if isFence, !isInProse, words[0] == "```json", words.count == 2 {
                open = (String(words[1]), number + 1, [])
            } else if isFence {
                isInProse.toggle()
            }
        }
        if let open {
            throw DirectiveError(
                file: file, line: open.line, detail: "the block \(open.name) is not closed; expected a line of ```")
        }
        return blocks
    }

    /// A whole file of JSON as one block.
    ///
    /// - Parameters:
    ///   - text: The file, as UTF-8.
    ///   - name: What the block is called.
    ///   - file: The name that errors tell.
    /// - Throws: ``DirectiveError`` for a file that is not JSON.
    public static func bare(
        _ text: [UInt8], name: String, file: String
    ) throws(DirectiveError) -> DirectiveBlock {
        // Lines are counted from the one that the block begins on, as if its fence stood before the first.
        try block((name: name, line: 0, lines: [text[...]]), file: file)
    }

    private static func block(
        _ open: (name: String, line: Int, lines: [ArraySlice<UInt8>]), file: String
    ) throws(DirectiveError) -> DirectiveBlock {
        let text = Array(open.lines.joined(separator: [UInt8(ascii: "\n")]))
        do {
            let document = try JSONReader.read(text)
            let place = DirectivePlace(file: file, offset: open.line, index: JSONLineIndex(text))
            return DirectiveBlock(
                name: open.name, file: file, line: open.line,
                content: DirectiveNode(document.value, path: "", in: place))
        } catch {
            throw DirectiveError(
                file: file, line: open.line + JSONLineIndex.line(ofOffset: error.offset, in: text),
                detail: "the block \(open.name) is no JSON: expected \(error.expected)")
        }
    }
}
