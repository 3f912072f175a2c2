import GTMCore

extension StoreConformance {
    static let commitChecks: [Check] = [
        Check("commit.counts-from-one", "Commits are numbered from 1 without a gap.") { trial in
            let store = try await trial.store()
            var numbers: [UInt64] = []
            for number in 0..<5 {
                numbers.append(try await store.take([contact("\(number)", "ada@x.test")], at: 1).sequence)
            }
            trial.expect("the numbers of five commits", numbers, [1, 2, 3, 4, 5])
            let sequence = try await store.due(asOf: day(1), by: .checks).sequence
            trial.expect("the last commit before a question", sequence, 5)
        },
        Check("commit.counts-empty-batches", "An empty batch is a commit that names nobody.") { trial in
            let store = try await trial.store()
            let empty = try await store.take(at: 1)
            trial.expect("an empty batch", empty, CommitReceipt(sequence: 1, outcomes: [], touched: []))
            let next = try await store.take([contact("1", "ada@x.test")], at: 2)
            trial.expect("the commit after it", next.sequence, 2)
            let version = try await store.version(contacts.record("1"))
            trial.expect("the number on its record", version?.sequence, 2)
        },
        Check("commit.tells-each-outcome", "The outcome of each record is told, in the batch's order.") { trial in
            let store = try await trial.store()
            let first = try await store.take([contact("1", "ada@x.test"), contact("2", "bo@x.test")], at: 1)
            trial.expect("records never seen before", first.outcomes, [.new, .new])
            let second = try await store.take(
                [
                    contact("1", "ada@x.test"), contact("3", "cy@x.test"),
                    contact("2", "bo@x.test", changed: 1, named: "Bo"), contact("1", "ada@x.test", changed: 1),
                ], at: 2)
            trial.expect(
                "the same, a new one, other words, another time", second.outcomes,
                [.unchanged, .new, .updated, .updated])
        },
        Check("commit.tells-doubles-in-a-batch", "A record that is in a batch twice is told twice and kept once.") {
            trial in
            let store = try await trial.store()
            let ada = try contact("1", "ada@x.test")
            let later = try contact("1", "ada@x.test", changed: 1, named: "Ada")
            let receipt = try await store.take([ada, ada, later, later], at: 2)
            trial.expect("doubles", receipt.outcomes, [.new, .unchanged, .updated, .unchanged])
            let file = try await store.file("ada@x.test")
            trial.expect("the records of the customer", file?.people.map(\.record), [later])
        },
        Check("commit.unchanged-is-not-stored", "A record that says the same again is not stored again.") { trial in
            let store = try await trial.store()
            let records = [try contact("1", "ada@x.test", named: "Ada"), conversation("9", of: ["1"])]
            try await store.take(records, at: 1)
            let again = try await store.take(records, at: 5)
            trial.expect(
                "the same again", again, CommitReceipt(sequence: 2, outcomes: [.unchanged, .unchanged], touched: []))
            let versions = try await store.versions(records.map(\.id), by: .checks)
            trial.expect("the commits of the versions in force", versions.map(\.sequence), [1, 1])
            trial.expect("when they were learnt", versions.map(\.recordedAt), [day(1), day(1)])
        },
        Check("commit.is-all-or-nothing", "Nobody ever sees a part of a batch.", isRepeatedAfterReopening: false) {
            trial in
            let store = try await trial.store()
            let ids = (0..<10).map { contacts.record("\($0)") }
            let torn = try await withThrowingTaskGroup(of: Set<[String?]>.self) { group in
                for reader in 0..<3 {
                    group.addTask {
                        var torn: Set<[String?]> = []
                        for _ in 0..<30 {
                            let names: [String?]
                            if reader == 0 {
                                names = try await store.allFiles().map { $0.people.first?.record.fact.contact?.name }
                            } else {
                                names = try await store.versions(ids, by: .checks).map { $0.record.fact.contact?.name }
                            }
                            if Set(names).count > 1 || (!names.isEmpty && names.count != ids.count) {
                                torn.insert(names)
                            }
                            await Task.yield()
                        }
                        return torn
                    }
                }
                group.addTask {
                    for round in 1...12 {
                        let records = try ids.map { id in
                            try contact(id.id, "p\(id.id)@x.test", changed: Double(round), named: "\(round)")
                        }
                        let receipt = try await store.take(records, at: Double(round))
                        let numbers = Set(try await store.versions(ids, by: .checks).map(\.sequence))
                        trial.expect("the commits of one batch's records", numbers, [receipt.sequence])
                    }
                    return []
                }
                return try await group.reduce(into: Set()) { $0.formUnion($1) }
            }
            trial.expect("what was seen of batches in part", torn, [])
        },
        Check("commit.keeps-every-part", "Everything that a batch says is there when it is acknowledged.") { trial in
            let store = try await trial.store()
            let talk = conversation("9", of: ["1"])
            let rejection = RejectedRecord(id: contacts.record("8"), path: "$.email", reason: "no text")
            let issue = FieldIssue(record: talk.id, path: "rating", reason: "6 is above 5")
            let run = SyncRun(id: "run", source: desk, mode: .full, startedAt: day(1))
            let merge = rule("r", .merge(try key("bo@x.test"), into: try key("ada@x.test")), made: 1)
            try await store.take([contact("1", "ada@x.test"), contact("2", "bo@x.test"), talk], at: 1) {
                $0.rejected = [rejection]
                $0.issues = [issue]
                $0.pending = [PendingFetch(id: parts.record("9"), because: talk.id)]
                $0.streams = [contacts: passing(since: 1, cursor: "p2")]
                $0.seen = [contacts: ["1", "2"]]
                $0.runs = [run]
                $0.rules = [merge]
            }
            trial.expect("the customers", try await store.keys(), ["ada@x.test"])
            trial.expect("rejected records", try await store.rejected(by: .checks), [rejection])
            trial.expect("issues", try await store.issues(by: .checks), [issue])
            trial.expect("pending", try await store.pending(parts, limit: 9, by: .checks), [parts.record("9")])
            trial.expect("streams", try await store.streams(by: .checks), [contacts: passing(since: 1, cursor: "p2")])
            trial.expect("seen", try await store.seen(contacts, by: .checks), ["1", "2"])
            trial.expect("runs", try await store.runs(RunQuery(), by: .checks), [run])
            trial.expect("rules", try await store.rules(by: .checks), [merge])
        },
        Check("commit.names-whom-it-touches", "A commit names every customer whose file it changed.") { trial in
            for seed in trial.seeds {
                let store = try await trial.store()
                var before: [CustomerKey: FileContent] = [:]
                for (number, batch) in RandomHistory(seed: seed).batches.enumerated() {
                    let receipt = try await store.commit(batch, by: .checks)
                    let files = try await store.contents(at: .latest, .whole)
                    let after = Dictionary(files.map { ($0.key, $0) }) { first, _ in first }
                    let changed = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
                    let missing = changed.subtracting(receipt.touched).sorted()
                    guard
                        trial.expect("seed \(seed), commit \(number + 1): customers changed and not named", missing, [])
                    else { return }
                    before = after
                }
            }
        },
        Check("commit.takes-many-at-once", "Of many commits at once each is taken, once, with a number of its own.") {
            trial in
            let store = try await trial.store()
            let count = 120
            let numbers = try await withThrowingTaskGroup(of: UInt64.self) { group in
                for number in 0..<count {
                    group.addTask {
                        let record = try contact("\(number)", "p\(number)@x.test")
                        let receipt = try await store.take([record], at: 1)
                        trial.expect("the outcome of record \(number)", receipt.outcomes, [.new])
                        return receipt.sequence
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            trial.expect("the numbers of the commits", numbers.sorted(), (1...UInt64(count)).map { $0 })
            let ids = (0..<count).map { contacts.record("\($0)") }
            let kept = try await store.versions(ids, by: .checks)
            trial.expect("acknowledged records that are there", kept.count, count)
            trial.expect("the commits of the records", kept.map(\.sequence).sorted(), numbers.sorted())
            trial.expect("customers", try await store.allFiles().count, count)
        },
    ]
}
