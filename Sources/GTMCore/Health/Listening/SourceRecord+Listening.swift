extension SourceRecord {
    /// The record with what the rules hear and the model feels in the customer's own messages; other records as they are.
    public func annotated(
        by rules: ConversationRules, tone model: any ToneModel = LexiconTone.standard
    ) -> SourceRecord {
        var record = self
        switch fact.kind {
        case .conversation(let shared):
            let messages = shared.value.opening.map { [$0] } ?? []
            let (mentions, tones) = (rules.mentions(in: messages), model.tones(of: messages))
            guard mentions != shared.value.mentions || tones != shared.value.tones else { return self }
            var conversation = shared.value
            conversation.mentions = mentions
            conversation.tones = tones
            record.fact = .conversation(conversation)
        case .transcript(let shared):
            let messages = shared.value.messages
            let (mentions, tones) = (rules.mentions(in: messages), model.tones(of: messages))
            guard mentions != shared.value.mentions || tones != shared.value.tones else { return self }
            var transcript = shared.value
            transcript.mentions = mentions
            transcript.tones = tones
            record.fact = .transcript(transcript)
        default: return self
        }
        return record
    }
}

extension ToneModel {
    /// The tones of the customer's messages among these; what they quote of others does not count.
    func tones(of messages: [Message]) -> [MessageTone] {
        messages.enumerated().compactMap { place, message in
            guard message.side == .customer, !message.text.isEmpty else { return nil }
            return tone(of: message.ownWords).map { MessageTone(message: place, $0, modelVersion: version) }
        }
    }
}
