import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension StoreConformance {
    static let timeChecks: [Check] = [
        Check("time.known-at", "What had not been learnt by a moment is not in what was known then.") { trial in
            let store = try await trial.store()
            try await store.take([contact("1", "ada@x.test", changed: 1, named: "first")], at: 2)
            try await store.take([contact("1", "ada@x.test", changed: 3, named: "second")], at: 10)
            let names = try await [9.99, 10].asyncMap {
                try await store.name("ada@x.test", at: TimePoint(knownAt: day($0)))
            }
            trial.expect("the name as known before and at the second commit", names, ["first", "second"])
        },
        Check("time.valid-at", "What began to hold later is not in what held at a moment.") { trial in
            let store = try await trial.store()
            try await store.take([contact("1", "ada@x.test", changed: 1, named: "first")], at: 2)
            try await store.take([contact("1", "ada@x.test", changed: 3, named: "second")], at: 10)
            let names = try await [0.99, 1, 2.99, 3].asyncMap {
                try await store.name("ada@x.test", at: TimePoint(validAt: day($0)))
            }
            trial.expect("the name that held before and at each change", names, [nil, "first", "first", "second"])
        },
        Check("time.both-axes", "What was known and what held are two questions, and can be asked at once.") { trial in
            let store = try await trial.store()
            try await store.take([contact("1", "ada@x.test", changed: 1, named: "first")], at: 2)
            try await store.take([contact("1", "ada@x.test", changed: 3, named: "second")], at: 10)
            let points = [
                TimePoint(knownAt: day(9), validAt: day(4)), TimePoint(knownAt: day(11), validAt: day(4)),
                TimePoint(knownAt: day(11), validAt: day(2)), TimePoint(knownAt: day(1), validAt: day(11)),
            ]
            let names = try await points.asyncMap { try await store.name("ada@x.test", at: $0) }
            trial.expect("the names", names, ["first", "second", "first", nil])
        },
        Check("time.before-the-first", "Before the first version there was nobody, and afterwards there is.") { trial in
            let store = try await trial.store()
            try await store.take([contact("1", "ada@x.test", changed: 3)], at: 5)
            for point in [TimePoint(knownAt: day(4.9)), TimePoint(validAt: day(2.9)), TimePoint(knownAt: .distantPast)]
            {
                trial.expect("the customer", try await store.file("ada@x.test", at: point), nil)
                trial.expect("customers", try await store.keys(at: point), [])
            }
            for point in [TimePoint(knownAt: day(5)), TimePoint(validAt: day(3)), TimePoint(knownAt: .distantFuture)] {
                trial.expect("customers", try await store.keys(at: point), ["ada@x.test"])
            }
        },
        Check("time.same-instant", "What was learnt at an instant was known at it, in several commits too.") { trial in
            let store = try await trial.store()
            try await store.take([contact("1", "ada@x.test", changed: nil, named: "first")], at: 2)
            try await store.take([contact("1", "ada@x.test", changed: nil, named: "second")], at: 2)
            try await store.take([contact("2", "bo@x.test", changed: nil)], at: 2)
            try await store.take([contact("3", "cy@x.test", changed: nil)], at: 3)
            let point = TimePoint(knownAt: day(2), validAt: day(2))
            trial.expect("customers then", try await store.keys(at: point), ["ada@x.test", "bo@x.test"])
            trial.expect("the name then", try await store.name("ada@x.test", at: point), "second")
        },
        Check("time.vendor-clock-ahead", "A vendor's clock that runs ahead moves nothing past the moment of learning.")
        {
            trial in
            let store = try await trial.store()
            try await store.take([contact("1", "ada@x.test", changed: 50, named: "ahead")], at: 2)
            try await store.take([contact("2", "bo@x.test", changed: 3)], at: 10)
            let then = try await store.name("ada@x.test", at: TimePoint(validAt: day(2)))
            trial.expect("the name that held when it was learnt", then, "ahead")
            try await store.take([contact("1", "ada@x.test", changed: 20, named: "behind")], at: 20)
            trial.expect("the name now, by the vendor's times", try await store.name("ada@x.test"), "ahead")
            try await store.take([contact("1", "ada@x.test", changed: 51, named: "later")], at: 60)
            trial.expect("the name now", try await store.name("ada@x.test"), "later")
            let still = try await store.name("ada@x.test", at: TimePoint(knownAt: day(59)))
            trial.expect("the name as known before", still, "ahead")
        },
        Check("time.rules", "A rule applies from its making to its undoing.") { trial in
            let store = try await trial.store()
            try await store.take([contact("1", "ada@x.test"), contact("2", "bo@x.test")], at: 1)
            let merge = try IdentityRule.Kind.merge(key("bo@x.test"), into: key("ada@x.test"))
            try await store.take(at: 3) { $0.rules = [rule("r", merge, made: 3)] }
            try await store.take(at: 6) { $0.rules = [rule("r", merge, made: 3, undone: 6)] }
            try await store.take(at: 9)
            let counts = try await [1, 2.9, 3, 5.9, 6, 9].asyncMap {
                try await store.keys(at: TimePoint(knownAt: day($0))).count
            }
            trial.expect("customers before, from the making on, from the undoing on", counts, [2, 2, 1, 1, 2, 2])
        },
        Check("time.history-repeats", "What was known at each commit is what a store fed up to there says now.") {
            trial in
            for seed in trial.seeds {
                let history = RandomHistory(seed: seed)
                let (store, other) = (try await trial.store(), try await trial.plainStore())
                for batch in history.batches { _ = try await store.commit(batch, by: .checks) }
                for (number, batch) in history.batches.enumerated() {
                    _ = try await other.commit(batch, by: .checks)
                    // At an instant everything learnt at it is known.
                    let isLast = number + 1 == history.batches.count
                    guard isLast || history.batches[number + 1].recordedAt > batch.recordedAt else { continue }
                    let point = TimePoint(knownAt: batch.recordedAt)
                    let what = "seed \(seed): as known after commit \(number + 1)"
                    let (found, expected) = (try await store.contents(at: point), try await other.contents())
                    guard trial.expect("\(what): what was told then", found, expected) else { return }
                    for key in RandomHistory.keys {
                        let past = try await store.customer(key, at: point, by: .checks)
                        let then = try await other.customer(key, at: .latest, by: .checks)
                        guard
                            trial.expect(
                                "\(what): what \(key) led to", past.map { [FileContent($0, .past)] } ?? [],
                                then.map { [FileContent($0, .past)] } ?? [])
                        else { return }
                    }
                }
            }
        },
        Check("time.versions-in-force", "The files of any point are those of the versions and rules in force then.") {
            trial in
            for seed in trial.seeds {
                let history = RandomHistory(seed: seed)
                let store = try await trial.store()
                var reference = ReferenceHistory()
                for batch in history.batches {
                    _ = reference.take(batch)
                    _ = try await store.commit(batch, by: .checks)
                }
                var random = SeededRandom(seed: seed)
                for _ in 0..<6 {
                    var point = TimePoint(validAt: day(Double(random.below(Int(history.end) + 4)) - 2))
                    if random.oneIn(2) { point.knownAt = day(Double(random.below(Int(history.end) + 2))) }
                    let other = try await trial.plainStore()
                    var batch = StoreBatch(recordedAt: day(history.end + 10))
                    batch.records = reference.inForce(at: point).map(\.record)
                    for var rule in history.rulesInTheEnd where rule.applies(at: point) {
                        rule.undoneAt = nil
                        batch.rules.append(rule)
                    }
                    _ = try await other.commit(batch, by: .checks)
                    let (found, expected) = (
                        try await store.contents(at: point, .told), try await other.contents(at: .latest, .told)
                    )
                    let known = point.knownAt.map { " known on \($0)" } ?? ""
                    guard
                        trial.expect(
                            "seed \(seed): what held on \(point.validAt.map { "\($0)" } ?? "")\(known)", found, expected
                        )
                    else { return }
                }
            }
        },
    ]
}

extension Sequence {
    /// The results of an asynchronous question for each element, in order.
    func asyncMap<Result>(_ body: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await body(element)) }
        return results
    }
}
