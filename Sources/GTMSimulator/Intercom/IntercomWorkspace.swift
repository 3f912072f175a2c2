import GTMCore

/// One workspace: what the world gave it, what happened since, and how it answers. Everything here is a function of
/// this state, the request and the time.
struct IntercomWorkspace: Sendable {
    /// What search shows of a contact until the index has caught up: the former version, or nothing for a new one.
    struct Lag: Sendable {
        var until: Int64
        var former: IntercomContact?
    }

    let world: SimulatedWorld
    let shapes: IntercomShapes
    let configuration: SimulatedIntercom.Configuration
    private(set) var contacts: [IntercomContact] = []
    private(set) var conversations: [IntercomConversation] = []
    private(set) var placeOfContact: [String: Int] = [:]
    private(set) var placeOfConversation: [String: Int] = [:]
    private(set) var lags: [Int: Lag] = [:]
    /// Counts the changes, so that lists made before one are not used after it.
    private(set) var revision = 0
    /// The list made last, by end point.
    var listings: [String: (key: [UInt8], listing: IntercomListing)] = [:]

    init(_ world: SimulatedWorld, _ configuration: SimulatedIntercom.Configuration) {
        self.world = world
        self.configuration = configuration
        shapes = IntercomShapes(world: world, billingForm: configuration.billingForm)
        for company in world.companies {
            for (place, person) in company.people.enumerated() {
                contacts += IntercomContact.contacts(of: person, at: place, in: company, world)
            }
            for (place, story) in company.conversations.enumerated() {
                conversations.append(
                    IntercomConversation(
                        id: String(story.number), origin: .world(company: company.index, place: place),
                        createdAt: story.createdAt, updatedAt: story.updatedAt))
            }
        }
        placeOfContact.reserveCapacity(contacts.count)
        for (place, contact) in contacts.enumerated() { placeOfContact[contact.id] = place }
        for (place, conversation) in conversations.enumerated() { placeOfConversation[conversation.id] = place }
    }

    /// The contact that stands for an id after merges.
    func survivor(of id: String) -> String {
        var id = id
        // A contact that was merged can be merged into no other, so that this comes to an end.
        while let place = placeOfContact[id], case .merged(let survivor) = contacts[place].state { id = survivor }
        return id
    }

    /// What search has of a contact at a time; `nil` where it has nothing.
    func indexed(_ place: Int, at time: Int64) -> (contact: IntercomContact, isOld: Bool)? {
        guard let lag = lags[place], lag.until > time else { return (contacts[place], false) }
        return lag.former.map { ($0, true) }
    }

    /// The contacts that search does not show as they are.
    func lagCount(at time: Int64) -> Int { lags.values.count { $0.until > time } }

    // MARK: What happens

    /// Changes a contact in a way that search learns later.
    mutating func change(_ place: Int, at time: Int64, _ body: (inout IntercomContact) -> Void) {
        let former = indexed(place, at: time)?.contact
        body(&contacts[place])
        contacts[place].updatedAt = max(time, contacts[place].updatedAt)
        if configuration.indexLagSeconds > 0 {
            lags[place] = Lag(until: time + configuration.indexLagSeconds, former: former)
        }
        revision += 1
    }

    /// Takes a contact out of sight at once.
    mutating func remove(_ place: Int, as state: IntercomContact.State) {
        contacts[place].state = state
        lags[place] = nil
        revision += 1
    }

    /// Adds a contact and gives its id.
    mutating func add(contact members: JSONObject, at time: Int64) -> String {
        let number = UInt64(contacts.count) | 1 << 62
        let id =
            String(UInt64(bitPattern: time).hexadecimal.suffix(8)) + SeededRandom.mix(world.seed ^ number).hexadecimal
        contacts.append(
            IntercomContact(id: id, origin: .made, createdAt: time, updatedAt: time, changes: members))
        placeOfContact[id] = contacts.count - 1
        if configuration.indexLagSeconds > 0 {
            lags[contacts.count - 1] = Lag(until: time + configuration.indexLagSeconds, former: nil)
        }
        revision += 1
        return id
    }

    /// Adds a conversation, or changes one.
    mutating func put(conversation id: String, _ members: JSONObject, at time: Int64) {
        if placeOfConversation[id] == nil {
            placeOfConversation[id] = conversations.count
            conversations.append(IntercomConversation(id: id, origin: .made, createdAt: time, updatedAt: time))
        }
        guard let place = placeOfConversation[id] else { return }
        for member in members.members { conversations[place].changes[member.key] = member.value }
        conversations[place].updatedAt = time
        conversations[place].changes["updated_at"] = .integer(time)
        revision += 1
    }
}
