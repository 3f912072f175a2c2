/// Tells how a text sounds. The engine asks once for each message that a customer wrote, when it arrives.
///
/// A model is a pure function: the same text has the same tone, whoever asks and when.
public protocol ToneModel: Sendable {
    /// The stable lowercase name, such as `lexicon`.
    var name: String { get }

    /// The version, kept with every tone.
    var version: Int { get }

    /// How a text sounds; `nil` where nothing in it tells.
    func tone(of text: String) -> Tone?
}

/// How something sounds: from -1, as bad as can be, over 0 to 1, in thousandths.
public struct Tone: Sendable, Hashable, Comparable {
    /// Thousandths, -1000...1000.
    public let thousandths: Int

    /// Creates a tone; what lies outside -1000...1000 is brought to the nearer end.
    public init(thousandths: Int) { self.thousandths = min(1000, max(-1000, thousandths)) }

    /// Whether it is neither good nor bad: nearer to 0 than 0.2.
    public var isNeutral: Bool { abs(thousandths) < 200 }

    public static func < (left: Self, right: Self) -> Bool { left.thousandths < right.thousandths }
}

/// The tone of one message of a conversation.
///
/// It points at the message rather than repeating when it was written and by whom: a store holds many of them.
public struct MessageTone: Sendable, Hashable {
    /// The place of the message among the transcript's, from 0 on; 0 for the opening message of a conversation.
    public var message: Int
    /// How it sounds.
    public var tone: Tone
    /// The version of the model that told it.
    public var modelVersion: Int

    /// Creates a message's tone.
    public init(message: Int, _ tone: Tone, modelVersion: Int) {
        self.message = message
        self.tone = tone
        self.modelVersion = modelVersion
    }
}
