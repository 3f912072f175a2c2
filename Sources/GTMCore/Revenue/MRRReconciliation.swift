#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Why two policies come to different MRR: every subscription that differs, and how much each choice explains.
///
/// It goes from one policy to the other one choice at a time, in the order of ``MRRPolicy/Choice``. What a step changes is
/// what the choice explains, so that the reasons of a subscription add up to its difference exactly, and those of all
/// subscriptions to the difference of the totals.
public struct MRRReconciliation: Sendable, Hashable {
    /// What one choice explains.
    public struct Reason: Sendable, Hashable {
        /// The choice in which the policies differ.
        public var choice: MRRPolicy.Choice
        /// By how much it moves the MRR, in exact minor units.
        public var amount: Fraction
    }

    /// One subscription that differs in one currency.
    public struct Line: Sendable, Hashable {
        /// The customer.
        public var customer: CustomerKey
        /// The billing system's key of the subscription; `nil` where it is not told.
        public var subscription: ExternalID?
        /// Its place among the customer's subscriptions, from 0 on.
        public var place: Int
        /// The currency.
        public var currency: Currency
        /// The MRR under the first policy, in exact minor units.
        public var before: Fraction
        /// The MRR under the second one.
        public var after: Fraction
        /// What explains the difference, in the order of the choices; they add up to it.
        public var reasons: [Reason]
    }

    /// One currency's totals.
    public struct Total: Sendable, Hashable {
        /// The currency.
        public var currency: Currency
        /// The MRR of all customers under the first policy, in exact minor units.
        public var before: Fraction
        /// The MRR of all customers under the second one.
        public var after: Fraction
        /// What explains the difference, in the order of the choices; they add up to it.
        public var reasons: [Reason]
    }

    /// A subscription whose MRR is unknown under one policy alone, so that no difference can be told.
    public struct Unknown: Sendable, Hashable {
        /// The customer.
        public var customer: CustomerKey
        /// The billing system's key of the subscription; `nil` where it is not told.
        public var subscription: ExternalID?
        /// Lines that are unknown under the first policy.
        public var before: Int
        /// Lines that are unknown under the second one.
        public var after: Int
    }

    /// The first policy.
    public let first: MRRPolicy
    /// The second one.
    public let second: MRRPolicy
    /// The moment.
    public let asOf: Date
    /// Customers who were looked at; those who have ended are not.
    public private(set) var customers = 0
    /// Every subscription that differs, in the order in which customers were added.
    public private(set) var lines: [Line] = []
    /// Subscriptions whose MRR is unknown under one of the policies and counts or is nothing under the other.
    public private(set) var unknown: [Unknown] = []
    /// Customers whose amounts no sum can hold; they are in no total.
    public private(set) var outOfRange: [CustomerKey] = []
    private var before = CurrencyTotals()
    private var after = CurrencyTotals()
    /// The policies on the way, each with the choice that was taken over last.
    private let path: [Step]

    private struct Step: Sendable, Hashable {
        var choice: MRRPolicy.Choice
        var policy: MRRPolicy
    }

    /// Begins a comparison of nobody.
    ///
    /// - Parameters:
    ///   - first: The policy that it starts from.
    ///   - second: The policy that it leads to.
    ///   - moment: The moment for which both hold.
    public init(from first: MRRPolicy, to second: MRRPolicy, asOf moment: Date) {
        self.first = first
        self.second = second
        asOf = moment
        var policy = first
        path = MRRPolicy.Choice.allCases.compactMap { choice in
            guard !policy.agrees(with: second, on: choice) else { return nil }
            policy.take(choice, from: second)
            return Step(choice: choice, policy: policy)
        }
    }

    /// Compares the policies over customers.
    ///
    /// - Parameters:
    ///   - customers: The customers; those who have ended are left out.
    ///   - first: The policy that it starts from.
    ///   - second: The policy that it leads to.
    ///   - moment: The moment for which both hold.
    public init(
        of customers: some Sequence<UnifiedCustomer>, from first: MRRPolicy, to second: MRRPolicy, asOf moment: Date
    ) {
        self.init(from: first, to: second, asOf: moment)
        for customer in customers { add(customer) }
    }

