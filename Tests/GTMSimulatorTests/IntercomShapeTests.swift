import GTMAdapterKit
import GTMCore
import Testing

@testable import GTMSimulator

/// Expectations taken from the vendor's description of version 2.14 and from recorded answers.
@Suite("Shapes of simulated Intercom") struct IntercomShapeTests {
    enum Kind { case text, textOrNull, integer, integerOrNull, flag, object, objectOrNull, list }

    static let contact: [(String, Kind)] = [
        ("type", .text), ("id", .text), ("workspace_id", .text), ("external_id", .textOrNull), ("role", .text),
        ("email", .textOrNull), ("phone", .textOrNull), ("name", .textOrNull), ("owner_id", .integerOrNull),
        ("has_hard_bounced", .flag), ("marked_email_as_spam", .flag), ("unsubscribed_from_emails", .flag),
        ("created_at", .integer), ("updated_at", .integer), ("signed_up_at", .integerOrNull),
        ("last_seen_at", .integerOrNull), ("last_replied_at", .integerOrNull), ("browser", .textOrNull),
        ("custom_attributes", .object), ("tags", .object), ("notes", .object), ("companies", .object),
        ("location", .object), ("social_profiles", .object),
    ]
    static let conversation: [(String, Kind)] = [
        ("type", .text), ("id", .text), ("title", .textOrNull), ("created_at", .integer), ("updated_at", .integer),
        ("waiting_since", .integerOrNull), ("snoozed_until", .integerOrNull), ("open", .flag), ("state", .text),
        ("read", .flag), ("priority", .text), ("admin_assignee_id", .integerOrNull),
        ("team_assignee_id", .integerOrNull), ("tags", .object), ("conversation_rating", .objectOrNull),
        ("source", .object), ("contacts", .object), ("teammates", .object), ("first_contact_reply", .objectOrNull),
        ("statistics", .object), ("linked_objects", .object), ("ai_agent_participated", .flag),
    ]
    static let part: [(String, Kind)] = [
        ("type", .text), ("id", .text), ("part_type", .text), ("body", .textOrNull), ("created_at", .integer),
        ("updated_at", .integer), ("author", .object), ("attachments", .list), ("redacted", .flag),
    ]
    static let company: [(String, Kind)] = [
        ("type", .text), ("id", .text), ("company_id", .text), ("name", .text), ("app_id", .text), ("plan", .object),
        ("remote_created_at", .integer), ("created_at", .integer), ("updated_at", .integer), ("size", .integer),
        ("last_request_at", .integerOrNull), ("website", .text), ("industry", .text), ("monthly_spend", .integer),
        ("session_count", .integer), ("user_count", .integer), ("custom_attributes", .object), ("tags", .object),
        ("segments", .object),
    ]

    /// The members that are missing or of another kind.
    private func violations(_ value: JSONValue, _ expected: [(String, Kind)]) -> [String] {
        expected.compactMap { name, kind in
            guard let member = value[name] else { return "\(name) is missing" }
            let holds: Bool =
                switch kind {
                case .text: member.string != nil
                case .textOrNull: member.isNull || member.string != nil
                case .integer: member.integer != nil
                case .integerOrNull: member.isNull || member.integer != nil
                case .flag: member.bool != nil
                case .object: member.object != nil
                case .objectOrNull: member.isNull || member.object != nil
                case .list: member.array != nil
                }
            return holds ? nil : "\(name) is \(member)"
        }
    }

    @Test("Contacts and conversations have the members described") func recordsAreWhole() throws {
        var counts: [String: Int] = [:]
        for line in JSONLines(SimulatedIntercom(.small(customers: 400)).ndjson()) {
            let value = try line.document().value
            let type = value["type"]?.string ?? ""
            counts[type, default: 0] += 1
            #expect(violations(value, type == "contact" ? Self.contact : Self.conversation) == [])
            for part in value["conversation_parts"]?["conversation_parts"]?.array ?? [] {
                #expect(violations(part, Self.part) == [])
            }
        }
        #expect((counts["contact"] ?? 0) > 400 && (counts["conversation"] ?? 0) > 400 && counts.count == 2)
    }

