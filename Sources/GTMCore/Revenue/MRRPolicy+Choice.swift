extension MRRPolicy {
    /// One thing on which policies differ. The order is that in which ``MRRReconciliation`` goes from one policy to the
    /// other, so that each gets the part of the difference that is its own.
    public enum Choice: String, Sendable, Hashable, CaseIterable {
        /// Which statuses count, besides trials and overdue ones.
        case statuses
        /// Whether trials count.
        case trials
        /// Whether overdue subscriptions count, and for how many days.
        case pastDue = "past_due"
        /// Which paused subscriptions count.
        case pauses
        /// When a cancellation takes the MRR away.
        case churn
        /// Which discounts come off.
        case discounts
        /// Whether the customer's discounts come off.
        case customerDiscounts = "customer_discounts"
        /// What becomes of a tax that a price contains.
        case inclusiveTax = "inclusive_tax"
        /// How a weekly price becomes a monthly one.
        case weeks
        /// How a daily price becomes a monthly one.
        case days
        /// Whether what comes to nothing is among the subscriptions that count; it moves no amount.
        case free
    }

    /// Whether both policies choose the same here.
    public func agrees(with other: MRRPolicy, on choice: Choice) -> Bool {
        var same = self
        same.take(choice, from: other)
        return same == self
    }

    /// Takes one choice over from another policy.
    mutating func take(_ choice: Choice, from other: MRRPolicy) {
        switch choice {
        case .statuses:
            let own: Set<SubscriptionStatus> = [.trialing, .pastDue]
            let next = counted.intersection(own).union(other.counted.subtracting(own))
            if next != counted { counted = next }
        case .trials: takeStatus(.trialing, from: other)
        case .pastDue:
            takeStatus(.pastDue, from: other)
            pastDueLimitDays = other.pastDueLimitDays
        case .pauses: countedPauses = other.countedPauses
        case .churn: churn = other.churn
        case .discounts: discounts = other.discounts
        case .customerDiscounts: customerDiscounts = other.customerDiscounts
        case .inclusiveTax: inclusiveTax = other.inclusiveTax
        case .weeks: weeksPerYear = other.weeksPerYear
        case .days: daysPerYear = other.daysPerYear
        case .free: countsFree = other.countsFree
        }
    }

    private mutating func takeStatus(_ status: SubscriptionStatus, from other: MRRPolicy) {
        if other.counted.contains(status) { counted.insert(status) } else { counted.remove(status) }
    }
}
