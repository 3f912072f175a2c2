import GTMCore
import Synchronization

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// The one loop between an adapter and a vendor: credentials, call budgets, retries, waits and errors.
///
/// What to do is decided by values (``CallBudget``, ``RetryState``, ``Diagnosis``); the client carries it out. One client
/// serves one account, is shared by concurrent calls, and lives as long as its adapter.
public final class VendorClient: Sendable {
    private struct State {
        var usage = Usage()
        var patience = LimitPatience()
    }

    /// What the client was made with.
    public let configuration: Configuration

    private let transport: any HTTPTransport
    private let timer: Timer
    private let now: @Sendable () -> Date
    private let random: @Sendable () -> Double
    private let gates: [String: BudgetGate]
    private let defaultGate: BudgetGate
    private let keeper: SessionKeeper
    private let state = Mutex(State())

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - configuration: What is peculiar to the vendor.
    ///   - transport: What sends the requests.
    ///   - clock: What waits.
    ///   - now: The time of day, to read dates in headers.
    ///   - random: Numbers in `0..<1`, to spread retries.
    public init(
        _ configuration: Configuration, transport: any HTTPTransport, clock: any Clock<Duration> = ContinuousClock(),
        now: @escaping @Sendable () -> Date = { Date() },
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        let timer = Timer(clock)
        self.configuration = configuration
        self.transport = transport
        self.timer = timer
        self.now = now
        self.random = random
        keeper = SessionKeeper(configuration.session, timer: timer)
        gates = configuration.budgets.mapValues { BudgetGate($0, timer: timer) }
        defaultGate = gates["default"] ?? BudgetGate(CallBudget(), timer: timer)
    }

    /// What was done so far.
    public var usage: Usage { state.withLock { $0.usage } }

    /// Sends a request whose answer is JSON.
    ///
    /// A success with an empty or malformed body counts as a passing failure.
    ///
    /// - Throws: ``VendorError``; `CancellationError` promptly, even while waiting.
    public func json(_ request: HTTPRequest) async throws -> JSONAnswer {
        let (response, document) = try await perform(request, expectsJSON: true)
        return JSONAnswer(
            status: response.status, headers: response.headers, document: document ?? JSONDocument(value: .null))
    }

    /// Sends a request whose answer may be anything, such as text, a file or nothing.
    ///
    /// - Throws: ``VendorError``; `CancellationError` promptly, even while waiting.
    public func raw(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await perform(request, expectsJSON: false).response
    }
}

extension VendorClient {
    /// One request that was sent: its answer or failure, and what to make of it.
    private struct Attempt {
        var response: HTTPResponse?
        var document: JSONDocument?
        var failure: HTTPError?
        var diagnosis: Diagnosis
        var reading: RateReading?
        var wait: WaitHint?

        /// Whether sending the request again does no harm.
        func mayRepeat(_ request: HTTPRequest) -> Bool { request.isRepeatable || failure?.isBeforeSending == true }
    }

    private func perform(
        _ original: HTTPRequest, expectsJSON: Bool
    ) async throws -> (response: HTTPResponse, document: JSONDocument?) {
        let gate = gates[original.budget] ?? defaultGate
        var retry = RetryState(policy: configuration.retry)
        var (calls, wasRenewed) = (0, false)
        while true {
            let (session, generation) = await keeper.current
            let request = prepared(original, for: session)
            try await enter(gate, for: request, calls: calls)
            calls += 1
            let attempt: Attempt
            do {
                attempt = try await send(request, expectsJSON: expectsJSON)
            } catch {
                gate.leave(nil)
                throw error
            }
            let action = decide(after: attempt, of: request, &retry)
            var pause: Duration?
            if case .limited = attempt.diagnosis.verdict, case .wait(let duration) = action { pause = duration }
            gate.leave(attempt.reading, pause: pause)

            switch action {
            case .succeed:
                if let response = attempt.response { return (response, attempt.document) }
                throw error(.invalidResponse, request, calls: calls)
            case .fail(.unauthorized) where !wasRenewed && configuration.renew != nil:
                wasRenewed = true
                try await renew(since: generation, for: request, after: attempt, calls: calls)
            case .fail(let code):
                throw error(code, request, calls: calls, after: attempt)
            case .wait(let duration):
                configuration.onWait(
                    ClientWait(
                        source: configuration.source, request: request.description, duration: duration,
                        isRateLimit: pause != nil))
                try await timer.sleep(duration)
            }
        }
    }

    /// The request as it is sent.
    private func prepared(_ original: HTTPRequest, for session: VendorSession) -> HTTPRequest {
        var request = original
        request.base = session.base
        request.timeout = original.timeout ?? configuration.timeout
        for name in configuration.headers.names where request.headers[name] == nil {
            request.headers[name] = configuration.headers[name]
        }
        return session.authentication.applied(to: request)
    }

