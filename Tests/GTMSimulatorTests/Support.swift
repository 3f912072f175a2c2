import Foundation
import GTMAdapterKit
import GTMCore
import Synchronization

@testable import GTMSimulator

/// 2026-11-20T12:00:00Z.
let noon = Date(timeIntervalSince1970: 1_795_176_000)

extension SimulatedWorld {
    static func small(seed: UInt64 = 7, customers: Int = 120) -> SimulatedWorld {
        SimulatedWorld(seed: seed, customers: customers, now: noon)
    }
}

extension HTTPRequest {
    /// A request with all that the workspace insists on.
    static func get(_ path: RequestPath, _ query: [String: String] = [:]) -> HTTPRequest {
        let items = query.sorted { $0.key < $1.key }.map { QueryItem($0.key, $0.value) }
        return HTTPRequest(.get, path, query: items).authorized
    }

    static func post(_ path: RequestPath, _ body: JSONValue) -> HTTPRequest {
        HTTPRequest(.post, path, json: body).authorized
    }

    var authorized: HTTPRequest {
        var request = self
        request.headers["Authorization"] = SimulatedIntercom.token.withExposed { "Bearer \($0)" }
        request.headers["Accept"] = "application/json"
        request.headers["Intercom-Version"] = "2.14"
        return request
    }
}

extension SimulatedIntercom {
    func json(_ request: HTTPRequest) async throws -> JSONValue {
        try JSONReader.read(try await send(request).body).value
    }

    /// The records of all pages of a search, page by page.
    func pages(
        of path: RequestPath, _ query: JSONValue, sort: JSONValue = .null, size: Int = 50, name: String = "data",
        between: (Int) -> Void = { _ in }
    ) async throws -> [[JSONValue]] {
        var pages: [[JSONValue]] = []
        var cursor: JSONValue = .null
        repeat {
            let answer = try await json(
                .post(
                    path,
                    [
                        "query": query, "sort": sort,
                        "pagination": ["per_page": .integer(Int64(size)), "starting_after": cursor],
                    ]))
            pages.append(answer[name]?.array ?? [])
            cursor = answer["pages"]?["next"]?["starting_after"] ?? .null
            between(pages.count)
        } while !cursor.isNull && pages.count < 500
        return pages
    }

    /// Everybody, by a search that is true for all.
    func everybody(size: Int = 150) async throws -> [JSONValue] {
        try await pages(of: "/contacts/search", ["field": "created_at", "operator": ">", "value": 0], size: size)
            .flatMap { $0 }
    }
}

extension JSONValue {
    var id: String { self["id"]?.string ?? "" }
    var code: String? { self["errors"]?.array?.first?["code"]?.string }
}

/// A time that tests move.
final class HandClock: Sendable {
    private let time: Mutex<Date>
    init(_ time: Date) { self.time = Mutex(time) }
    var now: Date { time.withLock { $0 } }
    func advance(_ seconds: Double) { time.withLock { $0 += seconds } }
}

/// A clock whose sleepers wake at once and that remembers how long they slept.
final class SkippingClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let offset = Mutex(Duration.zero)
    var now: Instant { Instant(offset: offset.withLock { $0 }) }
    var minimumResolution: Duration { .zero }
    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        offset.withLock { $0 = max($0, deadline.offset) }
    }
}
