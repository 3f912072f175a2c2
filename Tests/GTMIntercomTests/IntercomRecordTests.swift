import GTMAdapterKit
import GTMCore
import Synchronization
import Testing

@testable import GTMIntercom

@Suite("Intercom adapter: records by id") struct IntercomRecordTests {
    @Test("A vanished contact is deleted, merged or archived, as its answer says") func tellsWhatBecame() async throws {
        let transport = StubTransport(paths: [
            "/contacts/live": .json(#"{"id":"live","email":"ada@northwind.test"}"#),
            "/contacts/hidden": .json(#"{"id":"hidden","archived":true}"#),
            "/contacts/deleted": .json(#"{"type":"contact","id":"deleted","deleted":true}"#),
            "/contacts/merged": .json(#"{"id":"survivor","email":"ada@northwind.test"}"#),
            "/contacts/gone": .error(410, "gone"),
            "/contacts/linked": .json(
                #"{"type":"error.list","errors":[{"code":"gone","message":"see https://api.intercom.io/contacts/heir"}]}"#,
                status: 410),
            "/contacts/named": .json(#"{"merged_into":{"type":"contact","id":"heir"}}"#, status: 410),
        ])
        let ids = ["live", "hidden", "deleted", "merged", "gone", "linked", "named", "missing"].map {
            id("contacts", $0)
        }
        let page = try await IntercomAdapter.forTests(transport).page("contacts", .ids(ids))
        #expect(
            page.records.map(\.id.id) == [
                "live", "hidden", "deleted", "merged", "survivor", "gone", "linked", "named", "missing",
            ])
        #expect(
            page.records.map(\.state) == [
                .live, .archived, .deleted, .merged(into: id("contacts", "survivor")), .live, .deleted,
                .merged(into: id("contacts", "heir")), .merged(into: id("contacts", "heir")), .deleted,
            ])
        #expect(page.records.last?.identity == nil)
        #expect(page.rejected == [])
    }

    @Test("Parts are fetched one conversation at a time, as plain text") func fetchesParts() async throws {
        let transport = StubTransport(paths: [
            "/conversations/910000000000001": HTTPResponse(status: 200, body: try fixture("conversation.json"))
        ])
        let page = try await IntercomAdapter.forTests(transport).page(
            "conversation_parts",
            .ids([id("conversation_parts", "910000000000001"), id("conversation_parts", "404")]))
        #expect(page.records.map { $0.fact.transcript?.messages.count } == [3, 0])
        #expect(page.records.map(\.state) == [.live, .deleted])
        #expect(
            Set(transport.requests.map(\.description)) == [
                "GET /conversations/910000000000001", "GET /conversations/404",
            ])
        #expect(transport.requests.allSatisfy { $0.query == [.init("display_as", "plaintext")] })
    }

    @Test("One that fails is asked for again, and takes nothing from the others") func keepsOthers() async throws {
        let transport = StubTransport(paths: [
            "/conversations/1": .json(#"{"id":"1"}"#), "/conversations/2": HTTPResponse(status: 502),
            "/conversations/3": .json("<html>", status: 200), "/conversations/4": .error(422, "data_invalid"),
            "/conversations/5": .json(#"{"name":"no id"}"#),
        ])
        let page = try await IntercomAdapter.forTests(transport).page(
            "conversations", .ids((1...5).map { id("conversations", String($0)) }))
        #expect(page.records.map(\.id.id) == ["1"])
        #expect(page.rejected.map(\.id.id) == ["2", "3", "4", "5"])
        #expect(page.rejected.map(\.retries) == [true, true, false, false])
    }

    @Test("An answer without its messages is asked for again") func asksAgainForParts() async throws {
        let transport = StubTransport(paths: [
            "/conversations/1": .json(#"{"id":"1","conversation_parts":null}"#),
            "/conversations/2": .json(#"{"id":"2","statistics":{"count_conversation_parts":0}}"#),
        ])
        let page = try await IntercomAdapter.forTests(transport).page(
            "conversation_parts", .ids((1...2).map { id("conversation_parts", String($0)) }))
        #expect(page.records.map(\.id.id) == ["2"])
        #expect(
            page.rejected == [
                RejectedRecord(
                    id: id("conversation_parts", "1"), path: "$.conversation_parts",
                    reason: "expected the list of messages, found null", retries: true)
            ])
    }

    @Test(
        "An answer that carries another record is not taken for it",
        arguments: ["conversations", "conversation_parts", "companies", "admins"])
    func refusesOtherRecords(stream: String) async throws {
        let transport = StubTransport(.json(#"{"id":"B","conversation_parts":{"conversation_parts":[]}}"#))
        let page = try await IntercomAdapter.forTests(transport).page(stream, .ids([id(stream, "A")]))
        #expect(page.records == [])
        #expect(
            page.rejected == [
                RejectedRecord(
                    id: id(stream, "A"), path: "$.id", reason: "the answer carries another record; expected the id A",
                    retries: true)
            ])
    }

    @Test("Only a contact goes into another one") func onlyContactsMerge() async throws {
        let link = #"{"errors":[{"code":"gone","message":"see https://api.intercom.io/contacts/heir"}]}"#
        let transport = StubTransport(.json(link, status: 410))
        let page = try await IntercomAdapter.forTests(transport).page(
            "conversations", .ids([id("conversations", "A")]))
        #expect(page.records.map(\.state) == [.deleted])
    }

    @Test("An id cannot reach another end point") func encodesIDs() async throws {
        let transport = StubTransport(.notFound)
        _ = try await IntercomAdapter.forTests(transport).page(
            "contacts", .ids([id("contacts", "../admins?x=1"), id("contacts", "..")]))
        #expect(try transport.requests[0].url() == "https://api.intercom.io/contacts/..%2Fadmins%3Fx%3D1")
    }

    @Test("No more calls run at once than allowed") func boundsConcurrency() async throws {
        let transport = CountingTransport()
        var configuration = IntercomConfiguration(account: "acme", token: Secret("t"))
        configuration.concurrency = 3
        let adapter = IntercomAdapter(configuration, transport: transport, clock: InstantClock())
        let page = try await adapter.page(
            "conversation_parts", .ids((1...40).map { id("conversation_parts", String($0)) }))
        #expect(page.records.map(\.id.id) == (1...40).map(String.init))
        #expect(transport.state.withLock { $0.most } <= 3)
    }

    @Test("Labels are looked up in their list") func findsTags() async throws {
        let transport = StubTransport(.json(#"{"type":"list","data":[{"id":"1","name":"a"},{"id":"2","name":"b"}]}"#))
        let page = try await IntercomAdapter.forTests(transport).page("tags", .ids([id("tags", "2"), id("tags", "3")]))
        #expect(page.records.map(\.id.id) == ["2", "3"])
        #expect(page.records.map(\.state) == [.live, .deleted])
    }
}

/// Counts how many calls run at once.
private final class CountingTransport: HTTPTransport {
    struct State {
        var running = 0
        var most = 0
    }
    let state = Mutex(State())

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        state.withLock {
            $0.running += 1
            $0.most = max($0.most, $0.running)
        }
        for _ in 0..<5 { await Task.yield() }
        state.withLock { $0.running -= 1 }
        let id = request.path.encoded.split(separator: "/").last ?? ""
        return .json("{\"id\":\"\(id)\",\"statistics\":{\"count_conversation_parts\":0}}")
    }
}

@Suite("Intercom adapter: failures") struct IntercomFailureTests {
    @Test(
        "A status and a code become what the caller does next",
        arguments: [
            (.error(400, "parameter_invalid"), .invalidRequest), (.error(403, "api_plan_restricted"), .forbidden),
            (.error(402, "odd"), .forbidden), (.error(404, "not_found"), .notFound),
            (.error(406, "x"), .invalidRequest),
            (.error(409, "conflict"), .conflict), (.error(422, "data_invalid"), .invalidRequest),
            (.error(400, "scroll_exists"), .unavailable), (HTTPResponse(status: 423), .unavailable),
            (.error(408, "request_timeout"), .unavailable), (HTTPResponse(status: 500), .unavailable),
            (.json("<html>oops</html>", status: 503), .unavailable), (.json("", status: 200), .invalidResponse),
            (.json("<html>", status: 200), .invalidResponse), (.json("[]", status: 200), .invalidResponse),
            (.json(#"{"type":"company.list"}"#, status: 200), .invalidResponse),
            (
                .json(#"{"status":400,"error":"There was a problem in the JSON you submitted"}"#, status: 400),
                .invalidRequest
            ),
            (.error(401, "token_unauthorized"), .forbidden), (.error(418, "never_heard_of"), .invalidRequest),
            (.error(429, "rate_limit_exceeded"), .rateLimited), (.error(400, "too_many_requests"), .rateLimited),
            (.json(#"{"type":"error.list","errors":[],"request_id":null}"#, status: 400), .invalidRequest),
            (.error(400, "parameter_invalid", field: "pagination.starting_after"), .expiredCursor),
        ] as [(HTTPResponse, SourceError.Code)])
    func classifies(answer: HTTPResponse, code: SourceError.Code) async throws {
        let adapter = IntercomAdapter.forTests(StubTransport(answer))
        let error = await #expect(throws: SourceError.self) { try await adapter.page("contacts", after: "c") }
        #expect(error?.code == code)
        #expect(error?.source == acme)
    }

    @Test("A 401 closes one kind of data where the token still works, else all") func tellsPermissionFromToken() async {
        let closed = IntercomAdapter.forTests(
            StubTransport { request, _ in request.path.encoded == "/me" ? .me : .error(401, "unauthorized") })
        let forbidden = await #expect(throws: SourceError.self) { try await closed.page("companies") }
        #expect(forbidden?.code == .forbidden)
        #expect(forbidden?.detail.contains("companies") == true)
        let refused = IntercomAdapter.forTests(StubTransport(.error(401, "unauthorized")))
        let unauthorized = await #expect(throws: SourceError.self) { try await refused.page("contacts") }
        #expect(unauthorized?.code == .unauthorized)
        let parts = await #expect(throws: SourceError.self) {
            try await closed.page("conversation_parts", .ids([id("conversation_parts", "1")]))
        }
        #expect(parts?.code == .forbidden)
    }

    @Test("Passing failures and limits are waited out") func retries() async throws {
        let limited = HTTPResponse(
            status: 429,
            headers: ["X-RateLimit-Limit": "167", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1764556805"])
        let transport = StubTransport(
            HTTPResponse(status: 502), limited, limited, .json("", status: 200),
            IntercomListTests.list("{\"id\":\"1\"}"))
        let adapter = IntercomAdapter.forTests(transport)
        #expect(try await adapter.page("contacts").records.count == 1)
        #expect(adapter.usage.retries == 2)
        #expect(adapter.usage.rateLimits == 2)
        #expect(transport.requests.count == 5)
    }

    @Test("Whoever asks hears of each wait, and a limit without end ends with the wait budget")
    func tellsWaits() async {
        let waits = Mutex<[ClientWait]>([])
        let adapter = IntercomAdapter.forTests(StubTransport(HTTPResponse(status: 429))) {
            $0.onWait = { wait in waits.withLock { $0.append(wait) } }
        }
        let error = await #expect(throws: SourceError.self) { try await adapter.page("contacts") }
        #expect(error?.code == .rateLimited)
        let told = waits.withLock { $0 }
        #expect(told.allSatisfy { $0.isRateLimit && $0.source == acme && $0.request == "GET /contacts" })
        let whole = told.reduce(Duration.zero) { $0 + $1.duration }
        #expect((.seconds(500)...(.seconds(600))).contains(whole))
    }

    @Test("A search is repeated too, though it is a POST") func repeatsSearch() async throws {
        let transport = StubTransport(HTTPResponse(status: 500), IntercomListTests.list(""))
        _ = try await IntercomAdapter.forTests(transport).page(
            "contacts", .changed(since: Checkpoint(watermark: now)))
        #expect(transport.requests.count == 2)
    }

    @Test("An unknown stream is refused without a call") func refusesUnknownStream() async {
        let transport = StubTransport(.me)
        let adapter = IntercomAdapter.forTests(transport)
        for stream in ["tickets", "conversation_parts"] {
            let error = await #expect(throws: SourceError.self) { try await adapter.page(stream) }
            #expect(error?.code == .invalidRequest)
        }
        #expect(transport.requests.isEmpty)
    }

    @Test("Cancellation passes untouched") func passesCancellation() async {
        let adapter = IntercomAdapter.forTests(StubTransport(.me))
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await adapter.page("contacts")
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("The workspace behind the token") func checksConnection() async throws {
        let workspace = try await IntercomAdapter.forTests(StubTransport(.me)).connectionCheck()
        #expect(workspace.id == "wk000001")
        #expect(workspace.name == "Northwind")
        #expect(workspace.timeZone == "America/Los_Angeles")
        #expect(workspace.region == "US")
        let refused = await #expect(throws: SourceError.self) {
            try await IntercomAdapter.forTests(StubTransport(.error(401, "token_revoked"))).connectionCheck()
        }
        #expect(refused?.code == .unauthorized)
        let other = await #expect(throws: SourceError.self) {
            try await IntercomAdapter.forTests(StubTransport(.json("{}"))).connectionCheck()
        }
        #expect(other?.code == .invalidResponse)
    }

    @Test("The token shows nowhere") func hidesToken() async throws {
        let transport = StubTransport(.error(403, "forbidden"))
        let adapter = IntercomAdapter.forTests(transport) { $0.token = Secret("very-secret") }
        let error = await #expect(throws: SourceError.self) { try await adapter.page("contacts") }
        var text = "\(adapter) \(adapter.configuration) \(adapter.descriptor) \(transport.requests)"
        if let error { text += "\(error) \(String(reflecting: error))" }
        dump(adapter.configuration, to: &text)
        #expect(!text.contains("very-secret"))
        #expect(transport.requests.first?.headers["Authorization"] == "Bearer very-secret")
    }
}

@Suite("Intercom configuration") struct IntercomConfigurationTests {
    @Test("The environment names key and address") func readsEnvironment() throws {
        let configuration = try IntercomConfiguration(
            environment: ["INTERCOM_API_KEY": " key\n", "INTERCOM_BASE_URL": "http://127.0.0.1:8080/intercom/"],
            account: "acme")
        #expect(configuration.token == Secret("key"))
        #expect(configuration.base == "http://127.0.0.1:8080/intercom")
        #expect(configuration.source == acme)
        #expect(try IntercomConfiguration(environment: ["INTERCOM_API_KEY": "k"]).base == "https://api.intercom.io")
        #expect(
            try IntercomConfiguration(environment: ["INTERCOM_API_KEY": "k", "INTERCOM_BASE_URL": ""]).base
                == "https://api.intercom.io")
    }

    @Test(
        "What is wrong in the environment is named",
        arguments: [
            ([:], "INTERCOM_API_KEY is missing"), (["INTERCOM_API_KEY": "  "], "INTERCOM_API_KEY is missing"),
            (["INTERCOM_API_KEY": "a b"], "INTERCOM_API_KEY holds white space or control characters; expected"),
            (["INTERCOM_API_KEY": "tök"], "INTERCOM_API_KEY holds characters other than visible ASCII; expected"),
            (["INTERCOM_API_KEY": "k", "INTERCOM_BASE_URL": "ftp://x.test"], "INTERCOM_BASE_URL is ftp://x.test"),
            (["INTERCOM_API_KEY": "k", "INTERCOM_BASE_URL": "http://x.test"], "INTERCOM_BASE_URL is http://x.test"),
            (["INTERCOM_API_KEY": "k", "INTERCOM_BASE_URL": "https://u:hush@x.test"], "INTERCOM_BASE_URL is …@x.test"),
        ] as [([String: String], String)])
    func namesMistakes(environment: [String: String], message: String) {
        let error = #expect(throws: IntercomConfigurationError.self) {
            try IntercomConfiguration(environment: environment)
        }
        #expect(error?.description.hasPrefix(message) == true)
        #expect(error?.description.contains("hush") == false)
    }

    @Test("Each region has its own host") func regions() {
        let bases = [IntercomConfiguration.Region.us, .eu, .au].map {
            IntercomConfiguration(token: Secret(""), region: $0).base.description
        }
        #expect(bases == ["https://api.intercom.io", "https://api.eu.intercom.io", "https://api.au.intercom.io"])
    }

    @Test("Two workspaces never mix") func keepsWorkspacesApart() throws {
        let ids = ["one", "two"].map { account in
            IntercomConfiguration(account: account, token: Secret("")).mapping
        }
        let records = try ids.map { try $0.contact(json(#"{"id":"1","external_id":"u"}"#), now: now).record }
        #expect(records[0].id != records[1].id)
        #expect(records[0].identity?.externalIDs != records[1].identity?.externalIDs)
    }

    @Test("The descriptor says what can be read") func describes() {
        let descriptor = IntercomAdapter.forTests(StubTransport(.me)).descriptor
        #expect(descriptor.id == acme)
        #expect(descriptor.interval == .seconds(6 * 3600))
        #expect(
            descriptor.streams.map(\.name) == [
                "admins", "tags", "companies", "contacts", "conversations", "conversation_parts",
            ])
        #expect(descriptor.streams.filter(\.createsCustomers).map(\.name) == ["contacts"])
        #expect(descriptor.stream("contacts")?.provides == [.profile, .revenue, .activity])
        #expect(descriptor.stream("conversations")?.deletions == .absence)
        #expect(descriptor.stream("conversation_parts")?.reading == .byID)
    }
}
