#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// One page asked of an adapter.
public struct PageRequest: Sendable, Hashable {
    /// Which records are wanted.
    public enum Scope: Sendable, Hashable {
        /// All there are.
        case everything
        /// Those changed at or after a checkpoint, with the overlap that the vendor's clock and index need.
        case changed(since: Checkpoint)
        /// These, one by one; what became of a vanished one is told by its state.
        case ids([RecordID])
    }

    /// The stream to read.
    public var stream: String
    /// Which of its records.
    public var scope: Scope
    /// Where the page before this one ended; `nil` for the first.
    public var cursor: PageCursor?
    /// The time of the run, from the caller's clock.
    public var now: Date

    /// Creates a request.
    public init(stream: String, scope: Scope, cursor: PageCursor? = nil, now: Date) {
        self.stream = stream
        self.scope = scope
        self.cursor = cursor
        self.now = now
    }
}

/// A place between two pages, in the vendor's own terms.
public struct PageCursor: Sendable, Hashable {
    /// The vendor's text.
    public var text: String

    /// Creates a cursor.
    public init(_ text: String) { self.text = text }
}

/// Up to where a stream has been read.
public struct Checkpoint: Sendable, Hashable {
    /// The vendor's time up to which everything is certain to have been seen.
    public var watermark: Date?
    /// The vendor's own token, where it works with one.
    public var token: String?

    /// Creates a checkpoint.
    public init(watermark: Date? = nil, token: String? = nil) {
        self.watermark = watermark
        self.token = token
    }
}

/// What an adapter read: records, what it could not take, and how to go on.
public struct RecordPage: Sendable, Hashable {
    /// The records, as they came.
    public var records: [SourceRecord]
    /// Ids that were on the page but lie outside the scope, such as those older than the checkpoint. They were seen.
    public var outside: [String]
    /// Records that could not be taken.
    public var rejected: [RejectedRecord]
    /// Fields that could not be taken, of records that could.
    public var issues: [FieldIssue]
    /// Further records to be fetched by id, such as the parts of a conversation.
    public var pending: [PendingFetch]
    /// The place after this page; `nil` after the last one.
    public var next: PageCursor?
    /// The vendor's token to go on from after this page; watermarks are kept by the engine from `changedAt`.
    public var token: String?
    /// How many records the source says there are in this scope.
    public var total: Int?

    /// Creates a page.
    public init(
        records: [SourceRecord] = [], outside: [String] = [], rejected: [RejectedRecord] = [],
        issues: [FieldIssue] = [], pending: [PendingFetch] = [], next: PageCursor? = nil, token: String? = nil,
        total: Int? = nil
    ) {
        self.records = records
        self.outside = outside
        self.rejected = rejected
        self.issues = issues
        self.pending = pending
        self.next = next
        self.token = token
        self.total = total
    }
}

/// A record that could not be taken: where it stood and why, never what it said.
public struct RejectedRecord: Sendable, Hashable {
    /// The source and stream that it came from, and its id where that could be read (else its place on the page).
    public var id: RecordID
    /// The part that is wrong, as a path such as `$.data[3].id`.
    public var path: String
    /// What is wrong and what was expected.
    public var reason: String
    /// Whether the record is to be asked for again by its id at the next run.
    public var retries: Bool

    /// Creates a rejection.
    public init(id: RecordID, path: String, reason: String, retries: Bool = false) {
        self.id = id
        self.path = path
        self.reason = reason
        self.retries = retries
    }
}

/// A field that could not be taken and stays unknown; its record stands.
public struct FieldIssue: Sendable, Hashable {
    /// The record.
    public var record: RecordID
    /// The field, such as `custom_attributes.stripe_plan_price`.
    public var path: String
    /// What is wrong and what was expected, without the value where that could be personal.
    public var reason: String

    /// Creates an issue.
    public init(record: RecordID, path: String, reason: String) {
        self.record = record
        self.path = path
        self.reason = reason
    }
}

/// A record that has to be fetched by its id.
public struct PendingFetch: Sendable, Hashable {
    /// The record to fetch.
    public var id: RecordID
    /// The record on the same page that asked for it: where that one is unchanged and the fetched one is already
    /// there, nothing is fetched. `nil` fetches in any case.
    public var because: RecordID?

    /// Creates a request for a record.
    public init(id: RecordID, because: RecordID? = nil) {
        self.id = id
        self.because = because
    }
}
