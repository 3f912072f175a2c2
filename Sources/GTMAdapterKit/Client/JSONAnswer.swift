public import GTMCore

/// A successful answer whose body is JSON.
public struct JSONAnswer: Sendable {
    /// The status, 200...299.
    public var status: Int
    /// The header fields.
    public var headers: HTTPHeaders
    /// The body, with what had to be repaired in it; `null` for an answer that has none by its status (204, 205).
    public var document: JSONDocument

    /// The body's value.
    public var value: JSONValue { document.value }

    /// Creates an answer.
    public init(status: Int, headers: HTTPHeaders, document: JSONDocument) {
        self.status = status
        self.headers = headers
        self.document = document
    }
}
