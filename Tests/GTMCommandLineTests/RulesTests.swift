import GTMCore
import GTMSimulator
import Testing

@testable import GTMCommandLine

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("gtm merge, keep-apart, unmerge and rules", .timeLimit(.minutes(1))) struct RulesTests {
    /// Two customers with an MRR, of two companies.
    private func two(_ filled: FilledStore) throws -> (String, String) {
        let first = try #require(filled.payers.first)
        let second = try #require(filled.payers.first { $0.company != first.company })
        return (first.email.normalized, second.email.normalized)
    }

    private func mrr(_ document: JSONValue?) throws -> Fraction {
        try #require(Fraction(decimal: document?["mrr_reporting"]?.exactDecimal ?? ""))
    }

    @Test("Merged, both live on under one key; undone, all is as before") func mergeAndUndo() async throws {
        let filled = try await FilledStore()
        let (from, into) = try two(filled)
        let before = try await filled.session().run("customers", "--all", "--json")
        let merged = try await filled.session().run("merge", from, into, "--json")
        #expect(merged.code == .done, "\(merged.notes)")
        let document = try merged.document
        #expect(document["effect"]?.string == "\(from) now lives on under \(into).")
        #expect(document["before"]?.array?.map { $0["email"] } == [.string(from), .string(into)])
        let after = try #require(document["after"]?.array)
        #expect(after.map { $0["email"] } == [.string(into)])
        let parts = try (document["before"]?.array ?? []).map(mrr)
        #expect(try mrr(after.first) == parts[0].adding(parts[1]))
        let rule = try #require(document["rule"]?["id"]?.string)
        #expect(document["rule"]?["kind"] == "merge" && document["rule"]?["applies"] == true)
        #expect(try await filled.session().run("customers", "--all", "--json").emails.count == 39)
        // The merged key still finds the customer, and says why.
        let found = try await filled.session().run("customer", from, "--json")
        #expect(try found.document["email"]?.string == into)
        #expect(found.notes == "\"\(from)\" was merged into this customer by a rule; see: gtm rules\n")

        let rules = try await filled.session().run("rules", "--json").document["rules"]?.array
        #expect(rules?.map { $0["id"]?.string } == [rule])
        #expect(rules?.first?["made_by"] == "gtm command line")
        #expect(try await filled.session().run("rules").output.contains("\(from) is merged into \(into)\n"))

        let undone = try await filled.session().run("unmerge", rule, "--json").document
        #expect(undone["before"]?.array?.count == 1 && undone["after"]?.array?.count == 2)
        #expect(undone["rule"]?["undone_at"] == "2026-11-20T08:00:00Z" && undone["rule"]?["applies"] == false)
        #expect(try await filled.session().run("customers", "--all", "--json").output == before.output)
        let again = try await filled.session().run("unmerge", rule)
        #expect(again.code == .failed)
        #expect(again.notes.contains("\(rule) was undone at 2026-11-20T08:00:00Z; expected a rule in force"))
        #expect(try await filled.session().run("rules").output.contains("undone 2026-11-20 08:00"))
    }

    @Test("What a merge did stands in words, within the width") func words() async throws {
        let filled = try await FilledStore()
        let (from, into) = try two(filled)
        var session = filled.session()
        session.width = 70
        let outcome = try await session.run("merge", from, into)
        #expect(outcome.output.contains("now lives on under"))
        #expect(outcome.output.contains("\n  before  \(from): "))
        #expect(outcome.output.contains("\n  after   \(into): "))
        #expect(outcome.output.contains("to undo it: gtm unmerge rule-"))
        for line in outcome.output.split(separator: "\n") { #expect(TextWidth.of(String(line)) <= 70, "\(line)") }
    }

    @Test("Kept apart, a merge is refused by name until the rule is undone") func keepApart() async throws {
        let filled = try await FilledStore()
        let (one, other) = try two(filled)
        let apart = try await filled.session().run("keep-apart", one, other, "--json")
        #expect(apart.code == .done)
        #expect(try apart.document["rule"]?["kind"] == "keep_apart")
        #expect(try apart.document["after"]?.array?.count == 2)
        let rule = try #require(try apart.document["rule"]?["id"]?.string)
        let refused = try await filled.session().run("merge", one, other)
        #expect(refused.code == .failed && refused.output.isEmpty)
        #expect(
            refused.notes.contains("\(rule) keeps the two apart; expected to have it undone first: gtm unmerge \(rule)")
        )
        #expect(try await filled.session().run("rules", "--json").document["rules"]?.array?.count == 1)
        #expect(try await filled.session().run("unmerge", rule).code == .done)
        #expect(try await filled.session().run("merge", one, other).code == .done)
    }

    @Test("A keep-apart rule ends a merge that stands") func keepApartEndsMerge() async throws {
        let filled = try await FilledStore()
        let (one, other) = try two(filled)
        #expect(try await filled.session().run("merge", one, other).code == .done)
        let document = try await filled.session().run("keep-apart", one, other, "--json").document
        #expect(document["before"]?.array?.count == 1 && document["after"]?.array?.count == 2)
        let rules = try await filled.session().run("rules", "--json").document["rules"]?.array
        #expect(rules?.map { $0["applies"] } == [false, true])
        #expect(try await filled.session().run("rules").output.contains("kept from applying"))
    }

    @Test("A record is taken out of a customer, and put into another") func records() async throws {
        let filled = try await FilledStore()
        let (one, other) = try two(filled)
        let own = try #require(
            try await filled.session().run("customer", one, "--json").document["records"]?.array?.first?.string)
        let whose = try await filled.session().run("customer", own, "--json")
        #expect(try whose.document["email"]?.string == one)
        #expect(whose.notes == "\"\(own)\" is a record of this customer\n")
        let outcome = try await filled.session().run("merge", own, other, "--json")
        #expect(outcome.code == .done, "\(outcome.notes)")
        let records = try outcome.document["after"]?.array?.first?["records"]?.array
        #expect(records?.contains(.string(own)) == true)
        let found = try await filled.session().run("customer", own, "--json")
        #expect(try found.document["email"]?.string == other)
        #expect(found.notes == "\"\(own)\" was merged into this customer by a rule; see: gtm rules\n")
    }

    @Test("A former address stands for the one that took its place") func formerAddress() async throws {
        let filled = try await FilledStore()
        let (one, other) = try two(filled)
        let later = Session.now.addingTimeInterval(3600)
        filled.intercom.step(to: later)
        for id in filled.intercom.contactIDs(of: try EmailAddress(one)) {
            filled.intercom.update(contact: id, ["email": "moved@new.test"])
        }
        try await filled.sync(at: later)
        let outcome = try await filled.session(at: later).run("merge", one, other, "--json")
        #expect(outcome.code == .done, "\(outcome.notes)")
        #expect(try outcome.document["rule"]?["keys"] == ["moved@new.test", .string(other)])
        #expect(try outcome.document["after"]?.array?.count == 1)
    }

    @Test("A rule that changes nothing says so") func vain() async throws {
        let filled = try await FilledStore(customers: 5)
        let email = try #require(filled.world.truth.customers.first?.email)
        let later = Session.now.addingTimeInterval(3600)
        filled.intercom.step(to: later)
        for id in filled.intercom.contactIDs(of: email) {
            filled.intercom.update(contact: id, ["email": "moved@new.test"])
        }
        try await filled.sync(at: later)
        let outcome = try await filled.session(at: later).run(
            "keep-apart", "moved@new.test", email.normalized, "--json")
        #expect(outcome.code == .incomplete)
        let rule = try #require(try outcome.document["rule"]?["id"]?.string)
        #expect(outcome.notes == "gtm: \(rule) stands, but these keys still lead to 1 customer\n")
        let one = try await filled.session(at: later).run("merge", "moved@new.test", email.normalized)
        #expect(one.code == .failed)
        #expect(one.notes.contains("\"moved@new.test\" and \"\(email.normalized)\" are one customer already"))
    }

    @Test("Strangers are named, and nothing is made") func strangers() async throws {
        let filled = try await FilledStore()
        let (one, _) = try two(filled)
        let cases = [
            (["merge", one, "who@x.test"], "who@x.test"), (["merge", "who@x.test", one], "who@x.test"),
            (["keep-apart", one, "intercom/default/contacts/none"], "intercom/default/contacts/none"),
        ]
        for (words, stranger) in cases {
            let outcome = try await filled.session().run(words: words)
            #expect(outcome.code == .failed && outcome.output.isEmpty)
            #expect(outcome.notes.contains("there is no customer \"\(stranger)\""), "\(outcome.notes)")
        }
        let none = try await filled.session().run("unmerge", "rule-99")
        #expect(none.code == .failed)
        #expect(none.notes == "gtm: there is no rule \"rule-99\"; expected one that gtm rules lists\n")
        #expect(try await filled.session().run("rules").output.hasPrefix("There are no rules"))
        #expect(try await filled.session().run("rules", "--json").document == ["rules": []])
    }

    @Test(
        "What cannot be used is named, with what was expected",
        arguments: [
            (["merge"], "gtm merge lacks FROM; expected gtm merge FROM INTO [options]"),
            (["merge", "a@x.test"], "gtm merge lacks INTO; expected gtm merge FROM INTO [options]"),
            (["merge", "a@x.test", "b@x.test", "c@x.test"], "\"c@x.test\" is too much for gtm merge"),
            (["merge", "ada", "b@x.test"], "FROM is \"ada\"; expected an e-mail address or a record"),
            (["merge", "a@x.test", "x//y/z"], "INTO is \"x//y/z\"; expected a record such as"),
            (["merge", "a@x.test", "A@x.test"], "\"a@x.test\" is given twice; expected two keys"),
            (["keep-apart", "a@x.test"], "gtm keep-apart lacks B; expected gtm keep-apart A B [options]"),
            (["keep-apart", "", "b@x.test"], "A is \"\"; expected an e-mail address or a record"),
            (["unmerge"], "gtm unmerge lacks RULE"), (["unmerge", " "], "RULE is \" \"; expected"),
            (["rules", "rule-1"], "gtm rules takes no \"rule-1\""),
        ])
    func refusals(words: [String], message: String) async throws {
        var session = Session()
        session.store = InMemoryStore()
        let outcome = try await session.run(words: words)
        #expect(outcome.code == .wrongUsage)
        #expect(outcome.notes.contains(message), "\(outcome.notes)")
    }
}
