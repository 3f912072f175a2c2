/// What in a customer's words means that he may leave: the rules of `directives/master.md`, as data.
///
/// Strong words count alone; weak ones need a word about the subscription in the same sentence; a negation shortly
/// before takes it back ("we don't want to cancel"). Words are compared whole, in lower case.
public struct ConversationRules: Sendable, Hashable {
    /// The version, kept with every mention.
    public var version: Int
    /// Beginnings of words that count alone.
    public var strongStems: [String]
    /// Word sequences that count alone; they carry their own negation.
    public var strongPhrases: [[String]]
    /// Beginnings of words that count beside one of ``subscriptionStems``.
    public var weakStems: [String]
    /// Beginnings of words about the subscription.
    public var subscriptionStems: [String]
    /// Words that take back what follows within ``negationReach`` words.
    public var negations: Set<String>
    /// Words before a negation that undo it: "I cannot cancel" is no taking back.
    public var negationBreakers: Set<String>
    /// Words between a negation and what it takes back, at most.
    public var negationReach: Int

    /// The rules in force by default.
    public static let standard = ConversationRules(
        version: 1, strongStems: ["cancel"],
        strongPhrases: [
            ["not", "renewing"], ["not", "renew"], ["won't", "renew"], ["wont", "renew"], ["won't", "be", "renewing"],
            ["not", "be", "renewing"], ["not", "going", "to", "renew"], ["don't", "renew"],
        ],
        weakStems: ["churn", "leaving", "switching"],
        subscriptionStems: [
            "account", "billing", "charge", "contract", "invoice", "licence", "license", "payment", "plan", "platform",
            "pricing", "product", "provider", "renew", "seat", "service", "subscri", "tool", "vendor", "workspace",
        ],
        negations: [
            "not", "don't", "dont", "never", "without", "won't", "wont", "didn't", "didnt", "doesn't", "wouldn't",
            "isn't", "aren't", "haven't", "hasn't", "no",
        ],
        negationBreakers: ["can", "could", "why"], negationReach: 4)

    /// The sentences of a text that speak of cancelling, in order; each is cut after 300 characters.
    public func sentencesAboutCancelling(in text: String) -> [String] {
        guard mayMention(text) else { return [] }
        return text.split(whereSeparator: { ".!?\n\r".contains($0) }).compactMap { sentence in
            guard speaksOfCancelling(Self.words(of: sentence)) else { return nil }
            return String(sentence.drop(while: \.isWhitespace).prefix(300))
        }
    }

    /// What the customer's own messages among these say of cancelling, in their order.
    public func mentions(in messages: some Sequence<Message>) -> [Mention] {
        var mentions: [Mention] = []
        for message in messages where message.side == .customer {
            for sentence in sentencesAboutCancelling(in: message.text) {
                mentions.append(Mention(kind: .cancel, in: message, sentence: sentence, rulesVersion: version))
            }
        }
        return mentions
    }

    /// A cheap look that spares most texts the work: whether any stem occurs at all, in whatever case.
    private func mayMention(_ text: String) -> Bool {
        var lowered = [UInt8]()
        lowered.reserveCapacity(text.utf8.count)
        for byte in text.utf8 { lowered.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte) }
        return (strongStems + weakStems + ["renew"]).contains { stem in
            let pattern = Array(stem.utf8)
            guard let first = pattern.first, lowered.count >= pattern.count else { return false }
            return (0...(lowered.count - pattern.count)).contains { start in
                lowered[start] == first && lowered[start..<(start + pattern.count)].elementsEqual(pattern)
            }
        }
    }

    private func speaksOfCancelling(_ words: [String]) -> Bool {
        let aboutSubscription = words.contains { word in subscriptionStems.contains(where: word.hasPrefix) }
        for (place, word) in words.enumerated() {
            if strongPhrases.contains(where: { words[place...].starts(with: $0) }) { return true }
            let counts =
                strongStems.contains(where: word.hasPrefix)
                || (aboutSubscription && weakStems.contains(where: word.hasPrefix))
            if counts, !isNegated(place, in: words) { return true }
        }
        return false
    }

    private func isNegated(_ place: Int, in words: [String]) -> Bool {
        let start = max(0, place - negationReach)
        return (start..<place).contains { before in
            negations.contains(words[before])
                && !(before > 0 && negationBreakers.contains(words[before - 1]))
        }
    }

    /// The words of a text in lower case, apostrophes kept and made straight.
    static func words(of text: Substring) -> [String] {
        var words: [String] = []
        var word = ""
        for character in text.lowercased() {
            if character.isLetter || character.isNumber {
                word.append(character)
            } else if character == "'" || character == "’" {
                if !word.isEmpty { word.append("'") }
            } else if !word.isEmpty {
                words.append(word)
                word = ""
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}

extension SourceRecord {
    /// The record with what the rules find in the customer's own messages; other records as they are.
    public func annotated(by rules: ConversationRules) -> SourceRecord {
        var record = self
        switch fact.kind {
        case .conversation(let shared):
            let mentions = rules.mentions(in: CollectionOfOne(shared.value.opening).compactMap { $0 })
            guard mentions != shared.value.mentions else { return self }
            var conversation = shared.value
            conversation.mentions = mentions
            record.fact = .conversation(conversation)
        case .transcript(let shared):
            let mentions = rules.mentions(in: shared.value.messages)
            guard mentions != shared.value.mentions else { return self }
            var transcript = shared.value
            transcript.mentions = mentions
            record.fact = .transcript(transcript)
        default: return self
        }
        return record
    }
}
