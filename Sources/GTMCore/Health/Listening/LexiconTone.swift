/// Takes the tone of English texts from a weighted list of words: the list of `directives/conversation-rules.md`.
///
/// The weights of the words found are added up. A negation shortly before turns a word round, an intensifier before it
/// or an exclamation mark behind the sentence makes it heavier, a question lighter. The sum `s`, in tenths, becomes
/// `s ÷ (|s| + softness)`, so that no text is ever quite at an end.
public struct LexiconTone: ToneModel, Hashable {
    public let name = "lexicon"
    public var version: Int
    /// Weights in tenths by word, beginning of words (`disappoint*`) or phrase (`waste of money`); the longest entry that
    /// begins at a word counts, and what it covers does not count again.
    public var weights: [String: Int] { didSet { compile() } }
    /// Words that turn round what follows within ``negationReach`` words of the same clause.
    public var negations: [String] { didSet { compile() } }
    /// Words from a negation to what it turns round, at most.
    public var negationReach: Int
    /// Percent by which a word changes the weight of the next but two.
    public var intensifiers: [String: Int] { didSet { compile() } }
    /// Percent that each exclamation mark adds, at most three of them.
    public var exclamationPercent: Int
    /// Percent of the weight that counts in a question.
    public var questionPercent: Int
    /// First words of questions that count whole: who asks why it is slow does not ask whether it is.
    public var reproaches: [String] { didSet { compile() } }
    /// What tells how soon a tone nears an end, in tenths.
    public var softness: Int

    private var compiled = CompiledLexicon()

    /// Creates a lexicon.
    public init(
        version: Int, weights: [String: Int], negations: [String], negationReach: Int, intensifiers: [String: Int],
        exclamationPercent: Int, questionPercent: Int, reproaches: [String], softness: Int
    ) {
        self.version = version
        self.weights = weights
        self.negations = negations
        self.negationReach = negationReach
        self.intensifiers = intensifiers
        self.exclamationPercent = exclamationPercent
        self.questionPercent = questionPercent
        self.reproaches = reproaches
        self.softness = softness
        compile()
    }

    private mutating func compile() { compiled = CompiledLexicon(self) }

    public func tone(of text: String) -> Tone? {
        let spoken = SpokenText(text)
        var sum = 0
        var found = false
        for sentence in spoken.sentences {
            guard let weight = weight(of: sentence, in: spoken) else { continue }
            found = true
            sum += weight
        }
        guard found else { return nil }
        // Weights are in thousandths of a tenth here, so that percentages lose nothing.
        return Tone(thousandths: 1000 * sum / max(1, abs(sum) + 1000 * softness))
    }

    /// What the words of a sentence weigh together, in thousandths of a tenth; `nil` where none of them has a weight.
    private func weight(of sentence: SpokenText.Sentence, in spoken: SpokenText) -> Int? {
        var sum: Int?
        var negated = 0
        var strengthened = 0
        var percent = 100
        var isReproach = false
        var place = sentence.words.lowerBound
        while place < sentence.words.upperBound {
            let word = spoken.words[place]
            guard !word.isEmpty, let entry = compiled.entry(at: word.lowerBound, of: spoken.bytes) else {
                if word.isEmpty { (negated, strengthened, percent) = (0, 0, 100) }
                negated -= 1
                strengthened -= 1
                place += 1
                continue
            }
            var next = place + 1
            while next < sentence.words.upperBound, spoken.words[next].lowerBound < entry.end { next += 1 }
            if entry.isReproach, place == sentence.words.lowerBound { isReproach = true }
            if let weight = entry.weight {
                let strength = strengthened > 0 ? percent : 100
                sum = (sum ?? 0) + weight * strength * 10 * (negated > 0 ? -1 : 1)
            }
            negated = entry.isNegation ? negationReach : negated - 1
            if let change = entry.percent {
                percent = strengthened > 0 ? percent + change : 100 + change
                strengthened = 2
            } else {
                strengthened -= 1
            }
            place = next
        }
        guard let sum else { return nil }
        let loud = sum * (100 + exclamationPercent * min(3, sentence.exclamations)) / 100
        return sentence.isQuestion && !isReproach ? loud * questionPercent / 100 : loud
    }
}

/// A lexicon made ready for looking up; it holds nothing that the lexicon does not say.
private struct CompiledLexicon: Sendable, Hashable {
    /// What a word means.
    struct Entry {
        var weight: Int?
        var percent: Int?
        var isNegation = false
        var isReproach = false
        /// Where it ends among the bytes.
        var end = 0
    }

    private var table = StemTable(alphabet: [])
    /// By node: the place of its entry among ``entries`` plus one, for whole words and for beginnings of words.
    private var whole: [Int32] = []
    private var stems: [Int32] = []
    private var entries: [Entry] = []

    init() {}

    init(_ lexicon: LexiconTone) {
        var entries: [String: Entry] = [:]
        for (word, weight) in lexicon.weights { entries[Self.folded(word), default: Entry()].weight = weight }
        for (word, percent) in lexicon.intensifiers { entries[Self.folded(word), default: Entry()].percent = percent }
        for word in lexicon.negations { entries[Self.folded(word), default: Entry()].isNegation = true }
        for word in lexicon.reproaches { entries[Self.folded(word), default: Entry()].isReproach = true }
        table = StemTable(alphabet: entries.keys)
        for (word, entry) in entries.sorted(by: { $0.key < $1.key }) {
            let isStem = word.utf8.last == UInt8(ascii: "*")
            let node = table.add(isStem ? Array(word.utf8.dropLast()) : Array(word.utf8))
            whole.append(contentsOf: repeatElement(0, count: table.count - whole.count))
            stems.append(contentsOf: repeatElement(0, count: table.count - stems.count))
            self.entries.append(entry)
            if isStem { stems[node] = Int32(self.entries.count) } else { whole[node] = Int32(self.entries.count) }
        }
    }

    private static func folded(_ entry: String) -> String {
        SpokenText.words(of: entry).joined(separator: " ") + (entry.utf8.last == UInt8(ascii: "*") ? "*" : "")
    }

    /// The longest entry that begins here.
    func entry(at start: Int, of bytes: [UInt8]) -> Entry? {
        var node = 0
        var place = start
        var found: (number: Int32, end: Int) = (0, 0)
        while place < bytes.count {
            node = table.step(node, bytes[place])
            if node == 0 { break }
            place += 1
            if stems[node] != 0 { found = (stems[node], place) }
            let next = place < bytes.count ? bytes[place] : UInt8(ascii: ",")
            if whole[node] != 0, next == UInt8(ascii: " ") || next == UInt8(ascii: ",") { found = (whole[node], place) }
        }
        guard found.number != 0 else { return nil }
        var entry = entries[Int(found.number) - 1]
        entry.end = found.end
        return entry
    }

    static func == (left: Self, right: Self) -> Bool { true }
    func hash(into hasher: inout Hasher) {}
}
