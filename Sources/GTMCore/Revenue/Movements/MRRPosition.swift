/// What one customer's recurring revenue was at one moment, as known at one moment.
struct MRRPosition: Sendable, Hashable {
    /// One plan's part of it, in one currency.
    struct Line: Sendable, Hashable {
        var plan: String?
        var currency: Currency
        var amount: Grains
    }

    /// The customer.
    var key: CustomerKey
    /// The records that are the customer: by them a customer is known again after a change of address.
    var records: [RecordID]
    /// The subscriptions that count: by them revenue is known again that another customer is billed for now.
    var subscriptions: [ExternalID] = []
    /// Who looks after the customer.
    var manager: String?
    /// The sources that tell what is paid.
    var tellers: [SourceID] = []
    /// Whether anything at all is said of what is paid, be it that the amount is unknown.
    var hasBilling = false
    /// What is paid; `nil` where that is unknown.
    var lines: [Line]?

    /// Whether anything is paid.
    var pays: Bool { lines?.contains { $0.amount.count > 0 } ?? false }
}

extension MRRPosition {
    /// What a resolved customer pays.
    ///
    /// - Parameters:
    ///   - customer: The customer.
    ///   - absorbed: Records that were merged into the customer's.
    ///   - calculator: What counts.
    ///   - context: The moment.
    init(
        _ customer: UnifiedCustomer, absorbed: [RecordID], _ calculator: RevenueCalculator, _ context: ResolutionContext
    ) {
        key = customer.key
        records = customer.members.map(\.record) + absorbed
        manager = customer.assignedAM.value?.value
        guard !customer.isEnded else {
            lines = []
            return
        }
        hasBilling = customer.billing.subscriptions.isKnown || customer.billing.companySpend.isKnown
        guard
            case .known(let mrr) = calculator.revenue(
                of: customer.billing, asOf: context.asOf, reportedIn: context.reportingCurrency
            ).mrr
        else { return }
        let told = customer.billing.subscriptions.value ?? []
        subscriptions = told.compactMap(\.value.id)
        for source in told.map(\.origin.source) where !tellers.contains(source) { tellers.append(source) }
        if let company = customer.billing.companySpend.value { tellers.append(company.origin.source) }
        var lines: [Line] = []
        var isOnGrid = true
        func add(_ totals: CurrencyTotals, _ plan: String?) {
            for entry in totals.entries where entry.amount != .zero {
                guard let amount = Grains(entry.amount) else {
                    isOnGrid = false
                    continue
                }
                lines.append(Line(plan: plan, currency: entry.currency, amount: amount))
            }
        }
        if told.count > 1 {
            for subscription in told {
                var alone = customer.billing
                alone.subscriptions = .known([subscription])
                guard
                    case .known(let own) = calculator.revenue(
                        of: alone, asOf: context.asOf, reportedIn: context.reportingCurrency
                    ).mrr
                else { continue }
                add(own, subscription.value.items.lazy.compactMap(\.planName).first)
            }
        } else {
            add(mrr, told.first?.value.items.lazy.compactMap(\.planName).first ?? customer.planName.value?.value)
        }
        self.lines = isOnGrid ? lines : nil
    }
}
