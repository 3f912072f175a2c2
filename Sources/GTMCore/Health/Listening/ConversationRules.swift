/// What in a customer's words matters: the rules of `directives/conversation-rules.md`, as data.
///
/// Two topics are listened for: ending the subscription, and going to a competitor. Strong patterns count alone; weak
/// ones need company in the same sentence; excuses take back what is meant otherwise ("cancel the meeting"), and so does
/// a negation shortly before ("we don't want to cancel").
///
/// A pattern is a row of words, compared whole and without regard to case:
///
/// - `renew` is that word, `renew*` any word that begins so;
/// - `close|delete` is either of them;
/// - `<product>` is any entry of the list of that name, `<competitor>` any name of ``competitors``;
/// - `_` is one word that may be missing; it never stands for a word of ``clauseWords`` or ``subjects``, or for a comma.
public struct ConversationRules: Sendable, Hashable {
    /// What is listened for under one heading.
    public struct Topic: Sendable, Hashable {
        /// Patterns that count alone.
        public var strong: [String]
        /// Patterns that count beside one of ``company``.
        public var weak: [String]
        /// Patterns that keep weak ones company, anywhere in the sentence.
        public var company: [String]
        /// Patterns that take back what they cover, even a part of it.
        public var excuses: [String]

        /// Creates a topic; one without patterns hears nothing.
        public init(strong: [String] = [], weak: [String] = [], company: [String] = [], excuses: [String] = []) {
            self.strong = strong
            self.weak = weak
            self.company = company
            self.excuses = excuses
        }
    }

    /// The version, kept with every mention.
    public var version: Int
    /// Names of competitors, each of one word or several; none by default.
    public var competitors: [String] { didSet { compile() } }
    /// Words that patterns name together, by the name they go by: single words, or beginnings with `*`.
    public var lists: [String: [String]] { didSet { compile() } }
    /// The customer speaks of ending the subscription.
    public var cancel: Topic { didSet { compile() } }
    /// The customer speaks of a competitor.
    public var competitor: Topic { didSet { compile() } }
    /// Patterns that take back what follows within ``negationReach`` words of the same clause.
    public var negations: [String] { didSet { compile() } }
    /// Patterns that undo the negation they cover: "I can not cancel" takes nothing back.
    public var negationExceptions: [String] { didSet { compile() } }
    /// Words from a negation to what it takes back, at most.
    public var negationReach: Int
    /// Words that begin a clause, which no negation reaches into.
    public var clauseWords: [String] { didSet { compile() } }
    /// Words for whoever acts, which no `_` stands for.
    public var subjects: [String] { didSet { compile() } }

    private var compiled = CompiledRules()

    /// Creates rules; they name no competitor unless told.
    public init(
        version: Int, competitors: [String] = [], lists: [String: [String]], cancel: Topic, competitor: Topic,
        negations: [String],
        negationExceptions: [String], negationReach: Int, clauseWords: [String], subjects: [String]
    ) {
        self.version = version
        self.competitors = competitors
        self.lists = lists
        self.cancel = cancel
        self.competitor = competitor
        self.negations = negations
        self.negationExceptions = negationExceptions
        self.negationReach = negationReach
        self.clauseWords = clauseWords
        self.subjects = subjects
        compile()
    }

    private mutating func compile() { compiled = CompiledRules(self) }

    /// The sentences of a text that speak of something, in order, as written; each is cut after 300 characters.
    public func sentences(about kind: Mention.Kind, in text: String) -> [String] {
        var found: [String] = []
        hear(text) { if $0 == kind { found.append($1) } }
        return found
    }

    /// What the customer's own messages among these say, in their order; what they quote of others does not count.
    public func mentions(in messages: some Sequence<Message>) -> [Mention] {
        var mentions: [Mention] = []
        for message in messages where message.side == .customer {
            hear(message.ownWords) {
                mentions.append(Mention(kind: $0, in: message, sentence: $1, rulesVersion: version))
            }
        }
        return mentions
    }

    private func hear(_ text: String, _ found: (Mention.Kind, String) -> Void) {
        let spoken = SpokenText(text)
        for sentence in spoken.sentences {
            guard let heard = compiled.matrix(of: sentence, in: spoken) else { continue }
            for kind in Mention.Kind.allCases where compiled.hears(kind, in: heard, reach: negationReach) {
                let start = text.utf8.index(text.startIndex, offsetBy: sentence.source.lowerBound)
                let end = text.utf8.index(text.startIndex, offsetBy: sentence.source.upperBound)
                found(kind, String(text[start..<end].drop(while: \.isWhitespace).prefix(300)))
            }
        }
    }
}
