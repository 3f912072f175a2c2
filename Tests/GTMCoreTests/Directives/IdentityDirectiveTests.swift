import Testing

@testable import GTMCore

@Suite("The directive on identity and the code say the same") struct IdentityDirectiveTests {
    private func words(_ value: JSONValue?) -> [String]? { value?.array?.compactMap(\.string) }

    @Test("Identity") func identity() throws {
        let block = try Directive.block("identity", of: "identity.md").value
        #expect(words(block["role_mailboxes"]) == EmailAddress.roleNames.sorted())
        #expect(block["confidence"]?["explicit_rule"] == .double(MatchConfidence.verified.rawValue))
        #expect(block["confidence"]?["email"] == .double(MatchConfidence.email.rawValue))
        #expect(block["confidence"]?["secondary_key"] == .double(MatchConfidence.secondaryKey.rawValue))
    }

    @Test("Authority") func authority() throws {
        let authority = try Directive.block("authority", of: "identity.md").value
        let table = FieldAuthority()
        #expect(words(authority["billing"]) == table.billing)
        #expect(words(authority["profile"]) == table.profile)
        #expect(words(authority["account_manager"]) == table.accountManager)
        #expect(words(authority["activity"]) == table.activity)
    }
}
