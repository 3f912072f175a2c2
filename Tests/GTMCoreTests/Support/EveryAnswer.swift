@testable import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a store answers to every question there is; `nil` where it says that something is damaged instead.
struct EveryAnswer: Sendable {
    private(set) var lines: [String]?
    private var summaries: SummaryPage?
    private var due: DueCustomers?
    private var present: [CustomerFile]?
    private var past: [CustomerFile]?
    private var ada: CustomerFile??
    private var versions: [RecordVersion]?
    private var live: [String]?
    private var seen: Set<String>?
    private var streams: [StreamKey: StreamState]?
    private var pending: [RecordID]?
    private var runs: [SyncRun]?
    private var rejected: [RejectedRecord]?
    private var issues: [FieldIssue]?
    private var unmatched: [UnmatchedRecord]?
    private var rules: [IdentityRule]?
    /// Why some were not answered.
    private(set) var refusals: [StoreError] = []

    init(of store: some ExportingStore) async throws {
        let contacts = StreamKey(source: desk, stream: "contacts")
        let parts = StreamKey(source: desk, stream: "conversation_parts")
        lines = try await ask { try await store.exported() }
        summaries = try await ask { try await store.customers(CustomerQuery(limit: .max), by: .engine) }
        due = try await ask { try await store.due(asOf: day(20), by: .engine) }
        present = try await ask { try await store.files(CustomerScan(limit: .max), by: .engine) }
        past = try await ask {
            try await store.files(CustomerScan(at: TimePoint(knownAt: day(4)), limit: .max), by: .engine)
        }
        ada = try await ask {
            try await store.customer(.email(EmailAddress(storedText: "ada@x.test")), at: .latest, by: .engine)
        }
        versions = try await ask { try await store.versions((1...9).map { contactID("\($0)") }, by: .engine) }
        live = try await ask { try await store.liveIDs(contacts, by: .engine) }
        seen = try await ask { try await store.seen(contacts, by: .engine) }
        streams = try await ask { try await store.streams(by: .engine) }
        pending = try await ask { try await store.pending(parts, limit: 100, by: .engine) }
        runs = try await ask { try await store.runs(RunQuery(limit: .max), by: .engine) }
        rejected = try await ask { try await store.rejected(by: .engine) }
        issues = try await ask { try await store.issues(by: .engine) }
        unmatched = try await ask { try await store.unmatched(by: .engine) }
        rules = try await ask { try await store.rules(by: .engine) }
    }

    private mutating func ask<Answer>(_ question: () async throws -> Answer) async throws -> Answer? {
        do {
            return try await question()
        } catch let error as StoreError where error.code == .damaged {
            refusals.append(error)
            return nil
        }
    }

    /// The first answer that is given and is another one; `nil` where none is.
    func difference(from other: EveryAnswer) -> String? {
        func differ<Answer: Equatable>(_ part: KeyPath<EveryAnswer, Answer?>) -> Bool {
            self[keyPath: part] != nil && self[keyPath: part] != other[keyPath: part]
        }
        if differ(\.lines) { return "the export" }
        if differ(\.summaries) { return "the list" }
        if differ(\.due) { return "who is due" }
        if differ(\.present) { return "the customers" }
        if differ(\.past) { return "the customers of the past" }
        if differ(\.ada) { return "one customer" }
        if differ(\.versions) { return "records" }
        if differ(\.live) || differ(\.seen) { return "ids" }
        if differ(\.streams) || differ(\.pending) || differ(\.runs) { return "streams and runs" }
        if differ(\.rejected) || differ(\.issues) { return "what could not be taken" }
        if differ(\.unmatched) || differ(\.rules) { return "rules" }
        return nil
    }
}
