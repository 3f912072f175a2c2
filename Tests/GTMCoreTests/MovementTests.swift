import Testing

@testable import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("Movements and bridges") struct MovementTests {
    private func dollars(_ amount: Int64) -> Fraction { Fraction(amount * 100) }
    private func percent(_ above: Int64, _ below: Int64 = 100) -> Reading<Fraction> {
        .known(Fraction(Int128(above), over: Int128(below)) ?? .zero)
    }

    // MARK: Formulas

    @Test("Opening and what moved it add up to the closing") func addsUp() {
        let bridge = MRRBridge(
            currency: .usd, opening: dollars(1000),
            amounts: [
                .new: dollars(100), .expansion: dollars(50), .contraction: dollars(-40), .churn: dollars(-60),
                .exchange: dollars(-5),
            ])
        #expect(bridge.closing == dollars(1045))
        #expect(bridge.residual == .zero)
        #expect(bridge.netNew == dollars(50))
    }

    @Test("Churned revenue is churn and contraction") func churnedRevenue() {
        // 120 a year cancels, and 50 a month becomes 25.
        let bridge = MRRBridge(
            currency: .usd, opening: dollars(60), amounts: [.churn: dollars(-10), .contraction: dollars(-25)])
        #expect(bridge.churnedRevenue == dollars(35))
    }

    @Test("Customer churn, by Stripe and by the standard formula") func customerChurn() {
        #expect(ChurnRate.stripe(churned: 100, active: 1000, new: 100) == percent(100, 1100))
        #expect(ChurnRate.standard(churned: 100, joined: 0, returned: 0, active: 1000) == percent(10))
        #expect(ChurnRate.standard(churned: 12, joined: 1, returned: 1, active: 100) == percent(10))
        #expect(ChurnRate.stripe(churned: 0, active: 0, new: 0) == .unknown(.undefined))
        let bridge = MRRBridge(
            currency: .usd, opening: .zero, customers: [.churn: 10], openingCustomers: 110)
        #expect(bridge.customerChurnRate == percent(10, 110))
        #expect(bridge.customerRetention == percent(100, 110))
    }

    @Test("Revenue over customers") func arpa() {
        let bridge = MRRBridge(currency: .usd, opening: dollars(50_000), openingCustomers: 100)
        #expect(bridge.arpa == .known(dollars(500)))
    }

    @Test("Retention and churn of revenue") func retention() {
        let bridge = MRRBridge(
            currency: .usd, opening: dollars(100),
            amounts: [.churn: dollars(-10), .contraction: dollars(-10), .expansion: dollars(10)])
        #expect(bridge.grossChurnRate == percent(20))
        #expect(bridge.netChurnRate == percent(10))
        #expect(bridge.grossRetention == percent(80))
        #expect(bridge.netRetention == percent(90))
        #expect(bridge.quickRatio == percent(1, 2))
    }

    @Test("Reactivation offsets net churn and is not in net retention") func reactivation() {
        let bridge = MRRBridge(
            currency: .usd, opening: dollars(100), amounts: [.churn: dollars(-10), .reactivation: dollars(20)])
        #expect(bridge.netChurnRate == percent(-10))
        #expect(bridge.netRetention == percent(90))
    }

    @Test("Rates of a shop's days") func days() {
        #expect(
            ChurnRate.dailyNet(start: dollars(100), end: dollars(120), new: dollars(10)) == percent(-10))
        #expect(ChurnRate.dailyGross(start: dollars(100), lost: dollars(5)) == percent(5))
        #expect(ChurnRate.dailyNet(start: .zero, end: dollars(120), new: .zero) == .unknown(.undefined))
    }

    @Test("Large books, cut as ChartMogul shows them") func large() throws {
        let opening = Fraction(383_859_969)
        let bridge = MRRBridge(
            currency: .usd, opening: opening,
            amounts: [
                .expansion: Fraction(286_342_340), .contraction: Fraction(-226_820), .churn: Fraction(-64_750),
                .reactivation: Fraction(5000),
            ])
        let rate = try #require(bridge.netChurnRate.value)
        #expect(rate.multiplied(by: 10_000)?.rounded == -7452)
        let start = MRRBridge(currency: .usd, opening: opening, openingCustomers: 585)
        let arpa = try #require(start.arpa.value)
        #expect(arpa.numerator / arpa.denominator == 656_170)
        let end = MRRBridge(currency: .usd, opening: opening, amounts: [.new: Fraction(670_280_904 - 383_859_969)])
        #expect(end.growthRate.value?.multiplied(by: 10_000)?.rounded == 7462)
        let later = MRRBridge(currency: .usd, opening: Fraction(670_280_904), openingCustomers: 602).arpa.value
        #expect(later.map { $0.numerator / $0.denominator } == 1_113_423)
    }

    @Test("A rate of nothing is undefined, and no zero") func undefined() {
        let empty = MRRBridge(currency: .usd, opening: .zero)
        for rate in [
            empty.growthRate, empty.grossChurnRate, empty.netChurnRate, empty.grossRetention, empty.netRetention,
            empty.quickRatio, empty.arpa, empty.averageSalePrice, empty.customerChurnRate,
        ] { #expect(rate == .unknown(.undefined)) }
        let quiet = MRRBridge(currency: .usd, opening: dollars(100), openingCustomers: 5)
        #expect(quiet.grossChurnRate == .known(.zero))
        #expect(quiet.customerChurnRate == .known(.zero))
        #expect(!quiet.isSmallSample)
        #expect(quiet.averageSalePrice == .unknown(.undefined))
    }

    @Test(
        "What a change is",
        arguments: [
            (0, 5, false, MRRMovementKind.new), (0, 5, true, .reactivation), (5, 7, true, .expansion),
            (7, 5, true, .contraction), (5, 0, true, .churn), (5, 5, true, nil), (0, 0, false, nil),
        ] as [(Int64, Int64, Bool, MRRMovementKind?)])
    func kinds(before: Int64, after: Int64, hadPaid: Bool, kind: MRRMovementKind?) {
        #expect(MRRMovementKind.between(Fraction(before), Fraction(after), hadPaid: hadPaid) == kind)
    }

    // MARK: From the history of records

    /// A store that was told, day by day, what contacts pay.
    private struct Book {
        let store = InMemoryStore()
        /// When the source was first read whole.
        var readAt: Double = 0

        func tell(
            _ id: String, _ email: String, _ cents: Int64?, on moment: Double, changed: Double? = nil,
            plan: String = "Pro", currency: Currency = .usd, state: RecordState = .live
        ) async throws {
            var batch = StoreBatch(recordedAt: day(moment))
            batch.records = [
                contact(id, email: email, changed: changed ?? moment, state: state) { fact in
                    guard let cents else { return }
                    fact.mirror(
                        "cus_\(id)",
                        subscriptions: cents == 0
                            ? [subscription("sub_\(id)", .canceled, cents: 100, currency)]
                            : [subscription("sub_\(id)", cents: cents, currency)])
                    fact.billing?.subscriptions?[0].items[0].planName = plan
                }
            ]
            _ = await store.commit(batch, by: .engine)
        }

        func read(on moment: Double) async throws {
            var batch = StoreBatch(recordedAt: day(moment))
            var state = StreamState()
            state.observedThrough = day(moment)
            state.provides = [.profile, .revenue, .activity]
            batch.streams = [StreamKey(source: desk, stream: "contacts"): state]
            _ = await store.commit(batch, by: .engine)
        }

        func bridge(
            _ borders: [Double], _ change: (inout MRRBridgeQuery) -> Void = { _ in }
        ) async throws -> MRRBridgeReport {
            var query = MRRBridgeQuery(borders: borders.map(day))
            change(&query)
            let last = borders.last ?? 0
            return try await GTMEngine(store: store, now: { day(last + 1) }).bridge(query)
        }

        /// The amounts of the only period's only currency, in cents.
        func amounts(_ from: Double, _ to: Double) async throws -> [MRRMovementKind: Int64] {
            let period = try #require(try await bridge([from, to]).periods.first)
            for bridge in period.bridges { #expect(bridge.residual == .zero) }
            return (period.bridges.first?.amounts ?? [:]).compactMapValues(\.rounded)
        }
    }

    @Test("A source's first read is opening balance, and what comes after it is new") func openingBalance() async throws
    {
        let book = Book()
        try await book.tell("1", "ada@x.test", 10_000, on: 5, changed: -30)
        try await book.tell("2", "bo@x.test", 5000, on: 5, changed: 4)
        try await book.read(on: 5)
        try await book.tell("3", "cy@x.test", 2000, on: 8)
        #expect(try await book.amounts(0, 10) == [.openingBalance: 15_000, .new: 2000])
        #expect(try await book.amounts(5.5, 10) == [.new: 2000])
        // Who was known as somebody who pays nothing when the source was first read begins to pay.
        try await book.tell("4", "dee@x.test", nil, on: 4)
        try await book.tell("4", "dee@x.test", 1000, on: 9)
        #expect(try await book.amounts(0, 10) == [.openingBalance: 15_000, .new: 3000])
        let bridge = try #require(try await book.bridge([0, 10]).periods[0].bridges.first)
        #expect(bridge.opening == .zero)
        #expect(bridge.closing == Fraction(18_000))
        #expect(bridge.openingCustomers == 2)
        #expect(bridge.closingCustomers == 4)
        #expect(bridge.grossRetention == .known(Fraction(1)))
    }

    @Test("New, expansion, contraction, churn and reactivation") func story() async throws {
        let book = Book()
        try await book.read(on: 0)
        try await book.tell("1", "ada@x.test", 10_000, on: 1)
        try await book.tell("1", "ada@x.test", 15_000, on: 11)
        try await book.tell("1", "ada@x.test", 12_000, on: 21)
        try await book.tell("1", "ada@x.test", 0, on: 31)
        try await book.tell("1", "ada@x.test", 7000, on: 41)
        let report = try await book.bridge([0, 10, 20, 30, 40, 50])
        let kinds = report.periods.map { $0.movements.map(\.kind) }
        #expect(kinds == [[.new], [.expansion], [.contraction], [.churn], [.reactivation]])
        let closings = report.periods.map { $0.bridges.first?.closing.rounded }
        #expect(closings == [10_000, 15_000, 12_000, 0, 7000])
        for (period, next) in zip(report.periods, report.periods.dropFirst()) {
            #expect(period.bridges.first?.closing == next.bridges.first?.opening)
        }
        // Who left and came back within one period has only changed.
        #expect(try await book.amounts(25, 50) == [.contraction: -5000])
    }

    @Test("A payer who came and went between two borders is reactivated when he comes again") func shortLife()
        async throws
    {
        let book = Book()
        try await book.read(on: 0)
        try await book.tell("1", "ada@x.test", nil, on: 1)
        try await book.tell("1", "ada@x.test", 5000, on: 3)
        try await book.tell("1", "ada@x.test", 0, on: 4)
        try await book.tell("1", "ada@x.test", 5000, on: 15)
        #expect(try await book.amounts(10, 20) == [.reactivation: 5000])
    }

    @Test("What is learnt later of the past is restated, and met again as known now") func restatement() async throws {
        let book = Book()
        try await book.read(on: 0)
        try await book.tell("1", "ada@x.test", 10_000, on: 1)
        try await book.tell("1", "ada@x.test", 8000, on: 15, changed: 5)
        #expect(try await book.amounts(10, 20) == [.restatement: -2000])
        #expect(try await book.amounts(0, 10) == [.new: 10_000])
        let now = try await book.bridge([0, 10, 20]) { $0.knownAt = day(30) }
        #expect(now.periods.map { $0.movements.map(\.kind) } == [[.new], []])
        #expect(now.periods[0].bridges[0].closing == Fraction(8000))
    }

    @Test("A change of address is neither churn nor new business") func renamed() async throws {
        let book = Book()
        try await book.read(on: 0)
        try await book.tell("1", "ada@x.test", 10_000, on: 1)
        try await book.tell("1", "lovelace@x.test", 10_000, on: 15)
        #expect(try await book.amounts(10, 20) == [:])
    }

    @Test("Merging two customers moves nothing") func merged() async throws {
        let book = Book()
        try await book.read(on: 0)
        try await book.tell("1", "ada@x.test", 10_000, on: 1)
        try await book.tell("2", "bo@x.test", 5000, on: 1)
        var batch = StoreBatch(recordedAt: day(15))
        batch.rules = [
            IdentityRule(
                id: "r",
                kind: .merge(.email(try EmailAddress("bo@x.test")), into: .email(try EmailAddress("ada@x.test"))),
                madeAt: day(15), madeBy: .unspecified)
        ]
        _ = await book.store.commit(batch, by: .engine)
        #expect(try await book.amounts(10, 20) == [:])
        #expect(try await book.bridge([10, 20]).periods[0].bridges[0].closingCustomers == 1)
    }

    @Test("Deleted at the source is churn; to be known no more is not") func endings() async throws {
        let book = Book()
        try await book.read(on: 0)
        try await book.tell("1", "ada@x.test", 10_000, on: 1)
        try await book.tell("2", "bo@x.test", 5000, on: 1)
        try await book.tell("1", "ada@x.test", 10_000, on: 15, state: .deleted)
        try await book.tell("2", "bo@x.test", nil, on: 15)
        #expect(try await book.amounts(10, 20) == [.churn: -10_000, .noLongerKnown: -5000])
        #expect(try await book.bridge([10, 20]).periods[0].bridges[0].unknownCustomers == 1)
    }

    @Test("Currencies are never added; who changes currency leaves one and comes to the other") func currencies()
        async throws
    {
        let book = Book()
        try await book.read(on: 0)
        try await book.tell("1", "ada@x.test", 10_000, on: 1)
        try await book.tell("1", "ada@x.test", 9000, on: 15, currency: .eur)
        try await book.tell("2", "bo@x.test", 5000, on: 1, currency: .eur)
        let period = try await book.bridge([10, 20]).periods[0]
        #expect(period.bridges.map(\.currency) == [.eur, .usd])
        #expect(period.bridges.map(\.residual) == [.zero, .zero])
        #expect(period.movements.map(\.kind) == [.new, .churn])
        #expect(period.bridges.map(\.openingCustomers) == [1, 1])
        #expect(period.bridges.map(\.closingCustomers) == [2, 0])
        #expect(period.bridges.map { $0.customers } == [[.new: 1], [.churn: 1]])
    }

    @Test("A customer of two currencies and two plans is one customer of each, and of the whole") func counted()
        async throws
    {
        let book = Book()
        try await book.read(on: 0)
        func tell(_ usd: Int64, _ eur: Int64, on moment: Double) async {
            var batch = StoreBatch(recordedAt: day(moment))
            batch.records = [
                contact("1", email: "ada@x.test", changed: moment) { fact in
                    fact.mirror(
                        "cus_1",
                        subscriptions: [
                            subscription("a", usd == 0 ? .canceled : .active, cents: usd),
                            subscription("b", usd == 0 ? .canceled : .active, cents: usd),
                            subscription("c", eur == 0 ? .canceled : .active, cents: eur, .eur),
                        ])
                    fact.billing?.subscriptions?[1].items[0].planName = "Team"
                }
            ]
            _ = await book.store.commit(batch, by: .engine)
        }
        await tell(100, 70, on: 1)
        await tell(0, 0, on: 15)
        for grouping in [nil, MRRGrouping.plan] {
            let period = try await book.bridge([10, 20]) { $0.grouping = grouping }.periods[0]
            #expect(period.bridges.map(\.currency) == [.eur, .usd])
            for bridge in period.bridges {
                #expect(bridge.openingCustomers == 1)
                #expect(bridge.customers == [.churn: 1])
                #expect(bridge.customerChurnRate == .known(Fraction(1)))
            }
        }
    }

    @Test("What was unknown and becomes known is no business; who begins to pay is new") func becomesKnown()
        async throws
    {
        let book = Book()
        try await book.read(on: 0)
        try await book.tell("1", "ada@x.test", 10_000, on: 1)
        try await book.tell("1", "ada@x.test", nil, on: 12)
        try await book.tell("1", "ada@x.test", 10_000, on: 25)
        try await book.tell("2", "bo@x.test", nil, on: 1)
        try await book.tell("2", "bo@x.test", 5000, on: 25)
        #expect(try await book.amounts(10, 20) == [.noLongerKnown: -10_000])
        #expect(try await book.amounts(20, 30) == [.becameKnown: 10_000, .new: 5000])
    }

    @Test("A deletion holds from when it was learnt, and who comes back is reactivated") func deletion() async throws {
        let book = Book()
        try await book.read(on: 0)
        try await book.tell("1", "ada@x.test", 10_000, on: 1)
        var batch = StoreBatch(recordedAt: day(15))
        batch.records = [SourceRecord(id: contactID("1"), fact: .contact(Contact()), state: .deleted)]
        _ = await book.store.commit(batch, by: .engine)
        try await book.tell("1", "ada@x.test", 8000, on: 25)
        let report = try await book.bridge([0, 10, 20, 30])
        #expect(report.periods.map { $0.movements.map(\.kind) } == [[.new], [.churn], [.reactivation]])
        let now = try await book.bridge([0, 10, 20, 30]) { $0.knownAt = day(40) }
        #expect(now.periods.map { $0.movements.map(\.kind) } == [[.new], [.churn], [.reactivation]])
    }

    @Test("Told as known now, a merge that was made later holds for the past too") func mergedLater() async throws {
        let book = Book()
        try await book.read(on: 0)
        try await book.tell("1", "ada@x.test", 10_000, on: 1)
        try await book.tell("2", "bo@x.test", 5000, on: 15)
        var batch = StoreBatch(recordedAt: day(30))
        batch.rules = [
            IdentityRule(
                id: "r",
                kind: .merge(.email(try EmailAddress("bo@x.test")), into: .email(try EmailAddress("ada@x.test"))),
                madeAt: day(30), madeBy: .unspecified)
        ]
        _ = await book.store.commit(batch, by: .engine)
        #expect(try await book.amounts(10, 20) == [.new: 5000])
        let now = try await book.bridge([10, 20]) { $0.knownAt = day(40) }
        #expect(now.periods[0].movements.map(\.kind) == [.expansion])
        #expect(now.periods[0].bridges[0].closingCustomers == 1)
    }

    @Test("What happens at a border belongs to what begins there") func borders() async throws {
        let book = Book()
        try await book.read(on: 0)
        try await book.tell("1", "ada@x.test", 10_000, on: 10)
        let report = try await book.bridge([0, 10, 20])
        #expect(report.periods.map { $0.movements.map(\.kind) } == [[], [.new]])
    }

    @Test("Converted, the same amount in another currency is an exchange effect, and the rest is movement")
    func exchange() async throws {
        let book = Book()
        try await book.read(on: 0)
        try await book.tell("1", "ada@x.test", 10_000, on: 1, currency: .eur)
        try await book.tell("2", "bo@x.test", 5000, on: 1)
        try await book.tell("3", "cy@x.test", 700, on: 1, currency: .jpy)
        try await book.tell("1", "ada@x.test", 20_000, on: 15, currency: .eur)
        var configuration = GTMEngine.Configuration()
        let rate: (Int64) -> [Currency: Fraction] = { [.eur: Fraction(100, over: Int128($0)) ?? .zero] }
        configuration.rates = ExchangeRates(
            [
                ExchangeRates.Table(date: day(-10), base: .usd, rates: rate(110)),
                ExchangeRates.Table(date: day(12), base: .usd, rates: rate(120)),
            ].compactMap { $0 })
        let engine = GTMEngine(store: book.store, configuration: configuration, now: { day(30) })
        let report = try await engine.bridge(MRRBridgeQuery(borders: [day(10), day(20)], isConverted: true))
        let period = try #require(report.periods.first)
        #expect(period.bridges.count == 1)
        let bridge = try #require(period.bridges.first)
        // 100 € at 1.10 and 50 $; 10 $ more by the rate; 100 € more at 1.20. The yen have no rate.
        #expect(bridge.opening == Fraction(16_000))
        #expect(bridge[.exchange] == Fraction(1000))
        #expect(bridge[.expansion] == Fraction(12_000))
        #expect(bridge.closing == Fraction(29_000))
        #expect(bridge.residual == .zero)
        #expect(bridge.unknownCustomers == 1)
        #expect([period.openingRates, period.closingRates] == [day(-10), day(12)])
        await #expect(throws: StoreError.self) {
            try await GTMEngine(store: book.store).bridge(
                MRRBridgeQuery(borders: [day(10), day(20)], isConverted: true))
        }
    }

    @Test("By plan: who changes plans transfers what he paid, and the rest is expansion") func plans() async throws {
        let book = Book()
        try await book.read(on: 0)
        try await book.tell("1", "ada@x.test", 5000, on: 1, plan: "Basic")
        try await book.tell("1", "ada@x.test", 7000, on: 15, plan: "Pro")
        let period = try await book.bridge([10, 20]) { $0.grouping = .plan }.periods[0]
        #expect(period.groups.map(\.name) == ["Basic", "Pro"])
        #expect(period.groups.map { $0.bridges.first?.residual } == [.zero, .zero])
        let pro = try #require(period.groups[1].bridges.first)
        #expect(pro[.expansion] == Fraction(2000))
        #expect(pro[.transfer] == Fraction(5000))
        #expect(period.groups[0].bridges.first?[.transfer] == Fraction(-5000))
        #expect(period.bridges.first?[.transfer] == .zero)
        #expect(period.bridges.first?[.expansion] == Fraction(2000))
    }

    @Test("Months begin on the first, and the ends are kept") func months() {
        let borders = MRRBridgeQuery.months(from: day(10), to: day(70))
        #expect(borders == [day(10), day(31), day(59), day(70)])
        #expect(MRRBridgeQuery.months(from: day(0), to: day(31)) == [day(0), day(31)])
        #expect(MRRBridgeQuery.months(from: day(5), to: day(5)) == [day(5)])
    }

    @Test("Without a period there is no bridge") func noPeriod() async throws {
        let book = Book()
        await #expect(throws: StoreError.self) { try await book.bridge([5]) }
        await #expect(throws: StoreError.self) { try await book.bridge([5, 5]) }
    }

    // MARK: The documentation

    @Test("The example of the documentation comes out as it says") func documented() async throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = Array(try Data(contentsOf: root.appendingPathComponent("Docs/revenue.md")))
        let blocks = try DirectiveBlock.blocks(in: text, file: "revenue.md")
        let block = try #require(blocks.first { $0.name == "bridge" }).content.value
        let months = try #require(block["months"]?.array)
        let book = Book()
        for (month, told) in months.enumerated() {
            for (name, amount) in (told.object?.members ?? []).map({ ($0.key, $0.value.integer ?? 0) }) {
                try await book.tell(name, "\(name)@x.test", amount * 100, on: Double(month) * 30 + 15)
            }
            if month == 0 { try await book.read(on: 16) }
        }
        let report = try await book.bridge((0...months.count).map { Double($0) * 30 })
        let expected = try #require(block["bridges"]?.array)
        #expect(report.periods.count == expected.count)
        for (period, told) in zip(report.periods, expected) {
            let bridge = try #require(period.bridges.first)
            func dollars(_ name: String) -> Fraction { Fraction((told[name]?.integer ?? 0) * 100) }
            func rate(_ name: String, _ reading: Reading<Fraction>) {
                guard let text = told[name]?.string else { return }
                #expect(reading.value?.description ?? "\(reading.reason?.description ?? "")" == text, "\(name)")
            }
            #expect(bridge.opening == dollars("opening"))
            #expect(bridge.closing == dollars("closing"))
            for kind in MRRMovementKind.allCases { #expect(bridge[kind] == dollars(kind.rawValue), "\(kind)") }
            rate("nrr", bridge.netRetention)
            rate("grr", bridge.grossRetention)
            rate("quick_ratio", bridge.quickRatio)
        }
    }
}
