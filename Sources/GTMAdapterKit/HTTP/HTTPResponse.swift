/// A whole answer: its body was read to the end.
///
/// The description shows status and size only.
public struct HTTPResponse: Sendable, Hashable {
    /// The status, 100...599 by the standard; vendors have been seen to invent others.
    public var status: Int
    /// The header fields; a field that came twice has its values joined by commas.
    public var headers: HTTPHeaders
    /// The body, already decompressed.
    public var body: [UInt8]

    /// Creates an answer.
    public init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Whether the status is 200...299.
    public var isSuccess: Bool { 200...299 ~= status }
}

extension HTTPResponse: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "\(status), \(body.count) bytes" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
