/// All business rules that directives hold, each with a name and a version where there are several of a kind.
///
/// The defaults are those of the `directives/` folder; a host that edits a copy of it reads it back with
/// ``init(directives:hostMeasures:)``.
public struct RuleBook: Sendable {
    /// What can count as recurring revenue, the default first.
    public var policies: [MRRPolicy]
    /// How health can be scored, the default first.
    public var profiles: [HealthProfile]
    /// What customers' words are searched for.
    public var conversationRules: ConversationRules
    /// What tells how customers' words sound.
    public var tone: LexiconTone
    /// What good data is worth.
    public var qualityRules: QualityRules
    /// When a value is odd.
    public var anomalyRules: AnomalyRules
    /// Which source's word counts for which field.
    public var authority: FieldAuthority
    /// How far back a customer's activity is looked at.
    public var activity: ActivityCalculator
    /// How many days after a source was last read its silence still means inactivity.
    public var staleAfterDays: Int

    /// The rules in force by default.
    public static let standard = RuleBook(
        policies: MRRPolicy.all, profiles: HealthProfile.builtIn, conversationRules: .standard, tone: .standard,
        qualityRules: .standard, anomalyRules: .standard, authority: FieldAuthority(), activity: ActivityCalculator(),
        staleAfterDays: 7)

    /// The policy of a name; `nil` where the book has none.
    public func policy(_ name: String) -> MRRPolicy? { policies.first { $0.name == name } }

    /// The profile of a name; `nil` where the book has none.
    public func profile(_ name: String) -> HealthProfile? { profiles.first { $0.name == name } }
}

/// A directive as it was found: its name and its text.
public struct DirectiveText: Sendable, Hashable {
    /// The file's name, which errors tell.
    public var file: String
    /// The text as UTF-8.
    public var text: [UInt8]

    /// Whether it tells how one source is read, as `intercom-sync.md` does: its blocks are the adapter's.
    var isOfSource: Bool { file.hasSuffix("-sync.md") }

    /// Creates a directive.
    public init(file: String, text: [UInt8]) {
        self.file = file
        self.text = text
    }
}

extension RuleBook {
    /// Blocks that are read, and those that tell what cannot be changed.
    private enum Block: String, CaseIterable {
        case policy = "mrr-policy"
        case profile = "health-profile"
        case signals = "risk-signals"
        case conversations = "conversation-rules"
        case tone
        case quality = "data-quality"
        case anomalies, authority, windows
        /// Tell what the program does, and cannot be changed.
        case identity, completeness, sync

        var isOne: Bool { self != .policy && self != .profile }
    }

