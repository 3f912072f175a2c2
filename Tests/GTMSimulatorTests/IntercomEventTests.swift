import Foundation
import GTMAdapterKit
import GTMCore
import Testing

@testable import GTMSimulator

@Suite("Events in simulated Intercom") struct IntercomEventTests {
    let world = SimulatedWorld.small()

    private func configured(_ change: (inout SimulatedIntercom.Configuration) -> Void = { _ in }) -> SimulatedIntercom {
        var configuration = SimulatedIntercom.Configuration()
        change(&configuration)
        return SimulatedIntercom(world, configuration)
    }

    /// The ids that a search for one address finds, in order.
    private func ids(_ intercom: SimulatedIntercom, _ field: String, _ value: String) async throws -> [String] {
        let query: JSONValue = ["field": .string(field), "operator": "=", "value": .string(value)]
        let answer = try await intercom.json(.post("/contacts/search", ["query": query]))
        return (answer["data"]?.array ?? []).map(\.id)
    }

    @Test("A merged contact vanishes and its survivor speaks for it", arguments: [false, true]) func mergesContacts(
        isGone: Bool
    ) async throws {
        let intercom = configured { $0.mergedContactsAreGone = isGone }
        let company = try #require(
            world.companies.first { $0.people.count > 1 && $0.conversations.contains { $0.people == [1] } })
        let (lost, kept) = (world.contactID(company, 1), world.contactID(company, 0))
        intercom.step(to: noon + 600)
        #expect(intercom.merge(contact: lost, into: kept))
        let response = try await intercom.send(.get("/contacts/\(lost)"))
        #expect(response.status == (isGone ? 410 : 404))
        #expect(String(decoding: response.body, as: UTF8.self).contains("/contacts/\(kept)") == isGone)
        #expect(try await ids(intercom, "id", lost) == [])
        #expect(try await intercom.everybody().count == world.contactCount - 1)
        let survivor = try await intercom.json(.get("/contacts/\(kept)"))
        #expect(survivor["updated_at"]?.integer == world.time + 600)
        let query: JSONValue = ["field": "contact_ids", "operator": "IN", "value": [.string(lost)]]
        let answer = try await intercom.json(.post("/conversations/search", ["query": query]))
        #expect(answer["total_count"] == 0)
        #expect(!intercom.merge(contact: lost, into: kept) && !intercom.merge(contact: kept, into: kept))
    }

    @Test("A deleted contact is gone, an archived one answers by its id alone") func removesContacts() async throws {
        let intercom = configured()
        let all = try await intercom.everybody().map(\.id)
        #expect(intercom.delete(contact: all[0]) && intercom.archive(contact: all[1]))
        #expect(!intercom.delete(contact: all[0]) && !intercom.archive(contact: "none"))
        #expect(try await intercom.send(.get("/contacts/\(all[0])")).status == 404)
        #expect(try await intercom.send(.get("/contacts/\(all[1])")).status == 200)
        #expect(try await Set(intercom.everybody().map(\.id)) == Set(all.dropFirst(2)))
        let listed = try await intercom.json(.get("/contacts"))
        #expect(listed["total_count"]?.integer == Int64(all.count - 2))
    }

    @Test("Search learns of a change after the lag, a look-up at once") func lags() async throws {
        let intercom = configured { $0.indexLag = .seconds(180) }
        let known = try await intercom.everybody()[0]
        intercom.step(to: noon + 60)
        let created = intercom.create(contact: ["email": "new@person.test", "name": "New Person", "role": "user"])
        intercom.update(contact: known.id, ["name": "Renamed"])
        #expect(try await intercom.json(.get("/contacts/\(created)"))["email"] == "new@person.test")
        #expect(try await intercom.json(.get("/contacts/\(known.id)"))["name"] == "Renamed")
        for (seconds, isKnown) in [(179.0, false), (180, true)] {
            intercom.step(to: noon + 60 + seconds)
            #expect(try await ids(intercom, "email", "new@person.test") == (isKnown ? [created] : []))
            #expect(try await ids(intercom, "name", "Renamed") == (isKnown ? [known.id] : []))
            let found = try await intercom.everybody().first { $0.id == known.id }
            #expect(found?["name"] == (isKnown ? "Renamed" : known["name"]))
        }
        #expect(intercom.contactIDs(of: try EmailAddress("new@person.test")) == [created])
    }

    @Test("Custom attributes change one by one") func changesAttributes() async throws {
        let intercom = configured()
        let contact = try #require(
            try await intercom.everybody().first { $0["custom_attributes"]?["stripe_id"] != nil })
        intercom.update(contact: contact.id, ["custom_attributes": ["stripe_delinquent": true]])
        intercom.update(contact: contact.id, ["custom_attributes": ["job_role": "owner"]])
        let after = try await intercom.json(.get("/contacts/\(contact.id)"))["custom_attributes"]
        #expect(after?["stripe_delinquent"] == true && after?["job_role"] == "owner")
        #expect(after?["stripe_id"] == contact["custom_attributes"]?["stripe_id"])
    }

    @Test("Something said today is a conversation that can be found") func says() async throws {
        let intercom = configured()
        let contact = try await intercom.everybody()[0]
        intercom.step(to: noon + 5)
        let id = try #require(intercom.say("I want to cancel & leave", by: contact.id))
        let query: JSONValue = ["field": "updated_at", "operator": ">", "value": .integer(world.time)]
        let found = try await intercom.json(.post("/conversations/search", ["query": query]))["conversations"]?.array
        #expect(found?.map(\.id) == [id])
        #expect(found?.first?["source"]?["body"] == "<p>I want to cancel &amp; leave</p>")
        #expect(try await intercom.json(.get("/contacts/\(contact.id)"))["last_seen_at"]?.integer == world.time + 5)
        #expect(intercom.update(conversation: id, ["state": "closed", "open": false]))
        #expect(try await intercom.json(.get("/conversations/\(id)"))["state"] == "closed")
    }

    @Test("Time does not run backwards") func keepsTime() {
        let intercom = configured()
        intercom.step(to: noon - 5)
        #expect(intercom.now == noon)
        intercom.step(to: noon + 5)
        #expect(intercom.now == noon + 5)
    }

    @Test("The log has method, path and body, and no token") func logs() async throws {
        let intercom = configured()
        _ = try await intercom.everybody()
        _ = try await intercom.send(.get("/me"))
        let calls = intercom.calls
        #expect(calls.first?.method == .post && calls.first?.path == "/contacts/search")
        #expect(calls.first?.body?["query"]?["field"] == "created_at" && calls.last?.status == 200)
        #expect(!"\(calls)".contains(SimulatedIntercom.token.withExposed { $0 }))
    }
}
