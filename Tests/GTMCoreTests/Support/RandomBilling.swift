@testable import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A customer with billing of every kind: intervals, currencies, statuses, discounts, steps, packages, taxes, pauses.
struct RandomBilling {
    private var random: SplitMix
    let subscriptions: [Subscription]
    let payments: [Payment]

    init(seed: UInt64) {
        random = SplitMix(seed: seed)
        var maker = Maker(random: random)
        subscriptions = (0..<maker.number(0...4)).map { maker.subscription($0) }
        payments = (0..<maker.number(0...5)).map { maker.payment($0) }
        random = maker.random
    }

    var billing: CustomerBilling { GTMCoreTests.billing(subscriptions, payments: payments) }

    /// Policies that differ in every choice.
    static let policies: [MRRPolicy] = {
        var odd = MRRPolicy(
            name: "odd", version: 1, counted: [.active, .trialing, .unpaid], weeksPerYear: 48, daysPerYear: 360)
        odd.discounts = .foreverOnly
        odd.customerDiscounts = false
        odd.churn = .atRequest
        odd.inclusiveTax = .kept
        var list = MRRPolicy(name: "list", version: 1, counted: Set(SubscriptionStatus.allCases))
        list.discounts = .none
        list.pastDueLimitDays = 7
        return MRRPolicy.all + [odd, list]
    }()

    private struct Maker {
        var random: SplitMix

        mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        mutating func chance(_ percent: Int) -> Bool { number(0...99) < percent }
        mutating func pick<Value>(_ values: [Value]) -> Value { values[number(0...(values.count - 1))] }
        mutating func moment() -> Date { day(Double(number(-60...60))) }
        mutating func maybe<Value>(_ percent: Int, _ make: (inout Maker) -> Value) -> Value? {
            chance(percent) ? make(&self) : nil
        }

        mutating func subscription(_ place: Int) -> Subscription {
            let interval = self.interval()
            let currency = pick([Currency.usd, .usd, .usd, .eur, .jpy])
            var subscription = Subscription(
                id: maybe(90) { _ in stripe("sub_\(place)") },
                status: maybe(95) { $0.chance(50) ? .active : $0.pick(SubscriptionStatus.allCases) },
                items: (0..<(chance(4) ? 0 : number(1...3))).map { _ in
                    item(chance(90) ? interval : self.interval(), chance(93) ? currency : pick([.usd, .eur]))
                },
                cancelsAtPeriodEnd: chance(15),
                discounts: (0..<(chance(45) ? number(1...2) : 0)).map { _ in
                    discount(chance(70) ? .subscription : .customer)
                },
                pause: maybe(12) { maker in
                    PauseCollection(
                        maker.maybe(85) { $0.pick(PauseCollection.Behavior.allCases) },
                        resumesAt: maker.maybe(50) { $0.moment() })
                })
            subscription.currentPeriod = maybe(70) { maker in
                Subscription.Period(start: maker.maybe(90) { $0.moment() }, end: maker.maybe(90) { $0.moment() })
            }
            subscription.startedAt = maybe(30) { $0.moment() }
            subscription.endedAt = maybe(5) { $0.moment() }
            subscription.cancelAt = maybe(8) { $0.moment() }
            subscription.canceledAt = maybe(20) { $0.moment() }
            subscription.pastDueSince = maybe(50) { $0.moment() }
            return subscription
        }

        private mutating func interval() -> BillingInterval {
            BillingInterval(pick(BillingInterval.Unit.allCases), count: pick([1, 1, 1, 2, 3, 6, 12])) ?? .month
        }

        private mutating func item(_ interval: BillingInterval, _ currency: Currency) -> SubscriptionItem {
            var item = SubscriptionItem(
                planName: maybe(90) { $0.pick(["Pro", "Team", "Seat"]) },
                unitAmount: maybe(96) { $0.amount() },
                currency: chance(98) ? currency : nil, interval: chance(98) ? interval : nil,
                quantity: Int64(chance(95) ? number(0...40) : -1),
                discounts: (0..<(chance(20) ? number(1...2) : 0)).map { _ in discount(.item) })
            item.productID = maybe(80) { $0.pick(["prod_a", "prod_b"]) }
            item.isMetered = chance(3)
            if chance(15) {
                let last: Int64? = chance(90) ? nil : 30
                item.tiering = Tiering(
                    pick(Tiering.Mode.allCases),
                    [5, 12, last].map { end in
                        Tiering.Tier(
                            upTo: end, unitAmount: maybe(90) { $0.amount() }, flatAmount: maybe(40) { $0.amount() })
                    })
            }
            if chance(10) {
                item.transformQuantity = TransformQuantity(
                    divideBy: Int64(number(1...9)), round: pick(TransformQuantity.Rounding.allCases))
            }
            if chance(15) {
                item.inclusiveTax = InclusiveTax(
                    rate: maybe(80) { Fraction(Int128($0.pick([7, 19, 20, 21])), over: 100) ?? .zero })
            }
            return item
        }

        private mutating func amount() -> Fraction {
            let cents = Fraction(Int64(chance(5) ? -number(0...5000) : number(0...100_000)))
            return chance(10) ? cents.multiplied(by: 1, over: 10) ?? cents : cents
        }

        private mutating func discount(_ scope: Discount.Scope) -> Discount {
            let reduction: Discount.Reduction =
                chance(60)
                ? .percent(
                    chance(80)
                        ? Fraction(Int64(number(0...100))) : Fraction(Int128(number(-50...300)), over: 2) ?? .zero)
                : .amount(Money(minorUnits: Int64(number(0...60_000)), currency: pick([.usd, .usd, .eur])))
            return Discount(
                maybe(80) { $0.pick(["SAVE", "LOYAL"]) }, reduction, pick(Discount.Duration.allCases),
                start: maybe(60) { $0.moment() }, end: maybe(30) { $0.moment() }, scope: scope,
                products: chance(25) ? [pick(["prod_a", "prod_b"])] : [])
        }

        mutating func payment(_ place: Int) -> Payment {
            let currency = pick([Currency.usd, .usd, .eur])
            func money(_ range: ClosedRange<Int>) -> Money {
                Money(minorUnits: Int64(number(range)), currency: currency)
            }
            return Payment(
                id: maybe(90) { _ in stripe("ch_\(place)") }, amount: chance(95) ? money(-2000...90_000) : nil,
                paidAt: maybe(90) { $0.moment() }, succeeded: maybe(95) { $0.chance(80) },
                refunded: chance(85) ? money(0...9000) : nil, lostInDispute: chance(10) ? money(0...9000) : nil)
        }
    }
}
