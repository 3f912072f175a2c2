import Testing

@testable import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("JSON of what a store keeps") struct JSONFormTests {
    private func text(_ value: some Storable) -> String { JSONWriter.text(.object(JSONForm.object(of: value))) }

    @Test("Values are written in plain words") func readsWell() {
        #expect(
            text(payment("ch_1", cents: 9900))
                == #"{"id":{"system":"stripe","id":"ch_1"},"amount":{"minor_units":9900,"currency":"USD"},"#
                + #""paid_at":"2025-12-22T00:00:00Z","succeeded":true}"#)
        var state = StreamState()
        state.provides = [.profile, .usage, DataDomains(rawValue: 64)]
        state.refusal = .notPermitted
        #expect(text(state) == #"{"provides":["profile","usage",64],"refusal":"not_permitted"}"#)
        #expect(text(CustomerKey.record(contactID("1"))).contains(#""stream":"contacts""#))
    }

    @Test("Times have as many digits as they need")
    func writesTimes() {
        func start(_ interval: Double) -> JSONValue? {
            JSONForm.object(
                of: Subscription.Period(start: Date(timeIntervalSinceReferenceDate: interval), end: nil))["start"]
        }
        #expect(start(0) == "2001-01-01T00:00:00Z")
        #expect(start(0.5) == "2001-01-01T00:00:00.500Z")
        #expect(start(0.000_25) == "2001-01-01T00:00:00.000250Z")
        #expect(start(-0.75) == "2000-12-31T23:59:59.250Z")
        #expect(start(1e-9) == ["reference_seconds_bits": "3e112e0be826d695"])
        #expect(start(-0.0) == ["reference_seconds_bits": "8000000000000000"])
    }

    @Test("Integers beyond 53 bits stay exact") func keepsIntegers() throws {
        struct Big: Storable, Equatable {
            var least = Int64.min
            var most = UInt64.max
            var huge = -(Int128.max - 1)

            func write(to fields: inout some FieldWriter) {
                fields.put(1, "least", least)
                fields.put(2, "most", most)
                fields.put(3, "huge", huge)
            }
            init() {}
            init(from fields: inout some FieldReader) throws(CodingFault) {
                least = try fields.required(1, "least")
                most = try fields.required(2, "most")
                huge = try fields.required(3, "huge")
            }
        }
        let text = text(Big())
        #expect(
            text
                == #"{"least":-9223372036854775808,"most":18446744073709551615,"#
                + #""huge":"-170141183460469231731687303715884105726"}"#)
        let object = try #require(try JSONReader.read(text).value.object)
        #expect(try JSONForm.read(Big.self, from: object) == Big())
        #expect(try BinaryForm.read(from: BinaryForm.bytes(of: Big())) == Big())
    }

    @Test("Attributes stay as they are where JSON can say them, else they are wrapped") func wrapsAttributes() {
        var contact = Contact()
        contact.attributes = [
            "a": .decimal("1e400"), "b": .decimal("1"), "c": .double(.infinity), "d": .tooDeep(offset: 3),
            "e": ["$decimal": 1], "f": [1.0, nil, true],
        ]
        #expect(
            text(contact)
                == #"{"attributes":{"a":1e400,"b":{"$decimal":"1"},"c":{"$double_bits":"7ff0000000000000"},"#
                + #""d":{"$too_deep":3},"e":{"$object":{"$decimal":1}},"f":[1.0,null,true]}}"#)
    }

    @Test("Unknown members and null count for nothing") func ignoresUnknown() throws {
        let place: Location = try JSONForm.read(from: ["city": "Dublin", "country": nil, "mayor": ["name": "N."]])
        #expect(place == Location(city: "Dublin"))
    }

    @Test("Addresses are read as any text of a person's is") func normalizesAddresses() throws {
        let owner: Owner = try JSONForm.read(from: ["email": " Ada@X.test ", "is_bot": false])
        #expect(owner.email?.normalized == "ada@x.test")
    }

    @Test(
        "A fault names the path and what was expected, and no value",
        arguments: [
            (#"{}"#, "$: expected a field named id"),
            (#"{"id": "x"}"#, "$.id: expected an object"),
            (#"{"id": {"vendor": "v", "account": "a", "stream": 5}}"#, "$.id.stream: expected a text"),
            (#"{"id": {"vendor": "v", "stream": "s"}}"#, "$.id: expected vendor, account, stream and id"),
            (record(#""changed_at": "yesterday""#), "$.changed_at: expected a time in ISO 8601"),
            (record(#""changed_at": 5"#), "$.changed_at: expected a time in ISO 8601"),
            (
                record(#""state": {"kind": "secret"}"#),
                "$.state.kind: expected one of live, archived, deleted, merged"
            ),
            (record(#""state": {"kind": "merged"}"#), "$.state: expected a field named into"),
            (record(#""subjects": [{"email": "secret"}]"#), "$.subjects[0].email: expected an e-mail address"),
            (
                record(#""subjects": [{"email": "a@b.test"}, {}]"#),
                "$.subjects[1]: expected a record, an e-mail address or a key of another system"
            ),
            (record(#""fact": {"secret": 1}"#), "$.fact: expected a known kind of fact"),
            (
                record(#""fact": {"contact": {"billing": {"payments": [{"amount": {"minor_units": 1.5}}]}}}"#),
                "$.fact.contact.billing.payments[0].amount.minor_units: expected an integer of 64 bits"
            ),
            (
                record(#""fact": {"contact": {"billing": {"subscription_status": "secret"}}}"#),
                "$.fact.contact.billing.subscription_status: expected one of active, trialing, paused, incomplete, "
                    + "unpaid, canceled, past_due, incomplete_expired"
            ),
            (
                record(#""fact": {"contact": {"attributes": {"secret": {"$decimal": 5}}}}"#),
                "$.fact.contact.attributes.*: expected a value that fits $decimal"
            ),
        ]) func tellsFaults(json: String, description: String) throws
    {
        let object = try #require(try JSONReader.read(json).value.object)
        let fault = #expect(throws: CodingFault.self) { try JSONForm.read(SourceRecord.self, from: object) }
        #expect(fault?.description == description)
    }

    private static func record(_ rest: String) -> String {
        #"{"id": {"vendor": "v", "account": "a", "stream": "s", "id": "1"}, \#(rest)}"#
    }
}
