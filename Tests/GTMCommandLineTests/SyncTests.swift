import GTMAdapterKit
import GTMCore
import GTMSimulator
import Testing

@testable import GTMCommandLine

@Suite("gtm sync and doctor", .timeLimit(.minutes(1))) struct SyncTests {
    private static let key = "simulated-intercom-token"

    private func simulated(_ environment: [String: String] = ["INTERCOM_API_KEY": key]) -> Session {
        let world = SimulatedWorld(seed: 7, customers: 8, now: Session.now)
        return Session(environment: environment, transport: SimulatedIntercom(world))
    }

    @Test("A workspace is read and told in JSON") func runs() async throws {
        let outcome = try await simulated().run("sync", "intercom", "--full", "--json")
        #expect(outcome.code == .done)
        let run = try #require(try outcome.documents.first?["runs"]?.array?.first)
        #expect(run["status"] == "success" && run["errors"] == 0)
        #expect((run["contacts_synced"]?.integer ?? 0) >= 8)
        #expect(!(outcome.output + outcome.notes).contains(Self.key))
    }

    @Test("With --show the runs are among the notes") func show() async throws {
        let outcome = try await simulated().run("sync", "--show", "customers", "--json")
        #expect(try outcome.documents.count == 8)
        #expect(outcome.notes.hasPrefix("intercom/default: complete, "))
    }

    @Test("Several workspaces side by side, one of them refused") func workspaces() async throws {
        var session = simulated(["GOOD": Self.key, "BAD": "wrong-token-0123456789"])
        session.files["gtm.json"] = """
            {"sources": [{"vendor": "intercom", "account": "one", "api_key_env": "GOOD"},
                         {"vendor": "intercom", "account": "two", "api_key_env": "BAD", "region": "eu"}]}
            """
        let outcome = try await session.run("sync", "--json")
        let runs = try #require(try outcome.documents.first?["runs"]?.array)
        #expect(runs.map { $0["source"] } == ["intercom/one", "intercom/two"])
        #expect(runs.map { $0["status"] } == ["success", "failed"])
        #expect(outcome.code == .incomplete)
        #expect(!(outcome.output + outcome.notes).contains("wrong-token"))
        let bad = try await session.run("sync", "intercom/two")
        #expect(bad.code == .failed)
        #expect(bad.output.contains("unauthorized"))
    }

    @Test("A missing key is told with its variable, where to get it") func missingKey() async throws {
        let outcome = try await Session().run("sync")
        #expect(outcome.code == .wrongUsage)
        #expect(outcome.notes.contains("INTERCOM_API_KEY is not set; expected an Intercom access token"))
    }

    @Test("The key comes from .env, a real variable wins") func dotEnv() async throws {
        var session = simulated(["INTERCOM_API_KEY": Self.key])
        session.files[".env"] = "INTERCOM_API_KEY=other-key-0123456789\nGTM_NOW=2026-11-20T09:00:00Z\n"
        let outcome = try await session.run("sync", "--json")
        #expect(outcome.code == .done)
        #expect(
            try outcome.documents.first?["runs"]?.array?.first?["started_at"] == "2026-11-20T09:00:00Z")
        session.files[".env"] = "GTM_NOW=yesterday"
        let wrong = try await session.run("sync")
        #expect(wrong.code == .wrongUsage)
        #expect(wrong.notes.contains("GTM_NOW: is \"yesterday\"; expected a time such as 2026-11-20T08:00:00Z"))
    }

    @Test(
        "A clock outside the calendar's safe part is refused",
        arguments: ["9999-12-31T00:00:00Z", "9000-01-01", "1969-12-31T23:59:59Z"])
    func refusesClock(text: String) async throws {
        let outcome = try await Session(environment: ["GTM_NOW": text]).run("demo", "--customers", "3")
        #expect(outcome.code == .wrongUsage)
        #expect(
            outcome.notes.contains("GTM_NOW: is \"\(text)\"; expected a time from 1970-01-01 to 8999-12-31"))
    }

    @Test("A wrong address of the server is told") func baseURL() async throws {
        let outcome = try await simulated(["INTERCOM_API_KEY": Self.key, "INTERCOM_BASE_URL": "http://far.test"])
            .run("sync")
        #expect(outcome.code == .wrongUsage)
        #expect(outcome.notes.contains("INTERCOM_BASE_URL is http://far.test; expected https://"))
    }

    @Test(
        "What is waited for is told, and a limit without end ends", arguments: ["sync", "doctor"], [false, true])
    func waits(command: String, isTerminal: Bool) async throws {
        let session = Session(
            environment: ["INTERCOM_API_KEY": Self.key], isTerminal: isTerminal,
            transport: FixedAnswer(status: 429, body: ""))
        let outcome = try await session.run(command)
        #expect(outcome.code == .failed)
        let line = /intercom\/default: waiting \d+ s, as the server asks for fewer calls/
        #expect(outcome.notes.contains(line), "\(outcome.notes)")
        #expect(outcome.output.contains("rateLimited"), "\(outcome.output)")
        // Where nobody sits, a line a minute is enough.
        if !isTerminal { #expect(outcome.notes.matches(of: line).count == 1) }
    }

    // MARK: Doctor

    @Test("Doctor finds everything in order") func healthy() async throws {
        let outcome = try await simulated().run("doctor", "--json")
        let document = try #require(try outcome.documents.first)
        #expect(outcome.code == .done, "\(outcome.output)")
        #expect(document["ok"] == true)
        let checks = document["checks"]?.array ?? []
        #expect(checks.contains { $0["name"] == "intercom/default contacts" && $0["state"] == "ok" })
        #expect(checks.contains { $0["name"] == "intercom/default connection" && $0["state"] == "ok" })
    }

    @Test("Doctor tells what to do") func unhealthy() async throws {
        let none = try await Session().run("doctor")
        #expect(none.code == .failed)
        #expect(none.output.contains("✘ intercom/default settings"))
        #expect(none.output.contains("→ put the token into .env as INTERCOM_API_KEY=…"))
        let refused = try await simulated(["INTERCOM_API_KEY": "wrong-token-0123456789"]).run("doctor")
        #expect(refused.code == .failed)
        #expect(refused.output.contains("make a new access token"))
        #expect(!refused.output.contains("wrong-token"))
        let elsewhere = Session(
            environment: ["INTERCOM_API_KEY": Self.key], transport: FixedAnswer(status: 200, body: "{\"hello\": 1}"))
        #expect(try await elsewhere.run("doctor").output.contains("see whether INTERCOM_BASE_URL points at"))
        var broken = Session()
        broken.files["gtm.json"] = "{\n\"sorces\": []}"
        let settings = try await broken.run("doctor")
        #expect(settings.code == .failed)
        #expect(settings.output.contains("gtm.json, line 2: unknown key \"sorces\""))
    }
}
