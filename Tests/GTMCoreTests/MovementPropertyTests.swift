import Testing

@testable import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A random history of what contacts pay: versions that come late, people who change address, merge, go and come back,
/// several currencies and plans, a source that is first read whole somewhere in between.
private struct RandomBook {
    let store = InMemoryStore()
    var random: SplitMix
    let readOn: Double

    init(seed: UInt64) {
        random = SplitMix(seed: seed)
        readOn = Double(Int.random(in: 0...40, using: &random))
    }

    mutating func write() async {
        var day = 0.0
        var isRead = false
        while day < 60 {
            day += Double.random(in: 0.5...6, using: &random)
            var batch = StoreBatch(recordedAt: GTMCoreTests.day(day))
            batch.records = (0..<Int.random(in: 1...4, using: &random)).map { _ in record(day) }
            if !isRead, day >= readOn {
                isRead = true
                var state = StreamState()
                state.observedThrough = batch.recordedAt
                state.provides = [.profile, .revenue]
                batch.streams = [StreamKey(source: desk, stream: "contacts"): state]
            }
            if Int.random(in: 0..<8, using: &random) == 0 { batch.rules = [rule(day)].compactMap { $0 } }
            _ = await store.commit(batch, by: .engine)
        }
    }

    private mutating func record(_ day: Double) -> SourceRecord {
        let id = "\(Int.random(in: 0..<5, using: &random))"
        let email = ["ada@x.test", "bo@x.test", "cy@y.test", "dee@y.test"].randomElement(using: &random)
        let late = Int.random(in: 0..<4, using: &random) == 0 ? Double.random(in: 0...20, using: &random) : 0
        let state: RecordState = Int.random(in: 0..<10, using: &random) == 0 ? .deleted : .live
        let lines = Int.random(in: 0...3, using: &random)
        let plans = ["Basic", "Pro", nil]
        let currencies: [Currency] = [.usd, .usd, .usd, .eur]
        return contact(
            id, email: Int.random(in: 0..<8, using: &random) == 0 ? nil : email, changed: day - late, state: state
        ) { fact in
            guard lines > 0 || Bool.random(using: &random) else { return }
            fact.mirror(
                "cus_\(id)",
                subscriptions: (0..<lines).map { line in
                    var subscription = subscription(
                        "sub_\(Int.random(in: 0..<6, using: &random))_\(line)",
                        SubscriptionStatus.allCases.randomElement(using: &random),
                        cents: Int64.random(in: 0...9999, using: &random),
                        currencies.randomElement(using: &random) ?? .usd,
                        every: BillingInterval(
                            BillingInterval.Unit.allCases.randomElement(using: &random) ?? .month,
                            count: Int.random(in: 1...30, using: &random)),
                        quantity: Int64.random(in: 0...3, using: &random))
                    subscription.items[0].planName = plans.randomElement(using: &random) ?? nil
                    return subscription
                })
        }
    }

    private mutating func rule(_ day: Double) -> IdentityRule? {
        let keys = ["ada@x.test", "bo@x.test", "cy@y.test"].compactMap { try? EmailAddress($0) }.map(CustomerKey.email)
        guard let a = keys.randomElement(using: &random), let b = keys.randomElement(using: &random), a != b else {
            return nil
        }
        return IdentityRule(
            id: "r\(day)", kind: .merge(a, into: b), madeAt: GTMCoreTests.day(day), madeBy: .unspecified)
    }
}

/// Properties of bridges over random histories; `GTM_PROPERTY_SEEDS` asks for more of them.
@Suite("Properties of bridges") struct MovementPropertyTests {
    private static let parts = 16
    private static let seeds: Int =
        ProcessInfo.processInfo.environment["GTM_PROPERTY_SEEDS"].flatMap { Int($0) } ?? 200

    /// What is wrong with a report; `nil` where nothing is.
    private func fault(in report: MRRBridgeReport) -> String? {
        for (period, next) in zip(report.periods, report.periods.dropFirst()) {
            for bridge in next.bridges where bridge.opening != .zero {
                let closing = period.bridges.first { $0.currency == bridge.currency }?.closing
                if closing != bridge.opening {
                    return "an opening of \(bridge.opening) after a closing of \(closing ?? .zero)"
                }
            }
        }
        for period in report.periods {
            for bridge in period.bridges + period.groups.flatMap(\.bridges) where bridge.residual != .zero {
                return "a remainder of \(bridge.residual?.description ?? "what does not fit")"
            }
            for bridge in period.bridges {
                let parts = period.groups.flatMap(\.bridges).filter { $0.currency == bridge.currency }
                for kind in MRRMovementKind.allCases {
                    let sum = parts.reduce(Fraction.zero) { $0.adding($1[kind]) ?? $0 }
                    if !parts.isEmpty, sum != bridge[kind] { return "\(kind) of the parts is not that of the whole" }
                    let moved = period.movements.filter { $0.kind == kind && $0.currency == bridge.currency }
                        .reduce(Fraction.zero) { $0.adding($1.amount) ?? $0 }
                    if moved != bridge[kind] { return "\(kind) of the customers is not that of the whole" }
                }
                if bridge[.transfer] != .zero { return "something was transferred to nowhere" }
            }
        }
        return nil
    }

    @Test("Bridges leave no remainder, meet each other, and are the sum of their parts", arguments: 0..<parts)
    func whole(part: Int) async throws {
        for seed in stride(from: part, to: Self.seeds, by: Self.parts) {
            var book = RandomBook(seed: UInt64(seed))
            await book.write()
            var random = SplitMix(seed: UInt64(seed) ^ 0xB71D)
            let borders = Set((0..<4).map { _ in Double.random(in: 0...70, using: &random) }).sorted().map(day)
            var query = MRRBridgeQuery(borders: borders)
            query.grouping = [nil, .plan, .manager].randomElement(using: &random) ?? nil
            query.knownAt = Bool.random(using: &random) ? nil : day(80)
            let engine = GTMEngine(store: book.store, now: { day(90) })
            let report = try await engine.bridge(query)
            if let fault = fault(in: report) {
                Issue.record("seed \(seed): \(fault)")
                return
            }
            let same = try await engine.bridge(query)
            guard same == report else {
                Issue.record("seed \(seed): asked twice, told otherwise")
                return
            }
        }
    }

    @Test("What a source had when it was first read is no business of the period", arguments: 0..<parts)
    func firstRead(part: Int) async throws {
        for seed in stride(from: part, to: Self.seeds, by: Self.parts) {
            let world = RandomWorld(seed: UInt64(seed))
            let store = InMemoryStore()
            var batch = StoreBatch(recordedAt: day(10))
            // A first read tells of each record what it is now.
            var latest: [RecordID: SourceRecord] = [:]
            for record in world.records where (latest[record.id]?.changedAt ?? .distantPast) < record.changedAt ?? epoch
            {
                latest[record.id] = record
            }
            batch.records = latest.values.sorted { $0.id < $1.id }
            batch.rules = world.rules
            for source in [desk, SourceID(vendor: "hubspot")] {
                var state = StreamState()
                state.observedThrough = day(10)
                state.provides = [.revenue]
                batch.streams[StreamKey(source: source, stream: "contacts")] = state
            }
            _ = await store.commit(batch, by: .engine)
            let report = try await GTMEngine(store: store, now: { day(30) }).bridge(
                MRRBridgeQuery(borders: [day(-100), day(20)]))
            let kinds = Set(report.periods.flatMap(\.movements).map(\.kind))
            guard kinds.isSubset(of: [.openingBalance]) else {
                Issue.record("seed \(seed): a first read was told as \(kinds)")
                return
            }
        }
    }
}
