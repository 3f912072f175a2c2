#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// One entity, as one source described it at one time.
public struct SourceRecord: Sendable, Hashable {
    /// Where it was read: source instance, stream and the vendor's id.
    public var id: RecordID
    /// Who this record *is*; `nil` for things that happened, such as a conversation.
    public var identity: Identity?
    /// Whom it *concerns*: a conversation's contacts, a meeting's attendees. A subject never joins anybody.
    public var subjects: [SubjectRef]
    /// When the vendor says that it last changed; `nil` where the vendor does not say.
    public var changedAt: Date?
    /// What it says.
    public var fact: Fact
    /// Whether it still stands.
    public var state: RecordState

    /// Creates a record.
    public init(
        id: RecordID, identity: Identity? = nil, subjects: [SubjectRef] = [], changedAt: Date? = nil, fact: Fact,
        state: RecordState = .live
    ) {
        self.id = id
        self.identity = identity
        self.subjects = subjects
        self.changedAt = changedAt
        self.fact = fact
        self.state = state
    }
}

/// Who a record is: the keys by which it is recognised as a customer.
public struct Identity: Sendable, Hashable {
    /// The primary e-mail address, the one key that makes records one customer.
    public var email: EmailAddress?
    /// Further addresses of the same person. They join a record without e-mail, never two customers.
    public var furtherEmails: [EmailAddress]
    /// Keys of other systems, such as `stripe:cus_1`. They join a record without e-mail, never two customers.
    public var externalIDs: [ExternalID]
    /// Whether a person seen here is a customer. The engine sets it from the stream's descriptor.
    public var createsCustomer: Bool

    /// Creates an identity.
    public init(
        email: EmailAddress?, furtherEmails: [EmailAddress] = [], externalIDs: [ExternalID] = [],
        createsCustomer: Bool = false
    ) {
        self.email = email
        self.furtherEmails = furtherEmails
        self.externalIDs = externalIDs
        self.createsCustomer = createsCustomer
    }
}

/// Whom a record concerns.
public enum SubjectRef: Sendable, Hashable {
    /// The person behind another record of the same or another source; merges at the vendor are followed.
    case record(RecordID)
    /// The customer of this e-mail address.
    case email(EmailAddress)
    /// The customer who claims this key.
    case external(ExternalID)
}

/// Whether a record still stands at its source.
public enum RecordState: Sendable, Hashable {
    /// It stands.
    case live
    /// It is hidden at the source and may come back.
    case archived
    /// It was deleted at the source.
    case deleted
    /// It was merged into another record, which speaks for it from then on.
    case merged(into: RecordID)

    /// Whether the record still speaks for somebody.
    public var isLive: Bool { self == .live || self == .archived }
}

/// A record as the store holds it: with the moment we learnt it and its place in the order of commits. It never
/// changes, and is handed around without being copied.
public final class RecordVersion: Sendable {
    /// The first to be looked at, and so the first in memory.
    let glance: RecordGlance
    /// What the source said.
    public let record: SourceRecord
    /// When it was committed.
    public let recordedAt: Date
    /// The number of the commit that brought it, counting from 1.
    public let sequence: UInt64

    /// Creates a version.
    public init(record: SourceRecord, recordedAt: Date, sequence: UInt64) {
        glance = RecordGlance(record)
        self.record = record
        self.recordedAt = recordedAt
        self.sequence = sequence
    }

    /// The time that decides which version is in force: the vendor's, else the moment we learnt it.
    public var orderingTime: Date { record.changedAt ?? recordedAt }

    /// When this began to hold; a vendor's clock that runs ahead cannot move it past the moment we learnt it.
    ///
    /// That a record is gone holds from when it was learnt: vendors mostly do not say since when, and the time of the
    /// record's last change is none of its end.
    public var effectiveAt: Date { record.state.isLive ? min(orderingTime, recordedAt) : recordedAt }

    /// Whether this version replaces `other` where both are known.
    public func supersedes(_ other: RecordVersion) -> Bool {
        (orderingTime, sequence) > (other.orderingTime, other.sequence)
    }
}

extension RecordVersion: Hashable {
    public static func == (left: RecordVersion, right: RecordVersion) -> Bool {
        left === right
            || (left.sequence == right.sequence && left.recordedAt == right.recordedAt && left.record == right.record)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(sequence)
        hasher.combine(record.id)
    }
}

/// A moment on both time axes.
public struct TimePoint: Sendable, Hashable {
    /// What had been learnt by then counts; `nil` counts everything learnt so far.
    public var knownAt: Date?
    /// What held then counts; `nil` is the latest.
    public var validAt: Date?

    /// Creates a time point.
    public init(knownAt: Date? = nil, validAt: Date? = nil) {
        self.knownAt = knownAt
        self.validAt = validAt
    }

    /// The present: everything learnt, the latest of it.
    public static let latest = TimePoint()

    /// Whether `version` had been learnt and held at this point.
    public func includes(_ version: RecordVersion) -> Bool {
        includes(recordedAt: version.recordedAt, effectiveAt: version.effectiveAt)
    }

    /// Whether what was learnt and began to hold at these moments had been learnt and held at this point.
    func includes(recordedAt: Date, effectiveAt: Date) -> Bool {
        (knownAt.map { recordedAt <= $0 } ?? true) && (validAt.map { effectiveAt <= $0 } ?? true)
    }

    /// The version in force: of those included, the one with the latest ordering time, then the latest commit.
    public func inForce(_ versions: some Sequence<RecordVersion>) -> RecordVersion? {
        var best: RecordVersion?
        for version in versions where includes(version) {
            if best.map(version.supersedes) ?? true { best = version }
        }
        return best
    }
}
