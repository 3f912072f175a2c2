import Testing

@testable import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("Data quality, completeness, odd values") struct QualityTests {
    private func engine(
        _ more: [SourceRecord] = [], _ fill: (inout Contact) -> Void = { _ in }
    ) async throws -> GTMEngine {
        let store = InMemoryStore()
        var batch = StoreBatch(recordedAt: day(-1))
        batch.records = [contact("1", email: "ada@x.test", changed: -2, fill)] + more
        var state = StreamState()
        state.observedThrough = day(-0.5)
        state.provides = [.profile, .revenue, .activity]
        batch.streams[StreamKey(source: desk, stream: "contacts")] = state
        state.provides = .support
        batch.streams[StreamKey(source: desk, stream: "conversations")] = state
        _ = await store.commit(batch, by: .engine)
        return GTMEngine(store: store, now: { epoch })
    }

    private func anomalies(of engine: GTMEngine) async throws -> [Anomaly] {
        try #require(try await engine.anomalies(of: .email(EmailAddress("ada@x.test"))))
    }

    private func paid(_ amounts: [Int64]) -> [Payment] {
        amounts.enumerated().map { place, cents in
            Payment(
                id: stripe("p\(place)"), amount: Money(minorUnits: cents, currency: .usd),
                paidAt: day(Double(place - amounts.count) * 30), succeeded: true)
        }
    }

    @Test("The proof of the score is replayed, adds up, and names the records") func proof() async throws {
        let engine = try await engine {
            $0.lastSeenAt = day(-3)
            $0.location = Location(country: "Ireland")
            $0.mirror("cus_1", subscriptions: [subscription("s")], payments: [payment("p", cents: 1)])
        }
        let view = try #require(try await engine.customer(EmailAddress("ada@x.test")))
        let context = try await engine.context(asOf: epoch)
        let proof = QualityCalculator().proof(of: view.customer, view.revenue, view.activity, context)
        #expect(proof.value == .thousandths(view.quality.score))
        #expect(proof.replayed() == proof.value)
        let sum = proof.terms.reduce(Fraction.zero) { $0.adding($1.proof.value.exact ?? .zero) ?? $0 }
        #expect(sum == proof.value.exact)
        let records = Set(
            proof.leaves.compactMap { if case .told(let origin) = $0.basis { origin.record } else { nil } })
        #expect(records == [contactID("1")])
        // Without conversations the score is 80 of 100.
        #expect(view.quality.score == 80_000)
    }

    @Test("A score that does not come out even is cut, and the cut is a term") func cut() async throws {
        let engine = try await engine { $0.mirror("cus_1") }
        let view = try #require(try await engine.customer(EmailAddress("ada@x.test")))
        let context = ResolutionContext(
            asOf: epoch,
            coverage: [
                SourceCoverage(
                    source: desk, observed: [.init(stream: "contacts", provides: [.revenue, .profile], through: epoch)])
            ])
        let proof = QualityCalculator().proof(of: view.customer, view.revenue, view.activity, context)
        #expect(proof.value == .thousandths(30_769))
        #expect(proof.replayed() == proof.value)
        #expect(proof.parts.last?.basis == .correction(.cut))
        #expect(proof.parts.last?.value == .points(Fraction(-3, over: 13_000) ?? .zero))
    }

    @Test("Completeness counts the fields of the sources connected") func completeness() async throws {
        let bare = try #require(try await engine().customer(EmailAddress("ada@x.test")))
        // The day of sign-up alone.
        #expect(bare.quality.expectedFields == 12)
        #expect(bare.quality.completeness == .known(8333))
        let full = try await engine { contact in
            contact.name = "Ada Lovelace"
            contact.companyName = "Engines"
            contact.lastSeenAt = day(-3)
            contact.location = Location(city: "London")
            contact.mirror("cus_1", subscriptions: [subscription("s")], payments: [payment("p", cents: 1)]) {
                $0.isDelinquent = false
            }
        }
        let view = try #require(try await full.customer(EmailAddress("ada@x.test")))
        #expect(view.quality.knownFields == 11)
        let context = try await full.context(asOf: epoch)
        #expect(QualityCalculator().missingFields(of: view.customer, view.revenue, context) == [.assignedAM])
        #expect(view.quality.matchConfidence == .email)
    }

    @Test("A source says how fresh it is") func freshness() async throws {
        let engine = try await engine()
        let view = try #require(try await engine.customer(EmailAddress("ada@x.test")))
        let fresh = try await engine.context(asOf: epoch).freshness(of: view.customer)
        #expect(fresh.map(\.days) == [0])
        #expect(fresh.map(\.isStale) == [false])
        let later = try await engine.context(asOf: day(10)).freshness(of: view.customer)
        #expect(later.map(\.days) == [10])
        #expect(later.map(\.isStale) == [true])
    }

    @Test("A payment far from the usual ones is odd, one near them is not") func payments() async throws {
        let usual: [Int64] = [1000, 1100, 900, 1000]
        #expect(try await anomalies(of: engine { $0.mirror(payments: paid(usual + [2999])) }).isEmpty)
        let high = try await anomalies(of: engine { $0.mirror(payments: paid(usual + [3000])) })
        #expect(high.map(\.kind) == [.paymentAmount])
        #expect(high.first?.usual == Fraction(1000))
        #expect(high.first?.found == Fraction(3000))
        #expect(high.first?.record == contactID("1"))
        #expect(try await anomalies(of: engine { $0.mirror(payments: paid(usual + [333])) }).count == 1)
        #expect(try await anomalies(of: engine { $0.mirror(payments: paid(usual + [334])) }).isEmpty)
        #expect(try await anomalies(of: engine { $0.mirror(payments: paid([1000, 1000, 9000])) }).isEmpty)
        let negative = try await anomalies(of: engine { $0.mirror(payments: paid([-500])) })
        #expect(negative.map(\.kind) == [.negativePayment])
    }

    @Test("Many conversations at once are odd") func volume() async throws {
        let talks = (0..<6).map { conversation("\($0)", of: ["1"], changed: -Double($0) - 2) }
        #expect(try await anomalies(of: engine(talks)).map(\.kind) == [.conversationVolume])
        #expect(try await anomalies(of: engine(Array(talks.prefix(4)))).isEmpty)
    }

    @Test("Times that cannot be are odd") func times() async throws {
        let early = try await anomalies(
            of: engine {
                $0.signedUpAt = day(-10)
                $0.lastSeenAt = day(-20)
            })
        #expect(early.map(\.kind) == [.seenBeforeSignup])
        #expect(early.first?.found == Fraction(864_000))
        #expect(try await anomalies(of: engine { $0.lastSeenAt = day(0.5) }).map(\.kind) == [.futureTime])
    }

    @Test("MRR far from what it was is odd; from nothing it is new") func change() async throws {
        let store = InMemoryStore()
        func tell(_ cents: Int64, on moment: Double) async {
            var batch = StoreBatch(recordedAt: day(moment))
            batch.records = [
                contact("1", email: "ada@x.test", changed: moment) {
                    $0.mirror("cus_1", subscriptions: [subscription("s", cents: cents)])
                }
            ]
            _ = await store.commit(batch, by: .engine)
        }
        func odd(_ asOf: Double) async throws -> [Anomaly] {
            let engine = GTMEngine(store: store, now: { day(asOf) })
            return try #require(try await engine.anomalies(of: .email(EmailAddress("ada@x.test"))))
        }
        await tell(10_000, on: 0)
        #expect(try await odd(5).isEmpty)
        await tell(15_000, on: 10)
        #expect(try await odd(20).isEmpty)
        await tell(4999, on: 25)
        #expect(try await odd(35).map(\.kind) == [.mrrChange])
        #expect(try await odd(35).first?.usual == Fraction(10_000))
        #expect(try await odd(70).isEmpty)
    }
}
