import GTMCore
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Random small worlds, made to collide: few addresses, few keys, few subscriptions, several versions of each record.
struct RandomWorld {
    /// Every version of every record; versions of one record have different times.
    let records: [SourceRecord]
    /// Merges and keep-aparts among the customers.
    let rules: [IdentityRule]

    private static let emails = [
        "ada@x.test", "ADA@x.test ", "bo@x.test", "cy@y.test", "info@y.test", "not an address",
    ]

    init(seed: UInt64) {
        var random = SplitMix(seed: seed)
        var records: [SourceRecord] = []
        for number in 0..<Int.random(in: 2...7, using: &random) {
            for version in 0..<Int.random(in: 1...3, using: &random) {
                let changed = -50 + Double(version) * 10 + Double(number)
                records.append(Self.contact(number, changed, &random))
            }
        }
        for number in 0..<Int.random(in: 0...4, using: &random) {
            for version in 0..<Int.random(in: 1...2, using: &random) {
                records.append(Self.conversation(number, -40 + Double(version) * 9 + Double(number), &random))
            }
        }
        for number in 0..<Int.random(in: 0...2, using: &random) {
            var company = Company()
            company.name = "Company \(number)"
            company.monthlySpend = Money(minorUnits: Int64.random(in: 0...3, using: &random) * 500, currency: .usd)
            records.append(
                SourceRecord(
                    id: RecordID(source: desk, stream: "companies", id: "\(number)"), changedAt: day(-60),
                    fact: .company(company)))
        }
        self.records = records
        let keys =
            Self.emails.compactMap { try? EmailAddress($0) }.map(CustomerKey.email)
            + (0..<3).map { .record(contactID("\($0)")) }
        rules = (0..<Int.random(in: 0...3, using: &random)).compactMap { number in
            guard let a = keys.randomElement(using: &random), let b = keys.randomElement(using: &random), a != b else {
                return nil
            }
            let kind: IdentityRule.Kind =
                Bool.random(using: &random) ? .merge(a, into: b) : .keepApart(a, b)
            return IdentityRule(id: "r\(number)", kind: kind, madeAt: day(Double(number)), madeBy: .unspecified)
        }
    }

    private static func contact(_ number: Int, _ changed: Double, _ random: inout SplitMix) -> SourceRecord {
        let keys = (0..<3).filter { _ in Int.random(in: 0..<4, using: &random) == 0 }.map { stripe("cus_\($0)") }
        let state: RecordState =
            switch Int.random(in: 0..<12, using: &random) {
            case 0: .deleted
            case 1: .merged(into: contactID("\(Int.random(in: 0..<7, using: &random))"))
            case 2: .archived
            default: .live
            }
        let email = Int.random(in: 0..<5, using: &random) == 0 ? nil : emails.randomElement(using: &random)
        return GTMCoreTests.contact(
            "\(number)", email: email, keys: keys, changed: changed,
            source: number % 3 == 2 ? SourceID(vendor: "hubspot") : desk, state: state
        ) { fact in
            fact.name = "Name \(Int.random(in: 0..<4, using: &random))"
            fact.createdAt = day(-Double(Int.random(in: 100..<110, using: &random)))
            fact.lastSeenAt = day(-Double(Int.random(in: 0..<80, using: &random)))
            if Bool.random(using: &random) {
                fact.companies = [
                    RecordID(source: desk, stream: "companies", id: "\(Int.random(in: 0..<2, using: &random))")
                ]
            }
            guard Int.random(in: 0..<3, using: &random) > 0 else { return }
            let count = Int.random(in: 0...2, using: &random)
            fact.mirror(
                keys.first?.id,
                subscriptions: Bool.random(using: &random) ? (0..<count).map { _ in subscription(&random) } : nil,
                payments: Bool.random(using: &random)
                    ? [payment("p\(Int.random(in: 0..<4, using: &random))", cents: 700)] : nil
            ) { mirror in
                mirror.status = SubscriptionStatus.allCases.randomElement(using: &random)
                mirror.planPrice = Money(minorUnits: 4900, currency: .usd)
                mirror.planInterval = .month
            }
        }
    }

