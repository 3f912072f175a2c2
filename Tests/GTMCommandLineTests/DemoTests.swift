import GTMCore
import Testing

@testable import GTMCommandLine

@Suite("gtm demo", .timeLimit(.minutes(1))) struct DemoTests {
    @Test("The same bytes twice, other ones by another seed") func deterministic() async throws {
        let first = try await Session().run("demo", "--customers", "40")
        let second = try await Session().run("demo", "--customers", "40")
        #expect(first.code == .done)
        #expect(first.output == second.output)
        #expect(first.output.contains("Portfolio on 2026-11-20 08:00 UTC") && first.output.contains("Money at risk: "))
        #expect(try await Session().run("demo", "--customers", "40", "--seed", "8").output != first.output)
    }

    @Test("Every form, and nothing but results on standard output") func forms() async throws {
        let summary = try await Session().run("demo", "--customers", "40", "--json")
        let document = try #require(try summary.documents.first)
        #expect(document["portfolio"]?["total_customers"] == 40)
        let atRisk = document["at_risk"]?.array ?? []
        #expect(!atRisk.isEmpty)
        let lines = try await Session().run("demo", "--customers", "40", "--show", "at-risk", "--json")
        #expect(try lines.documents == atRisk)
        let csv = try await Session().run("demo", "--customers", "40", "--csv")
        #expect(
            csv.output.split(separator: "\r\n" as Character, omittingEmptySubsequences: false).count == atRisk.count + 2
        )
        #expect(csv.notes.isEmpty && lines.notes.isEmpty)
    }

    @Test("Those at risk come with the highest risk first") func order() async throws {
        let outcome = try await Session().run("demo", "--customers", "60", "--show", "at-risk", "--json")
        let risks = try outcome.documents.map {
            $0["churn_risk"].flatMap { Fraction(decimal: JSONWriter.text($0)) } ?? .zero
        }
        #expect(risks == risks.sorted(by: >))
    }

    @Test("GTM_NOW sets the clock") func clock() async throws {
        let outcome = try await Session(environment: ["GTM_NOW": "2027-01-01"])
            .run("demo", "--customers", "5", "--show", "portfolio", "--json")
        #expect(try outcome.documents.first?["as_of"] == "2027-01-01T00:00:00Z")
    }

    @Test("The first and the last moment that may be set", arguments: ["1970-01-01", "8999-12-31T23:59:59Z"])
    func clockEnds(text: String) async throws {
        let outcome = try await Session(environment: ["GTM_NOW": text])
            .run("demo", "--customers", "30", "--show", "portfolio", "--json")
        #expect(outcome.code == .done, "\(outcome.notes)")
        #expect(try outcome.documents.first?["total_customers"] == 30)
    }

    @Test("A terminal sees progress, which is wiped away") func progress() async throws {
        let outcome = try await Session(isTerminal: true, hasEscapes: true)
            .run("demo", "--customers", "40", "--show", "portfolio")
        #expect(outcome.notes.contains("\r\u{1B}[2K\u{1B}[2mintercom/demo: reading everything"))
        #expect(outcome.notes.hasSuffix("\r\u{1B}[2K"))
        #expect(!outcome.output.contains("\u{1B}"))
    }

    @Test("A terminal without escape sequences has progress wiped away by spaces") func plainProgress() async throws {
        let outcome = try await Session(isTerminal: true).run("demo", "--customers", "40", "--show", "portfolio")
        #expect(!(outcome.notes + outcome.output).contains("\u{1B}"))
        let lines = outcome.notes.split(separator: "\r", omittingEmptySubsequences: false).map(String.init)
        #expect(lines.first == "intercom/demo: reading everything")
        // Each line is followed by as many spaces, and nothing is left in the end.
        for place in stride(from: 0, to: lines.count - 1, by: 2) {
            #expect(lines[place + 1] == String(repeating: " ", count: TextWidth.of(lines[place])))
        }
        #expect(lines.last == "")
    }
}
