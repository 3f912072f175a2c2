extension SourceRecord {
    /// The record with what the rules hear and the model feels in the customer's own messages; other records as they are.
    public func annotated(
        by rules: ConversationRules, tone model: any ToneModel = LexiconTone.standard
    ) -> SourceRecord {
        var record = self
        switch fact.kind {
        case .conversation(let shared):
            var conversation = shared.value
            conversation.opening?.takeTone(by: model)
            conversation.mentions = rules.mentions(in: CollectionOfOne(conversation.opening).compactMap { $0 })
            guard conversation != shared.value else { return self }
            record.fact = .conversation(conversation)
        case .transcript(let shared):
            var transcript = shared.value
            for place in transcript.messages.indices { transcript.messages[place].takeTone(by: model) }
            transcript.mentions = rules.mentions(in: transcript.messages)
            guard transcript != shared.value else { return self }
            record.fact = .transcript(transcript)
        default: return self
        }
        return record
    }
}

extension Message {
    /// Takes the tone of a customer's message; what it quotes of others does not count. Other messages have none.
    mutating func takeTone(by model: any ToneModel) {
        let tone = side == .customer && !text.isEmpty ? model.tone(of: ownWords) : nil
        self.tone = tone.map { MessageTone($0, modelVersion: model.version) }
    }
}
