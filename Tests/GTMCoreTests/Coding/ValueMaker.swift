@testable import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Makes values of everything that a store keeps, the same ones for the same seed: extremes among ordinary ones.
struct ValueMaker {
    private var random: SplitMix
    /// Whether nothing is left out: no `nil`, no empty list, nothing that stands for being left out.
    private let isFull: Bool

    init(seed: UInt64, full isFull: Bool = false) {
        random = SplitMix(seed: seed)
        self.isFull = isFull
    }

    /// One value of each type, both kinds of key, every kind of fact.
    mutating func all() -> [any Storable & Hashable] {
        var values: [any Storable & Hashable] = facts().map { record($0) }
        values += facts()
        values += [
            contact(), location(), billing(), company(), owner(), Tag(name: text()), subscription(), item(), period(),
            interval(), payment(), discount(), pause(), tiering(), tier(), tax(), conversation(), rating(), message(),
            transcript(), mention(), identity(),
            subject(), state(), recordID(), externalID(), source(), money(), fraction(), totals(), duration(),
        ]
        values += [
            RejectedRecord(id: recordID(), path: text(), reason: text(), retries: flag()),
            FieldIssue(record: recordID(), path: text(), reason: text()), pending(), streamKey(), streamState(), pass(),
            checkpoint(), run(), receipt(), streamReceipt(), rule(), rule().kind, key(), summary(),
        ]
        return values
    }

    // MARK: Ingredients

    private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
    mutating func flag() -> Bool { Bool.random(using: &random) }
    private mutating func one<Value>(of values: [Value]) -> Value { values[below(values.count)] }

    private mutating func maybe<Value>(_ make: (inout ValueMaker) -> Value) -> Value? {
        isFull || flag() ? make(&self) : nil
    }

    private mutating func list<Value>(_ make: (inout ValueMaker) -> Value) -> [Value] {
        (0..<(isFull ? 1 + below(3) : below(4))).map { _ in make(&self) }
    }

    mutating func text() -> String {
        switch below(8) {
        case 0: ""
        case 1: String(repeating: "lång \u{0} text ", count: 5 + below(200))
        case 2: "e\u{301}" + "\u{E9}"
        default: String.random(using: &random)
        }
    }

    mutating func integer() -> Int64 {
        switch below(6) {
        case 0: .min
        case 1: .max
        case 2: Int64(below(256)) - 128
        default: Int64(bitPattern: random.next()) >> Int64(below(64))
        }
    }

    private mutating func count() -> Int { Int(integer()) }

    mutating func date() -> Date {
        let second = Double(below(4_000_000_000)) - 1_000_000_000
        switch below(10) {
        case 0: return .distantPast
        case 1: return .distantFuture
        case 2: return Date(timeIntervalSinceReferenceDate: second + Double(below(1_000_000)) / 1e6)
        case 3: return Date(timeIntervalSince1970: second + Double(below(1000)) / 1e3)
        case 4:
            let double = Double(bitPattern: random.next())
            return Date(timeIntervalSinceReferenceDate: double.isNaN ? 0x1p53 : double)
        case 5:
            return Date(
                timeIntervalSinceReferenceDate: one(of: [
                    -0.0, 0x1p53, -0x1p53, 0x1p63, .infinity, .leastNonzeroMagnitude,
                ]))
        default: return Date(timeIntervalSinceReferenceDate: second)
        }
    }

    private mutating func email() -> EmailAddress {
        EmailAddress(storedText: "\(one(of: ["ada", "bo.b", "ünï"]))\(below(90))@\(one(of: ["x.test", "y.test"]))")
    }

    mutating func json() -> JSONValue {
        switch below(9) {
        case 0: .decimal(one(of: ["1", "1e400", "123456789012345678901234567890", "no number", ""]))
        case 1: .double(one(of: [.infinity, -.infinity, -0.0, 1e300, 0.1, .leastNonzeroMagnitude]))
        case 2: .tooDeep(offset: below(5000))
        case 3: [one(of: ["$object", "$decimal", "$too_deep", "$double_bits", "$other"]): json()]
        case 4: .object(JSONObject(members: [.init(key: "a", value: 1), .init(key: "a", value: json())]))
        case 5: .array([json(), nil])
        default: .random(depth: 3, using: &random)
        }
    }

    // MARK: Names and money

    mutating func source() -> SourceID { SourceID(vendor: one(of: ["intercom", "hubspot", ""]), account: text()) }

    mutating func recordID() -> RecordID {
        flag()
            ? RecordID(source: desk, stream: one(of: ["contacts", "companies"]), id: text())
            : RecordID(source: source(), stream: text(), id: text())
    }

