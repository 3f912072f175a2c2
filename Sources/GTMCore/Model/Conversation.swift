#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// The head of a support conversation, with its opening message.
public struct Conversation: Sendable, Hashable {
    /// How far a conversation has got.
    public enum State: String, Sendable, Hashable, CaseIterable {
        case open, snoozed, closed
    }

    /// When it began.
    public var createdAt: Date?
    /// How far it has got; `nil` where that is not told.
    public var state: State?
    /// Whether it was flagged as pressing.
    public var isPriority: Bool
    /// Whether the customer began it or answered in it; `false` for a broadcast that nobody answered.
    public var involvesCustomer: Bool
    /// The first message.
    public var opening: Message?
    /// The customer's verdict.
    public var rating: Rating?
    /// Names of its labels.
    public var tags: [String] = []
    /// The teammate in charge, as a record of the same source.
    public var assignee: RecordID?
    /// What the conversation rules found in the opening message when it arrived.
    public var mentions: [Mention] = []
    /// How the opening message sounded when it arrived; empty where it is not the customer's or tells no tone.
    public var tones: [MessageTone] = []

    /// Creates a conversation.
    public init(createdAt: Date?, state: State?, isPriority: Bool = false, involvesCustomer: Bool = true) {
        self.createdAt = createdAt
        self.state = state
        self.isPriority = isPriority
        self.involvesCustomer = involvesCustomer
    }

    /// Whether somebody still has to act: snoozed counts as open, an untold state does not.
    public var isOpen: Bool { state == .open || state == .snoozed }
}

/// A customer's verdict on a conversation.
public struct Rating: Sendable, Hashable {
    /// 1 (bad) to 5 (good).
    public var score: Int
    /// When it was given.
    public var ratedAt: Date?
    /// Who gave it.
    public var by: SubjectRef?

    /// Creates a verdict; `nil` for a score outside 1...5.
    public init?(score: Int, ratedAt: Date?, by: SubjectRef?) {
        guard (1...5).contains(score) else { return nil }
        self.score = score
        self.ratedAt = ratedAt
        self.by = by
    }
}

/// One message of a conversation, as plain text.
public struct Message: Sendable, Hashable {
    /// Which side wrote a message.
    public enum Side: String, Sendable, Hashable, CaseIterable {
        case customer, teammate, bot
    }

    /// The vendor's id.
    public var id: String
    /// When it was written.
    public var sentAt: Date?
    /// Which side wrote it.
    public var side: Side
    /// Who wrote it, where the source tells.
    public var author: SubjectRef?
    /// The text without mark-up; empty where there is none.
    public var text: String

    /// Creates a message.
    public init(id: String, sentAt: Date?, side: Side, author: SubjectRef? = nil, text: String) {
        self.id = id
        self.sentAt = sentAt
        self.side = side
        self.author = author
        self.text = text
    }
}

/// The messages of a conversation after its opening one.
public struct Transcript: Sendable, Hashable {
    /// The conversation they belong to.
    public var conversation: RecordID
    /// The messages, oldest first.
    public var messages: [Message]
    /// Messages that the source has and does not hand out any more.
    public var missing: Int
    /// What the conversation rules found in the messages when they arrived, in their order.
    public var mentions: [Mention] = []
    /// How the customer's messages sounded when they arrived, in their order, of those that tell a tone.
    public var tones: [MessageTone] = []

    /// Creates a transcript.
    public init(conversation: RecordID, messages: [Message], missing: Int = 0) {
        self.conversation = conversation
        self.messages = messages
        self.missing = missing
    }
}

/// Something that a customer said and that matters, with the sentence that says it.
public struct Mention: Sendable, Hashable {
    /// What was said.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The customer speaks of ending the subscription.
        case cancel
        /// The customer speaks of a competitor whom he uses, looks at, or goes to.
        case competitor
    }

    /// What was said.
    public var kind: Kind
    /// The message, by the vendor's id.
    public var message: String
    /// When it was written.
    public var saidAt: Date?
    /// Who wrote it, where the source tells.
    public var author: SubjectRef?
    /// The sentence, as written.
    public var sentence: String
    /// The version of the rules that found it.
    public var rulesVersion: Int

    /// Creates a mention.
    public init(kind: Kind, in message: Message, sentence: String, rulesVersion: Int) {
        self.kind = kind
        self.message = message.id
        saidAt = message.sentAt
        author = message.author
        self.sentence = sentence
        self.rulesVersion = rulesVersion
    }
}
