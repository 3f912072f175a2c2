import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension IntercomMapping {
    /// The head of a conversation, with its opening message.
    func conversation(_ value: JSONValue, now: Date) throws(MappingRejection) -> MappedRecord {
        let (fields, id) = try opened(value)
        let recordID = recordID(Stream.conversations, id)
        let state = state(of: fields)
        guard state != .deleted else {
            let fact = Fact.conversation(Conversation(createdAt: nil, state: nil, involvesCustomer: false))
            return MappedRecord(SourceRecord(id: recordID, fact: fact, state: state), issues: [])
        }
        var reader = FieldReader(record: recordID, now: now)
        let source = reader.object(fields["source"], "source").map { JSONFields($0) }
        let delivery = reader.text(source?["delivered_as"], "source.delivered_as")
        // Broadcasts open conversations too; they concern the customer only once the customer answers.
        let involvesCustomer =
            delivery == nil || delivery == "customer_initiated" || fields.present("first_contact_reply") != nil

        var conversation = Conversation(
            createdAt: reader.date(fields["created_at"], "created_at"),
            state: conversationState(of: fields, &reader), isPriority: isPriority(fields["priority"], &reader),
            involvesCustomer: involvesCustomer)
        conversation.tags = tagNames(fields["tags"], &reader)
        conversation.rating = rating(of: fields, &reader)
        if let admin = reader.reference(fields["admin_assignee_id"], "admin_assignee_id") {
            conversation.assignee = self.recordID(Stream.admins, admin)
        }
        if let source {
            let isRedacted = source["redacted"]?.boolean == true
            let body = isRedacted ? "" : reader.body(source["body"], "source.body")
            // An e-mail may say all it has to say in its subject.
            let text = body.isEmpty && !isRedacted ? reader.text(source["subject"], "source.subject") ?? "" : body
            let author = author(source["author"], "source.author", &reader)
            let side = author?.side ?? (delivery == "customer_initiated" ? .customer : .teammate)
            conversation.opening = Message(
                id: reader.identifier(source["id"], "source.id") ?? id, sentAt: conversation.createdAt, side: side,
                author: author?.reference, text: text)
        }

        let changedAt = reader.date(fields["updated_at"], "updated_at")
        let record = SourceRecord(
            id: recordID, subjects: subjects(of: fields, source, &reader), changedAt: changedAt,
            fact: .conversation(conversation), state: state)
        let pending =
            wantsParts(fields, changedAt: changedAt, now: now)
            ? PendingFetch(id: self.recordID(Stream.parts, id), because: recordID) : nil
        return MappedRecord(record, issues: reader.issues, pending: pending)
    }

    /// The further messages of a conversation, from the answer that holds its parts.
    func transcript(_ value: JSONValue, now: Date) throws(MappingRejection) -> MappedRecord {
        let (fields, id) = try opened(value)
        let recordID = recordID(Stream.parts, id)
        var transcript = Transcript(conversation: self.recordID(Stream.conversations, id), messages: [])
        guard state(of: fields) != .deleted else {
            return MappedRecord(SourceRecord(id: recordID, fact: .transcript(transcript), state: .deleted), issues: [])
        }
        var reader = FieldReader(record: recordID, now: now)
        let (parts, total) = try parts(of: fields)
        for (index, part) in parts.enumerated() where !part.isAbsent {
            if let message = message(part, "conversation_parts[\(index)]", &reader) {
                transcript.messages.append(message)
            }
        }
        transcript.messages = Self.oldestFirst(transcript.messages)
        transcript.missing = Int(clamping: max(0, (total ?? 0) - Int64(parts.count)))
        if transcript.missing > 0 {
            reader.note(
                "conversation_parts",
                transcript.missing == 1
                    ? "1 older message is not handed out"
                    : "\(transcript.missing) older messages are not handed out")
        }
        let source = fields["source"]?.object.map { JSONFields($0) }
        let record = SourceRecord(
            id: recordID, subjects: subjects(of: fields, source, &reader),
            changedAt: reader.date(fields["updated_at"], "updated_at"), fact: .transcript(transcript),
            state: state(of: fields))
        return MappedRecord(record, issues: reader.issues)
    }

    // MARK: Parts of the head

    private func conversationState(of fields: JSONFields, _ reader: inout FieldReader) -> Conversation.State? {
        if let word = reader.text(fields["state"], "state") {
            if let state = Conversation.State(rawValue: word) { return state }
            reader.note("state", "no known state; expected open, closed or snoozed")
        }
        return reader.boolean(fields["open"], "open").map { $0 ? .open : .closed }
    }

    /// Two words until version 2.15, five from 2.16 on.
    private func isPriority(_ value: JSONValue?, _ reader: inout FieldReader) -> Bool {
        if case .bool(let flag) = value { return flag }
        switch reader.text(value, "priority")?.lowercased() {
        case "priority", "high", "urgent": return true
        case nil, "not_priority", "none", "low", "medium": return false
        default:
            reader.note("priority", "no known priority")
            return false
        }
    }

    private func tagNames(_ value: JSONValue?, _ reader: inout FieldReader) -> [String] {
        guard let object = reader.object(value, "tags") else { return [] }
        let listed = (object["tags"] ?? object["data"])?.array ?? []
        return listed.enumerated().compactMap { reader.text($1["name"], "tags.tags[\($0)].name") }
    }

    private func rating(of fields: JSONFields, _ reader: inout FieldReader) -> Rating? {
        let paths = [("conversation_rating", "contact"), ("ai_agent", "contact")]
        for (path, rater) in paths {
            guard let object = reader.object(fields[path], path), let score = object["rating"], !score.isAbsent else {
                continue
            }
            let by = reader.identifier(object[rater]?["id"], "\(path).\(rater).id")
            // `created_at` is when the verdict was asked for.
            let rated = object["updated_at"].flatMap { $0.isAbsent ? nil : $0 } ?? object["created_at"]
            if let number = score.int64.flatMap({ Int(exactly: $0) }),
                let rating = Rating(
                    score: number, ratedAt: reader.date(rated, "\(path).updated_at"),
                    by: by.map { .record(recordID(Stream.contacts, $0)) })
            {
                return rating
            }
            reader.note("\(path).rating", "expected a whole number from 1 to 5")
        }
        return nil
    }

    /// Everybody in the conversation, else its author.
    private func subjects(of fields: JSONFields, _ source: JSONFields?, _ reader: inout FieldReader) -> [SubjectRef] {
        let listed = fields["contacts"]?["contacts"] ?? fields["contacts"]?["data"] ?? fields["contacts"]
        var subjects: [SubjectRef] = []
        for (index, contact) in (listed?.array ?? []).enumerated() {
            if let id = reader.identifier(contact["id"], "contacts.contacts[\(index)].id") {
                subjects.append(.record(recordID(Stream.contacts, id)))
            }
        }
        if subjects.isEmpty, let author = author(source?["author"], "source.author", &reader), author.side == .customer,
            let reference = author.reference
        {
            subjects.append(reference)
        }
        return subjects
    }

    private func wantsParts(_ fields: JSONFields, changedAt: Date?, now: Date) -> Bool {
        guard let changedAt, fields["statistics"]?["count_conversation_parts"]?.int64 != 0 else { return false }
        return changedAt >= now - TimeInterval(transcriptWindow.components.seconds)
    }

    // MARK: Messages

    /// The parts that are handed out, and how many there are as far as that is told.
    ///
    /// A list that is not there says nothing of the messages, unless the vendor counts none.
    private func parts(of fields: JSONFields) throws(MappingRejection) -> (listed: [JSONValue], total: Int64?) {
        let outer = fields["conversation_parts"]
        let inner = outer?.object == nil ? outer : outer?["conversation_parts"] ?? outer?["data"]
        let counts = [outer?["total_count"]?.int64, fields["statistics"]?["count_conversation_parts"]?.int64]
        let total = counts.compactMap { $0 }.filter { $0 >= 0 }.max()
        if outer?.object != nil, let listed = inner?.array { return (listed, total) }
        if total == 0, inner?.isAbsent != false { return ([], 0) }
        var reason = "expected the list of messages, found \(inner?.kindName ?? "nothing")"
        if let total { reason += "; the source counts \(total)" }
        throw MappingRejection(path: ".conversation_parts", reason: reason, retries: true)
    }

    private func message(_ part: JSONValue, _ path: @autoclosure () -> String, _ reader: inout FieldReader) -> Message?
    {
        guard case .object(let object) = part else {
            reader.note(path(), "expected an object, found \(part.kindName)")
            return nil
        }
        let fields = PickedFields<PartField>(object)
        // Notes are for teammates' eyes. Any other kind may carry words, closing and assigning too.
        guard fields[.partType]?.string != "note", fields[.redacted]?.boolean != true else { return nil }
        let text = reader.body(fields[.body], "\(path()).body")
        guard !text.isEmpty else { return nil }
        let author = author(fields[.author], "\(path()).author", &reader)
        return Message(
            id: reader.identifier(fields[.id], "\(path()).id") ?? "",
            sentAt: reader.date(
                fields[.createdAt], "\(path()).created_at"), side: author?.side ?? .teammate,
            author: author?.reference, text: text)
    }

    /// Who wrote: the side, and the person.
    private func author(_ value: JSONValue?, _ path: @autoclosure () -> String, _ reader: inout FieldReader)
        -> (side: Message.Side, reference: SubjectRef?)?
    {
        guard let object = reader.object(value, path()) else { return nil }
        let id = reader.reference(object["id"], "\(path()).id")
        switch reader.text(object["type"], "\(path()).type") {
        case "user", "lead", "contact", "visitor":
            if let id { return (.customer, .record(recordID(Stream.contacts, id))) }
            return (.customer, reader.email(object["email"], "\(path()).email").map { .email($0) })
        case "bot": return (.bot, id.map { .record(recordID(Stream.admins, $0)) })
        case "team": return (.teammate, nil)
        case "admin":
            // Intercom's own bot writes as an admin too.
            let isBot =
                Self.isOperator(object["email"]?.string) || object["is_ai_answer"]?.boolean == true
                || object["from_ai_agent"]?.boolean == true
            return (isBot ? .bot : .teammate, id.map { .record(recordID(Stream.admins, $0)) })
        case nil: return nil
        default:
            reader.note("\(path()).type", "no known kind of author")
            return nil
        }
    }

    /// By time; what has none stays behind what it followed.
    private static func oldestFirst(_ messages: [Message]) -> [Message] {
        var latest = Date.distantPast
        let keyed = messages.enumerated().map { index, message in
            latest = message.sentAt ?? latest
            return (time: latest, index: index, message: message)
        }
        return keyed.sorted { ($0.time, $0.index) < ($1.time, $1.index) }.map(\.message)
    }
}

extension FieldReader {
    /// The readable text of a message body.
    mutating func body(_ value: JSONValue?, _ path: @autoclosure () -> String) -> String {
        guard let value, !value.isAbsent else { return "" }
        guard case .string(let body) = value else {
            note(path(), "expected a text, found \(value.kindName)")
            return ""
        }
        return PlainText.of(body)
    }
}
