extension MRRPolicy {
    /// Reads a policy as `directives/revenue.md` and `gtm.json` write it.
    ///
    /// `name`, `version` and `counted_statuses` have to be there; whatever else is missing is as in ``activeOnly``.
    ///
    /// - Throws: ``DirectiveError`` with file, line and what was expected.
    public init(directive: DirectiveNode) throws(DirectiveError) {
        _ = try directive.members([
            "name", "version", "counted_statuses", "past_due_limit_days", "counted_pauses", "discounts",
            "customer_discounts", "churn", "inclusive_tax", "counts_free", "weeks_per_year", "days_per_year",
            "unconfirmed",
        ])
        self.init(
            name: try directive.member("name").text(),
            version: try directive.member("version").integer(in: 1...1_000_000),
            counted: try Self.words(directive.member("counted_statuses")))
        if let node = try directive.optional("past_due_limit_days") {
            pastDueLimitDays = try node.integer(in: 0...3650)
        }
        if let node = try directive.optional("counted_pauses") { countedPauses = try Self.words(node) }
        if let node = try directive.optional("discounts") { discounts = try node.word() }
        if let node = try directive.optional("customer_discounts") { customerDiscounts = try node.flag() }
        if let node = try directive.optional("churn") { churn = try node.word() }
        if let node = try directive.optional("inclusive_tax") { inclusiveTax = try node.word() }
        if let node = try directive.optional("counts_free") { countsFree = try node.flag() }
        if let node = try directive.optional("weeks_per_year") { weeksPerYear = Int64(try node.integer(in: 1...60)) }
        if let node = try directive.optional("days_per_year") { daysPerYear = Int64(try node.integer(in: 1...400)) }
        if let node = try directive.optional("unconfirmed") {
            unconfirmed = []
            for element in try node.elements() { unconfirmed.append(try element.word()) }
        }
    }

    private static func words<Word: RawRepresentable & CaseIterable & Hashable>(
        _ node: DirectiveNode
    ) throws(DirectiveError) -> Set<Word> where Word.RawValue == String {
        var words: Set<Word> = []
        for element in try node.elements() {
            if !words.insert(try element.word()).inserted {
                throw element.problem("\"\(element.value.string ?? "")\" stands twice; expected it once")
            }
        }
        return words
    }
}
