/// Sends one request and returns its answer, whatever the status.
///
/// A transport does not retry, wait, authenticate or follow redirects. It throws ``HTTPError`` where there is no whole
/// answer, and `CancellationError`, promptly, where the task was cancelled.
public protocol HTTPTransport: Sendable {
    /// Sends `request`, whose base URL is set, and returns the whole answer.
    func send(_ request: HTTPRequest) async throws -> HTTPResponse
}

/// A request without a whole answer.
public struct HTTPError: Error, Sendable, Hashable {
    /// A kind of failure.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String {
            case invalidRequest, hostNotFound, connectionFailed, tlsFailed, connectionLost, truncated, timedOut
            case bodyTooLarge
        }
        private let base: Base

        /// The request cannot be sent as it is; nothing was sent.
        public static let invalidRequest = Self(base: .invalidRequest)
        /// The host's name has no address; nothing was sent.
        public static let hostNotFound = Self(base: .hostNotFound)
        /// No connection came about; nothing was sent.
        public static let connectionFailed = Self(base: .connectionFailed)
        /// The encrypted connection failed, most often for its certificate.
        public static let tlsFailed = Self(base: .tlsFailed)
        /// The connection ended before an answer; the request may have been carried out.
        public static let connectionLost = Self(base: .connectionLost)
        /// The connection ended within the answer; the request was most likely carried out.
        public static let truncated = Self(base: .truncated)
        /// The deadline passed; the request may have been carried out.
        public static let timedOut = Self(base: .timedOut)
        /// The answer is larger than the limit; asking again cannot help, a smaller page can.
        public static let bodyTooLarge = Self(base: .bodyTooLarge)

        public var description: String { base.rawValue }
    }

    /// The kind of failure.
    public var code: Code
    /// The platform's number for it, for debuggers, where there is one.
    public var platformCode: Int?

    /// Creates an error.
    public init(_ code: Code, platformCode: Int? = nil) {
        self.code = code
        self.platformCode = platformCode
    }

    /// Whether the request certainly never left, so that even one that must not be repeated may be sent again.
    public var isBeforeSending: Bool { [.invalidRequest, .hostNotFound, .connectionFailed].contains(code) }
}

extension HTTPError: CustomStringConvertible {
    public var description: String { platformCode.map { "\(code) (\($0))" } ?? "\(code)" }
}
