import Foundation
import GTMAdapterKit
import GTMCore
import Synchronization
import Testing

@testable import GTMSimulator

@Suite("Simulated Intercom") struct IntercomViewTests {
    let world = SimulatedWorld.small()

    // MARK: Doors

    @Test("A wrong or missing token is refused without rate headers") func refusesTokens() async throws {
        let intercom = SimulatedIntercom(world)
        for value in [nil, "Bearer wrong", "simulated-intercom-token"] {
            var request = HTTPRequest.get("/me")
            request.headers["Authorization"] = value
            let response = try await intercom.send(request)
            #expect(response.status == 401 && response.headers["X-RateLimit-Limit"] == nil)
            let body = try JSONReader.read(response.body).value
            #expect(body["type"] == "error.list" && body.code == "unauthorized")
        }
    }

    @Test("An answer that is not JSON is not given") func wantsAccept() async throws {
        var request = HTTPRequest.get("/me")
        request.headers["Accept"] = nil
        let response = try await SimulatedIntercom(world).send(request)
        #expect(response.status == 406)
        #expect(try JSONReader.read(response.body).value.code == "media_type_not_acceptable")
    }

    @Test(
        "Whatever is not there is not found",
        arguments: ["/nothing", "/contacts/0123", "/conversations/1", "/companies/1", "/admins/1", "/contacts/search"])
    func findsNothing(path: String) async throws {
        #expect(try await SimulatedIntercom(world).send(.get(RequestPath(encoded: path))).status == 404)
    }

    @Test("A body that is not JSON gets the vendor's other kind of error") func refusesBadJSON() async throws {
        let response = try await SimulatedIntercom(world).send(
            HTTPRequest(.post, "/contacts/search", body: Array("{".utf8)).authorized)
        #expect(response.status == 400)
        #expect(try JSONReader.read(response.body).value["error"]?.string?.contains("JSON") == true)
    }

    @Test("More calls than a window holds are refused until it ends") func limitsCalls() async throws {
        let clock = HandClock(noon)
        var configuration = SimulatedIntercom.Configuration()
        configuration.callsPerWindow = 3
        configuration.callTime = { clock.now }
        let intercom = SimulatedIntercom(world, configuration)
        var left: [String?] = []
        var statuses: [Int] = []
        for _ in 0..<4 {
            let response = try await intercom.send(.get("/me"))
            statuses.append(response.status)
            left.append(response.headers["X-RateLimit-Remaining"])
            #expect(response.headers["X-RateLimit-Limit"] == "3")
            #expect(response.headers["X-RateLimit-Reset"] == "1795176010")
            #expect(response.headers["Date"] == "Fri, 20 Nov 2026 12:00:00 GMT")
        }
        #expect(statuses == [200, 200, 200, 429] && left == ["2", "1", "0", "0"])
        clock.advance(10)
        #expect(try await intercom.send(.get("/me")).status == 200)
    }

    // MARK: Search

    @Test(
        "A query that the vendor refuses is refused",
        arguments: [
            #"{"field":"updated_at","operator":">=","value":1}"#, #"{"field":"updated_at","operator":"!=","value":1}"#,
            #"{"field":"created_at","operator":"IN","value":[1]}"#,
            #"{"field":"tag_id","operator":"IN","value":["1"]}"#,
            #"{"field":"updated_at","operator":">","value":"soon"}"#, #"{"field":"role","operator":">","value":"a"}"#,
            #"{"field":"shoe_size","operator":"=","value":44}"#, #"{"operator":"AND","value":[]}"#, "{}", "null",
            #"{"operator":"OR","value":[{"operator":"OR","value":[{"operator":"OR","value":[{"field":"role","operator":"=","value":"user"}]}]}]}"#,
        ])
    func refusesQueries(text: String) async throws {
        let query = try JSONReader.read(text).value
        let response = try await SimulatedIntercom(world).send(.post("/contacts/search", ["query": query]))
        #expect(response.status == 400)
        #expect(try JSONReader.read(response.body).value.code == "parameter_invalid")
    }

    @Test("Fifteen filters are taken, sixteen are not", arguments: [(15, 200), (16, 400)])
    func limitsFilters(count: Int, status: Int) async throws {
        let filter: JSONValue = ["field": "role", "operator": "=", "value": "user"]
        let query: JSONValue = ["operator": "OR", "value": .array(Array(repeating: filter, count: count))]
        #expect(try await SimulatedIntercom(world).send(.post("/contacts/search", ["query": query])).status == status)
    }