    private static func subscription(_ random: inout SplitMix) -> Subscription {
        GTMCoreTests.subscription(
            Int.random(in: 0..<6, using: &random) == 0 ? nil : "sub_\(Int.random(in: 0..<4, using: &random))",
            SubscriptionStatus.allCases.randomElement(using: &random),
            cents: Int64.random(in: 0..<50_000, using: &random), every: Bool.random(using: &random) ? .month : .year)
    }

    private static func conversation(_ number: Int, _ changed: Double, _ random: inout SplitMix) -> SourceRecord {
        let contacts = (0..<7).filter { _ in Int.random(in: 0..<4, using: &random) == 0 }.map(String.init)
        return GTMCoreTests.conversation("\(number)", of: contacts, changed: changed) { fact in
            fact.state = Conversation.State.allCases.randomElement(using: &random)
            fact.isPriority = Bool.random(using: &random)
            fact.rating = Rating(
                score: Int.random(in: 1...5, using: &random), ratedAt: day(changed),
                by: contacts.first.map { .record(contactID($0)) })
            fact.opening = Message(
                id: "m", sentAt: day(changed), side: .customer, author: contacts.last.map { .record(contactID($0)) },
                text: Bool.random(using: &random) ? "We want to cancel." : "Thanks!")
        }.annotated(by: .standard)
    }

    /// The views after these records came in this order, in batches of this size.
    static func views(_ records: [SourceRecord], rules: [IdentityRule] = [], batch size: Int = .max) async throws
        -> [Assessment]
    {
        let store = InMemoryStore()
        var start = 0
        while start < records.count {
            var batch = StoreBatch(recordedAt: epoch)
            batch.records = Array(records[start..<min(records.count, start + min(size, 1000))])
            start += batch.records.count
            _ = await store.commit(batch, by: .engine)
        }
        var batch = StoreBatch(recordedAt: epoch)
        batch.rules = rules
        _ = await store.commit(batch, by: .engine)
        return try await store.assessed(both)
    }

    /// The ids of everything mirrored on a live contact that belongs to a customer.
    static func mirrored(_ world: RandomWorld) async throws -> (
        subscriptions: Set<ExternalID>, payments: Set<ExternalID>
    ) {
        let store = InMemoryStore()
        var batch = StoreBatch(recordedAt: epoch)
        batch.records = world.records
        batch.rules = world.rules
        _ = await store.commit(batch, by: .engine)
        let mirrors = try await store.files(CustomerScan(limit: .max), by: .unspecified).flatMap(\.people)
            .filter { $0.record.state.isLive }.compactMap { $0.record.fact.contact?.billing }
        return (
            Set(mirrors.flatMap { $0.subscriptions ?? [] }.compactMap(\.id)),
            Set(mirrors.flatMap { $0.payments ?? [] }.compactMap(\.id))
        )
    }

    /// Both sources read through to the present.
    static let both = ResolutionContext(
        asOf: epoch,
        coverage: [desk, SourceID(vendor: "hubspot")].map { source in
            SourceCoverage(
                source: source,
                observed: [
                    .init(stream: "contacts", provides: [.profile, .revenue, .activity], through: epoch),
                    .init(stream: "conversations", provides: [.support], through: epoch),
                ])
        })
}

/// Properties of the resolved views over random worlds.
///
/// 200 worlds by default; `GTM_PROPERTY_SEEDS` asks for more, as continuous integration does.
@Suite("Properties") struct PropertyTests {
    private static let parts = 16
    private static let seeds: Int =
        ProcessInfo.processInfo.environment["GTM_PROPERTY_SEEDS"].flatMap { Int($0) } ?? 200

    /// The seeds of one part of the work.
    private func seeds(_ part: Int) -> StrideTo<Int> { stride(from: part, to: Self.seeds, by: Self.parts) }

