import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Sends requests with the platform's `URLSession`.
///
/// All transports of a process share one session for its whole life, because tearing sessions down is where the
/// platform is weak. Redirections are handed back as they are. There are no cookies and no cache. On Linux a proxy named
/// in the environment (`https_proxy`, `http_proxy`, `all_proxy`, except for hosts in `no_proxy`) is used.
public struct URLSessionTransport: HTTPTransport {
    /// The largest body taken, in bytes after decompression; 64 MiB by default.
    public var bodyLimit: Int
    /// How long an exchange may take where the request does not say; 30 seconds by default.
    public var timeout: Duration

    /// Creates a transport.
    public init(bodyLimit: Int = 64 << 20, timeout: Duration = .seconds(30)) {
        self.bodyLimit = bodyLimit
        self.timeout = timeout
    }

    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        // The platform does not notice a task that was cancelled before it began.
        try Task.checkCancellation()
        let deadline = request.timeout ?? timeout
        let prepared = try urlRequest(for: request, deadline: deadline)
        return try await withThrowingTaskGroup { group in
            group.addTask { [bodyLimit] in
                try await Exchanges.shared.run(prepared, bodyLimit: bodyLimit)
            }
            // The session's own time-outs are whole seconds, and the one for the whole exchange is not enforced.
            group.addTask {
                try await Task.sleep(for: deadline)
                throw HTTPError(.timedOut)
            }
            defer { group.cancelAll() }
            guard let response = try await group.next() else { throw CancellationError() }
            return response
        }
    }

    private func urlRequest(for request: HTTPRequest, deadline: Duration) throws -> URLRequest {
        let text = try request.url()
        guard let url = URL(string: text), url.absoluteString == text else { throw HTTPError(.invalidRequest) }
        var prepared = URLRequest(url: url)
        prepared.httpMethod = request.method.rawValue
        // Later than the own deadline, so that it is the latter that decides.
        prepared.timeoutInterval = Double(min(deadline.components.seconds, 86_400) + 5)
        for name in request.headers.names { prepared.setValue(request.headers[name], forHTTPHeaderField: name) }
        if request.headers["User-Agent"] == nil { prepared.setValue("GTMCore", forHTTPHeaderField: "User-Agent") }
        if !request.body.isEmpty { prepared.httpBody = Data(request.body) }
        return prepared
    }
}

/// The exchanges under way in the process's one session, by the number of their task.
private final class Exchanges: NSObject, URLSessionDataDelegate, Sendable {
    static let shared = Exchanges()

    private struct Exchange {
        var body: [UInt8] = []
        let bodyLimit: Int
        let continuation: CheckedContinuation<HTTPResponse, any Error>
    }

    private let running = Mutex<[Int: Exchange]>([:])

    private static let session: URLSession = {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpCookieStorage = nil
        configuration.httpShouldSetCookies = false
        configuration.urlCache = nil
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        configuration.connectionProxyDictionary = [:]
        // One slow end point must not hold back the others of its host; the call budgets are what limits.
        configuration.httpMaximumConnectionsPerHost = 64
        return URLSession(configuration: configuration, delegate: Exchanges.shared, delegateQueue: nil)
    }()

    /// Runs one request to its end; a cancelled task is left at once, without waiting for the session.
    func run(_ request: URLRequest, bodyLimit: Int) async throws -> HTTPResponse {
        let task = Self.session.dataTask(with: request)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                running.withLock {
                    $0[task.taskIdentifier] = Exchange(bodyLimit: bodyLimit, continuation: continuation)
                }
                if Task.isCancelled {
                    finish(task, .failure(CancellationError()))
                } else {
                    task.resume()
                }
            }
        } onCancel: {
            finish(task, .failure(CancellationError()))
        }
    }

    /// Answers the caller, once; the task, where it still runs, is stopped after a failure.
    private func finish(_ task: URLSessionTask, _ result: Result<HTTPResponse, any Error>) {
        let exchange = running.withLock { $0.removeValue(forKey: task.taskIdentifier) }
        if case .failure = result { task.cancel() }
        exchange?.continuation.resume(with: result)
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        // The new request would carry the credentials, even to another host.
        completionHandler(nil)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let isTooLarge = running.withLock { running in
            // Never a copy of the exchange here: growing the body would copy all of it each time.
            let id = dataTask.taskIdentifier
            guard let room = running[id].map({ $0.bodyLimit - $0.body.count }) else { return false }
            running[id]?.body.append(contentsOf: data.prefix(max(0, room)))
            return data.count > room
        }
        if isTooLarge { finish(dataTask, .failure(HTTPError(.bodyTooLarge))) }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        if let error { return finish(task, .failure(Self.failure(error, of: task))) }
        guard let response = task.response as? HTTPURLResponse else {
            return finish(task, .failure(HTTPError(.connectionLost)))
        }
        let body = running.withLock { $0[task.taskIdentifier]?.body ?? [] }
        finish(task, Self.answer(response, body: body, to: task.originalRequest?.httpMethod))
    }

    private static func answer(
        _ response: HTTPURLResponse, body: [UInt8], to method: String?
    ) -> Result<HTTPResponse, any Error> {
        var headers = HTTPHeaders()
        for case (let name as String, let value as String) in response.allHeaderFields { headers[name] = value }
        // A decoded body keeps its `Content-Encoding`, and its length is another than the announced one; the platform
        // leaves out the body of a redirection.
        if method != "HEAD", !(300...399 ~= response.statusCode), headers["Content-Encoding"] == nil,
            let length = headers["Content-Length"].flatMap(Int.init), body.count < length
        {
            return .failure(HTTPError(.truncated))
        }
        return .success(HTTPResponse(status: response.statusCode, headers: headers, body: body))
    }

    /// Keeps the number alone: the platform's error holds the whole URL, query included.
    private static func failure(_ error: any Error, of task: URLSessionTask) -> any Error {
        let number = (error as? URLError)?.code.rawValue ?? (error as NSError).code
        let code: HTTPError.Code =
            switch URLError.Code(rawValue: number) {
            case .timedOut: .timedOut
            case .cannotFindHost, .dnsLookupFailed: .hostNotFound
            case .cannotConnectToHost, .notConnectedToInternet: .connectionFailed
            case .badURL, .unsupportedURL: .invalidRequest
            case .secureConnectionFailed, .serverCertificateHasBadDate, .serverCertificateUntrusted,
                .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid:
                .tlsFailed
            case .unknown where task.response == nil && task.originalRequest?.url?.scheme == "https":
                // On Linux a failed handshake has no number of its own.
                .tlsFailed
            default: task.response == nil ? .connectionLost : .truncated
            }
        return HTTPError(code, platformCode: number)
    }
}
