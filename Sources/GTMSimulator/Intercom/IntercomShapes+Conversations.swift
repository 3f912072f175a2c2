import GTMCore

/// Conversations, with and without their parts.
extension IntercomShapes {
    /// The most recent parts that are handed out of one conversation.
    static let greatestPartCount = 500

    /// A conversation as search and list show it.
    ///
    /// - Parameter survivor: The contact that now stands for another; itself where it was not merged.
    func conversation(
        _ conversation: IntercomConversation, plain: Bool = false, survivor: (String) -> String
    ) -> JSONObject {
        var object: JSONObject
        switch conversation.origin {
        case .world(let index, let place):
            let company = world.companies[index]
            object = self.conversation(company.conversations[place], company, conversation, plain, survivor)
        case .made: object = ["type": "conversation", "id": .string(conversation.id)]
        }
        for member in conversation.changes.members where member.key != "conversation_parts" {
            object[member.key] = member.value
        }
        return object
    }

    /// The parts of a conversation.
    func parts(_ conversation: IntercomConversation, plain: Bool, survivor: (String) -> String) -> JSONValue {
        if let changed = conversation.changes["conversation_parts"] { return changed }
        var parts: [JSONValue] = []
        if case .world(let index, let place) = conversation.origin {
            let company = world.companies[index]
            let messages = company.conversations[place].messages
            parts = messages.indices.dropFirst().suffix(Self.greatestPartCount).map { number in
                part(messages[number], "\(conversation.id)\(100 + number)", company, plain, survivor)
            }
            return list(parts, total: messages.count - 1)
        }
        return list(parts, total: 0)
    }

    private func list(_ parts: [JSONValue], total: Int) -> JSONValue {
        [
            "type": "conversation_part.list", "conversation_parts": .array(parts),
            "total_count": .integer(Int64(total)),
        ]
    }

    private func part(
        _ message: WorldMessage, _ id: String, _ company: WorldCompany, _ plain: Bool, _ survivor: (String) -> String
    ) -> JSONValue {
        let type =
            switch message.form {
            case .comment: "comment"
            case .note: "note"
            case .assignment: "assignment"
            case .close: "close"
            }
        return [
            "type": "conversation_part", "id": .string(id), "part_type": .string(type),
            "body": message.text.isEmpty ? .null : Self.body(message.text, plain), "created_at": .integer(message.at),
            "updated_at": .integer(message.at), "notified_at": .integer(message.at), "assigned_to": nil,
            "author": author(message.author, company, survivor), "attachments": [], "external_id": nil,
            "redacted": false, "state": nil, "tags": [], "app_package_code": nil,
        ]
    }

    private func conversation(
        _ story: WorldConversation, _ company: WorldCompany, _ conversation: IntercomConversation, _ plain: Bool,
        _ survivor: (String) -> String
    ) -> JSONObject {
        let isOpen = story.state != .closed
        let lastWord = story.messages.last { $0.isFromCustomer }?.at
        let delivered = story.opening == .customer ? "customer_initiated" : "admin_initiated"
        let contacts = story.people.map { place -> JSONValue in
            [
                "type": "contact", "id": .string(survivor(world.contactID(company, place))),
                "external_id": company.people[place].isUser ? .string("cust-\(company.index + 1)-\(place + 1)") : .null,
            ]
        }
        let teammates = story.assignee.map { admin($0) }
        let opening = story.messages[0]
        return [
            "type": "conversation", "id": .string(conversation.id), "title": .string(story.title),
            "created_at": .integer(conversation.createdAt), "updated_at": .integer(conversation.updatedAt),
            "waiting_since": isOpen ? .optional(lastWord) : .null,
            "snoozed_until": story.state == .snoozed ? .integer(world.time + 3 * WorldCalendar.day) : .null,
            "open": .bool(isOpen), "state": .string(story.state.rawValue), "read": .bool(!isOpen),
            "priority": story.isPriority ? "priority" : "not_priority",
            "admin_assignee_id": .optional(story.assignee.map(Vocabulary.number(ofTeammate:))),
            "team_assignee_id": nil,
            "source": [
                "type": story.isEmail ? "email" : "conversation", "id": .string("4\(conversation.id.suffix(9))"),
                "delivered_as": .string(delivered), "subject": .string(story.isEmail ? story.title : ""),
                "body": Self.body(opening.text, plain), "author": author(opening.author, company, survivor),
                "attachments": [], "url": story.isEmail ? .null : "https://app.vendor.test/home", "redacted": false,
            ],
            "contacts": ["type": "contact.list", "contacts": .array(contacts)],
            "first_contact_reply": story.opening == .customer
                ? ["created_at": .integer(story.createdAt), "type": "conversation", "url": nil] : nil,
            "teammates": ["type": "admin.list", "admins": .array(teammates.map { [$0] } ?? [])],
            "tags": ["type": "tag.list", "tags": .array(story.tags.map { tag($0, story) })],
            "conversation_rating": rating(story, company, survivor),
            "statistics": statistics(story), "sla_applied": nil, "custom_attributes": [:],
            "topics": ["type": "topic.list", "topics": [], "total_count": 0], "ticket": nil,
            "linked_objects": ["type": "list", "data": [], "total_count": 0, "has_more": false], "ai_agent": nil,
            "ai_agent_participated": false,
        ]
    }

