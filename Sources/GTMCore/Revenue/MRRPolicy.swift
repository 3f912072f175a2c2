/// What counts as monthly recurring revenue. There is no one right answer; a figure is kept with its policy.
///
/// The numbers are those of `directives/master.md`.
public struct MRRPolicy: Sendable, Hashable {
    /// The policy's name, shown with every figure.
    public var name: String
    /// Its version.
    public var version: Int
    /// Statuses whose subscriptions count.
    public var counted: Set<SubscriptionStatus> { didSet { countedBits = Self.bits(counted) } }
    /// Weeks in a year, for weekly prices: 52 by convention, though it is a day or two short.
    public var weeksPerYear: Int64
    /// Days in a year, for daily prices.
    public var daysPerYear: Int64
    /// ``counted`` in a form that is asked in no time.
    private var countedBits: UInt16

    /// Creates a policy.
    public init(
        name: String, version: Int, counted: Set<SubscriptionStatus>, weeksPerYear: Int64 = 52, daysPerYear: Int64 = 365
    ) {
        self.name = name
        self.version = version
        self.counted = counted
        countedBits = Self.bits(counted)
        self.weeksPerYear = weeksPerYear
        self.daysPerYear = daysPerYear
    }

    /// Active subscriptions alone.
    public static let activeOnly = MRRPolicy(name: "active-only", version: 1, counted: [.active])

    /// Whether subscriptions of this status count.
    public func counts(_ status: SubscriptionStatus) -> Bool { countedBits & status.bit != 0 }

    private static func bits(_ statuses: Set<SubscriptionStatus>) -> UInt16 {
        statuses.reduce(0) { $0 | $1.bit }
    }

    /// The value of one interval's price for one month, as a factor; `nil` where it does not fit.
    public func monthly(_ price: Fraction, every interval: BillingInterval) -> Fraction? {
        let count = Int64(interval.count)
        let (yearly, over) = count.multipliedReportingOverflow(by: 12)
        guard !over else { return nil }
        return switch interval.unit {
        case .month: price.multiplied(by: 1, over: count)
        case .year: price.multiplied(by: 1, over: yearly)
        case .week: price.multiplied(by: weeksPerYear, over: yearly)
        case .day: price.multiplied(by: daysPerYear, over: yearly)
        }
    }
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