    private mutating func externalID() -> ExternalID { ExternalID(system: text(), id: text()) }
    private mutating func currency() -> Currency { one(of: Currency.all) }
    private mutating func money() -> Money { Money(minorUnits: integer(), currency: currency()) }

    mutating func fraction() -> Fraction {
        let whole = Int128(integer()) * (flag() ? 1 : 3 << 60)
        return Fraction(whole, over: isFull ? whole.magnitude == 0 ? 1 : 7 : Int128(1 + below(9)))
            .flatMap { isFull && $0.denominator == 1 ? Fraction(1, over: 3) : $0 } ?? .zero
    }

    private mutating func totals() -> CurrencyTotals {
        var totals = CurrencyTotals()
        for money in list({ ($0.fraction(), $0.currency()) }) where totals[money.1] == nil {
            _ = totals.add(money.0, money.1)
        }
        return totals
    }

    private mutating func duration() -> Duration {
        Duration(
            secondsComponent: integer() / 4, attosecondsComponent: Int64(below(1_000_000_000)) * 999_999_999)
    }

    // MARK: Records

    mutating func record(_ fact: Fact) -> SourceRecord {
        SourceRecord(
            id: recordID(), identity: maybe { $0.identity() }, subjects: list { $0.subject() },
            changedAt: maybe { $0.date() }, fact: fact, state: state())
    }

    private mutating func identity() -> Identity {
        Identity(
            email: maybe { $0.email() }, furtherEmails: list { $0.email() }, externalIDs: list { $0.externalID() },
            createsCustomer: flag())
    }

    private mutating func subject() -> SubjectRef {
        switch below(3) {
        case 0: .record(recordID())
        case 1: .email(email())
        default: .external(externalID())
        }
    }

    private mutating func state() -> RecordState {
        switch below(4) {
        case 0 where !isFull: .live
        case 0, 1: .archived
        case 2: .deleted
        default: .merged(into: recordID())
        }
    }

    /// One fact of each kind.
    mutating func facts() -> [Fact] {
        [
            .contact(contact()), .company(company()), .subscription(subscription()), .payment(payment()),
            .conversation(conversation()), .transcript(transcript()), .owner(owner()), .tag(Tag(name: text())),
        ]
    }

    private mutating func contact() -> Contact {
        var contact = Contact()
        contact.role = maybe { $0.text() }
        contact.name = maybe { $0.text() }
        contact.phone = maybe { $0.text() }
        contact.location = maybe { $0.location() }
        contact.companies = list { $0.recordID() }
        contact.companyName = maybe { $0.text() }
        contact.owner = maybe { $0.recordID() }
        contact.tags = list { $0.recordID() }
        contact.createdAt = maybe { $0.date() }
        contact.signedUpAt = maybe { $0.date() }
        contact.lastSeenAt = maybe { $0.date() }
        contact.lifecycleStage = maybe { $0.text() }
        contact.billing = maybe { $0.billing() }
        contact.attributes = JSONObject(members: list { .init(key: $0.text(), value: $0.json()) })
        return contact
    }

    private mutating func location() -> Location {
        Location(
            country: maybe { $0.text() }, countryCode: maybe { $0.text() }, region: maybe { $0.text() },
            city: maybe { $0.text() })
    }

    private mutating func company() -> Company {
        var company = Company()
        company.name = maybe { $0.text() }
        company.externalID = maybe { $0.text() }
        company.website = maybe { $0.text() }
        company.industry = maybe { $0.text() }
        company.size = maybe { $0.count() }
        company.planName = maybe { $0.text() }
        company.monthlySpend = maybe { $0.money() }
        company.createdAt = maybe { $0.date() }
        return company
    }

    private mutating func owner() -> Owner {
        Owner(name: maybe { $0.text() }, email: maybe { $0.email() }, isBot: flag())
    }

    // MARK: Billing

    private mutating func status() -> SubscriptionStatus { one(of: SubscriptionStatus.allCases) }

    private mutating func interval() -> BillingInterval {
        BillingInterval(one(of: BillingInterval.Unit.allCases), count: isFull ? 3 : 1 + below(4)) ?? .month
    }

    private mutating func period() -> Subscription.Period {
        Subscription.Period(start: maybe { $0.date() }, end: maybe { $0.date() })
    }

    private mutating func tier() -> Tiering.Tier {
        Tiering.Tier(
            upTo: maybe { $0.integer() }, unitAmount: maybe { $0.fraction() }, flatAmount: maybe { $0.fraction() })
    }

    private mutating func tiering() -> Tiering { Tiering(one(of: Tiering.Mode.allCases), list { $0.tier() }) }

    private mutating func transform() -> TransformQuantity? {
        TransformQuantity(divideBy: Int64(1 + below(1000)), round: one(of: TransformQuantity.Rounding.allCases))
    }

