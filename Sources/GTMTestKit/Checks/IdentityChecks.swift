import GTMCore

extension StoreConformance {
    static let identityChecks: [Check] = [
        Check("identity.same-address-joins", "Records of one address are one customer, whatever its case.") { trial in
            let store = try await trial.store()
            try await store.take(
                [
                    contact("2", " ada@X.test", source: crm), contact("1", "Ada@x.test"), contact("3", "bo@x.test"),
                ], at: 1)
            let files = try await store.allFiles()
            trial.expect("the customers", files.map(\.key.description), ["ada@x.test", "bo@x.test"])
            let members = files.first?.people.map { "\($0.record.id)" }
            trial.expect(
                "the records of the first, in order", members, ["crm/acme/contacts/2", "desk/acme/contacts/1"])
        },
        Check("identity.secondary-key-joins", "A record without address joins the only customer that claims its key.") {
            trial in
            let store = try await trial.store()
            let (first, second) = (account("cus_1"), account("cus_2"))
            try await store.take([contact("2", keys: [first]), contact("3", keys: [second])], at: 1)
            trial.expect("customers", try await store.keys(), [])
            let receipt = try await store.take([contact("1", "ada@x.test", keys: [first])], at: 2)
            trial.expect("whom it touches", receipt.touched.map(\.description), ["ada@x.test"])
            let file = try await store.file("ada@x.test")
            trial.expect("the records of the customer", file?.people.map(\.record.id.id), ["1", "2"])
            let unmatched = try await store.unmatched(by: .checks)
            trial.expect("who is left", unmatched, [UnmatchedRecord(id: contacts.record("3"), reason: .noEmail)])
        },
        Check("identity.secondary-key-joins-no-customers", "A secondary key never makes two addresses one customer.") {
            trial in
            let store = try await trial.store()
            let shared = account("cus_1")
            try await store.take(
                [contact("1", "ada@x.test", keys: [shared]), contact("2", "bo@x.test", keys: [shared])], at: 1)
            let files = try await store.allFiles()
            trial.expect("the customers", files.map(\.key.description), ["ada@x.test", "bo@x.test"])
            trial.expect("their records", files.map { $0.people.map(\.record.id.id) }, [["1"], ["2"]])
        },
        Check(
            "identity.ambiguous-joins-nobody",
            "A record that two customers claim belongs to neither, until one lets go."
        ) {
            trial in
            let store = try await trial.store()
            let shared = account("cus_1")
            try await store.take(
                [
                    contact("1", "ada@x.test", keys: [shared]), contact("2", "bo@x.test", keys: [shared]),
                    contact("3", keys: [shared]),
                ], at: 1)
            let unmatched = try await store.unmatched(by: .checks)
            trial.expect("who is left", unmatched, [UnmatchedRecord(id: contacts.record("3"), reason: .ambiguous)])
            let receipt = try await store.take([contact("2", "bo@x.test", changed: 2)], at: 2)
            let touched = receipt.touched.map(\.description).sorted()
            trial.expect("whom the letting go touches", touched, ["ada@x.test", "bo@x.test"])
            let file = try await store.file("ada@x.test")
            trial.expect("the records of the customer", file?.people.map(\.record.id.id), ["1", "3"])
            trial.expect("who is left", try await store.unmatched(by: .checks), [])
        },
        Check("identity.only-customers-create", "Only records that create customers do; others join them.") { trial in
            let store = try await trial.store()
            let mail = SourceID(vendor: "mail")
            try await store.take(
                [
                    contact("1", "ada@x.test"), contact("m1", "ada@x.test", source: mail, creates: false),
                    contact("m2", "bo@x.test", source: mail, creates: false),
                ], at: 1)
            let files = try await store.allFiles()
            trial.expect("the customers", files.map(\.key.description), ["ada@x.test"])
            trial.expect("their records", files.map { $0.people.map(\.record.id.id) }, [["1", "m1"]])
            let reasons = try await store.unmatched(by: .checks).map(\.reason)
            trial.expect("why the other belongs to nobody", reasons, [.notACustomer])
            trial.expect("the other", try await store.file("bo@x.test"), nil)
        },
        Check("identity.merge-rule", "Merged customers are one, under the second key, found by both.") { trial in
            let store = try await trial.store()
            try await store.take([contact("1", "ada@x.test"), contact("2", "bo@x.test")], at: 1)
            let (ada, bo) = (try key("ada@x.test"), try key("bo@x.test"))
            let receipt = try await store.take(at: 2) { $0.rules = [rule("r", .merge(ada, into: bo), made: 2)] }
            trial.expect("whom the rule touches", receipt.touched.isSuperset(of: [ada, bo]), true)
            let files = try await store.allFiles()
            trial.expect("the customers", files.map(\.key), [bo])
            trial.expect("the records", files.first?.people.map(\.record.id.id), ["1", "2"])
            trial.expect("the aliases", files.first?.aliases, [ada])
            trial.expect("by the alias", try await store.customer(ada, at: .latest, by: .checks), files.first)
        },
        Check("identity.keep-apart-rule", "What is kept apart is two customers, and a merge against it does not apply.")
        {
            trial in
            let store = try await trial.store()
            try await store.take(
                [contact("1", "ada@x.test"), contact("2", "ada@x.test"), contact("3", "bo@x.test")], at: 1)
            let (ada, bo) = (try key("ada@x.test"), try key("bo@x.test"))
            let second = CustomerKey.record(contacts.record("2"))
            let receipt = try await store.take(at: 2) {
                $0.rules = [
                    rule("apart", .keepApart(second, ada), made: 1), rule("never", .keepApart(ada, bo), made: 1),
                    rule("merge", .merge(bo, into: ada), made: 2),
                ]
            }
            let files = try await store.allFiles()
            trial.expect("the customers", files.map(\.key), [ada, bo, second])
            trial.expect("their records", files.map { $0.people.map(\.record.id.id) }, [["1"], ["3"], ["2"]])
            trial.expect(
                "the new customer is named", receipt.touched.isSuperset(of: [ada, second]), found: "\(receipt.touched)")
        },
        Check(
            "identity.undone-rule-leaves-no-trace", "Rules that are undone leave every file as if they had never been."
        ) {
            trial in
            for seed in trial.seeds {
                let history = RandomHistory(seed: seed)
                let (store, other) = (try await trial.store(), try await trial.plainStore())
                for batch in history.batches {
                    _ = try await store.commit(batch, by: .checks)
                    var bare = batch
                    bare.rules = []
                    _ = try await other.commit(bare, by: .checks)
                }
                let undone = history.rulesInTheEnd.map { rule in
                    var rule = rule
                    rule.undoneAt = rule.undoneAt ?? day(history.end + 1)
                    return rule
                }
                try await store.take(at: history.end + 1) { $0.rules = undone }
                try await other.take(at: history.end + 1)
                let (found, expected) = (
                    try await store.contents(at: .latest, .whole), try await other.contents(at: .latest, .whole)
                )
                guard trial.expect("seed \(seed): the files of a store without rules", found, expected),
                    trial.expect("seed \(seed): the rules", try await store.rules(by: .checks).count, undone.count)
                else { return }
            }
        },
        Check("identity.former-address", "A former address leads to its customer, as long as nobody else has it.") {
            trial in
            let store = try await trial.store()
            try await store.take([contact("1", "old@x.test")], at: 1)
            let receipt = try await store.take([contact("1", "new@x.test", changed: 2)], at: 2)
            let touched = receipt.touched.map(\.description).sorted()
            trial.expect("whom the change touches", touched, ["new@x.test", "old@x.test"])
            trial.expect("the customers", try await store.keys(), ["new@x.test"])
            trial.expect("by the former address", try await store.file("old@x.test")?.key.description, "new@x.test")
            let past = try await store.file("old@x.test", at: TimePoint(knownAt: day(1)))
            trial.expect("by the address of then", past?.key.description, "old@x.test")
            let early = try await store.file("new@x.test", at: TimePoint(knownAt: day(1)))
            trial.expect("by an address not yet known", early, nil)
            try await store.take([contact("2", "old@x.test", changed: 3)], at: 3)
            let taken = try await store.file("old@x.test")
            trial.expect("by an address that another has now", taken?.people.map(\.record.id.id), ["2"])
        },
        Check("identity.merged-at-the-vendor", "A record merged away leads to the one that speaks for it.") { trial in
            let store = try await trial.store()
            try await store.take(
                [contact("1", "ada@x.test"), contact("2", "bo@x.test"), conversation("9", of: ["1"])], at: 1)
            let merged = tombstone(contacts.record("1"), .merged(into: contacts.record("2")))
            let receipt = try await store.take([merged], at: 2)
            trial.expect(
                "both are named", receipt.touched.map(\.description).sorted(), ["ada@x.test", "bo@x.test"])
            let files = try await store.allFiles()
            trial.expect("the customers", files.map(\.key.description), ["bo@x.test"])
            trial.expect("the records absorbed", files.first?.absorbed, [contacts.record("1")])
            trial.expect("the conversations", files.first?.activity.map(\.record.id.id), ["9"])
            trial.expect("by the address of the one merged away", try await store.file("ada@x.test"), files.first)
        },
        Check("identity.billed-once", "What two customers mention is billed to one, and the other's file says to whom.")
        {
            trial in
            let store = try await trial.store()
            func mirrored(_ id: String, _ address: String, created: Double) throws -> SourceRecord {
                try contact(id, address) {
                    $0.createdAt = day(created)
                    var mirror = BillingMirror()
                    mirror.subscriptions = [Subscription(id: account("sub_1"), status: .active, items: [])]
                    $0.billing = mirror
                }
            }
            try await store.take([mirrored("1", "ada@x.test", created: -10)], at: 1)
            let receipt = try await store.take([mirrored("2", "bo@x.test", created: -20)], at: 2)
            trial.expect("both are named", receipt.touched.map(\.description).sorted(), ["ada@x.test", "bo@x.test"])
            let elsewhere = try await store.allFiles().map(\.billedElsewhere)
            trial.expect(
                "what is billed elsewhere", elsewhere, [[.subscription(account("sub_1")): try key("bo@x.test")], [:]])
        },
        Check(
            "identity.billing-finds-its-home",
            "When a billing record finds its customer, those who mirror it are named."
        ) {
            trial in
            let store = try await trial.store()
            let told = Subscription(id: account("sub_1"), status: .active, items: [])
            let record = SourceRecord(
                id: RecordID(source: till, stream: "subscriptions", id: "1"),
                subjects: [.email(try EmailAddress("bo@x.test"))], changedAt: day(0), fact: .subscription(told))
            let mirrored = try contact("1", "ada@x.test") {
                var mirror = BillingMirror()
                mirror.subscriptions = [told]
                $0.billing = mirror
            }
            try await store.take([record, mirrored], at: 1)
            trial.expect("what is billed elsewhere", try await store.file("ada@x.test")?.billedElsewhere, [:])
            let came = try await store.take([contact("2", "bo@x.test")], at: 2)
            trial.expect("both are named", came.touched.map(\.description).sorted(), ["ada@x.test", "bo@x.test"])
            let elsewhere = try await store.file("ada@x.test")?.billedElsewhere
            trial.expect("what is billed elsewhere", elsewhere, [.subscription(account("sub_1")): try key("bo@x.test")])
            let went = try await store.take([contact("2", "cy@x.test", changed: 3)], at: 3)
            let touched = went.touched.map(\.description).sorted()
            trial.expect("all are named", touched, ["ada@x.test", "bo@x.test", "cy@x.test"])
            trial.expect("what is billed elsewhere", try await store.file("ada@x.test")?.billedElsewhere, [:])
        },
        Check(
            "identity.concerned-by-subjects", "A file holds what concerns the customer: by record, by address, by key."
        ) {
            trial in
            let store = try await trial.store()
            let cus = account("cus_1")
            var byAddress = conversation("8", of: [])
            byAddress.subjects = [.email(try EmailAddress("ada@x.test"))]
            try await store.take(
                [
                    conversation("9", of: ["1"]), byAddress, payment("p2", of: .external(cus)),
                    payment("p1", of: .record(contacts.record("1"))), company("c2", named: "Two"),
                    company("c1", named: "One"), conversation("7", of: ["2"]),
                ], at: 1)
            trial.expect("customers", try await store.keys(), [])
            try await store.take(
                [
                    contact("1", "ada@x.test", keys: [cus]) {
                        $0.companies = [company("c2", named: "").id, company("c1", named: "").id]
                    }
                ], at: 2)
            let file = try await store.file("ada@x.test")
            trial.expect("activity, in order", file?.activity.map(\.record.id.id), ["8", "9"])
            trial.expect("billing, in order", file?.billing.map(\.record.id.id), ["p1", "p2"])
            trial.expect("references, in order", file?.references.map(\.record.id.id), ["c1", "c2"])
            let renamed = try await store.take([company("c1", named: "Uno", changed: 3)], at: 3)
            trial.expect("whom a company touches", renamed.touched.map(\.description), ["ada@x.test"])
        },
        Check("identity.order-of-arrival", "The order in which records arrive changes no customer.") { trial in
            for seed in trial.seeds {
                let (store, other) = (try await trial.store(), try await trial.plainStore())
                var reference = ReferenceHistory()
                for batch in RandomHistory(seed: seed).batches { _ = reference.take(batch) }
                var records = reference.inForce(at: .latest).map(\.record)
                try await other.take(records, at: 1)
                var random = SeededRandom(seed: seed)
                records.shuffle(using: &random)
                for record in records { try await store.take([record], at: 1) }
                let (found, expected) = (
                    try await store.contents(at: .latest, .told), try await other.contents(at: .latest, .told)
                )
                guard trial.expect("seed \(seed): the files of another order", found, expected) else { return }
            }
        },
    ]
}
