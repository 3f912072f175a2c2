public import GTMCore
import Synchronization

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// What happens in the workspace while time goes on. Each event takes place at the workspace's present time.
extension SimulatedIntercom {
    /// The workspace's present time.
    public var now: Date { Date(timeIntervalSince1970: Double(state.withLock { $0.time })) }

    /// Moves the workspace's time on; a time before the present one changes nothing.
    public func step(to time: Date) {
        state.withLock { $0.time = max($0.time, Int64(time.timeIntervalSince1970.rounded(.down))) }
    }

    /// The ids of the contacts with an address that can be seen, the one used most first; empty where there is none.
    public func contactIDs(of email: EmailAddress) -> [String] {
        state.withLock { state in
            let workspace = state.workspace
            return workspace.contacts.filter { contact in
                guard contact.state == .live else { return false }
                let text = workspace.shapes.email(of: contact)
                // What is no address is nobody's.
                return text.flatMap { try? EmailAddress($0) } == email
            }.map(\.id)
        }
    }

    /// Changes members of a contact, named and typed as the vendor does; custom attributes are changed one by one.
    ///
    /// - Returns: Whether there is such a contact.
    @discardableResult
    public func update(contact id: String, _ members: JSONObject) -> Bool {
        state.withLock { state in
            guard let place = state.workspace.livePlace(of: id) else { return false }
            state.workspace.change(place, at: state.time) { contact in contact.lay(members) }
            return true
        }
    }

    /// Creates a contact with the members given, a lead unless they say otherwise, and gives its id.
    public func create(contact members: JSONObject) -> String {
        state.withLock { $0.workspace.add(contact: members, at: $0.time) }
    }

    /// Merges a contact into another, which takes over its conversations.
    ///
    /// - Returns: Whether there are both, and they are two.
    @discardableResult
    public func merge(contact id: String, into survivor: String) -> Bool {
        state.withLock { state in
            guard id != survivor, let place = state.workspace.livePlace(of: id),
                let other = state.workspace.livePlace(of: survivor)
            else { return false }
            state.workspace.remove(place, as: .merged(into: survivor))
            state.workspace.change(other, at: state.time) { _ in }
            return true
        }
    }

    /// Deletes a contact for good. Its conversations stay.
    ///
    /// - Returns: Whether there was one.
    @discardableResult
    public func delete(contact id: String) -> Bool { remove(id, .deleted) }

    /// Hides a contact from lists and search; its id still answers.
    ///
    /// - Returns: Whether there was one.
    @discardableResult
    public func archive(contact id: String) -> Bool { remove(id, .archived) }

    /// Has a contact begin a conversation, and gives its id; `nil` where there is no such contact.
    @discardableResult
    public func say(_ text: String, by contact: String) -> String? {
        state.withLock { state in
            guard let place = state.workspace.livePlace(of: contact) else { return nil }
            let id = "2160\(100_000_000_000 + state.workspace.conversations.count)"
            let members = state.workspace.shapes.opening(
                text, by: state.workspace.shapes.contact(state.workspace.contacts[place]), id: id, at: state.time)
            state.workspace.put(conversation: id, members, at: state.time)
            let time = state.time
            state.workspace.change(place, at: time) { contact in
                contact.lay(["last_seen_at": .integer(time), "last_replied_at": .integer(time)])
            }
            return id
        }
    }

    /// Changes members of a conversation, named and typed as the vendor does.
    ///
    /// - Returns: Whether there is such a conversation.
    @discardableResult
    public func update(conversation id: String, _ members: JSONObject) -> Bool {
        state.withLock { state in
            guard state.workspace.placeOfConversation[id] != nil else { return false }
            state.workspace.put(conversation: id, members, at: state.time)
            return true
        }
    }

    private func remove(_ id: String, _ removed: IntercomContact.State) -> Bool {
        state.withLock { state in
            guard let place = state.workspace.livePlace(of: id) else { return false }
            state.workspace.remove(place, as: removed)
            return true
        }
    }
}

extension IntercomWorkspace {
    /// The place of a contact that can be seen.
    func livePlace(of id: String) -> Int? { placeOfContact[id].flatMap { contacts[$0].state == .live ? $0 : nil } }
}

extension IntercomContact {
    /// Lays changed members over the others.
    mutating func lay(_ members: JSONObject) {
        for member in members.members {
            if member.key == "custom_attributes", case .object(var known) = changes[member.key],
                case .object(let changed) = member.value
            {
                for attribute in changed.members { known[attribute.key] = attribute.value }
                changes[member.key] = .object(known)
            } else {
                changes[member.key] = member.value
            }
        }
    }
}

extension IntercomShapes {
    /// The address of a contact as written.
    func email(of contact: IntercomContact) -> String? {
        if case .person(let index, let place, _) = contact.origin, contact.changes["email"] == nil {
            return world.companies[index].people[place].email
        }
        return self.contact(contact)["email"]?.string
    }

    /// A conversation that a contact has just begun.
    func opening(_ text: String, by contact: JSONObject, id: String, at time: Int64) -> JSONObject {
        let person: JSONObject = [
            "type": contact["role"] ?? "lead", "id": contact["id"] ?? .null, "name": contact["name"] ?? .null,
            "email": contact["email"] ?? .null,
        ]
        return [
            "title": nil, "created_at": .integer(time), "updated_at": .integer(time), "waiting_since": .integer(time),
            "snoozed_until": nil, "open": true, "state": "open", "read": false, "priority": "not_priority",
            "admin_assignee_id": nil, "team_assignee_id": nil,
            "source": [
                "type": "conversation", "id": .string("4\(id.suffix(9))"), "delivered_as": "customer_initiated",
                "subject": "", "body": Self.body(text, false), "author": .object(person), "attachments": [],
                "url": nil, "redacted": false,
            ],
            "contacts": [
                "type": "contact.list",
                "contacts": [
                    [
                        "type": "contact", "id": contact["id"] ?? .null,
                        "external_id": contact["external_id"] ?? .null,
                    ]
                ],
            ],
            "first_contact_reply": ["created_at": .integer(time), "type": "conversation", "url": nil],
            "teammates": ["type": "admin.list", "admins": []], "tags": ["type": "tag.list", "tags": []],
            "conversation_rating": nil,
            "statistics": ["type": "conversation_statistics", "count_conversation_parts": 0], "sla_applied": nil,
            "custom_attributes": [:], "topics": ["type": "topic.list", "topics": [], "total_count": 0], "ticket": nil,
            "linked_objects": ["type": "list", "data": [], "total_count": 0, "has_more": false], "ai_agent": nil,
            "ai_agent_participated": false,
        ]
    }
}
