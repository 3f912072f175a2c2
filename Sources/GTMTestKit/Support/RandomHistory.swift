import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A random history of a small world that is made to collide: few addresses, few keys, few payments.
///
/// People change their addresses, are merged, archived, deleted and come back; versions arrive late and twice; rules
/// are made and undone; conversations have messages that are fetched later; streams are read further.
struct RandomHistory {
    /// The batches in order of their commits; some are learnt at the same instant.
    private(set) var batches: [StoreBatch] = []

    /// The addresses that people have.
    static let addresses = ["ada@x.test", "bo@x.test", "cy@y.test", "info@y.test", "di@z.test"]
    /// The streams that tell something.
    static let streams = [
        contacts, conversations, parts, StreamKey(source: crm, stream: "contacts"),
        StreamKey(source: till, stream: "payments"), StreamKey(source: till, stream: "subscriptions"),
    ]

    private static let people = 7
    private var random: SeededRandom
    private var now = 0.0
    private var rules: [IdentityRule] = []
    private var told: [SourceRecord] = []

    init(seed: UInt64, commits: ClosedRange<Int> = 8...20) {
        random = SeededRandom(seed: seed &* 0x2545_F491_4F6C_DD1D &+ 1)
        for _ in 0..<Int.random(in: commits, using: &random) {
            // Some commits share their instant.
            if !random.oneIn(5) { now += Double(1 + random.below(3)) }
            batches.append(batch())
        }
    }

    /// When the last batch was learnt.
    var end: Double { now }

    /// The rules as they stand after the last batch.
    var rulesInTheEnd: [IdentityRule] { rules }

    /// The ids of all records.
    var ids: [RecordID] { Set(batches.flatMap { $0.records.map(\.id) }).sorted() }

    /// Every key that a customer had at some time.
    static var keys: [CustomerKey] {
        // All of these are valid; a mistyped one is missed by the checks that name it.
        addresses.compactMap { try? key($0) } + (0..<people).map { .record(person($0)) }
    }

    private static func person(_ number: Int) -> RecordID {
        RecordID(source: number % 3 == 2 ? crm : desk, stream: "contacts", id: "\(number)")
    }

    private mutating func batch() -> StoreBatch {
        var batch = StoreBatch(recordedAt: day(now))
        for _ in 0..<random.below(5) { batch.records.append(record()) }
        if random.oneIn(4) { makeRule(in: &batch) }
        if random.oneIn(4) { readFurther(in: &batch) }
        if random.oneIn(3) { leaveOpen(in: &batch) }
        return batch
    }

    private mutating func record() -> SourceRecord {
        if random.oneIn(8), let again = told.randomElement(using: &random) { return again }
        let record =
            switch random.below(12) {
            case 0..<6: contact()
            case 6..<8: talk()
            case 8: transcript()
            case 9: billing()
            case 10: company("\(random.below(2))", named: "Company \(random.below(3))", changed: changed())
            default: bareTombstone()
            }
        told.append(record)
        return record
    }

    /// A vendor's time: mostly now, at times late or ahead, at times none.
    private mutating func changed() -> Double? {
        switch random.below(10) {
        case 0: nil
        case 1...2: now - Double(random.below(8))
        case 3: now + Double(random.below(4))
        default: now
        }
    }

    private mutating func contact() -> SourceRecord {
        let number = random.below(Self.people)
        let id = Self.person(number)
        let state: RecordState =
            switch random.below(14) {
            case 0: .deleted
            case 1: .merged(into: Self.person(random.below(Self.people)))
            case 2: .archived
            default: .live
            }
        var fact = Contact()
        fact.name = "name \(random.below(100))"
        fact.createdAt = random.oneIn(4) ? nil : day(-Double(random.below(400)))
        if random.oneIn(3) {
            fact.companies = [RecordID(source: desk, stream: "companies", id: "\(random.below(2))")]
        }
        if random.oneIn(2) { fact.billing = mirror() }
        let address = random.oneIn(5) ? nil : Self.addresses[random.below(Self.addresses.count)]
        return SourceRecord(
            id: id,
            identity: Identity(
                // All addresses here are valid.
                email: address.flatMap { try? EmailAddress($0) }, externalIDs: keys(),
                createsCustomer: !random.oneIn(8)),
            changedAt: changed().map(day), fact: .contact(fact), state: state)
    }

    private mutating func keys() -> [ExternalID] {
        var keys: [ExternalID] = []
        for number in 0..<3 where random.oneIn(4) { keys.append(account("cus_\(number)")) }
        return keys
    }

    private mutating func mirror() -> BillingMirror {
        var mirror = BillingMirror()
        mirror.customerID = account("cus_\(random.below(3))")
        mirror.subscriptions = (0..<random.below(3)).map { _ in subscription() }
        if random.oneIn(2) {
            mirror.payments = [
                Payment(
                    id: account("pay_\(random.below(3))"), amount: Money(minorUnits: 700, currency: .usd),
                    paidAt: day(-3), succeeded: true)
            ]
        }
        return mirror
    }

