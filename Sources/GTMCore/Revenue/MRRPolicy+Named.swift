extension MRRPolicy {
    /// Active subscriptions alone, less the discounts that recur: the default.
    public static let activeOnly = MRRPolicy(name: "active-only", version: 2, counted: [.active])

    /// As Stripe Billing counts: overdue subscriptions too, what comes to nothing is no subscriber.
    public static let stripe = {
        var policy = MRRPolicy(name: "stripe", version: 1, counted: [.active, .pastDue])
        policy.countsFree = false
        policy.unconfirmed = [.pauses, .customerDiscounts, .weeks, .days]
        return policy
    }()

    /// As ChartMogul counts: every discount comes off, and a paused subscription keeps its MRR.
    public static let chartMogul = {
        var policy = MRRPolicy(name: "chartmogul", version: 1, counted: [.active, .pastDue])
        policy.countedPauses = Set(PauseCollection.Behavior.allCases)
        policy.discounts = .all
        policy.unconfirmed = [.customerDiscounts, .inclusiveTax, .weeks, .days]
        return policy
    }()

    /// As ProfitWell Metrics counts: every discount comes off, and a paused subscription has no MRR.
    public static let profitWell = {
        var policy = MRRPolicy(name: "profitwell", version: 1, counted: [.active, .pastDue])
        policy.countedPauses = []
        policy.discounts = .all
        policy.countsFree = false
        policy.unconfirmed = [.customerDiscounts, .weeks, .days, .free]
        return policy
    }()

    /// As Baremetrics counts: every discount comes off, and what is overdue counts for 30 days.
    public static let baremetrics = {
        var policy = MRRPolicy(name: "baremetrics", version: 1, counted: [.active, .pastDue])
        policy.pastDueLimitDays = 30
        policy.discounts = .all
        policy.countsFree = false
        policy.unconfirmed = [.trials, .pauses, .churn, .customerDiscounts, .inclusiveTax, .weeks, .days]
        return policy
    }()

    /// The policies that have a name here, the default first.
    public static let all: [MRRPolicy] = [.activeOnly, .stripe, .chartMogul, .profitWell, .baremetrics]

    /// The policy of a name, such as `active-only`; `nil` where there is none.
    public static func named(_ name: String) -> MRRPolicy? { all.first { $0.name == name } }
}
