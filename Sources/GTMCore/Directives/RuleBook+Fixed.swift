/// Blocks that tell what the program does and cannot be changed by a directive: whoever changes one is told so.
extension RuleBook {
    /// What a block has to say, by its name; `nil` for a block that can be changed, or is another module's.
    static func fixed(_ block: String) -> JSONValue? {
        switch block {
        case "identity":
            return [
                "confidence": [
                    "explicit_rule": .double(MatchConfidence.verified.rawValue),
                    "email": .double(MatchConfidence.email.rawValue),
                    "secondary_key": .double(MatchConfidence.secondaryKey.rawValue),
                ],
                "role_mailboxes": .array(EmailAddress.roleNames.sorted().map { .string($0) }),
            ]
        case "completeness":
            let domains: [(String, DataDomains)] = [
                ("profile", .profile), ("revenue", .revenue), ("activity", .activity),
            ]
            return .object(
                JSONObject(
                    members: domains.map { name, domain in
                        let fields = DataQuality.ExpectedField.allCases.filter { $0.domain == domain }
                        return .init(key: name, value: .array(fields.map { .string($0.rawValue) }))
                    }))
        case "sync":
            return [
                "resume_within_hours": .integer(Int64(StreamPlan.resumeWithin / 3600)),
                "restarts": .integer(Int64(StreamPlan.maximumRestarts)),
                "absence_believed_percent": .integer(Int64(AbsencePlan.believedPercent)),
                "absence_believed_count": .integer(Int64(AbsencePlan.believedCount)),
                "sources_at_once": .integer(Int64(SyncEngine.standardConcurrency)),
            ]
        default: return nil
        }
    }
}
