/// A text cut into sentences and lower-case words.
///
/// Cut over bytes, because every message that arrives goes through here. Capital letters are lowered in ASCII and
/// Latin-1; other scripts are compared as they are written. Of a web or e-mail address no word is taken: it is one that no
/// rule can name.
struct SpokenText {
    /// Where a word stands among ``bytes``; empty for a comma or another break between clauses.
    typealias Word = Range<Int>

    /// One sentence.
    struct Sentence {
        /// Where it stands in the text, in UTF-8.
        var source: Range<Int>
        /// Its words.
        var words: Range<Int>
        /// Whether it ends with a question mark.
        var isQuestion = false
        /// Exclamation marks at its end.
        var exclamations = 0
    }

    /// The words, one after the other, each followed by a space; apostrophes are straight.
    private(set) var bytes: [UInt8] = []
    /// The words of all sentences.
    private(set) var words: [Word] = []
    /// The sentences that hold a word, in order.
    private(set) var sentences: [Sentence] = []

    private var wordStart = 0
    private var firstWord = 0
    private var sentenceStart = 0

    /// Cuts a text.
    init(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in cut(unsafe utf8.span) }
    }

    /// The words of a text, whatever its sentences.
    static func words(of text: String) -> [String] {
        let spoken = SpokenText(text)
        return spoken.words.filter { !$0.isEmpty }.map { String(decoding: spoken.bytes[$0], as: UTF8.self) }
    }

    private mutating func cut(_ source: Span<UInt8>) {
        bytes.reserveCapacity(source.count + 8)
        words.reserveCapacity(source.count / 5 + 2)
        var addresses = WebAddresses.places(in: source)[...]
        var place = 0
        while place < source.count {
            if let address = addresses.first, place >= address.lowerBound {
                addresses.removeFirst()
                if place == address.lowerBound {
                    takeAddress()
                    place = address.upperBound
                    continue
                }
            }
            let byte = source[place]
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): bytes.append(byte)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): bytes.append(byte | 0x20)
            case UInt8(ascii: "'"): apostrophe()
            case UInt8(ascii: "!"), UInt8(ascii: "?"):
                place = end(at: place, source)
                continue
            case UInt8(ascii: "."):
                // A point within a word, a number or an address ends nothing.
                let next = place + 1 < source.count ? source[place + 1] : 0x20
                if next < 0x30 || next == UInt8(ascii: "?") {
                    place = end(at: place, source)
                    continue
                }
                endWord()
            case 0x0A, 0x0D:
                place = end(at: place, source)
                continue
            case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "("), UInt8(ascii: ")"):
                endWord()
                breakClause()
            case UInt8(ascii: "-"):
                let isDash = wordStart == bytes.count
                endWord()
                if isDash { breakClause() }
            case 0..<0x80: endWord()
            default:
                place = takeBeyondASCII(at: place, source)
                continue
            }
            place += 1
        }
        _ = end(at: place, source)
    }

    private mutating func takeAddress() {
        endWord()
        bytes.append(UInt8(ascii: "@"))
        endWord()
    }

    private mutating func takeBeyondASCII(at place: Int, _ source: Span<UInt8>) -> Int {
        let lead = source[place]
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
        guard place + length <= source.count else { return source.count }
        let second = source[place + 1]
        switch (lead, second) {
        case (0xE2, 0x80):
            switch source[place + 2] {
            case 0x98, 0x99: apostrophe()
            case 0x93, 0x94, 0xA6:
                endWord()
                breakClause()
            default: endWord()
            }
        case (0xC2, _): endWord()
        case (0xF0..., _):
            // An emoji is a word of its own.
            endWord()
            for offset in 0..<length { bytes.append(source[place + offset]) }
            endWord()
        case (0xC3, 0x80...0x9E) where second != 0x97:
            bytes.append(lead)
            bytes.append(second + 0x20)
        default: for offset in 0..<length { bytes.append(source[place + offset]) }
        }
        return place + length
    }

    private mutating func apostrophe() {
        if wordStart < bytes.count { bytes.append(UInt8(ascii: "'")) }
    }

    private mutating func endWord() {
        while wordStart < bytes.count, bytes.last == UInt8(ascii: "'") { bytes.removeLast() }
        guard wordStart < bytes.count else { return }
        words.append(wordStart..<bytes.count)
        bytes.append(UInt8(ascii: " "))
        wordStart = bytes.count
    }

    private mutating func breakClause() {
        guard firstWord < words.count, words.last?.isEmpty == false else { return }
        words.append(wordStart..<wordStart)
        // No phrase runs on over a break.
        bytes.append(UInt8(ascii: ","))
        wordStart = bytes.count
    }

    /// Ends a sentence at a mark and goes past it and its like.
    private mutating func end(at place: Int, _ source: Span<UInt8>) -> Int {
        endWord()
        var sentence = Sentence(source: sentenceStart..<place, words: firstWord..<words.count)
        var next = place
        marks: while next < source.count {
            switch source[next] {
            case UInt8(ascii: "?"): sentence.isQuestion = true
            case UInt8(ascii: "!"): sentence.exclamations += 1
            case UInt8(ascii: "."), 0x0A, 0x0D: break
            default: break marks
            }
            next += 1
        }
        if !sentence.words.isEmpty { sentences.append(sentence) }
        sentenceStart = next
        firstWord = words.count
        if bytes.last == UInt8(ascii: " ") { bytes[bytes.count - 1] = UInt8(ascii: ",") }
        return max(next, place + 1)
    }
}
