import GTMAdapterKit
import GTMCore
import GTMIntercom
import GTMSimulator
import Synchronization
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// 2026-11-20T12:00:00Z.
private let noon = Date(timeIntervalSince1970: 1_795_176_000)

/// From a simulated workspace through the real adapter and the real engine to a scored list: what comes out is what
/// was planted.
@Suite("The main job") struct MainJobTests {
    private func adapter(_ intercom: SimulatedIntercom) -> IntercomAdapter {
        IntercomAdapter(
            IntercomConfiguration(account: "acme", token: SimulatedIntercom.token), transport: intercom,
            clock: SteppingClock(), now: { noon })
    }

    private func engine(_ intercom: SimulatedIntercom, _ store: InMemoryStore = InMemoryStore()) -> GTMEngine {
        GTMEngine(store: store, sources: [adapter(intercom)], now: { noon })
    }

    @Test("Every planted fact is found", arguments: [1, 2, 3, 7, 11] as [UInt64])
    func truth(seed: UInt64) async throws {
        let world = SimulatedWorld(seed: seed, customers: 120, now: noon)
        let engine = engine(SimulatedIntercom(world))
        let run = try #require(try await engine.sync().first)
        #expect(run.status == .success, "\(run.failures) \(run.receipt)")
        var query = CustomerQuery(limit: .max)
        query.includesEnded = true
        let found = try await engine.customers(query).customers
        #expect(found.map(\.key) == world.truth.customers.map { .email($0.email) })
        for (assessment, planted) in zip(found, world.truth.customers) {
            #expect(paid(assessment.revenue.mrr) == paid(planted.mrr), "MRR of \(planted.email)")
            #expect(paid(assessment.revenue.ltv) == paid(planted.ltv), "LTV of \(planted.email)")
            #expect(assessment.customer.billing.billedThrough.first?.email == planted.billedThrough)
            #expect(assessment.isDelinquent.value == planted.isDelinquent, "delinquency of \(planted.email)")
            #expect(assessment.activity.openTickets == .known(planted.openTickets))
            #expect(
                assessment.activity.mentionedCancel == .known(planted.mentionedCancel),
                "mention by \(planted.email): \(String(describing: assessment.activity.cancelMentions.value))")
            #expect(assessment.activity.daysSinceSeen.value == planted.daysSinceSeen)
            #expect(assessment.activity.csat.value == planted.csat)
        }
        #expect(paid(.known(try await engine.portfolio().mrr)) == paid(world.truth.mrr))
    }

    /// Amounts that are not nothing.
    private func paid(_ totals: Reading<CurrencyTotals>) -> [CurrencyTotals.Entry] { paid(totals.value) }
    private func paid(_ totals: CurrencyTotals?) -> [CurrencyTotals.Entry] {
        totals?.entries.filter { $0.amount != .zero } ?? []
    }

    @Test("Faults on the way lose nothing and double nothing")
    func faults() async throws {
        let world = SimulatedWorld(seed: 5, customers: 400, now: noon)
        let clean = engine(SimulatedIntercom(world))
        try await clean.sync()
        let expected = try await clean.customers(CustomerQuery(limit: .max)).customers
        for fault in [
            SimulatedFaults.Fault.serverError, .unavailable, .connectionReset, .truncatedBody, .malformedJSON,
            .errorPage,
            .emptyBody, .rateLimited,
        ] {
            var configuration = SimulatedIntercom.Configuration()
            configuration.faults.add(fault, on: .share(perMille: 100))
            let engine = engine(SimulatedIntercom(world, configuration))
            let run = try #require(try await engine.sync().first)
            #expect(run.status == .success, "\(fault): \(run.failures)")
            let found = try await engine.customers(CustomerQuery(limit: .max)).customers
            #expect(found == expected, "\(fault) changed something")
        }
    }

    @Test("A second sync brings what changed in the meantime, and nothing else") func secondSync() async throws {
        let world = SimulatedWorld(seed: 9, customers: 60, now: noon)
        let intercom = SimulatedIntercom(world)
        let store = InMemoryStore()
        try await engine(intercom, store).sync()
        let later = noon.addingTimeInterval(3600)
        intercom.step(to: later)
        let email = try #require(world.truth.customers.first).email
        let id = try #require(intercom.contactIDs(of: email).first)
        #expect(intercom.update(contact: id, ["name": "Renamed Person"]))
        let second = GTMEngine(store: store, sources: [adapter(intercom)], now: { later })
        let run = try #require(try await second.sync().first)
        #expect(run.status == .success)
        #expect(run.updatedContacts == 1)
        #expect(run.newContacts == 0)
        #expect(try await second.customer(email)?.customer.name.value?.value == "Renamed Person")
    }
}

/// A clock that waits by moving on, so that retries cost no time.
private final class SteppingClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Swift.Duration
        func advanced(by duration: Swift.Duration) -> Self { Self(offset: offset + duration) }
        func duration(to other: Self) -> Swift.Duration { other.offset - offset }
        static func < (left: Self, right: Self) -> Bool { left.offset < right.offset }
    }

    private let time = Mutex(Swift.Duration.zero)
    var now: Instant { Instant(offset: time.withLock { $0 }) }
    let minimumResolution = Swift.Duration.zero

    func sleep(until deadline: Instant, tolerance: Swift.Duration?) async throws {
        try Task.checkCancellation()
        time.withLock { $0 = max($0, deadline.offset) }
    }
}
