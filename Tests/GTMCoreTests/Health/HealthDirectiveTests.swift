import GTMCore
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("The directive of health") struct HealthDirectiveTests {
    private static func directive() throws -> [UInt8] {
        let root = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        return Array(try Data(contentsOf: root.appendingPathComponent("directives/health-score.md")))
    }

    @Test("It says what the program does, profile by profile, signal by signal") func sameAsBuiltIn() throws {
        let profiles = try HealthProfile.profiles(inDirective: Self.directive(), file: "health-score.md")
        #expect(profiles == HealthProfile.builtIn)
        #expect(profiles.map(\.fingerprint) == HealthProfile.builtIn.map(\.fingerprint))
        #expect(HealthProfile.builtIn.allSatisfy { $0.problem == nil })
    }

    @Test("Every measure stands in its table") func measures() throws {
        let text = String(decoding: try Self.directive(), as: UTF8.self)
        for measure in HealthMeasure.builtIn { #expect(text.contains("`\(measure)`"), "\(measure)") }
    }

    /// A small profile, of which parts are replaced.
    private static let small = """
        {
          "profile": "small", "version": 3,
          "components": [
            { "name": "usage", "weight": 70, "measure": "sessions_30d", "curve": [[0, 0], [20, 100]] },
            { "name": "voice", "weight": 30, "mix": [
              { "measure": "csat", "share": 60, "curve": [[1, 0], [5, 100]] },
              { "measure": "tone", "share": 40, "curve": [[-1, 0], [1, 100]] }
            ] }
          ],
          "penalties": { "payment_failed": 5 },
          "bands": [
            { "status": "good", "from": 50 },
            { "status": "critical", "from": 0, "counts_as": "critical" }
          ],
          "caps": { "payment_failed": "critical" },
          "minimum_coverage_percent": 10, "missing_data": 50
        }
        """

    private static func load(_ text: String, measures: [HostMeasure] = []) throws(DirectiveError) -> HealthProfile? {
        try HealthProfile.profiles(inDirective: Array(text.utf8), file: "p.json", hostMeasures: measures).first
    }

    @Test("A profile as bare JSON, with the host's own measure") func bare() throws {
        let seats = HostMeasure("seats_used") { _ in .known(Fraction(3)) }
        let text = Self.small.replacing("sessions_30d", with: "seats_used")
        let profile = try #require(try Self.load(text, measures: [seats]))
        #expect(profile.title == "small v3" && profile.missingData == .points(50))
        #expect(profile.components[0].parts[0].measure == seats.measure)
        #expect(profile.bands[1] == HealthBand(.critical, from: 0, countsAs: .critical))
        let error = #expect(throws: DirectiveError.self) { try Self.load(text) }
        #expect(error?.line == 4)
        #expect(error?.detail.contains("is \"seats_used\"; expected one of conversations_30d, csat, ") ?? false)
    }

    @Test(
        "What is wrong is told with file, line, value and what was expected",
        arguments: [
            ("\"version\": 3", "\"version\": 0", 2, "version is 0; expected a whole number from 1"),
            ("\"weight\": 70", "\"weight\": 60", 3, "the weights add up to 90; expected 100"),
            (
                "\"weight\": 70", "\"weight\": -3", 4,
                "components[0].weight is -3; expected a whole number from 1 to 100"
            ),
            ("\"weight\": 70,", "", 4, "components[0] lacks \"weight\""),
            ("\"name\": \"voice\"", "\"name\": \"usage\"", 5, "\"usage\" stands twice"),
            ("\"name\": \"voice\"", "\"name\": \"Voice!\"", 5, "expected lower-case letters, digits and _"),
            ("\"share\": 60", "\"share\": 50", 5, "add up to 90; expected 100"),
            ("\"tone\"", "\"csat\"", 7, "\"csat\" stands twice; expected it once"),
            ("[[0, 0], [20, 100]]", "[[0, 0], [0, 100]]", 4, "is 0; expected a whole number above 0"),
            ("[[0, 0], [20, 100]]", "[[0, 0], [20, 101]]", 4, "is 101; expected a whole number from 0 to 100"),
            ("[[0, 0], [20, 100]]", "[[0, 0], [9, 80], [20, 70]]", 4, "rises and falls"),
            ("[[0, 0], [20, 100]]", "[[0, 0, 1]]", 4, "has 3 numbers; expected two"),
            ("[[0, 0], [20, 100]]", "[]", 4, "has 0 knots; expected 1 to 8"),
            ("\"payment_failed\": 5", "\"payment_failed\": -5", 10, "is -5; expected a whole number from 1 to 100"),
            (
                "\"payment_failed\": 5", "\"bad_mood\": 5", 10,
                "\"bad_mood\" is not known here; expected cancel_mentioned"
            ),
            ("\"from\": 50", "\"from\": 0", 13, "bands[1].from is 0; expected less than 0"),
            ("\"from\": 0", "\"from\": 10", 11, "begins at 10; expected 0"),
            ("\"good\"", "\"fine\"", 12, "bands[0].status is \"fine\"; expected \"excellent\", \"good\""),
            ("\"counts_as\": \"critical\"", "\"counts_as\": \"bad\"", 13, "expected \"at_risk\", \"critical\""),
            (
                "\"payment_failed\": \"critical\"", "\"payment_failed\": \"healthy\"", 15,
                "expected a band: good, critical"
            ),
            (
                "\"missing_data\": 50", "\"missing_data\": \"skip\"", 16,
                "expected \"renormalise\" or points from 0 to 100"
            ),
            ("\"missing_data\": 50", "\"missing_data\": 101", 16, "is 101; expected a whole number from 0 to 100"),
            ("\"caps\"", "\"limits\"", 15, "\"limits\" is not known here"),
        ])
    func errors(old: String, new: String, line: Int, detail: String) {
        let text = Self.small.replacing(old, with: new)
        #expect(text != Self.small)
        let error = #expect(throws: DirectiveError.self) { try Self.load(text) }
        #expect(error?.file == "p.json")
        #expect(error?.line == line)
        #expect(error?.detail.contains(detail) ?? false, "\(error?.detail ?? "")")
    }

    @Test("More than sixteen things measured are refused") func tooMany() {
        func text(_ count: Int, curve: String = "[[0, 0], [20, 100]]") -> String {
            let parts = (0..<count).map {
                "{\"name\": \"c\($0)\", \"weight\": 6, \"measure\": \"mrr\", \"curve\": \(curve)}"
            }
            return Self.small.replacing(
                #/"components": \[[\s\S]*?\n  \],/#, with: "\"components\": [\(parts.joined(separator: ", "))],")
        }
        let error = #expect(throws: DirectiveError.self) { try Self.load(text(17)) }
        #expect(error?.detail == "components has 17 elements; expected 1 to 16")
        let knots = (0..<9).map { "[\($0), \($0)]" }.joined(separator: ", ")
        let curve = #expect(throws: DirectiveError.self) { try Self.load(text(1, curve: "[\(knots)]")) }
        #expect(curve?.detail == "components[0].curve has 9 knots; expected 1 to 8")
    }

    @Test("A table of signals lacks none") func signals() throws {
        let text = String(decoding: try Self.directive(), as: UTF8.self)
        for (old, new, detail) in [
            (
                "\"payment_failed\": {\n    \"severity\": \"medium\"",
                "\"payment_failed\": {\n    \"severity\": \"bad\"", "\"low\", \"medium\""
            ),
            ("\"inactive_30d\": {", "\"inactive\": {", "\"inactive\" is not known here"),
            (
                "```json risk-signals", "```json risk-signals\n{}\n```\n```json risk-signals",
                "lacks \"cancel_mentioned\""
            ),
        ] {
            let changed = text.replacing(old, with: new)
            #expect(changed != text)
            let error = #expect(throws: DirectiveError.self) {
                try HealthProfile.profiles(inDirective: Array(changed.utf8), file: "health-score.md")
            }
            #expect(error?.detail.contains(detail) ?? false, "\(error?.detail ?? "")")
            #expect(error?.line ?? 0 > 100)
        }
    }
}
