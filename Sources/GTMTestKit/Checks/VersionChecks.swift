import GTMCore

extension StoreConformance {
    static let versionChecks: [Check] = [
        Check("versions.latest-by-vendor-time", "The version with the vendor's latest time is in force.") { trial in
            let store = try await trial.store()
            try await store.take([contact("1", "ada@x.test", changed: 3, named: "third")], at: 4)
            try await store.take([contact("1", "ada@x.test", changed: 2, named: "second")], at: 5)
            trial.expect("the name", try await store.name("ada@x.test"), "third")
            try await store.take([contact("1", "ada@x.test", changed: 6, named: "sixth")], at: 7)
            trial.expect("the name", try await store.name("ada@x.test"), "sixth")
        },
        Check("versions.tie-goes-to-the-later-commit", "Of two versions of one vendor's time the later commit counts.")
        {
            trial in
            let store = try await trial.store()
            try await store.take([contact("1", "ada@x.test", changed: 3, named: "first")], at: 4)
            let receipt = try await store.take([contact("1", "ada@x.test", changed: 3, named: "second")], at: 5)
            trial.expect("the outcome", receipt.outcomes, [.updated])
            trial.expect("the name", try await store.name("ada@x.test"), "second")
            let then = try await store.name("ada@x.test", at: TimePoint(knownAt: day(4)))
            trial.expect("the name known before", then, "first")
            let held = try await store.name("ada@x.test", at: TimePoint(validAt: day(3)))
            trial.expect("the name that held then", held, "second")
        },
        Check(
            "versions.late-belongs-to-the-past", "A version that arrives late belongs to the past, and is stored once."
        ) { trial in
            let store = try await trial.store()
            try await store.take([contact("1", "ada@x.test", changed: 3, named: "new")], at: 4)
            let old = try contact("1", "ada@x.test", changed: 1, named: "old")
            trial.expect("a late version", try await store.take([old], at: 5).outcomes, [.updated])
            trial.expect("the same once more", try await store.take([old], at: 6).outcomes, [.unchanged])
            trial.expect("the name now", try await store.name("ada@x.test"), "new")
            let past = try await store.name("ada@x.test", at: TimePoint(validAt: day(2)))
            trial.expect("the name that held then", past, "old")
            let unknown = try await store.name("ada@x.test", at: TimePoint(knownAt: day(4), validAt: day(2)))
            trial.expect("the name that held then, as known before", unknown, nil)
        },
        Check("versions.without-vendor-time", "Where the vendor tells no time, the moment of learning decides.") {
            trial in
            let store = try await trial.store()
            try await store.take([contact("1", "ada@x.test", changed: nil, named: "first")], at: 2)
            try await store.take([contact("1", "ada@x.test", changed: 1, named: "older")], at: 3)
            trial.expect("the name", try await store.name("ada@x.test"), "first")
            try await store.take([contact("1", "ada@x.test", changed: nil, named: "second")], at: 4)
            trial.expect("the name", try await store.name("ada@x.test"), "second")
            let past = try await store.name("ada@x.test", at: TimePoint(validAt: day(3)))
            trial.expect("the name that held on day 3", past, "first")
        },
        Check("versions.bare-tombstone-inherits", "A bare tombstone says that a record is gone, and nothing else.") {
            trial in
            let store = try await trial.store()
            try await store.take([contact("1", "ada@x.test", named: "Ada"), conversation("9", of: ["1"])], at: 1)
            let gone = tombstone(contacts.record("1"))
            let receipt = try await store.take([gone], at: 2)
            trial.expect("the outcome", receipt.outcomes, [.updated])
            trial.expect("whom it touches", receipt.touched.map(\.description), ["ada@x.test"])
            let record = try await store.file("ada@x.test")?.people.first?.record
            trial.expect("the state", record?.state, .deleted)
            trial.expect("the name", record?.fact.contact?.name, "Ada")
            trial.expect("the time", record?.changedAt, day(0))
            trial.expect("the address", record?.identity?.email?.normalized, "ada@x.test")
            trial.expect("conversations", try await store.file("ada@x.test")?.activity.count, 1)
            trial.expect("the same once more", try await store.take([gone], at: 3).outcomes, [.unchanged])
            let talk = try await store.take([tombstone(conversations.record("9"), changed: 4)], at: 4)
            trial.expect("whom a conversation's end touches", talk.touched.map(\.description), ["ada@x.test"])
            let ended = try await store.version(conversations.record("9"))?.record
            trial.expect("whom it concerns", ended?.subjects, [.record(contacts.record("1"))])
            trial.expect("its time", ended?.changedAt, day(4))
        },
        Check("versions.states", "A record is archived, deleted, merged away and comes back.") { trial in
            let store = try await trial.store()
            try await store.take([contact("2", "ada@x.test", named: "other")], at: 0)
            let states: [RecordState] = [.live, .archived, .live, .deleted, .live, .merged(into: contacts.record("2"))]
            for (number, state) in states.enumerated() {
                let record = try contact("1", "ada@x.test", changed: Double(number), state: state)
                try await store.take([record], at: Double(number))
                trial.expect("the state", try await store.version(record.id)?.record.state, state)
            }
            for (number, state) in states.enumerated() {
                let file = try await store.file("ada@x.test", at: TimePoint(knownAt: day(Double(number))))
                let found = file?.people.first { $0.record.id == contacts.record("1") }?.record.state
                // What was merged away is told as absorbed.
                let isAbsorbed = file?.absorbed == [contacts.record("1")]
                if case .merged = state {
                    trial.expect("whether it is absorbed on day \(number)", isAbsorbed, true)
                    continue
                }
                trial.expect("the state on day \(number)", found, state)
            }
        },
        Check(
            "versions.answers-for-known-records", "The versions asked for are given, those of unknown records left out."
        ) {
            trial in
            let store = try await trial.store()
            trial.expect(
                "versions of an empty store", try await store.versions([contacts.record("1")], by: .checks), [])
            try await store.take([contact("1", "ada@x.test"), company("1", named: "One")], at: 1)
            let ids = [
                contacts.record("2"), company("1", named: "").id, contacts.record("1"), conversations.record("1"),
            ]
            let found = try await store.versions(ids, by: .checks).map(\.record.id).sorted()
            trial.expect("the records known", found, [company("1", named: "").id, contacts.record("1")].sorted())
            trial.expect("nothing asked", try await store.versions([], by: .checks), [])
        },
        Check("versions.history-is-whole", "Every version of a record is told, in the order in which it was learnt.") {
            trial in
            let store = try await trial.store()
            let id = contacts.record("1")
            trial.expect("of an unknown record", try await store.history(of: [id], by: .checks), [])
            try await store.take([contact("1", "ada@x.test", changed: 3, named: "third")], at: 4)
            try await store.take([contact("1", "ada@x.test", changed: 1, named: "late")], at: 5)
            try await store.take([contact("1", "ada@x.test", changed: 3, named: "third")], at: 6)
            try await store.take([contact("2", "bo@x.test", changed: 2, named: "other")], at: 7)
            let found = try await store.history(of: [id, contacts.record("2"), id], by: .checks)
            trial.expect("the names", found.map(\.record.fact.contact?.name), ["third", "late", "other"])
            trial.expect("when they were learnt", found.map(\.recordedAt), [day(4), day(5), day(7)])
            trial.expect("nothing asked", try await store.history(of: [], by: .checks), [])
        },
        Check("versions.by-the-book", "Over any history each record's outcome and version in force are as defined.") {
            trial in
            for seed in trial.seeds {
                let store = try await trial.store()
                let history = RandomHistory(seed: seed)
                var reference = ReferenceHistory()
                for batch in history.batches {
                    let expected = reference.take(batch)
                    let receipt = try await store.commit(batch, by: .checks)
                    let what = "seed \(seed), commit \(reference.sequence)"
                    guard trial.expect("\(what): the outcomes", receipt.outcomes, expected),
                        trial.expect("\(what): its number", receipt.sequence, reference.sequence)
                    else { return }
                }
                let ids = history.ids
                let found = try await store.versions(ids, by: .checks).sorted { $0.record.id < $1.record.id }
                let expected = reference.inForce(at: .latest)
                let odd = zip(found, expected).filter { $0 != $1 }.map { $1.record.id }
                guard trial.expect("seed \(seed): versions known", found.count, expected.count),
                    trial.expect("seed \(seed): records with another version in force", odd, [])
                else { return }
            }
        },
    ]
}
