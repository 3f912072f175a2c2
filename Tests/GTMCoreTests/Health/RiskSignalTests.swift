import GTMCore
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("Risk signals") struct RiskSignalTests {
    private func signals(of records: [SourceRecord], asOf moment: Double = 0) async throws -> [RiskSignal] {
        try #require(try await store(records).assessed("ada@x.test", context(asOf: moment))).health.signals
    }

    @Test("Inactivity began on the day on which the limit was crossed") func inactive() async throws {
        let signal = try #require(
            try await signals(of: [contact("1", email: "ada@x.test") { $0.lastSeenAt = day(-40) }]).first)
        #expect(signal.kind == .inactive && signal.severity == .medium && signal.penalty == 20)
        #expect(signal.since == day(-10))
        #expect(signal.recommendation.hasPrefix("Write personally"))
        #expect(try await signals(of: [contact("1", email: "ada@x.test") { $0.lastSeenAt = day(-29.9) }]).isEmpty)
        // A day in the future is no sign of silence.
        #expect(try await signals(of: [contact("1", email: "ada@x.test") { $0.lastSeenAt = day(9) }]).isEmpty)
    }

    @Test("Payments failed since the first one after the last that did not") func payments() async throws {
        func paid(_ days: Double, _ succeeded: Bool?) -> Payment {
            Payment(id: stripe("ch_\(days)"), amount: nil, paidAt: day(days), succeeded: succeeded)
        }
        func signals(_ payments: [Payment], _ status: SubscriptionStatus = .active) async throws -> [RiskSignal] {
            try await self.signals(of: [
                contact("1", email: "ada@x.test") {
                    $0.lastSeenAt = day(0)
                    $0.mirror("cus_1", subscriptions: [subscription("sub_1", status)], payments: payments)
                }
            ])
        }
        let failing = [paid(-3, false), paid(-60, false), paid(-40, true), paid(-9, false), paid(-1, nil)]
        let failed = try await signals(failing)
        #expect(failed.map(\.kind) == [.paymentFailed] && failed.first?.since == day(-9))
        #expect(failed.first?.penalty == 0 && failed.first?.severity == .medium)
        #expect(try await signals(failing + [paid(-2, true)]).isEmpty)
        #expect(try await signals([paid(-1, nil)]).isEmpty)
        let overdue = try await signals(failing, .pastDue)
        #expect(overdue.map(\.kind) == [.paymentDelinquent, .paymentFailed])
        #expect(overdue.map(\.since) == [day(-9), day(-9)])
        #expect(try await signals([], .unpaid).map(\.since) == [nil])
    }

    @Test("An open critical ticket since the oldest began, cancelling since it was first spoken of")
    func conversations() async throws {
        func said(_ id: String, _ days: Double, open: Bool) -> SourceRecord {
            conversation(id, of: ["1"], changed: days) {
                $0.state = open ? .open : .closed
                $0.isPriority = true
                $0.involvesCustomer = true
                $0.mentions = [
                    Mention(
                        kind: .cancel,
                        in: Message(
                            id: id, sentAt: day(days), side: .customer, author: .record(contactID("1")),
                            text: "We cancel"),
                        sentence: "We cancel", rulesVersion: 1)
                ]
            }
        }
        let ada = contact("1", email: "ada@x.test") { $0.lastSeenAt = day(0) }
        let found = try await signals(of: [
            ada, said("7", -35, open: true), said("8", -20, open: false), said("9", -5, open: true),
        ])
        #expect(found.map(\.kind) == [.cancelMentioned, .openCriticalTicket])
        #expect(found.map(\.since) == [day(-20), day(-35)])
        #expect(found.map(\.severity) == [.critical, .high])
    }

    @Test("Every signal has a line in the table, and severities are ordered") func table() {
        #expect(Set(RiskSignalRule.standard.map(\.kind)) == Set(RiskSignal.Kind.allCases))
        #expect(RiskSignal.Severity.allCases == RiskSignal.Severity.allCases.sorted())
        for kind in RiskSignal.Kind.allCases { #expect(RiskSignals(kind).kinds == [kind]) }
    }
}
