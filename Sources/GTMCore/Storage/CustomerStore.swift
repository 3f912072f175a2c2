#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Where everything that sources told is remembered.
///
/// A store keeps versions of records on both time axes and finds a customer's; it computes nothing. Every call names
/// who makes it.
public protocol CustomerStore: Sendable {
    /// Writes a batch: all of it or nothing. What is acknowledged stays.
    func commit(_ batch: StoreBatch, by actor: StoreActor) async throws -> CommitReceipt

    /// Everything that concerns one customer, as far as it was known and held at a point in time.
    ///
    /// - Parameters:
    ///   - key: A customer's key, or a former one.
    ///   - point: The point in time.
    ///   - actor: Who asks.
    /// - Returns: `nil` where there was no such customer.
    /// - Throws: ``StoreError`` with ``StoreError/Code/erased`` for a person who was erased, at every point in time.
    func customer(_ key: CustomerKey, at point: TimePoint, by actor: StoreActor) async throws -> CustomerFile?

    /// Customers by their latest assessment: filtered, ordered, page by page.
    func customers(_ query: CustomerQuery, by actor: StoreActor) async throws -> SummaryPage

    /// The latest assessment's summary of one customer, by its present key.
    ///
    /// - Returns: `nil` where there is no such customer, or none that was assessed since it was touched.
    func summary(of key: CustomerKey, by actor: StoreActor) async throws -> AssessmentSummary?

    /// The next files of a partition after a key, in order of keys: bulk work in chunks.
    func files(_ scan: CustomerScan, by actor: StoreActor) async throws -> [CustomerFile]

    /// The version in force of each of these records that is known.
    func versions(_ ids: [RecordID], by actor: StoreActor) async throws -> [RecordVersion]

    /// Every version of these records that is remembered, in the order in which they were learnt.
    ///
    /// None for a record that is not known, or was erased. What was forgotten by compaction is not among them.
    func history(of ids: [RecordID], by actor: StoreActor) async throws -> [RecordVersion]

    /// The ids of the live records of a stream, in order; archived ones are hidden from lists and not among them.
    func liveIDs(_ stream: StreamKey, by actor: StoreActor) async throws -> [String]

    /// The ids that the pass now under way over a stream has seen.
    func seen(_ stream: StreamKey, by actor: StoreActor) async throws -> Set<String>

    /// Customers without an assessment that holds at a moment: touched since, expired, or never assessed. In order.
    func due(asOf moment: Date, by actor: StoreActor) async throws -> DueCustomers

    /// By which profiles the latest assessments' summaries were scored: their ``AssessmentSummary/profile``, each once.
    ///
    /// The engine assesses anew whoever was scored by another profile than its own. It is asked for this often, so that a
    /// store should not look at every summary.
    func scoredProfiles(by actor: StoreActor) async throws -> Set<UInt64>

    /// Where each stream stood at a point in time.
    func streams(at point: TimePoint, by actor: StoreActor) async throws -> [StreamKey: StreamState]

    /// Records of a stream that are still to be fetched by id, in order, up to a number of them.
    func pending(_ stream: StreamKey, limit: Int, by actor: StoreActor) async throws -> [RecordID]

    /// Runs, the newest first.
    func runs(_ query: RunQuery, by actor: StoreActor) async throws -> [SyncRun]

    /// Records that could not be taken, the latest of each id, in order.
    func rejected(by actor: StoreActor) async throws -> [RejectedRecord]

    /// Fields that could not be taken, as each record was last told, in order of the records.
    func issues(by actor: StoreActor) async throws -> [FieldIssue]

    /// Records of people that belong to no customer, with the reason, in order.
    func unmatched(by actor: StoreActor) async throws -> [UnmatchedRecord]

    /// All rules of identity, also those undone, in order of their making.
    func rules(by actor: StoreActor) async throws -> [IdentityRule]

    /// Erases a person: every record that is the customer's or concerns it, at every point in time.
    ///
    /// It is gone from all answers when this returns. A mark stays behind that names nobody, by which records that a
    /// source hands out again are known and not taken.
    ///
    /// - Returns: `nil` where there is no such customer.
    func erase(_ key: CustomerKey, at moment: Date, by actor: StoreActor) async throws -> Erasure?
}

