import GTMCore

/// A contact of the workspace: a person of the world, or one that was created since, and what was changed about it.
struct IntercomContact: Sendable {
    enum Twin: UInt8, Sendable { case none, lead, user }
    enum Origin: Sendable {
        case person(company: Int, place: Int, Twin)
        case made
    }
    enum State: Sendable, Equatable { case live, archived, deleted, merged(into: String) }

    var id: String
    var origin: Origin
    var createdAt: Int64
    var updatedAt: Int64
    var state = State.live
    /// Members that were changed, in the vendor's own names.
    var changes = JSONObject()
}

extension IntercomContact {
    /// The contacts under which a person of the world is known.
    static func contacts(of person: WorldPerson, at place: Int, in company: WorldCompany, _ world: SimulatedWorld)
        -> [IntercomContact]
    {
        var changed = max(person.arrivedAt, person.lastSeenAt ?? 0, person.lastRepliedAt ?? 0)
        if person.showsBilling { changed = max(changed, company.payments.last?.at ?? 0) }
        var contacts = [
            IntercomContact(
                id: id(company.index, place, .none, person.arrivedAt, world),
                origin: .person(company: company.index, place: place, .none), createdAt: person.arrivedAt,
                updatedAt: changed)
        ]
        if person.quirks.contains(.leadTwin) {
            let time = person.arrivedAt - WorldCalendar.day * Int64(1 + person.noise % 60)
            contacts.append(
                IntercomContact(
                    id: id(company.index, place, .lead, person.arrivedAt, world),
                    origin: .person(company: company.index, place: place, .lead), createdAt: time, updatedAt: time + 600
                ))
        }
        if person.quirks.contains(.userTwin) {
            let time = min(person.arrivedAt + 40 * WorldCalendar.day, world.time - 3_600)
            contacts.append(
                IntercomContact(
                    id: id(company.index, place, .user, person.arrivedAt, world),
                    origin: .person(company: company.index, place: place, .user), createdAt: time, updatedAt: time))
        }
        return contacts
    }

    /// Twenty-four hexadecimal digits; different for each contact.
    static func id(_ company: Int, _ place: Int, _ twin: Twin, _ arrivedAt: Int64, _ world: SimulatedWorld) -> String {
        let number = UInt64(company) << 8 | UInt64(place) << 2 | UInt64(twin.rawValue)
        return UInt64(bitPattern: arrivedAt).hexadecimal.suffix(8) + SeededRandom.mix(world.seed ^ number).hexadecimal
    }
}

extension SimulatedWorld {
    /// The id of the contact that a person uses.
    func contactID(_ company: WorldCompany, _ place: Int) -> String {
        IntercomContact.id(company.index, place, .none, company.people[place].arrivedAt, self)
    }

    func companyID(_ index: Int) -> String { "66000000" + SeededRandom.mix(~seed ^ UInt64(index)).hexadecimal }
}

/// A conversation of the workspace: one of the world, or one that was begun since.
struct IntercomConversation: Sendable {
    enum Origin: Sendable {
        case world(company: Int, place: Int)
        case made
    }

    var id: String
    var origin: Origin
    var createdAt: Int64
    var updatedAt: Int64
    /// Members that were changed, in the vendor's own names.
    var changes = JSONObject()
}