    @Test(
        "A page of more than 150 is refused",
        arguments: ["/contacts", "/conversations", "/contacts/search", "/conversations/search"])
    func limitsPages(path: String) async throws {
        let path = RequestPath(encoded: path)
        let query: JSONValue = ["field": "updated_at", "operator": ">", "value": 1]
        for (size, status) in [(150, 200), (151, 400)] {
            let request: HTTPRequest =
                path.encoded.hasSuffix("search")
                ? .post(path, ["query": query, "pagination": ["per_page": .integer(Int64(size))]])
                : .get(path, ["per_page": "\(size)"])
            let response = try await SimulatedIntercom(world).send(request)
            #expect(response.status == status)
            if status == 400 {
                let error = try JSONReader.read(response.body).value["errors"]?.array?.first
                #expect(error == ["code": "parameter_invalid", "message": "Per Page is too big", "field": "per_page"])
            }
        }
    }

    @Test(
        "Dates of contacts are compared by whole days of the workspace's zone",
        arguments: [-28_800, 0, 19_800, 46_800])
    func comparesDays(offset: Int) async throws {
        var configuration = SimulatedIntercom.Configuration()
        configuration.secondsFromGMT = offset
        let intercom = SimulatedIntercom(world, configuration)
        let all = try await intercom.everybody()
        let times = all.compactMap { $0["updated_at"]?.integer }
        #expect(times.count == all.count && Set(times).count > 50)
        let pivot = times.sorted()[times.count * 9 / 10]
        let shifted = pivot + Int64(offset)
        let start = shifted - shifted % 86_400 - Int64(offset)
        let expectations: [(String, (Int64) -> Bool)] = [
            ("=", { $0 >= start && $0 < start + 86_400 }), (">", { $0 >= start + 86_400 }), ("<", { $0 < start }),
        ]
        for (operation, holds) in expectations {
            // The operand may be anywhere in the day, a number or a text.
            for value in [JSONValue.integer(start), .integer(start + 86_399), .string("\(pivot)")] {
                let query: JSONValue = ["field": "updated_at", "operator": .string(operation), "value": value]
                let found = try await intercom.pages(of: "/contacts/search", query, size: 150).flatMap { $0 }
                let expected = all.filter { holds($0["updated_at"]?.integer ?? 0) }
                #expect(Set(found.map(\.id)) == Set(expected.map(\.id)))
            }
        }
    }

    @Test("Conversations are compared by the second") func comparesSeconds() async throws {
        let intercom = SimulatedIntercom(world)
        let any: JSONValue = ["field": "updated_at", "operator": ">", "value": 0]
        let all = try await intercom.pages(
            of: "/conversations/search", any, sort: ["field": "updated_at", "order": "ascending"], size: 150,
            name: "conversations"
        ).flatMap { $0 }
        let times = all.compactMap { $0["updated_at"]?.integer }
        #expect(times.count == world.companies.flatMap(\.conversations).count && times == times.sorted())
        let pivot = times[times.count / 2]
        let later: JSONValue = ["field": "updated_at", "operator": ">", "value": .integer(pivot)]
        let found = try await intercom.json(.post("/conversations/search", ["query": later]))
        #expect(found["total_count"]?.integer == Int64(times.count { $0 > pivot }))
        #expect(found["type"] == "conversation.list" && found["conversations"]?.array?.count == 20)
    }

    @Test("A cursor in the address of a search is ignored") func ignoresCursorInAddress() async throws {
        let intercom = SimulatedIntercom(world)
        let body: JSONValue = [
            "query": ["field": "created_at", "operator": ">", "value": 0], "pagination": ["per_page": 5],
        ]
        let first = try await intercom.json(.post("/contacts/search", body))
        let cursor = try #require(first["pages"]?["next"]?["starting_after"]?.string)
        var request = HTTPRequest.post("/contacts/search", body)
        request.query = [.init("starting_after", cursor)]
        #expect(try await intercom.json(request) == first)
    }