    private mutating func tax() -> InclusiveTax { InclusiveTax(rate: maybe { $0.fraction() }) }

    private mutating func discount() -> Discount {
        Discount(
            maybe { $0.text() }, flag() ? .percent(fraction()) : .amount(money()),
            one(of: Discount.Duration.allCases), start: maybe { $0.date() }, end: maybe { $0.date() },
            scope: one(of: Discount.Scope.allCases), products: list { $0.text() })
    }

    private mutating func pause() -> PauseCollection {
        PauseCollection(maybe { $0.one(of: PauseCollection.Behavior.allCases) }, resumesAt: maybe { $0.date() })
    }

    private mutating func item() -> SubscriptionItem {
        var item = SubscriptionItem(
            planName: maybe { $0.text() }, unitAmount: maybe { $0.fraction() }, currency: maybe { $0.currency() },
            interval: maybe { $0.interval() }, quantity: integer(), discounts: list { $0.discount() })
        item.productID = maybe { $0.text() }
        item.isMetered = isFull || flag()
        item.tiering = maybe { $0.tiering() }
        item.transformQuantity = maybe { $0.transform() } ?? nil
        item.inclusiveTax = maybe { $0.tax() }
        return item
    }

    private mutating func subscription() -> Subscription {
        var subscription = Subscription(
            id: maybe { $0.externalID() }, status: maybe { $0.status() }, items: list { $0.item() },
            currentPeriod: maybe { $0.period() }, cancelsAtPeriodEnd: flag(), discounts: list { $0.discount() },
            pause: maybe { $0.pause() })
        subscription.trialEnd = maybe { $0.date() }
        subscription.startedAt = maybe { $0.date() }
        subscription.canceledAt = maybe { $0.date() }
        subscription.endedAt = maybe { $0.date() }
        subscription.cancelAt = maybe { $0.date() }
        subscription.pastDueSince = maybe { $0.date() }
        return subscription
    }

    private mutating func payment() -> Payment {
        Payment(
            id: maybe { $0.externalID() }, amount: maybe { $0.money() }, paidAt: maybe { $0.date() },
            succeeded: maybe { $0.flag() }, refunded: maybe { $0.money() }, lostInDispute: maybe { $0.money() })
    }

    private mutating func billing() -> BillingMirror {
        var mirror = BillingMirror()
        mirror.customerID = maybe { $0.externalID() }
        mirror.planName = maybe { $0.text() }
        mirror.planPrice = maybe { $0.money() }
        mirror.planInterval = maybe { $0.interval() }
        mirror.status = maybe { $0.status() }
        mirror.isDelinquent = maybe { $0.flag() }
        mirror.lastPaymentAmount = maybe { $0.money() }
        mirror.lastPaymentAt = maybe { $0.date() }
        mirror.subscriptions = maybe { maker in maker.list { $0.subscription() } }
        mirror.payments = maybe { maker in maker.list { $0.payment() } }
        mirror.assumedCurrency = maybe { $0.currency() }
        return mirror
    }

    // MARK: Conversations

    private mutating func conversation() -> Conversation {
        var conversation = Conversation(
            createdAt: maybe { $0.date() }, state: maybe { $0.one(of: Conversation.State.allCases) },
            isPriority: flag(), involvesCustomer: flag())
        conversation.opening = maybe { $0.message() }
        conversation.rating = maybe { $0.rating() }
        conversation.tags = list { $0.text() }
        conversation.assignee = maybe { $0.recordID() }
        conversation.mentions = list { $0.mention() }
        conversation.tones = list { $0.tone() }
        return conversation
    }

    private mutating func rating() -> Rating {
        let rating = Rating(score: 1 + below(5), ratedAt: maybe { $0.date() }, by: maybe { $0.subject() })
        return rating ?? self.rating()
    }

    private mutating func message() -> Message {
        Message(
            id: text(), sentAt: maybe { $0.date() }, side: one(of: Message.Side.allCases),
            author: maybe { $0.subject() }, text: text())
    }

    private mutating func transcript() -> Transcript {
        var transcript = Transcript(
            conversation: recordID(), messages: list { $0.message() }, missing: count())
        transcript.mentions = list { $0.mention() }
        transcript.tones = list { $0.tone() }
        return transcript
    }

    private mutating func mention() -> Mention {
        Mention(kind: one(of: Mention.Kind.allCases), in: message(), sentence: text(), rulesVersion: count())
    }

    private mutating func tone() -> MessageTone {
        MessageTone(message: count(), Tone(thousandths: below(2001) - 1000), modelVersion: count())
    }

    // MARK: Streams and runs

    private mutating func pending() -> PendingFetch { PendingFetch(id: recordID(), because: maybe { $0.recordID() }) }
    mutating func streamKey() -> StreamKey { StreamKey(source: source(), stream: text()) }
    private mutating func checkpoint() -> Checkpoint {
        Checkpoint(watermark: maybe { $0.date() }, token: maybe { $0.text() })
    }

