#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension HealthInputs {
    /// Resolves what health is computed from.
    ///
    /// What the host measures itself is left out.
    ///
    /// - Parameters:
    ///   - customer: The customer.
    ///   - activity: What the customer did lately.
    ///   - revenue: Revenue.
    ///   - currency: The currency that revenue is reported in.
    init(_ customer: UnifiedCustomer, _ activity: CustomerActivity, _ revenue: Revenue, in currency: Currency) {
        self.init(unknown: .notReported)
        daysSinceSeen = activity.daysSinceSeen
        csat = activity.csat
        tone = activity.tone
        subscriptionStatuses = Self.statuses(of: customer)
        isDelinquent = Self.isDelinquent(customer)
        tenureMonths = activity.tenureMonths
        mrr = Self.majorUnits(revenue.mrrReporting, currency)
        conversations30d = activity.conversations30d
        openTickets = activity.openTickets
        openCriticalTickets = activity.openCriticalTickets
        mentionedCancel = activity.mentionedCancel
        // No source of product usage, meetings or calls is connected yet.
        sessions30d = .unknown(.notConnected)
        peopleInTouch90d = .unknown(.notConnected)
        meetings90d = .unknown(.notConnected)
        let trouble = PaymentTrouble(customer.billing.payments)
        lastPaymentFailed = trouble.lastFailed
        since[.paymentFailed] = trouble.since
        if case .known(true) = isDelinquent { since[.paymentDelinquent] = trouble.since }
        since[.cancelMentioned] = activity.cancelMentions.value?.last?.saidAt
        since[.inactive] = customer.lastSeenAt.value?.value
        since[.openCriticalTicket] = activity.openCriticalSince
    }

    /// The listed subscriptions' statuses, else the mirrored one.
    private static func statuses(of customer: UnifiedCustomer) -> Reading<SubscriptionStatuses> {
        var statuses: SubscriptionStatuses = []
        for subscription in customer.billing.subscriptions.value ?? [] {
            if let status = subscription.value.status { statuses.formUnion(SubscriptionStatuses(status)) }
        }
        if !statuses.isEmpty { return .known(statuses) }
        return Reading(
            customer.subscriptionStatus.value.map { SubscriptionStatuses($0.value) }, otherwise: .notReported)
    }

    private static func isDelinquent(_ customer: UnifiedCustomer) -> Reading<Bool> {
        let flag = customer.isDelinquent.value?.value
        let overdue = customer.billing.subscriptions.value?.contains {
            $0.value.status == .pastDue || $0.value.status == .unpaid
        }
        if flag == true || overdue == true { return .known(true) }
        return flag == nil && overdue == nil ? .unknown(.notReported) : .known(false)
    }

    private static func majorUnits(_ mrr: Reading<Fraction>, _ currency: Currency) -> Reading<Fraction> {
        guard case .known(let minor) = mrr else { return .unknown(mrr.reason ?? .notReported) }
        return Reading(minor.multiplied(by: 1, over: currency.minorUnitsPerUnit), otherwise: .outOfRange)
    }
}

/// Whether the last attempt to collect a payment failed, and since when attempts have.
private struct PaymentTrouble {
    var lastFailed: Reading<Bool>
    /// The first failure after the last success.
    var since: Date?

    init(_ lists: Reading<[PaymentList]>) {
        guard case .known(let lists) = lists else {
            lastFailed = .unknown(lists.reason ?? .notReported)
            return
        }
        var success: Date?
        var failure: Date?
        // By index: a payment that is only looked at is not copied.
        for list in lists {
            for place in list.payments.indices {
                guard let at = list.payments[place].paidAt, let succeeded = list.payments[place].succeeded else {
                    continue
                }
                if succeeded { success = max(success ?? at, at) } else { failure = max(failure ?? at, at) }
            }
        }
        guard success != nil || failure != nil else {
            lastFailed = .unknown(.notReported)
            return
        }
        // Of two attempts at the same moment the one that succeeded is taken for the later one.
        guard let failure, success.map({ $0 < failure }) ?? true else {
            lastFailed = .known(false)
            return
        }
        lastFailed = .known(true)
        for list in lists {
            for payment in list.payments where payment.succeeded == false {
                guard let at = payment.paidAt, success.map({ at > $0 }) ?? true else { continue }
                since = min(since ?? at, at)
            }
        }
    }
}