    @Test("Order, duplicates and batches of arrival change nothing", arguments: 0..<parts)
    func arrival(part: Int) async throws {
        for seed in seeds(part) {
            let world = RandomWorld(seed: UInt64(seed))
            var random = SplitMix(seed: UInt64(seed) ^ 0xFEED)
            let straight = try await RandomWorld.views(world.records, rules: world.rules)
            var mixed = world.records + world.records.filter { _ in Bool.random(using: &random) }
            mixed.shuffle(using: &random)
            let rules = world.rules.shuffled(using: &random)
            let views = try await RandomWorld.views(mixed, rules: rules, batch: Int.random(in: 1...5, using: &random))
            guard straight == views else {
                Issue.record("seed \(seed): the order of arrival changed a view")
                return
            }
        }
    }

    @Test("A merge or a separation that is undone leaves no trace", arguments: 0..<parts)
    func undo(part: Int) async throws {
        for seed in seeds(part) {
            let world = RandomWorld(seed: UInt64(seed))
            let undone = world.rules.map { rule in
                var rule = rule
                rule.undoneAt = day(9)
                return rule
            }
            let never = try await RandomWorld.views(world.records)
            guard try await RandomWorld.views(world.records, rules: world.rules + undone) == never else {
                Issue.record("seed \(seed): an undone rule left a trace")
                return
            }
        }
    }

    @Test("Each subscription and payment on a customer's live contact counts, for one customer", arguments: 0..<parts)
    func countedOnce(part: Int) async throws {
        for seed in seeds(part) {
            let world = RandomWorld(seed: UInt64(seed))
            let views = try await RandomWorld.views(world.records, rules: world.rules)
                .filter { !$0.customer.isEnded }
            let subscriptions = views.flatMap { $0.customer.billing.subscriptions.value ?? [] }.compactMap(\.value.id)
            let payments = views.flatMap { $0.customer.billing.payments.value ?? [] }.flatMap(\.payments).compactMap(
                \.id)
            guard Set(subscriptions).count == subscriptions.count, Set(payments).count == payments.count else {
                Issue.record("seed \(seed): something was counted twice")
                return
            }
            let mirrored = try await RandomWorld.mirrored(world)
            guard Set(subscriptions) == mirrored.subscriptions, Set(payments) == mirrored.payments else {
                Issue.record("seed \(seed): something mirrored on a customer was counted for nobody")
                return
            }
        }
    }

    @Test("A record belongs to one customer at most, and every person's record is accounted for", arguments: 0..<parts)
    func partition(part: Int) async throws {
        for seed in seeds(part) {
            let world = RandomWorld(seed: UInt64(seed))
            let store = InMemoryStore()
            var batch = StoreBatch(recordedAt: epoch)
            batch.records = world.records
            batch.rules = world.rules
            _ = await store.commit(batch, by: .engine)
            let files = try await store.files(CustomerScan(limit: .max), by: .unspecified)
            let members = files.flatMap { $0.people.map(\.record.id) }
            let accounted = Set(members).union(files.flatMap(\.absorbed)).union(
                await store.unmatched(by: .unspecified).map(\.id))
            let people = Set(world.records.filter { $0.identity != nil }.map(\.id))
            let mergedAway = await store.versions(Array(people), by: .unspecified).filter {
                if case .merged = $0.record.state { true } else { false }
            }.map(\.record.id)
            guard !files.contains(where: \.people.isEmpty) else {
                Issue.record("seed \(seed): a customer without a record")
                return
            }
            guard Set(members).count == members.count, people.subtracting(accounted).isSubset(of: mergedAway) else {
                Issue.record("seed \(seed): a record is lost, or in two customers")
                return
            }
        }
    }

    @Test("A source that stops being read never makes anybody look inactive", arguments: 0..<parts)
    func silence(part: Int) async throws {
        for seed in seeds(part) where seed / Self.parts % 4 == 0 {
            let world = RandomWorld(seed: UInt64(seed))
            let store = await store(world.records)
            let before = try await store.assessed(RandomWorld.both)
            var later = RandomWorld.both
            later.asOf = day(Double(seed % 60) + 0.5)
            let after = try await store.assessed(later)
            for (then, now) in zip(before, after) {
                let recency = (then.health.components.first?.points.value, now.health.components.first?.points.value)
                guard recency.1 == nil || recency.1 == recency.0,
                    then.health.signals.contains(where: { $0.kind == .inactive })
                        || !now.health.signals.contains(where: { $0.kind == .inactive })
                else {
                    Issue.record("seed \(seed): silence of a source counted as inactivity")
                    return
                }
            }
        }
    }

