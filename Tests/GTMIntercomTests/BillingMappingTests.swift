import GTMCore
import Testing

@testable import GTMIntercom

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("Billing mapping") struct BillingMappingTests {
    let mapping = IntercomMapping.forTests()

    private func usd(_ minorUnits: Int64) -> Money { Money(minorUnits: minorUnits, currency: .usd) }

    private func item(
        _ plan: String?, _ cents: Int64?, _ interval: BillingInterval? = .month, _ quantity: Int64 = 1,
        currency: Currency? = .usd
    ) -> SubscriptionItem {
        SubscriptionItem(
            planName: plan, unitAmount: cents.map { Fraction($0) }, currency: currency, interval: interval,
            quantity: quantity)
    }

    // MARK: The cases of the directive

    @Test("New contact with Stripe data") func newContactWithStripe() throws {
        let mapped = try mapping.contact(
            attributes: """
                {"stripe_id":"cus_1","stripe_plan":"Pro Plan","stripe_plan_price":299,"stripe_plan_interval":"month",\
                "stripe_subscription_status":"active","stripe_delinquent":false,"stripe_last_charge_amount":299.00,\
                "stripe_last_charge_at":1764000000,"Stripe Subscriptions":[{"id":"sub_1","status":"active","plan":\
                {"amount":29900,"interval":"month","nickname":"Pro Plan"},"quantity":1,"current_period_start":1764000000,\
                "current_period_end":1766592000}],"Stripe Payments":[{"id":"ch_1","amount":29900,"created":1764000000,\
                "status":"succeeded"}]}
                """)
        var mirror = BillingMirror()
        mirror.customerID = ExternalID(system: "stripe", id: "cus_1")
        mirror.planName = "Pro Plan"
        mirror.planPrice = usd(29_900)
        mirror.planInterval = .month
        mirror.status = .active
        mirror.isDelinquent = false
        mirror.lastPaymentAmount = usd(29_900)
        mirror.lastPaymentAt = at(1_764_000_000)
        mirror.subscriptions = [
            Subscription(
                id: ExternalID(system: "stripe", id: "sub_1"), status: .active, items: [item("Pro Plan", 29_900)],
                currentPeriod: .init(start: at(1_764_000_000), end: at(1_766_592_000)))
        ]
        mirror.payments = [
            Payment(
                id: ExternalID(system: "stripe", id: "ch_1"), amount: usd(29_900), paidAt: at(1_764_000_000),
                succeeded: true)
        ]
        mirror.assumedCurrency = .usd
        #expect(try mapped.billing == mirror)
        #expect(mapped.record.identity?.externalIDs == [ExternalID(system: "stripe", id: "cus_1")])
        #expect(mapped.issues == [])
    }

    @Test("Existing contact update: what vanished from the attributes vanishes from the mirror") func update() throws {
        let before = try mapping.contact(attributes: "{\"stripe_plan\":\"Pro\",\"Stripe Payments\":[]}")
        let after = try mapping.contact(attributes: "{\"stripe_plan\":\"Team\",\"Stripe Payments\":null}")
        #expect(before.record.id == after.record.id)
        #expect(try before.billing.payments == [])
        #expect(try after.billing.payments == nil)
        #expect(try after.billing.planName == "Team")
    }

    @Test("Multiple subscriptions are all kept, with their quantities") func multipleSubscriptions() throws {
        let mapped = try mapping.contact(
            attributes: """
                {"stripe_subscriptions":[{"status":"active","plan":{"amount":1000,"interval":"month"},"quantity":3},\
                {"status":"trialing","plan":{"amount":500,"interval":"week","interval_count":2}},\
                {"status":"canceled","plan":{"amount":70000,"interval":"year"}}]}
                """)
        let subscriptions = try #require(try mapped.billing.subscriptions)
        #expect(subscriptions.map(\.status) == [.active, .trialing, .canceled])
        #expect(
            subscriptions.flatMap(\.items) == [
                item(nil, 1000, .month, 3), item(nil, 500, BillingInterval(.week, count: 2)), item(nil, 70_000, .year),
            ])
    }

    @Test("Annual subscription keeps its interval, so that nothing is lost before the last step") func annual() throws {
        let mapped = try mapping.contact(
            attributes: "{\"stripe_plan_price\":\"1200.50\",\"stripe_plan_interval\":\"year\"}")
        #expect(try mapped.billing.planPrice == usd(120_050))
        #expect(try mapped.billing.planInterval == .year)
    }

    @Test("No Stripe data, no mirror", arguments: ["{}", "{\"stripe_id\":null,\"Stripe Payments\":null}", "{\"a\":1}"])
    func noStripeData(attributes: String) throws {
        #expect(try mapping.contact(attributes: attributes).contact.billing == nil)
    }

    @Test(
        "Delinquent payment",
        arguments: [("true", true), ("\"TRUE\"", true), ("false", false), ("null", nil)] as [(String, Bool?)])
    func delinquent(written: String, flag: Bool?) throws {
        let mapped = try mapping.contact(attributes: "{\"stripe_id\":\"cus_1\",\"stripe_delinquent\":\(written)}")
        #expect(try mapped.billing.isDelinquent == flag)
    }

    // MARK: Units

    @Test(
        "Flat amounts are major units, whatever their size",
        arguments: [("4518.62", 451_862), ("29900", 2_990_000)] as [(String, Int64)])
    func flatAmountsAreMajor(written: String, cents: Int64) throws {
        let mapped = try mapping.contact(
            attributes: "{\"stripe_plan_price\":\(written),\"stripe_last_charge_amount\":\"\(written)\"}")
        #expect(try mapped.billing.planPrice == usd(cents))
        #expect(try mapped.billing.lastPaymentAmount == usd(cents))
    }

    @Test("Each flat amount can be configured to be in cents") func configuresUnits() throws {
        let mapping = IntercomMapping.forTests { $0.lastChargeUnit = .minor }
        let mapped = try mapping.contact(
            attributes: "{\"stripe_plan_price\":299,\"stripe_last_charge_amount\":29900}")
        #expect(try mapped.billing.planPrice == usd(29_900))
        #expect(try mapped.billing.lastPaymentAmount == usd(29_900))
    }

    @Test("Currencies have none, two or three decimals") func currencies() throws {
        let mapped = try mapping.contact(
            attributes: """
                {"Stripe Subscriptions":[{"status":"active","price":1000,"interval":"month","currency":"jpy"},\
                {"status":"active","price":10.5,"interval":"month","currency":"KWD"},\
                {"status":"active","amount":1050,"interval":"month","currency":"usd"}]}
                """)
        let items = try #require(try mapped.billing.subscriptions).flatMap(\.items)
        #expect(items.map(\.unitAmount) == [Fraction(1000), Fraction(10_500), Fraction(1050)])
        #expect(items.map(\.currency?.code) == ["JPY", "KWD", "USD"])
        #expect(try mapped.billing.assumedCurrency == nil)
    }

    @Test("Amounts without a currency are in that of the lists, else the configured one, which is shown")
    func assumesCurrency() throws {
        let euros = try mapping.contact(
            attributes: "{\"stripe_plan_price\":9,\"Stripe Payments\":[{\"amount\":900,\"currency\":\"eur\"}]}")
        #expect(try euros.billing.planPrice == Money(minorUnits: 900, currency: .eur))
        #expect(try euros.billing.assumedCurrency == nil)

        let mixed = try mapping.contact(
            attributes: """
                {"stripe_plan_price":9,"Stripe Payments":[{"amount":1,"currency":"eur"},{"amount":1,"currency":"gbp"}]}
                """)
        #expect(try mixed.billing.planPrice == usd(900))
        #expect(try mixed.billing.assumedCurrency == .usd)

        let named = try mapping.contact(attributes: "{\"stripe_plan_price\":9,\"stripe_currency\":\"jpy\"}")
        #expect(try named.billing.planPrice == Money(minorUnits: 9, currency: .jpy))

        let nothing = try mapping.contact(attributes: "{\"Stripe Subscriptions\":[],\"Stripe Payments\":[]}")
        #expect(try nothing.billing.assumedCurrency == .usd)
        let nothingNamed = try mapping.contact(attributes: "{\"Stripe Payments\":[],\"stripe_currency\":\"eur\"}")
        #expect(try nothingNamed.billing.assumedCurrency == nil)

        let unknown = try mapping.contact(
            attributes: "{\"stripe_subscriptions\":[{\"price\":9,\"currency\":\"zzz\",\"status\":\"active\"}]}")
        #expect(try unknown.billing.subscriptions?[0].items == [item(nil, nil, nil, currency: nil)])
        #expect(unknown.paths == ["custom_attributes.stripe_subscriptions[0].currency"])
        #expect(try unknown.billing.assumedCurrency == nil)
    }

    @Test(
        "An amount that is none is unknown and noted, never 0",
        arguments: [
            "\"free\"", "-1", "-9223372036854775808", "\"NaN\"", "1e300", "true", "{}", "\"1,200.00\"", "\"$5\"",
        ])
    func refusesAmounts(written: String) throws {
        let mapped = try mapping.contact(attributes: "{\"stripe_plan_price\":\(written)}")
        #expect(try mapped.billing.planPrice == nil)
        #expect(mapped.paths == ["custom_attributes.stripe_plan_price"])
    }

    // MARK: Shapes of the lists

    static let one = #"{"id":"sub_1","status":"active","plan":{"amount":900,"interval":"month"}}"#

    @Test(
        "A list is accepted in all its forms",
        arguments: [
            "[\(one)]", "[null,\(one),null]", "{\"type\":\"list\",\"data\":[\(one)]}",
            "{\"type\":\"Sub.list\",\"instances\":[{\"id\":\"7\",\"external_id\":\"sub_1\",\"custom_attributes\":"
                + "{\"status\":\"active\",\"amount\":900,\"interval\":\"month\"}},null]}",
            "\"[{\\\"id\\\":\\\"sub_1\\\",\\\"status\\\":\\\"active\\\",\\\"amount\\\":900,\\\"interval\\\":\\\"month\\\"}]\"",
            "[{\"id\":\"sub_1\",\"status\":\"active\",\"price\":9,\"interval\":\"monthly\",\"interval_count\":1}]",
            "[{\"id\":\"sub_1\",\"status\":\"active\",\"price\":\"9.00\",\"interval\":\"month\",\"quantity\":\"1\"}]",
            "[{\"id\":\"sub_1\",\"status\":\"ACTIVE\",\"items\":{\"data\":[{\"quantity\":1,\"price\":{\"unit_amount\":900,"
                + "\"recurring\":{\"interval\":\"month\",\"interval_count\":1,\"usage_type\":\"licensed\"}}}]}}]",
            "[{\"id\":\"sub_1\",\"status\":\"active\",\"items\":{\"data\":[{\"price\":{\"unit_amount\":null,"
                + "\"unit_amount_decimal\":\"900\",\"recurring\":{\"interval\":\"month\"}}}]}}]",
        ])
    func acceptsForms(written: String) throws {
        let mapped = try mapping.contact(attributes: "{\"Stripe Subscriptions\":\(written)}")
        let expected = Subscription(
            id: ExternalID(system: "stripe", id: "sub_1"), status: .active, items: [item(nil, 900)])
        #expect(try mapped.billing.subscriptions == [expected])
        #expect(mapped.issues == [])
    }

    @Test("What is no list is unknown, not empty", arguments: ["7", "\"gibberish\"", "{\"a\":1}", "true"])
    func refusesLists(written: String) throws {
        let mapped = try mapping.contact(attributes: "{\"Stripe Subscriptions\":\(written)}")
        #expect(try mapped.billing.subscriptions == nil)
        #expect(mapped.paths == ["custom_attributes.Stripe Subscriptions"])
    }

    @Test("Of two spellings the first one with a value counts") func spellings() throws {
        let both = try mapping.contact(attributes: "{\"stripe_payments\":[{}],\"Stripe Payments\":[]}")
        #expect(try both.billing.payments == [])
        let second = try mapping.contact(attributes: "{\"Stripe Payments\":null,\"stripe_payments\":[]}")
        #expect(try second.billing.payments == [])
        let own = IntercomMapping.forTests { $0.plan = ["Tarif"] }
        #expect(try own.contact(attributes: "{\"Tarif\":\"Pro\"}").billing.planName == "Pro")
    }

    // MARK: Entries of the lists

    @Test("An entry that cannot be read stays as one of unknown worth") func keepsUnreadableEntries() throws {
        let mapped = try mapping.contact(
            attributes: "{\"Stripe Subscriptions\":[7,{\"status\":\"paused\"},\(Self.one)],\"Stripe Payments\":[\"x\"]}"
        )
        let subscriptions = try #require(try mapped.billing.subscriptions)
        #expect(subscriptions.map(\.status) == [nil, .paused, .active])
        #expect(subscriptions.map(\.items[0].unitAmount) == [nil, nil, Fraction(900)])
        #expect(try mapped.billing.payments == [Payment(id: nil, amount: nil, paidAt: nil, succeeded: nil)])
        #expect(
            mapped.paths == [
                "custom_attributes.Stripe Subscriptions[0]", "custom_attributes.Stripe Payments[0]",
            ])
    }

    @Test("Several items are several lines; metered and tiered ones have no price") func readsItems() throws {
        let mapped = try mapping.contact(
            attributes: """
                {"Stripe Subscriptions":[{"status":"past_due","currency":"eur","cancel_at_period_end":true,"items":{"data":[\
                {"quantity":5,"current_period_start":1764000000,"price":{"unit_amount":1200,"nickname":"Seat",\
                "recurring":{"interval":"month","interval_count":3}}},\
                {"price":{"unit_amount":2,"recurring":{"interval":"month","usage_type":"metered"}}},\
                {"price":{"unit_amount":null,"billing_scheme":"tiered","recurring":{"interval":"month"}}},\
                {"price":{"unit_amount":null,"unit_amount_decimal":"0.5","recurring":{"interval":"day"}},"quantity":0}]}}]}
                """)
        let subscription = try #require(try mapped.billing.subscriptions?.first)
        var metered = item(nil, nil, .month, currency: .eur)
        metered.isMetered = true
        #expect(
            subscription
                == Subscription(
                    id: nil, status: .pastDue,
                    items: [
                        item("Seat", 1200, BillingInterval(.month, count: 3), 5, currency: .eur),
                        metered, item(nil, nil, .month, currency: .eur),
                        SubscriptionItem(
                            planName: nil, unitAmount: Fraction(1, over: 2), currency: .eur,
                            interval: BillingInterval(.day), quantity: 0),
                    ], currentPeriod: .init(start: at(1_764_000_000), end: nil), cancelsAtPeriodEnd: true))
        #expect(mapped.issues == [])
    }

    @Test(
        "A wrong part of an entry is noted, the rest stays",
        arguments: [
            (#"{"status":"active","plan":{"amount":900,"interval":"month"},"quantity":-1}"#, "quantity"),
            (#"{"status":"active","plan":{"amount":900,"interval":"month"},"quantity":1.5}"#, "quantity"),
            (#"{"status":"active","plan":{"amount":900,"interval":"fortnight"}}"#, "plan.interval"),
            (
                #"{"status":"active","plan":{"amount":900,"interval":"month","interval_count":0}}"#,
                "plan.interval_count"
            ),
            (#"{"status":"sleeping","plan":{"amount":900,"interval":"month"}}"#, "status"),
            (#"{"status":"active","plan":{"amount":"much","interval":"month"}}"#, "plan.amount"),
            (#"{"status":"active","discount":{"coupon":{}},"plan":{"amount":900,"interval":"month"}}"#, "discount"),
            (#"{"id":{},"status":"active","plan":{"amount":900,"interval":"month"}}"#, "id"),
        ])
    func notesWrongParts(entry: String, path: String) throws {
        let mapped = try mapping.contact(attributes: "{\"Stripe Subscriptions\":[\(entry)]}")
        #expect(mapped.paths == ["custom_attributes.Stripe Subscriptions[0].\(path)"])
        #expect(try mapped.billing.subscriptions?.count == 1)
        let amount = try mapped.billing.subscriptions?[0].items[0].unitAmount
        #expect(amount == (["quantity", "plan.amount"].contains(path) ? nil : Fraction(900)))
    }

    @Test("A subscription of Stripe's own shape: discounts, pause, trial, steps, packages, tax, refunds")
    func stripeShape()
        throws
    {
        let mapped = try mapping.contact(
            attributes: """
                {"Stripe Subscriptions":[{"id":"sub_1","status":"active","currency":"usd","start_date":1760000000,\
                "trial_end":1761000000,"canceled_at":1762000000,"ended_at":null,"cancel_at":1790000000,\
                "pause_collection":{"behavior":"void","resumes_at":1780000000},"default_tax_rates":[],\
                "discounts":[{"id":"di_1","start":1760000000,"end":null,"source":{"type":"coupon","coupon":\
                {"id":"SAVE10","duration":"forever","percent_off":12.5,"amount_off":null}}},"di_2"],\
                "items":{"data":[{"quantity":7,"tax_rates":[{"inclusive":true,"percentage":19}],\
                "discounts":[{"coupon":{"name":"Off","duration":"repeating","amount_off":500,"currency":"usd",\
                "applies_to":{"products":["prod_1"]}},"start":1,"end":1790000000}],\
                "price":{"product":"prod_1","billing_scheme":"tiered","tiers_mode":"graduated","currency":"usd",\
                "tax_behavior":"inclusive","recurring":{"interval":"month","usage_type":"licensed"},\
                "transform_quantity":{"divide_by":2,"round":"up"},"tiers":[\
                {"up_to":5,"unit_amount":700,"unit_amount_decimal":"700.5","flat_amount":100},\
                {"up_to":null,"unit_amount":600}]}},\
                {"price":{"unit_amount":100,"currency":"usd","tax_behavior":"inclusive",\
                "recurring":{"interval":"month","usage_type":"metered"}}}]}}],\
                "Stripe Payments":[{"id":"ch_1","amount":900,"amount_refunded":300,"currency":"usd","status":"succeeded"}]}
                """)
        #expect(mapped.paths == ["custom_attributes.Stripe Subscriptions[0].discounts[1]"])
        let subscription = try #require(try mapped.billing.subscriptions?.first)
        #expect(
            subscription.discounts == [
                Discount("SAVE10", .percent(try #require(Fraction(25, over: 2))), .forever, start: at(1_760_000_000))
            ])
        #expect(subscription.pause == PauseCollection(.void, resumesAt: at(1_780_000_000)))
        #expect(subscription.trialEnd == at(1_761_000_000))
        #expect(subscription.startedAt == at(1_760_000_000))
        #expect(subscription.canceledAt == at(1_762_000_000))
        #expect(subscription.endedAt == nil)
        #expect(subscription.cancelAt == at(1_790_000_000))
        let item = subscription.items[0]
        #expect(
            item.tiering
                == Tiering(
                    .graduated,
                    [
                        .init(upTo: 5, unitAmount: Fraction(1401, over: 2), flatAmount: Fraction(100)),
                        .init(upTo: nil, unitAmount: Fraction(600)),
                    ]))
        #expect(item.transformQuantity == TransformQuantity(divideBy: 2, round: .up))
        #expect(item.inclusiveTax == InclusiveTax(rate: Fraction(19, over: 100)))
        #expect(item.productID == "prod_1")
        #expect(
            item.discounts == [
                Discount(
                    "Off", .amount(usd(500)), .repeating, start: at(1), end: at(1_790_000_000), scope: .item,
                    products: ["prod_1"])
            ])
        #expect(subscription.items[1].isMetered)
        #expect(subscription.items[1].inclusiveTax == InclusiveTax(rate: nil))
        #expect(try mapped.billing.payments?.first?.refunded == usd(300))
    }

    @Test(
        "Parts of a price that cannot be read leave it unknown, and say so",
        arguments: [
            (#""transform_quantity":{"divide_by":0,"round":"up"},"unit_amount":5"#, "transform_quantity"),
            (#""billing_scheme":"tiered","tiers":[{"up_to":5}]"#, "tiers_mode"),
            (#""billing_scheme":"tiered","tiers_mode":"volume","tiers":[{"up_to":5},{"up_to":5}]"#, "tiers[1].up_to"),
            (#""billing_scheme":"tiered","tiers_mode":"volume","tiers":[{"unit_amount":"x"}]"#, "tiers[0].unit_amount"),
        ])
    func wrongPrices(price: String, path: String) throws {
        let mapped = try mapping.contact(
            attributes: "{\"Stripe Subscriptions\":[{\"status\":\"active\",\"price\":{\(price)}}]}")
        #expect(mapped.paths == ["custom_attributes.Stripe Subscriptions[0].price.\(path)"])
        let item = try mapped.billing.subscriptions?[0].items[0]
        #expect(item?.unitAmount == nil && item?.tiering == nil)
    }

    @Test("What stands in a list twice counts once, and is told", arguments: [1, 60])
    func repetitions(others: Int) throws {
        let subscriptions = (0..<others).map { "{\"id\":\"sub_x\($0)\",\"status\":\"canceled\"}" }
        let payments = (0..<others).map { "{\"id\":\"ch_x\($0)\",\"amount\":1}" }
        let mapped = try mapping.contact(
            attributes: """
                {"Stripe Subscriptions":[{"id":"sub_1","status":"active","price":9},\(subscriptions.joined(separator: ",")),\
                {"id":"sub_1","status":"canceled","price":5,"currency":"eur"},{"status":"paused"},{"status":"paused"}],\
                "Stripe Payments":[{"id":"ch_1","amount":900},\(payments.joined(separator: ",")),\
                {"id":"ch_1","amount":"wrong"},{"amount":1},{"amount":1},{"id":"ch_1","amount":900}]}
                """)
        let billing = try mapped.billing
        #expect(billing.subscriptions?.count == others + 3)
        #expect(billing.subscriptions?.first?.status == .active)
        #expect(billing.payments?.count == others + 3)
        #expect(billing.payments?.first?.amount == usd(900))
        #expect(
            mapped.paths == [
                "custom_attributes.Stripe Subscriptions[\(others + 1)].id",
                "custom_attributes.Stripe Payments[\(others + 1)].id",
                "custom_attributes.Stripe Payments[\(others + 4)].id",
            ])
        #expect(Set(mapped.issues.map(\.reason)) == ["the id stands in the list twice; its first entry counts"])
        #expect(billing.assumedCurrency == .usd)
    }

    @Test("A missing interval is unknown, without a word") func missingInterval() throws {
        let mapped = try mapping.contact(attributes: "{\"Stripe Subscriptions\":[{\"status\":\"active\",\"price\":9}]}")
        #expect(try mapped.billing.subscriptions?[0].items == [item(nil, 900, nil)])
        #expect(mapped.issues == [])
    }

    @Test(
        "Whether a payment arrived",
        arguments: [
            ("\"succeeded\"", true), ("\"paid\"", true), ("\"Paid\"", true), ("\"failed\"", false),
            ("\"pending\"", false), ("null", nil),
        ] as [(String, Bool?)])
    func readsPaymentStatus(written: String, succeeded: Bool?) throws {
        let mapped = try mapping.contact(attributes: "{\"Stripe Payments\":[{\"amount\":1,\"status\":\(written)}]}")
        #expect(try mapped.billing.payments?[0].succeeded == succeeded)
        #expect(mapped.issues == [])
    }

    @Test("Flat amounts that contradict the lists are noted: one of the two is in the wrong unit") func contradictions()
        throws
    {
        let mapped = try mapping.contact(
            attributes: """
                {"stripe_plan_price":29900,"stripe_last_charge_amount":29900,"stripe_last_charge_at":1764000000,\
                "Stripe Subscriptions":[{"status":"active","plan":{"amount":29900,"interval":"month"}}],\
                "Stripe Payments":[{"amount":29900,"created":1764000100,"status":"succeeded"}]}
                """)
        #expect(
            mapped.paths == ["custom_attributes.stripe_plan_price", "custom_attributes.stripe_last_charge_amount"])
    }
}
