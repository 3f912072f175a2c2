/// Turns the HTML of message bodies into plain text.
///
/// Blocks and line breaks become line feeds, other mark-up goes, entities become what they stand for, and white space
/// is drawn together as a browser does. Lines within a quote begin with `> `, however deep it is, so that whoever reads the
/// text can tell them from the author's own. A text without mark-up keeps its lines. What only looks like mark-up (`a < b`,
/// `&unknown;`, a tag without an end) stays as it is written.
enum PlainText {
    /// The text of a body; empty for a body that holds nothing to read.
    static func of(_ body: String) -> String {
        var source = body
        return source.withUTF8 { buffer in
            var scanner = unsafe Scanner(bytes: Array(buffer))
            return scanner.text()
        }
    }

    private struct Scanner {
        let bytes: [UInt8]
        var position = 0
        var output: [UInt8] = []
        /// Line feeds and a space that are due before the next visible character.
        var lines = 0
        var space = false
        /// Quotes that are open.
        var quotes = 0

        /// Behind these places no tag and no comment ends, so that looking for an end never becomes a habit: bodies are
        /// written by strangers, and the time to read one must grow with its length alone.
        private let lastTagEnd: Int
        private let lastCommentEnd: Int
        /// Elements whose closing tag was looked for in vain.
        private var unclosed: Set<String> = []

        init(bytes: [UInt8]) {
            self.bytes = bytes
            lastTagEnd = bytes.lastIndex(of: UInt8(ascii: ">")) ?? -1
            var end = bytes.count - 1
            while end >= 2, bytes[end] != UInt8(ascii: ">") || bytes[end - 1] != 0x2D || bytes[end - 2] != 0x2D {
                end -= 1
            }
            lastCommentEnd = end >= 2 ? end : -1
        }

        mutating func text() -> String {
            output.reserveCapacity(bytes.count)
            let isMarkup = holdsMarkup()
            while position < bytes.count {
                let byte = bytes[position]
                switch byte {
                case UInt8(ascii: "<"):
                    if let tag = tag(at: position) { pass(tag) } else { put(byte) }
                case UInt8(ascii: "&"):
                    if let (scalar, end) = entity(at: position) {
                        position = end
                        put(scalar)
                    } else {
                        put(byte)
                    }
                case 0x0A where !isMarkup:
                    position += 1
                    lines += 1
                case 0x09, 0x0A, 0x0C, 0x0D, 0x20:
                    position += 1
                    space = true
                default: put(byte)
                }
            }
            return String(decoding: output, as: UTF8.self)
        }

        /// Writes the byte at the position.
        private mutating func put(_ byte: UInt8) {
            separate()
            output.append(byte)
            position += 1
        }

        private mutating func put(_ scalar: Unicode.Scalar) {
            if scalar == " " || scalar == "\u{A0}" || scalar == "\n" || scalar == "\t" {
                space = true
                return
            }
            separate()
            output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }

        private mutating func separate() {
            let beginsLine = output.isEmpty || lines > 0
            if !output.isEmpty {
                if lines > 0 {
                    output.append(contentsOf: repeatElement(0x0A, count: min(lines, 2)))
                } else if space {
                    output.append(0x20)
                }
            }
            if beginsLine, quotes > 0 { output.append(contentsOf: "> ".utf8) }
            lines = 0
            space = false
        }

        // MARK: Tags

        private struct Tag {
            var element: Element
            var isClosing: Bool
            var end: Int
        }

        private func holdsMarkup() -> Bool {
            bytes.indices.contains { bytes[$0] == UInt8(ascii: "<") && tag(at: $0) != nil }
        }

        /// The tag or comment that starts here; `nil` where the `<` is only a sign.
        private func tag(at start: Int) -> Tag? {
            var index = start + 1
            guard index <= lastTagEnd else { return nil }
            if bytes[index] == UInt8(ascii: "!") {
                let isComment = index + 5 <= lastCommentEnd && bytes[index...].starts(with: "!--".utf8)
                guard let end = isComment ? find("-->", from: index + 3) : find(">", from: index) else { return nil }
                return Tag(element: .comment, isClosing: false, end: end)
            }
            let isClosing = bytes[index] == UInt8(ascii: "/")
            if isClosing { index += 1 }
            var name: UInt128 = 0
            let nameStart = index
            while index < bytes.count, PlainText.isLetterOrDigit(bytes[index]) {
                guard index - nameStart < 16 else { return nil }
                name = name << 8 | UInt128(PlainText.lowercase(bytes[index]))
                index += 1
            }
            guard let element = PlainText.elements[name] else { return nil }
            var quote: UInt8?
            let limit = min(bytes.count, index + PlainText.longestTag)
            while index < limit {
                let byte = bytes[index]
                index += 1
                if let open = quote {
                    if byte == open { quote = nil }
                } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                    quote = byte
                } else if byte == UInt8(ascii: "<") {
                    return nil
                } else if byte == UInt8(ascii: ">") {
                    return Tag(element: element, isClosing: isClosing, end: index)
                }
            }
            return nil
        }

