@testable import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a program tells a store, step by step. Every batch can be told apart by the run that it brings.
struct StoreWorkload: Sendable, CustomStringConvertible {
    /// One thing that the program does.
    enum Step: Sendable, Hashable {
        /// Commits the batch of a number.
        case commit(Int)
        /// Commits several batches at once, from a task each.
        case together([Int])
        /// Erases the customer of an address.
        case erase(String)
        /// Writes the journal anew.
        case compact
        /// Closes the store and opens it again.
        case reopen
    }

    /// One commit of a store's history.
    enum Event: Sendable, Hashable {
        case batch(Int)
        case erase(String)
    }

    var name: String
    var steps: [Step]
    /// After how many bytes a snapshot is written.
    var snapshotEvery = 64 << 20

    var description: String { name }

    /// Few commits, made for a look at every byte.
    static let short = StoreWorkload(name: "short", steps: [.commit(0), .commit(1)])
    /// Everything but erasures.
    static let long = StoreWorkload(
        name: "long",
        steps: [
            .commit(0), .commit(1), .commit(2), .reopen, .together([3, 4, 5]), .commit(6), .compact, .commit(7),
            .commit(8), .reopen, .commit(9), .compact, .commit(10), .commit(11),
        ], snapshotEvery: 1500)
    /// Persons who are erased and come again.
    static let erasing = StoreWorkload(
        name: "erasing",
        steps: [
            .commit(0), .commit(1), .commit(2), .erase("ada@x.test"), .commit(3), .reopen, .commit(0), .commit(9),
            .compact, .commit(2), .erase("bo@x.test"), .compact, .commit(4),
        ], snapshotEvery: 2500)

    /// The commits that it makes, in order; those of one step together may come in another order.
    var events: [Event] {
        steps.flatMap { step -> [Event] in
            switch step {
            case .commit(let number): [.batch(number)]
            case .together(let numbers): numbers.map(Event.batch)
            case .erase(let email): [.erase(email)]
            case .compact, .reopen: []
            }
        }
    }

    var configuration: FileStore.Configuration {
        var configuration = FileStore.Configuration()
        configuration.snapshotEvery = snapshotEvery
        return configuration
    }

    /// The batch of a number: new, changed, unchanged and late records, tombstones, rules, passes, what is left open, and
    /// assessments. From 12 on they begin anew, at later times.
    static func batch(_ number: Int) -> StoreBatch {
        let key = StreamKey(source: desk, stream: "contacts")
        let moment = Double(number + 1)
        var batch = StoreBatch(recordedAt: day(moment))
        batch.runs = [SyncRun(id: "b\(number)", source: desk, mode: .full, startedAt: day(moment))]
        let ada = contact("1", email: "ada@x.test", keys: [stripe("cus_1")], changed: 1) { $0.name = "Ada" }
        switch number % 12 {
        case 0: batch.records = [ada, contact("2", email: "bo@x.test", changed: moment)]
        case 1: batch.records = [ada, conversation("7", of: ["1", "2"], changed: moment)]
        case 2:
            batch.records = [
                contact("1", email: "ada@x.test", keys: [stripe("cus_1")], changed: moment) { $0.name = "Ada L." },
                contact("9", email: "ada@x.test", changed: moment, source: SourceID(vendor: "hubspot")),
            ]
            batch.rejected = [RejectedRecord(id: contactID("77"), path: "$.email", reason: "no address")]
            batch.issues = [FieldIssue(record: contactID("1"), path: "$.phone", reason: "no number")]
        case 3:
            // What was said before comes after.
            batch.records = [contact("1", email: "ada@x.test", changed: moment - 2.5) { $0.name = "A." }]
        case 4:
            batch.records = [contact("3", email: "cy@y.test", changed: moment)]
            batch.rules = [
                IdentityRule(
                    id: "r\(number)",
                    kind: .merge(
                        .email(EmailAddress(storedText: "bo@x.test")),
                        into: .email(EmailAddress(storedText: "cy@y.test"))),
                    madeAt: day(moment), madeBy: .engine)
            ]
        case 5:
            var state = StreamState()
            state.provides = [.profile]
            state.pass = StreamPass(isFull: true, startedAt: day(moment))
            batch.streams[key] = state
            batch.seen[key] = ["1", "2"]
            // Long enough that what came before lies outside what a snapshot sums up of the journal's end.
            batch.records = [
                contact("8", email: "el@y.test", changed: moment) { $0.name = String(repeating: "E", count: 5000) }
            ]
        case 6: batch.seen[key] = ["3", "4"]
        case 7:
            let asker = RecordID(source: desk, stream: "conversations", id: "7")
            batch.records = [conversation("7", of: ["1"], changed: moment)]
            batch.pending = [
                PendingFetch(id: RecordID(source: desk, stream: "conversation_parts", id: "7"), because: asker)
            ]
        case 8:
            var state = StreamState()
            state.provides = [.profile]
            state.observedThrough = day(moment)
            batch.streams[key] = state
            batch.records = [contact("2", email: "bo@x.test", changed: moment, state: .deleted)]
        case 9:
            batch.records = [contact("4", email: "di@y.test", changed: moment), ada]
            batch.fetched = [RecordID(source: desk, stream: "conversation_parts", id: "7")]
        case 10:
            batch.assessments = ["ada@x.test", "di@y.test"].map { summary($0, at: moment) }
        default: batch.records = [contact("1", email: "ada@z.test", changed: moment) { $0.name = "Ada King" }]
        }
        return batch
    }

