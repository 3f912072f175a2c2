import Testing

@testable import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("Edges of revenue") struct RevenueEdgeTests {
    private func mrr(_ fill: (inout Subscription) -> Void) -> Reading<CurrencyTotals> {
        var subscription = subscription("s")
        fill(&subscription)
        return revenue(billing([subscription])).mrr
    }

    @Test("Nothing bought is nothing; less than nothing cannot be, and is unknown") func quantities() {
        #expect(mrr { $0.items[0].quantity = 0 }.value?[.usd] == .zero)
        #expect(mrr { $0.items[0].quantity = -1 } == .unknown(.notReported))
        #expect(mrr { $0.items[0].quantity = .min } == .unknown(.notReported))
        #expect(mrr { $0.items[0].quantity = .max } == .unknown(.outOfRange))
    }

    @Test("Amounts and steps at the end of 64 bits") func extremes() {
        #expect(mrr { $0.discounts = [off(.max)] }.value?[.usd] == .zero)
        #expect(mrr { $0.discounts = [off(.min), off(-1)] }.value?[.usd] == Fraction(10_000))
        let huge = Tiering.Tier(upTo: .max, unitAmount: Fraction(.max), flatAmount: Fraction(.max))
        for mode in Tiering.Mode.allCases {
            #expect(
                mrr {
                    $0.items[0].tiering = Tiering(mode, [huge])
                    $0.items[0].quantity = .max
                } == .unknown(.outOfRange))
        }
        #expect(
            mrr {
                $0.items[0].transformQuantity = TransformQuantity(divideBy: .max, round: .up)
                $0.items[0].quantity = .max
            }.value?[.usd] == Fraction(10_000))
        #expect(
            mrr {
                $0.items[0].interval = BillingInterval(.year, count: .max)
            } == .unknown(.outOfRange))
    }

    @Test("Steps that do not rise, or end before the quantity, have no price") func wrongSteps() {
        func steps(_ ends: [Int64?]) -> Reading<CurrencyTotals> {
            mrr {
                $0.items[0].quantity = 20
                $0.items[0].tiering = Tiering(.graduated, ends.map { Tiering.Tier(upTo: $0, unitAmount: Fraction(1)) })
            }
        }
        #expect(steps([]) == .unknown(.notReported))
        #expect(steps([5, 10]) == .unknown(.notReported))
        #expect(steps([5, 5, nil]) == .unknown(.notReported))
        #expect(steps([-3, nil]) == .unknown(.notReported))
        #expect(steps([5, 20]).value?[.usd] == Fraction(20))
    }

    @Test("A credit gets no discount, and takes its amount off") func credits() {
        #expect(
            mrr {
                $0.items.append(
                    SubscriptionItem(planName: "Credit", unitAmount: Fraction(-3000), currency: .usd, interval: .month))
                $0.discounts = [percent(50), off(50_000)]
            }.value?[.usd] == Fraction(-3000))
    }

    @Test("What was paid, and what of it was kept") func netLTV() {
        func paid(_ payments: [Payment]) -> Revenue { revenue(billing([], payments: payments)) }
        func money(_ cents: Int64, _ currency: Currency = .usd) -> Money {
            Money(minorUnits: cents, currency: currency)
        }
        var whole = payment("a", cents: 10_000), partly = payment("b", cents: 5000)
        whole.refunded = money(0)
        partly.refunded = money(2000)
        partly.lostInDispute = money(1000)
        let refund = payment("c", cents: -500)
        let all = paid([whole, partly, refund])
        #expect(all.ltv.value?[.usd] == Fraction(15_000))
        #expect(all.ltvNet.value?[.usd] == Fraction(15_000 - 3000 - 500))
        let untold = paid([whole, payment("d", cents: 1)])
        #expect(untold.ltv.value?[.usd] == Fraction(10_001))
        #expect(untold.ltvNet == .unknown(.notReported))
        #expect(paid([payment("e", cents: 1, succeeded: false)]).ltvNet.value?[.usd] == .zero)
        #expect(paid([refund]).ltv.value?[.usd] == .zero)
        #expect(paid([refund]).ltvNet.value?[.usd] == Fraction(-500))
        #expect(paid([]).ltvNet.value?[.usd] == .zero)
        var (most, least) = (payment("f", cents: .max), payment("g", cents: .min))
        most.refunded = money(.max)
        #expect(paid([most]).ltvNet.value?[.usd] == .zero)
        #expect(paid([least]).ltvNet.value?[.usd] == Fraction(.min))
        most.refunded = money(0)
        #expect(paid([most, most]).ltvNet == .unknown(.outOfRange))
        least.refunded = money(.min)
        #expect(paid([least, least]).ltvNet == .unknown(.outOfRange))
    }

    @Test("A proof names each field that it rests on, and why something does not count") func proofLeaves() throws {
        var counted = subscription("sub_1", cents: 30_000, every: BillingInterval(.month, count: 3), quantity: 2)
        counted.discounts = [percent(10)]
        let proof = RevenueCalculator().proof(
            of: .mrr, billing([counted, subscription("sub_2", .canceled), subscription("sub_3", cents: nil)]),
            asOf: day(0),
            reportedIn: .usd)
        #expect(proof.rule == "policy active-only v2")
        let fields = proof.leaves.compactMap { leaf -> String? in
            if case .told(let origin) = leaf.basis { origin.field } else { nil }
        }
        #expect(
            fields == [
                "billing.subscriptions[sub_1].items[0].unit_amount", "billing.subscriptions[sub_1].items[0].quantity",
                "billing.subscriptions[sub_1].discounts[0].percent_off",
                "billing.subscriptions[sub_1].items[0].interval.count",
                "billing.subscriptions[sub_2].subscription_status", "billing.subscriptions[sub_3].items[0].quantity",
                "billing.subscriptions[sub_3].items[0].currency", "billing.subscriptions[sub_3].items[0].interval",
            ])
        let sum = try #require(proof.parts.first)
        #expect(sum.name == "mrr USD")
        #expect(sum.parts.map(\.name) == ["subscription stripe:sub_1", "subscription stripe:sub_2"])
        #expect(sum.parts[1].parts[0].rule == "policy active-only v2: its status is not counted")
        #expect(proof.parts.last?.value == .unknown(.notReported))
        #expect(proof.terms.map(\.path.last) == ["items[0] Pro", "not counted"])
    }

    @Test("Single attributes are named as such") func flatLeaves() async throws {
        let records = [
            contact("1", email: "ada@x.test") {
                $0.mirror("cus_1") { mirror in
                    mirror.planPrice = Money(minorUnits: 120_000, currency: .usd)
                    mirror.planInterval = .year
                    mirror.status = .active
                }
            }
        ]
        let billing = try #require(try await store(records).assessed("ada@x.test", context())).customer.billing
        let proof = RevenueCalculator().proof(of: .mrr, billing, asOf: day(0), reportedIn: .usd)
        let fields = proof.leaves.compactMap { leaf -> String? in
            if case .told(let origin) = leaf.basis { origin.field } else { nil }
        }
        #expect(fields == ["billing.plan_price", "billing.plan_interval.count"])
        #expect(proof.replayed() == proof.value)
    }

    @Test("A leaf that is changed is found out") func tampered() {
        let billing = billing([subscription("s", cents: 1000, every: BillingInterval(.month, count: 3))])
        var proof = RevenueCalculator().proof(of: .mrr, billing, asOf: day(0), reportedIn: .usd)
        #expect(proof.replayed() == proof.value)
        proof.parts[0].parts[0].parts[0].parts[0].value = .amount(Fraction(1001), .usd)
        #expect(proof.replayed() != proof.value)
    }
}

