import Foundation
import GTMAdapterKit
import GTMCore
import Testing

@Suite("Vendor client", .timeLimit(.minutes(1))) struct VendorClientTests {
    let clock = ManualClock(isAutomatic: true)

    private func client(
        _ transport: StubTransport, clock: (any Clock<Duration>)? = nil,
        _ change: (inout VendorClient.Configuration) -> Void = { _ in }
    ) -> VendorClient {
        var configuration = VendorClient.Configuration(
            source: SourceID(vendor: "desk", account: "acme"), base: "https://api.desk.test/v1",
            authentication: .bearer(Secret("hunter2")))
        configuration.rateHeaders = .common(reset: .epochSeconds)
        change(&configuration)
        return VendorClient(
            configuration, transport: transport, clock: clock ?? self.clock,
            now: { Date(timeIntervalSince1970: 1_000) }, random: { 0.5 })
    }

    private func failure(
        of transport: StubTransport, _ request: HTTPRequest = HTTPRequest(.get, "/contacts")
    ) async throws -> VendorError {
        try #require(await #expect(throws: VendorError.self) { try await client(transport).json(request) })
    }

    @Test("A request gets base, credentials and defaults; its own headers win") func prepares() async throws {
        let transport = StubTransport(.status(200, #"{"id":7}"#, headers: ["X-Id": "r1"]))
        let client = client(transport) { $0.headers["Desk-Version"] = "2" }
        let answer = try await client.json(HTTPRequest(.get, "/contacts", headers: ["Accept": "text/csv"]))
        #expect(answer.value == ["id": 7])
        #expect(answer.headers["x-id"] == "r1")
        let sent = try #require(transport.requests.first)
        #expect(try sent.url() == "https://api.desk.test/v1/contacts")
        #expect(sent.headers["Authorization"] == "Bearer hunter2")
        #expect(sent.headers["accept"] == "text/csv")
        #expect(sent.headers["desk-version"] == "2")
        #expect(sent.timeout == .seconds(30))
    }

    @Test(
        "A status without hope fails at once, with its code",
        arguments: [
            (400, VendorError.Code.invalidRequest), (401, .unauthorized), (402, .forbidden), (403, .forbidden),
            (404, .notFound), (405, .invalidRequest), (406, .invalidRequest), (409, .conflict), (410, .gone),
            (412, .conflict), (422, .invalidRequest), (302, .invalidResponse), (101, .invalidResponse),
        ])
    func failsAtOnce(status: Int, code: VendorError.Code) async throws {
        let transport = StubTransport(.status(status))
        let error = try await failure(of: transport)
        #expect(error.code == code)
        #expect(error.status == status)
        #expect(transport.requests.count == 1)
    }

    @Test(
        "A passing failure is retried three times",
        arguments: [
            (StubTransport(.status(408)), VendorError.Code.timedOut), (StubTransport(.status(500)), .unavailable),
            (StubTransport(.status(503, "<html>")), .unavailable), (StubTransport(.status(423)), .unavailable),
            (StubTransport(.failure(.timedOut)), .timedOut), (StubTransport(.failure(.connectionLost)), .unavailable),
            (StubTransport(.failure(.hostNotFound)), .unavailable), (StubTransport(.status(200, "")), .invalidResponse),
            (StubTransport(.status(200, "<html>")), .invalidResponse),
            (StubTransport(.failure(.truncated)), .unavailable),
        ])
    func retries(transport: StubTransport, code: VendorError.Code) async throws {
        let error = try await failure(of: transport)
        #expect(error.code == code)
        #expect(error.attempts == 4)
        #expect(!error.mayHaveBeenApplied)
        #expect(clock.slept == [.milliseconds(250), .milliseconds(500), .seconds(1)])
    }

    @Test("What must not be repeated is retried only where it never left") func spareWrites() async throws {
        let create = HTTPRequest(.post, "/contacts", json: [:])
        for result in [Result.failure(.connectionLost), .status(502), .failure(.timedOut), .status(200, "")] {
            let transport = StubTransport(result)
            let error = try await failure(of: transport, create)
            #expect(transport.requests.count == 1)
            #expect(error.mayHaveBeenApplied)
        }
        let refused = try await failure(of: StubTransport(.failure(.connectionFailed)), create)
        #expect(refused.attempts == 4)
        #expect(!refused.mayHaveBeenApplied)
        #expect(try await !failure(of: StubTransport(.status(422)), create).mayHaveBeenApplied)
    }

    @Test("Success after failures is a success, and is counted") func recovers() async throws {
        let waits = Log<ClientWait>()
        let transport = StubTransport(
            .status(503), .failure(.connectionLost), .status(429, headers: ["Retry-After": "3"]), .status(200, "[1]"))
        let client = client(transport) { $0.onWait = { waits.append($0) } }
        let before = client.usage
        #expect(try await client.json(HTTPRequest(.get, "/contacts")).value == [1])
        let usage = client.usage - before
        #expect((usage.calls, usage.retries, usage.rateLimits) == (4, 2, 1))
        #expect(usage.waited == .milliseconds(250 + 500 + 3_125))
        #expect(usage.bytesReceived == 7)
        #expect(waits.entries.map(\.isRateLimit) == [false, false, true])
    }

    @Test("Rate limits use no retries, whatever the method, and end by patience") func rateLimits() async throws {
        let answers = StubTransport { _, number in
            try Result.status(number < 20 ? 429 : 200, headers: ["X-RateLimit-Reset": "1005"]).get()
        }
        #expect(try await client(answers).json(HTTPRequest(.post, "/contacts", json: [:])).status == 200)
        #expect(Set(clock.slept) == [.milliseconds(5_125)])

        let endless = StubTransport(.status(429, headers: ["Retry-After": "50"]))
        let error = try await failure(of: endless)
        #expect(error.code == .rateLimited)
        #expect(error.retryAfter == .seconds(50))
        #expect(endless.requests.count == 12)
        let tomorrow = StubTransport(.status(429, headers: ["Retry-After": "40000"]))
        #expect(try await failure(of: tomorrow).retryAfter == .seconds(40_000))
        #expect(tomorrow.requests.count == 1)
    }

    @Test("The adapter reads verdict, code and id; only tokens are quoted") func diagnoses() async throws {
        let body = #"{"request_id":"00012abc","errors":[{"code":"scroll_exists","message":"ada@example.com"}]}"#
        let transport = StubTransport(
            .status(400, body), .status(403, body.replacing("scroll_exists", with: "a b@c.d")))
        let client = client(transport) {
            $0.diagnose = { response, body in
                var diagnosis = Diagnosis(status: response.status)
                diagnosis.vendorCode = body?["errors"]?.array?.first?["code"]?.string
                diagnosis.requestID = body?["request_id"]?.string
                if diagnosis.vendorCode == "scroll_exists" { diagnosis.verdict = .retry(.conflict) }
                return diagnosis
            }
        }
        let error = await #expect(throws: VendorError.self) {
            try await client.json(HTTPRequest(.get, "/c/\("a@b.c")"))
        }
        #expect(error?.description == "desk/acme: forbidden, GET /c/…, 2 attempts, status 403, request 00012abc")
        #expect(error?.vendorCode == nil)
        #expect(error?.sourceError.code == .forbidden)
    }

    @Test("A failure inside a success is one, too") func okFalse() async throws {
        let client = client(StubTransport(.status(200, #"{"ok":false,"error":"invalid_auth"}"#))) {
            $0.diagnose = { _, body in
                body?["ok"]?.bool == false
                    ? Diagnosis(.failure(.unauthorized), vendorCode: body?["error"]?.string) : Diagnosis(.success)
            }
        }
        let error = await #expect(throws: VendorError.self) { try await client.json(HTTPRequest(.get, "/x")) }
        #expect(error?.code == .unauthorized)
        #expect(error?.vendorCode == "invalid_auth")
    }

    @Test("Answers without a body by their status are whole; raw answers may be anything") func bodies() async throws {
        #expect(try await client(StubTransport(.status(204, ""))).json(HTTPRequest(.delete, "/x")).value == .null)
        let raw = try await client(StubTransport(.status(200, "ok"))).raw(HTTPRequest(.post, "/hook"))
        #expect(raw.body == Array("ok".utf8))
    }

    @Test("No secret and no payload shows in an error, whatever happens") func leaksNothing() async throws {
        struct Strange: Error { var text = "hunter2" }
        let results: [Result<HTTPResponse, any Error>] = [
            .status(401, #"{"error":"hunter2 payload"}"#, headers: ["X-Echo": "hunter2"]),
            .status(500, "hunter2 payload"),
            .failure(Strange()), .failure(.tlsFailed), .status(200, "hunter2 payload"),
        ]
        for result in results {
            let error = try await failure(
                of: StubTransport(result), HTTPRequest(.get, "/list", query: [.init("email", "payload")]))
            var shown =
                "\(error)\(String(reflecting: error))\(error.sourceError)\(String(reflecting: error.sourceError))"
            dump(error, to: &shown)
            #expect(!shown.contains("hunter2") && !shown.contains("payload"), "\(shown)")
        }
        var shown = ""
        dump(client(StubTransport(.status(200))), to: &shown)
        #expect(!shown.contains("hunter2"))
    }

    @Test("A token that echoes the credentials is not quoted") func echoes() async throws {
        let client = client(StubTransport(.status(401))) {
            $0.session.authentication = .bearer(Secret("sk_live_0123456789"))
            $0.diagnose = {
                Diagnosis(status: $0.status, vendorCode: "sk_live_01234", requestID: $1 == nil ? nil : "r1")
            }
        }
        let error = await #expect(throws: VendorError.self) { try await client.json(HTTPRequest(.get, "/x")) }
        #expect(error?.vendorCode == nil)
        #expect(error?.requestID == "r1")
    }

    @Test("Cancelled while it waits for a retry, it stops at once") func cancelledInWait() async throws {
        let clock = ManualClock(isAutomatic: false)
        let transport = StubTransport(.status(500))
        let client = client(transport, clock: clock)
        await withThrowingTaskGroup { group in
            group.addTask { try await client.json(HTTPRequest(.get, "/x")) }
            await clock.untilSomebodySleeps()
            group.cancelAll()
            await #expect(throws: CancellationError.self) { try await group.next() }
        }
        #expect(transport.requests.count == 1)
    }

    @Test("Cancelled within a request, it gives its place back") func cancelledInRequest() async throws {
        let entered = Log<Int>()
        let transport = StubTransport { _, number in
            entered.append(number)
            if number == 0 { try await Task.sleep(for: .seconds(600)) }
            return HTTPResponse(status: 200, body: Array("{}".utf8))
        }
        let client = client(transport) { $0.budgets = ["default": CallBudget(atOnce: 1)] }
        await withThrowingTaskGroup { group in
            group.addTask { try await client.json(HTTPRequest(.get, "/x")) }
            while entered.entries.isEmpty { await Task.yield() }
            group.cancelAll()
            await #expect(throws: CancellationError.self) { try await group.next() }
        }
        #expect(try await client.json(HTTPRequest(.get, "/x")).status == 200)
    }

    @Test("A limit met by one call holds its family back, and no other") func holdsFamily() async throws {
        let times = Log<(String, Duration)>()
        let (clock, start) = (clock, clock.now)
        let transport = StubTransport { request, number in
            times.append((request.budget, start.duration(to: clock.now)))
            return HTTPResponse(
                status: number == 0 ? 429 : 200, headers: ["Retry-After": "8"], body: Array("{}".utf8))
        }
        let client = client(transport) {
            $0.budgets = ["search": CallBudget(atOnce: 1), "default": CallBudget()]
        }
        _ = try await client.json(HTTPRequest(.get, "/search", budget: "search"))
        _ = try await client.json(HTTPRequest(.get, "/other", budget: "unknown"))
        #expect(times.entries.map(\.0) == ["search", "search", "unknown"])
        #expect(times.entries.map(\.1)[1] >= .seconds(8))
    }

    @Test("A day's quota that is gone fails rather than sleeps") func exhaustedBudget() async throws {
        let client = client(StubTransport(.status(200))) {
            $0.budgets = CallBudget.families([
                CallAllowance(calls: 3, window: .seconds(1)), CallAllowance(calls: 4, window: .seconds(86_400)),
            ])
        }
        for _ in 0..<4 { _ = try await client.json(HTTPRequest(.get, "/x")) }
        let error = await #expect(throws: VendorError.self) { try await client.json(HTTPRequest(.get, "/x")) }
        #expect(error?.code == .rateLimited)
        #expect(try #require(error?.retryAfter) > .seconds(86_000))
        #expect(client.usage.paced == .milliseconds(1_040))
    }
}

@Suite("Vendor session", .timeLimit(.minutes(1))) struct VendorSessionTests {
    /// A client whose first token is worn out, and how often its token was renewed.
    private func client(
        accepting token: String, renewal: @escaping @Sendable () throws -> String
    ) -> (VendorClient, StubTransport, Log<String>) {
        let renewals = Log<String>()
        let transport = StubTransport { request, _ in
            await Task.yield()
            let isGood = request.headers["Authorization"] == "Bearer \(token)"
            return HTTPResponse(status: isGood ? 200 : 401, body: Array("{}".utf8))
        }
        var configuration = VendorClient.Configuration(
            source: SourceID(vendor: "crm"), base: "https://login.crm.test", authentication: .bearer(Secret("old")))
        configuration.renew = {
            let token = try renewal()
            renewals.append(token)
            return VendorSession(base: "https://acme.crm.test", authentication: .bearer(Secret(token)))
        }
        let client = VendorClient(configuration, transport: transport, clock: ManualClock(isAutomatic: true))
        return (client, transport, renewals)
    }

    @Test("Calls refused together share one renewal, and go on at the new place") func renewsOnce() async throws {
        let (client, transport, renewals) = client(accepting: "new") { "new" }
        try await withThrowingTaskGroup { group in
            for _ in 0..<20 { group.addTask { _ = try await client.json(HTTPRequest(.get, "/x")) } }
            try await group.waitForAll()
        }
        #expect(renewals.entries == ["new"])
        #expect(transport.requests.last?.base == "https://acme.crm.test")
    }

    @Test("A new session that is refused as well is the end") func renewsOnlyOnce() async throws {
        let (client, transport, renewals) = client(accepting: "other") { "new" }
        let error = await #expect(throws: VendorError.self) { try await client.json(HTTPRequest(.get, "/x")) }
        #expect(error?.code == .unauthorized)
        #expect((transport.requests.count, renewals.entries.count) == (2, 1))
    }

    @Test("A renewal that fails is a refusal") func failedRenewal() async throws {
        struct Strange: Error {}
        let (client, _, _) = client(accepting: "new") { throw Strange() }
        let error = await #expect(throws: VendorError.self) { try await client.json(HTTPRequest(.get, "/x")) }
        #expect(error?.code == .unauthorized)
    }
}