    @Test("What the store says of the past is what it said then", arguments: 0..<parts)
    func asOf(part: Int) async throws {
        for seed in seeds(part) where seed / Self.parts % 8 == 1 {
            let world = RandomWorld(seed: UInt64(seed))
            let store = InMemoryStore()
            var told: [[CustomerFile]] = []
            for (number, record) in world.records.enumerated() {
                var batch = StoreBatch(recordedAt: day(Double(number)))
                batch.records = [record]
                _ = await store.commit(batch, by: .engine)
                told.append(try await store.files(CustomerScan(limit: .max), by: .unspecified))
            }
            for number in world.records.indices {
                let point = TimePoint(knownAt: day(Double(number)))
                guard try await store.files(CustomerScan(at: point, limit: .max), by: .unspecified) == told[number]
                else {
                    Issue.record("seed \(seed): commit \(number) is remembered differently")
                    return
                }
            }
        }
    }

    @Test("A commit names every customer whose file it changed", arguments: 0..<parts)
    func touched(part: Int) async throws {
        for seed in seeds(part) where seed / Self.parts % 8 == 0 {
            let world = RandomWorld(seed: UInt64(seed))
            let store = InMemoryStore()
            var before: [CustomerKey: CustomerFile] = [:]
            for number in 0..<(world.records.count + world.rules.count) {
                var batch = StoreBatch(recordedAt: day(Double(number)))
                if number < world.records.count {
                    batch.records = [world.records[number]]
                } else {
                    batch.rules = [world.rules[number - world.records.count]]
                }
                let receipt = await store.commit(batch, by: .engine)
                let files = try await store.files(CustomerScan(limit: .max), by: .unspecified)
                let after = Dictionary(files.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
                let changed = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
                guard receipt.touched.isSuperset(of: changed) else {
                    Issue.record("seed \(seed): commit \(number) changed a customer that it does not name")
                    return
                }
                before = after
            }
        }
    }

    @Test("Lists follow rules that come and go, one keeping another from applying", arguments: 0..<parts)
    func rules(part: Int) async throws {
        for seed in seeds(part) where seed / Self.parts % 8 == 2 {
            let world = RandomWorld(seed: UInt64(seed))
            let store = await store(world.records)
            let engine = GTMEngine(store: store, now: { day(20) })
            var random = SplitMix(seed: UInt64(seed))
            let rules = (0..<4).flatMap { RandomWorld(seed: UInt64(seed * 4 + $0)).rules }
            for (number, rule) in (rules + rules).enumerated() {
                var rule = rule
                rule.id = "r\(number % rules.count)"
                if number >= rules.count || Bool.random(using: &random) { rule.undoneAt = day(19) }
                var batch = StoreBatch(recordedAt: day(20))
                batch.rules = [rule]
                _ = await store.commit(batch, by: .engine)
                var query = CustomerQuery(limit: .max)
                query.includesEnded = true
                let listed = try await engine.customers(query).customers
                let context = try await engine.context(asOf: day(20))
                guard listed == (try await store.assessed(context)) else {
                    Issue.record("seed \(seed): after rule \(number) the list is not what the records say")
                    return
                }
            }
        }
    }

    @Test("Many tasks writing at once change nothing") func concurrency() async throws {
        for seed in 0..<200 {
            let world = RandomWorld(seed: UInt64(seed))
            let straight = try await RandomWorld.views(world.records)
            let store = InMemoryStore()
            await withTaskGroup { group in
                for record in world.records {
                    group.addTask {
                        var batch = StoreBatch(recordedAt: epoch)
                        batch.records = [record]
                        _ = await store.commit(batch, by: .engine)
                    }
                }
            }
            #expect(try await store.assessed(RandomWorld.both) == straight, "seed \(seed)")
        }
    }
}
