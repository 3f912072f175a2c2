import Testing

@testable import GTMCore

@Suite("The directive on data quality and the code say the same") struct DataQualityDirectiveTests {
    @Test("What good data is worth") func rules() throws {
        #expect(try QualityRules(directive: Directive.block("data-quality", of: "data-quality.md")) == .standard)
    }

    @Test("When a value is odd") func anomalies() throws {
        #expect(try AnomalyRules(directive: Directive.block("anomalies", of: "data-quality.md")) == .standard)
    }

    @Test("Which fields are expected") func completeness() throws {
        let block = try Directive.block("completeness", of: "data-quality.md")
        let domains: [(String, DataDomains)] = [("profile", .profile), ("revenue", .revenue), ("activity", .activity)]
        #expect(try block.members().map(\.key) == domains.map(\.0))
        for (name, domain) in domains {
            let expected = DataQuality.ExpectedField.allCases.filter { $0.domain == domain }.map(\.rawValue)
            #expect(try block.member(name).texts() == expected)
        }
    }

    @Test(
        "A rule that is none is told with its line",
        arguments: [
            ("{\"version\": 1,\n\"points\": {\"stripe_id\": 101}, \"recent_activity_days\": 7}", 3),
            ("{\"version\": 1,\n\"points\": {}, \"recent_activity_days\": 7}", 3),
            ("{\"version\": 1,\n\"points\": {\"age\": 1}, \"recent_activity_days\": 7}", 3),
            ("{\"version\": 0,\n\"points\": {\"csat\": 1}, \"recent_activity_days\": 7}", 2),
        ])
    func wrong(json: String, line: Int) throws {
        let text = "```json data-quality\n\(json)\n```\n"
        let block = try #require(try DirectiveBlock.blocks(in: Array(text.utf8), file: "d.md").first)
        let error = #expect(throws: DirectiveError.self) { try QualityRules(directive: block.content) }
        #expect(error?.line == line)
    }
}
