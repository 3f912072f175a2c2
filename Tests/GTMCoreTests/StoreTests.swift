import GTMCore
import Testing

@Suite("In-memory store") struct StoreTests {
    private func commit(_ records: [SourceRecord], at moment: Double, to store: InMemoryStore) async throws
        -> CommitReceipt
    {
        var batch = StoreBatch(recordedAt: day(moment))
        batch.records = records
        return await store.commit(batch, by: .unspecified)
    }

    private func name(_ store: InMemoryStore, _ point: TimePoint) async throws -> String? {
        guard let file = try await store.customer(.email(try EmailAddress("ada@x.test")), at: point, by: .unspecified)
        else {
            return nil
        }
        return file.people.first?.record.fact.contact?.name
    }

    @Test("What was known, and what held, are two questions") func bothAxes() async throws {
        let store = InMemoryStore()
        _ = try await commit([contact("1", email: "ada@x.test", changed: 1) { $0.name = "first" }], at: 2, to: store)
        _ = try await commit([contact("1", email: "ada@x.test", changed: 3) { $0.name = "second" }], at: 10, to: store)
        #expect(try await name(store, .latest) == "second")
        #expect(try await name(store, TimePoint(knownAt: day(9))) == "first")
        #expect(try await name(store, TimePoint(validAt: day(4))) == "second")
        #expect(try await name(store, TimePoint(knownAt: day(9), validAt: day(4))) == "first")
        #expect(try await name(store, TimePoint(validAt: day(2.5))) == "first")
        #expect(try await name(store, TimePoint(knownAt: day(1))) == nil)
        #expect(try await name(store, TimePoint(validAt: day(0.5))) == nil)
    }

    @Test("A version that comes late belongs to the past") func lateVersion() async throws {
        let store = InMemoryStore()
        _ = try await commit([contact("1", email: "ada@x.test", changed: 3) { $0.name = "new" }], at: 4, to: store)
        let late = try await commit(
            [contact("1", email: "ada@x.test", changed: 1) { $0.name = "old" }], at: 5, to: store)
        #expect(late.outcomes == [.updated])
        #expect(try await name(store, .latest) == "new")
        #expect(try await name(store, TimePoint(validAt: day(2))) == "old")
        let again = try await commit(
            [contact("1", email: "ada@x.test", changed: 1) { $0.name = "old" }], at: 6, to: store)
        #expect(again.outcomes == [.unchanged])
    }

    @Test("A rule applies from its making to its undoing") func rulesInTime() async throws {
        let store = InMemoryStore()
        _ = try await commit([contact("1", email: "ada@x.test"), contact("2", email: "bo@x.test")], at: 0, to: store)
        let (ada, bo) = (
            CustomerKey.email(try EmailAddress("ada@x.test")), CustomerKey.email(try EmailAddress("bo@x.test"))
        )
        var batch = StoreBatch(recordedAt: day(2))
        batch.rules = [
            IdentityRule(id: "r", kind: .merge(bo, into: ada), madeAt: day(2), madeBy: .unspecified, undoneAt: day(5))
        ]
        _ = await store.commit(batch, by: .unspecified)
        _ = try await commit([], at: 9, to: store)
        func count(_ moment: Double) async throws -> Int {
            try await store.files(CustomerScan(at: TimePoint(knownAt: day(moment))), by: .unspecified).count
        }
        #expect(try [await count(1), await count(3), await count(6)] == [2, 1, 2])
    }