@Suite("Two policies compared") struct MRRReconciliationTests {
    @Test("Each choice explains its own part, in its order; the engine asks everybody") func reasons() async throws {
        var overdue = subscription("sub_1", .pastDue, cents: 10_000)
        overdue.discounts = [percent(10, .once)]
        let week = try #require(BillingInterval(.week))
        var policy = MRRPolicy.activeOnly
        policy.counted.insert(.pastDue)
        policy.discounts = .all
        policy.weeksPerYear = 48
        let store = await store([
            contact("1", email: "ada@x.test") { $0.mirror("cus_1", subscriptions: [overdue]) },
            contact("2", email: "bo@x.test") {
                $0.mirror("cus_2", subscriptions: [subscription("sub_2", cents: 100, every: week)])
            },
            contact("3", email: "cy@x.test") { $0.mirror("cus_3", subscriptions: [subscription("sub_3", cents: nil)]) },
            contact("4", email: "di@x.test") {
                $0.mirror("cus_4", subscriptions: [subscription("sub_4", .pastDue, cents: nil)])
            },
        ])
        let engine = GTMEngine(store: store, now: { day(1) })
        let report = try await engine.reconcile(.activeOnly, policy)
        #expect(report.customers == 4)
        #expect(report.lines.map(\.customer.description) == ["ada@x.test", "bo@x.test"])
        #expect(report.lines[0].reasons.map(\.choice) == [.pastDue, .discounts])
        #expect(report.lines[0].reasons.map(\.amount) == [Fraction(10_000), Fraction(-1000)])
        #expect(report.lines[1].reasons.map(\.choice) == [.weeks])
        #expect(report.unknown.map(\.customer.description) == ["di@x.test"])
        let total = try #require(report.totals.first)
        #expect(total.before == Fraction(1300, over: 3))
        #expect(total.after == Fraction(9400))
        let printed = try #require(total.printed)
        // 4.33 + 100.00 − 10.00 − 0.33 = 94.00
        #expect(printed.before.minorUnits == 433)
        #expect(printed.reasons.map(\.amount.minorUnits) == [10_000, -1000, -33])
        #expect(printed.rounding.minorUnits == 0)
        #expect(printed.after.minorUnits == 9400)
        let back = try await engine.reconcile(policy, .activeOnly)
        #expect(back.totals.first?.after == total.before)
        #expect(try await engine.reconcile(policy, policy).lines.isEmpty)
    }

    @Test("Lines that are rounded by themselves leave a rounding that is shown") func rounding() throws {
        let reasons =
            [MRRReconciliation.Reason(choice: .weeks, amount: try #require(Fraction(4, over: 10)))]
            + [.init(choice: .days, amount: try #require(Fraction(4, over: 10)))]
        let total = MRRReconciliation.Total(
            currency: .usd, before: Fraction(100), after: try #require(Fraction(1008, over: 10)), reasons: reasons)
        let printed = try #require(total.printed)
        #expect(printed.reasons.map(\.amount.minorUnits) == [0, 0])
        #expect(printed.rounding.minorUnits == 1)
        #expect(printed.after.minorUnits == 101)
    }
}