    @Test("A bad cursor is refused") func refusesCursors() async throws {
        let response = try await SimulatedIntercom(world).send(.get("/contacts", ["starting_after": "nonsense"]))
        #expect(response.status == 400)
        let error = try JSONReader.read(response.body).value["errors"]?.array?.first
        #expect(error?["field"] == "starting_after")
    }

    @Test("Pages give everything once, whatever their size", arguments: [1, 7, 50, 150])
    func pagesCompletely(size: Int) async throws {
        let intercom = SimulatedIntercom(world)
        let pages = try await intercom.pages(
            of: "/contacts/search", ["field": "created_at", "operator": ">", "value": 0],
            sort: ["field": "updated_at", "order": "ascending"], size: size)
        let found = pages.flatMap { $0 }
        #expect(found.count == world.contactCount && Set(found.map(\.id)).count == found.count)
        #expect(pages.dropLast().allSatisfy { $0.count == size })
        let times = found.compactMap { $0["updated_at"]?.integer }
        #expect(times == times.sorted())
    }

    @Test("The list pages by its query, ten at a time unless told") func listsCompletely() async throws {
        let intercom = SimulatedIntercom(world)
        var ids: [String] = []
        var query: [String: String] = [:]
        var hasNull = false
        var isAbsent = false
        repeat {
            let answer = try await intercom.json(.get("/contacts", query))
            ids += (answer["data"]?.array ?? []).map(\.id)
            #expect(answer["total_count"]?.integer == Int64(world.contactCount))
            #expect(answer["pages"]?["per_page"] == 10)
            let next = answer["pages"]?["next"]
            hasNull = next == .null
            isAbsent = next == nil
            query["starting_after"] = next?["starting_after"]?.string
        } while query["starting_after"] != nil
        #expect(Set(ids).count == world.contactCount && ids.count == world.contactCount)
        #expect(hasNull != isAbsent)
    }

    @Test("A record that changes while pages are read is seen again, none is lost") func pagesWhileChanging()
        async throws
    {
        let intercom = SimulatedIntercom(world)
        let any: JSONValue = ["field": "created_at", "operator": ">", "value": 0]
        var moved = ""
        let found = try await intercom.pages(
            of: "/contacts/search", any, sort: ["field": "updated_at", "order": "ascending"], size: 10
        ) { number in
            guard number == 2 else { return }
            intercom.step(to: noon + 60)
            moved = intercom.state.withLock { state in
                state.workspace.contacts.min { ($0.updatedAt, $0.id) < ($1.updatedAt, $1.id) }?.id ?? ""
            }
            intercom.update(contact: moved, ["name": "Somebody Else"])
        }.flatMap { $0 }
        #expect(found.count == world.contactCount + 1)
        #expect(found.last?.id == moved && found.last?["name"] == "Somebody Else")
    }

    @Test("One word of an opening message is found, a phrase is not") func searchesBodies() async throws {
        let intercom = SimulatedIntercom(SimulatedWorld.small(customers: 600))
        func count(_ words: String) async throws -> Int64 {
            let query: JSONValue = ["field": "source.body", "operator": "=", "value": .string(words)]
            return try await intercom.json(.post("/conversations/search", ["query": query]))["total_count"]?.integer
                ?? -1
        }
        #expect(try await count("cancel") > 0)
        #expect(try await count("want to cancel") == 0)
    }

    @Test("Several contacts with one address are all found, whatever the letters' case") func findsTwins() async throws
    {
        let intercom = SimulatedIntercom(SimulatedWorld.small(customers: 900))
        let world = intercom.state.withLock { $0.workspace.world }
        let person = try #require(
            world.companies.flatMap(\.people).first { $0.quirks.contains(.userTwin) && !$0.quirks.contains(.spaces) })
        let query: JSONValue = ["field": "email", "operator": "=", "value": .optional(person.email)]
        let found = try await intercom.json(.post("/contacts/search", ["query": query]))["data"]?.array ?? []
        #expect(found.count >= 2)
        #expect(Set(found.compactMap { $0["email"]?.string?.lowercased() }).count == 1)
    }
}

extension SimulatedWorld {
    /// Contacts that the world's people have.
    var contactCount: Int {
        companies.flatMap(\.people).reduce(0) { count, person in
            count + 1 + (person.quirks.contains(.leadTwin) ? 1 : 0) + (person.quirks.contains(.userTwin) ? 1 : 0)
        }
    }
}
