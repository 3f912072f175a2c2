import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A moment from which tests count: 2026-01-01T00:00:00Z.
let epoch = Date(timeIntervalSince1970: 1_767_225_600)

/// `days` after ``epoch``.
func day(_ days: Double) -> Date { epoch.addingTimeInterval(days * 86_400) }

let desk = SourceID(vendor: "intercom", account: "acme")

func contactID(_ id: String, source: SourceID = desk) -> RecordID {
    RecordID(source: source, stream: "contacts", id: id)
}

/// A contact of the support desk, live and a customer, unless said otherwise.
func contact(
    _ id: String, email: String? = nil, keys: [ExternalID] = [], changed: Double = 0, source: SourceID = desk,
    state: RecordState = .live, creates: Bool = true, _ fill: (inout Contact) -> Void = { _ in }
) -> SourceRecord {
    var fact = Contact()
    fact.createdAt = day(-400)
    fill(&fact)
    return SourceRecord(
        id: contactID(id, source: source),
        identity: Identity(
            email: email.flatMap { try? EmailAddress($0) }, externalIDs: keys, createsCustomer: creates),
        changedAt: day(changed), fact: .contact(fact), state: state)
}

func conversation(
    _ id: String, of contacts: [String], changed: Double = 0, _ fill: (inout Conversation) -> Void = { _ in }
) -> SourceRecord {
    var fact = Conversation(createdAt: day(changed), state: .closed)
    fill(&fact)
    return SourceRecord(
        id: RecordID(source: desk, stream: "conversations", id: id),
        subjects: contacts.map { .record(contactID($0)) }, changedAt: day(changed), fact: .conversation(fact))
}

func stripe(_ id: String) -> ExternalID { ExternalID(system: "stripe", id: id) }

func subscription(
    _ id: String?, _ status: SubscriptionStatus? = .active, cents: Int64? = 10_000, _ currency: Currency = .usd,
    every interval: BillingInterval? = .month, quantity: Int64 = 1
) -> Subscription {
    Subscription(
        id: id.map(stripe), status: status,
        items: [
            SubscriptionItem(
                planName: "Pro", unitAmount: cents.map { Fraction($0) }, currency: currency, interval: interval,
                quantity: quantity)
        ])
}

func payment(_ id: String?, cents: Int64, _ currency: Currency = .usd, succeeded: Bool? = true) -> Payment {
    Payment(
        id: id.map(stripe), amount: Money(minorUnits: cents, currency: currency), paidAt: day(-10),
        succeeded: succeeded)
}

extension Contact {
    /// Puts a mirror onto the contact, with the dollar as the assumed currency.
    mutating func mirror(
        _ customer: String? = nil, subscriptions: [Subscription]? = nil, payments: [Payment]? = nil,
        _ fill: (inout BillingMirror) -> Void = { _ in }
    ) {
        var mirror = BillingMirror()
        mirror.customerID = customer.map(stripe)
        mirror.subscriptions = subscriptions
        mirror.payments = payments
        mirror.assumedCurrency = .usd
        fill(&mirror)
        billing = mirror
    }
}

/// A context in which the support desk has been read through to `asOf`.
func context(asOf moment: Double = 0, observedThrough: Double? = nil) -> ResolutionContext {
    let through = day(observedThrough ?? moment)
    return ResolutionContext(
        asOf: day(moment),
        coverage: [
            SourceCoverage(
                source: desk,
                observed: [
                    .init(stream: "contacts", provides: [.profile, .revenue, .activity], through: through),
                    .init(stream: "conversations", provides: [.support], through: through),
                    .init(stream: "conversation_parts", provides: [.transcripts], through: through),
                ])
        ])
}

/// A store that holds these records, all learnt at once.
func store(_ records: [SourceRecord], at moment: Double = 0) async -> InMemoryStore {
    let store = InMemoryStore()
    var batch = StoreBatch(recordedAt: day(moment))
    batch.records = records
    _ = await store.commit(batch, by: .engine)
    return store
}

extension InMemoryStore {
    /// Every customer, assessed.
    func assessed(_ context: ResolutionContext) throws -> [Assessment] {
        try files(CustomerScan(limit: .max), by: .unspecified).map { Assessor().assess($0, context) }
    }

    /// One customer, assessed.
    func assessed(_ email: String, _ context: ResolutionContext) throws -> Assessment? {
        try customer(.email(EmailAddress(email)), at: .latest, by: .unspecified).map { Assessor().assess($0, context) }
    }
}
