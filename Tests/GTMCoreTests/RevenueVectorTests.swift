import Testing

@testable import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a customer is billed for, told by one contact.
func billing(_ subscriptions: [Subscription], payments: [Payment] = []) -> CustomerBilling {
    let record = contact("1", email: "ada@x.test") {
        $0.mirror("cus_1", subscriptions: subscriptions, payments: payments)
    }
    let version = RecordVersion(record: record, recordedAt: day(0), sequence: 1)
    return CustomerBilling(
        subscriptions: .known(subscriptions.map { Sourced($0, from: version) }),
        payments: .known([PaymentList(payments, from: version)]), currency: .usd)
}

/// The revenue at ``epoch``, unless said otherwise.
func revenue(
    _ billing: CustomerBilling, _ policy: MRRPolicy = .activeOnly, asOf moment: Double = 0,
    rates: ExchangeRates? = nil
) -> Revenue {
    RevenueCalculator(policy: policy).revenue(of: billing, asOf: day(moment), reportedIn: .usd, rates: rates)
}

func percent(
    _ percent: Int64, _ duration: Discount.Duration = .forever, start: Double? = nil, end: Double? = nil,
    _ scope: Discount.Scope = .subscription, products: [String] = []
) -> Discount {
    Discount(
        "SAVE", .percent(Fraction(percent)), duration, start: start.map(day), end: end.map(day), scope: scope,
        products: products)
}

func off(_ cents: Int64, _ currency: Currency = .usd, products: [String] = []) -> Discount {
    Discount("OFF", .amount(Money(minorUnits: cents, currency: currency)), .forever, products: products)
}

@Suite("Published figures of recurring revenue") struct RevenueVectorTests {
    private func mrr(_ subscriptions: [Subscription], _ policy: MRRPolicy = .activeOnly) -> [String]? {
        revenue(billing(subscriptions), policy).mrr.value?.rounded.map(\.description)
    }

    private func many(_ count: Int, _ subscription: Subscription) -> [Subscription] {
        (0..<count).map { number in
            var copy = subscription
            copy.id = stripe("sub_\(number)")
            return copy
        }
    }

    @Test("Stripe: 100 at 100 a month and 50 at 600 a year make 12,500") func vector1() {
        let all = many(100, subscription("m", cents: 10_000)) + many(50, subscription("y", cents: 60_000, every: .year))
        #expect(mrr(all) == ["12500.00 USD"])
    }

    @Test("ChartMogul: five at 5, then two at 30 more; four at 500 a year") func vectors7and8() {
        let five = many(5, subscription("s", cents: 500))
        #expect(mrr(five) == ["25.00 USD"])
        #expect(mrr(five + many(2, subscription("t", cents: 3000))) == ["85.00 USD"])
        #expect(mrr(many(4, subscription("y", cents: 50_000, every: .year))) == ["166.67 USD"])
    }

    @Test("Baremetrics: ten at 10; 120 a year; 10 with half off for life") func vectors17to19() {
        #expect(mrr(many(10, subscription("s", cents: 1000))) == ["100.00 USD"])
        #expect(mrr([subscription("s", cents: 12_000, every: .year)]) == ["10.00 USD"])
        var half = subscription("s", cents: 1000)
        half.discounts = [percent(50)]
        #expect(mrr([half], .baremetrics) == ["5.00 USD"])
        #expect(mrr([subscription("s", cents: 120_000, every: .year)]) == ["100.00 USD"])
    }

    @Test(
        "A half off counts by its duration and the policy",
        arguments: [
            (Discount.Duration.forever, MRRPolicy.DiscountRule.none, "100.00 USD"),
            (.forever, .foreverOnly, "50.00 USD"), (.forever, .recurring, "50.00 USD"), (.forever, .all, "50.00 USD"),
            (.repeating, .none, "100.00 USD"), (.repeating, .foreverOnly, "100.00 USD"),
            (.repeating, .recurring, "50.00 USD"), (.repeating, .all, "50.00 USD"),
            (.once, .none, "100.00 USD"), (.once, .foreverOnly, "100.00 USD"), (.once, .recurring, "100.00 USD"),
            (.once, .all, "50.00 USD"),
        ])
    func vectors21and22(duration: Discount.Duration, rule: MRRPolicy.DiscountRule, expected: String) {
        var subscription = subscription("s")
        subscription.currentPeriod = .init(start: day(-5), end: day(25))
        subscription.discounts = [percent(50, duration, start: -5)]
        var policy = MRRPolicy.activeOnly
        policy.discounts = rule
        #expect(mrr([subscription], policy) == [expected])
    }