    /// The totals, one a currency, in order of the currencies' codes.
    public var totals: [Total] {
        let currencies = Set((before.entries + after.entries).map(\.currency)).sorted()
        return currencies.map { currency in
            let own = lines.filter { $0.currency == currency }
            let reasons = MRRPolicy.Choice.allCases.compactMap { choice -> Reason? in
                let amounts = own.flatMap(\.reasons).filter { $0.choice == choice }.map(\.amount)
                guard !amounts.isEmpty else { return nil }
                return Reason(choice: choice, amount: amounts.reduce(.zero) { $0.addingCoarsely($1) ?? $0 })
            }
            return Total(
                currency: currency, before: before[currency] ?? .zero, after: after[currency] ?? .zero, reasons: reasons
            )
        }
    }
}

extension MRRReconciliation {
    /// What a subscription comes to under one policy.
    private struct Amounts {
        var totals: CurrencyTotals
        var unknown: Int
        var isOutOfRange: Bool
    }

    /// Compares the policies over one more customer; one who has ended is left out.
    public mutating func add(_ customer: UnifiedCustomer) {
        guard !customer.isEnded else { return }
        customers += 1
        guard case .known(let subscriptions) = customer.billing.subscriptions else {
            if case .known(let spend) = customer.billing.companySpend {
                let amount = Fraction(spend.value.minorUnits)
                add(before: [(spend.value.currency, amount)], after: [(spend.value.currency, amount)], customer.key)
            }
            return
        }
        var found: [Line] = []
        var (old, new): ([(Currency, Fraction)], [(Currency, Fraction)]) = ([], [])
        for (place, subscription) in subscriptions.enumerated() {
            let steps = [amounts(subscription, first)] + path.map { amounts(subscription, $0.policy) }
            guard let start = steps.first, let end = steps.last, !steps.contains(where: \.isOutOfRange) else {
                outOfRange.append(customer.key)
                return
            }
            if start.unknown != end.unknown {
                unknown.append(
                    Unknown(
                        customer: customer.key, subscription: subscription.value.id, before: start.unknown,
                        after: end.unknown))
            }
            old += start.totals.entries.map { ($0.currency, $0.amount) }
            new += end.totals.entries.map { ($0.currency, $0.amount) }
            for currency in Set(steps.flatMap { $0.totals.entries.map(\.currency) }).sorted() {
                let amounts = steps.map { $0.totals[currency] ?? .zero }
                guard let reasons = reasons(amounts) else {
                    outOfRange.append(customer.key)
                    return
                }
                guard !reasons.isEmpty else { continue }
                found.append(
                    Line(
                        customer: customer.key, subscription: subscription.value.id, place: place, currency: currency,
                        before: amounts[0], after: amounts[amounts.count - 1], reasons: reasons))
            }
        }
        if add(before: old, after: new, customer.key) { lines += found }
    }

    /// What each choice explains; those that explain nothing are left out.
    private func reasons(_ amounts: [Fraction]) -> [Reason]? {
        var reasons: [Reason] = []
        for (number, step) in path.enumerated() {
            guard let change = amounts[number + 1].subtracting(amounts[number]) else { return nil }
            if change != .zero { reasons.append(Reason(choice: step.choice, amount: change)) }
        }
        return reasons
    }

    private func amounts(_ subscription: Sourced<Subscription>, _ policy: MRRPolicy) -> Amounts {
        var tally = RevenueTally(Untraced(), asOf: Expiry(asOf: asOf))
        policy.add(subscription, 0, to: &tally) { MainRank(isComparable: true, currency: $1, amount: $0) }
        return Amounts(
            totals: tally.totals, unknown: tally.unknown, isOutOfRange: tally.isOutOfRange || !tally.totals.fits)
    }

    /// Adds to the totals; whether that fits. Where it does not nothing is added, and the customer is told of.
    @discardableResult
    private mutating func add(
        before old: [(Currency, Fraction)], after new: [(Currency, Fraction)], _ key: CustomerKey
    ) -> Bool {
        var (left, right) = (before, after)
        let fits = old.allSatisfy { left.add($0.1, $0.0) } && new.allSatisfy { right.add($0.1, $0.0) }
        guard fits, left.fits, right.fits else {
            outOfRange.append(key)
            return false
        }
        (before, after) = (left, right)
        return true
    }
}