    /// Reads a folder of directives: what they say counts, what they do not mention stays as it is by default. The
    /// policies and profiles of a folder that has any take the place of the built-in ones of the same name.
    ///
    /// - Parameters:
    ///   - directives: The directives; those of sources, whose names end in `-sync.md`, are left to their adapters.
    ///   - hostMeasures: What the host measures itself, for profiles to weigh.
    /// - Throws: ``DirectiveError`` with file and line, for the first thing that is wrong: also for a block of a name that
    ///   nothing is called, so that no rule is passed over for a slip of the pen.
    public init(directives: [DirectiveText], hostMeasures: [HostMeasure] = []) throws(DirectiveError) {
        self = .standard
        var found: [Block: [DirectiveNode]] = [:]
        for directive in directives where !directive.isOfSource {
            for block in try DirectiveBlock.blocks(in: directive.text, file: directive.file) {
                guard let kind = Block(rawValue: block.name) else {
                    throw DirectiveError(
                        file: block.file, line: block.line,
                        detail: "no rule is called \"\(block.name)\"; expected "
                            + Block.allCases.map(\.rawValue).joined(separator: ", "))
                }
                if kind.isOne, found[kind] != nil {
                    throw block.content.problem("the block \(block.name) stands twice; expected it once")
                }
                if let fixed = Self.fixed(block.name), block.content.value != fixed {
                    throw block.content.problem(
                        "the block \(block.name) tells what the program does and cannot be changed; expected "
                            + JSONWriter.text(fixed))
                }
                found[kind, default: []].append(block.content)
            }
        }
        var named: Set<String> = []
        for node in found[.policy] ?? [] {
            let policy = try MRRPolicy(directive: node)
            guard named.insert("policy \(policy.name)").inserted else {
                throw node.problem("the policy \"\(policy.name)\" stands twice; expected another name")
            }
            Self.put(policy, into: &policies) { $0.name == policy.name }
        }
        let signals = try found[.signals]?.first.map { node throws(DirectiveError) in try RiskSignalRule.table(node) }
        if let signals { for place in profiles.indices { profiles[place].signals = signals } }
        for node in found[.profile] ?? [] {
            let profile = try HealthProfile(
                directive: node, signals: signals ?? RiskSignalRule.standard,
                measures: HealthMeasure.builtIn + hostMeasures.map(\.measure))
            guard named.insert("profile \(profile.name)").inserted else {
                throw node.problem("the profile \"\(profile.name)\" stands twice; expected another name")
            }
            Self.put(profile, into: &profiles) { $0.name == profile.name }
        }
        if let node = found[.conversations]?.first { conversationRules = try ConversationRules(directive: node) }
        if let node = found[.tone]?.first { tone = try LexiconTone(directive: node) }
        if let node = found[.quality]?.first { qualityRules = try QualityRules(directive: node) }
        if let node = found[.anomalies]?.first { anomalyRules = try AnomalyRules(directive: node) }
        if let node = found[.authority]?.first { authority = try FieldAuthority(directive: node) }
        if let node = found[.windows]?.first { try read(windows: node) }
    }

    private static func put<Rule>(_ rule: Rule, into rules: inout [Rule], replacing isSame: (Rule) -> Bool) {
        if let place = rules.firstIndex(where: isSame) { rules[place] = rule } else { rules.append(rule) }
    }

    private mutating func read(windows node: DirectiveNode) throws(DirectiveError) {
        _ = try node.members([
            "cancel_mention_days", "tone_days", "recent_conversation_days", "rating_days", "stale_after_days",
        ])
        func days(_ name: String) throws(DirectiveError) -> Int { try node.member(name).integer(in: 1...3650) }
        activity.mentionWindow = .seconds(try days("cancel_mention_days") * 86_400)
        activity.toneWindow = .seconds(try days("tone_days") * 86_400)
        activity.conversationWindow = .seconds(try days("recent_conversation_days") * 86_400)
        activity.ratingWindow = .seconds(try days("rating_days") * 86_400)
        staleAfterDays = try days("stale_after_days")
    }
}

extension FieldAuthority {
    /// Reads the block `authority` of a directive.
    ///
    /// - Parameter directive: The block.
    /// - Throws: ``DirectiveError`` with file and line for what is no such table.
    public init(directive: DirectiveNode) throws(DirectiveError) {
        _ = try directive.members(["billing", "profile", "account_manager", "activity"])
        self.init(
            billing: try directive.member("billing").texts(), profile: try directive.member("profile").texts(),
            accountManager: try directive.member("account_manager").texts(),
            activity: try directive.member("activity").texts())
    }
}

extension GTMEngine.Configuration {
    /// Takes over the rules of a book: its first policy and profile, unless others are named.
    ///
    /// - Parameters:
    ///   - book: The rules.
    ///   - policy: The name of the policy; `nil` for the first.
    ///   - profile: The name of the profile; `nil` for the first.
    /// - Returns: Whether the book has a policy and a profile of these names; where it has not, nothing is taken over.
    public mutating func apply(_ book: RuleBook, policy: String? = nil, profile: String? = nil) -> Bool {
        guard let policy = policy.map(book.policy) ?? book.policies.first,
            let profile = profile.map(book.profile) ?? book.profiles.first
        else { return false }
        self.policy = policy
        self.profile = profile
        conversationRules = book.conversationRules
        tone = book.tone
        qualityRules = book.qualityRules
        anomalyRules = book.anomalyRules
        authority = book.authority
        activity = book.activity
        staleAfter = .seconds(book.staleAfterDays * 86_400)
        return true
    }
}
