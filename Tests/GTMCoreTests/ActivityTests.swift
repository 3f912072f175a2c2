import GTMCore
import Testing

@Suite("What customers do") struct ActivityTests {
    private func ada(
        _ others: [SourceRecord] = [], _ context: ResolutionContext = context(),
        _ fill: (inout Contact) -> Void = { _ in }
    ) async throws -> Assessment {
        let store = await store([contact("1", email: "ada@x.test", fill)] + others)
        return try #require(try await store.assessed("ada@x.test", context))
    }

    @Test(
        "Days since seen are whole and never negative; what was never seen is unknown",
        arguments: [(-10.0, Reading.known(10)), (-10.9, .known(10)), (-0.5, .known(0)), (0.5, .unknown(.notReported))])
    func daysSinceSeen(seen: Double, expected: Reading<Int>) async throws {
        #expect(try await ada { $0.lastSeenAt = day(seen) }.activity.daysSinceSeen == expected)
    }

    @Test("A source that was not read for a month makes nobody inactive") func staleSource() async throws {
        let records = [
            contact("1", email: "ada@x.test") {
                $0.lastSeenAt = day(-2); $0.signedUpAt = day(-700)
            }
        ]
        let store = await store(records)
        for days in 0...40 {
            let now = Double(days)
            let view = try #require(try await store.assessed("ada@x.test", context(asOf: now, observedThrough: 0)))
            #expect(!view.health.signals.contains { $0.kind == .inactive })
            #expect(view.activity.daysSinceSeen == (days <= 7 ? .known(2) : .unknown(.stale)))
            #expect(view.activity.conversations30d == (days <= 7 ? .known(0) : .unknown(.stale)))
        }
        let unread = ResolutionContext(asOf: day(1), coverage: [])
        #expect(try await store.assessed("ada@x.test", unread)?.activity.daysSinceSeen == .unknown(.notConnected))
    }

    @Test("Conversations are counted where the customer took part; snoozed is open") func conversations() async throws {
        let activity = try await ada([
            conversation("1", of: ["1"], changed: -40) { $0.state = .open },
            conversation("2", of: ["1"], changed: -30) {
                $0.state = .snoozed; $0.isPriority = true
            },
            conversation("3", of: ["1"], changed: -1),
            conversation("4", of: ["1"], changed: -1) {
                $0.involvesCustomer = false; $0.state = .open
            },
            conversation("5", of: ["2"], changed: -1),
            conversation("6", of: ["1"], changed: -2) { $0.isPriority = true },
        ]).activity
        #expect(activity.conversationsTotal == .known(4))
        #expect(activity.conversations30d == .known(3))
        #expect(activity.openTickets == .known(2))
        #expect(activity.openCriticalTickets == .known(1))
    }

    @Test("CSAT is the mean of the customer's own ratings of 180 days") func csat() async throws {
        func rated(_ id: String, _ score: Int, _ days: Double, by: String? = "1") -> SourceRecord {
            conversation(id, of: ["1", "2"], changed: days) {
                $0.rating = Rating(score: score, ratedAt: day(days), by: by.map { .record(contactID($0)) })
            }
        }
        let view = try await ada([
            rated("a", 5, -1), rated("b", 4, -180), rated("c", 1, -181), rated("d", 1, -1, by: "2"),
            rated("e", 4, -3, by: nil),
        ])
        #expect(view.activity.csat == .known(try #require(Fraction(13, over: 3))))
        #expect(try await ada().activity.csat == .unknown(.notReported))
        #expect(Rating(score: 0, ratedAt: nil, by: nil) == nil)
        #expect(Rating(score: 6, ratedAt: nil, by: nil) == nil)
    }

    private func saying(_ text: String, _ days: Double, side: Message.Side = .customer, by: String = "1")
        -> SourceRecord
    {
        conversation("talk", of: ["1"], changed: days) {
            $0.opening = Message(
                id: "m", sentAt: day(days), side: side, author: .record(contactID(by)), text: text)
        }.annotated(by: .standard)
    }

    @Test("The customer's own words count for 30 days") func mentions() async throws {
        let recent = try await ada([saying("Hello. I want to cancel my plan! Thanks", -29)])
        #expect(recent.activity.mentionedCancel == .known(true))
        #expect(recent.activity.cancelMentions.value?.map(\.sentence) == ["I want to cancel my plan"])
        #expect(recent.health.signals.map(\.kind) == [.cancelMentioned])
        #expect(try await ada([saying("cancel it", -31)]).activity.mentionedCancel == .known(false))
        #expect(try await ada([saying("cancel it", -1, side: .teammate)]).activity.mentionedCancel == .known(false))
        #expect(try await ada([saying("cancel it", -1, by: "2")]).activity.mentionedCancel == .known(false))
    }

    @Test("Messages after the opening one are heard too") func transcripts() async throws {
        let id = RecordID(source: desk, stream: "conversation_parts", id: "talk")
        let transcript = Transcript(
            conversation: RecordID(source: desk, stream: "conversations", id: "talk"),
            messages: [
                Message(id: "1", sentAt: day(-3), side: .teammate, text: "Do you want to cancel?"),
                Message(id: "2", sentAt: day(-2), side: .customer, text: "Yes, please cancel."),
            ])
        let record = SourceRecord(
            id: id, subjects: [.record(contactID("1"))], changedAt: day(-2), fact: .transcript(transcript))
        let view = try await ada([record.annotated(by: .standard)])
        #expect(view.activity.cancelMentions.value?.map(\.message) == ["2"])
    }

