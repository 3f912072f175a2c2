/// What health is computed from, each part known or not. Any profile can be applied to it.
public struct HealthInputs: Sendable, Hashable {
    /// Whole days since the customer was last seen.
    public var daysSinceSeen: Reading<Int>
    /// The mean rating, 1...5.
    public var csat: Reading<Fraction>
    /// The tone of the customer's own messages, -1...1.
    public var tone: Reading<Fraction>
    /// Where the customer's subscriptions stand.
    public var subscriptionStatuses: Reading<SubscriptionStatuses>
    /// Sessions or log-ins of the last 30 days.
    public var sessions30d: Reading<Int>
    /// Whole months since sign-up.
    public var tenureMonths: Reading<Int>
    /// MRR in the reporting currency, in major units.
    public var mrr: Reading<Fraction>
    /// Conversations of the last 30 days.
    public var conversations30d: Reading<Int>
    /// Conversations not closed.
    public var openTickets: Reading<Int>
    /// Pressing conversations not closed.
    public var openCriticalTickets: Reading<Int>
    /// People of the customer who were in touch in the last 90 days.
    public var peopleInTouch90d: Reading<Int>
    /// Meetings and calls held in the last 90 days.
    public var meetings90d: Reading<Int>
    /// Whether the customer spoke of cancelling lately.
    public var mentionedCancel: Reading<Bool>
    /// Whether payment is overdue: the billing system's flag, or a subscription past due or unpaid.
    public var isDelinquent: Reading<Bool>
    /// Whether the last attempt to collect a payment failed.
    public var lastPaymentFailed: Reading<Bool>
    /// What the host's own measures say, each measure once. One that is not listed is not connected.
    public var host: [HostReading]
    /// Since when what the signals speak of has been so.
    public var since: RiskSignalDates

    /// What a host's own measure says of a customer.
    public struct HostReading: Sendable, Hashable {
        /// The measure.
        public var measure: HealthMeasure
        /// What it says.
        public var reading: Reading<Fraction>

        /// Creates a reading.
        public init(_ measure: HealthMeasure, _ reading: Reading<Fraction>) {
            self.measure = measure
            self.reading = reading
        }
    }

    /// Creates inputs of which nothing is known.
    ///
    /// - Parameter reason: Why.
    public init(unknown reason: UnknownReason = .notReported) {
        daysSinceSeen = .unknown(reason)
        csat = .unknown(reason)
        tone = .unknown(reason)
        subscriptionStatuses = .unknown(reason)
        sessions30d = .unknown(reason)
        tenureMonths = .unknown(reason)
        mrr = .unknown(reason)
        conversations30d = .unknown(reason)
        openTickets = .unknown(reason)
        openCriticalTickets = .unknown(reason)
        peopleInTouch90d = .unknown(reason)
        meetings90d = .unknown(reason)
        mentionedCancel = .unknown(reason)
        isDelinquent = .unknown(reason)
        lastPaymentFailed = .unknown(reason)
        host = []
        since = RiskSignalDates()
    }

    /// What a measure comes to. The standing of payments has no number of its own: a profile gives it points.
    public subscript(_ measure: HealthMeasure) -> Reading<Fraction> {
        func whole(_ reading: Reading<Int>) -> Reading<Fraction> { reading.map { Fraction(Int64($0)) } }
        func flag(_ reading: Reading<Bool>) -> Reading<Fraction> { reading.map { $0 ? Fraction(1) : .zero } }
        switch measure {
        case .daysSinceSeen: return whole(daysSinceSeen)
        case .csat: return csat
        case .tone: return tone
        case .sessions30d: return whole(sessions30d)
        case .tenureMonths: return whole(tenureMonths)
        case .mrr: return mrr
        case .conversations30d: return whole(conversations30d)
        case .openTickets: return whole(openTickets)
        case .openCriticalTickets: return whole(openCriticalTickets)
        case .peopleInTouch90d: return whole(peopleInTouch90d)
        case .meetings90d: return whole(meetings90d)
        case .mentionedCancel: return flag(mentionedCancel)
        case .isDelinquent: return flag(isDelinquent)
        case .lastPaymentFailed: return flag(lastPaymentFailed)
        case .paymentStanding: return .unknown(.undefined)
        default: return host.first { $0.measure == measure }?.reading ?? .unknown(.notConnected)
        }
    }
}

/// Where some subscriptions stand, each status once: the one that gives the most points counts.
public struct SubscriptionStatuses: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Creates the set of statuses.
    public init(_ statuses: some Sequence<SubscriptionStatus>) {
        rawValue = statuses.reduce(0) { $0 | 1 << $1.healthBit }
    }

    /// Creates the set of one status.
    public init(_ status: SubscriptionStatus) { rawValue = 1 << status.healthBit }

    /// Some subscription is active.
    public static let active = Self(SubscriptionStatus.active)
    /// Some subscription is on trial.
    public static let trialing = Self(SubscriptionStatus.trialing)
    /// Some subscription rests.
    public static let paused = Self(SubscriptionStatus.paused)
    /// Some subscription's first payment has not succeeded yet.
    public static let incomplete = Self(SubscriptionStatus.incomplete)
    /// Some subscription's invoices are no longer tried to be collected.
    public static let unpaid = Self(SubscriptionStatus.unpaid)
    /// Some subscription has ended.
    public static let canceled = Self(SubscriptionStatus.canceled)
    /// Some subscription's last invoice could not be collected so far.
    public static let pastDue = Self(SubscriptionStatus.pastDue)
    /// Some subscription's first payment did not succeed in time.
    public static let incompleteExpired = Self(SubscriptionStatus.incompleteExpired)

    /// The statuses, in the order of their declaration.
    public var statuses: [SubscriptionStatus] {
        SubscriptionStatus.allCases.filter { rawValue & 1 << $0.healthBit != 0 }
    }
}

extension SubscriptionStatus {
    /// The status's bit in ``SubscriptionStatuses``, which files keep.
    var healthBit: UInt8 {
        switch self {
        case .active: 0
        case .trialing: 1
        case .paused: 2
        case .incomplete: 3
        case .unpaid: 4
        case .canceled: 5
        case .pastDue: 6
        case .incompleteExpired: 7
        }
    }
}
