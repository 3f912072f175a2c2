import GTMCore
import Testing

@testable import GTMCommandLine

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("Values on the command line") struct ValueTextTests {
    // MARK: Time

    @Test(
        "A past moment: the end of a day, or itself",
        arguments: [
            ("2026-03-03", "2026-03-03T23:59:59.999Z"), ("2024-02-29", "2024-02-29T23:59:59.999Z"),
            ("2026-03-03T12:00:00Z", "2026-03-03T12:00:00Z"), ("2026-03-03T12:00+02:00", "2026-03-03T10:00:00Z"),
            ("2026-11-20", "2026-11-20T08:00:00Z"), ("2026-11-20T08:00:00Z", "2026-11-20T08:00:00Z"),
            ("2026-11-19", "2026-11-19T23:59:59.999Z"),
        ])
    func moments(text: String, expected: String) throws {
        #expect(try Timestamp.format(ValueText.pastMoment(text, now: Session.now)) == expected)
    }

    @Test(
        "What is no past moment, with what was expected",
        arguments: [
            ("", "a day such as"), ("yesterday", "a day such as"), ("03/03/2026", "a day such as"),
            ("2026-3-3", "a day such as"), ("2026-02-30", "the calendar has"), ("2026-02-29", "the calendar has"),
            ("2026-13-01", "the calendar has"), ("2026-03-03T25:00:00Z", "the calendar has"),
            ("2026-03-03T12:00:00", "with its zone"), ("2026-11-21", "no later than now, 2026-11-20T08:00:00Z"),
            ("2026-11-20T08:00:01Z", "no later than now"), ("9999-12-31", "no later than now"),
        ])
    func noMoments(text: String, part: String) {
        let error = #expect(throws: WrongValue.self) { try ValueText.pastMoment(text, now: Session.now) }
        #expect(error?.expected.contains(part) == true, "\(String(describing: error))")
    }

    // MARK: Money

    @Test(
        "Amounts are exact",
        arguments: [
            ("0", Currency.usd, 0), ("250", .usd, 25_000), ("99.5", .usd, 9_950), ("99.50", .usd, 9_950),
            ("0.29", .usd, 29), ("99.5000", .usd, 9_950), ("007", .usd, 700), ("250", .jpy, 250), ("250.00", .jpy, 250),
            ("92233720368547758.07", .usd, Int64.max),
        ])
    func amounts(text: String, currency: Currency, units: Int64) throws {
        #expect(try ValueText.minorUnits(text, of: currency) == units)
    }

    @Test(
        "What is no amount, with what was expected",
        arguments: [
            ("", Currency.usd, "digits"), ("abc", .usd, "digits"), ("1,000", .usd, "digits"),
            ("1.000.00", .usd, "digits"),
            ("1 000", .usd, "digits"), ("1e3", .usd, "digits"), ("+5", .usd, "digits"), (".5", .usd, "digits"),
            ("5.", .usd, "digits"), ("$5", .usd, "digits"), ("٣", .usd, "digits"), ("NaN", .usd, "digits"),
            ("0x10", .usd, "digits"), ("-5", .usd, "at least 0"), ("-", .usd, "at least 0"),
            ("99.999", .usd, "at most 2 decimals"), ("1.5", .jpy, "at most 0 decimals"),
            ("92233720368547758.08", .usd, "up to 92233720368547758.07"),
            (String(repeating: "9", count: 60), .usd, "up to 92233720368547758.07"),
        ])
    func noAmounts(text: String, currency: Currency, part: String) {
        let error = #expect(throws: WrongValue.self) { try ValueText.minorUnits(text, of: currency) }
        #expect(error?.expected.contains(part) == true, "\(String(describing: error))")
        #expect(error?.expected.contains("in \(currency.code)") == true)
    }

    // MARK: Keys and words

    @Test("A key is an address or a record") func keys() throws {
        let record = RecordID(source: SourceID(vendor: "intercom"), stream: "contacts", id: "1/a@b.test")
        #expect(try ValueText.key(" Ada@X.test ") == .email(EmailAddress("ada@x.test")))
        #expect(try ValueText.key("intercom/default/contacts/1/a@b.test") == .record(record))
        #expect(try ValueText.key("a/b@x.test") == .email(EmailAddress("a/b@x.test")))
    }

    @Test(
        "What is no key, with what was expected",
        arguments: [
            ("", "an e-mail address or a record"), ("ada", "an e-mail address or a record"),
            ("intercom/contacts/1", "an e-mail address or a record"),
            ("intercom//contacts/1", "none of its four parts"),
            ("intercom/default/contacts/", "none of its four parts"),
            ("a b/default/contacts/1", "none of its four parts"),
        ])
    func noKeys(text: String, part: String) {
        let error = #expect(throws: WrongValue.self) { try ValueText.key(text) }
        #expect(error?.expected.contains(part) == true, "\(String(describing: error))")
    }

    @Test("Statuses and orders by their names") func words() throws {
        for status in HealthStatus.allCases { #expect(try ValueText.status(status.rawValue) == status) }
        #expect(try ValueText.status("At-Risk") == .atRisk)
        #expect(try ["email", "risk", "mrr"].map(ValueText.order) == [.key, .risk, .mrr])
        let status = #expect(throws: WrongValue.self) { try ValueText.status("healty") }
        #expect(
            status?.expected
                == "excellent, good, healthy, at_risk, high_risk, critical or insufficient_data; did you mean healthy?")
        #expect(throws: WrongValue.self) { try ValueText.status("") }
        let order = #expect(throws: WrongValue.self) { try ValueText.order("mmr") }
        #expect(order?.expected == "email, risk or mrr; did you mean mrr?")
        #expect(throws: WrongValue.self) { try ValueText.name("  ") }
    }

    // MARK: The store

    @Test(
        "The option wins over the variable, the variable over the usual place",
        arguments: [
            ("data", "other", "/home/data", "\"data\" (by --store)"),
            (nil, "other", "/home/other", "\"other\" (by GTM_STORE)"),
            (nil, nil, "/home/.gtm", "\".gtm\" (the usual place)"),
            (nil, "  ", "/home/.gtm", "\".gtm\" (the usual place)"),
            ("/srv/gtm/", nil, "/srv/gtm", "\"/srv/gtm/\" (by --store)"), ("/", nil, "/", "\"/\" (by --store)"),
        ] as [(String?, String?, String, String)])
    func locations(option: String?, variable: String?, path: String, description: String) throws {
        let location = try StoreLocation(option: option, variable: variable, directory: "/home")
        #expect(location.path == path)
        #expect(location.description == description)
    }

    @Test("A path that only a shell understands is refused", arguments: ["~", "~/gtm", "a\0b"])
    func noLocation(text: String) {
        #expect(throws: WrongValue.self) { try StoreLocation(option: text, variable: nil, directory: "/home") }
        #expect(throws: WrongValue.self) { try StoreLocation(option: nil, variable: text, directory: "/home") }
    }
}
