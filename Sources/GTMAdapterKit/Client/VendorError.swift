public import GTMCore

/// A failure while talking to a vendor.
///
/// It carries what a log may hold and no more: never a payload, a header, a query or a secret.
public struct VendorError: Error, Sendable, Hashable {
    /// A kind of failure, by what the caller does next.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String {
            case unauthorized, forbidden, notFound, gone, conflict, invalidRequest, rateLimited, unavailable
            case invalidResponse, timedOut
        }
        private let base: Base

        /// The vendor refused the credentials: the connection needs attention.
        public static let unauthorized = Self(base: .unauthorized)
        /// Permission, scope or plan is missing: leave that kind of data out and tell the user.
        public static let forbidden = Self(base: .forbidden)
        /// There is no such record or end point: skip it.
        public static let notFound = Self(base: .notFound)
        /// The record was there and is gone for good.
        public static let gone = Self(base: .gone)
        /// The record exists already or was changed by another: read it again, then decide.
        public static let conflict = Self(base: .conflict)
        /// The vendor does not take the request as it is; asking again cannot help.
        public static let invalidRequest = Self(base: .invalidRequest)
        /// The vendor allows no more calls for now; see ``VendorError/retryAfter``.
        public static let rateLimited = Self(base: .rateLimited)
        /// The vendor or the way there fails; a later run may go through.
        public static let unavailable = Self(base: .unavailable)
        /// The answer lacks the documented shape.
        public static let invalidResponse = Self(base: .invalidResponse)
        /// No whole answer within the time allowed.
        public static let timedOut = Self(base: .timedOut)

        public var description: String { base.rawValue }
    }

    /// The kind of failure.
    public var code: Code
    /// The account that failed.
    public var source: SourceID
    /// Method and path without query, as ``RequestPath`` shows it; empty where no request was involved.
    public var request: String
    /// The HTTP status; `nil` where there was no answer.
    public var status: Int?
    /// The vendor's own code for the failure, letters, digits and `._-` only; `nil` where it sent none or another form.
    public var vendorCode: String?
    /// The vendor's id of the request, for its support, in the same alphabet.
    public var requestID: String?
    /// How long the vendor asked to be left alone, where it said so.
    public var retryAfter: Duration?
    /// How often the request was sent.
    public var attempts: Int
    /// What the transport met, where there was no whole answer.
    public var transport: HTTPError?
    /// Whether a request that must not be repeated may have been carried out all the same: look before repeating it.
    public var mayHaveBeenApplied: Bool

    /// Creates an error; the vendor's tokens are cut down to what a log may hold.
    public init(
        _ code: Code, source: SourceID, request: String = "", status: Int? = nil, vendorCode: String? = nil,
        requestID: String? = nil, retryAfter: Duration? = nil, attempts: Int = 0, transport: HTTPError? = nil,
        mayHaveBeenApplied: Bool = false
    ) {
        self.code = code
        self.source = source
        self.request = request
        self.status = status
        self.vendorCode = Self.token(vendorCode)
        self.requestID = Self.token(requestID)
        self.retryAfter = retryAfter
        self.attempts = attempts
        self.transport = transport
        self.mayHaveBeenApplied = mayHaveBeenApplied
    }

    /// The same failure as the core tells it.
    public var sourceError: SourceError {
        let core: SourceError.Code =
            switch code {
            case .unauthorized: .unauthorized
            case .forbidden: .forbidden
            case .notFound, .gone: .notFound
            case .conflict: .conflict
            case .invalidRequest: .invalidRequest
            case .rateLimited: .rateLimited
            case .invalidResponse: vendorCode == "cursor_repeated" ? .repeatedCursor : .invalidResponse
            default: .unavailable
            }
        return SourceError(
            code: core, source: source, detail: detail, status: status, requestID: requestID, retryAfter: retryAfter)
    }

    /// A short token of harmless letters, or nothing.
    private static func token(_ text: String?) -> String? {
        text.flatMap { 1...64 ~= $0.utf8.count && $0.utf8.allSatisfy(PercentEncoding.isUnreserved) ? $0 : nil }
    }
}

extension VendorError: CustomStringConvertible {
    /// What the core's error has no field for.
    private var detail: String {
        var parts = request.isEmpty ? [] : [request]
        if let vendorCode { parts.append(vendorCode) }
        if let transport { parts.append("\(transport)") }
        if attempts > 1 { parts.append("\(attempts) attempts") }
        return parts.joined(separator: ", ")
    }

    public var description: String {
        var parts = ["\(source): \(code)", detail].filter { !$0.isEmpty }
        if let status { parts.append("status \(status)") }
        if let requestID { parts.append("request \(requestID)") }
        if let retryAfter { parts.append("retry after \(retryAfter.components.seconds) s") }
        return parts.joined(separator: ", ")
    }
}
