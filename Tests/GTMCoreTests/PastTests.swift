import GTMCore
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("Customers of the past") struct PastTests {
    /// Eight customers, each of whom pays more than the one before, learnt on day 2; on day 5 all of them change.
    private func engine() async throws -> GTMEngine {
        let store = InMemoryStore()
        for (moment, step) in [(2.0, 1), (5, -1)] {
            var batch = StoreBatch(recordedAt: day(moment))
            batch.records = (1...8).map { number in
                contact("\(number)", email: "c\(number)@x.test", changed: moment - 1) { fact in
                    fact.name = "of day \(moment)"
                    fact.mirror(
                        "cus_\(number)",
                        subscriptions: [
                            subscription("sub_\(number)", cents: Int64(1000 * (step > 0 ? number : 9 - number)))
                        ])
                }
            }
            if step < 0 { batch.records.append(contact("9", email: "late@x.test", changed: 4)) }
            var state = StreamState()
            state.observedThrough = day(moment)
            state.provides = [.profile, .revenue, .activity]
            batch.streams[StreamKey(source: desk, stream: "contacts")] = state
            _ = await store.commit(batch, by: .engine)
        }
        return GTMEngine(store: store, now: { day(6) })
    }

    private func keys(_ page: CustomerPage) -> [String] { page.customers.map(\.key.description) }

    @Test("Then's customers with then's values, in then's order") func then() async throws {
        let engine = try await engine()
        var query = CustomerQuery()
        query.order = .mrr
        let past = try await engine.customers(query, asOf: day(3))
        #expect(keys(past) == (1...8).reversed().map { "c\($0)@x.test" })
        #expect(past.customers.allSatisfy { $0.customer.name.value?.value == "of day 2.0" && $0.asOf == day(3) })
        #expect(past.total == 8 && past.next == nil)
        let now = try await engine.customers(query)
        #expect(keys(now) == (1...8).map { "c\($0)@x.test" } + ["late@x.test"])
        #expect(try await engine.customers(query, asOf: day(1)).customers.isEmpty)
    }

    @Test(
        "Page by page it is the whole list, and as of now the present one",
        arguments: [CustomerQuery.Order.key, .risk, .mrr], [1, 3, 8, 9, 100])
    func pages(order: CustomerQuery.Order, limit: Int) async throws {
        let engine = try await engine()
        var query = CustomerQuery(limit: 100)
        query.order = order
        let present = try await engine.customers(query)
        query.limit = limit
        var found: [Assessment] = []
        var count = 0
        repeat {
            let page = try await engine.customers(query, asOf: day(6))
            #expect(page.total == 9)
            #expect(page.customers.count == min(limit, 9 - found.count))
            found += page.customers
            query.after = page.next
            count += 1
        } while query.after != nil && count < 20
        #expect(found == present.customers)
        #expect(count == (9 + limit - 1) / limit)
    }

    @Test("Filters look at then's values") func filters() async throws {
        let engine = try await engine()
        var query = CustomerQuery(limit: 2)
        query.minimumMRR = 6000
        let past = try await engine.customers(query, asOf: day(3))
        #expect(keys(past) == ["c6@x.test", "c7@x.test"] && past.total == 3)
        #expect(keys(try await engine.customers(query, asOf: day(6))) == ["c1@x.test", "c2@x.test"])
    }

    @Test("More customers than are kept at once: the first ones of a long list") func long() async throws {
        var records: [SourceRecord] = []
        // The order of keys is not the order of money, so that late ones push out early ones.
        for number in 0..<1300 {
            records.append(
                contact("\(number)", email: "c\(number)@x.test") { fact in
                    fact.mirror(
                        "cus_\(number)",
                        subscriptions: [subscription("sub_\(number)", cents: Int64((number * 7919) % 1300 + 1))])
                })
        }
        let engine = GTMEngine(store: await store(records), now: { day(1) })
        var query = CustomerQuery(limit: 7)
        query.order = .mrr
        let page = try await engine.customers(query, asOf: day(1))
        let richest = page.customers.map { $0.revenue.mrrReporting.value }
        #expect(richest == (0..<7).map { Fraction(Int64(1300 - $0)) })
        #expect(page.total == 1300)
        query.after = page.next
        let next = try await engine.customers(query, asOf: day(1)).customers.first?.revenue.mrrReporting.value
        #expect(next == Fraction(1293))
    }

    @Test("One customer by any key, then and now") func one() async throws {
        let engine = try await engine()
        let key = CustomerKey.record(contactID("3"))
        let then = try await engine.customer(key, asOf: day(3))
        #expect(then?.key.description == "c3@x.test")
        #expect(then?.revenue.mrrReporting.value == Fraction(3000))
        #expect(try await engine.customer(try EmailAddress("c3@x.test"), asOf: day(3)) == then)
        #expect(try await engine.customer(key)?.revenue.mrrReporting.value == Fraction(6000))
        #expect(try await engine.customer(.record(contactID("9")), asOf: day(3)) == nil)
        #expect(try await engine.customer(.record(contactID("9")))?.key.description == "late@x.test")
    }

    @Test("An erased person is no customer of any time") func erased() async throws {
        let engine = try await engine()
        let key = CustomerKey.email(try EmailAddress("c3@x.test"))
        let erasure = try #require(try await engine.erase(key, by: StoreActor("clerk")))
        #expect(erasure.records == 1 && erasure.erasedAt == day(6) && erasure.erasedBy == StoreActor("clerk"))
        #expect(try await engine.customers(asOf: day(3)).total == 7)
        let error = await #expect(throws: StoreError.self) { try await engine.customer(key, asOf: day(3)) }
        #expect(error?.code == .erased)
        #expect(try await engine.erase(.email(try EmailAddress("nobody@x.test"))) == nil)
    }
}
