/// One request to a vendor.
///
/// An adapter names method, path, query and body; the client adds base URL, credentials and default headers. The
/// description shows method and path only, never a query value, a header or the body.
public struct HTTPRequest: Sendable, Hashable {
    /// What is asked for.
    public enum Method: String, Sendable, Hashable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// A name and a value of the query, both unencoded.
    public struct QueryItem: Sendable, Hashable {
        /// The name, which may occur more than once.
        public var name: String
        /// The value.
        public var value: String

        /// Creates an item.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// What is asked for.
    public var method: Method
    /// Where the API lives; `nil` until the client fills it in.
    public var base: BaseURL?
    /// The path below the base.
    public var path: RequestPath
    /// The query, in order.
    public var query: [QueryItem]
    /// Headers of this request; they win over the client's defaults.
    public var headers: HTTPHeaders
    /// The body; empty for none.
    public var body: [UInt8]
    /// How long the whole exchange may take, above zero; `nil` takes the client's or the transport's default.
    public var timeout: Duration?
    /// The family of the call budget that pays for this request; `default` where it names none.
    public var budget: String
    /// Whether sending it twice does no harm, so that it may be retried after it might have arrived.
    ///
    /// By default `false` for `POST` and `PATCH`, else `true`. A search that is a `POST` sets it.
    public var isRepeatable: Bool

    /// Creates a request below the client's base URL.
    public init(
        _ method: Method, _ path: RequestPath, query: [QueryItem] = [], headers: HTTPHeaders = [:], body: [UInt8] = [],
        budget: String = "default", isRepeatable: Bool? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.budget = budget
        self.isRepeatable = isRepeatable ?? (method != .post && method != .patch)
    }

    /// Creates the request that a vendor's link asks for, where the link stays at `base`.
    ///
    /// A link is a whole URL of the same scheme, host and port, or a path from the root; `nil` for any other, so that no
    /// credential follows a link to somewhere else.
    public init?(following link: String, at base: BaseURL, budget: String = "default") {
        var rest = link[...]
        if rest.hasPrefix(base.origin + "/") { rest = rest.dropFirst(base.origin.count) }
        let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = parts.first, path.hasPrefix(base.prefix + "/"), !path.hasPrefix("//") else { return nil }
        let items = parts.count < 2 ? [] : parts[1].prefix { $0 != "#" }.split(separator: "&")
        self.init(.get, RequestPath(encoded: String(path.dropFirst(base.prefix.count))), budget: budget)
        guard self.path.isValid else { return nil }
        query = items.map { item in
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = pair.count < 2 ? "" : PercentEncoding.decodeQuery(pair[1])
            return QueryItem(PercentEncoding.decodeQuery(pair[0]), value)
        }
    }

    /// The whole URL, percent-encoded; it may hold credentials, so it is not for showing.
    ///
    /// - Throws: ``HTTPError`` with ``HTTPError/Code/invalidRequest`` where the base is missing or path or header are
    ///   malformed.
    public func url() throws -> String {
        guard let base, path.isValid, headers.areSendable else { throw HTTPError(.invalidRequest) }
        let items = query.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
        return base.origin + base.prefix + path.encoded + (items.isEmpty ? "" : "?" + items.joined(separator: "&"))
    }
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "\(method.rawValue) \(path)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
