import Testing

@testable import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("Policies of recurring revenue") struct RevenuePolicyTests {
    private func dollars(
        _ policy: MRRPolicy, asOf moment: Double = 0, _ fill: (inout Subscription) -> Void
    ) -> Int64? {
        var subscription = subscription("s", .active, cents: 10_000)
        fill(&subscription)
        return revenue(billing([subscription]), policy, asOf: moment).mrr.value?[.usd]?.rounded
    }

    @Test(
        "An overdue subscription counts for so many days",
        arguments: [(29.0, 10_000), (30, 10_000), (30.5, 0), (90, 0)])
    func overdue(days: Double, expected: Int64) {
        let overdue: (inout Subscription) -> Void = {
            $0.status = .pastDue
            $0.pastDueSince = day(0)
        }
        #expect(dollars(.baremetrics, asOf: days, overdue) == expected)
        #expect(dollars(.stripe, asOf: days, overdue) == 10_000)
        #expect(dollars(.activeOnly, asOf: days, overdue) == 0)
    }

    @Test("Since when it is overdue is told by its period where nothing else tells it; else it is unknown")
    func overdueSince() {
        #expect(dollars(.baremetrics) { $0.status = .pastDue } == nil)
        let period = Subscription.Period(start: day(-40), end: nil)
        #expect(
            dollars(.baremetrics) {
                $0.status = .pastDue
                $0.currentPeriod = period
            } == 0)
    }

    @Test(
        "A pause counts by what becomes of its invoices",
        arguments: [
            (PauseCollection.Behavior.keepAsDraft, [10_000, 10_000, 10_000, 0, 10_000]),
            (.markUncollectible, [0, 0, 10_000, 0, 0]), (.void, [0, 0, 10_000, 0, 0]),
            (nil, [nil, nil, 10_000, 0, nil]),
        ] as [(PauseCollection.Behavior?, [Int64?])])
    func pauses(behavior: PauseCollection.Behavior?, expected: [Int64?]) {
        #expect(MRRPolicy.all.map { dollars($0) { $0.pause = PauseCollection(behavior) } } == expected)
        #expect(
            MRRPolicy.all.map { dollars($0) { $0.pause = PauseCollection(behavior, resumesAt: day(-1)) } }
                == [Int64](repeating: 10_000, count: 5))
    }

    @Test("A cancellation takes MRR at the end of the period, or when it is asked for") func churn() {
        let leaving: (inout Subscription) -> Void = {
            $0.cancelsAtPeriodEnd = true
            $0.currentPeriod = .init(start: day(0), end: day(30))
            $0.canceledAt = day(10)
        }
        var atOnce = MRRPolicy.activeOnly
        atOnce.churn = .atRequest
        #expect([0.0, 10, 29.9, 30].map { dollars(.activeOnly, asOf: $0, leaving) } == [10_000, 10_000, 10_000, 0])
        #expect([0.0, 10, 29.9, 30].map { dollars(atOnce, asOf: $0, leaving) } == [10_000, 0, 0, 0])
        #expect(dollars(.activeOnly) { $0.cancelAt = day(1) } == 10_000)
        #expect(dollars(.activeOnly, asOf: 1) { $0.cancelAt = day(1) } == 0)
        #expect(dollars(.activeOnly) { $0.endedAt = day(-1) } == 0)
        #expect(dollars(.activeOnly) { $0.startedAt = day(1) } == 0)
    }

    @Test("A discount comes off while it runs, and the figure says until when it holds") func runningDiscount() {
        var subscription = subscription("s")
        subscription.discounts = [percent(25, .repeating, start: -10, end: 10)]
        let billing = billing([subscription])
        #expect(
            [-11.0, -10, 9.9, 10].map { revenue(billing, asOf: $0).mrr.value?[.usd]?.rounded } == [
                10_000, 7500, 7500, 10_000,
            ])
        #expect([-11.0, 0, 10].map { revenue(billing, asOf: $0).validUntil } == [day(-10), day(10), nil])
    }

    @Test("A discount for one invoice comes off in the period of that invoice alone") func onceDiscount() {
        func at(_ start: Double) -> Int64? {
            dollars(.chartMogul) {
                $0.currentPeriod = .init(start: day(-5), end: day(25))
                $0.discounts = [percent(50, .once, start: start)]
            }
        }
        #expect([-30.0, -5, -1, 1].map(at) == [10_000, 5000, 5000, 10_000])
    }

    @Test("The customer's discounts come off last, where the policy says so") func customerDiscount() {
        var without = MRRPolicy.activeOnly
        without.customerDiscounts = false
        let both: (inout Subscription) -> Void = { $0.discounts = [off(1000), percent(50, .forever, .customer)] }
        #expect(dollars(.activeOnly, both) == 4500)
        #expect(dollars(without, both) == 9000)
    }

    @Test("An amount comes off each invoice once, by value, over the products that it is for") func sharedAmounts() {
        var subscription = subscription("s")
        subscription.items = [(Int64(3000), "a"), (6000, "b"), (1000, "c")].map { cents, product in
            var item = SubscriptionItem(
                planName: product, unitAmount: Fraction(cents), currency: .usd, interval: .month)
            item.productID = product
            return item
        }
        func left(_ discounts: [Discount]) -> Fraction? {
            var copy = subscription
            copy.discounts = discounts
            return revenue(billing([copy])).mrr.value?[.usd]
        }
        #expect(left([off(4000)]) == Fraction(6000))
        #expect(left([off(20_000)]) == .zero)
        #expect(left([off(20_000, products: ["a", "c"])]) == Fraction(6000))
        // 3000 off 9000 leaves two thirds of a and b; then half of a, 1000, goes.
        #expect(left([off(3000, products: ["a", "b"]), percent(50, products: ["a"])]) == Fraction(6000))
        #expect(left([off(4000, .eur)]) == Fraction(10_000))
        #expect(left([percent(-5), percent(250, products: ["c"])]) == Fraction(9000))
    }

    @Test("Lines paid at different times are on different invoices") func twoInvoices() {
        var subscription = subscription("s", cents: 1000)
        subscription.items.append(
            SubscriptionItem(planName: "Year", unitAmount: Fraction(120_000), currency: .usd, interval: .year))
        subscription.discounts = [off(2400)]
        #expect(revenue(billing([subscription])).mrr.value?[.usd] == Fraction((120_000 - 2400) / 12))
    }

    @Test("A trial counts where the policy says so; what comes to nothing may be no subscriber") func counts() {
        var trials = MRRPolicy.activeOnly
        trials.counted.insert(.trialing)
        #expect(dollars(trials) { $0.status = .trialing } == 10_000)
        var free = subscription("s")
        free.discounts = [percent(100)]
        #expect(MRRPolicy.all.map { revenue(billing([free]), $0).subscriptionCount.value } == [1, 0, 1, 0, 0])
        #expect(
            MRRPolicy.all.map { revenue(billing([free]), $0).mrr.value?[.usd] } == [.zero, .zero, .zero, .zero, .zero])
    }

    @Test("The plan tier is the plan that brings most, in the reporting currency first") func planTier() {
        var small = subscription("a", cents: 100_000, every: .year), big = subscription("b", cents: 9000)
        (small.items[0].planName, big.items[0].planName) = ("Yearly", "Monthly")
        let euros = subscription("c", cents: 20_000, .eur)
        let tier = revenue(billing([small, big, euros])).planTier.value
        #expect(tier?.name == "Monthly")
        #expect(tier?.price == Fraction(9000))
        #expect(tier?.mrr == Fraction(9000))
        let rates = ExchangeRates(
            [ExchangeRates.Table(date: day(-1), base: .eur, rates: [.usd: Fraction(1)])].compactMap { $0 })
        #expect(revenue(billing([small, big, euros]), rates: rates).planTier.value?.currency == .eur)
        #expect(revenue(billing([])).planTier == .unknown(.notReported))
    }

    @Test("A policy is found by its name, and differs by its choices") func names() {
        for policy in MRRPolicy.all { #expect(MRRPolicy.named(policy.name) == policy) }
        #expect(MRRPolicy.named("mine") == nil)
        #expect(
            MRRPolicy.Choice.allCases.filter { !MRRPolicy.stripe.agrees(with: .baremetrics, on: $0) } == [
                .pastDue, .discounts,
            ])
        for (one, other) in [(MRRPolicy.activeOnly, MRRPolicy.chartMogul), (.baremetrics, .activeOnly)] {
            var taken = one
            for choice in MRRPolicy.Choice.allCases { taken.take(choice, from: other) }
            taken.name = other.name
            taken.version = other.version
            taken.unconfirmed = other.unconfirmed
            #expect(taken == other)
        }
    }
}

