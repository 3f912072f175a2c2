extension Conversation: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "created_at", createdAt)
        fields.put(2, "state", state)
        fields.put(3, "is_priority", isPriority)
        fields.put(4, "involves_customer", involvesCustomer)
        fields.put(5, "opening", opening)
        fields.put(6, "rating", rating)
        fields.put(7, "tags", unlessEmpty: tags)
        fields.put(8, "assignee", assignee)
        fields.put(9, "mentions", unlessEmpty: mentions)
        fields.put(10, "tones", unlessEmpty: tones)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        createdAt = try fields.value(1, "created_at")
        state = try fields.word(2, "state")
        isPriority = try fields.required(3, "is_priority")
        involvesCustomer = try fields.required(4, "involves_customer")
        opening = try fields.value(5, "opening")
        rating = try fields.value(6, "rating")
        tags = try fields.list(7, "tags")
        assignee = try fields.value(8, "assignee")
        mentions = try fields.list(9, "mentions")
        tones = try fields.list(10, "tones")
    }
}

extension Rating: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "score", score)
        fields.put(2, "rated_at", ratedAt)
        fields.put(3, "by", by)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        let rating = Rating(
            score: try fields.required(1, "score"), ratedAt: try fields.value(2, "rated_at"),
            by: try fields.value(3, "by"))
        guard let rating else { throw fields.fault("a score of 1 to 5") }
        self = rating
    }
}

extension Message: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "id", id)
        fields.put(2, "sent_at", sentAt)
        fields.put(3, "side", side)
        fields.put(4, "author", author)
        fields.put(5, "text", text)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        id = try fields.required(1, "id")
        sentAt = try fields.value(2, "sent_at")
        side = try fields.required(3, "side")
        author = try fields.value(4, "author")
        text = try fields.longText(5, "text")
    }
}

extension MessageTone: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "message", message)
        fields.put(2, "thousandths", tone.thousandths)
        fields.put(3, "model_version", modelVersion)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        message = try fields.required(1, "message")
        tone = Tone(thousandths: try fields.required(2, "thousandths"))
        modelVersion = try fields.required(3, "model_version")
    }
}

extension Transcript: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "conversation", conversation)
        fields.put(2, "messages", unlessEmpty: messages)
        fields.put(3, "missing", missing)
        fields.put(4, "mentions", unlessEmpty: mentions)
        fields.put(5, "tones", unlessEmpty: tones)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        conversation = try fields.required(1, "conversation")
        messages = try fields.list(2, "messages")
        missing = try fields.required(3, "missing")
        mentions = try fields.list(4, "mentions")
        tones = try fields.list(5, "tones")
    }
}

extension Mention: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "kind", kind)
        fields.put(2, "message", message)
        fields.put(3, "said_at", saidAt)
        fields.put(4, "author", author)
        fields.put(5, "sentence", sentence)
        fields.put(6, "rules_version", rulesVersion)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        kind = try fields.required(1, "kind")
        message = try fields.required(2, "message")
        saidAt = try fields.value(3, "said_at")
        author = try fields.value(4, "author")
        sentence = try fields.required(5, "sentence")
        rulesVersion = try fields.required(6, "rules_version")
    }
}