/// Everything that concerns one customer: the versions in force at a point in time.
public struct CustomerFile: Sendable, Hashable {
    /// The customer's key.
    public var key: CustomerKey
    /// Further keys that live under it, because of merge rules.
    public var aliases: [CustomerKey]
    /// The records that are the customer, in order of their ids.
    public var people: [RecordVersion]
    /// Records that were merged into the customer's at the vendor, in order.
    public var absorbed: [RecordID]
    /// What a billing system itself tells of the customer, in order of the records' ids.
    public var billing: [RecordVersion]
    /// The other records that concern the customer, such as conversations, in order of their ids.
    public var activity: [RecordVersion]
    /// Those of ``activity`` of which a part is still to be fetched, such as conversations with unread messages.
    public var unread: [RecordID] = []
    /// Records that the customer's point to, such as companies and owners, in order of their ids.
    public var references: [RecordVersion]
    /// What these records mention and another customer is billed for.
    public var billedElsewhere: [BillingClaim: CustomerKey]

    /// Creates a file.
    public init(
        key: CustomerKey, aliases: [CustomerKey] = [], people: [RecordVersion], absorbed: [RecordID] = [],
        billing: [RecordVersion] = [], activity: [RecordVersion] = [], references: [RecordVersion] = [],
        billedElsewhere: [BillingClaim: CustomerKey] = [:]
    ) {
        self.key = key
        self.aliases = aliases
        self.people = people
        self.absorbed = absorbed
        self.billing = billing
        self.activity = activity
        self.references = references
        self.billedElsewhere = billedElsewhere
    }
}

/// Customers who are to be assessed.
public struct DueCustomers: Sendable, Hashable {
    /// Their keys, in order.
    public var keys: [CustomerKey]
    /// The last commit before the question: an assessment made from what is read from now on is based on it at least.
    public var sequence: UInt64

    /// Creates an answer.
    public init(keys: [CustomerKey], sequence: UInt64) {
        self.keys = keys
        self.sequence = sequence
    }
}

extension CustomerStore {
    /// Where each stream stands.
    public func streams(by actor: StoreActor) async throws -> [StreamKey: StreamState] {
        try await streams(at: .latest, by: actor)
    }
}

/// One chunk of a scan over all customers.
public struct CustomerScan: Sendable, Hashable {
    /// The point in time.
    public var point: TimePoint
    /// The last key of the chunk before; `nil` for the first chunk.
    public var after: CustomerKey?
    /// Files in a chunk, at least 1.
    public var limit: Int

    /// Creates a scan's chunk.
    public init(at point: TimePoint = .latest, after: CustomerKey? = nil, limit: Int = 1000) {
        self.point = point
        self.after = after
        self.limit = limit
    }
}

/// A record of a person who is no customer.
public struct UnmatchedRecord: Sendable, Hashable {
    /// The record.
    public var id: RecordID
    /// Why it belongs to nobody.
    public var reason: UnmatchedReason

    /// Creates an entry.
    public init(id: RecordID, reason: UnmatchedReason) {
        self.id = id
        self.reason = reason
    }
}

/// Which runs are wanted.
public struct RunQuery: Sendable, Hashable {
    /// Only runs of this source.
    public var source: SourceID?
    /// Only runs that ended so.
    public var status: SyncRun.Status?
    /// The most that are wanted.
    public var limit: Int

    /// Creates a query; without arguments it asks for the 20 latest runs.
    public init(source: SourceID? = nil, status: SyncRun.Status? = nil, limit: Int = 20) {
        self.source = source
        self.status = status
        self.limit = limit
    }
}

/// A failure of a store.
public struct StoreError: Error, Sendable, CustomStringConvertible {
    /// A kind of failure.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String { case invalidQuery, unavailable, damaged, erased, locked, readOnly }
        private let base: Base
        /// The query cannot be answered as asked.
        public static let invalidQuery = Self(base: .invalidQuery)
        /// The store cannot be reached or written.
        public static let unavailable = Self(base: .unavailable)
        /// What is stored cannot be read any more.
        public static let damaged = Self(base: .damaged)
        /// The person asked for was erased.
        public static let erased = Self(base: .erased)
        /// Somebody else writes the store.
        public static let locked = Self(base: .locked)
        /// The store was opened, or can only be opened, for reading.
        public static let readOnly = Self(base: .readOnly)
        public var description: String { base.rawValue }
    }

    /// The kind of failure.
    public var code: Code
    /// What happened and what was expected.
    public var detail: String

    /// Creates a failure.
    public init(code: Code, detail: String) {
        self.code = code
        self.detail = detail
    }

    public var description: String { "\(code): \(detail)" }
}
