import GTMCore

extension StoreConformance {
    /// A store with two customers who have an assessment of day 1 that holds until day 100.
    private static func assessed(_ trial: Trial) async throws -> any CustomerStore {
        let store = try await trial.store()
        try await store.take([contact("1", "ada@x.test"), contact("2", "bo@x.test")], at: 1)
        try await store.assess([summary(key("ada@x.test")), summary(key("bo@x.test"))], at: 1)
        return store
    }

    private static func list(_ store: any CustomerStore) async throws -> [String] {
        try await store.listed(CustomerQuery(limit: .max)).keys
    }

    static let assessmentChecks: [Check] = [
        Check("assessments.new-customers-are-due", "Customers never assessed are due, in order, others are not.") {
            trial in
            let store = try await trial.store()
            trial.expect("who is due in an empty store", try await store.dueKeys(1), [])
            try await store.take([contact("2", "bo@x.test"), contact("1", "ada@x.test"), contact("3")], at: 1)
            let due = try await store.due(asOf: day(1), by: .checks)
            trial.expect(
                "who is due", due, DueCustomers(keys: [try key("ada@x.test"), try key("bo@x.test")], sequence: 1))
            try await store.assess([summary(key("ada@x.test"))], at: 1)
            trial.expect("who is due after one was assessed", try await store.dueKeys(1), ["bo@x.test"])
            trial.expect("the list", try await list(store), ["ada@x.test"])
        },
        Check("assessments.expire", "An assessment holds from its moment until its end, and not at its end.") { trial in
            let store = try await trial.store()
            try await store.take([contact("1", "ada@x.test"), contact("2", "bo@x.test")], at: 1)
            try await store.assess(
                [summary(key("ada@x.test"), asOf: 2, until: 5), summary(key("bo@x.test"), asOf: 2, until: 9)], at: 2)
            let due = try await [2, 4.99, 5, 8.99, 9, 4, 1.99].asyncMap { try await store.dueKeys($0).count }
            trial.expect("how many are due on days 2, 4.99, 5, 8.99, 9, 4, 1.99", due, [0, 0, 1, 1, 2, 0, 2])
            trial.expect("the list meanwhile", try await list(store), ["ada@x.test", "bo@x.test"])
        },
        Check("assessments.stale-one-is-not-taken", "An assessment made before its customer was touched is not taken.")
        {
            trial in
            let store = try await trial.store()
            try await store.take([contact("1", "ada@x.test"), contact("2", "bo@x.test")], at: 1)
            let sequence = try await store.due(asOf: day(1), by: .checks).sequence
            try await store.take([contact("1", "ada@x.test", changed: 1, named: "Ada")], at: 1)
            try await store.take(at: 1) {
                $0.assessments = [summary(try key("ada@x.test")), summary(try key("bo@x.test"))]
                $0.assessedAt = sequence
            }
            trial.expect("the list", try await list(store), ["bo@x.test"])
            trial.expect("who is due", try await store.dueKeys(1), ["ada@x.test"])
        },
        Check("assessments.touched-ones-go", "Of a customer who is touched the assessment is thrown away.") { trial in
            let store = try await assessed(trial)
            trial.expect("the list", try await list(store), ["ada@x.test", "bo@x.test"])
            try await store.take([conversation("9", of: ["1"])], at: 2)
            trial.expect("the list after a touch", try await list(store), ["bo@x.test"])
            trial.expect("who is due", try await store.dueKeys(2), ["ada@x.test"])
            try await store.take([contact("2", "bo@x.test")], at: 3)
            trial.expect("the list after the same was told again", try await list(store), ["bo@x.test"])
        },
        Check("assessments.latest-counts", "An assessment replaces the one before.") { trial in
            let store = try await assessed(trial)
            let better = summary(try key("ada@x.test"), asOf: 3) { $0.quality = 77_000 }
            try await store.assess([better], at: 3)
            var query = CustomerQuery(limit: 1)
            let page = try await store.customers(query, by: .checks)
            trial.expect("the first of the list", page.summaries, [better])
            trial.expect("the total", page.total, 2)
            query.after = page.next
            let next = try await store.customers(query, by: .checks)
            trial.expect("the second", next.summaries.map(\.key), [try key("bo@x.test")])
        },
        Check(
            "assessments.profiles-are-told",
            "By which profiles the summaries were scored is told, each once, and forgotten."
        ) { trial in
            let store = try await trial.store()
            trial.expect("of an empty store", try await store.scoredProfiles(by: .checks), [])
            try await store.take(
                [contact("1", "ada@x.test"), contact("2", "bo@x.test"), contact("3", "cy@x.test")], at: 1)
            try await store.assess(
                [
                    summary(try key("ada@x.test")) { $0.profile = 7 },
                    summary(try key("bo@x.test")) { $0.profile = 7 },
                    summary(try key("cy@x.test")) { $0.profile = 8 },
                ], at: 2)
            trial.expect("of two profiles", try await store.scoredProfiles(by: .checks), [7, 8])
            try await store.assess([summary(try key("cy@x.test")) { $0.profile = 7 }], at: 3)
            trial.expect("scored by one again", try await store.scoredProfiles(by: .checks), [7])
        },
        Check(
            "assessments.asked-anew-by-coverage",
            "When other parts are covered everybody is due, and listed until then."
        ) {
            trial in
            let store = try await assessed(trial)
            trial.expect("who is due before", try await store.dueKeys(2), [])
            let both = ["ada@x.test", "bo@x.test"]
            var refused = standing(through: 3, .support)
            refused.refusal = .notPermitted
            let steps = [standing(through: 2), standing(through: 2, .support), refused]
            for (number, state) in steps.enumerated() {
                try await store.take(at: 2) { $0.streams = [contacts: state] }
                trial.expect("who is due after change \(number)", try await store.dueKeys(2), both)
                trial.expect("the list after change \(number)", try await list(store), both)
                try await store.assess([summary(key("ada@x.test")), summary(key("bo@x.test"))], at: 2)
                trial.expect("who is due after the assessment", try await store.dueKeys(2), [])
            }
        },
        Check("assessments.follow-identity", "Who is no customer any more is neither due nor listed.") { trial in
            let store = try await assessed(trial)
            let merge = try IdentityRule.Kind.merge(key("bo@x.test"), into: key("ada@x.test"))
            try await store.take(at: 2) { $0.rules = [rule("r", merge, made: 2)] }
            trial.expect("the list", try await list(store), [])
            trial.expect("who is due", try await store.dueKeys(2), ["ada@x.test"])
            try await store.assess([summary(key("ada@x.test"))], at: 2)
            trial.expect("the list", try await list(store), ["ada@x.test"])
            try await store.take(at: 3) { $0.rules = [rule("r", merge, made: 2, undone: 3)] }
            trial.expect("who is due after the undoing", try await store.dueKeys(3), ["ada@x.test", "bo@x.test"])
        },
        Check("assessments.due-are-touched", "Over any history those are due who were touched and are customers.") {
            trial in
            for seed in trial.seeds {
                let store = try await trial.store()
                var random = SeededRandom(seed: seed)
                var open: Set<CustomerKey> = []
                for (number, batch) in RandomHistory(seed: seed).batches.enumerated() {
                    // What coverage changes is another promise.
                    var batch = batch
                    batch.streams = [:]
                    open.formUnion(try await store.commit(batch, by: .checks).touched)
                    let customers = Set(try await store.allFiles().map(\.key))
                    open.formIntersection(customers)
                    let due = try await store.due(asOf: batch.recordedAt, by: .checks).keys
                    guard trial.expect("seed \(seed), commit \(number + 1): who is due", due, open.sorted()) else {
                        return
                    }
                    guard random.oneIn(2) else { continue }
                    var assessment = StoreBatch(recordedAt: batch.recordedAt)
                    assessment.assessments = due.map { summary($0, asOf: 0, until: 10_000) }
                    assessment.assessedAt = try await store.due(asOf: batch.recordedAt, by: .checks).sequence
                    _ = try await store.commit(assessment, by: .checks)
                    open = []
                    let listed = try await list(store)
                    guard trial.expect("seed \(seed): the list", listed, customers.sorted().map(\.description)) else {
                        return
                    }
                }
            }
        },
    ]
}