    @Test("What was said in a deleted conversation has gone with it") func deletedConversation() async throws {
        var talk = conversation("talk", of: ["1"], changed: -3)
        let transcript = Transcript(
            conversation: talk.id,
            messages: [Message(id: "1", sentAt: day(-2), side: .customer, text: "Please cancel.")])
        let parts = SourceRecord(
            id: RecordID(source: desk, stream: "conversation_parts", id: "talk"),
            subjects: [.record(contactID("1"))], changedAt: day(-2), fact: .transcript(transcript)
        ).annotated(by: .standard)
        #expect(try await ada([talk, parts]).activity.mentionedCancel == .known(true))
        talk.state = .deleted
        #expect(try await ada([talk, parts]).activity.mentionedCancel == .known(false))
    }

    @Test("A month is completed at the hour of the sign-up, and the assessment holds until then") func tenureExpiry()
        async throws
    {
        let view = try await ada { $0.signedUpAt = day(-90.75) }
        #expect(view.validUntil == day(0.25))
    }

    @Test("Where transcripts are refused silence is unknown, but what was heard counts") func refusal() async throws {
        var coverage = context().coverage
        coverage[0].observed[2].refusal = .notPermitted
        let deaf = ResolutionContext(asOf: epoch, coverage: coverage)
        #expect(try await ada([], deaf).activity.mentionedCancel == .unknown(.notPermitted))
        #expect(try await ada([saying("cancel it", -1)], deaf).activity.mentionedCancel == .known(true))
    }

    @Test("Payment is overdue by the flag or by a subscription that has not ended") func delinquency() async throws {
        func overdue(_ flag: Bool?, _ status: SubscriptionStatus) async throws -> Reading<Bool> {
            try await ada { $0.mirror("c", subscriptions: [subscription("s", status)]) { $0.isDelinquent = flag } }
                .isDelinquent
        }
        #expect(try await overdue(false, .pastDue) == .known(true))
        #expect(try await overdue(nil, .unpaid) == .known(true))
        #expect(try await overdue(true, .active) == .known(true))
        #expect(try await overdue(nil, .canceled) == .known(false))
        #expect(try await ada().isDelinquent == .unknown(.notReported))
    }

    @Test("A last-seen date, a sign-up in the future is no date") func futureDates() async throws {
        let view = try await ada {
            $0.signedUpAt = day(10_000)
            $0.createdAt = day(-100)
        }
        #expect(view.customer.signupDate.value == nil)
        #expect(view.activity.tenureMonths == .unknown(.notReported))
    }

    @Test("An assessment says until when it holds") func expiry() async throws {
        let view = try await ada { $0.lastSeenAt = day(-1.5) }
        #expect(view.validUntil == day(0.5))
        let quiet = try await ada([conversation("1", of: ["1"], changed: -29.9)]) { $0.lastSeenAt = day(-1.5) }
        #expect(quiet.validUntil > day(0.1) && quiet.validUntil < day(0.11))
    }

    @Test("The seven factors of data quality; those whose source is not connected are left out") func quality()
        async throws
    {
        let all = try await ada([
            conversation("1", of: ["1"], changed: -1) { $0.rating = Rating(score: 5, ratedAt: day(-1), by: nil) }
        ]) {
            $0.lastSeenAt = day(-7)
            $0.location = Location(country: "Ireland")
            $0.mirror("cus_1", subscriptions: [subscription("s")], payments: [payment("p", cents: 1)])
        }
        #expect(all.quality.score == 100_000)
        let half = try await ada {
            $0.lastSeenAt = day(-7.99); $0.mirror("cus_1", subscriptions: [])
        }
        #expect(half.quality.score == 35_000)
        #expect(half.quality.factors.filter(\.isMet).map(\.factor) == [.billingID, .recentActivity])
        var coverage = context().coverage
        coverage[0].observed.removeAll { $0.provides == .support }
        let deskless = try await ada([], ResolutionContext(asOf: epoch, coverage: coverage)) { $0.mirror("cus_1") }
        #expect(deskless.quality.score == 25_000)
        #expect(DataQuality.Factor.allCases.reduce(0) { $0 + QualityRules.standard.points($1) } == 100)
    }
}

@Suite("Conversation rules") struct ConversationRulesTests {
    @Test(
        "Speaks of cancelling",
        arguments: [
            "I want to cancel", "Please CANCEL my account.", "how do I cancel?", "we are cancelling",
            "Cancellation please",
            "We're not renewing next year", "we won't renew", "We won’t be renewing",
            "thinking of switching to another tool",
            "We are leaving your platform", "our churn date for the subscription", "I cannot cancel in the app",
            "Why can't I cancel", "can not cancel anywhere",
        ])
    func hears(text: String) {
        #expect(ConversationRules.standard.sentencesAboutCancelling(in: text).count == 1)
    }

    @Test(
        "Does not",
        arguments: [
            "", "Hello", "We don't want to cancel", "please do not cancel our plan", "I never cancelled anything",
            "I'm leaving for lunch", "switching the lights on", "we renew every year", "no need to cancel",
            "without cancelling", "scancel", "We will not be cancelling",
        ])
    func staysQuiet(text: String) {
        #expect(ConversationRules.standard.sentencesAboutCancelling(in: text).isEmpty)
    }

    @Test("The sentence is kept, and cut where it is endless") func evidence() {
        let mention = ConversationRules.standard.sentencesAboutCancelling(
            in: "Hi there! \n We want to cancel our plan. Bye.")
        #expect(mention == ["We want to cancel our plan"])
        let endless = ConversationRules.standard.sentencesAboutCancelling(
            in: "cancel " + String(repeating: "x", count: 1_000_000))
        #expect(endless.first?.count == 300)
    }
}
