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
        arguments: [
            (-10.0, Reading.known(10)), (-10.9, .known(10)), (-0.5, .known(0)), (0.5, .known(0)),
            (1.5, .unknown(.notReported)),
        ])
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

    @Test("Competitors count as cancelling does, each for itself") func competitors() async throws {
        let recent = try await ada([saying("We look at another provider", -29)]).activity
        #expect(recent.mentionedCompetitor == .known(true))
        #expect(recent.competitorMentions.value?.map(\.sentence) == ["We look at another provider"])
        #expect(recent.mentionedCancel == .known(false))
        #expect(try await ada([saying("another provider", -31)]).activity.mentionedCompetitor == .known(false))
        #expect(try await ada([saying("another provider", -1, by: "2")]).activity.mentionedCompetitor == .known(false))
        let unread = ResolutionContext(asOf: epoch, coverage: [])
        let store = await store([contact("1", email: "ada@x.test")])
        let view = try #require(try await store.assessed("ada@x.test", unread))
        #expect(view.activity.mentionedCompetitor == .unknown(.notConnected))
    }

    private func sounding(_ id: String, _ tone: Int?, _ days: Double, by: String = "1") -> SourceRecord {
        conversation(id, of: ["1", "2"], changed: days) {
            $0.opening = Message(
                id: id, sentAt: day(days), side: .customer, author: .record(contactID(by)), text: "")
            $0.tones = tone.map { [MessageTone(message: 0, Tone(thousandths: $0), modelVersion: 1)] } ?? []
        }
    }

    @Test("Tone is the mean over the customer's own messages of 90 days") func tone() async throws {
        let talks = [
            sounding("a", 500, -1), sounding("b", -100, -90), sounding("c", -1000, -90.1), sounding("d", -1000, 0.1),
            sounding("e", -1000, -1, by: "2"), sounding("f", nil, -1), sounding("g", 601, -2),
        ]
        let id = RecordID(source: desk, stream: "conversation_parts", id: "a")
        let answer = Message(id: "1", sentAt: day(-4), side: .teammate, text: "")
        let said = Message(id: "2", sentAt: day(-3), side: .customer, text: "")
        var transcript = Transcript(conversation: talks[0].id, messages: [answer, said])
        // A place beyond the messages is nobody's.
        transcript.tones = [1, 2].map { MessageTone(message: $0, Tone(thousandths: 300), modelVersion: 1) }
        let parts = SourceRecord(
            id: id, subjects: [.record(contactID("1"))], changedAt: day(-3), fact: .transcript(transcript))
        let view = try await ada(talks + [parts])
        #expect(view.activity.tone == .known(try #require(Fraction(1301, over: 4000))))
        var gone = talks[0]
        gone.state = .deleted
        #expect(try await ada([gone, parts]).activity.tone == .unknown(.notReported))
    }

    @Test("Tone is unknown where nothing has one, nothing is read, or not all of it") func unknownTone() async throws {
        #expect(try await ada().activity.tone == .unknown(.notReported))
        #expect(try await ada([sounding("a", nil, -1)]).activity.tone == .unknown(.notReported))
        var coverage = context().coverage
        coverage[0].observed[2].refusal = .notPermitted
        let deaf = ResolutionContext(asOf: epoch, coverage: coverage)
        #expect(try await ada([sounding("a", 500, -1)], deaf).activity.tone == .unknown(.notPermitted))
        let store = await store([contact("1", email: "ada@x.test"), sounding("a", 500, -1)])
        let unread = ResolutionContext(asOf: epoch, coverage: [])
        #expect(try await store.assessed("ada@x.test", unread)?.activity.tone == .unknown(.notConnected))
    }

    @Test("When a tone leaves its window the assessment ends") func toneExpiry() async throws {
        let view = try await ada([sounding("a", 500, -89.9)])
        #expect(view.validUntil > day(0.1) && view.validUntil < day(0.11))
        #expect(try await ada([sounding("a", nil, -89.9)]).validUntil > day(0.2))
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
