/// Works out what a customer is billed for: each subscription and each payment once, wherever it is mirrored.
///
/// Where a billing system tells of the customer itself, its word alone counts. Otherwise the mirrors on contacts do: what
/// has an id counts by its id, as the most recently changed contact tells it; what has none counts on the most recently
/// changed contact of its billing account. What is billed to another customer is left to him.
struct BillingResolver {
    /// What a billing system itself tells.
    let direct: [RecordVersion]
    /// What counts for other customers.
    let billedElsewhere: [BillingClaim: CustomerKey]
    /// Contacts by the weight of their word, the most recently changed first.
    let ranking: Ranking
    let references: References

    func resolve() -> CustomerBilling {
        var through: Set<CustomerKey> = []
        let mirrors = mirrors
        let subscriptions = subscriptions(mirrors, &through)
        let payments = payments(mirrors, &through)
        let isBilled = !mirrors.isEmpty || !direct.isEmpty
        return CustomerBilling(
            subscriptions: subscriptions, payments: payments,
            companySpend: isBilled ? .unknown(.notReported) : companySpend(&through),
            currency: mirrors.lazy.compactMap { $0.shared.value.billing?.assumedCurrency }.first,
            billedThrough: through.isEmpty ? [] : through.sorted())
    }

    /// The contacts that mirror a billing account, the most recently changed first.
    private var mirrors: [Candidate] {
        guard let first = ranking.first else { return [] }
        var mirrors = first.shared.value.billing == nil ? [] : [first]
        for candidate in ranking.others where candidate.shared.value.billing != nil { mirrors.append(candidate) }
        return mirrors
    }

    private func subscriptions(
        _ mirrors: [Candidate], _ through: inout Set<CustomerKey>
    ) -> Reading<[Sourced<Subscription>]> {
        var found: [Sourced<Subscription>] = []
        for version in direct {
            guard case .subscription(let shared) = version.record.fact.kind, version.record.state.isLive,
                !isElsewhere(shared.value.id.map(BillingClaim.subscription), &through)
            else { continue }
            found.append(Sourced(shared.value, from: version))
        }
        if !found.isEmpty { return .known(found) }

        var told = false
        var elsewhere = false
        var unnamed: Set<ExternalID?> = []
        for entry in mirrors {
            guard let listed = entry.shared.value.billing?.allSubscriptions else { continue }
            told = true
            let account = entry.shared.value.billing?.customerID
            let isFirst = listed.contains { $0.id == nil } && unnamed.insert(account).inserted
            for subscription in listed {
                if let id = subscription.id {
                    if found.contains(where: { $0.value.id == id }) { continue }
                } else if !isFirst {
                    continue
                }
                let claim = subscription.id.map(BillingClaim.subscription) ?? account.map(BillingClaim.account)
                if isElsewhere(claim, &through) {
                    elsewhere = true
                } else {
                    found.append(Sourced(subscription, from: entry.version))
                }
            }
        }
        if found.isEmpty, elsewhere { return .unknown(.billedElsewhere) }
        return told ? .known(found) : .unknown(.notReported)
    }

    private func payments(_ mirrors: [Candidate], _ through: inout Set<CustomerKey>) -> Reading<[PaymentList]> {
        var found: [PaymentList] = []
        for version in direct {
            guard case .payment(let shared) = version.record.fact.kind, version.record.state.isLive,
                !isElsewhere(shared.value.id.map(BillingClaim.payment), &through)
            else { continue }
            found.append(PaymentList([shared.value], from: version))
        }
        if !found.isEmpty { return .known(found) }

        var told = false
        var elsewhere = false
        var ids: Set<ExternalID> = []
        var unnamed: Set<ExternalID?> = []
        for entry in mirrors {
            guard let listed = entry.shared.value.billing?.payments else { continue }
            told = true
            guard mirrors.count > 1 || !billedElsewhere.isEmpty else {
                return .known([PaymentList(listed, from: entry.version)])
            }
            let account = entry.shared.value.billing?.customerID
            let isFirst = listed.contains { $0.id == nil } && unnamed.insert(account).inserted
            let own = listed.filter { payment in
                if let id = payment.id {
                    if !ids.insert(id).inserted { return false }
                } else if !isFirst {
                    return false
                }
                let claim = payment.id.map(BillingClaim.payment) ?? account.map(BillingClaim.account)
                guard isElsewhere(claim, &through) else { return true }
                elsewhere = true
                return false
            }
            if !own.isEmpty { found.append(PaymentList(own, from: entry.version)) }
        }
        if found.isEmpty, elsewhere { return .unknown(.billedElsewhere) }
        return told ? .known(found) : .unknown(.notReported)
    }

    /// The monthly spend of the first company that has one and is not billed to a colleague.
    private func companySpend(_ through: inout Set<CustomerKey>) -> Field<Money> {
        guard !references.isEmpty, let first = ranking.first else { return .unknown(.notReported) }
        var elsewhere = false
        for candidate in CollectionOfOne(first) + ranking.others {
            for id in candidate.shared.value.companies {
                guard let version = references[id], let spend = version.record.fact.company?.monthlySpend,
                    spend.minorUnits > 0
                else { continue }
                guard isElsewhere(.company(id), &through) else { return .known(Sourced(spend, from: version)) }
                elsewhere = true
            }
        }
        return .unknown(elsewhere ? .billedElsewhere : .notReported)
    }

    private func isElsewhere(_ claim: BillingClaim?, _ through: inout Set<CustomerKey>) -> Bool {
        guard !billedElsewhere.isEmpty, let claim, let other = billedElsewhere[claim] else { return false }
        through.insert(other)
        return true
    }
}

extension BillingMirror {
    /// The listed subscriptions, or the one that the flat attributes describe; `nil` where neither tells anything.
    var allSubscriptions: [Subscription]? {
        if let subscriptions { return subscriptions }
        guard status != nil || planPrice != nil else { return nil }
        let item = SubscriptionItem(
            planName: planName, unitAmount: planPrice.map { Fraction($0.minorUnits) },
            currency: planPrice?.currency ?? assumedCurrency, interval: planInterval)
        return [Subscription(id: nil, status: status, items: [item])]
    }
}