@Suite("Exchange rates") struct ExchangeRatesTests {
    private func table(_ days: Double, _ base: Currency, _ rates: [Currency: Fraction]) throws -> ExchangeRates.Table {
        try #require(ExchangeRates.Table(date: day(days), base: base, rates: rates))
    }

    private func ratio(_ above: Int128, _ below: Int128) throws -> Fraction {
        try #require(Fraction(above, over: below))
    }

    @Test("Amounts are converted at the latest rates that are not after the moment, and the day is told") func dates()
        throws
    {
        let rates = ExchangeRates([
            try table(10, .eur, [.usd: ratio(11, 10)]),
            try table(-10, .eur, [.usd: ratio(12, 10), .jpy: Fraction(160)]),
        ])
        let all = billing([
            subscription("a", cents: 1000), subscription("b", cents: 1000, .eur), subscription("c", cents: 1600, .jpy),
        ])
        let now = revenue(all, rates: rates)
        // 10.00 + 10.00 × 1.2 + 1600 ÷ 160 × 1.2
        #expect(now.mrrReporting == .known(Fraction(1000 + 1200 + 1200)))
        #expect(now.rateDate == day(-10))
        #expect(now.validUntil == day(10))
        #expect(revenue(all, asOf: -11, rates: rates).mrrReporting == .unknown(.noRate))
        let later = revenue(all, asOf: 10, rates: rates)
        #expect(later.mrrReporting == .unknown(.noRate))
        #expect(later.rateDate == nil)
        #expect(revenue(all).mrrReporting == .unknown(.noRate))
    }

