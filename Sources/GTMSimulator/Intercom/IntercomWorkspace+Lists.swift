import GTMAdapterKit
import GTMCore

/// Lists, searches and their pages.
extension IntercomWorkspace {
    static let greatestPage = 150

    /// What a page was asked for, and what is to go wrong with it.
    struct PageWish {
        var size: Int
        var cursor: IntercomCursor?
        var flaws: Set<SimulatedFaults.Fault> = []

        init(
            size: JSONValue?, usual: Int, cursor: String?, greatest: Int = greatestPage,
            flaws: Set<SimulatedFaults.Fault> = []
        ) throws(IntercomRefusal) {
            self.size = usual
            if let size, !size.isNull {
                guard let number = size.int64, number >= 1 else {
                    throw .invalid("Per Page is invalid", field: "per_page")
                }
                guard number <= greatest else { throw .tooBig }
                self.size = Int(number)
            }
            if let cursor, !cursor.isEmpty {
                guard let place = IntercomCursor(cursor), !flaws.contains(.expiredCursor) else { throw .badCursor }
                self.cursor = place
            }
            self.flaws = flaws
        }
    }

    // MARK: Contacts

    mutating func searchContacts(
        _ body: JSONValue, _ flaws: Set<SimulatedFaults.Fault>, at time: Int64
    ) throws(IntercomRefusal) -> JSONValue {
        let query = try IntercomQuery(body["query"], fields: IntercomFields.contact, offset: configuration.offset)
        let sort = try Sort(body["sort"], usual: "created_at", among: ["created_at", "updated_at", "last_seen_at"])
        let wish = try PageWish(
            size: body["pagination"]?["per_page"], usual: 50, cursor: body["pagination"]?["starting_after"]?.string,
            flaws: flaws)
        let key = JSONWriter.bytes([
            body["query"] ?? .null, body["sort"] ?? .null, .integer(Int64(revision)),
            .integer(Int64(lagCount(at: time))),
        ])
        let listing = known("/contacts/search", key) ?? found(query, sort, at: time)
        listings["/contacts/search"] = (key, listing)
        return page(of: listing, wish, type: "list", name: "data") { entry in
            let contact = entry.isOld ? lags[entry.place]?.former ?? contacts[entry.place] : contacts[entry.place]
            return shapes.contact(contact)
        }
    }

    mutating func listContacts(
        _ request: HTTPRequest, _ flaws: Set<SimulatedFaults.Fault>
    ) throws(IntercomRefusal) -> JSONValue {
        let wish = try PageWish(
            size: request.value("per_page").map { .string($0) }, usual: 10, cursor: request.value("starting_after"),
            flaws: flaws)
        let key = Array("\(revision)".utf8)
        let listing = known("/contacts", key) ?? allContacts()
        listings["/contacts"] = (key, listing)
        return page(of: listing, wish, type: "list", name: "data") { shapes.contact(contacts[$0.place]) }
    }

    private func allContacts() -> IntercomListing {
        let live = contacts.indices.filter { contacts[$0].state == .live }
        return IntercomListing(
            live.map { .init(sort: contacts[$0].createdAt, id: contacts[$0].id, place: $0) }, ascending: false)
    }

    private func found(_ query: IntercomQuery, _ sort: Sort, at time: Int64) -> IntercomListing {
        var entries: [IntercomListing.Entry] = []
        for place in contacts.indices {
            guard let (contact, isOld) = indexed(place, at: time), contact.state == .live,
                query.matches({ value($0, of: contact) })
            else { continue }
            let key = value(sort.field, of: contact).int64 ?? 0
            entries.append(.init(sort: key, id: contact.id, place: place, isOld: isOld))
        }
        return IntercomListing(entries, ascending: sort.isAscending)
    }

