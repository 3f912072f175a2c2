import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension StoreConformance {
    /// A store with Ada, who is to be erased, and Bo, who shares a conversation with her.
    private static func peopled(_ trial: Trial) async throws -> any CustomerStore {
        let store = try await trial.store()
        try await store.take(
            [
                contact("1", "ada@old.test", keys: [account("cus_1")]), contact("2", "bo@x.test"),
                contact("3", keys: [account("cus_1")]), conversation("8", of: ["2"]),
                conversation("9", of: ["1", "2"]),
                conversation("7", of: ["1"]), payment("1", of: .external(account("cus_1"))),
            ], at: 1)
        try await store.take([contact("1", "ada@x.test", keys: [account("cus_1")], changed: 2)], at: 2)
        return store
    }

    private static func adasRecords() -> [RecordID] {
        [
            contacts.record("1"), contacts.record("3"), conversations.record("7"), conversations.record("9"),
            RecordID(source: till, stream: "payments", id: "1"),
        ]
    }

    static let erasureChecks: [Check] = [
        Check("erasing.is-gone-everywhere", "A person who was erased is in no answer, at no point in time.") { trial in
            let store = try await peopled(trial)
            try await store.assess([summary(key("ada@x.test")), summary(key("bo@x.test"))], at: 2)
            trial.expect("customers before", try await store.keys(), ["ada@x.test", "bo@x.test"])
            _ = try await store.erase(key("ada@x.test"), at: day(5), by: .checks)
            let points = [
                TimePoint.latest, TimePoint(knownAt: day(1)), TimePoint(knownAt: day(2)), TimePoint(validAt: day(1)),
                TimePoint(knownAt: day(9), validAt: day(9)),
            ]
            for point in points { trial.expect("customers", try await store.keys(at: point), ["bo@x.test"]) }
            trial.expect("versions", try await store.versions(adasRecords(), by: .checks), [])
            trial.expect("live contacts", try await store.liveIDs(contacts, by: .checks), ["2"])
            trial.expect("live conversations", try await store.liveIDs(conversations, by: .checks), ["8"])
            trial.expect("unmatched", try await store.unmatched(by: .checks), [])
            let listed = try await store.listed(CustomerQuery(limit: .max)).keys
            trial.expect("the list", listed.filter { $0 != "bo@x.test" }, [])
            trial.expect("who is due", try await store.dueKeys(3), ["bo@x.test"])
            trial.expect("the number of commits", try await store.due(asOf: day(3), by: .checks).sequence, 4)
        },
        Check("erasing.keys-are-refused", "Asking for an erased person by any key, at any point, tells of the erasure.")
        { trial in
            let store = try await peopled(trial)
            _ = try await store.erase(key("ada@x.test"), at: day(5), by: .checks)
            let keys = [try key("ada@x.test"), try key("ada@old.test"), .record(contacts.record("1"))]
            for key in keys {
                for point in [TimePoint.latest, TimePoint(knownAt: day(1)), TimePoint(validAt: .distantPast)] {
                    await trial.expectError("asking for \(key)", .erased) {
                        _ = try await store.customer(key, at: point, by: .checks)
                    }
                }
            }
            trial.expect("somebody else", try await store.file("bo@x.test")?.key.description, "bo@x.test")
            trial.expect("a stranger", try await store.file("cy@x.test"), nil)
        },
        Check("erasing.is-told", "An erasure tells when, by whom, and how many records went.") { trial in
            let store = try await peopled(trial)
            let erasure = try await store.erase(key("ada@old.test"), at: day(5), by: StoreActor("rosa"))
            trial.expect("when", erasure?.erasedAt, day(5))
            trial.expect("by whom", erasure?.erasedBy, StoreActor("rosa"))
            trial.expect("how many", erasure?.records, 5)
            trial.expect("who is left", try await store.keys(), ["bo@x.test"])
            let next = try await store.take([contact("5", "cy@x.test")], at: 6)
            trial.expect("the next commit counts on", next.sequence, 4)
        },
        Check("erasing.stranger-is-nil", "To erase somebody who is no customer changes nothing.") { trial in
            let store = try await peopled(trial)
            let before = try await store.contents(at: .latest, .whole)
            let strangers = [try key("cy@x.test"), .record(contacts.record("77")), .record(conversations.record("7"))]
            for stranger in strangers {
                trial.expect("the erasure", try await store.erase(stranger, at: day(5), by: .checks), nil)
            }
            trial.expect("the files", try await store.contents(at: .latest, .whole), before)
            let taken = try await store.take([contact("5", "cy@x.test")], at: 6)
            trial.expect("the stranger who comes", taken.outcomes, [.new])
            _ = try await store.erase(key("cy@x.test"), at: day(7), by: .checks)
            let again = try await store.erase(key("cy@x.test"), at: day(8), by: .checks)
            trial.expect("one who was erased already", again, nil)
        },
        Check("erasing.refuses-who-comes-again", "What is of an erased person, or concerns one, is not taken again.") {
            trial in
            let store = try await peopled(trial)
            _ = try await store.erase(key("ada@x.test"), at: day(5), by: .checks)
            var byAddress = conversation("5", of: [])
            byAddress.subjects = [.email(try EmailAddress("ada@old.test"))]
            var further = try contact("6", "di@x.test")
            further.identity?.furtherEmails = [try EmailAddress("ada@x.test")]
            let receipt = try await store.take(
                [
                    contact("1", "new@x.test", changed: 6), contact("20", "Ada@x.test"), contact("21", "ada@old.test"),
                    contact("22", "cy@x.test"), conversation("4", of: ["1"]), conversation("9", of: ["2"]), byAddress,
                    further, conversation("3", of: ["2"]), tombstone(contacts.record("1"), changed: 9),
                ], at: 6)
            let expected: [CommitReceipt.Outcome] = [
                .erased, .erased, .erased, .new, .erased, .erased, .erased, .erased, .new, .erased,
            ]
            trial.expect("the outcomes", receipt.outcomes, expected)
            trial.expect("who is named", receipt.touched.map(\.description).sorted(), ["bo@x.test", "cy@x.test"])
            trial.expect("customers", try await store.keys(), ["bo@x.test", "cy@x.test"])
            let talks = try await store.file("bo@x.test")?.activity.map(\.record.id.id)
            trial.expect("the conversations of the other", talks, ["3", "8"])
        },
        Check("erasing.takes-rules", "Rules that name an erased person go; others stay.") { trial in
            let store = try await peopled(trial)
            try await store.take([contact("4", "cy@x.test")], at: 2)
            let (ada, bo, cy) = (try key("ada@x.test"), try key("bo@x.test"), try key("cy@x.test"))
            let other = rule("other", .keepApart(bo, cy), made: 2)
            try await store.take(at: 2) {
                $0.rules = [
                    other, rule("a", .keepApart(ada, bo), made: 2),
                    rule("b", .keepApart(.record(contacts.record("1")), cy), made: 2, undone: 3),
                    rule("c", .merge(try key("ada@old.test"), into: ada), made: 2),
                ]
            }
            _ = try await store.erase(ada, at: day(5), by: .checks)
            trial.expect("the rules left", try await store.rules(by: .checks), [other])
            try await store.take(at: 6) { $0.rules = [rule("d", .merge(bo, into: ada), made: 6)] }
            trial.expect("a rule that names the person again", try await store.rules(by: .checks), [other])
            trial.expect("customers", try await store.keys(), ["bo@x.test", "cy@x.test"])
        },
        Check(
            "erasing.takes-what-is-open", "What could not be taken, is to be fetched or was seen of a person goes too."
        ) { trial in
            let store = try await peopled(trial)
            func open() -> StoreBatch {
                var batch = StoreBatch(recordedAt: day(3))
                batch.rejected = ["1", "2"].map { RejectedRecord(id: contacts.record($0), path: "$.x", reason: "y") }
                batch.issues = ["7", "8"].map { FieldIssue(record: conversations.record($0), path: "x", reason: "y") }
                batch.pending = [
                    PendingFetch(id: parts.record("7"), because: conversations.record("7")),
                    PendingFetch(id: parts.record("8"), because: conversations.record("8")),
                    PendingFetch(id: parts.record("both"), because: conversations.record("8")),
                    PendingFetch(id: parts.record("both"), because: conversations.record("7")),
                    PendingFetch(id: contacts.record("1")), PendingFetch(id: contacts.record("2")),
                ]
                batch.streams = [contacts: passing(since: 3)]
                batch.seen = [contacts: ["1", "2", "3"]]
                return batch
            }
            _ = try await store.commit(open(), by: .checks)
            trial.expect("rejected before", try await store.rejected(by: .checks).map(\.id.id), ["1", "2"])
            func check(_ when: String) async throws {
                trial.expect("rejected \(when)", try await store.rejected(by: .checks).map(\.id.id), ["2"])
                trial.expect("issues \(when)", try await store.issues(by: .checks).map(\.record.id), ["8"])
                let waiting = try await store.pending(parts, limit: 9, by: .checks).map(\.id)
                trial.expect("parts to fetch \(when)", waiting, ["8", "both"])
                let people = try await store.pending(contacts, limit: 9, by: .checks).map(\.id)
                trial.expect("contacts to fetch \(when)", people, ["2"])
                trial.expect("seen \(when)", try await store.seen(contacts, by: .checks), ["2"])
            }
            _ = try await store.erase(key("ada@x.test"), at: day(5), by: .checks)
            try await check("after the erasure")
            _ = try await store.commit(open(), by: .checks)
            try await check("when it is told again")
            let fetched = try await store.take(at: 6) { $0.fetched = ["8", "both"].map { parts.record($0) } }
            trial.expect("whom the fetching touches", fetched.touched.map(\.description), ["bo@x.test"])
            trial.expect("what is unread then", try await store.file("bo@x.test")?.unread, [])
        },
        Check("erasing.leaves-others", "Over any history what is not of the erased person stays as it was.") { trial in
            for seed in trial.seeds {
                let store = try await trial.store()
                let history = RandomHistory(seed: seed)
                for batch in history.batches { _ = try await store.commit(batch, by: .checks) }
                guard let gone = try await store.allFiles().last else { continue }
                let before = try await store.versions(history.ids, by: .checks)
                let erasure = try await store.erase(gone.key, at: day(history.end), by: .checks)
                let after = try await store.versions(history.ids, by: .checks)
                let lost = Set(before.map(\.record.id)).subtracting(after.map(\.record.id))
                let own = Set((gone.people + gone.activity + gone.billing).map(\.record.id) + gone.absorbed)
                let known = own.intersection(before.map(\.record.id))
                guard trial.expect("seed \(seed): records that went", lost.sorted(), known.sorted()),
                    trial.expect("seed \(seed): how many are told", erasure?.records, lost.count),
                    trial.expect("seed \(seed): what stayed", after, before.filter { !lost.contains($0.record.id) })
                else { return }
                for moment in stride(from: 0, through: history.end, by: 3) {
                    let files = try await store.allFiles(at: TimePoint(knownAt: day(moment)))
                    let left = files.flatMap { $0.people + $0.activity + $0.billing }.map(\.record.id)
                    let found = lost.intersection(left).sorted()
                    guard trial.expect("seed \(seed): erased records on day \(moment)", found, []) else { return }
                }
            }
        },
    ]
}
