import Foundation
import GTMCore
import Testing

@testable import GTMCommandLine

@Suite("gtm mrr bridge") struct BridgeTests {
    private static func moment(_ text: String) throws -> Date { try Timestamp.parse(text) }

    /// A store in which Ada was first read on 10 November, paid more from the 15th on, and Eve came on the 16th.
    private func session() async throws -> Session {
        var session = Session()
        session.store = InMemoryStore()
        session.input = Samples.ada + "\n"
        session.now = try Self.moment("2026-11-22T00:00:00Z")
        #expect(try await session.run("import", "-", "--observed-at", "2026-11-21").code == .done)
        session.now = try Self.moment("2026-11-25T00:00:00Z")
        let more = Samples.ada.replacing("29900", with: "39999").replacing("1795158000", with: "1795520000")
        let eve = Samples.ada.replacing("\"id\":\"1\"", with: "\"id\":\"7\"").replacing("Ada@x", with: "eve@y")
            .replacing("_1\"", with: "_7\"").replacing("1795158000", with: "1795520000").replacing(
                "month", with: "year")
        session.input = more + "\n" + eve + "\n"
        #expect(try await session.run("import", "-", "--observed-at", "2026-11-25").code == .done)
        session.input = nil
        return session
    }

    @Test("JSON holds amounts that add up, rates, and each customer's movement") func json() async throws {
        let session = try await session()
        let document = try await session.run("mrr", "bridge", "--from", "2026-11-23", "--json").document
        let bridge = document["periods"]?.array?.first?["bridges"]?.array?.first
        #expect(bridge?["currency"] == "USD")
        #expect(bridge?["opening"] == .double(299.00))
        #expect(bridge?["movements"]?["expansion"] == .double(100.99))
        #expect(bridge?["movements"]?["new"] == .double(24.92))
        #expect(bridge?["closing"] == .double(424.91))
        #expect(bridge?["nrr"] == .double(1.337759))
        #expect(bridge?["quick_ratio"] == .null)
        #expect(bridge?["customers"]?["new"] == 1)
        let movements = document["periods"]?.array?.first?["movements"]?.array ?? []
        #expect(movements.map { $0["customer"] } == ["ada@x.test", "eve@y.test"])
        #expect(movements.map { $0["kind"] } == ["expansion", "new"])
    }

    @Test("The first file is opening balance") func openingBalance() async throws {
        let session = try await session()
        let document = try await session.run("mrr", "bridge", "--from", "2026-11-01", "--json").document
        let lines = document["periods"]?.array?.first?["bridges"]?.array?.first?["movements"]
        #expect(lines?["opening_balance"] == .double(299.00))
        #expect(lines?["new"] == .double(24.92))
        #expect(lines?["expansion"] == .double(100.99))
    }

    @Test("A table of months, and one of each plan") func table() async throws {
        let session = try await session()
        let outcome = try await session.run("mrr", "bridge", "--by", "plan")
        #expect(outcome.code == .done)
        for words in ["What moved MRR", "Opening balance", "Expansion", "+100.99", "Closing", "Pro, USD", "2026-10"] {
            #expect(outcome.output.contains(words), "\(words)")
        }
        for line in outcome.output.split(separator: "\n") { #expect(line.count <= 100) }
    }

    @Test(
        "What cannot be asked is refused with what was expected",
        arguments: [
            (["mrr"], "mrr"), (["mrr", "bridges"], "did you mean bridge?"),
            (["mrr", "bridge", "--by", "colour"], "expected plan or manager"),
            (["mrr", "bridge", "--from", "soon"], "a day such as"),
            (["mrr", "bridge", "--from", "2031-01-01"], "no later than now"),
            (["mrr", "bridge", "--from", "2026-11-02", "--to", "2026-11-01"], "expected the first to be earlier"),
        ])
    func refused(words: [String], hint: String) async throws {
        var session = Session()
        session.store = InMemoryStore()
        session.now = try Self.moment("2026-11-25T00:00:00Z")
        let outcome = try await session.run(words: words)
        #expect(outcome.code == .wrongUsage)
        #expect(outcome.notes.contains(hint), "\(outcome.notes)")
    }
}
