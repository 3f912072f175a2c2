/// The lines on which the keys of a JSON text stand, by path: `sources[0].account` → 4.
///
/// It trusts that the text is JSON: the reader has taken it before.
package struct JSONLineIndex: Sendable {
    private var lines: [String: Int] = [:]

    /// The line of a key or element; 1 for a path that does not occur.
    package func line(of path: String) -> Int { lines[path] ?? 1 }

    /// The line of a byte offset.
    package static func line(ofOffset offset: Int, in text: [UInt8]) -> Int {
        1 + text.prefix(max(0, offset)).count { $0 == UInt8(ascii: "\n") }
    }

    /// Looks through a text.
    package init(_ text: [UInt8]) {
        /// An object or array that is open, with the path to what comes next in it.
        struct Level {
            var path: String
            var element: Int?
            var key = ""
            var awaitsKey: Bool

            var here: String {
                if let element { return "\(path)[\(element)]" }
                return path.isEmpty ? key : "\(path).\(key)"
            }
        }
        var levels: [Level] = []
        var line = 1
        var place = text.startIndex
        while place < text.endIndex {
            let byte = text[place]
            place += 1
            switch byte {
            case UInt8(ascii: "\n"): line += 1
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                let isArray = byte == UInt8(ascii: "[")
                let path = levels.last?.here ?? ""
                if levels.last?.element != nil { lines[path] = line }
                levels.append(Level(path: path, element: isArray ? 0 : nil, awaitsKey: !isArray))
            case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = levels.popLast()
            case UInt8(ascii: ","):
                guard let top = levels.indices.last else { break }
                levels[top].element = levels[top].element.map { $0 + 1 }
                levels[top].awaitsKey = levels[top].element == nil
            case UInt8(ascii: "\""):
                let start = place
                while place < text.endIndex, text[place] != UInt8(ascii: "\"") {
                    place += text[place] == UInt8(ascii: "\\") ? 2 : 1
                }
                let end = min(place, text.endIndex)
                place = end + 1
                guard let top = levels.indices.last else { break }
                if levels[top].awaitsKey {
                    levels[top].key = String(decoding: text[start..<end], as: UTF8.self)
                    levels[top].awaitsKey = false
                    lines[levels[top].here] = line
                } else if levels[top].element != nil {
                    lines[levels[top].here] = line
                }
            default:
                if let top = levels.last, top.element != nil, lines[top.here] == nil, byte > 0x20 {
                    lines[top.here] = line
                }
            }
        }
    }
}
