#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What is asked of a record most often, kept where a version is looked at first: most records of a customer are passed
/// over for it alone, without a look into what they say.
struct RecordGlance: Sendable {
    /// What a record says, as far as a look goes.
    struct Marks: OptionSet, Sendable {
        let rawValue: UInt16

        /// It stands, or is only hidden.
        static let isLive = Marks(rawValue: 1)
        static let isConversation = Marks(rawValue: 2)
        static let isTranscript = Marks(rawValue: 4)
        /// The customer began the conversation or answered in it.
        static let involvesCustomer = Marks(rawValue: 8)
        static let isOpen = Marks(rawValue: 16)
        static let isPriority = Marks(rawValue: 32)
        /// Something was heard in it.
        static let hasMentions = Marks(rawValue: 64)
        /// A message in it has a tone.
        static let hasTones = Marks(rawValue: 128)
        static let isRated = Marks(rawValue: 256)
        /// Who rated, spoke or was felt in it is nobody but the one whom it concerns.
        static let isOneVoiced = Marks(rawValue: 512)
    }

    let marks: Marks
    /// The verdict on a conversation, 1...5; 0 for none.
    let rating: UInt8
    private let began: Double
    private let changed: Double
    private let rated: Double

    /// When a conversation began; `nil` where that is not told, and for other records.
    var createdAt: Date? { Self.date(began) }
    /// The record's time at the vendor.
    var changedAt: Date? { Self.date(changed) }
    /// When the verdict was given, else when the conversation began.
    var ratedAt: Date? { Self.date(rated) }

    private static func date(_ interval: Double) -> Date? {
        interval.isNaN ? nil : Date(timeIntervalSinceReferenceDate: interval)
    }

    init(_ record: SourceRecord) {
        var marks: Marks = record.state.isLive ? .isLive : []
        var (began, rated): (Date?, Date?)
        var rating: UInt8 = 0
        switch record.fact.kind {
        case .conversation(let shared):
            marks.insert(.isConversation)
            began = shared.value.createdAt
            if shared.value.involvesCustomer { marks.insert(.involvesCustomer) }
            if shared.value.isOpen { marks.insert(.isOpen) }
            if shared.value.isPriority { marks.insert(.isPriority) }
            if let verdict = shared.value.rating {
                marks.insert(.isRated)
                rating = UInt8(truncatingIfNeeded: verdict.score)
                rated = verdict.ratedAt ?? began
            }
            if Self.isOneVoiced(record, shared.value) { marks.insert(.isOneVoiced) }
            if !shared.value.mentions.isEmpty { marks.insert(.hasMentions) }
            if !shared.value.tones.isEmpty { marks.insert(.hasTones) }
        case .transcript(let shared):
            marks.insert(.isTranscript)
            if Self.isOneVoiced(record, shared.value) { marks.insert(.isOneVoiced) }
            if !shared.value.mentions.isEmpty { marks.insert(.hasMentions) }
            if !shared.value.tones.isEmpty { marks.insert(.hasTones) }
        default: break
        }
        self.marks = marks
        self.rating = rating
        self.began = began?.timeIntervalSinceReferenceDate ?? .nan
        self.rated = rated?.timeIntervalSinceReferenceDate ?? .nan
        changed = record.changedAt?.timeIntervalSinceReferenceDate ?? .nan
    }

    /// The one record that a record concerns; a customer has it among the records only because of that one.
    private static func only(_ record: SourceRecord) -> SubjectRef? {
        guard record.subjects.count == 1, case .record? = record.subjects.first else { return nil }
        return record.subjects.first
    }

    private static func isOneVoiced(_ record: SourceRecord, _ conversation: Conversation) -> Bool {
        guard let only = only(record) else { return false }
        return isBy(only, conversation.rating?.by) && conversation.mentions.allSatisfy { isBy(only, $0.author) }
            && (conversation.tones.isEmpty || isBy(only, conversation.opening?.author))
    }

    private static func isOneVoiced(_ record: SourceRecord, _ transcript: Transcript) -> Bool {
        guard let only = only(record) else { return false }
        return transcript.mentions.allSatisfy { isBy(only, $0.author) }
            && transcript.tones.allSatisfy { tone in
                !transcript.messages.indices.contains(tone.message)
                    || isBy(only, transcript.messages[tone.message].author)
            }
    }

    /// Whether somebody is the one, or is not told.
    private static func isBy(_ one: SubjectRef, _ other: SubjectRef?) -> Bool { other.map { $0 == one } ?? true }
}