    private func renew(
        since generation: Int, for request: HTTPRequest, after attempt: Attempt, calls: Int
    ) async throws {
        guard let make = configuration.renew else { return }
        do {
            try await keeper.renew(since: generation, with: make)
        } catch let error where error is CancellationError || error is VendorError {
            throw error
        } catch {
            throw self.error(.unauthorized, request, calls: calls, after: attempt)
        }
    }

    private func enter(_ gate: BudgetGate, for request: HTTPRequest, calls: Int) async throws {
        let start = timer.now()
        do {
            try await gate.enter(patience: configuration.retry.patience)
        } catch let exhausted as BudgetGate.Exhausted {
            var error = error(.rateLimited, request, calls: calls)
            error.retryAfter = exhausted.wait
            throw error
        }
        state.withLock { $0.usage.paced += timer.now() - start }
    }

    /// Sends the request once; throws only `CancellationError`.
    private func send(_ request: HTTPRequest, expectsJSON: Bool) async throws -> Attempt {
        try Task.checkCancellation()
        state.withLock { $0.usage.calls += 1 }
        do {
            let response = try await transport.send(request)
            return read(response, to: request, expectsJSON: expectsJSON)
        } catch let error as CancellationError {
            throw error
        } catch {
            let failure = error as? HTTPError ?? HTTPError(.connectionLost)
            let verdict: Verdict =
                switch failure.code {
                case .invalidRequest: .failure(.invalidRequest)
                case .bodyTooLarge: .failure(.invalidResponse)
                case .timedOut: .retry(.timedOut)
                default: .retry(.unavailable)
                }
            return Attempt(failure: failure, diagnosis: Diagnosis(verdict))
        }
    }

    private func read(_ response: HTTPResponse, to request: HTTPRequest, expectsJSON: Bool) -> Attempt {
        let mayBeEmpty = request.method == .head || response.status == 204 || response.status == 205
        var document: JSONDocument?
        if !response.body.isEmpty, expectsJSON || !response.isSuccess {
            // A body that is no JSON stays nil: for a success that is judged below, and a failure need not have one.
            document = try? JSONReader.read(response.body)
        }
        var diagnosis = configuration.diagnose(response, document?.value)
        if diagnosis.verdict == .success, expectsJSON, document == nil, !(response.body.isEmpty && mayBeEmpty) {
            diagnosis.verdict = .retry(.invalidResponse)
        }
        let reading = configuration.rateHeaders.reading(of: response.headers, now: now())
        let wait = WaitHint(headers: response.headers, reset: reading.reset, now: now())
        return Attempt(response: response, document: document, diagnosis: diagnosis, reading: reading, wait: wait)
    }

    private func decide(after attempt: Attempt, of request: HTTPRequest, _ retry: inout RetryState) -> RetryAction {
        let jitter = random()
        let before = retry.retries
        return state.withLock { state in
            let action = retry.action(
                after: attempt.diagnosis.verdict, mayRepeat: attempt.mayRepeat(request), wait: attempt.wait,
                patience: &state.patience, now: timer.now(), jitter: jitter)
            state.usage.bytesReceived += attempt.response?.body.count ?? 0
            state.usage.retries += retry.retries - before
            if case .limited = attempt.diagnosis.verdict { state.usage.rateLimits += 1 }
            if case .wait(let duration) = action { state.usage.waited += duration }
            return action
        }
    }

    private func error(
        _ code: VendorError.Code, _ request: HTTPRequest, calls: Int, after attempt: Attempt? = nil
    ) -> VendorError {
        // Only an answer that says so, or a request that never left, makes it certain that nothing was done.
        let isUncertain = if case .retry = attempt?.diagnosis.verdict { true } else { attempt?.failure != nil }
        return VendorError(
            code, source: configuration.source, request: request.description, status: attempt?.response?.status,
            vendorCode: quotable(attempt?.diagnosis.vendorCode, request),
            requestID: quotable(attempt?.diagnosis.requestID, request),
            retryAfter: attempt?.wait?.retryAfter ?? (code == .rateLimited ? attempt?.wait?.reset : nil),
            attempts: calls, transport: attempt?.failure,
            mayHaveBeenApplied: isUncertain && attempt.map { !$0.mayRepeat(request) } == true)
    }

    /// A vendor's token, unless it echoes a part of a header or query that was sent: that may be the credentials.
    private func quotable(_ token: String?, _ request: HTTPRequest) -> String? {
        let sent = request.headers.names.compactMap { request.headers[$0] } + request.query.map(\.value)
        return token.flatMap { token in
            token.utf8.count >= 8 && sent.contains { $0.contains(token) } ? nil : token
        }
    }
}