    private mutating func subscription() -> Subscription {
        Subscription(
            id: random.oneIn(6) ? nil : account("sub_\(random.below(4))"),
            status: SubscriptionStatus.allCases[random.below(SubscriptionStatus.allCases.count)],
            items: [
                SubscriptionItem(
                    planName: "Pro", unitAmount: Fraction(Int64(random.below(5000))), currency: .usd,
                    interval: random.oneIn(2) ? .month : .year)
            ])
    }

    private mutating func subject() -> SubjectRef {
        switch random.below(6) {
        case 0: .external(account("cus_\(random.below(3))"))
        case 1:
            // All addresses here are valid.
            (try? EmailAddress(Self.addresses[random.below(Self.addresses.count)])).map(SubjectRef.email)
                ?? .record(Self.person(0))
        default: .record(Self.person(random.below(Self.people)))
        }
    }

    private mutating func talk() -> SourceRecord {
        var fact = Conversation(createdAt: day(now - 1), state: Conversation.State.allCases[random.below(3)])
        fact.opening = Message(id: "m", sentAt: day(now - 1), side: .customer, text: "Hello \(random.below(100))")
        let subjects = (0..<random.below(3)).map { _ in subject() }
        return SourceRecord(
            id: conversations.record("\(random.below(4))"), subjects: subjects, changedAt: changed().map(day),
            fact: .conversation(fact), state: random.oneIn(8) ? .deleted : .live)
    }

    private mutating func transcript() -> SourceRecord {
        let id = "\(random.below(4))"
        let message = Message(id: "n", sentAt: day(now), side: .customer, text: "Words \(random.below(100))")
        return SourceRecord(
            id: parts.record(id), subjects: [subject()], changedAt: changed().map(day),
            fact: .transcript(Transcript(conversation: conversations.record(id), messages: [message])))
    }

    private mutating func billing() -> SourceRecord {
        if random.oneIn(2) {
            return payment("\(random.below(3))", of: subject(), cents: Int64(random.below(900)), changed: changed())
        }
        let told = subscription()
        return SourceRecord(
            id: RecordID(source: till, stream: "subscriptions", id: told.id?.id ?? "unnamed"), subjects: [subject()],
            changedAt: changed().map(day), fact: .subscription(told))
    }

    private mutating func bareTombstone() -> SourceRecord {
        let id =
            random.oneIn(3)
            ? conversations.record("\(random.below(4))") : Self.person(random.below(Self.people))
        let state: RecordState = random.oneIn(3) ? .merged(into: Self.person(random.below(Self.people))) : .deleted
        return tombstone(id, state, changed: random.oneIn(2) ? nil : now)
    }

    private mutating func makeRule(in batch: inout StoreBatch) {
        if random.oneIn(2), let place = rules.indices.randomElement(using: &random), rules[place].undoneAt == nil {
            rules[place].undoneAt = day(now)
            batch.rules = [rules[place]]
            return
        }
        let keys = Self.keys
        let (a, b) = (keys[random.below(keys.count)], keys[random.below(keys.count)])
        guard a != b else { return }
        let made = rule("r\(rules.count)", random.oneIn(3) ? .keepApart(a, b) : .merge(a, into: b), made: now)
        rules.append(made)
        batch.rules = [made]
    }

    private mutating func readFurther(in batch: inout StoreBatch) {
        let stream = Self.streams[random.below(Self.streams.count)]
        var state = standing(through: random.oneIn(4) ? nil : now, random.oneIn(2) ? .activity : .support)
        if random.oneIn(6) { state.refusal = .notPermitted }
        if random.oneIn(3) {
            state.pass = StreamPass(isFull: true, startedAt: day(now))
            batch.seen[stream] = (0..<random.below(4)).map { "\($0)" }
        }
        batch.streams[stream] = state
    }

    private mutating func leaveOpen(in batch: inout StoreBatch) {
        let talk = conversations.record("\(random.below(4))")
        switch random.below(4) {
        case 0:
            batch.rejected.append(
                RejectedRecord(id: Self.person(random.below(Self.people)), path: "$.id", reason: "\(random.below(9))"))
        case 1: batch.issues.append(FieldIssue(record: talk, path: "rating", reason: "\(random.below(9))"))
        case 2: batch.fetched.append(parts.record("\(random.below(4))"))
        default:
            let part = random.oneIn(3) ? "\(random.below(4))" : talk.id
            batch.pending.append(PendingFetch(id: parts.record(part), because: random.oneIn(8) ? nil : talk))
        }
        if random.oneIn(3) {
            var run = SyncRun(id: "run-\(random.below(5))", source: desk, mode: .full, startedAt: day(now))
            run.status = SyncRun.Status.allCases[random.below(SyncRun.Status.allCases.count)]
            batch.runs.append(run)
        }
    }
}
