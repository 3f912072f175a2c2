import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The moment `days` after 2026-01-01T00:00:00Z.
func day(_ days: Double) -> Date { Date(timeIntervalSince1970: 1_767_225_600 + days * 86_400) }

/// A made-up support desk.
let desk = SourceID(vendor: "desk", account: "acme")
/// A made-up CRM.
let crm = SourceID(vendor: "crm", account: "acme")
/// A made-up billing system.
let till = SourceID(vendor: "till", account: "acme")

/// The support desk's contacts.
let contacts = StreamKey(source: desk, stream: "contacts")
/// The support desk's conversations.
let conversations = StreamKey(source: desk, stream: "conversations")
/// The messages of the support desk's conversations.
let parts = StreamKey(source: desk, stream: "conversation_parts")

extension StreamKey {
    /// The id of a record of the stream.
    func record(_ id: String) -> RecordID { RecordID(source: source, stream: stream, id: id) }
}

/// The key of the customer with an address.
func key(_ address: String) throws -> CustomerKey { .email(try EmailAddress(address)) }

/// A key that the billing system gave.
func account(_ id: String) -> ExternalID { ExternalID(system: "till", id: id) }

/// A customer's contact at the support desk.
func contact(
    _ id: String, _ address: String? = nil, keys: [ExternalID] = [], changed: Double? = 0, source: SourceID = desk,
    state: RecordState = .live, creates: Bool = true, _ fill: (inout Contact) -> Void = { _ in }
) throws -> SourceRecord {
    var fact = Contact()
    fill(&fact)
    return SourceRecord(
        id: RecordID(source: source, stream: "contacts", id: id),
        identity: Identity(
            email: try address.map { text throws in try EmailAddress(text) }, externalIDs: keys,
            createsCustomer: creates),
        changedAt: changed.map(day), fact: .contact(fact), state: state)
}

/// A contact of which only the name matters.
func contact(_ id: String, _ address: String?, changed: Double? = 0, named name: String) throws -> SourceRecord {
    try contact(id, address, changed: changed) { $0.name = name }
}

/// A conversation of some contacts.
func conversation(
    _ id: String, of people: [String], changed: Double? = 0, state: RecordState = .live,
    _ fill: (inout Conversation) -> Void = { _ in }
) -> SourceRecord {
    var fact = Conversation(createdAt: day(-1), state: .open)
    fill(&fact)
    return SourceRecord(
        id: conversations.record(id), subjects: people.map { .record(contacts.record($0)) },
        changedAt: changed.map(day), fact: .conversation(fact), state: state)
}

/// A payment that the billing system itself tells of.
func payment(_ id: String, of subject: SubjectRef, cents: Int64 = 1000, changed: Double? = 0) -> SourceRecord {
    SourceRecord(
        id: RecordID(source: till, stream: "payments", id: id), subjects: [subject], changedAt: changed.map(day),
        fact: .payment(
            Payment(
                id: account("pay_\(id)"), amount: Money(minorUnits: cents, currency: .usd), paidAt: day(-5),
                succeeded: true)))
}

/// A company of the support desk.
func company(_ id: String, named name: String, changed: Double? = 0) -> SourceRecord {
    var fact = Company()
    fact.name = name
    return SourceRecord(
        id: RecordID(source: desk, stream: "companies", id: id), changedAt: changed.map(day), fact: .company(fact))
}

/// A bare tombstone: that a record is gone, and nothing else.
func tombstone(_ id: RecordID, _ state: RecordState = .deleted, changed: Double? = nil) -> SourceRecord {
    SourceRecord(id: id, changedAt: changed.map(day), fact: .contact(Contact()), state: state)
}

/// A rule made by a person.
func rule(_ id: String, _ kind: IdentityRule.Kind, made: Double = 0, undone: Double? = nil) -> IdentityRule {
    IdentityRule(id: id, kind: kind, madeAt: day(made), madeBy: StoreActor("rosa"), undoneAt: undone.map(day))
}