    @Test("What needs no rate names no day") func noConversion() throws {
        let rates = ExchangeRates([try table(0, .eur, [.usd: Fraction(1)])])
        let own = revenue(billing([subscription("a"), subscription("b", .canceled, .eur)]), rates: rates)
        #expect(own.mrrReporting == .known(Fraction(10_000)))
        #expect(own.rateDate == nil)
    }

    @Test("Rates of nothing and below are refused") func wrongRates() {
        #expect(ExchangeRates.Table(date: day(0), base: .eur, rates: [.usd: .zero]) == nil)
        #expect(ExchangeRates.Table(date: day(0), base: .eur, rates: [.usd: Fraction(-1)]) == nil)
        #expect(ExchangeRates.Table(date: day(0), base: .eur, rates: [.eur: Fraction(2)]) == nil)
    }

    @Test("A predicted LTV is mean MRR over churn; without churn it is undefined") func predicted() throws {
        #expect(
            PredictedLTV(averageRevenue: Fraction(50_000), monthlyChurn: try ratio(10, 110)).value
                == .known(Fraction(550_000)))
        #expect(
            PredictedLTV(
                averageRevenue: Fraction(50_000), monthlyChurn: try ratio(10, 110), grossMargin: try ratio(4, 5)
            ).value
                == .known(Fraction(440_000)))
        #expect(PredictedLTV(averageRevenue: Fraction(1), monthlyChurn: .zero).value == .unknown(.undefined))
        #expect(PredictedLTV(averageRevenue: Fraction(1), monthlyChurn: Fraction(-1)).value == .unknown(.invalid))
        // As a vendor answered: truncated.
        let ltv = try #require(
            PredictedLTV(averageRevenue: Fraction(656_170), monthlyChurn: try ratio(56, 10_000)).value.value)
        #expect(ltv.numerator / ltv.denominator == 117_173_214)
    }
}
