import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension StoreConformance {
    /// Texts that stores have stumbled over.
    private static let oddTexts = [
        "", " ", "\0", "a\0b", "'; DROP TABLE customers; --", "\"\\/\n\r\t", "🧑‍🚀👩‍👩‍👧", "𝔘𝔫𝔦", "\u{FEFF}bom", "\u{202E}abc",
        "ẞß",
        "e\u{301}", "\u{e9}", "%s%n", "NULL", "a/b/c", "\u{10FFFF}", "\u{1F}",
    ]

    static let oddDataChecks: [Check] = [
        Check("odd.texts", "Any text comes back byte by byte.") { trial in
            let store = try await trial.store()
            for (number, text) in oddTexts.enumerated() {
                let record = try contact("\(number)", "p\(number)@x.test") {
                    $0.name = text
                    $0.phone = text
                    $0.attributes = JSONObject(members: [JSONObject.Member(key: text, value: .string(text))])
                    $0.location = Location(country: text, city: text)
                }
                try await store.take([record], at: 1)
            }
            for (number, text) in oddTexts.enumerated() {
                let fact = try await store.version(contacts.record("\(number)"))?.record.fact.contact
                let found = [fact?.name, fact?.phone, fact?.location?.city, fact?.attributes.members.first?.key]
                let bytes = found.map { $0.map { Array($0.utf8) } }
                trial.expect("the bytes of text \(number)", bytes, Array(repeating: Array(text.utf8), count: 4))
            }
        },
        Check("odd.ids", "Any text is an id, and no id is taken for another.") { trial in
            let store = try await trial.store()
            let ids =
                oddTexts.filter { $0 != "e\u{301}" }.map { contacts.record($0) } + [
                    RecordID(source: desk, stream: "contacts/a", id: "b"),
                    RecordID(source: desk, stream: "contacts", id: "a/b"),
                    RecordID(source: SourceID(vendor: "desk", account: "acme/contacts"), stream: "a", id: "b"),
                    RecordID(source: SourceID(vendor: "", account: ""), stream: "", id: ""),
                ]
            for (number, id) in ids.enumerated() {
                var record = try contact("", "p\(number)@x.test", named: "\(number)")
                record.id = id
                trial.expect("the outcome of id \(number)", try await store.take([record], at: 1).outcomes, [.new])
                trial.expect("once more", try await store.take([record], at: 2).outcomes, [.unchanged])
            }
            let names = try await ids.asyncMap { try await store.version($0)?.record.fact.contact?.name }
            trial.expect("the names behind the ids", names, ids.indices.map { "\($0)" })
            let live = try await store.liveIDs(contacts, by: .checks)
            let expected = ids.filter { $0.source == desk && $0.stream == "contacts" }.map(\.id)
            trial.expect(
                "the ids in order of their bytes", live,
                expected.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
        },
        Check("odd.ids-of-other-bytes", "Ids that look the same and have other bytes are other ids.") { trial in
            let store = try await trial.store()
            let (one, two) = ("caf\u{e9}", "cafe\u{301}")
            let receipt = try await store.take(
                [contact(one, "ada@x.test", named: "one"), contact(two, "bo@x.test", named: "two")], at: 1)
            trial.expect("the outcomes", receipt.outcomes, [.new, .new])
            let names = try await [one, two].asyncMap {
                try await store.version(contacts.record($0))?.record.fact.contact?.name
            }
            trial.expect("the names behind the ids", names, ["one", "two"])
            try await store.take([conversation("9", of: [two])], at: 2) { batch in
                batch.pending = [one, two].map { PendingFetch(id: parts.record($0)) }
                batch.rejected = [one, two].map { RejectedRecord(id: conversations.record($0), path: "$", reason: "x") }
            }
            let talks = try await ["ada@x.test", "bo@x.test"].asyncMap { try await store.file($0)?.activity.count }
            trial.expect("whose conversation it is", talks, [0, 1])
            func bytes(_ ids: [String]) -> [[UInt8]] { ids.map { Array($0.utf8) } }
            let both = bytes([two, one])
            trial.expect("live ids", bytes(try await store.liveIDs(contacts, by: .checks)), both)
            let pending = try await store.pending(parts, limit: 9, by: .checks).map(\.id)
            trial.expect("what is to be fetched", bytes(pending), both)
            trial.expect("rejected records", bytes(try await store.rejected(by: .checks).map(\.id.id)), both)
        },
        Check("odd.texts-of-other-bytes", "A text with other bytes is another text, though it looks the same.") {
            trial in
            let store = try await trial.store()
            try await store.take([contact("1", "ada@x.test", named: "Caf\u{e9}")], at: 1)
            let receipt = try await store.take([contact("1", "ada@x.test", changed: 1, named: "Cafe\u{301}")], at: 2)
            trial.expect("the outcome", receipt.outcomes, [.updated])
            let name = try await store.name("ada@x.test").map { Array($0.utf8) }
            trial.expect("the bytes of the name", name, Array("Cafe\u{301}".utf8))
        },
        Check("odd.long-texts", "A text of a megabyte is kept whole, in the record and in the past.") { trial in
            let store = try await trial.store()
            let long = String(repeating: "0123456789abcde\n", count: 65_536)
            try await store.take(
                [
                    contact("1", "ada@x.test"),
                    conversation("9", of: ["1"]) { fact in
                        fact.opening = Message(id: "m", sentAt: nil, side: .customer, text: long)
                    },
                ], at: 1)
            try await store.take([conversation("9", of: ["1"], changed: 2)], at: 2)
            for (point, expected) in [(TimePoint.latest, 0), (TimePoint(knownAt: day(1)), long.utf8.count)] {
                let text = try await store.file("ada@x.test", at: point)?.activity.first?.record.fact.conversation?
                    .opening?.text
                trial.expect("the length of the text", text?.utf8.count ?? 0, expected)
                if expected > 0 { trial.expect("the text", text == long, found: "another text of that length") }
            }
        },
        Check("odd.numbers", "The largest and smallest numbers come back as they were.") { trial in
            let store = try await trial.store()
            let numbers = [Int64.min, -1, 0, 1, .max]
            let fractions = [Fraction(.max, over: .max - 1), Fraction(-.max, over: 7), Fraction(1, over: .max)]
            var attributes: [JSONObject.Member] = numbers.map { JSONObject.Member(key: "\($0)", value: .integer($0)) }
            for number in [0.1, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude] {
                attributes.append(JSONObject.Member(key: "\(number)", value: .double(number)))
            }
            let records = try numbers.enumerated().map { place, number in
                try contact("\(place)", "p\(place)@x.test") {
                    $0.attributes = JSONObject(members: attributes)
                    var mirror = BillingMirror()
                    mirror.planPrice = Money(minorUnits: number, currency: .jpy)
                    mirror.planInterval = BillingInterval(.day, count: .max)
                    mirror.subscriptions = fractions.map { fraction in
                        Subscription(
                            id: nil, status: nil,
                            items: [
                                SubscriptionItem(
                                    planName: nil, unitAmount: fraction, currency: nil, interval: nil, quantity: number)
                            ])
                    }
                    $0.billing = mirror
                }
            }
            try await store.take(records, at: 1)
            trial.expect(
                "the records", try await store.versions(records.map(\.id), by: .checks).map(\.record) == records,
                found: "others")
            trial.expect("once more", try await store.take(records, at: 2).outcomes, records.map { _ in .unchanged })
        },
        Check("odd.dates", "Distant dates and parts of a microsecond come back as they were, and order versions.") {
            trial in
            let store = try await trial.store()
            let dates = [
                Date.distantPast, Date(timeIntervalSince1970: -1), Date(timeIntervalSinceReferenceDate: 0.1),
                Date(timeIntervalSinceReferenceDate: 789_000_000.123_456_7),
                Date(timeIntervalSinceReferenceDate: 789_000_000.123_456_9), .distantFuture,
                Date(timeIntervalSinceReferenceDate: 1e300),
            ]
            for (number, date) in dates.enumerated() {
                var record = try contact("1", "ada@x.test", named: "\(number)")
                record.changedAt = date
                trial.expect(
                    "the outcome of date \(number)", try await store.take([record], at: 1).outcomes,
                    [number == 0 ? .new : .updated])
                trial.expect("once more", try await store.take([record], at: 1).outcomes, [.unchanged])
                let found = try await store.version(record.id)?.record
                trial.expect(
                    "the date \(number)", found?.changedAt?.timeIntervalSinceReferenceDate,
                    date.timeIntervalSinceReferenceDate)
                trial.expect("the name of date \(number)", found?.fact.contact?.name, "\(number)")
            }
            let held = try await dates.prefix(5).asyncMap {
                try await store.name("ada@x.test", at: TimePoint(validAt: $0))
            }
            trial.expect("the names that held at each date", held, ["0", "1", "2", "3", "4"])
            let exact = Date(timeIntervalSinceReferenceDate: 789_000_001.000_000_3)
            var batch = StoreBatch(recordedAt: exact)
            batch.records = [try contact("2", "bo@x.test", changed: nil)]
            _ = try await store.commit(batch, by: .checks)
            let recorded = try await store.version(contacts.record("2"))?.recordedAt.timeIntervalSinceReferenceDate
            trial.expect("the moment of learning", recorded, exact.timeIntervalSinceReferenceDate)
            let before = TimePoint(knownAt: Date(timeIntervalSinceReferenceDate: 789_000_001.000_000_1))
            trial.expect("known just before", try await store.file("bo@x.test", at: before), nil)
            let then = try await store.file("bo@x.test", at: TimePoint(knownAt: exact))?.people.count
            trial.expect("known then", then, 1)
        },
    ]
}