    private func admin(_ place: Int) -> JSONValue {
        ["type": "admin", "id": .string("\(Vocabulary.number(ofTeammate: place))")]
    }

    private func tag(_ place: Int, _ story: WorldConversation) -> JSONValue {
        [
            "type": "tag", "id": .string("\(78_001 + place)"), "name": .string(Vocabulary.tags[place]),
            "applied_at": .integer(story.createdAt + 100), "applied_by": admin(story.assignee ?? Vocabulary.bot),
        ]
    }

    private func rating(_ story: WorldConversation, _ company: WorldCompany, _ survivor: (String) -> String)
        -> JSONValue
    {
        guard let rating = story.rating else { return .null }
        return [
            "rating": .optional(rating.score.map(Int64.init)), "remark": .optional(rating.remark),
            "created_at": .integer(rating.askedAt), "updated_at": .integer(rating.ratedAt),
            "contact": ["type": "contact", "id": .string(survivor(world.contactID(company, story.people[0])))],
            "teammate": admin(story.assignee ?? Vocabulary.bot),
        ]
    }

    private func statistics(_ story: WorldConversation) -> JSONValue {
        func last(_ isWanted: (WorldMessage) -> Bool) -> JSONValue {
            .optional(story.messages.last(where: isWanted)?.at)
        }
        func isTeammate(_ message: WorldMessage) -> Bool {
            if case .teammate = message.author { message.form == .comment } else { false }
        }
        let reply = story.messages.dropFirst().first(where: isTeammate)?.at
        return [
            "type": "conversation_statistics", "time_to_admin_reply": .optional(reply.map { $0 - story.createdAt }),
            "first_contact_reply_at": .optional(story.messages.first { $0.isFromCustomer }?.at),
            "last_contact_reply_at": last { $0.isFromCustomer }, "last_admin_reply_at": last(isTeammate),
            "last_close_at": last { $0.form == .close }, "count_reopens": 0, "count_assignments": 1,
            "count_conversation_parts": .integer(Int64(story.messages.count - 1)),
        ]
    }

    private func author(
        _ author: WorldMessage.Author, _ company: WorldCompany, _ survivor: (String) -> String
    ) -> JSONValue {
        switch author {
        case .person(let place):
            let person = company.people[place]
            return [
                "type": person.isUser ? "user" : "lead", "id": .string(survivor(world.contactID(company, place))),
                "name": .optional(person.name), "email": .optional(person.email),
            ]
        case .teammate(let place): return teammate(place, "admin")
        case .bot: return teammate(Vocabulary.bot, "bot")
        }
    }

    private func teammate(_ place: Int, _ type: String) -> JSONValue {
        let teammate = Vocabulary.teammates[place]
        return [
            "type": .string(type), "id": .string("\(teammate.number)"), "name": .string(teammate.name),
            "email": .string(teammate.email),
        ]
    }

    /// The text, or a paragraph of HTML.
    static func body(_ text: String, _ plain: Bool) -> JSONValue {
        if plain { return .string(text) }
        guard text.utf8.contains(where: { $0 == 0x26 || $0 == 0x3C || $0 == 0x3E }) else {
            return .string("<p>\(text)</p>")
        }
        let escaped = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        return .string("<p>\(escaped)</p>")
    }
}
