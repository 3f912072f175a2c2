import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Revenue once more, the long way round: decimal numbers with 38 digits, unit by unit, invoice by invoice.
struct RevenueOracle {
    let policy: MRRPolicy
    let now: Date

    /// One line's worth on its invoices.
    private struct Worth {
        var item: SubscriptionItem
        var amount: Decimal
        var perYear: Decimal
    }

    /// Amounts by currency; `nil` where nothing but the unknown is there.
    func mrr(_ subscriptions: [Subscription]) -> [Currency: Decimal]? {
        var sums: [Currency: Decimal] = [:]
        var (known, unknown) = (0, 0)
        for subscription in subscriptions {
            guard let counts = counts(subscription) else {
                unknown += 1
                continue
            }
            guard counts else {
                for item in subscription.items { if let currency = item.currency { sums[currency, default: 0] += 0 } }
                continue
            }
            if subscription.items.isEmpty { unknown += 1 }
            var worths: [Worth] = []
            for item in subscription.items {
                if let worth = worth(item, subscription) { worths.append(worth) } else { unknown += 1 }
            }
            known += worths.count
            for discount in subscription.discounts where runs(discount, subscription) { take(discount, from: &worths) }
            for worth in worths {
                guard let currency = worth.item.currency else { continue }
                sums[currency, default: 0] += untaxed(worth) * worth.perYear / 12
            }
        }
        return known == 0 && unknown > 0 ? nil : sums
    }

    /// `nil` where it is not known.
    private func counts(_ subscription: Subscription) -> Bool? {
        if let status = subscription.status, !policy.counted.contains(status) { return false }
        if let start = subscription.startedAt, start > now { return false }
        if let end = subscription.endedAt, end <= now { return false }
        if let end = subscription.cancelAt, end <= now { return false }
        if subscription.cancelAt == nil, subscription.cancelsAtPeriodEnd, let end = subscription.currentPeriod?.end,
            end <= now
        {
            return false
        }
        guard let status = subscription.status else { return nil }
        let leaves = subscription.cancelsAtPeriodEnd || subscription.cancelAt != nil
        if policy.churn == .atRequest, leaves, (subscription.canceledAt ?? .distantPast) <= now { return false }
        var isPaused: Bool? = false
        if let pause = subscription.pause, (pause.resumesAt ?? .distantFuture) > now {
            if let behavior = pause.behavior {
                isPaused = !policy.countedPauses.contains(behavior)
            } else {
                isPaused = policy.countedPauses.isEmpty ? true : policy.countedPauses.count == 3 ? false : nil
            }
        }
        if isPaused == true { return false }
        if status == .pastDue, let limit = policy.pastDueLimitDays {
            guard let since = subscription.pastDueSince ?? subscription.currentPeriod?.start else { return nil }
            if now.timeIntervalSince(since) > Double(limit * 86_400) { return false }
        }
        return isPaused.map { !$0 }
    }

    private func runs(_ discount: Discount, _ subscription: Subscription) -> Bool {
        let rank: [Discount.Duration: Int] = [.forever: 1, .repeating: 2, .once: 3]
        let reach: [MRRPolicy.DiscountRule: Int] = [.none: 0, .foreverOnly: 1, .recurring: 2, .all: 3]
        guard (rank[discount.duration] ?? 9) <= (reach[policy.discounts] ?? 0) else { return false }
        if discount.scope == .customer && !policy.customerDiscounts { return false }
        guard (discount.start ?? .distantPast) <= now, now < (discount.end ?? .distantFuture) else { return false }
        guard discount.duration == .once else { return true }
        if let start = discount.start, let first = subscription.currentPeriod?.start, start < first { return false }
        return now < (subscription.currentPeriod?.end ?? .distantFuture)
    }

    private func worth(_ item: SubscriptionItem, _ subscription: Subscription) -> Worth? {
        guard item.currency != nil, let interval = item.interval, !item.isMetered, item.quantity >= 0 else {
            return nil
        }
        var units = item.quantity
        if let package = item.transformQuantity {
            let exact = Double(units) / Double(package.divideBy)
            units = Int64(package.round == .up ? exact.rounded(.up) : exact.rounded(.down))
        }
        let amount: Decimal
        if let tiering = item.tiering {
            guard let stepped = stepped(tiering, units) else { return nil }
            amount = stepped
        } else {
            guard let unit = item.unitAmount else { return nil }
            amount = decimal(unit) * Decimal(units)
        }
        let perYear: [BillingInterval.Unit: Decimal] = [
            .day: Decimal(policy.daysPerYear), .week: Decimal(policy.weeksPerYear), .month: 12, .year: 1,
        ]
        var worths = [
            Worth(item: item, amount: amount, perYear: (perYear[interval.unit] ?? 0) / Decimal(interval.count))
        ]
        for discount in item.discounts where runs(discount, subscription) { take(discount, from: &worths) }
        return worths.first
    }

    /// Unit by unit.
    private func stepped(_ tiering: Tiering, _ units: Int64) -> Decimal? {
        var sum = Decimal(0)
        var reached = -1
        for unit in 0..<units {
            guard let place = tiering.tiers.firstIndex(where: { ($0.upTo ?? .max) > unit }) else { return nil }
            if tiering.mode == .graduated {
                for step in (reached + 1)..<(max(reached, place) + 1) { sum += decimal(tiering.tiers[step].flatAmount) }
                sum += decimal(tiering.tiers[place].unitAmount)
            }
            reached = max(reached, place)
        }
        if tiering.mode == .volume, reached >= 0 {
            sum =
                decimal(tiering.tiers[reached].unitAmount) * Decimal(units) + decimal(tiering.tiers[reached].flatAmount)
        }
        return sum
    }

    private func take(_ discount: Discount, from worths: inout [Worth]) {
        let mine = worths.indices.filter { place in
            worths[place].amount > 0
                && (discount.products.isEmpty || discount.products.contains(worths[place].item.productID ?? ""))
        }
        switch discount.reduction {
        case .percent(let percent):
            let share = min(max(decimal(percent), 0), 100)
            for place in mine { worths[place].amount -= worths[place].amount * share / 100 }
        case .amount(let money):
            let invoices = Dictionary(grouping: mine) { place in
                "\(worths[place].item.currency?.code ?? "") \(worths[place].perYear)"
            }
            for lines in invoices.values where worths[lines[0]].item.currency == money.currency {
                let whole = lines.reduce(Decimal(0)) { $0 + worths[$1].amount }
                let off = min(Decimal(money.minorUnits), whole)
                for place in lines { worths[place].amount -= off * worths[place].amount / whole }
            }
        }
    }

    private func untaxed(_ worth: Worth) -> Decimal {
        guard policy.inclusiveTax == .removed, let rate = worth.item.inclusiveTax?.rate else { return worth.amount }
        return worth.amount / (1 + decimal(rate))
    }

    private func decimal(_ fraction: Fraction?) -> Decimal {
        guard let fraction else { return 0 }
        return (Decimal(string: "\(fraction.numerator)") ?? 0) / (Decimal(string: "\(fraction.denominator)") ?? 1)
    }
}
