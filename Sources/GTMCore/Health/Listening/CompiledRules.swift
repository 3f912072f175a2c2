/// Conversation rules made ready for listening: every choice of words has a bit, and patterns are rows of bits to test.
///
/// It holds nothing that the rules do not say, and so is equal to any other as far as values are compared.
struct CompiledRules: Sendable {
    /// The words of a sentence: for each, a bit for every choice that it satisfies.
    struct Matrix {
        var bits: [UInt64]
        var stride: Int
        var count: Int

        @inline(__always)
        func has(_ choice: Int, at place: Int) -> Bool {
            bits[place * stride + choice >> 6] & (1 << UInt64(choice & 63)) != 0
        }
    }

    private enum Element {
        case choice(Int)
        case gap
        case competitor
    }

    private typealias Pattern = [Element]

    private struct Topic {
        var strong: [Pattern] = []
        var weak: [Pattern] = []
        var company: [Pattern] = []
        var excuses: [Pattern] = []
    }

    private var cancel = Topic()
    private var competitor = Topic()
    private var negations: [Pattern] = []
    private var exceptions: [Pattern] = []
    private var names: [[Int]] = []
    private var vocabulary = Vocabulary()

    /// Where a clause begins: a comma, or a word that begins one.
    private static let clause = 0
    /// What no gap runs over: the same, and whoever acts.
    private static let stop = 1
    /// What some pattern cannot do without.
    private static let anchor = 2

    /// Rules that hear nothing.
    init() {}

    init(_ rules: ConversationRules) {
        vocabulary.claim(3)
        vocabulary.add(rules.clauseWords, for: Self.clause)
        vocabulary.add(rules.clauseWords + rules.subjects, for: Self.stop)
        names = rules.competitors.map { name in SpokenText.words(of: name).map { vocabulary.choice([$0]) } }
            .filter { !$0.isEmpty }
        for name in rules.competitors { vocabulary.add(SpokenText.words(of: name).prefix(1), for: Self.anchor) }
        cancel = topic(rules.cancel, rules.lists)
        competitor = topic(rules.competitor, rules.lists)
        negations = rules.negations.map { pattern($0, rules.lists) }
        exceptions = rules.negationExceptions.map { pattern($0, rules.lists) }
        vocabulary.seal()
    }

    private mutating func topic(_ topic: ConversationRules.Topic, _ lists: [String: [String]]) -> Topic {
        Topic(
            strong: topic.strong.map { pattern($0, lists, anchored: true) },
            weak: topic.weak.map { pattern($0, lists, anchored: true) },
            company: topic.company.map { pattern($0, lists) }, excuses: topic.excuses.map { pattern($0, lists) })
    }

    private mutating func pattern(_ text: String, _ lists: [String: [String]], anchored: Bool = false) -> Pattern {
        var anchor: (entries: [String], length: Int) = ([], 0)
        var namesCompetitor = false
        let elements = text.split(separator: " ").map { word -> Element in
            if word == "_" { return .gap }
            if word == "<competitor>" {
                namesCompetitor = true
                return .competitor
            }
            let entries = Self.entries(of: word, lists)
            // The longest words are the rarest.
            let length = entries.map(\.utf8.count).min() ?? 0
            if length > anchor.length { anchor = (entries, length) }
            return .choice(vocabulary.choice(entries))
        }
        if anchored, !namesCompetitor { vocabulary.add(anchor.entries, for: Self.anchor) }
        return elements
    }

    /// The words that a part of a pattern stands for.
    static func entries(of word: Substring, _ lists: [String: [String]]) -> [String] {
        word.split(separator: "|").flatMap { choice -> [String] in
            guard choice.hasPrefix("<"), choice.hasSuffix(">") else { return [String(choice)] }
            return lists[String(choice.dropFirst().dropLast())] ?? []
        }
    }

    // MARK: Listening

    /// What the words of a sentence satisfy; `nil` where no pattern can match.
    func matrix(of sentence: SpokenText.Sentence, in spoken: SpokenText) -> Matrix? {
        guard vocabulary.hasWord(of: Self.anchor, sentence, spoken) else { return nil }
        let stride = vocabulary.stride
        var matrix = Matrix(
            bits: Array(repeating: 0, count: stride * sentence.words.count), stride: stride,
            count: sentence.words.count)
        for (place, index) in sentence.words.enumerated() {
            let word = spoken.words[index]
            if word.isEmpty {
                matrix.bits[place * stride] = 1 << UInt64(Self.clause) | 1 << UInt64(Self.stop)
            } else {
                vocabulary.mark(word, of: spoken.bytes, in: &matrix.bits, at: place * stride)
            }
        }
        return matrix
    }

    /// Whether a sentence speaks of something.
    func hears(_ kind: Mention.Kind, in matrix: Matrix, reach: Int) -> Bool {
        let topic =
            switch kind {
            case .cancel: cancel
            case .competitor: competitor
            }
        if hears(topic.strong, topic, matrix, reach) { return true }
        let isAccompanied = topic.company.contains { pattern in
            (0..<matrix.count).contains { end(of: pattern[...], at: $0, matrix) != nil }
        }
        return isAccompanied && hears(topic.weak, topic, matrix, reach)
    }

    private func hears(_ patterns: [Pattern], _ topic: Topic, _ matrix: Matrix, _ reach: Int) -> Bool {
        for place in 0..<matrix.count {
            for pattern in patterns {
                guard let end = end(of: pattern[...], at: place, matrix), end > place else { continue }
                if !isNegated(place, matrix, reach), !isCovered(place..<end, by: topic.excuses, matrix) { return true }
            }
        }
        return false
    }

