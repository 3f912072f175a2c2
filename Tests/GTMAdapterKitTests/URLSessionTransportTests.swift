#if canImport(Glibc)
    import Foundation
    import GTMAdapterKit
    import Testing

    /// A proxy for plain HTTP would get what is meant for the loopback.
    private let hasProxy = ["http_proxy", "all_proxy", "ALL_PROXY"].contains {
        ProcessInfo.processInfo.environment[$0]?.isEmpty == false
    }

    @Suite("URLSession transport", .timeLimit(.minutes(5)), .disabled(if: hasProxy, "a proxy is set"))
    struct URLSessionTransportTests {
        let transport = URLSessionTransport(bodyLimit: 1 << 20, timeout: .seconds(10))

        private func request(
            _ server: LoopbackServer, _ path: RequestPath = "/x", timeout: Duration? = nil
        ) -> HTTPRequest {
            var request = HTTPRequest(.get, path)
            request.base = server.base
            request.timeout = timeout
            return request
        }

        /// The code and the time that a failing request takes.
        private func failure(of request: HTTPRequest) async throws -> (HTTPError.Code, Duration) {
            var code: HTTPError.Code?
            let time = await ContinuousClock().measure {
                code = await #expect(throws: HTTPError.self) { try await transport.send(request) }?.code
            }
            return (try #require(code), time)
        }

        @Test("Method, path, query, headers and body arrive as they were meant") func sends() async throws {
            let server = try LoopbackServer { _ in [.answer(201, #"{"ok":true}"#, headers: "X-Custom: a\r\n")] }
            var request = HTTPRequest(
                .patch, "/contacts/\("a/b é")", query: [.init("page[limit]", "1+1")],
                headers: ["Authorization": "Bearer t"], body: Array("{}".utf8))
            request.base = server.base
            let response = try await transport.send(request)
            #expect(response.status == 201)
            #expect(response.headers["x-custom"] == "a")
            #expect(response.body == Array(#"{"ok":true}"#.utf8))
            let seen = try #require(server.requests.first)
            #expect(seen.line == "PATCH /contacts/a%2Fb%20%C3%A9?page%5Blimit%5D=1%2B1 HTTP/1.1")
            #expect(seen.headers["Authorization"] == "Bearer t")
            #expect(seen.headers["User-Agent"] == "GTMCore")
            #expect(seen.body == Array("{}".utf8))
        }

        @Test("Every status is an answer", arguments: [200, 204, 301, 400, 401, 404, 429, 500, 503])
        func statuses(status: Int) async throws {
            let server = try LoopbackServer { _ in [status == 204 ? .text("HTTP/1.1 204 X\r\n\r\n") : .answer(status)] }
            #expect(try await transport.send(request(server)).status == status)
        }

        @Test("Connections are kept and reused, also after a limit") func reuses() async throws {
            let server = try LoopbackServer { _ in [.answer(429)] }
            for _ in 0..<20 { _ = try await transport.send(request(server)) }
            #expect(Set(server.requests.map(\.connection)).count <= 3, "the tests beside this one use the same pool")
        }

        @Test("A redirection is handed back; nobody else sees the credentials", arguments: [301, 302, 303, 307, 308])
        func redirects(status: Int) async throws {
            let other = try LoopbackServer { _ in [.answer()] }
            let server = try LoopbackServer { [port = other.port] _ in
                [.answer(status, headers: "Location: http://127.0.0.1:\(port)/steal\r\n")]
            }
            var request = request(server)
            request.headers["Authorization"] = "Bearer hunter2"
            let response = try await transport.send(request)
            #expect(response.status == status)
            #expect(other.requests.isEmpty)
            #expect(server.requests.count == 1)
        }

        @Test("Cookies are neither kept nor sent") func cookies() async throws {
            let server = try LoopbackServer { _ in [.answer(headers: "Set-Cookie: a=b; Path=/\r\n")] }
            for _ in 0..<2 { _ = try await transport.send(request(server)) }
            #expect(server.requests.allSatisfy { $0.headers["Cookie"] == nil })
        }

        @Test("A compressed body is decoded once") func gzip() async throws {
            let body: [UInt8] = [
                0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 0x03, 0xAB, 0x56, 0xCA, 0xCF, 0x56, 0xB2, 0x2A, 0x29, 0x2A, 0x4D,
                0xAD, 0x05, 0, 0x90, 0x5F, 0xD4, 0xA7, 0x0B, 0, 0, 0,
            ]
            let server = try LoopbackServer { _ in
                [
                    .text("HTTP/1.1 200 X\r\nContent-Encoding: gzip\r\nContent-Length: \(body.count)\r\n\r\n"),
                    .send(body),
                ]
            }
            #expect(String(decoding: try await transport.send(request(server)).body, as: UTF8.self) == #"{"ok":true}"#)
        }

        @Test("A chunked body is put together") func chunked() async throws {
            let server = try LoopbackServer { _ in
                [
                    .text("HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
                    .pause(.milliseconds(30)),
                    .text("2\r\nde\r\n0\r\n\r\n"),
                ]
            }
            #expect(try await transport.send(request(server)).body == Array("abcde".utf8))
        }

        @Test("A server that is silent, or drips, ends at the deadline") func deadline() async throws {
            let silent = try LoopbackServer { _ in [.pause(.seconds(40)), .answer()] }
            let dripping = try LoopbackServer { _ in
                [.text("HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\n")]
                    + Array(repeating: [.text("x"), .pause(.milliseconds(100))], count: 400).flatMap { $0 }
            }
            for server in [silent, dripping] {
                let (code, time) = try await failure(of: request(server, timeout: .milliseconds(400)))
                #expect(code == .timedOut)
                #expect(time >= .milliseconds(390) && time < .seconds(30))
            }
        }

        @Test("An answer that takes long, but not too long, is whole") func slow() async throws {
            let server = try LoopbackServer { _ in [.pause(.milliseconds(1_200)), .answer()] }
            #expect(try await transport.send(request(server, timeout: .seconds(30))).status == 200)
        }

        @Test("A body cut short is an error, never a short success") func truncated() async throws {
            let half = LoopbackServer.Step.text("HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\n{\"half\":")
            let chunk = LoopbackServer.Step.text("HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n")
            for steps in [[half, .close], [half, .pause(.milliseconds(50)), .reset], [chunk, .close]] {
                let server = try LoopbackServer { _ in steps }
                #expect(try await failure(of: request(server)).0 == .truncated)
            }
        }

        @Test("A connection that ends without an answer is lost") func lost() async throws {
            for step in [LoopbackServer.Step.close, .reset] {
                let server = try LoopbackServer { _ in [step] }
                #expect(try await failure(of: request(server)).0 == .connectionLost)
            }
        }

        @Test("Nobody there, no such host, no encryption, no base") func unreachable() async throws {
            let port = try LoopbackServer { _ in [] }.port
            var request = HTTPRequest(.get, "/x")
            #expect(try await failure(of: request).0 == .invalidRequest)
            request.base = BaseURL("http://127.0.0.1:\(port)")
            #expect(try await failure(of: request).0 == .connectionFailed)
            request.base = "https://no-such-host.invalid"
            #expect(try await failure(of: request).0 == .hostNotFound)
            let plain = try LoopbackServer(greeting: "no encryption here\r\n") { _ in [] }
            request.base = BaseURL("https://127.0.0.1:\(plain.port)")
            #expect(try await failure(of: request).0 == .tlsFailed)
        }

        @Test("A body beyond the limit is refused while it arrives") func tooLarge() async throws {
            let server = try LoopbackServer { _ in
                [.text("HTTP/1.1 200 X\r\nContent-Length: 100000000\r\n\r\n")]
                    + Array(repeating: .send([UInt8](repeating: 120, count: 100_000)), count: 1_000)
            }
            #expect(try await failure(of: request(server)).0 == .bodyTooLarge)
            let exact = try LoopbackServer { _ in [.answer(200, String(repeating: "x", count: 1 << 20))] }
            #expect(try await transport.send(request(exact)).body.count == 1 << 20)
        }

        @Test("Cancelled before, nothing is sent; cancelled within, it ends at once") func cancels() async throws {
            let server = try LoopbackServer { _ in [.pause(.seconds(40)), .answer()] }
            let waiting = request(server)
            let time = await ContinuousClock().measure {
                await withThrowingTaskGroup { group in
                    group.addTask { try await transport.send(waiting) }
                    while server.requests.isEmpty { try? await Task.sleep(for: .milliseconds(1)) }
                    group.cancelAll()
                    await #expect(throws: CancellationError.self) { try await group.next() }
                    group.addTask { try await transport.send(waiting) }
                    await #expect(throws: CancellationError.self) { try await group.next() }
                }
            }
            #expect(time < .seconds(30))
            #expect(server.requests.count == 1)
        }

        @Test("A slow end point does not hold back the others of its host") func independent() async throws {
            let server = try LoopbackServer {
                $0.line.contains("/slow") ? [.pause(.seconds(40)), .answer()] : [.answer()]
            }
            let (slow, fast) = (request(server, "/slow"), request(server, "/fast"))
            try await withThrowingTaskGroup { group in
                for _ in 0..<12 { group.addTask { _ = try await transport.send(slow) } }
                while server.requests.count < 12 { try await Task.sleep(for: .milliseconds(5)) }
                let time = try await ContinuousClock().measure { _ = try await transport.send(fast) }
                #expect(time < .seconds(30))
                group.cancelAll()
                while let result = await group.nextResult() {
                    #expect(throws: CancellationError.self) { try result.get() }
                }
            }
        }

        @Test("Many at once all come back, each with its own answer") func concurrent() async throws {
            let server = try LoopbackServer { [.answer(200, String($0.line.dropFirst(5).prefix { $0 != " " }))] }
            try await withThrowingTaskGroup { group in
                for number in 0..<200 {
                    group.addTask {
                        let answer = try await transport.send(request(server, "/\(number)"))
                        #expect(String(decoding: answer.body, as: UTF8.self) == String(number))
                    }
                }
                try await group.waitForAll()
            }
        }
    }
#endif
