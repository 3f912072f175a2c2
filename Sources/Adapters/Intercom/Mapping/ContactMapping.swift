import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension IntercomMapping {
    /// A contact, user or lead alike.
    func contact(_ value: JSONValue, now: Date) throws(MappingRejection) -> MappedRecord {
        let fields = PickedFields<ContactField>(try object(value))
        let recordID = recordID(Stream.contacts, try id(fields[.id]))
        let state = state(deleted: fields[.deleted], archived: fields[.archived])
        if state == .deleted {
            return MappedRecord(SourceRecord(id: recordID, fact: .contact(Contact()), state: state), issues: [])
        }
        var reader = FieldReader(record: recordID, now: now)
        var contact = Contact()
        contact.role = reader.text(fields[.role], "role")
        contact.name = reader.text(fields[.name], "name")
        contact.phone = reader.text(fields[.phone], "phone")
        contact.location = location(fields[.location], &reader)
        if let owner = reader.reference(fields[.ownerID], "owner_id") {
            contact.owner = self.recordID(Stream.admins, owner)
        }
        let companies = references(fields[.companies], "companies", Stream.companies, &reader)
        contact.companies = companies.ids
        let tags = references(fields[.tags], "tags", Stream.tags, &reader)
        contact.tags = tags.ids
        if tags.hasMore { reader.note("tags", "the list is cut at \(tags.ids.count); the rest is not read") }

        contact.createdAt = reader.date(fields[.createdAt], "created_at")
        contact.signedUpAt = reader.date(fields[.signedUpAt], mayBeAhead: false, "signed_up_at")
        // Contacts that only ever wrote e-mails were never seen; their replies are what is known of them.
        contact.lastSeenAt =
            reader.date(fields[.lastSeenAt], mayBeAhead: false, "last_seen_at")
            ?? reader.date(fields[.lastRepliedAt], mayBeAhead: false, "last_replied_at")
        if let attributes = reader.object(fields[.customAttributes], "custom_attributes") {
            takeAttributes(attributes.members, into: &contact, &reader)
        }

        let email = reader.email(fields[.email], "email")
        var keys: [ExternalID] = []
        if let external = reader.identifier(fields[.externalID], "external_id") {
            keys.append(ExternalID(system: externalIDSystem, id: external))
        }
        if let customer = contact.billing?.customerID { keys.append(customer) }

        let record = SourceRecord(
            id: recordID, identity: Identity(email: email, externalIDs: keys),
            changedAt: reader.date(fields[.updatedAt], "updated_at"), fact: .contact(contact), state: state)
        var mapped = MappedRecord(record, issues: reader.issues)
        mapped.hasFurtherCompanies = companies.hasMore
        return mapped
    }

    private func location(_ value: JSONValue?, _ reader: inout FieldReader) -> Location? {
        guard let object = reader.object(value, "location") else { return nil }
        var location = Location()
        for member in object.members {
            switch member.key {
            case "country": location.country = reader.text(member.value, "location.country")
            case "country_code": location.countryCode = reader.text(member.value, "location.country_code")
            case "region": location.region = reader.text(member.value, "location.region")
            case "city": location.city = reader.text(member.value, "location.city")
            default: break
            }
        }
        return location == Location() ? nil : location
    }

    /// The records named by an addressable list, which shows ten at most, and whether there are more of them.
    func references(
        _ value: JSONValue?, _ path: String, _ stream: String, _ reader: inout FieldReader
    ) -> (ids: [RecordID], hasMore: Bool) {
        guard let object = reader.object(value, path) else { return ([], false) }
        let listed = object["data"] ?? object[path]
        var ids: [RecordID] = []
        switch listed {
        case nil, .null: break
        case .array(let elements):
            ids.reserveCapacity(elements.count)
            for (index, element) in elements.enumerated() where !element.isAbsent {
                let id = element.object.map { $0["id"] } ?? element
                if let id = reader.identifier(id, "\(path).data[\(index)].id") { ids.append(recordID(stream, id)) }
            }
        case .some(let other): reader.note("\(path).data", "expected a list, found \(other.kindName)")
        }
        let total = object["total_count"]?.int64 ?? 0
        return (ids, object["has_more"]?.boolean == true || total > Int64(ids.count))
    }

    /// Sorts the custom attributes into the mirror of the billing system and the rest, of which scalars are kept.
    private func takeAttributes(
        _ members: [JSONObject.Member], into contact: inout Contact, _ reader: inout FieldReader
    ) {
        var stripe = StripeValues()
        for (position, member) in members.enumerated() {
            if let (role, rank) = stripeRoles.entry(for: member.key) {
                if !member.value.isAbsent { stripe.put(position, role, rank) }
                continue
            }
            switch member.value {
            case .bool, .integer, .double, .decimal: contact.attributes.members.append(member)
            case .string(let text):
                let kept = reader.capped(text, "custom_attributes.\(member.key)")
                contact.attributes.members.append(JSONObject.Member(key: member.key, value: .string(kept)))
            case .null, .array, .object, .tooDeep: break
            }
        }
        guard !stripe.isEmpty else { return }
        var billing = BillingMapping(units: stripeUnits, defaultCurrency: defaultCurrency)
        contact.billing = billing.mirror(of: stripe, in: members, &reader)
    }
}

/// The places of the attributes that mirror the billing system, by what they mean.
struct StripeValues {
    /// One lane for each ``StripeRole``; -1 for none. A vector costs no allocation for each contact.
    private var positions = SIMD16<Int32>(repeating: -1)
    private var ranks = SIMD16<UInt8>(repeating: .max)

    /// Whether no such attribute has a value.
    private(set) var isEmpty = true

    /// Notes an attribute; an earlier spelling stays, and of one spelling the last.
    mutating func put(_ position: Int, _ role: StripeRole, _ rank: UInt8) {
        isEmpty = false
        guard rank <= ranks[role.rawValue] else { return }
        ranks[role.rawValue] = rank
        positions[role.rawValue] = Int32(position)
    }

    subscript(role: StripeRole) -> Int? {
        let position = positions[role.rawValue]
        return position >= 0 ? Int(position) : nil
    }
}
