import Foundation
import GTMAdapterKit
import GTMCore
import Testing

@testable import GTMSimulator

@Suite("Simulated faults") struct SimulatedFaultsTests {
    typealias Fault = SimulatedFaults.Fault

    private func intercom(
        _ fault: Fault, on occasion: SimulatedFaults.Occasion = .call(2), path: String = "/",
        clock: any Clock<Duration> = ContinuousClock()
    ) -> SimulatedIntercom {
        var configuration = SimulatedIntercom.Configuration()
        configuration.faults.add(fault, on: occasion, path: path)
        configuration.faults.delay = .seconds(20)
        configuration.clock = clock
        return SimulatedIntercom(.small(), configuration)
    }

    @Test(
        "An answer with a status, on the call named and on no other",
        arguments: [
            (Fault.rateLimited, 429), (.serverError, 500), (.unavailable, 503), (.forbidden, 401), (.errorPage, 502),
        ])
    func answersBadly(fault: Fault, status: Int) async throws {
        let intercom = intercom(fault)
        var statuses: [Int] = []
        for _ in 0..<3 { statuses.append(try await intercom.send(.get("/tags")).status) }
        #expect(statuses == [200, status, 200])
    }

    @Test("Bodies that are no answer", arguments: [Fault.emptyBody, .malformedJSON]) func spoilsBodies(fault: Fault)
        async throws
    {
        let response = try await intercom(fault, on: .always).send(.get("/admins"))
        #expect(response.status == 200)
        #expect(throws: JSONError.self) { try JSONReader.read(response.body) }
        #expect(response.body.isEmpty == (fault == .emptyBody))
    }

    @Test(
        "Connections that break",
        arguments: [(Fault.connectionReset, HTTPError.Code.connectionLost), (.truncatedBody, .truncated)])
    func breaksConnections(fault: Fault, code: HTTPError.Code) async {
        let intercom = intercom(fault, on: .always)
        let error = await #expect(throws: HTTPError.self) { try await intercom.send(.get("/me")) }
        #expect(error?.code == code && intercom.calls.map(\.status) == [nil])
    }

    @Test("A forbidden stream leaves the others open") func forbidsOneStream() async throws {
        let intercom = intercom(.forbidden, on: .always, path: "/conversations")
        #expect(try await intercom.send(.get("/me")).status == 200)
        #expect(try await intercom.send(.get("/conversations")).status == 401)
        let any: JSONValue = ["query": ["field": "updated_at", "operator": ">", "value": 0]]
        #expect(try await intercom.send(.post("/conversations/search", any)).status == 401)
    }

    @Test("One record of a page has other types") func spoilsRecords() async throws {
        let intercom = intercom(.wrongTypes, on: .call(1))
        let answer = try await intercom.json(.get("/contacts"))
        let dates = (answer["data"]?.array ?? []).map { $0["created_at"]?.integer == nil }
        #expect(dates.count == 10 && dates.filter { $0 }.count == 1)
    }

    @Test("A page comes twice, and nothing is lost") func duplicatesPages() async throws {
        let intercom = intercom(.duplicatePage)
        let pages = try await intercom.pages(
            of: "/contacts/search", ["field": "created_at", "operator": ">", "value": 0], size: 20)
        #expect(pages[1].map(\.id) == pages[2].map(\.id))
        let ids = pages.flatMap { $0 }.map(\.id)
        #expect(Set(ids).count == ids.count - 20)
        #expect(Set(ids).count == SimulatedWorld.small().contactCount)
    }

    @Test("A cursor comes again") func repeatsCursors() async throws {
        let intercom = intercom(.repeatedCursor, on: .always)
        let first = try await intercom.json(.get("/contacts"))["pages"]?["next"]?["starting_after"]?.string
        let second = try await intercom.json(.get("/contacts", ["starting_after": try #require(first)]))
        #expect(second["pages"]?["next"]?["starting_after"]?.string == first)
    }

    @Test("A cursor expires, a fresh start is answered") func expiresCursors() async throws {
        let intercom = intercom(.expiredCursor, on: .always)
        let cursor = try await intercom.json(.get("/contacts"))["pages"]?["next"]?["starting_after"]?.string
        let response = try await intercom.send(.get("/contacts", ["starting_after": try #require(cursor)]))
        #expect(response.status == 400)
    }

    @Test("A slow answer comes late, or too late") func isSlow() async throws {
        let clock = SkippingClock()
        let intercom = intercom(.slow, on: .always, clock: clock)
        #expect(try await intercom.send(.get("/me")).status == 200)
        #expect(clock.now.offset == .seconds(20))
        var impatient = HTTPRequest.get("/me")
        impatient.timeout = .seconds(5)
        let error = await #expect(throws: HTTPError.self) { try await intercom.send(impatient) }
        #expect(error?.code == .timedOut && clock.now.offset == .seconds(25))
    }

    @Test("A share of the calls is hit, the same ones each time") func hitsAShare() async throws {
        var runs: [[Int]] = []
        for _ in 0..<2 {
            let intercom = intercom(.unavailable, on: .share(perMille: 200))
            var statuses: [Int] = []
            for _ in 0..<200 { statuses.append(try await intercom.send(.get("/tags")).status) }
            runs.append(statuses)
        }
        #expect(runs[0] == runs[1])
        #expect((20...60).contains(runs[0].filter { $0 == 503 }.count))
    }

    @Test("A cancelled call ends at once") func isCancelled() async {
        let intercom = intercom(.slow, on: .always)
        let task = Task { try await intercom.send(.get("/me")) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