    mutating func streamState() -> StreamState {
        var state = StreamState()
        state.checkpoint = maybe { $0.checkpoint() }
        state.observedThrough = maybe { $0.date() }
        state.lastFullReadAt = maybe { $0.date() }
        state.provides = DataDomains(rawValue: UInt8(below(256)))
        state.refusal = maybe { $0.one(of: UnknownReason.words) }
        state.account = maybe { $0.text() }
        state.heldBack = list { $0.text() }
        state.pass = maybe { $0.pass() }
        return state
    }

    private mutating func pass() -> StreamPass {
        var pass = StreamPass(isFull: flag(), startedAt: date())
        pass.cursor = maybe { PageCursor($0.text()) }
        pass.latestChange = maybe { $0.date() }
        pass.token = maybe { $0.text() }
        pass.total = maybe { $0.count() }
        return pass
    }

    private mutating func run() -> SyncRun {
        var run = SyncRun(id: text(), source: source(), mode: one(of: SyncRun.Mode.allCases), startedAt: date())
        run.status = one(of: SyncRun.Status.allCases)
        run.duration = maybe { $0.duration() }
        run.receipt = receipt()
        run.failures = list { $0.text() }
        run.averageQuality = maybe { $0.one(of: [0, 78.5, -0.0, .infinity, 1e300]) }
        run.alertsGenerated = maybe { $0.count() }
        return run
    }

    private mutating func receipt() -> SyncReceipt {
        var receipt = SyncReceipt()
        receipt.streams = list { $0.streamReceipt() }
        return receipt
    }

    private mutating func streamReceipt() -> StreamReceipt {
        var receipt = StreamReceipt(stream: text(), holdsCustomers: flag())
        receipt.pages = count()
        receipt.expected = maybe { $0.count() }
        receipt.seen = count()
        receipt.duplicates = count()
        receipt.new = count()
        receipt.updated = count()
        receipt.unchanged = count()
        receipt.outside = count()
        receipt.unmatched = count()
        receipt.rejected = count()
        receipt.fieldIssues = count()
        receipt.vanished = count()
        receipt.gap = count()
        receipt.problems = list { $0.text() }
        receipt.reachedEnd = flag()
        receipt.erased = count()
        return receipt
    }

    // MARK: Customers

    mutating func key() -> CustomerKey { flag() ? .email(email()) : .record(recordID()) }

    private mutating func rule() -> IdentityRule {
        IdentityRule(
            id: text(), kind: flag() ? .merge(key(), into: key()) : .keepApart(key(), key()), madeAt: date(),
            madeBy: StoreActor(text()), undoneAt: maybe { $0.date() })
    }

    private mutating func summary() -> AssessmentSummary {
        AssessmentSummary(
            key: key(), asOf: date(), validUntil: date(), isEnded: flag(), status: one(of: HealthStatus.allCases),
            isAtRisk: flag(), healthScore: maybe { $0.count() }, churnRisk: maybe { $0.count() },
            mrr: maybe { $0.totals() }, mrrReporting: maybe { $0.fraction() }, accountManager: maybe { $0.text() },
            quality: count(), profile: isFull || flag() ? UInt64.random(in: 1 ... .max, using: &random) : 0,
            inputs: maybe { $0.healthInputs() })
    }

    mutating func healthInputs() -> HealthInputs {
        var inputs = HealthInputs()
        inputs.daysSinceSeen = reading { $0.count() }
        inputs.csat = reading { $0.fraction() }
        inputs.tone = reading { $0.fraction() }
        inputs.subscriptionStatuses = reading { SubscriptionStatuses(rawValue: UInt8($0.below(256))) }
        inputs.sessions30d = reading { $0.count() }
        inputs.tenureMonths = reading { $0.count() }
        inputs.mrr = reading { $0.fraction() }
        inputs.conversations30d = reading { $0.count() }
        inputs.openTickets = reading { $0.count() }
        inputs.openCriticalTickets = reading { $0.count() }
        inputs.peopleInTouch90d = reading { $0.count() }
        inputs.meetings90d = reading { $0.count() }
        inputs.mentionedCancel = reading { $0.flag() }
        inputs.isDelinquent = reading { $0.flag() }
        inputs.lastPaymentFailed = reading { $0.flag() }
        if isFull || flag() { inputs.host = [.init(HealthMeasure("seats_used"), reading { $0.fraction() })] }
        return inputs
    }

    private mutating func reading<Value>(_ make: (inout Self) -> Value) -> Reading<Value> {
        isFull || flag() ? .known(make(&self)) : .unknown(one(of: UnknownReason.words))
    }
}
