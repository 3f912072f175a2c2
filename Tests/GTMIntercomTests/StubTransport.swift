import GTMAdapterKit
import GTMCore
import Synchronization

@testable import GTMIntercom

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Answers by a function of the request, and keeps what was asked.
final class StubTransport: HTTPTransport {
    private let log = Mutex<[HTTPRequest]>([])
    private let answer: @Sendable (HTTPRequest, Int) -> HTTPResponse

    /// - Parameter answer: Gives the answer to a request and its number, from 0 on.
    init(_ answer: @escaping @Sendable (HTTPRequest, Int) -> HTTPResponse) { self.answer = answer }

    /// Gives these answers in turn, the last one for ever.
    convenience init(_ answers: HTTPResponse...) {
        self.init { _, number in answers[min(number, answers.count - 1)] }
    }

    /// Gives an answer by the path of the request; 404 for others.
    convenience init(paths: [String: HTTPResponse]) {
        self.init { request, _ in paths[request.path.encoded] ?? .notFound }
    }

    var requests: [HTTPRequest] { log.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let number = log.withLock { log in
            log.append(request)
            return log.count - 1
        }
        return answer(request, number)
    }
}

extension HTTPResponse {
    static func json(_ text: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Content-Type": "application/json"], body: Array(text.utf8))
    }

    static func error(_ status: Int, _ code: String, field: String? = nil) -> HTTPResponse {
        let field = field.map { ",\"field\":\"\($0)\"" } ?? ""
        return .json(
            "{\"type\":\"error.list\",\"request_id\":\"req-1\",\"errors\":[{\"code\":\"\(code)\",\"message\":\"m\"\(field)}]}",
            status: status)
    }

    static let notFound = error(404, "not_found")
    static let me = json(
        """
        {"type":"admin","id":"7000011","email":"rosa@vendor.test","name":"Rosa One","app":{"type":"app","id_code":\
        "wk000001","name":"Northwind","created_at":1400000000,"timezone":"America/Los_Angeles","region":"US"}}
        """)
}

/// A clock on which every wait is over at once.
struct InstantClock: Clock {
    typealias Duration = Swift.Duration
    typealias Instant = ContinuousClock.Instant
    private let offset = Offset()

    final class Offset: Sendable {
        let value = Mutex(Duration.zero)
    }

    private static let start = ContinuousClock.now
    var now: Instant { Self.start + offset.value.withLock { $0 } }
    var minimumResolution: Duration { .nanoseconds(1) }
    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        offset.value.withLock { $0 = max($0, deadline - Self.start) }
    }
}

extension IntercomAdapter {
    static func forTests(
        _ transport: StubTransport, _ change: (inout IntercomConfiguration) -> Void = { _ in }
    ) -> IntercomAdapter {
        var configuration = IntercomConfiguration(account: "acme", token: Secret("test-token"))
        change(&configuration)
        return IntercomAdapter(
            configuration, transport: transport, clock: InstantClock(), now: { GTMIntercomTests.now }, random: { 0.5 })
    }

    func page(_ stream: String, _ scope: PageRequest.Scope = .everything, after cursor: String? = nil) async throws
        -> RecordPage
    {
        try await page(
            PageRequest(
                stream: stream, scope: scope, cursor: cursor.map { PageCursor($0) }, now: GTMIntercomTests.now))
    }
}

/// Checks what is sent against an excerpt of the vendor's own description.
struct Description {
    let root: JSONValue

    init() throws { root = try JSONReader.read(fixture("api-2.14-excerpt.json")).value }

    /// What is wrong with a request; empty where nothing is.
    func violations(of request: HTTPRequest) throws -> [String] {
        let segments = request.path.encoded.split(separator: "/")
        let operations = root["operations"]?.object?.members ?? []
        // Literal segments come before variable ones: /companies/list is no company.
        let operation = operations.filter { member in
            let parts = member.key.split(separator: " ")
            let pattern = parts[1].split(separator: "/")
            return parts[0] == request.method.rawValue && pattern.count == segments.count
                && zip(pattern, segments).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
        }.min { $0.key.count(where: { $0 == "{" }) < $1.key.count(where: { $0 == "{" }) }
        guard let operation else { return ["\(request): no such operation"] }

        var found: [String] = []
        let known = (operation.value["query"]?.array ?? []).compactMap(\.string)
        // Lists take these everywhere; the description leaves them out at some.
        let paging = request.method == .get ? ["per_page", "starting_after", "page"] : []
        for item in request.query where !known.contains(item.name) && !paging.contains(item.name) {
            found.append("\(request): query \(item.name)")
        }
        let versions = root["schemas"]?["intercom_version"]?["enum"]?.array ?? []
        let version = request.headers["Intercom-Version"] ?? ""
        if !versions.contains(where: { $0 == .string(version) }) { found.append("version \(version)") }
        if let schema = operation.value["body"] {
            let body = try JSONReader.read(request.body).value
            found += violations(of: body, schema, at: "$")
        }
        return found
    }

    private func violations(of value: JSONValue, _ schema: JSONValue, at path: String) -> [String] {
        if let name = schema["$ref"]?.string?.split(separator: "/").last {
            return violations(of: value, root["schemas"]?[String(name)] ?? .null, at: path)
        }
        if let options = schema["oneOf"]?.array {
            let all = options.map { violations(of: value, $0, at: path) }
            return all.contains([]) ? [] : all.min { $0.count < $1.count } ?? []
        }
        switch (schema["type"]?.string, value) {
        case ("object", .object(let object)):
            var found: [String] = []
            for name in schema["required"]?.array ?? [] where object[name.string ?? ""] == nil {
                found.append("\(path): \(name) is missing")
            }
            let properties = schema["properties"]?.object
            for member in object.members {
                if let property = properties?[member.key] {
                    found += violations(of: member.value, property, at: "\(path).\(member.key)")
                }
            }
            // An object that shares no member with the description is another object.
            if let properties, !object.members.isEmpty, !object.members.contains(where: { properties[$0.key] != nil }) {
                found.append("\(path): no known member")
            }
            return found
        case ("array", .array(let elements)):
            return elements.enumerated().flatMap {
                violations(of: $1, schema["items"] ?? .null, at: "\(path)[\($0)]")
            }
        case ("string", .string(let text)):
            guard let allowed = schema["enum"]?.array, !allowed.contains(.string(text)) else { return [] }
            return ["\(path): \(text)"]
        case ("integer", .integer), ("number", .integer), ("number", .double), ("boolean", .bool), (nil, _): return []
        default: return value.isNull && schema["nullable"]?.bool == true ? [] : ["\(path): wrong kind"]
        }
    }
}
