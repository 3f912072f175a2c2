import GTMCore

extension StoreConformance {
    static let scanChecks: [Check] = [
        Check(
            "scans.in-chunks", "Chunks of any size, in order of keys, make up all files, each as asked for by its key."
        ) {
            trial in
            let store = try await trial.store()
            let records = try (0..<25).map { number in try contact("\(number)", "p\(number * 7 % 25)@x.test") }
            let loner = CustomerKey.record(contacts.record("3"))
            try await store.take(records + [conversation("9", of: ["4"])], at: 1) {
                $0.rules = [rule("r", .keepApart(loner, try key("p21@x.test")), made: 1)]
            }
            let whole = try await store.allFiles()
            trial.expect("keys in order", whole.map(\.key), whole.map(\.key).sorted())
            trial.expect("customers", whole.count, 25)
            trial.expect("records stand behind addresses", whole.last?.key, loner)
            for limit in [1, 2, 7, 24, 25, 26] {
                var files: [CustomerFile] = []
                var scan = CustomerScan(limit: limit)
                while case let chunk = try await store.files(scan, by: .checks), let last = chunk.last,
                    files.count < 100
                {
                    files += chunk
                    scan.after = last.key
                    guard trial.expect("a chunk of at most \(limit)", chunk.count <= limit, found: "\(chunk.count)")
                    else {
                        return
                    }
                }
                trial.expect("chunks of \(limit)", files == whole, found: "\(files.map(\.key))")
            }
            for file in whole {
                trial.expect(
                    "the file of \(file.key)", try await store.customer(file.key, at: .latest, by: .checks), file)
            }
        },
        Check("scans.limit-is-at-least-one", "A chunk holds a file at least, as long as there is one.") { trial in
            let store = try await trial.store()
            try await store.take([contact("1", "ada@x.test"), contact("2", "bo@x.test")], at: 1)
            for limit in [0, -1, Int.min] {
                let chunk = try await store.files(CustomerScan(limit: limit), by: .checks)
                trial.expect("a chunk of \(limit)", chunk.map(\.key.description), ["ada@x.test"])
            }
        },
        Check("scans.after-any-key", "A scan goes on behind any key, also one that is no customer's.") { trial in
            let store = try await trial.store()
            try await store.take([contact("1", "ada@x.test"), contact("2", "cy@x.test")], at: 1)
            func after(_ key: CustomerKey) async throws -> [String] {
                try await store.files(CustomerScan(after: key), by: .checks).map(\.key.description)
            }
            let found = try await ["a@a.test", "ada@x.test", "bo@x.test", "cy@x.test", "z@z.test"].asyncMap {
                try await after(key($0))
            }
            trial.expect("who follows", found, [["ada@x.test", "cy@x.test"], ["cy@x.test"], ["cy@x.test"], [], []])
            trial.expect("who follows behind a record", try await after(.record(contacts.record("1"))), [])
        },
        Check("scans.of-an-empty-store", "An empty store answers every question with nothing, until something is told.")
        {
            trial in
            let store = try await trial.store()
            let history = RandomHistory(seed: 1)
            let nothing = try await StoreAnswers(store, history)
            trial.expect("answers of an empty store", nothing.isEmpty, found: nothing.summary)
            try await store.take([contact("1", "ada@x.test")], at: 1)
            trial.expect("customers", try await store.keys(), ["ada@x.test"])
        },
        Check("scans.at-past-points", "A scan of a past point finds the customers of then, in chunks too.") { trial in
            let store = try await trial.store()
            try await store.take([contact("1", "ada@x.test"), contact("2", "cy@x.test")], at: 1)
            try await store.take([contact("3", "bo@x.test", changed: 2)], at: 2)
            try await store.take([contact("1", "zoe@x.test", changed: 3)], at: 3)
            let keys = try await [1, 2, 3].asyncMap { moment in
                var keys: [String] = []
                var scan = CustomerScan(at: TimePoint(knownAt: day(moment)), limit: 1)
                while let file = try await store.files(scan, by: .checks).first, keys.count < 10 {
                    keys.append(file.key.description)
                    scan.after = file.key
                }
                return keys
            }
            trial.expect(
                "the customers after each commit", keys,
                [
                    ["ada@x.test", "cy@x.test"], ["ada@x.test", "bo@x.test", "cy@x.test"],
                    ["bo@x.test", "cy@x.test", "zoe@x.test"],
                ])
        },
    ]
}
