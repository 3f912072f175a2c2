extension LexiconTone {
    /// Reads a lexicon from a block `tone` of a directive.
    ///
    /// - Throws: ``DirectiveError`` for a member that is missing or unknown, and for a word with two weights.
    public init(directive: DirectiveNode) throws(DirectiveError) {
        _ = try directive.members([
            "model", "version", "words", "negations", "negation_reach", "intensifiers", "exclamation_percent",
            "question_percent", "reproaches", "softness",
        ])
        let model = try directive.member("model")
        guard try model.text() == "lexicon" else { throw model.wrong(expected: "\"lexicon\"") }
        var weights: [String: Int] = [:]
        for group in try directive.member("words").elements() {
            _ = try group.members(["weight", "entries"])
            let weight = try group.member("weight").integer(in: -100...100)
            for node in try group.member("entries").elements() {
                let word = try node.text()
                if weights.updateValue(weight, forKey: word) != nil {
                    throw node.problem("\"\(word)\" stands twice; expected one weight for it")
                }
            }
        }
        var intensifiers: [String: Int] = [:]
        for (word, percent) in try directive.member("intensifiers").members() {
            intensifiers[word] = try percent.integer(in: -100...500)
        }
        self.init(
            version: try directive.member("version").integer(in: 1...1_000_000), weights: weights,
            negations: try directive.member("negations").texts(),
            negationReach: try directive.member("negation_reach").integer(in: 0...20), intensifiers: intensifiers,
            exclamationPercent: try directive.member("exclamation_percent").integer(in: 0...100),
            questionPercent: try directive.member("question_percent").integer(in: 0...100),
            reproaches: try directive.member("reproaches").texts(),
            softness: try directive.member("softness").integer(in: 1...1000))
    }
}
