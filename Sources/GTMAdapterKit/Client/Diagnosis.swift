/// What to make of one answer.
public enum Verdict: Sendable, Hashable {
    /// The answer is what was asked for.
    case success
    /// A passing failure: it uses up a retry, and becomes an error of this code when none is left.
    case retry(VendorError.Code)
    /// Too many calls: wait, without using up a retry, as long as said here or else by the headers.
    case limited(after: Duration?)
    /// A failure that asking again cannot change. A day's quota that is gone is `.failure(.rateLimited)`.
    case failure(VendorError.Code)
}

/// A vendor's answer as its adapter reads it: the verdict and what a log may quote.
public struct Diagnosis: Sendable, Hashable {
    /// What to make of the answer.
    public var verdict: Verdict
    /// The vendor's own code for a failure.
    public var vendorCode: String?
    /// The vendor's id of the request.
    public var requestID: String?

    /// Creates a diagnosis.
    public init(_ verdict: Verdict, vendorCode: String? = nil, requestID: String? = nil) {
        self.verdict = verdict
        self.vendorCode = vendorCode
        self.requestID = requestID
    }

    /// Judges by the status alone, as the standards have it.
    ///
    /// 408, 423, 425 and 5xx are passing; 429 is a limit; 402 and 403 are permissions; a redirection is an answer that
    /// nobody asked for.
    public init(status: Int, vendorCode: String? = nil, requestID: String? = nil) {
        let verdict: Verdict =
            switch status {
            case 200...299: .success
            case 401: .failure(.unauthorized)
            case 402, 403: .failure(.forbidden)
            case 404: .failure(.notFound)
            case 408: .retry(.timedOut)
            case 409, 412: .failure(.conflict)
            case 410: .failure(.gone)
            case 423, 425: .retry(.unavailable)
            case 429: .limited(after: nil)
            case 400...499: .failure(.invalidRequest)
            case 500...: .retry(.unavailable)
            default: .failure(.invalidResponse)
            }
        self.init(verdict, vendorCode: vendorCode, requestID: requestID)
    }
}