    /// One field of a contact; the common ones without writing the whole contact.
    private func value(_ field: String, of contact: IntercomContact) -> JSONValue {
        if contact.changes.members.isEmpty {
            switch field {
            case "id": return .string(contact.id)
            case "created_at": return .integer(contact.createdAt)
            case "updated_at": return .integer(contact.updatedAt)
            default: break
            }
        }
        let object = shapes.contact(contact)
        switch field {
        case "tag_id": return .array((object["tags"]?["data"]?.array ?? []).compactMap { $0["id"] })
        case "email_domain":
            return .optional(object["email"]?.string?.split(separator: "@").last.map(String.init))
        default: return Self.value(at: field, in: .object(object))
        }
    }

    // MARK: Conversations

    mutating func searchConversations(
        _ body: JSONValue, _ flaws: Set<SimulatedFaults.Fault>
    ) throws(IntercomRefusal) -> JSONValue {
        let query = try IntercomQuery(body["query"], fields: IntercomFields.conversation, offset: 0)
        let sort = try Sort(body["sort"], usual: "updated_at", among: ["created_at", "updated_at", "id"])
        let wish = try PageWish(
            size: body["pagination"]?["per_page"], usual: 20, cursor: body["pagination"]?["starting_after"]?.string,
            flaws: flaws)
        let key = JSONWriter.bytes([body["query"] ?? .null, body["sort"] ?? .null, .integer(Int64(revision))])
        let listing = known("/conversations/search", key) ?? foundConversations(query, sort)
        listings["/conversations/search"] = (key, listing)
        return conversationPage(listing, wish)
    }

    mutating func listConversations(
        _ request: HTTPRequest, _ flaws: Set<SimulatedFaults.Fault>
    ) throws(IntercomRefusal) -> JSONValue {
        let wish = try PageWish(
            size: request.value("per_page").map { .string($0) }, usual: 20, cursor: request.value("starting_after"),
            flaws: flaws)
        let key = Array("\(revision)".utf8)
        let listing = known("/conversations", key) ?? foundConversations(nil, Sort(field: "updated_at"))
        listings["/conversations"] = (key, listing)
        return conversationPage(listing, wish)
    }

    private func foundConversations(_ query: IntercomQuery?, _ sort: Sort) -> IntercomListing {
        var entries: [IntercomListing.Entry] = []
        for (place, conversation) in conversations.enumerated() {
            guard query?.matches({ value($0, of: conversation) }) ?? true else { continue }
            let key = sort.field == "created_at" ? conversation.createdAt : conversation.updatedAt
            entries.append(.init(sort: sort.field == "id" ? 0 : key, id: conversation.id, place: place))
        }
        return IntercomListing(entries, ascending: sort.isAscending)
    }

    private func conversationPage(_ listing: IntercomListing, _ wish: PageWish) -> JSONValue {
        page(of: listing, wish, type: "conversation.list", name: "conversations") { entry in
            shapes.conversation(conversations[entry.place], survivor: survivor(of:))
        }
    }

    private func value(_ field: String, of conversation: IntercomConversation) -> JSONValue {
        switch field {
        case "id": return .string(conversation.id)
        case "created_at": return .integer(conversation.createdAt)
        case "updated_at": return .integer(conversation.updatedAt)
        case "contact_ids":
            if case .world(let index, let place) = conversation.origin, conversation.changes["contacts"] == nil {
                let company = world.companies[index]
                return .array(
                    company.conversations[place].people.map { .string(survivor(of: world.contactID(company, $0))) })
            }
        default: break
        }
        let object = JSONValue.object(
            shapes.conversation(conversation, plain: field == "source.body", survivor: survivor(of:)))
        func ids(_ list: String, _ name: String) -> JSONValue {
            .array((object[list]?[name]?.array ?? []).compactMap { $0["id"] })
        }
        switch field {
        case "contact_ids": return ids("contacts", "contacts")
        case "teammate_ids": return ids("teammates", "admins")
        case "tag_ids": return ids("tags", "tags")
        case "conversation_rating.score": return object["conversation_rating"]?["rating"] ?? .null
        case "conversation_rating.requested_at": return object["conversation_rating"]?["created_at"] ?? .null
        case "conversation_rating.replied_at": return object["conversation_rating"]?["updated_at"] ?? .null
        default: return Self.value(at: field, in: object)
        }
    }