    private func isNegated(_ place: Int, _ matrix: Matrix, _ reach: Int) -> Bool {
        var before = place - 1
        while before >= max(0, place - reach) {
            if matrix.has(Self.clause, at: before) { return false }
            for negation in negations {
                guard let end = end(of: negation[...], at: before, matrix), end <= place else { continue }
                return !isCovered(before..<end, by: exceptions, matrix)
            }
            before -= 1
        }
        return false
    }

    /// Whether one of the patterns covers any of these words.
    private func isCovered(_ places: Range<Int>, by patterns: [Pattern], _ matrix: Matrix) -> Bool {
        let start = max(0, places.lowerBound - 8)
        return (start..<places.upperBound).contains { place in
            patterns.contains { end(of: $0[...], at: place, matrix).map { $0 > places.lowerBound } ?? false }
        }
    }

    /// Where a pattern that begins at a word ends; `nil` where it does not match.
    private func end(of pattern: ArraySlice<Element>, at place: Int, _ matrix: Matrix) -> Int? {
        guard let first = pattern.first else { return place }
        let rest = pattern.dropFirst()
        switch first {
        case .choice(let choice):
            guard place < matrix.count, matrix.has(choice, at: place) else { return nil }
            return end(of: rest, at: place + 1, matrix)
        case .gap:
            if let end = end(of: rest, at: place, matrix) { return end }
            guard place < matrix.count, !matrix.has(Self.stop, at: place) else { return nil }
            return end(of: rest, at: place + 1, matrix)
        case .competitor:
            for name in names where place + name.count <= matrix.count {
                guard name.indices.allSatisfy({ matrix.has(name[$0], at: place + $0) }) else { continue }
                if let end = end(of: rest, at: place + name.count, matrix) { return end }
            }
            return nil
        }
    }
}

extension CompiledRules: Hashable {
    static func == (left: Self, right: Self) -> Bool { true }
    func hash(into hasher: inout Hasher) {}
}

/// Words and beginnings of words, each with the choices that it belongs to.
private struct Vocabulary: Sendable {
    /// Choices by their sorted entries.
    private var numbers: [[String]: Int] = [:]
    private var entries: [String: [Int]] = [:]
    private var count = 0

    private var table = StemTable(alphabet: [])
    /// Bits of each node, for words that go through it and for those that end there.
    private var through: [UInt64] = []
    private var ending: [UInt64] = []
    /// Machine words of bits for each word.
    private(set) var stride = 1

    /// Takes the first numbers for the caller's own use.
    mutating func claim(_ reserved: Int) { count = max(count, reserved) }

    /// The number of a choice among words.
    mutating func choice(_ words: [String]) -> Int {
        let words = words.sorted()
        if let number = numbers[words] { return number }
        let number = count
        count += 1
        numbers[words] = number
        add(words, for: number)
        return number
    }

    mutating func add(_ words: some Sequence<String>, for number: Int) {
        for word in words { entries[word, default: []].append(number) }
    }

    /// Builds the table; nothing is added afterwards.
    mutating func seal() {
        stride = (count + 63) / 64
        let named = entries.map { (Self.folded($0.key), $0.value) }
        table = StemTable(alphabet: named.map(\.0))
        for (entry, numbers) in named.sorted(by: { $0.0 < $1.0 }) {
            let isStem = entry.utf8.last == UInt8(ascii: "*")
            let node = table.add(isStem ? Array(entry.utf8.dropLast()) : Array(entry.utf8))
            let missing = table.count * stride - through.count
            through.append(contentsOf: repeatElement(0, count: missing))
            ending.append(contentsOf: repeatElement(0, count: missing))
            for number in numbers {
                let place = node * stride + number >> 6
                let bit: UInt64 = 1 << UInt64(number & 63)
                if isStem { through[place] |= bit } else { ending[place] |= bit }
            }
        }
    }

    /// An entry as texts are cut: in lower case, with straight apostrophes.
    private static func folded(_ entry: String) -> String {
        let words = SpokenText.words(of: entry)
        return (words.first ?? "") + (entry.utf8.last == UInt8(ascii: "*") ? "*" : "")
    }

    /// Whether any word of a sentence belongs to a choice below 64.
    func hasWord(of choice: Int, _ sentence: SpokenText.Sentence, _ spoken: SpokenText) -> Bool {
        let bit: UInt64 = 1 << UInt64(choice)
        for index in sentence.words {
            let word = spoken.words[index]
            var node = 0
            for place in word {
                node = table.step(node, spoken.bytes[place])
                if node == 0 { break }
                if through[node * stride] & bit != 0 { return true }
                if ending[node * stride] & bit != 0, Self.ends(word, after: place, in: spoken.bytes) { return true }
            }
        }
        return false
    }

    /// Sets the bits of a word.
    func mark(_ word: Range<Int>, of bytes: [UInt8], in bits: inout [UInt64], at start: Int) {
        var node = 0
        for place in word {
            node = table.step(node, bytes[place])
            if node == 0 { return }
            let ends = Self.ends(word, after: place, in: bytes)
            for offset in 0..<stride {
                bits[start + offset] |= through[node * stride + offset]
                if ends { bits[start + offset] |= ending[node * stride + offset] }
            }
        }
    }

    /// Whether a word is at its end after a byte, or all but a possessive `'s`.
    @inline(__always)
    private static func ends(_ word: Range<Int>, after place: Int, in bytes: [UInt8]) -> Bool {
        switch word.upperBound - place {
        case 1: true
        case 3: bytes[place + 1] == UInt8(ascii: "'") && bytes[place + 2] == UInt8(ascii: "s")
        default: false
        }
    }
}