        private mutating func pass(_ tag: Tag) {
            position = tag.end
            switch tag.element {
            case .lineBreak: lines += 1
            case .cell: space = true
            case .hidden(let name):
                // What stands within is not for reading.
                guard !tag.isClosing, !unclosed.contains(name) else { break }
                if let end = find("</\(name)", from: position) {
                    position = find(">", from: end) ?? bytes.count
                } else {
                    unclosed.insert(name)
                }
            case .block: lines = max(lines, 1)
            case .quote:
                lines = max(lines, 1)
                quotes = tag.isClosing ? max(0, quotes - 1) : quotes + 1
            case .inline, .comment: break
            }
        }

        /// The place after the next `text` (lower case), without regard to case.
        private func find(_ text: String, from start: Int) -> Int? {
            let pattern = Array(text.utf8)
            var index = start
            while index + pattern.count <= bytes.count {
                var length = 0
                while length < pattern.count, PlainText.lowercase(bytes[index + length]) == pattern[length] {
                    length += 1
                }
                if length == pattern.count { return index + length }
                index += 1
            }
            return nil
        }

        // MARK: Entities

        /// The character that the entity starting here stands for, and the place after it.
        private func entity(at start: Int) -> (Unicode.Scalar, Int)? {
            var index = start + 1
            while index < bytes.count, index - start <= 10, bytes[index] != UInt8(ascii: ";") { index += 1 }
            guard index < bytes.count, bytes[index] == UInt8(ascii: ";"), index > start + 1 else { return nil }
            let name = String(decoding: bytes[(start + 1)..<index], as: UTF8.self)
            if let scalar = PlainText.entities[name] { return (scalar, index + 1) }
            guard name.utf8.first == UInt8(ascii: "#") else { return nil }
            let digits = name.dropFirst()
            let isHexadecimal = digits.first == "x" || digits.first == "X"
            guard let code = isHexadecimal ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits) else { return nil }
            return (code == 0 ? "\u{FFFD}" : Unicode.Scalar(code) ?? "\u{FFFD}", index + 1)
        }
    }

    /// What is longer is no tag, in bytes.
    private static let longestTag = 4096

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return (0x61...0x7A).contains(lower) || (0x30...0x39).contains(byte)
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    /// What an element does to the text.
    private enum Element {
        /// It stands on lines of its own.
        case block
        /// It is a block of somebody else's words.
        case quote
        /// It changes the look alone.
        case inline
        case lineBreak
        case cell
        case comment
        /// What it holds is not shown.
        case hidden(String)
    }

    /// The elements by their names in lower case, as the number that the name's bytes make.
    private static let elements: [UInt128: Element] = {
        var elements: [UInt128: Element] = [:]
        func add(_ names: String, _ element: (String) -> Element) {
            for name in names.split(separator: " ") {
                elements[name.utf8.reduce(0) { $0 << 8 | UInt128($1) }] = element(String(name))
            }
        }
        add(
            """
            address article aside body dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 \
            header hr html li main nav ol p pre section table tbody tfoot thead tr ul
            """
        ) { _ in .block }
        add(
            """
            a abbr b big button center cite code del em font i iframe img input ins kbd label link mark meta q s small \
            span strike strong sub sup tt u video wbr
            """
        ) { _ in .inline }
        add("blockquote") { _ in .quote }
        add("br") { _ in .lineBreak }
        add("td th") { _ in .cell }
        add("head script style title") { .hidden($0) }
        return elements
    }()

    private static let entities: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}", "rsquo": "\u{2019}",
        "lsquo": "\u{2018}", "rdquo": "\u{201D}", "ldquo": "\u{201C}", "sbquo": "\u{201A}", "bdquo": "\u{201E}",
        "laquo": "«", "raquo": "»", "ndash": "–", "mdash": "—", "hellip": "…", "bull": "•", "middot": "·",
        "copy": "©", "reg": "®", "trade": "™", "euro": "€", "pound": "£", "yen": "¥", "cent": "¢", "sect": "§",
        "deg": "°", "times": "×", "szlig": "ß", "auml": "ä", "ouml": "ö", "uuml": "ü", "Auml": "Ä", "Ouml": "Ö",
        "Uuml": "Ü", "eacute": "é", "egrave": "è", "ecirc": "ê", "agrave": "à", "aacute": "á", "acirc": "â",
        "ccedil": "ç", "ntilde": "ñ", "oacute": "ó", "iacute": "í", "uacute": "ú", "zwnj": "\u{200C}",
        "zwj": "\u{200D}", "shy": "\u{AD}",
    ]
}
