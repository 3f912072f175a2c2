import GTMCore

/// The vendor's way of writing what the world holds: pure functions to JSON, in the shapes of version 2.14.
struct IntercomShapes: Sendable {
    static let workspace = "wk000001"

    let world: SimulatedWorld
    let billingForm: SimulatedIntercom.BillingForm

    // MARK: Contacts

    /// A contact as search, list and look-up show it.
    func contact(_ contact: IntercomContact) -> JSONObject {
        var object: JSONObject
        switch contact.origin {
        case .person(let index, let place, let twin):
            let company = world.companies[index]
            object = person(company.people[place], place, company, contact, twin)
        case .made: object = blank(contact)
        }
        for member in contact.changes.members {
            if member.key == "custom_attributes", case .object(var attributes) = object[member.key],
                case .object(let changed) = member.value
            {
                for attribute in changed.members { attributes[attribute.key] = attribute.value }
                object[member.key] = .object(attributes)
            } else {
                object[member.key] = member.value
            }
        }
        return object
    }

    private func person(
        _ person: WorldPerson, _ place: Int, _ company: WorldCompany, _ contact: IntercomContact,
        _ twin: IntercomContact.Twin
    ) -> JSONObject {
        let isLead = twin == .lead || !person.isUser
        let isSparse = person.quirks.contains(.sparse)
        let seenAt: Int64? =
            switch twin {
            case .none: person.lastSeenAt
            case .lead: person.lastSeenAt == nil ? nil : contact.updatedAt
            case .user: nil
            }
        let home = isSparse ? nil : Vocabulary.places[person.place]
        var signedUpAt: Int64? = isLead || isSparse ? nil : person.arrivedAt - 60
        if person.quirks.contains(.farFutureSignup), !isLead { signedUpAt = 32_503_680_000 }
        var object = blank(contact)
        object["external_id"] = isLead || twin == .user ? .null : .string("cust-\(company.index + 1)-\(place + 1)")
        object["role"] = .string(isLead ? "lead" : "user")
        object["email"] = address(person, twin)
        object["phone"] =
            person.noise % 3 == 0 && !isSparse ? .string("+1 555 01\(10 + person.noise / 3 % 90)") : .null
        object["name"] = .optional(isSparse && isLead ? nil : person.name)
        object["owner_id"] = .optional(company.manager.map(Vocabulary.number(ofTeammate:)))
        object["signed_up_at"] = .optional(signedUpAt)
        object["last_seen_at"] = .optional(seenAt)
        object["last_replied_at"] = .optional(twin == .none ? person.lastRepliedAt : nil)
        object["has_hard_bounced"] = .bool(person.noise % 97 == 0)
        object["unsubscribed_from_emails"] = .bool(person.noise % 11 == 0)
        if !isSparse {
            let browsers = ["chrome", "safari", "firefox", "edge"]
            let systems = ["Windows 10", "OS X", "Linux", "iOS"]
            object["browser"] = .string(browsers[Int(person.noise / 7 % 4)])
            object["browser_version"] = .string("\(118 + person.noise / 29 % 26).0.0.0")
            object["browser_language"] = .optional(home?.language)
            object["os"] = .string(systems[Int(person.noise / 31 % 4)])
        }
        object["location"] = location(home)
        object["custom_attributes"] = .object(attributes(person, company, isLead: isLead))
        object["tags"] = list(
            person.tags.map { (String(78_001 + $0), "tag", "/tags/\(78_001 + $0)") }, "tags", contact.id)
        object["companies"] = list(
            companies(of: person, company, isLead: isLead).map { id in
                (world.companyID(id), "company", "/companies/\(world.companyID(id))")
            }, "companies", contact.id)
        return object
    }

    private func address(_ person: WorldPerson, _ twin: IntercomContact.Twin) -> JSONValue {
        guard let email = person.email else { return person.noise % 2 == 0 ? .null : "" }
        if twin == .user { return .string(email.uppercased()) }
        if person.quirks.contains(.spaces) { return .string(" \(email) ") }
        if person.quirks.contains(.capitals) { return .string(email.prefix(1).uppercased() + email.dropFirst()) }
        return .string(email)
    }

    /// The companies a person belongs to, by number.
    func companies(of person: WorldPerson, _ company: WorldCompany, isLead: Bool) -> [Int] {
        if isLead { return [] }
        guard person.quirks.contains(.consultant) else { return [company.index] }
        let others = (1...12).map { (company.index + $0) % world.companies.count }
        return [company.index] + others.filter { $0 != company.index && world.companies[$0].kind != .prospect }
    }

    /// A contact of which only its times are known.
    private func blank(_ contact: IntercomContact) -> JSONObject {
        [
            "type": "contact", "id": .string(contact.id), "workspace_id": .string(Self.workspace), "external_id": nil,
            "role": "lead", "email": nil, "phone": nil, "name": nil, "avatar": nil, "owner_id": nil,
            "social_profiles": ["type": "list", "data": []], "has_hard_bounced": false,
            "marked_email_as_spam": false, "unsubscribed_from_emails": false,
            "created_at": .integer(contact.createdAt), "updated_at": .integer(contact.updatedAt), "signed_up_at": nil,
            "last_seen_at": nil, "last_replied_at": nil, "last_contacted_at": nil, "last_email_opened_at": nil,
            "last_email_clicked_at": nil, "language_override": nil, "browser": nil, "browser_version": nil,
            "browser_language": nil, "os": nil, "location": location(nil), "custom_attributes": [:],
            "tags": list([], "tags", contact.id), "notes": list([], "notes", contact.id),
            "companies": list([], "companies", contact.id),
            "opted_out_subscription_types": list([], "subscriptions", contact.id),
            "opted_in_subscription_types": list([], "subscriptions", contact.id), "utm_source": nil,
            "referrer": nil, "sms_consent": false, "unsubscribed_from_sms": false,
        ]
    }

    /// References, of which ten are shown.
    private func list(_ items: [(id: String, type: String, url: String)], _ name: String, _ contact: String)
        -> JSONValue
    {
        let data = items.prefix(10).map { item -> JSONValue in
            ["id": .string(item.id), "type": .string(item.type), "url": .string(item.url)]
        }
        return [
            "type": "list", "data": .array(data), "url": .string("/contacts/\(contact)/\(name)"),
            "total_count": .integer(Int64(items.count)), "has_more": .bool(items.count > 10),
        ]
    }

    private func location(_ place: Vocabulary.Place?) -> JSONValue {
        [
            "type": "location", "country": .optional(place?.country), "region": .optional(place?.region),
            "city": .optional(place?.city), "country_code": .optional(place?.code),
            "continent_code": .optional(place?.continent),
        ]
    }
}

extension JSONValue {
    static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    static func optional(_ number: Int64?) -> JSONValue { number.map { .integer($0) } ?? .null }
}
