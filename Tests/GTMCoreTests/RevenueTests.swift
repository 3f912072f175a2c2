import GTMCore
import Testing

@Suite("Revenue") struct RevenueTests {
    private func revenue(_ records: [SourceRecord], _ email: String = "ada@x.test") async throws -> Assessment {
        try #require(try await store(records).assessed(email, context()))
    }

    private func mrr(_ subscriptions: [Subscription]) async throws -> [String]? {
        try await revenue([contact("1", email: "ada@x.test") { $0.mirror("cus_1", subscriptions: subscriptions) }])
            .revenue.mrr.value?.rounded.map(\.description)
    }

    @Test(
        "A price counts by the month",
        arguments: [
            (29_900, BillingInterval.Unit.month, 1, 1, "299.00 USD"), (120_000, .year, 1, 1, "100.00 USD"),
            (30_000, .month, 3, 2, "200.00 USD"), (700, .week, 1, 1, "30.33 USD"), (100, .day, 1, 1, "30.42 USD"),
            (100_000, .year, 2, 1, "41.67 USD"), (60_000, .month, 6, 1, "100.00 USD"), (0, .month, 1, 5, "0.00 USD"),
            (10_000, .month, 1, 0, "0.00 USD"), (100_000, .year, 1, 3, "250.00 USD"),
        ] as [(Int64, BillingInterval.Unit, Int, Int64, String)])
    func months(cents: Int64, unit: BillingInterval.Unit, count: Int, quantity: Int64, expected: String) async throws {
        let interval = try #require(BillingInterval(unit, count: count))
        #expect(try await mrr([subscription("s", cents: cents, every: interval, quantity: quantity)]) == [expected])
    }