    @Test("300 a quarter twice, 10 % off the line, then 30.00 off the subscription: 170") func vector23() {
        var quarterly = subscription("s", cents: 30_000, every: BillingInterval(.month, count: 3), quantity: 2)
        quarterly.items[0].discounts = [percent(10, .forever, .item)]
        quarterly.discounts = [off(3000)]
        #expect(mrr([quarterly]) == ["170.00 USD"])
    }

    @Test("Weeks and days; yen have no hundredths, dinars have thousandths") func vectors24to26() throws {
        let week = try #require(BillingInterval(.week)), day = try #require(BillingInterval(.day))
        let weekly = revenue(billing([subscription("w", cents: 700, every: week)])).mrr.value
        #expect(weekly?[.usd] == Fraction(9100, over: 3))
        #expect(
            revenue(billing([subscription("d", cents: 100, every: day)])).mrr.value?[.usd] == Fraction(36_500, over: 12)
        )
        let kwd = try #require(Currency("KWD"))
        #expect(mrr([subscription("y", cents: 12_000, .jpy, every: .year)]) == ["1000 JPY"])
        #expect(mrr([subscription("k", cents: 30_000, kwd)]) == ["30.000 KWD"])
    }

    @Test(
        "Steps, with the last unit of each in it",
        arguments: [
            (Tiering.Mode.graduated, 6, "41.50 USD"), (.volume, 6, "39.00 USD"), (.graduated, 20, "127.50 USD"),
            (.volume, 20, "120.00 USD"), (.graduated, 5, "35.00 USD"), (.volume, 5, "35.00 USD"),
            (.volume, 10, "65.00 USD"), (.graduated, 0, "0.00 USD"), (.volume, 0, "0.00 USD"),
        ])
    func steps(mode: Tiering.Mode, quantity: Int64, expected: String) {
        #expect(mrr([stepped(mode, quantity)]) == [expected])
    }

    private func stepped(_ mode: Tiering.Mode, _ quantity: Int64, flat: Int64? = nil) -> Subscription {
        var subscription = subscription("s", cents: nil, quantity: quantity)
        subscription.items[0].tiering = Tiering(
            mode,
            [(5, 700), (10, 650), (nil, 600)].map {
                Tiering.Tier(upTo: $0.0, unitAmount: Fraction($0.1), flatAmount: flat.map { Fraction($0) })
            })
        return subscription
    }

    @Test("A step's flat amount counts once a unit reaches it") func flatAmounts() {
        #expect(mrr([stepped(.graduated, 6, flat: 100)]) == ["43.50 USD"])
        #expect(mrr([stepped(.volume, 6, flat: 100)]) == ["40.00 USD"])
    }

    @Test(
        "Packages are filled up, or left open",
        arguments: [(TransformQuantity.Rounding.up, "30.00 USD"), (.down, "20.00 USD")])
    func packages(round: TransformQuantity.Rounding, expected: String) {
        var subscription = subscription("s", cents: 1000, quantity: 25)
        subscription.items[0].transformQuantity = TransformQuantity(divideBy: 10, round: round)
        #expect(mrr([subscription]) == [expected])
    }

    @Test("A tax in the price is taken out where its rate is known; where it is not the line says so") func tax() {
        var taxed = subscription("s", cents: 11_900)
        taxed.items[0].inclusiveTax = InclusiveTax(rate: Fraction(19, over: 100))
        #expect(mrr([taxed]) == ["100.00 USD"])
        var kept = MRRPolicy.activeOnly
        kept.inclusiveTax = .kept
        #expect(mrr([taxed], kept) == ["119.00 USD"])
        taxed.items[0].inclusiveTax = InclusiveTax(rate: nil)
        #expect(mrr([taxed]) == ["119.00 USD"])
        #expect(revenue(billing([taxed])).taxedItems == 1)
        #expect(revenue(billing([taxed]), kept).taxedItems == 0)
    }
}
