import GTMCore
import Testing

@testable import GTMIntercom

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("Contact mapping") struct ContactMappingTests {
    let mapping = IntercomMapping.forTests()

    @Test("The documented contact becomes a record, field by field") func mapsDocumentedContact() throws {
        let page = try JSONReader.read(fixture("contacts-page-1.json")).value
        let value = try #require(page["data"]?.array?.first)
        let mapped = try mapping.contact(value, now: now)

        var contact = Contact()
        contact.role = "user"
        contact.name = "Ada North"
        contact.location = Location(country: "Ireland", countryCode: "IRL", region: "Leinster", city: "Dublin")
        contact.companies = [id("companies", "660000000000000000000001")]
        contact.owner = id("admins", "7000011")
        contact.tags = [id("tags", "78001")]
        contact.createdAt = at(1_711_366_175)
        contact.signedUpAt = at(1_711_366_100)
        contact.lastSeenAt = at(1_764_549_000)
        var billing = BillingMirror()
        billing.customerID = ExternalID(system: "stripe", id: "cus_SYNTHETIC0001")
        billing.planName = "Pro - Yearly"
        billing.status = .active
        billing.isDelinquent = false
        billing.lastPaymentAmount = Money(minorUnits: 118_800, currency: .usd)
        billing.lastPaymentAt = at(1_743_200_710)
        billing.assumedCurrency = .usd
        contact.billing = billing
        let identity = Identity(
            email: try EmailAddress("ada@northwind.test"),
            externalIDs: [
                ExternalID(system: "intercom/acme.external_id", id: "cust-1001"),
                ExternalID(system: "stripe", id: "cus_SYNTHETIC0001"),
            ])
        #expect(
            mapped.record
                == SourceRecord(
                    id: id("contacts", "650000000000000000000001"), identity: identity, changedAt: at(1_764_550_000),
                    fact: .contact(contact)))
        #expect(mapped.issues == [])
        #expect(mapped.pending == nil)
        #expect(!mapped.hasFurtherCompanies)
    }

    @Test(
        "A member is found wherever it stands, and of a key that occurs twice the last one",
        arguments: [0, 253, 254, 300])
    func findsMembersAnywhere(before: Int) throws {
        var members = [JSONObject.Member(key: "id", value: "c1"), JSONObject.Member(key: "name", value: "First")]
        for number in 0..<before { members.append(JSONObject.Member(key: "further_\(number)", value: 1)) }
        members.append(JSONObject.Member(key: "name", value: "Last"))
        members.append(JSONObject.Member(key: "role", value: "lead"))
        let mapped = try mapping.contact(.object(JSONObject(members: members)), now: now)
        #expect(mapped.record.id == id("contacts", "c1"))
        #expect(mapped.record.fact.contact?.name == "Last")
        #expect(mapped.record.fact.contact?.role == "lead")
        #expect(mapped.record.fact.contact?.phone == nil)
    }

    @Test(
        "An e-mail is normalised, an empty one is none, an invalid one is noted with its rule",
        arguments: [
            ("\" Ada@Northwind.TEST \"", "ada@northwind.test", 0), ("\"\"", nil, 0), ("\"  \"", nil, 0),
            ("null", nil, 0),
            ("\"nobody\"", nil, 1), ("\"a@b@\"", nil, 1), ("17", nil, 1), ("{}", nil, 1),
        ] as [(String, String?, Int)])
    func readsEmail(written: String, email: String?, issues: Int) throws {
        let mapped = try mapping.contact(members: "\"email\":\(written)")
        #expect(mapped.record.identity?.email?.normalized == email)
        #expect(mapped.record.identity != nil)
        #expect(mapped.issues.count == issues)
        #expect(mapped.issues.allSatisfy { $0.path == "email" && !$0.reason.contains("nobody") })
    }

    @Test(
        "Times are Unix seconds; zero and less are none, absurd and impossible ones are noted",
        arguments: [
            ("1711366175", 1_711_366_175, 0), ("\"1711366175\"", 1_711_366_175, 0), ("1711366175.0", 1_711_366_175, 0),
            ("\"2024-03-25T11:29:35Z\"", 1_711_366_175, 0), ("0", nil, 0), ("-5", nil, 0), ("null", nil, 0),
            ("\"\"", nil, 0), ("1711366175000", nil, 1), ("-9223372036854775808", nil, 0), ("1e400", nil, 1),
            ("9223372036854775807", nil, 1), ("\"NaN\"", nil, 1), ("\"soon\"", nil, 1), ("true", nil, 1),
            ("[]", nil, 1),
            ("1764700000", nil, 1), ("1764600000", 1_764_600_000, 0),
        ] as [(String, Double?, Int)])
    func readsTimes(written: String, seconds: Double?, issues: Int) throws {
        let mapped = try mapping.contact(members: "\"signed_up_at\":\(written)")
        #expect(try mapped.contact.signedUpAt == seconds.map(at))
        #expect(mapped.paths == Array(repeating: "signed_up_at", count: issues))
    }

    @Test("A change that lies ahead is kept, a last visit that lies ahead is not") func readsFutureTimes() throws {
        let mapped = try mapping.contact(members: "\"updated_at\":1900000000,\"last_seen_at\":1900000000")
        #expect(mapped.record.changedAt == at(1_900_000_000))
        #expect(try mapped.contact.lastSeenAt == nil)
        #expect(mapped.paths == ["last_seen_at"])
    }

    @Test("Who was never seen was last active with a reply") func fallsBackToReply() throws {
        let mapped = try mapping.contact(members: "\"last_seen_at\":null,\"last_replied_at\":1764400000")
        #expect(try mapped.contact.lastSeenAt == at(1_764_400_000))
    }

    @Test(
        "An owner is an integer or a text, 0 is none",
        arguments: [
            ("7000011", "7000011", 0), ("\"7000011\"", "7000011", 0), ("0", nil, 0), ("\"0\"", nil, 0),
            ("null", nil, 0),
            ("\"\"", nil, 0), ("1.5", nil, 1), ("false", nil, 1),
        ] as [(String, String?, Int)])
    func readsOwner(written: String, owner: String?, issues: Int) throws {
        let mapped = try mapping.contact(members: "\"owner_id\":\(written)")
        #expect(try mapped.contact.owner == owner.map { id("admins", $0) })
        #expect(mapped.issues.count == issues)
    }

    @Test("Lists cut at ten are told") func tellsCutLists() throws {
        let list = "{\"data\":[{\"id\":\"5\"},null,{\"id\":6},{}],\"has_more\":true,\"total_count\":12}"
        let mapped = try mapping.contact(members: "\"companies\":\(list),\"tags\":\(list)")
        #expect(try mapped.contact.companies == [id("companies", "5"), id("companies", "6")])
        #expect(mapped.hasFurtherCompanies)
        #expect(mapped.paths == ["tags"])
    }

    @Test("Custom attributes that mean nothing here are kept, scalars only") func keepsAttributes() throws {
        let mapped = try mapping.contact(
            attributes: """
                {"tier":"gold","seats":12,"score":0.5,"vip":true,"none":null,"order":{"type":"Order.list"},"list":[1],\
                "stripe_plan":"Pro","stripe_card_brand":"visa"}
                """)
        let kept: JSONObject = ["tier": "gold", "seats": 12, "score": 0.5, "vip": true, "stripe_card_brand": "visa"]
        #expect(try mapped.contact.attributes == kept)
        #expect(mapped.issues == [])
    }

    @Test("A field of the wrong form costs itself alone") func surviveWrongForms() throws {
        let mapped = try mapping.contact(
            members: """
                "name":7,"phone":{},"role":[],"location":"Dublin","companies":[],"tags":{"data":7},"external_id":{},\
                "custom_attributes":[],"created_at":{},"updated_at":"x","archived":"perhaps","email":"ada@northwind.test"
                """)
        #expect(try mapped.record.identity == Identity(email: EmailAddress("ada@northwind.test")))
        #expect(try mapped.contact == Contact())
        #expect(
            Set(mapped.paths) == [
                "name", "phone", "role", "location", "companies", "tags.data", "external_id", "custom_attributes",
                "created_at", "updated_at",
            ])
        #expect(mapped.record.state == .live)
    }

    @Test("A name of ten megabytes is cut and noted") func cutsLongTexts() throws {
        let long = String(repeating: "ä", count: 5_000_000)
        let mapped = try mapping.contact(["id": "1", "name": .string(long), "external_id": .string(long)], now: now)
        #expect(try mapped.contact.name == String(repeating: "ä", count: 1000))
        #expect(mapped.paths == ["name", "external_id"])
        #expect(mapped.issues.allSatisfy { $0.reason.utf8.count < 200 })
    }

    @Test("Lone surrogates and doubled keys do no harm") func survivesOddTexts() throws {
        let mapped = try mapping.contact(members: "\"name\":\"Ada \\ud800\",\"role\":\"lead\",\"role\":\"user\"")
        #expect(try mapped.contact.name == "Ada \u{FFFD}")
        #expect(try mapped.contact.role == "user")
    }

    @Test(
        "What is no record is refused, with the reason",
        arguments: [
            ("[]", "", "a list"), ("null", "", "null"), ("{}", ".id", "nothing"), ("{\"id\":\"\"}", ".id", "a text"),
            ("{\"id\":null}", ".id", "null"), ("{\"id\":1.5}", ".id", "a number"),
            ("{\"id\":true}", ".id", "a Boolean"),
        ])
    func refuses(written: String, path: String, found: String) throws {
        let error = #expect(throws: MappingRejection.self) { try mapping.contact(json(written), now: now) }
        #expect(error?.path == path)
        #expect(error?.reason.contains(found) == true)
    }

    @Test("An id may be an integer") func acceptsIntegerID() throws {
        #expect(try mapping.contact(["id": 17], now: now).record.id == id("contacts", "17"))
    }

    @Test("Archived and deleted contacts say so") func readsState() throws {
        #expect(try mapping.contact(members: "\"archived\":true").record.state == .archived)
        let deleted = try mapping.contact(members: "\"deleted\":true,\"email\":\"ada@northwind.test\"").record
        #expect(deleted.state == .deleted)
        #expect(deleted.identity == nil)
    }
}
