import GTMAdapterKit
import Synchronization

/// Answers with what a closure says, and keeps the requests.
final class StubTransport: HTTPTransport {
    private let log = Mutex<[HTTPRequest]>([])
    private let answer: @Sendable (HTTPRequest, Int) async throws -> HTTPResponse

    /// Answers each request by `answer`, which also gets its number, from 0.
    init(_ answer: @escaping @Sendable (HTTPRequest, Int) async throws -> HTTPResponse) { self.answer = answer }

    /// Gives the answers in turn, the last one for ever.
    convenience init(_ results: Result<HTTPResponse, any Error>...) {
        self.init { _, number in try results[min(number, results.count - 1)].get() }
    }

    var requests: [HTTPRequest] { log.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let number = log.withLock { log in
            log.append(request)
            return log.count - 1
        }
        return try await answer(request, number)
    }
}

extension Result where Success == HTTPResponse, Failure == any Error {
    static func status(_ status: Int, _ body: String = "{}", headers: HTTPHeaders = [:]) -> Self {
        .success(HTTPResponse(status: status, headers: headers, body: Array(body.utf8)))
    }

    static func failure(_ code: HTTPError.Code) -> Self { .failure(HTTPError(code)) }
}