/// How far a stream has been read.
func standing(through: Double?, _ provides: DataDomains = .activity) -> StreamState {
    var state = StreamState()
    state.provides = provides
    state.observedThrough = through.map(day)
    return state
}

/// A stream in the middle of a pass.
func passing(since start: Double, cursor: String? = nil) -> StreamState {
    var state = StreamState()
    var pass = StreamPass(isFull: true, startedAt: day(start))
    pass.cursor = cursor.map { PageCursor($0) }
    state.pass = pass
    return state
}

/// The summary of an assessment.
func summary(
    _ key: CustomerKey, asOf moment: Double = 1, until end: Double = 100,
    _ fill: (inout AssessmentSummary) -> Void = { _ in }
) -> AssessmentSummary {
    let nobody = CustomerFile(key: key, people: [])
    var summary = AssessmentSummary(Assessor().assess(nobody, ResolutionContext(asOf: day(moment), coverage: [])))
    summary.validUntil = day(end)
    summary.isEnded = false
    fill(&summary)
    return summary
}

extension CustomerStore {
    /// Writes records, and what else is put into the batch.
    @discardableResult func take(
        _ records: [SourceRecord] = [], at moment: Double, _ fill: (inout StoreBatch) throws -> Void = { _ in }
    ) async throws -> CommitReceipt {
        var batch = StoreBatch(recordedAt: day(moment))
        batch.records = records
        try fill(&batch)
        return try await commit(batch, by: .checks)
    }

    /// Every file at a point in time.
    func allFiles(at point: TimePoint = .latest) async throws -> [CustomerFile] {
        try await files(CustomerScan(at: point, limit: .max), by: .checks)
    }

    /// What every file says at a point in time.
    func contents(at point: TimePoint = .latest, _ depth: FileContent.Depth = .past) async throws -> [FileContent] {
        try await allFiles(at: point).map { FileContent($0, depth) }
    }

    /// The keys of all customers at a point in time, in order.
    func keys(at point: TimePoint = .latest) async throws -> [String] {
        try await allFiles(at: point).map(\.key.description)
    }

    /// The file of the customer with an address.
    func file(_ address: String, at point: TimePoint = .latest) async throws -> CustomerFile? {
        try await customer(key(address), at: point, by: .checks)
    }

    /// The name on the first record of the customer with an address.
    func name(_ address: String, at point: TimePoint = .latest) async throws -> String? {
        try await file(address, at: point)?.people.first?.record.fact.contact?.name
    }

    /// The version in force of a record.
    func version(_ id: RecordID) async throws -> RecordVersion? { try await versions([id], by: .checks).first }

    /// Stores summaries of assessments based on what is known now.
    func assess(_ summaries: [AssessmentSummary], at moment: Double) async throws {
        let sequence = try await due(asOf: day(moment), by: .checks).sequence
        try await take(at: moment) {
            $0.assessments = summaries
            $0.assessedAt = sequence
        }
    }

    /// The keys of a whole list, read in pages, with each page's total.
    func listed(_ query: CustomerQuery, limit: Int = .max) async throws -> (keys: [String], totals: Set<Int>) {
        var query = query
        query.limit = limit
        var keys: [String] = []
        var totals: Set<Int> = []
        // A store that never comes to an end is caught as well.
        for _ in 0..<10_000 {
            let page = try await customers(query, by: .checks)
            keys += page.summaries.map(\.key.description)
            totals.insert(page.total)
            guard let next = page.next else { break }
            query.after = next
        }
        return (keys, totals)
    }

    /// The keys of the customers who are to be assessed.
    func dueKeys(_ moment: Double) async throws -> [String] {
        try await due(asOf: day(moment), by: .checks).keys.map(\.description)
    }
}

extension StoreActor {
    /// The checks themselves.
    static let checks = StoreActor("checks")
}
