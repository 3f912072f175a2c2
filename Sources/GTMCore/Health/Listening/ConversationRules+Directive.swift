extension ConversationRules {
    /// Reads rules from a block `conversation-rules` of a directive.
    ///
    /// `competitors` may be missing, as may any list of a topic; a missing one is empty.
    ///
    /// - Throws: ``DirectiveError`` for a member that is missing or unknown, and for a pattern that could never match: one
    ///   without a word, or with a list that is not there.
    public init(directive: DirectiveNode) throws(DirectiveError) {
        _ = try directive.members([
            "version", "competitors", "lists", "cancel", "competitor", "negations", "negation_exceptions",
            "negation_reach", "clause_words", "subjects",
        ])
        var lists: [String: [String]] = [:]
        for (name, node) in try directive.member("lists").members() { lists[name] = try Self.words(node) }
        self.init(
            version: try directive.member("version").integer(in: 1...1_000_000),
            competitors: try directive.optional("competitors")?.texts() ?? [], lists: lists,
            cancel: try Topic(directive: directive.member("cancel"), lists),
            competitor: try Topic(directive: directive.member("competitor"), lists),
            negations: try Self.patterns(directive.member("negations"), lists),
            negationExceptions: try Self.patterns(directive.member("negation_exceptions"), lists),
            negationReach: try directive.member("negation_reach").integer(in: 0...20),
            clauseWords: try Self.words(directive.member("clause_words")),
            subjects: try Self.words(directive.member("subjects")))
    }

    /// Words and beginnings of words.
    private static func words(_ list: DirectiveNode) throws(DirectiveError) -> [String] {
        for node in try list.elements() where !isWord(try node.text()[...]) {
            throw node.wrong(expected: "one word, or its beginning with * behind it")
        }
        return try list.texts()
    }

    fileprivate static func patterns(
        _ list: DirectiveNode?, _ lists: [String: [String]]
    ) throws(DirectiveError) -> [String] {
        guard let list else { return [] }
        for node in try list.elements() {
            let parts = try node.text().split(separator: " ")
            if parts.allSatisfy({ $0 == "_" }) {
                throw node.wrong(expected: "a pattern with a word that has to be there")
            }
            for part in parts where part != "_" && part != "<competitor>" {
                for choice in part.split(separator: "|", omittingEmptySubsequences: false) where !isWord(choice) {
                    let name = String(choice.dropFirst().dropLast())
                    guard choice == "<\(name)>" else {
                        throw node.wrong(expected: "a pattern; \"\(choice)\" is no word")
                    }
                    guard lists[name] != nil else {
                        throw node.wrong(expected: "<competitor> or one of the lists \(lists.keys.sorted())")
                    }
                }
            }
        }
        return try list.texts()
    }

    private static func isWord(_ text: Substring) -> Bool {
        let word = text.hasSuffix("*") ? text.dropLast() : text
        return !word.isEmpty && word.allSatisfy { $0.isLetter || $0.isNumber || $0 == "'" }
    }
}

extension ConversationRules.Topic {
    fileprivate init(directive: DirectiveNode, _ lists: [String: [String]]) throws(DirectiveError) {
        _ = try directive.members(["strong", "weak", "company", "excuses"])
        self.init(
            strong: try ConversationRules.patterns(directive.optional("strong"), lists),
            weak: try ConversationRules.patterns(directive.optional("weak"), lists),
            company: try ConversationRules.patterns(directive.optional("company"), lists),
            excuses: try ConversationRules.patterns(directive.optional("excuses"), lists))
    }
}