    // MARK: Pages

    /// The order that was asked for.
    private struct Sort {
        var field: String
        var isAscending = false

        init(field: String) { self.field = field }

        init(_ value: JSONValue?, usual: String, among fields: [String]) throws(IntercomRefusal) {
            field = usual
            guard let value, !value.isNull else { return }
            guard let name = value["field"]?.string, fields.contains(name) else {
                throw .invalid("sort field is not supported", field: "sort.field")
            }
            field = name
            switch value["order"]?.string {
            case "ascending": isAscending = true
            case "descending", nil: isAscending = false
            default:
                throw IntercomRefusal(
                    status: 400, code: "invalid_sort_order", message: "order is ascending or descending",
                    field: "sort.order")
            }
        }
    }

    /// The list made last, where it answers the same question.
    private func known(_ path: String, _ key: [UInt8]) -> IntercomListing? {
        listings[path].flatMap { $0.key == key ? $0.listing : nil }
    }

    private func page(
        of listing: IntercomListing, _ wish: PageWish, type: String, name: String,
        write: (IntercomListing.Entry) -> JSONObject
    ) -> JSONValue {
        let start = wish.cursor.map(listing.first(after:)) ?? 0
        let entries = listing.entries[start..<min(start + wish.size, listing.entries.count)]
        let number = wish.cursor?.page ?? 1
        var records = entries.map { JSONValue.object(write($0)) }
        if wish.flaws.contains(.wrongTypes), let place = records.indices.last { records[place].spoil() }

        var pages: JSONObject = ["type": "pages"]
        let next = next(listing, wish, entries, number)
        if next != .null || SeededRandom.mix(world.seed ^ UInt64(number)) & 1 == 0 { pages["next"] = next }
        pages["page"] = .integer(Int64(number))
        pages["per_page"] = .integer(Int64(wish.size))
        pages["total_pages"] = .integer(Int64((listing.entries.count + wish.size - 1) / wish.size))
        return [
            "type": .string(type), name: .array(records),
            "total_count": .integer(Int64(listing.entries.count)),
            "pages": .object(pages),
        ]
    }

    private func next(
        _ listing: IntercomListing, _ wish: PageWish, _ entries: ArraySlice<IntercomListing.Entry>, _ number: Int
    ) -> JSONValue {
        var cursor: IntercomCursor?
        if let last = entries.last, entries.endIndex < listing.entries.count {
            cursor = IntercomCursor(sort: last.sort, id: last.id, page: number + 1)
        }
        // A page is given again by pointing before its own first record.
        let before =
            wish.cursor ?? IntercomCursor(sort: listing.isAscending ? .min / 1000 : .max / 1000, id: "", page: 1)
        if wish.flaws.contains(.repeatedCursor) { cursor = before }
        if wish.flaws.contains(.duplicatePage) {
            cursor = IntercomCursor(sort: before.sort, id: before.id, page: number + 1)
        }
        guard let cursor else { return .null }
        return ["page": .integer(Int64(cursor.page)), "starting_after": .string(cursor.text)]
    }

    /// The value at a path of names joined by points.
    private static func value(at path: String, in value: JSONValue) -> JSONValue {
        if let found = value[path] { return found }
        let parts = path.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let inner = value[String(parts[0])] else { return .null }
        return Self.value(at: String(parts[1]), in: inner)
    }
}

extension HTTPRequest {
    /// The first value of a name in the query.
    func value(_ name: String) -> String? { query.first { $0.name == name }?.value }
}

extension JSONValue {
    /// Gives members types that nobody expects.
    fileprivate mutating func spoil() {
        guard case .object(var object) = self else { return }
        for key in ["created_at", "updated_at"] { object[key] = "yesterday" }
        for key in ["email", "source", "custom_attributes", "contacts"] where object[key] != nil { object[key] = 42 }
        self = .object(object)
    }
}
