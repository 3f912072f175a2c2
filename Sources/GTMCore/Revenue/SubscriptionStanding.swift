#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Whether a subscription counts under a policy, and why it does not.
enum SubscriptionStanding: Sendable, Hashable {
    case counts
    case not(Cause)
    /// What decides is not told.
    case unknown(Cause)

    /// What decided.
    enum Cause: String, Sendable, Hashable {
        case status = "its status is not counted"
        case notStarted = "it has not begun"
        case ended = "it has ended"
        case cancelled = "its cancellation was asked for"
        case overdue = "it is overdue for too long"
        case paused = "its collection is paused"
    }
}

extension MRRPolicy {
    /// Whether a subscription counts at a moment.
    ///
    /// - Parameters:
    ///   - subscription: The subscription.
    ///   - expiry: The moment, and takes down when the answer may change.
    func standing(of subscription: Subscription, _ expiry: inout Expiry) -> SubscriptionStanding {
        if let status = subscription.status, !counts(status) { return .not(.status) }
        let now = expiry.asOf
        if let start = subscription.startedAt, start > now {
            expiry.note(start)
            return .not(.notStarted)
        }
        if let end = subscription.endedAt {
            guard end > now else { return .not(.ended) }
            expiry.note(end)
        }
        if let end = end(of: subscription) {
            guard end > now else { return .not(.ended) }
            expiry.note(end)
        }
        guard let status = subscription.status else { return .unknown(.status) }
        if churn == .atRequest, subscription.cancelsAtPeriodEnd || subscription.cancelAt != nil {
            guard let asked = subscription.canceledAt, asked > now else { return .not(.cancelled) }
            expiry.note(asked)
        }
        let paused = standing(of: subscription.pause, &expiry)
        if case .not = paused { return paused }
        if status == .pastDue, let days = pastDueLimitDays {
            // Where it is not told since when, the running period's invoice is the one that is overdue.
            guard let since = subscription.pastDueSince ?? subscription.currentPeriod?.start else {
                return .unknown(.overdue)
            }
            let limit = since.addingTimeInterval(Double(days) * 86_400)
            guard now <= limit else { return .not(.overdue) }
            expiry.note(limit.addingTimeInterval(1))
        }
        return paused
    }

    private func standing(of pause: PauseCollection?, _ expiry: inout Expiry) -> SubscriptionStanding {
        guard let pause else { return .counts }
        if let end = pause.resumesAt {
            if end <= expiry.asOf { return .counts }
            expiry.note(end)
        }
        guard let behavior = pause.behavior else {
            return switch countedPauses.count {
            case 0: .not(.paused)
            case PauseCollection.Behavior.allCases.count: .counts
            default: .unknown(.paused)
            }
        }
        return countedPauses.contains(behavior) ? .counts : .not(.paused)
    }

    /// When a subscription is to end, as far as it tells.
    private func end(of subscription: Subscription) -> Date? {
        subscription.cancelAt ?? (subscription.cancelsAtPeriodEnd ? subscription.currentPeriod?.end : nil)
    }

    /// Whether a discount comes off at a moment.
    ///
    /// - Parameters:
    ///   - discount: The discount.
    ///   - period: The running period of the subscription that it hangs on.
    ///   - expiry: The moment, and takes down when the answer may change.
    func takesOff(_ discount: Discount, _ period: Subscription.Period?, _ expiry: inout Expiry) -> Bool {
        if discount.scope == .customer, !customerDiscounts { return false }
        switch (discounts, discount.duration) {
        case (.none, _), (.foreverOnly, .once), (.foreverOnly, .repeating), (.recurring, .once): return false
        default: break
        }
        let now = expiry.asOf
        if let start = discount.start, start > now {
            expiry.note(start)
            return false
        }
        if let end = discount.end {
            guard end > now else { return false }
            expiry.note(end)
        }
        guard discount.duration == .once, let period else { return true }
        // It comes off one invoice, which is that of the period in which it began.
        if let first = period.start, let start = discount.start, start < first { return false }
        if let end = period.end {
            guard end > now else { return false }
            expiry.note(end)
        }
        return true
    }
}
