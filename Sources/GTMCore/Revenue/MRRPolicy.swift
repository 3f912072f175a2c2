/// What counts as monthly recurring revenue. There is no one right answer; a figure is kept with its policy.
///
/// Every choice is a property, and a policy of one's own is a value of its own. The numbers of the named ones are those of
/// `directives/revenue.md`.
public struct MRRPolicy: Sendable, Hashable {
    /// Which discounts come off.
    public enum DiscountRule: String, Sendable, Hashable, CaseIterable {
        /// None: MRR at list prices.
        case none
        /// Those without an end.
        case foreverOnly = "forever_only"
        /// Those without an end, and those that run for some months, while they run.
        case recurring
        /// Those too that come off one invoice, for the period of that invoice.
        case all
    }

    /// When a cancellation takes the MRR away.
    public enum ChurnMoment: String, Sendable, Hashable, CaseIterable {
        /// When the subscription ends.
        case atPeriodEnd = "at_period_end"
        /// When somebody asks for it.
        case atRequest = "at_request"
    }

    /// What becomes of a tax that a price contains.
    public enum TaxRule: String, Sendable, Hashable, CaseIterable {
        /// It is taken out, where its rate is known; where it is not it stays in and the line is counted as such.
        case removed
        /// It stays in.
        case kept
    }

    /// The policy's name, shown with every figure.
    public var name: String
    /// Its version.
    public var version: Int
    /// Statuses whose subscriptions count.
    public var counted: Set<SubscriptionStatus> { didSet { countedBits = Self.bits(counted) } }
    /// Days for which an overdue subscription counts, where ``counted`` has such; `nil` for as long as it is overdue.
    public var pastDueLimitDays: Int?
    /// What may become of the invoices of a paused subscription so that it still counts.
    public var countedPauses: Set<PauseCollection.Behavior>
    /// Which discounts come off.
    public var discounts: DiscountRule
    /// Whether discounts that hang on the customer come off too.
    public var customerDiscounts: Bool
    /// When a cancellation takes the MRR away.
    public var churn: ChurnMoment
    /// What becomes of a tax that a price contains.
    public var inclusiveTax: TaxRule
    /// Whether a subscription that comes to nothing is among the subscriptions that count.
    public var countsFree: Bool
    /// Weeks in a year, for weekly prices: 52 by convention, though it is a day or two short. At least 1.
    public var weeksPerYear: Int64
    /// Days in a year, for daily prices. At least 1.
    public var daysPerYear: Int64
    /// Choices that the vendor of this policy documents nowhere; ``stripe``'s stand in for them.
    public var unconfirmed: [Choice] = []
    /// ``counted`` in a form that is asked in no time.
    private var countedBits: UInt16

    /// Creates a policy; what is not said is as in ``activeOnly``.
    ///
    /// - Parameters:
    ///   - name: The policy's name.
    ///   - version: Its version.
    ///   - counted: Statuses whose subscriptions count.
    ///   - weeksPerYear: Weeks in a year, at least 1.
    ///   - daysPerYear: Days in a year, at least 1.
    public init(
        name: String, version: Int, counted: Set<SubscriptionStatus>, weeksPerYear: Int64 = 52, daysPerYear: Int64 = 365
    ) {
        self.name = name
        self.version = version
        self.counted = counted
        countedBits = Self.bits(counted)
        countedPauses = [.keepAsDraft]
        discounts = .recurring
        customerDiscounts = true
        churn = .atPeriodEnd
        inclusiveTax = .removed
        countsFree = true
        self.weeksPerYear = weeksPerYear
        self.daysPerYear = daysPerYear
    }

    /// Whether subscriptions of this status count.
    public func counts(_ status: SubscriptionStatus) -> Bool { countedBits & status.bit != 0 }

    private static func bits(_ statuses: Set<SubscriptionStatus>) -> UInt16 {
        statuses.reduce(0) { $0 | $1.bit }
    }

    /// Months' worth of a price in one unit of its interval: 1 for a month, 1/12 for a year, 52/12 for a week.
    func monthsFactor(_ unit: BillingInterval.Unit) -> (above: Int64, below: Int64) {
        switch unit {
        case .month: (1, 1)
        case .year: (1, 12)
        case .week: (weeksPerYear, 12)
        case .day: (daysPerYear, 12)
        }
    }

    /// The value of one interval's price for one month; `nil` where it does not fit.
    public func monthly(_ price: Fraction, every interval: BillingInterval) -> Fraction? {
        let (above, below) = monthsFactor(interval.unit)
        let (over, overflows) = Int64(interval.count).multipliedReportingOverflow(by: below)
        return overflows ? nil : price.multiplied(by: above, over: over)
    }

    /// As it stands beside figures: `policy active-only v2`.
    var label: String { "policy \(name) v\(version)" }
}

extension SubscriptionStatus {
    fileprivate var bit: UInt16 {
        switch self {
        case .active: 1
        case .trialing: 2
        case .pastDue: 4
        case .paused: 8
        case .incomplete: 16
        case .unpaid: 32
        case .canceled: 64
        case .incompleteExpired: 128
        }
    }
}
