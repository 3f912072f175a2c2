public import GTMCore

extension HTTPRequest {
    /// Creates a request with a JSON body and its `Content-Type`.
    public init(
        _ method: Method, _ path: RequestPath, query: [QueryItem] = [], json: JSONValue,
        budget: String = "default", isRepeatable: Bool? = nil
    ) {
        self.init(
            method, path, query: query, headers: ["Content-Type": "application/json; charset=utf-8"],
            body: JSONWriter.bytes(json), budget: budget, isRepeatable: isRepeatable)
    }

    /// Creates a request whose body is a form, `name=value&…`, as token end points want it.
    public init(_ method: Method, _ path: RequestPath, form: [QueryItem], budget: String = "default") {
        let items = form.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
        self.init(
            method, path, headers: ["Content-Type": "application/x-www-form-urlencoded"],
            body: Array(items.joined(separator: "&").utf8), budget: budget)
    }
}