    @Test("A commit names the customers that it may have changed") func touched() async throws {
        let store = InMemoryStore()
        let mirror = contact("1", email: "ada@x.test") { $0.mirror("c", subscriptions: [subscription("s")]) }
        #expect(try await commit([mirror], at: 0, to: store).touched.map(\.description) == ["ada@x.test"])
        let copy = contact("2", email: "bo@x.test") {
            $0.createdAt = day(-900)
            $0.mirror("c", subscriptions: [subscription("s")])
        }
        let touched = try await commit([copy], at: 1, to: store).touched.map(\.description).sorted()
        #expect(touched == ["ada@x.test", "bo@x.test"])
        #expect(
            try await commit([conversation("9", of: ["1"])], at: 2, to: store).touched.map(\.description) == [
                "ada@x.test"
            ])
        #expect(try await commit([conversation("9", of: ["1"])], at: 3, to: store).touched.isEmpty)
    }

    @Test("Lists are filtered, ordered and paged without a gap") func lists() async throws {
        let store = InMemoryStore()
        let records = (0..<50).map { number in
            contact("\(number)", email: "p\(number)@x.test") {
                $0.lastSeenAt = day(-Double(number))
                $0.mirror("c\(number)", subscriptions: [subscription("s\(number)", cents: Int64(number % 7) * 1000)])
            }
        }
        var batch = StoreBatch(recordedAt: epoch)
        batch.records = records
        batch.streams = [
            StreamKey(source: desk, stream: "contacts"): {
                var state = StreamState()
                state.provides = [.profile, .revenue, .activity]
                state.observedThrough = epoch
                return state
            }()
        ]
        _ = await store.commit(batch, by: .engine)
        let engine = GTMEngine(store: store, now: { epoch })
        for order in [CustomerQuery.Order.key, .risk, .mrr] {
            var query = CustomerQuery(limit: 7)
            query.order = order
            var keys: [String] = []
            repeat {
                let page = try await engine.customers(query)
                #expect(page.total == 50)
                keys += page.customers.map(\.key.description)
                query.after = page.next
            } while query.after != nil
            #expect(keys.count == 50)
            #expect(Set(keys).count == 50)
        }
        var query = CustomerQuery(limit: 100)
        query.minimumMRR = 6000
        query.order = .mrr
        #expect(try await engine.customers(query).customers.count == 7)
        let risky = try await engine.atRisk()
        let risks = risky.customers.compactMap(\.health.churnRisk.value)
        #expect(!risks.isEmpty && risks == risks.sorted(by: >))
        #expect(risky.customers.filter { !$0.health.isAtRisk }.isEmpty)
        #expect(try await engine.portfolio().customers == 50)
    }

    @Test("An assessment made before its customer was touched is not taken") func staleAssessment() async throws {
        let store = await store([contact("1", email: "ada@x.test"), contact("2", email: "bo@x.test")])
        let due = await store.due(asOf: epoch, by: .engine)
        let early = try await store.assessed(context())
        let (ada, bo) = (
            CustomerKey.email(try EmailAddress("ada@x.test")), CustomerKey.email(try EmailAddress("bo@x.test"))
        )
        let engine = GTMEngine(store: store, now: { epoch })
        _ = try await engine.merge(bo, into: ada)
        var batch = StoreBatch(recordedAt: epoch)
        batch.assessments = early.map(AssessmentSummary.init)
        batch.assessedAt = due.sequence
        _ = await store.commit(batch, by: .engine)
        #expect(try await engine.customers().customers.map(\.key) == [ada])
        #expect(try await engine.customers().customers.first?.customer.members.count == 2)
    }

    @Test("What was covered at a past moment is remembered") func pastCoverage() async throws {
        let store = InMemoryStore()
        let key = StreamKey(source: desk, stream: "contacts")
        for moment in [1.0, 5.0] {
            var batch = StoreBatch(recordedAt: day(moment))
            var state = StreamState()
            state.provides = .activity
            state.observedThrough = day(moment)
            batch.streams[key] = state
            _ = await store.commit(batch, by: .engine)
        }
        let engine = GTMEngine(store: store, now: { day(6) })
        #expect(try await engine.context(asOf: day(3)).coverage.first?.observed.first?.through == day(1))
        #expect(try await engine.context(asOf: day(6)).coverage.first?.observed.first?.through == day(5))
        #expect(try await engine.context(asOf: day(0)).coverage.isEmpty)
    }
}
