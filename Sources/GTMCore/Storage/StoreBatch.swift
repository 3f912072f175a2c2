#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// What is written to a store at once: all of it or nothing.
public struct StoreBatch: Sendable {
    /// When this is learnt, from the caller's clock.
    public var recordedAt: Date
    /// Records as their sources tell them. One whose content is unchanged is not stored again.
    public var records: [SourceRecord] = []
    /// Records that could not be taken.
    public var rejected: [RejectedRecord] = []
    /// Fields that could not be taken, of records in this batch; they replace what was noted of these records before.
    public var issues: [FieldIssue] = []
    /// Records to be fetched by id later on.
    public var pending: [PendingFetch] = []
    /// Records that need not be fetched any more.
    public var fetched: [RecordID] = []
    /// Ids seen by the passes under way: they add up until the pass ends.
    public var seen: [StreamKey: [String]] = [:]
    /// Where streams stand now.
    public var streams: [StreamKey: StreamState] = [:]
    /// Runs, new or further along; a run replaces the one of its id.
    public var runs: [SyncRun] = []
    /// Rules of identity, new or undone; a rule replaces the one of its id.
    public var rules: [IdentityRule] = []
    /// Summaries of assessments, each replacing the last one of its customer.
    public var assessments: [AssessmentSummary] = []
    /// The commit that the assessments are based on; one whose customer was touched since is not taken.
    public var assessedAt: UInt64 = .max

    /// Creates an empty batch.
    public init(recordedAt: Date) { self.recordedAt = recordedAt }
}

/// What became of a batch.
public struct CommitReceipt: Sendable, Hashable {
    /// What became of one record.
    public enum Outcome: String, Sendable, Hashable {
        /// Nothing was known of it.
        case new
        /// It says something else than before, or the same thing about another time.
        case updated
        /// Nothing new.
        case unchanged
        /// It is of a person who was erased, and was not taken.
        case erased
    }

    /// The number of the commit, counting from 1.
    public var sequence: UInt64
    /// What became of each record, in the batch's order.
    public var outcomes: [Outcome]
    /// The customers whom this may have changed.
    public var touched: Set<CustomerKey>

    /// Creates a receipt.
    public init(sequence: UInt64, outcomes: [Outcome], touched: Set<CustomerKey>) {
        self.sequence = sequence
        self.outcomes = outcomes
        self.touched = touched
    }
}

/// One stream of one source.
public struct StreamKey: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The source.
    public var source: SourceID
    /// The stream's name.
    public var stream: String

    /// Creates the key of a stream.
    public init(source: SourceID, stream: String) {
        self.source = source
        self.stream = stream
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.stream.utf8Equals(right.stream) && left.source == right.source
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(source)
        hasher.combine(utf8: stream)
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.source != right.source ? left.source < right.source : left.stream.utf8Precedes(right.stream)
    }

    public var description: String { "\(source)/\(stream)" }
}

/// Where a stream stands.
public struct StreamState: Sendable, Hashable {
    /// Up to where it has been read, once and for all.
    public var checkpoint: Checkpoint?
    /// The moment up to which what the source knew is known here; `nil` before the first complete read.
    public var observedThrough: Date?
    /// When it was last read whole.
    public var lastFullReadAt: Date?
    /// What its records tell about customers, from the source's descriptor.
    public var provides: DataDomains = []
    /// Why it cannot be read, where the source refuses it.
    public var refusal: UnknownReason?
    /// The vendor's id of the account that was read, where the adapter can tell.
    public var account: String?
    /// Records that the last full read did not show, where they were too many to be believed.
    public var heldBack: [String] = []
    /// The pass now under way or broken off; `nil` between passes.
    public var pass: StreamPass?

    /// The state of a stream that has never been read.
    public init() {}

    /// Whether this tells the same of how far the stream is known.
    func tellsTheSame(as other: StreamState?) -> Bool {
        observedThrough == other?.observedThrough && coversTheSame(as: other)
    }

    /// Whether this covers the same parts of a customer.
    func coversTheSame(as other: StreamState?) -> Bool {
        provides == other?.provides && refusal == other?.refusal
            && (observedThrough == nil) == (other?.observedThrough == nil)
    }
}

/// A pass over a stream that is under way: where to go on after a crash.
public struct StreamPass: Sendable, Hashable {
    /// Whether everything is read or what changed.
    public var isFull: Bool
    /// When the pass began: what it has seen in the end was so at that time.
    public var startedAt: Date
    /// Where the next page begins; `nil` at the start.
    public var cursor: PageCursor?
    /// The latest vendor's time seen so far.
    public var latestChange: Date?
    /// The vendor's latest token, where it gives one.
    public var token: String?
    /// What the source said there is: the smallest number of all pages, since records go while they are read.
    public var total: Int?

    /// Begins a pass.
    public init(isFull: Bool, startedAt: Date) {
        self.isFull = isFull
        self.startedAt = startedAt
    }
}