    @Test("Companies are paged by number, and each has the members described") func listsCompanies() async throws {
        let world = SimulatedWorld.small()
        let intercom = SimulatedIntercom(world)
        var found: [JSONValue] = []
        var number = 1
        while true {
            let request = HTTPRequest(
                .post, "/companies/list",
                query: [.init("page", "\(number)"), .init("per_page", "20"), .init("order", "asc")])
            let answer = try await intercom.json(request.authorized)
            found += answer["data"]?.array ?? []
            guard let next = answer["pages"]?["next"]?.string else { break }
            number += 1
            #expect(next.contains("page=\(number)&"))
        }
        #expect(found.allSatisfy { violations($0, Self.company) == [] })
        #expect(Set(found.map(\.id)).count == world.companies.count { $0.kind != .prospect })
        let one = try await intercom.json(.get("/companies/\(found[0].id)"))
        #expect(one == found[0])
    }

    @Test("A contact's companies are listed whole, though it shows ten") func listsCompaniesOfContacts() async throws {
        let world = SimulatedWorld(seed: 5, customers: 2_000, now: noon)
        let intercom = SimulatedIntercom(world)
        let company = try #require(
            world.companies.first { company in
                company.kind != .prospect && company.people.contains { $0.quirks.contains(.consultant) }
            })
        let place = try #require(company.people.firstIndex { $0.quirks.contains(.consultant) })
        let id = world.contactID(company, place)
        let shown = try await intercom.json(.get("/contacts/\(id)"))["companies"]
        #expect(shown?["has_more"] == true && shown?["data"]?.array?.count == 10)
        let listed = try await intercom.json(.get("/contacts/\(id)/companies"))
        #expect(listed["data"]?.array?.count == shown?["total_count"]?.integer.map(Int.init))
    }

    @Test("Who and where: workspace, teammates, tags, attributes") func tellsDirectory() async throws {
        let intercom = SimulatedIntercom(.small())
        let app = try await intercom.json(.get("/me"))["app"]
        #expect(app?["timezone"] == "America/Los_Angeles" && app?["id_code"] == "wk000001" && app?["region"] == "US")
        let admins = try await intercom.json(.get("/admins"))["admins"]?.array ?? []
        #expect(admins.contains { $0["email"]?.string?.hasPrefix("operator+") == true })
        let rosa = try #require(admins.first)
        #expect(try await intercom.json(.get("/admins/\(rosa.id)")) == rosa)
        let tags = try await intercom.json(.get("/tags"))["data"]?.array ?? []
        #expect(tags.count == 12 && tags.allSatisfy { $0["name"]?.string != nil })
        let attributes = try await intercom.json(.get("/data_attributes", ["model": "contact"]))["data"]?.array ?? []
        #expect(
            attributes.contains {
                $0["full_name"] == "custom_attributes.stripe_plan_price" && $0["data_type"] == "float"
            })
    }

    @Test("Plain text is plain, and otherwise a paragraph") func writesBodies() async throws {
        let intercom = SimulatedIntercom(.small())
        let id = try await intercom.json(.get("/conversations"))["conversations"]?.array?.first?.id ?? ""
        for (query, hasTags) in [([:], true), (["display_as": "plaintext"], false)] {
            let conversation = try await intercom.json(.get("/conversations/\(id)", query))
            #expect(conversation["source"]?["body"]?.string?.hasPrefix("<p>") == hasTags)
            #expect(conversation["conversation_parts"]?["type"] == "conversation_part.list")
        }
        #expect(IntercomShapes.body("a < b & c", false) == "<p>a &lt; b &amp; c</p>")
    }

    @Test(
        "Lists of subscriptions come in each of the forms",
        arguments: [SimulatedIntercom.BillingForm.array, .text, .instances])
    func writesBilling(form: SimulatedIntercom.BillingForm) async throws {
        var configuration = SimulatedIntercom.Configuration()
        configuration.billingForm = form
        let intercom = SimulatedIntercom(.small(), configuration)
        let attributes = try await intercom.everybody().compactMap { $0["custom_attributes"] }
        let lists = attributes.compactMap { $0["Stripe Subscriptions"] }
        #expect(lists.count > 50)
        for list in lists {
            switch form {
            case .array: #expect(list.array?.allSatisfy { $0["plan"]?["amount"]?.integer != nil } == true)
            case .text: #expect(try JSONReader.read(list.string ?? "").value.array != nil)
            default:
                let instances = list["instances"]?.array ?? []
                #expect(instances.allSatisfy { $0["custom_attributes"]?["amount"]?.integer != nil })
            }
        }
    }
}
