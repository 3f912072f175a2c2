import GTMCore
import Testing

@Suite("Identity") struct IdentityTests {
    private func keys(_ store: InMemoryStore) async throws -> [String] {
        try await store.files(CustomerScan(), by: .unspecified).map(\.key.description)
    }

    @Test("The same address is one customer, whatever its case") func sameEmail() async throws {
        let store = await store([
            contact("1", email: "Ada@x.test"), contact("2", email: " ada@X.test"), contact("3", email: "bo@x.test"),
        ])
        #expect(try await keys(store) == ["ada@x.test", "bo@x.test"])
        #expect(try await store.files(CustomerScan(), by: .unspecified).map(\.people.count) == [2, 1])
    }

    @Test("A record without address joins the only customer with its key; two are ambiguous; none is unmatched")
    func secondaryKeys() async throws {
        let store = await store([
            contact("1", email: "ada@x.test", keys: [stripe("cus_1")]), contact("2", keys: [stripe("cus_1")]),
            contact("3", email: "bo@x.test", keys: [stripe("cus_2")]),
            contact("4", email: "cy@x.test", keys: [stripe("cus_2")]), contact("5", keys: [stripe("cus_2")]),
            contact("6", keys: [stripe("cus_9")]), contact("7"),
        ])
        let ada = try #require(try await store.assessed("ada@x.test", context()))
        #expect(ada.customer.members.map(\.record.id) == ["1", "2"])
        #expect(ada.customer.members.map(\.confidence) == [.email, .secondaryKey])
        #expect(
            await store.unmatched(by: .unspecified).map { "\($0.id.id) \($0.reason.rawValue)" }
                == ["5 ambiguous", "6 no_email", "7 no_email"])
    }

    @Test("A secondary key never joins two addresses") func keysJoinNoCustomers() async throws {
        let store = await store([
            contact("1", email: "ada@x.test", keys: [stripe("cus_1")]),
            contact("2", email: "bo@x.test", keys: [stripe("cus_1")]),
        ])
        #expect(try await keys(store) == ["ada@x.test", "bo@x.test"])
    }

    @Test("Only streams of customers create them; others join") func creation() async throws {
        let mail = SourceID(vendor: "mail")
        let store = await store([
            contact("1", email: "ada@x.test"), contact("m1", email: "ada@x.test", source: mail, creates: false),
            contact("m2", email: "stranger@x.test", source: mail, creates: false),
        ])
        #expect(try await keys(store) == ["ada@x.test"])
        #expect(try await store.files(CustomerScan(), by: .unspecified).map(\.people.count) == [2])
        #expect(await store.unmatched(by: .unspecified).map(\.reason) == [.notACustomer])
    }

    @Test("The host's own people are no customers") func hostDomain() async throws {
        let store = InMemoryStore(hostDomains: ["Vendor.test"])
        var batch = StoreBatch(recordedAt: epoch)
        batch.records = [contact("1", email: "me@vendor.test"), contact("2", email: "ada@x.test")]
        let receipt = await store.commit(batch, by: .engine)
        #expect(receipt.outcomes == [.new, .new])
        #expect(await store.unmatched(by: .unspecified).map(\.reason) == [.hostDomain])
        #expect(try await keys(store) == ["ada@x.test"])
    }

    @Test("A record merged away at the vendor leads to the survivor, with its conversations and its address")
    func vendorMerge() async throws {
        let store = await store([
            contact("1", email: "ada@x.test"), contact("2", email: "ada@new.test"),
            conversation("9", of: ["1"]) {
                $0.rating = Rating(score: 5, ratedAt: day(-1), by: .record(contactID("1")))
            },
        ])
        var batch = StoreBatch(recordedAt: day(1))
        batch.records = [
            SourceRecord(id: contactID("1"), fact: .contact(Contact()), state: .merged(into: contactID("2")))
        ]
        _ = await store.commit(batch, by: .engine)
        #expect(try await keys(store) == ["ada@new.test"])
        let ada = try #require(try await store.assessed("ada@x.test", context(asOf: 1)))
        #expect(ada.customer.key.description == "ada@new.test")
        #expect(ada.activity.conversationsTotal == .known(1))
        #expect(ada.activity.csat == .known(Fraction(5)))
    }

    @Test("A ring of merges at the vendor ends at its smallest record") func mergeRing() async throws {
        let store = await store([
            contact("1", email: "a@x.test", state: .merged(into: contactID("2"))),
            contact("2", email: "b@x.test", state: .merged(into: contactID("3"))),
            contact("3", email: "c@x.test", state: .merged(into: contactID("1"))),
        ])
        #expect(try await keys(store) == ["a@x.test"])
    }

    @Test("A former address still finds its customer") func formerAddress() async throws {
        let store = await store([contact("1", email: "old@x.test")])
        var batch = StoreBatch(recordedAt: day(1))
        batch.records = [contact("1", email: "new@x.test", changed: 1)]
        _ = await store.commit(batch, by: .engine)
        let key = try await store.customer(.email(try EmailAddress("old@x.test")), at: .latest, by: .unspecified)?.key
        #expect(key?.description == "new@x.test")
    }

    @Test("Merging joins two customers under the second key, and undoing it leaves no trace") func mergeAndUndo()
        async throws
    {
        let records = [
            contact("1", email: "ada@x.test") { $0.mirror("cus_1", subscriptions: [subscription("sub_1")]) },
            contact("2", email: "ada@home.test") { $0.mirror("cus_2", subscriptions: [subscription("sub_2")]) },
        ]
        let store = await store(records)
        let before = try await store.assessed(context())
        let engine = GTMEngine(store: store, now: { epoch })
        let (work, home) = (try EmailAddress("ada@x.test"), try EmailAddress("ada@home.test"))
        let rule = try await engine.merge(.email(home), into: .email(work), by: StoreActor("rosa"))
        let merged = try await store.assessed(context())
        #expect(merged.map(\.key) == [.email(work)])
        #expect(merged.first?.revenue.mrr.value?[.usd] == Fraction(20_000))
        #expect(merged.first?.customer.aliases == [.email(home)])
        #expect(try await store.customer(.email(home), at: .latest, by: .unspecified)?.key == .email(work))
        try await engine.undo(rule: rule.id)
        #expect(try await store.assessed(context()) == before)
        await #expect(throws: StoreError.self) { try await engine.undo(rule: rule.id) }
        #expect(try await engine.rules(by: .unspecified).map(\.madeBy.name) == ["rosa"])
    }

    @Test("What is to be kept apart is not merged, and a record can be taken out of its address") func keepApart()
        async throws
    {
        let store = await store([
            contact("1", email: "team@x.test"), contact("2", email: "team@x.test"), contact("3", email: "ada@x.test"),
        ])
        let engine = GTMEngine(store: store, now: { epoch })
        let team = CustomerKey.email(try EmailAddress("team@x.test"))
        let ada = CustomerKey.email(try EmailAddress("ada@x.test"))
        _ = try await engine.keepApart(.record(contactID("2")), team)
        #expect(try await keys(store) == ["ada@x.test", "team@x.test", "intercom/acme/contacts/2"])
        _ = try await engine.keepApart(team, ada)
        _ = try await engine.merge(team, into: ada)
        #expect(try await keys(store) == ["ada@x.test", "team@x.test", "intercom/acme/contacts/2"])
        _ = try await engine.merge(.record(contactID("2")), into: ada)
        #expect(try await keys(store) == ["ada@x.test", "team@x.test"])
    }

    @Test("The newest record of a source wins, and the other stays as a rival") func rivals() async throws {
        let store = await store([
            contact("1", email: "ada@x.test", changed: -2) {
                $0.name = "Ada Old"
                $0.location = Location(country: "Ireland")
            },
            contact("2", email: "ada@x.test", changed: -1) { $0.name = "Ada New" },
        ])
        let ada = try #require(try await store.assessed("ada@x.test", context())).customer
        #expect(ada.name.value?.value == "Ada New")
        #expect(ada.name.value?.origin == contactID("2"))
        #expect(ada.name.value?.rivals == [.init(value: "Ada Old", origin: contactID("1"))])
        #expect(ada.locationCountry.value?.value == "Ireland")
    }

    @Test("The configured CRM's word on a name counts before the support desk's") func authority() async throws {
        let crm = SourceID(vendor: "hubspot")
        let store = await store([
            contact("1", email: "ada@x.test", changed: -1) { $0.name = "Desk" },
            contact("h", email: "ada@x.test", changed: -9, source: crm) { $0.name = "CRM" },
        ])
        #expect(try await store.assessed("ada@x.test", context())?.customer.name.value?.value == "CRM")
    }

    @Test("Without a name the local part of the address stands in") func nameless() async throws {
        let store = await store([contact("1", email: "ada.north@x.test")])
        #expect(try await store.assessed("ada.north@x.test", context())?.customer.name.value?.value == "ada.north")
    }

    @Test("A deleted customer stays, ended; one of two deleted records does not end it") func deletion() async throws {
        let store = await store([
            contact("1", email: "ada@x.test") { $0.name = "Ada" }, contact("2", email: "bo@x.test"),
            contact("3", email: "bo@x.test"),
        ])
        var batch = StoreBatch(recordedAt: day(1))
        for id in ["1", "3"] {
            batch.records.append(SourceRecord(id: contactID(id), fact: .contact(Contact()), state: .deleted))
        }
        _ = await store.commit(batch, by: .engine)
        let all = try await store.assessed(context(asOf: 1))
        #expect(all.map { "\($0.key) \($0.customer.isEnded)" } == ["ada@x.test true", "bo@x.test false"])
        #expect(all.first?.customer.name.value?.value == "Ada")
        var portfolio = Portfolio(asOf: day(1))
        for assessment in all { portfolio.add(assessment) }
        #expect(portfolio.customers == 1)
    }

    @Test("A person in charge is named; the bot and a stranger are not") func accountManager() async throws {
        func owner(_ id: String, _ fact: Owner) -> SourceRecord {
            SourceRecord(id: RecordID(source: desk, stream: "admins", id: id), fact: .owner(fact))
        }
        func owned(_ id: String, by owner: String) -> SourceRecord {
            contact(id, email: "\(id)@x.test") { $0.owner = RecordID(source: desk, stream: "admins", id: owner) }
        }
        let store = await store([
            owner("7", Owner(name: "Rosa One")), owner("8", Owner(name: "Operator", isBot: true)), owned("a", by: "7"),
            owned("b", by: "8"), owned("c", by: "9"),
        ])
        #expect(try await store.assessed(context()).map(\.customer.assignedAM.value?.value) == ["Rosa One", nil, nil])
    }
}
