import GTMCore
import Testing

@testable import GTMCommandLine

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("gtm health", .timeLimit(.minutes(1))) struct HealthCommandTests {
    private static func directive() throws -> String {
        let root = (0..<3).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        return String(
            decoding: try Data(contentsOf: root.appendingPathComponent("directives/health-score.md")), as: UTF8.self)
    }

    @Test("What another profile would change, as JSON and as tables that fit") func whatIf() async throws {
        let filled = try await FilledStore()
        let before = try await filled.session().run("customers", "--all", "--json").documents
        let outcome = try await filled.session().run("health", "what-if", "four-factor", "--json", "--limit", "3")
        #expect(outcome.code == .done)
        let document = try outcome.document
        #expect(document["profile_before"] == "six-component v1" && document["profile_after"] == "four-factor v1")
        #expect(document["total_customers"] == 40)
        for (status, band) in document["bands_before"]?.object?.members.map({ ($0.key, $0.value) }) ?? [] {
            let own = before.filter { $0["health_status"]?.string == status }
            #expect(band["count"]?.integer == Int64(own.count), "\(status)")
        }
        let keys = document["bands_after"]?.object?.members.map(\.key)
        #expect(keys == ["excellent", "good", "at_risk", "critical", "insufficient_data"])
        let moved = document["moves"]?.array?.filter { $0["before"] != $0["after"] } ?? []
        #expect(document["changed_customers"]?.integer == moved.reduce(0) { $0 + ($1["count"]?.integer ?? 0) })
        let listed = document["customers"]?.array ?? []
        #expect(listed.count == 3)
        for change in listed {
            let customer = before.first { $0["email"] == change["customer"] }
            #expect(change["health_score_before"] == customer?["health_score"])
            #expect(change["health_status_before"] == customer?["health_status"])
            #expect(change["mrr"] == customer?["mrr"] && change["mrr_reporting"] == customer?["mrr_reporting"])
        }
        // The customers themselves are as they were.
        #expect(try await filled.session().run("customers", "--all", "--json").documents == before)
        for width in [40, 60, 80, 120] {
            var session = filled.session()
            session.width = width
            let text = try await session.run("health", "what-if", "four-factor")
            #expect(text.output.contains("instead of"))
            for line in text.output.split(separator: "\n") { #expect(TextWidth.of(String(line)) <= width, "\(line)") }
        }
    }

    @Test("A directive, a copy of it that was edited, and bare JSON") func files() async throws {
        let filled = try await FilledStore()
        var session = filled.session()
        let directive = try Self.directive()
        let harsh = directive.replacing("\"healthy\", \"from\": 70", with: "\"healthy\", \"from\": 99")
        session.files = [
            "same.md": directive, "harsh.md": harsh, "four.json": JSONWriter.text(HealthProfile.fourFactor.document),
        ]
        let same = try await session.run("health", "what-if", "same.md", "--profile", "six-component")
        #expect(
            same.output == "six-component v1 instead of six-component v1: 0 of 40 customers change status\n"
                + same.output.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)[1])
        let changed = try await session.run("health", "what-if", "harsh.md", "--profile=six-component", "--json")
        #expect(try changed.document["changed_customers"]?.integer ?? 0 > 0)
        let bare = try await session.run("health", "what-if", "four.json", "--json")
        #expect(bare.output == (try await session.run("health", "what-if", "four-factor", "--json")).output)
        let several = try await session.run("health", "what-if", "same.md")
        #expect(several.code == .failed)
        #expect(
            several.notes == "gtm: same.md holds 2 profiles; expected --profile with six-component or four-factor\n")
    }

    @Test(
        "What is wrong is told with its line",
        arguments: [
            ("{\n\"profile\": \"x\",\n\"version\": 0}", "gtm: p.json:1: the block lacks \"bands\"\n"),
            ("{", "gtm: p.json:1: the block health-profile is no JSON"),
            ("# Prose", "gtm: p.json holds no profile; expected a block that begins with ```json health-profile\n"),
        ])
    func wrongFiles(text: String, note: String) async throws {
        var session = try await FilledStore(customers: 3).session()
        session.files = ["p.json": text]
        let outcome = try await session.run("health", "what-if", "p.json")
        #expect(outcome.code == .failed)
        #expect(outcome.notes.hasPrefix(note), "\(outcome.notes)")
    }

    @Test("Wrong words") func usage() async throws {
        let session = Session()
        let unknown = try await session.run("health", "whatif", "x")
        #expect(unknown.code == .wrongUsage)
        #expect(unknown.notes.contains("expected what-if or profiles; did you mean what-if?"))
        #expect(try await session.run("health", "what-if").notes.contains("lacks FILE; expected a directive"))
        #expect(try await session.run("health", "profiles", "x").code == .wrongUsage)
        #expect(try await session.run("health", "what-if", "nowhere.md").notes.contains("does not exist; expected"))
    }

    @Test("The profiles, and which is in use") func profiles() async throws {
        var session = Session()
        session.files = ["gtm.json": "{\"profile\": \"four-factor\"}"]
        let text = try await session.run("health", "profiles")
        #expect(text.output.contains("four-factor v1  in use\n  excellent from 80 · good from 60"))
        let profiles = try await session.run("health", "profiles", "--json").document["profiles"]?.array
        #expect(profiles?.map { $0["profile"] } == ["six-component", "four-factor"])
        #expect(profiles?.map { $0["in_use"] } == [false, true])
    }

    @Test("With another profile in gtm.json, customers and portfolio speak its words") func otherProfile() async throws
    {
        var session = try await FilledStore().session()
        session.files = ["gtm.json": "{\"profile\": \"four-factor\"}"]
        let customers = try await session.run("customers", "--all", "--json").documents
        #expect(customers.allSatisfy { $0["health_profile"] == "four-factor v1" })
        let status = try await session.run("status", "--json").document["portfolio"]
        let bands = status?["health_distribution"]?.object?.members.map(\.key)
        #expect(bands == ["excellent", "good", "at_risk", "critical"])
        for band in bands ?? [] {
            let own = customers.filter { $0["health_status"]?.string == band }.count
            #expect(status?["health_distribution"]?[band]?["count"]?.integer == Int64(own), "\(band)")
        }
        let atRisk = customers.filter { $0["health_status"] == "at_risk" }.count
        #expect(status?["at_risk_count"]?.integer == Int64(atRisk))
    }
}
