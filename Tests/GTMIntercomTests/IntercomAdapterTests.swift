import GTMAdapterKit
import GTMCore
import Testing

@testable import GTMIntercom

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("Intercom adapter: lists") struct IntercomListTests {
    static func list(_ members: String, key: String = "data") -> HTTPResponse {
        .json("{\"type\":\"list\",\"\(key)\":[\(members)],\"total_count\":7,\"pages\":{\"next\":null}}")
    }

    @Test("Everything is read from the list, with the cursor in the address") func readsEverything() async throws {
        let transport = StubTransport(
            HTTPResponse(status: 200, body: try fixture("contacts-page-1.json")), Self.list("{\"id\":\"2\"}"))
        let adapter = IntercomAdapter.forTests(transport)
        let first = try await adapter.page("contacts")
        #expect(first.records.map(\.id.id) == ["650000000000000000000001"])
        #expect(first.next == PageCursor("WzE3NjQ1NTAwMDAwMDAsIjY1MDAwMSIsMl0="))
        #expect(first.total == 3)
        let last = try await adapter.page("contacts", after: first.next?.text)
        #expect(last.next == nil)
        #expect(last.total == 7)

        let requests = transport.requests
        #expect(requests.map(\.description) == ["GET /contacts", "GET /contacts"])
        #expect(requests[0].query == [.init("per_page", "150")])
        #expect(
            requests[1].query == [
                .init("per_page", "150"), .init("starting_after", "WzE3NjQ1NTAwMDAwMDAsIjY1MDAwMSIsMl0="),
            ])
        #expect(requests[0].headers["Authorization"] == "Bearer test-token")
        #expect(requests[0].headers["Intercom-Version"] == "2.14")
        #expect(requests[0].headers["Accept"] == "application/json")
        #expect(try requests[0].url() == "https://api.intercom.io/contacts?per_page=150")
    }

    @Test(
        "What changed is searched from two days before, with the cursor in the body",
        arguments: ["contacts", "conversations"])
    func searchesChanges(stream: String) async throws {
        let transport = StubTransport(Self.list("", key: stream == "contacts" ? "data" : "conversations"))
        let scope = PageRequest.Scope.changed(since: Checkpoint(watermark: at(1_764_550_000.75)))
        _ = try await IntercomAdapter.forTests(transport).page(stream, scope, after: "abc")

        let request = try #require(transport.requests.first)
        #expect(request.description == "POST /\(stream)/search")
        #expect(request.query == [])
        #expect(request.headers["Content-Type"]?.hasPrefix("application/json") == true)
        let body = try JSONReader.read(request.body).value
        #expect(
            body == [
                "query": [
                    "operator": "OR",
                    "value": [
                        ["field": "updated_at", "operator": "=", "value": 1_764_377_200],
                        ["field": "updated_at", "operator": ">", "value": 1_764_377_200],
                    ],
                ],
                "sort": ["field": "updated_at", "order": "ascending"],
                "pagination": ["per_page": 150, "starting_after": "abc"],
            ])
    }

    @Test(
        "Records before the lookback were seen, and lie outside",
        arguments: [("contacts", 900), ("conversations", 300)] as [(String, Double)])
    func putsAsideOverlap(stream: String, lookback: Double) async throws {
        let first = 1_764_550_000 - Int(lookback)
        let records = """
            {"id":"old","updated_at":\(first - 1),"role":7,"state":"odd"},{"id":"edge","updated_at":\(first)},\
            {"id":"untold"},{"id":"new","updated_at":1764550001},{}
            """
        let transport = StubTransport(Self.list(records, key: stream == "contacts" ? "data" : "conversations"))
        let page = try await IntercomAdapter.forTests(transport)
            .page(stream, .changed(since: Checkpoint(watermark: at(1_764_550_000))))
        #expect(page.records.map(\.id.id) == ["edge", "untold", "new"])
        #expect(page.outside == ["old"])
        #expect(page.rejected.count == 1)
        #expect(page.issues == [])
        #expect(page.total == 7)
        #expect(page.pending.allSatisfy { $0.because?.id != "old" })
    }

    @Test("Without a watermark everything is read") func readsAllWithoutWatermark() async throws {
        let transport = StubTransport(Self.list(""))
        _ = try await IntercomAdapter.forTests(transport).page("contacts", .changed(since: Checkpoint()))
        #expect(transport.requests.map(\.description) == ["GET /contacts"])
    }

    @Test(
        "The next page is told as an object or an address, or not at all",
        arguments: [
            (#""pages":{"next":{"page":2,"starting_after":"c"}}"#, "c"), (#""pages":{"next":null}"#, nil),
            (#""pages":{"page":1}"#, nil), (#""pages":null"#, nil), (#""a":1"#, nil),
            (#""pages":{"next":{"starting_after":""}}"#, nil), (#""pages":{"next":{"starting_after":7}}"#, nil),
            (#""pages":{"next":"https://api.intercom.io/contacts?per_page=150&starting_after=c%3D"}"#, "c="),
            (#""pages":{"next":"https://api.intercom.io/contacts?per_page=150"}"#, nil), (#""pages":{"next":[]}"#, nil),
        ] as [(String, String?)])
    func readsCursor(members: String, cursor: String?) async throws {
        let transport = StubTransport(.json("{\"type\":\"list\",\"data\":[],\(members)}"))
        let page = try await IntercomAdapter.forTests(transport).page("contacts")
        #expect(page.next == cursor.map { PageCursor($0) })
        #expect(page.total == nil)
    }

    @Test("A page that names itself as the next one is an error") func refusesRepeatedCursor() async throws {
        let transport = StubTransport(.json(#"{"data":[],"pages":{"next":{"starting_after":"c"}}}"#))
        let error = await #expect(throws: SourceError.self) {
            try await IntercomAdapter.forTests(transport).page("contacts", after: "c")
        }
        #expect(error?.code == .repeatedCursor)
    }

    @Test("Bad records cost themselves alone, and are told by their place") func rejectsBadRecords() async throws {
        let deep = String(repeating: "[", count: 600) + String(repeating: "]", count: 600)
        let records = "7,{\"name\":\"x\"},{\"id\":\"3\",\"extra\":\(deep)},{\"id\":\"4\"},null"
        let page = try await IntercomAdapter.forTests(StubTransport(Self.list(records))).page("contacts")
        #expect(page.records.map(\.id.id) == ["4"])
        #expect(
            page.rejected.map { [$0.id.id, $0.path] } == [
                ["$.data[0]", "$.data[0]"], ["$.data[1]", "$.data[1].id"], ["3", "$.data[2]"],
                ["$.data[4]", "$.data[4]"],
            ])
        #expect(page.rejected.allSatisfy { $0.id.stream == "contacts" && !$0.reason.isEmpty && !$0.retries })
    }

    @Test("Conversations ask for their parts") func listsConversations() async throws {
        let transport = StubTransport(HTTPResponse(status: 200, body: try fixture("conversations-search.json")))
        let page = try await IntercomAdapter.forTests(transport).page("conversations")
        #expect(page.records.map(\.id) == [id("conversations", "910000000000001")])
        #expect(page.pending.map(\.id) == [id("conversation_parts", "910000000000001")])
        #expect(page.next == nil)
        #expect(transport.requests.first?.query == [.init("per_page", "150")])
    }

    @Test("Short lists are read whole") func readsDirectory() async throws {
        let transport = StubTransport(paths: [
            "/admins": HTTPResponse(status: 200, body: try fixture("admins.json")),
            "/tags": .json(#"{"type":"list","data":[{"type":"tag","id":"78001","name":"billing"}]}"#),
        ])
        let adapter = IntercomAdapter.forTests(transport)
        let admins = try await adapter.page("admins")
        #expect(admins.records.map(\.fact.owner?.isBot) == [false, true])
        #expect(admins.total == 2)
        #expect(try await adapter.page("tags").records.map(\.fact.tag?.name) == ["billing"])
    }

    @Test(
        "Companies come by page numbers",
        arguments: [
            (nil, "{\"page\":2,\"per_page\":50}", "2"),
            ("2", "\"https://api.intercom.io/companies/list?per_page=50&page=3\"", "3"),
            ("3", "null", nil), ("200", "{\"page\":201}", nil), ("5", "\"https://api.intercom.io/companies\"", nil),
        ] as [(String?, String, String?)])
    func readsCompanies(cursor: String?, next: String, expected: String?) async throws {
        let transport = StubTransport(
            .json(
                "{\"type\":\"list\",\"data\":[{\"id\":\"1\",\"name\":\"N\"}],\"total_count\":11000,\"pages\":{\"next\":\(next)}}"
            ))
        let page = try await IntercomAdapter.forTests(transport).page("companies", after: cursor)
        #expect(page.next == expected.map { PageCursor($0) })
        #expect(page.total == 11_000)
        #expect(page.records.map(\.fact.company?.name) == ["N"])
        let request = try #require(transport.requests.first)
        #expect(request.description == "POST /companies/list")
        #expect(
            request.query == [.init("page", cursor ?? "1"), .init("per_page", "50"), .init("order", "asc")])
    }

    @Test("Companies that an addressable list left out are fetched") func completesCompanies() async throws {
        let refs = (1...10).map { "{\"id\":\"c\($0)\"}" }.joined(separator: ",")
        let all = (1...12).map { "{\"type\":\"company\",\"id\":\"c\($0)\"}" }.joined(separator: ",")
        let contacts = """
            {"id":"a","companies":{"data":[\(refs)],"has_more":true}},{"id":"b","companies":{"data":[\(refs)],\
            "total_count":11}},{"id":"c","companies":{"data":[],"has_more":false,"total_count":0}}
            """
        let transport = StubTransport(paths: [
            "/contacts": Self.list(contacts),
            "/contacts/a/companies": .json("{\"type\":\"list\",\"data\":[\(all)],\"pages\":{\"next\":null}}"),
        ])
        let page = try await IntercomAdapter.forTests(transport).page("contacts")
        #expect(page.records.map { $0.fact.contact?.companies.count } == [12, 10, 0])
        #expect(page.issues.map(\.record.id) == ["b"])
        #expect(transport.requests.count == 3)
    }

    @Test("The companies of a contact are asked for plainly, then by page") func pagesCompanies() async throws {
        let transport = StubTransport { request, _ in
            guard request.path.encoded == "/contacts/a/companies" else {
                return Self.list("{\"id\":\"a\",\"companies\":{\"data\":[],\"has_more\":true}}")
            }
            return request.query.isEmpty
                ? .json("{\"data\":[{\"id\":\"c1\"}],\"pages\":{\"next\":{\"page\":2}}}")
                : .json("{\"data\":[{\"id\":\"c2\"}],\"pages\":{\"next\":null}}")
        }
        let page = try await IntercomAdapter.forTests(transport).page("contacts")
        #expect(page.records.first?.fact.contact?.companies.map(\.id) == ["c1", "c2"])
        #expect(transport.requests.dropFirst().map(\.query) == [[], [.init("page", "2")]])
    }

    @Test("Every request is one that the vendor describes") func keepsToDescription() async throws {
        let transport = StubTransport { request, _ in
            switch request.path.encoded {
            case "/me": .me
            case "/contacts": Self.list("{\"id\":\"1\",\"companies\":{\"data\":[],\"has_more\":true}}")
            case "/contacts/search", "/tags", "/companies/list", "/contacts/1/companies": Self.list("")
            case "/conversations", "/conversations/search": Self.list("", key: "conversations")
            case "/admins": .json("{\"type\":\"admin.list\",\"admins\":[]}")
            default: .json("{\"id\":\"1\"}")
            }
        }
        let adapter = IntercomAdapter.forTests(transport)
        let changed = PageRequest.Scope.changed(since: Checkpoint(watermark: at(1_764_550_000)))
        for stream in adapter.descriptor.streams {
            if stream.reading != .byID { _ = try await adapter.page(stream.name) }
            if stream.reading == .listed { _ = try await adapter.page(stream.name, changed, after: "c") }
            _ = try await adapter.page(stream.name, .ids([id(stream.name, "1")]))
        }
        _ = try await adapter.connectionCheck()
        let description = try Description()
        let violations = try transport.requests.flatMap { try description.violations(of: $0) }
        #expect(violations == [])
        #expect(transport.requests.count >= 15)
    }

    @Test("The check of requests notices a wrong one") func checkNotices() throws {
        let description = try Description()
        var request = HTTPRequest(
            .post, "/contacts/search",
            json: [
                "query": ["field": "updated_at", "operator": "=>", "value": 1.5], "pagination": ["per_page": "150"],
            ])
        #expect(try description.violations(of: request).count >= 2)
        request = HTTPRequest(.get, "/contacts/1/2/3")
        #expect(try description.violations(of: request) == ["GET /contacts/1/2/3: no such operation"])
    }
}
