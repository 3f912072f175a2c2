/// A failure while talking to a source. Its description is safe in any log: no payload, no header, no secret.
public struct SourceError: Error, Sendable {
    /// A kind of failure, sorted by what the caller does next.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String {
            case unauthorized, forbidden, notFound, conflict, rateLimited, unavailable, invalidRequest, invalidResponse
            case expiredCursor, repeatedCursor
        }
        private let base: Base
        /// The source refused the credentials; asking again cannot help.
        public static let unauthorized = Self(base: .unauthorized)
        /// The credentials are good, but not for this kind of data; the rest can be read.
        public static let forbidden = Self(base: .forbidden)
        /// There is no such thing at the source.
        public static let notFound = Self(base: .notFound)
        /// The source holds something that contradicts the call.
        public static let conflict = Self(base: .conflict)
        /// The source asked for fewer calls, for longer than the run may wait.
        public static let rateLimited = Self(base: .rateLimited)
        /// The source cannot be reached or fails; a later run may succeed.
        public static let unavailable = Self(base: .unavailable)
        /// The source refuses the call as wrong; the adapter has to be mended.
        public static let invalidRequest = Self(base: .invalidRequest)
        /// The answer lacks the documented shape.
        public static let invalidResponse = Self(base: .invalidResponse)
        /// The cursor is too old; reading starts again from the checkpoint.
        public static let expiredCursor = Self(base: .expiredCursor)
        /// The source gave a cursor twice; going on would never end.
        public static let repeatedCursor = Self(base: .repeatedCursor)
        public var description: String { base.rawValue }
    }

    /// The kind of failure.
    public var code: Code
    /// The source that failed.
    public var source: SourceID
    /// What happened, in words that hold no payload and no secret.
    public var detail: String
    /// The HTTP status, where there was an answer.
    public var status: Int?
    /// The vendor's id of the call, for its support.
    public var requestID: String?
    /// How long the source asked to be left alone, where it said so.
    public var retryAfter: Duration?

    /// Creates a failure.
    public init(
        code: Code, source: SourceID, detail: String, status: Int? = nil, requestID: String? = nil,
        retryAfter: Duration? = nil
    ) {
        self.code = code
        self.source = source
        self.detail = detail
        self.status = status
        self.requestID = requestID
        self.retryAfter = retryAfter
    }
}

extension SourceError: CustomStringConvertible {
    public var description: String {
        var text = "\(source): \(code): \(detail)"
        if let status { text += " (status \(status))" }
        if let requestID { text += " [request \(requestID)]" }
        return text
    }
}