    @Test("Currencies stay apart, with their own decimals") func currencies() async throws {
        let kwd = try #require(Currency("KWD"))
        #expect(
            try await mrr([
                subscription("a", cents: 12_000, .jpy, every: .year), subscription("b", cents: 30_000, kwd),
                subscription("c", cents: 5000), subscription("d", cents: 5000),
            ]) == ["1000 JPY", "30.000 KWD", "100.00 USD"])
    }

    @Test("Only active subscriptions count; the rest is nothing, not unknown", arguments: SubscriptionStatus.allCases)
    func statuses(status: SubscriptionStatus) async throws {
        #expect(try await mrr([subscription("s", status)]) == [status == .active ? "100.00 USD" : "0.00 USD"])
    }

    @Test("Thirds are added before they are rounded") func exactness() async throws {
        let third = subscription("a", cents: 100, every: BillingInterval(.month, count: 3))
        #expect(
            try await mrr([
                third, subscription("b", cents: 100, every: third.items[0].interval),
                subscription("c", cents: 100, every: third.items[0].interval),
            ]) == ["1.00 USD"])
    }

    @Test("No billing is unknown, an empty list is nothing") func unknownIsNotZero() async throws {
        let none = try await revenue([contact("1", email: "ada@x.test")])
        #expect(none.revenue.mrr == .unknown(.notReported))
        #expect(none.revenue.ltv == .unknown(.notReported))
        #expect(none.revenue.subscriptionCount == .unknown(.notReported))
        let empty = try await revenue([
            contact("1", email: "ada@x.test") { $0.mirror("cus_1", subscriptions: [], payments: []) }
        ])
        #expect(empty.revenue.mrr.value?.rounded.map(\.description) == ["0.00 USD"])
        #expect(empty.revenue.ltv.value?.rounded.map(\.description) == ["0.00 USD"])
        #expect(empty.revenue.subscriptionCount == .known(0))
    }

    @Test("A metered or unheard-of price is in no figure, and is counted") func unknownPrices() async throws {
        let metered = try await revenue([
            contact("1", email: "ada@x.test") { $0.mirror("cus_1", subscriptions: [subscription("s", cents: nil)]) }
        ])
        #expect(metered.revenue.mrr == .unknown(.notReported))
        #expect(metered.revenue.unknownItems == 1)
        let mixed = try await revenue([
            contact("1", email: "ada@x.test") {
                $0.mirror("cus_1", subscriptions: [subscription("s", every: nil), subscription("t")])
            }
        ])
        #expect(mixed.revenue.mrr.value?[.usd] == Fraction(10_000))
        #expect(mixed.revenue.unknownItems == 1)
    }

    @Test("Amounts beyond all bounds are out of range, not a crash") func extremes() async throws {
        let huge = subscription("s", cents: .max, every: .year, quantity: .max)
        let many = (0..<40).map { subscription("s\($0)", cents: .max, every: .month, quantity: .max) }
        let assessment = try await revenue([
            contact("1", email: "ada@x.test") {
                $0.mirror(
                    "cus_1", subscriptions: [huge] + many,
                    payments: [payment("p", cents: .max), payment("q", cents: .max)])
            }
        ])
        #expect(assessment.revenue.ltv == .unknown(.outOfRange))
        #expect(assessment.revenue.mrr == .unknown(.outOfRange))
        #expect(assessment.revenue.arr == .unknown(.outOfRange))
        #expect(try await mrr([subscription("s", cents: .min)]) == ["-92233720368547758.08 USD"])
    }

    @Test("Lifetime value is what was paid: succeeded payments alone") func ltv() async throws {
        let assessment = try await revenue([
            contact("1", email: "ada@x.test") {
                $0.mirror(
                    "cus_1",
                    payments: [
                        payment("p1", cents: 29_900), payment("p2", cents: 29_900),
                        payment("p3", cents: 1, succeeded: false),
                        payment("p4", cents: 1, succeeded: nil), payment("p5", cents: 500, .eur),
                        payment("p6", cents: 100),
                    ])
            }
        ])
        #expect(assessment.revenue.ltv.value?.rounded.map(\.description) == ["5.00 EUR", "599.00 USD"])
    }

    @Test("The flat attributes stand in for a missing list: price, interval, status") func flatPlan() async throws {
        func flat(_ fill: @escaping (inout BillingMirror) -> Void) async throws -> Reading<CurrencyTotals> {
            try await revenue([contact("1", email: "ada@x.test") { $0.mirror("cus_1", fill) }]).revenue.mrr
        }
        let price = Money(minorUnits: 120_000, currency: .usd)
        let yearly = try await flat {
            $0.planPrice = price; $0.planInterval = .year; $0.status = .active
        }
        #expect(yearly.value?[.usd] == Fraction(10_000))
        #expect(
            try await flat {
                $0.planPrice = price; $0.status = .active
            } == .unknown(.notReported))
        #expect(try await flat { $0.status = .canceled }.value?[.usd] == .zero)
        #expect(try await flat { $0.isDelinquent = false } == .unknown(.notReported))
    }

    @Test("A subscription on five contacts counts once: for the earliest one, the others show who pays")
    func mirrored() async throws {
        let records = (0..<5).map { place in
            contact("\(place)", email: "p\(place)@x.test") {
                $0.createdAt = day(place == 3 ? -900 : -100)
                $0.mirror("cus_1", subscriptions: [subscription("sub_1")], payments: [payment("p", cents: 700)])
            }
        }
        let all = try await store(records).assessed(context())
        #expect(all.compactMap { $0.revenue.mrr.value?[.usd] } == [Fraction(10_000)])
        #expect(all.compactMap { $0.revenue.ltv.value?[.usd] } == [Fraction(700)])
        #expect(all[3].customer.billing.billedThrough.isEmpty)
        #expect(all[0].revenue.mrr == .unknown(.billedElsewhere))
        #expect(all[0].customer.billing.billedThrough.map(\.description) == ["p3@x.test"])
    }

    @Test("A copy on a contact without address takes nothing away from the customer who pays") func unmatchedCopy()
        async throws
    {
        let all = try await store([
            contact("0") {
                $0.createdAt = day(-999)
                $0.mirror("cus_1", subscriptions: [subscription("sub_1")])
            },
            contact("1", email: "ada@x.test") { $0.mirror("cus_1", subscriptions: [subscription("sub_1")]) },
        ]).assessed(context())
        #expect(all.map { $0.revenue.mrr.value?[.usd] } == [Fraction(10_000)])
    }

    @Test("What has an id counts by its id over all contacts of a person, what has none on the newest of its account")
    func severalMirrors() async throws {
        for account in ["cus_1", nil] {
            let ids = try await revenue([
                contact("1", email: "ada@x.test", changed: -5) {
                    $0.mirror(
                        account, subscriptions: [subscription("a", cents: 1), subscription("b")],
                        payments: [payment("p1", cents: 500)])
                },
                contact("2", email: "ada@x.test", changed: -1) {
                    $0.mirror(account, subscriptions: [subscription("a")], payments: [payment("p2", cents: 500)])
                },
            ])
            #expect(ids.revenue.mrr.value?[.usd] == Fraction(20_000))
            #expect(ids.revenue.ltv.value?[.usd] == Fraction(1000))
            let unnamed = try await revenue([
                contact("1", email: "ada@x.test", changed: -5) {
                    $0.mirror(account, subscriptions: [subscription(nil)], payments: [payment(nil, cents: 500)])
                },
                contact("2", email: "ada@x.test", changed: -1) {
                    $0.mirror(account, subscriptions: [subscription(nil)], payments: [payment(nil, cents: 500)])
                },
            ])
            #expect(unnamed.revenue.mrr.value?[.usd] == Fraction(10_000))
            #expect(unnamed.revenue.ltv.value?[.usd] == Fraction(500))
        }
        let two = try await revenue([
            contact("1", email: "ada@x.test", changed: -5) { $0.mirror("cus_1", subscriptions: [subscription("a")]) },
            contact("2", email: "ada@x.test", changed: -1) { $0.mirror("cus_2", subscriptions: [subscription("b")]) },
        ])
        #expect(two.revenue.mrr.value?[.usd] == Fraction(20_000))
    }

    @Test("The billing system's own word counts before every mirror") func directBilling() async throws {
        let billing = SourceID(vendor: "stripe")
        let own = SourceRecord(
            id: RecordID(source: billing, stream: "subscriptions", id: "sub_1"), subjects: [.external(stripe("cus_1"))],
            changedAt: day(-1), fact: .subscription(subscription("sub_1", cents: 5000)))
        let ada = contact("1", email: "ada@x.test", keys: [stripe("cus_1")]) {
            $0.mirror("cus_1", subscriptions: [subscription("sub_1"), subscription("sub_2")])
        }
        #expect(try await revenue([ada, own]).revenue.mrr.value?[.usd] == Fraction(5000))
    }

    @Test("A company's monthly spend stands in for one of its people, and only where none of them is billed")
    func companySpend() async throws {
        var company = Company()
        company.monthlySpend = Money(minorUnits: 9900, currency: .usd)
        let id = RecordID(source: desk, stream: "companies", id: "c")
        let record = SourceRecord(id: id, fact: .company(company))
        let people = ["1", "2"].map { number in
            contact(number, email: "p\(number)@x.test") { $0.companies = [id] }
        }
        let all = try await store([record] + people).assessed(context())
        #expect(all.map { $0.revenue.mrr.value?[.usd] } == [Fraction(9900), nil])
        let payer = contact("3", email: "p3@x.test") {
            $0.companies = [id]
            $0.mirror("cus_1", subscriptions: [subscription("s")])
        }
        let billed = try await store([record, payer] + people).assessed(context())
        #expect(billed.map { $0.revenue.mrr.value?[.usd] } == [nil, nil, Fraction(10_000)])
    }

    @Test("A company's spend stands in for nobody who has billing, and changes nothing for him")
    func spendBesideBilling()
        async throws
    {
        func all(_ spend: Int64) async throws -> [Assessment] {
            var company = Company()
            company.monthlySpend = Money(minorUnits: spend, currency: .usd)
            let id = RecordID(source: desk, stream: "companies", id: "c")
            return try await store([
                SourceRecord(id: id, fact: .company(company)),
                contact("1", email: "a@x.test") { $0.mirror("cus_1", subscriptions: [subscription("s")]) },
                contact("2", email: "b@x.test") {
                    $0.createdAt = day(-1)
                    $0.companies = [id]
                    $0.mirror("cus_1", subscriptions: [subscription("s")])
                },
                contact("3", email: "c@x.test") {
                    $0.companies = [id]
                    $0.mirror("cus_3", subscriptions: [subscription("m", cents: nil)])
                },
                contact("4", email: "d@x.test") {
                    $0.companies = [id]
                    $0.mirror("cus_4", subscriptions: [])
                },
            ]).assessed(context())
        }
        let plain = try await all(0)
        let spending = try await all(50_000)
        #expect(spending.map(\.revenue) == plain.map(\.revenue))
        #expect(spending.map(\.customer.billing.billedThrough) == plain.map(\.customer.billing.billedThrough))
        #expect(plain.map { $0.revenue.mrr.value?[.usd] } == [Fraction(10_000), nil, nil, .zero])
    }

    @Test("Payments of which nothing is known are unknown, not nothing") func unknownPayments() async throws {
        let unknown = Payment(id: nil, amount: nil, paidAt: nil, succeeded: true)
        func ltv(_ payments: [Payment]) async throws -> Reading<CurrencyTotals> {
            try await revenue([contact("1", email: "ada@x.test") { $0.mirror("c", payments: payments) }]).revenue.ltv
        }
        #expect(try await ltv([unknown]) == .unknown(.notReported))
        #expect(try await ltv([payment("p", cents: 5, succeeded: nil)]) == .unknown(.notReported))
        #expect(try await ltv([unknown, payment("p", cents: 5)]).value?[.usd] == Fraction(5))
        #expect(try await ltv([payment("p", cents: 5, succeeded: false)]).value?[.usd] == .zero)
    }

    @Test("Sums of ever so many different fractions stay right to the cent") func manyFractions() async throws {
        let subscriptions = (1...365).map { number in
            subscription("s\(number)", cents: 100_000, every: BillingInterval(.day, count: number))
        }
        let assessment = try await revenue([
            contact("1", email: "ada@x.test") { $0.mirror("c", subscriptions: subscriptions) }
        ])
        // 1000.00 × 365 / 12 × (1 + 1/2 + … + 1/365)
        #expect(assessment.revenue.mrr.value?.rounded.map(\.description) == ["197053.84 USD"])
        #expect(assessment.revenue.subscriptionCount == .known(365))
    }

    @Test("One absurd amount is left out of the totals and counted; the others stand") func absurdAmount() async throws
    {
        let records = [Int64.max, 10_000, 10_000].enumerated().map { place, cents in
            contact("\(place)", email: "p\(place)@x.test") {
                $0.mirror("c\(place)", subscriptions: [subscription("s\(place)", cents: cents, quantity: 1_000_000)])
            }
        }
        for order in [records, records.reversed()] {
            var portfolio = Portfolio(asOf: epoch)
            for assessment in try await store(order).assessed(context()) { portfolio.add(assessment) }
            #expect(portfolio.mrr.rounded.map(\.description) == ["200000000.00 USD"])
            #expect(portfolio.unknownMRR == 1)
        }
    }
}
