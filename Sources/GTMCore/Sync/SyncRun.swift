#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// One run over one source, as the run log keeps it.
public struct SyncRun: Sendable, Hashable {
    /// How a run ended.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        /// It has not ended.
        case running
        /// Everything that the source has was seen.
        case success
        /// It came to its end, but something is missing; the receipt says what.
        case incomplete
        /// It broke off.
        case failed
    }

    /// Which records were asked for.
    public enum Mode: String, Sendable, Hashable, CaseIterable {
        /// What changed since the last run.
        case incremental
        /// Everything.
        case full
    }

    /// The run's id, given by the engine.
    public var id: String
    /// The source.
    public var source: SourceID
    /// Which records were asked for; a source that was never read before is read whole in any case.
    public var mode: Mode
    /// How it ended.
    public var status: Status = .running
    /// When it began, by the caller's clock.
    public var startedAt: Date
    /// How long it took; `nil` while it runs.
    public var duration: Duration?
    /// What was seen, stream by stream.
    public var receipt = SyncReceipt()
    /// Why it broke off or what is missing, in words that hold no payload and no secret.
    public var failures: [String] = []
    /// The mean data-quality score of the customers assessed after the run, 0...100; `nil` where there were none.
    public var averageQuality: Double?
    /// Alerts raised after the run; `nil` where none were looked for.
    public var alertsGenerated: Int?

    /// Creates a run that begins.
    public init(id: String, source: SourceID, mode: Mode, startedAt: Date) {
        self.id = id
        self.source = source
        self.mode = mode
        self.startedAt = startedAt
    }
}

/// What a run saw: the proof that nothing was lost, or the names of what was.
public struct SyncReceipt: Sendable, Hashable {
    /// What was seen of each stream, in the order of reading.
    public var streams: [StreamReceipt] = []

    /// Creates an empty receipt.
    public init() {}

    /// Whether every stream was read to its end without a gap.
    public var isComplete: Bool { streams.allSatisfy(\.isComplete) }
}

/// What a run saw of one stream.
public struct StreamReceipt: Sendable, Hashable {
    /// The stream.
    public var stream: String
    /// Whether its records are people who are customers.
    public var holdsCustomers: Bool
    /// Pages read.
    public var pages = 0
    /// Records that the source says it has in the scope asked for; `nil` where it does not say.
    public var expected: Int?
    /// Different records seen.
    public var seen = 0
    /// Records seen more than once.
    public var duplicates = 0
    /// Records that were not known.
    public var new = 0
    /// Records that say something else than before.
    public var updated = 0
    /// Records that say the same.
    public var unchanged = 0
    /// Records of persons who were erased here; they were not taken.
    public var erased = 0
    /// Records seen that lie before the checkpoint.
    public var outside = 0
    /// Records of people that belong to no customer yet.
    public var unmatched = 0
    /// Records that could not be taken.
    public var rejected = 0
    /// Fields that could not be taken.
    public var fieldIssues = 0
    /// Records found deleted, or merged into others.
    public var vanished = 0
    /// Records that the source has and that were not seen.
    public var gap = 0
    /// What is missing or was held back, by name.
    public var problems: [String] = []
    /// Whether the stream was read to its end.
    public var reachedEnd = false

    /// Creates a receipt for a stream of which nothing has been seen.
    public init(stream: String, holdsCustomers: Bool = false) {
        self.stream = stream
        self.holdsCustomers = holdsCustomers
    }

    /// Whether the stream was read to its end, without a gap, without a record that could not be taken.
    public var isComplete: Bool { reachedEnd && gap == 0 && rejected == 0 && problems.isEmpty }
}

extension SyncRun {
    private func count(_ number: (StreamReceipt) -> Int) -> Int {
        receipt.streams.reduce(0) { $0 + ($1.holdsCustomers ? number($1) : 0) }
    }

    /// New and updated records of customers: always ``newContacts`` plus ``updatedContacts``.
    public var contactsSynced: Int { newContacts + updatedContacts }
    /// Records of customers that were not known.
    public var newContacts: Int { count(\.new) }
    /// Records of customers that say something else than before.
    public var updatedContacts: Int { count(\.updated) }
    /// Records of customers that say the same as before.
    public var unchangedContacts: Int { count(\.unchanged) }
    /// Records of people that belong to no customer: without a valid address, ambiguous, or the host's own.
    public var skippedContacts: Int { count(\.unmatched) }
    /// Records of any stream that could not be taken.
    public var errors: Int { receipt.streams.reduce(0) { $0 + $1.rejected } }
}