    private static func summary(_ email: String, at moment: Double) -> AssessmentSummary {
        AssessmentSummary(
            key: .email(EmailAddress(storedText: email)), asOf: day(moment), validUntil: day(moment + 30),
            isEnded: false, status: .healthy, isAtRisk: false, healthScore: 80_000, churnRisk: 5_000, mrr: nil,
            mrrReporting: nil, accountManager: nil, quality: 90_000)
    }
}

/// What a store answers to everything that it can be asked.
struct StoreAnswers: Sendable, Equatable {
    /// The lines of an export.
    var lines: [String]
    var summaries: SummaryPage
    var due: DueCustomers

    init(of store: any ExportingStore) async throws {
        lines = try await store.exported()
        summaries = try await store.customers(CustomerQuery(limit: .max), by: .engine)
        due = try await store.due(asOf: day(20), by: .engine)
    }

    /// What differs; `nil` where nothing does.
    func difference(from other: StoreAnswers) -> String? {
        if lines.count != other.lines.count { return "\(lines.count) lines instead of \(other.lines.count)" }
        for (line, expected) in zip(lines, other.lines) where line != expected {
            return "\(line) instead of \(expected)"
        }
        if due != other.due { return "due are \(due) instead of \(other.due)" }
        if summaries != other.summaries { return "another list of customers" }
        return nil
    }
}

/// Stores in memory that were told the beginnings of histories.
actor StoreReference {
    private var known: [[StoreWorkload.Event]: StoreAnswers] = [:]

    /// What a store says that was told exactly this.
    func answers(after history: [StoreWorkload.Event]) async throws -> StoreAnswers {
        if let answers = known[history] { return answers }
        let state = StoreState(MemoryShelf(), marker: Marker(key: SimulatedDisk.markKey), hostDomains: [])
        let store = InMemoryStore(state)
        for event in history {
            switch event {
            case .batch(let number): _ = await store.commit(StoreWorkload.batch(number), by: .engine)
            case .erase(let email):
                _ = await store.erase(.email(EmailAddress(storedText: email)), at: day(50), by: .engine)
            }
        }
        let answers = try await StoreAnswers(of: store)
        known[history] = answers
        return answers
    }
}

extension SimulatedDisk {
    static let markKey = [UInt8](1...16)

    /// Puts an empty store there whose marks of erased persons are known beforehand.
    func installEmptyStore(in folder: String, id: UInt8 = 7) throws {
        let manifest = StoreManifest(
            storeID: [UInt8](repeating: id, count: 16), generation: 1, markKey: Self.markKey, createdAt: epoch,
            provenEnd: JournalHeader.length)
        let header = JournalHeader(
            salt: 0xBEE5 + UInt32(id), storeID: manifest.storeID, generation: 1, firstSequence: 1, createdAt: epoch)
        try ensureDirectory(folder)
        install(header.encoded, at: folder.appendingPath("journal-1"))
        install(manifest.encoded, at: folder.appendingPath("store.json"))
    }
}
