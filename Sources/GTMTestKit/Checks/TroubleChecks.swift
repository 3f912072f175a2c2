import GTMCore

extension StoreConformance {
    static let troubleChecks: [Check] = [
        Check(
            "rejected.latest-of-each", "Of each record that could not be taken the latest rejection is told, in order."
        ) {
            trial in
            let store = try await trial.store()
            func rejection(_ id: String, _ reason: String, retries: Bool = false) -> RejectedRecord {
                RejectedRecord(id: contacts.record(id), path: "$.data[\(id)]", reason: reason, retries: retries)
            }
            try await store.take(at: 1) {
                $0.rejected = [rejection("2", "old"), rejection("10", "b"), rejection("1", "a")]
            }
            try await store.take(at: 2) { $0.rejected = [rejection("2", "c"), rejection("2", "d", retries: true)] }
            let expected = [rejection("1", "a"), rejection("10", "b"), rejection("2", "d", retries: true)]
            trial.expect("rejected records", try await store.rejected(by: .checks), expected)
        },
        Check("rejected.until-taken", "A rejection is told until its record is taken, be it unchanged.") { trial in
            let store = try await trial.store()
            let (ada, bo) = (try contact("1", "ada@x.test"), try contact("2", "bo@x.test"))
            try await store.take([ada], at: 1)
            func ids() async throws -> [String] { try await store.rejected(by: .checks).map(\.id.id) }
            try await store.take(at: 2) { batch in
                batch.rejected = ["1", "2", "3"].map {
                    RejectedRecord(id: contacts.record($0), path: "$.id", reason: "no text")
                }
            }
            trial.expect("rejected records", try await ids(), ["1", "2", "3"])
            trial.expect("the outcome", try await store.take([ada], at: 3).outcomes, [.unchanged])
            trial.expect("after an unchanged one was taken", try await ids(), ["2", "3"])
            try await store.take([bo], at: 4)
            trial.expect("after a new one was taken", try await ids(), ["3"])
            trial.expect("the record stands", try await store.keys(), ["ada@x.test", "bo@x.test"])
        },
        Check("issues.as-told-last", "Issues of a record are those of its last telling, be it unchanged.") { trial in
            let store = try await trial.store()
            let (ada, bo) = (try contact("1", "ada@x.test"), try contact("2", "bo@x.test"))
            func issue(_ id: String, _ path: String) -> FieldIssue {
                FieldIssue(record: contacts.record(id), path: path, reason: "no number")
            }
            let first = [issue("2", "c"), issue("1", "b"), issue("1", "a")]
            try await store.take([ada, bo], at: 1) { $0.issues = first }
            let told = try await store.issues(by: .checks)
            trial.expect("issues, in order of the records", told, [issue("1", "b"), issue("1", "a"), issue("2", "c")])
            try await store.take([ada], at: 2) { $0.issues = [issue("1", "d")] }
            trial.expect(
                "after it was told again", try await store.issues(by: .checks), [issue("1", "d"), issue("2", "c")])
            try await store.take([contact("2", "bo@x.test", changed: 1)], at: 3)
            trial.expect("after one was told without", try await store.issues(by: .checks), [issue("1", "d")])
            trial.expect("the outcome", try await store.take([ada], at: 4).outcomes, [.unchanged])
            trial.expect("after both were", try await store.issues(by: .checks), [])
        },
        Check(
            "rules.in-order-of-making",
            "All rules are told in order of their making, those undone too, each as told last."
        ) {
            trial in
            let store = try await trial.store()
            let (ada, bo) = (try key("ada@x.test"), try key("bo@x.test"))
            let apart = IdentityRule.Kind.keepApart(.record(contacts.record("1")), ada)
            let rules = [
                rule("c", .merge(ada, into: bo), made: 3), rule("b", apart, made: 2), rule("a", apart, made: 3),
            ]
            try await store.take(at: 3) { $0.rules = rules }
            trial.expect("rules", try await store.rules(by: .checks), [rules[1], rules[2], rules[0]])
            let undone = rule("b", apart, made: 2, undone: 4)
            try await store.take(at: 4) { $0.rules = [undone] }
            trial.expect(
                "rules after one was undone", try await store.rules(by: .checks), [undone, rules[2], rules[0]])
        },
        Check("live-ids.in-order", "The ids of a stream's live records are told in order, and of no others.") { trial in
            let store = try await trial.store()
            trial.expect("of an empty store", try await store.liveIDs(contacts, by: .checks), [])
            try await store.take(
                [
                    contact("b", "b@x.test"), contact("10", "c@x.test"), contact("9", nil), contact("a", "ada@x.test"),
                    contact("d", "d@x.test", state: .archived), contact("e", "e@x.test", state: .deleted),
                    contact("f", "f@x.test", state: .merged(into: contacts.record("a"))), contact("g", source: crm),
                    conversation("h", of: ["a"]), tombstone(contacts.record("i")),
                ], at: 1)
            trial.expect("live contacts", try await store.liveIDs(contacts, by: .checks), ["10", "9", "a", "b"])
            try await store.take(
                [tombstone(contacts.record("b"), changed: 2), contact("d", "d@x.test", changed: 2)], at: 2)
            let later = try await store.liveIDs(contacts, by: .checks)
            trial.expect("after one went and one came back", later, ["10", "9", "a", "d"])
            trial.expect("conversations", try await store.liveIDs(conversations, by: .checks), ["h"])
        },
        Check("unmatched.with-reasons", "People who are no customers are told in order, each with the reason.") {
            trial in
            let store = try await trial.store()
            let shared = account("cus_1")
            try await store.take(
                [
                    contact("9", nil), contact("10", "no@x.test", creates: false),
                    contact("1", "ada@x.test", keys: [shared]),
                    contact("2", "bo@x.test", keys: [shared]), contact("3", keys: [shared]),
                    contact("4", nil, source: crm), conversation("5", of: ["9"]), company("6", named: "Six"),
                ], at: 1)
            let found = try await store.unmatched(by: .checks).map { "\($0.id) \($0.reason.rawValue)" }
            let expected = [
                "crm/acme/contacts/4 no_email", "desk/acme/contacts/10 not_a_customer",
                "desk/acme/contacts/3 ambiguous", "desk/acme/contacts/9 no_email",
            ]
            trial.expect("who belongs to nobody", found, expected)
            try await store.take([contact("9", "cy@x.test", changed: 2)], at: 2)
            let left = try await store.unmatched(by: .checks).map(\.id.id)
            trial.expect("after one has an address", left, ["4", "10", "3"])
        },
    ]
}
