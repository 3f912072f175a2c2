import GTMCore
import Testing

@testable import GTMCommandLine

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("Project file") struct ProjectFileTests {
    @Test("Everything that can be said") func whole() throws {
        let file = try ProjectFile(
            Array(
                """
                {
                  "reporting_currency": "EUR",
                  "profile": "four-factor",
                  "host_domains": ["Vendor.test"],
                  "thresholds": {"stale_after_days": 3},
                  "remember_days": 400,
                  "sources": [
                    {"vendor": "intercom", "account": "acme", "api_key_env": "ACME_KEY", "region": "eu", "currency": "GBP"},
                    {"vendor": "intercom"}
                  ]
                }
                """.utf8))
        #expect(file.reportingCurrency == .eur)
        #expect(file.profile == .fourFactor)
        #expect(file.hostDomains == ["vendor.test"])
        #expect(file.staleAfterDays == 3)
        #expect(file.rememberDays == 400)
        #expect(file.sources?.map(\.id.description) == ["intercom/acme", "intercom/default"])
        #expect(file.sources?.map(\.keyVariable) == ["ACME_KEY", "INTERCOM_API_KEY"])
        #expect(file.sources?.map(\.region) == ["eu", "us"])
        #expect(file.sources?.map(\.currency) == [.gbp, .usd])
    }

    @Test(
        "An error names line and key",
        arguments: [
            ("{\n \"currency\": 1}", "gtm.json:2: unknown key \"currency\"; expected reporting_currency, profile,"),
            ("{\n\n\"reporting_curency\": 1}", "did you mean reporting_currency?"),
            (
                "{\"reporting_currency\":\n\"EURO\"}",
                "gtm.json:1: reporting_currency is \"EURO\"; expected a currency's"
            ),
            (
                "{\n\"profile\": \"mine\"}",
                "gtm.json:2: profile is \"mine\"; expected \"six-component\" or \"four-factor\""
            ),
            ("{\"host_domains\": [\n\"a.test\",\n7]}", "gtm.json:3: host_domains[1] is 7; expected a domain"),
            ("{\n\"remember_days\": 0}", "gtm.json:2: remember_days is 0; expected a whole number of days"),
            ("{\"thresholds\": {\n\"stale_after_days\": 0}}", "gtm.json:2: thresholds.stale_after_days is 0; expected"),
            ("{\"sources\": []}", "gtm.json:1: sources is an empty list; expected"),
            (
                "{\"sources\": [\n{\n\"vendor\": \"hubspot\"}]}",
                "gtm.json:3: sources[0].vendor is \"hubspot\"; expected"
            ),
            ("{\"sources\": [\n{\"account\": \"a\"}]}", "gtm.json:2: sources[0].vendor is not given; expected"),
            (
                "{\"sources\": [{\"vendor\": \"intercom\",\n\"region\": \"mars\"}]}",
                "gtm.json:2: sources[0].region is \"mars\""
            ),
            (
                "{\"sources\": [{\"vendor\": \"intercom\"},\n{\"vendor\": \"intercom\"}]}",
                "gtm.json:2: intercom/default stands twice"
            ),
            (
                "{\"sources\": [{\"vendor\": \"intercom\",\n\"account\": \"a/b\"}]}",
                "gtm.json:2: sources[0].account is \"a/b\"; expected a name of letters, digits, - and _"
            ),
            (
                "{\"sources\": [{\"vendor\": \"intercom\",\n\"account\": \"\"}]}",
                "gtm.json:2: sources[0].account is \"\"; expected a name"
            ),
            (
                "{\"policies\": [\n{\"name\": \"a\", \"version\": 1,\n\"counted_statuses\": [\"activ\"]}]}",
                "gtm.json:3: policies[0].counted_statuses[0] is \"activ\"; expected \"active\""
            ),
            ("{\n\"policy\": \"mine\"}", "gtm.json:2: policy is \"mine\"; expected \"active-only\", \"stripe\""),
            (
                "{\"exchange_rates\": [{\"date\": \"2026-11-01\", \"base\": \"EUR\",\n\"rates\": {\n\"USD\": 0}}]}",
                "gtm.json:3: exchange_rates[0].rates.USD is 0; expected a rate above 0"
            ),
            (
                "{\"exchange_rates\": [\n{\"date\": \"soon\", \"base\": \"EUR\", \"rates\": {}}]}",
                "gtm.json:2: exchange_rates[0].date is \"soon\"; expected a day such as"
            ),
            ("{\n\"profile\": 1,\n\"profile\": 1}", "gtm.json:3: \"profile\" stands twice"),
            ("{\n  \"a\": }", "gtm.json:2: no JSON: expected"),
            ("[]", "gtm.json:1: the file is an empty list; expected"),
        ])
    func errors(text: String, message: String) throws {
        let error = #expect(throws: SettingsError.self) { try ProjectFile(Array(text.utf8)) }
        let description = try #require(error).description
        #expect(description.contains(message))
    }

    @Test(
        "A secret is refused and never shown",
        arguments: [
            "{\"api_key\": \"dG9rOjEyMw\"}",
            "{\"sources\": [{\"vendor\": \"intercom\", \"access_token\": \"dG9rOjEyMw\"}]}",
            "{\"sources\": [{\"vendor\": \"intercom\", \"api_key_env\": \"dG9rOjEyMw\"}]}",
        ])
    func secrets(text: String) throws {
        let error = #expect(throws: SettingsError.self) { try ProjectFile(Array(text.utf8)) }
        let description = try #require(error).description
        #expect(!description.contains("dG9rOjEyMw"))
        #expect(description.contains("in the environment or in .env"))
    }

    @Test("Rates are read exactly, as numbers or as texts") func rates() throws {
        let file = try ProjectFile(
            Array(
                """
                {"exchange_rates": [{"date": "2026-11-01", "base": "EUR", "rates": {"USD": 1.0842, "JPY": "163.57"}}]}
                """.utf8))
        let table = try #require(file.exchangeRates?.tables.first)
        #expect(table.date == Date(timeIntervalSince1970: 1_793_491_200))
        #expect(
            table.rates == [
                .usd: try #require(Fraction(decimal: "1.0842")), .jpy: try #require(Fraction(decimal: "163.57")),
            ])
    }

    @Test("Lines are found by path") func lineIndex() {
        let text = "{\n\"a\": [1,\n{\"b\": \"}{\\\"\",\n\"c\": {\"d\":\n2}}],\n\"e\": 3}"
        let index = JSONLineIndex(Array(text.utf8))
        #expect(["a", "a[0]", "a[1]", "a[1].b", "a[1].c.d", "e"].map(index.line(of:)) == [2, 2, 3, 3, 4, 6])
    }
}
