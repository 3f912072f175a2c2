import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension GTMEngine {
    /// Customers as of a past moment: what was known then and held then counts. The whole list is assessed anew.
    ///
    /// - Parameters:
    ///   - query: Filters, order and limit; the place after a page is not looked at, and the page returned names none.
    ///   - moment: The moment.
    ///   - actor: Who asks.
    func customers(_ query: CustomerQuery, asOf moment: Date, by actor: StoreActor) async throws -> CustomerPage {
        let context = try await context(asOf: moment)
        let assessor = Assessor(policy: configuration.policy, profile: configuration.profile)
        var found: [Assessment] = []
        var scan = CustomerScan(at: TimePoint(knownAt: moment, validAt: moment), limit: 500)
        while true {
            try Task.checkCancellation()
            let files = try await store.files(scan, by: actor)
            for file in files {
                let assessment = assessor.assess(file, context)
                if query.includes(assessment) { found.append(assessment) }
            }
            guard let last = files.last?.key, files.count == scan.limit else { break }
            scan.after = last
        }
        found.sort { query.lists($0, before: $1) }
        return CustomerPage(customers: Array(found.prefix(max(1, query.limit))), next: nil, total: found.count)
    }

    /// One customer by any key, a record's too, as of a moment.
    ///
    /// - Parameters:
    ///   - key: A key that the customer has or had.
    ///   - moment: The past moment; `nil` for now.
    ///   - now: The present.
    ///   - actor: Who asks.
    /// - Returns: `nil` where there was no such customer.
    func customer(
        _ key: CustomerKey, asOf moment: Date?, now: Date, by actor: StoreActor
    ) async throws -> Assessment? {
        if let email = key.email { return try await customer(email, asOf: moment, by: actor) }
        let point = TimePoint(knownAt: moment, validAt: moment)
        guard let file = try await store.customer(key, at: point, by: actor) else { return nil }
        let assessor = Assessor(policy: configuration.policy, profile: configuration.profile)
        return assessor.assess(file, try await context(asOf: moment ?? now))
    }
}

extension CustomerQuery {
    /// Whether a customer is wanted, by the rules of the store's lists.
    fileprivate func includes(_ assessment: Assessment) -> Bool {
        if assessment.customer.isEnded, !includesEnded { return false }
        if let status, assessment.health.status != status { return false }
        if atRiskOnly, !assessment.health.isAtRisk { return false }
        if let minimumMRR {
            guard let mrr = assessment.revenue.mrrReporting.value, mrr >= Fraction(minimumMRR) else { return false }
        }
        guard let accountManager else { return true }
        return assessment.customer.assignedAM.value?.value.lowercased() == accountManager.lowercased()
    }

    /// Whether one customer stands before another, by the rules of the store's lists: what is unknown stands last.
    fileprivate func lists(_ left: Assessment, before right: Assessment) -> Bool {
        if order == .risk {
            let (one, other) = (left.health.churnRisk.value ?? -1, right.health.churnRisk.value ?? -1)
            if one != other { return one > other }
        }
        if order != .key {
            switch (left.revenue.mrrReporting.value, right.revenue.mrrReporting.value) {
            case (let one?, let other?) where one != other: return one > other
            case (_?, nil): return true
            case (nil, _?): return false
            default: break
            }
        }
        return left.key < right.key
    }
}
