/// Scores data quality: the points of the factors that a customer has, of those whose source is connected.
///
/// The rules are those of `directives/data-quality.md`.
public struct QualityCalculator: Sendable {
    /// What each factor is worth.
    public var rules: QualityRules

    /// Creates a calculator.
    public init(rules: QualityRules = .standard) { self.rules = rules }

    /// Scores one customer's data.
    ///
    /// - Parameters:
    ///   - customer: The resolved customer.
    ///   - revenue: The customer's revenue.
    ///   - activity: What the customer did lately.
    ///   - context: The moment, and which sources are connected.
    public func quality(
        of customer: UnifiedCustomer, _ revenue: Revenue, _ activity: CustomerActivity, _ context: ResolutionContext
    ) -> DataQuality {
        var trace = Untraced()
        return quality(of: customer, revenue, activity, context, &trace) { _ in nil }
    }

    /// The proof of the score.
    ///
    /// - Parameters:
    ///   - customer: The resolved customer.
    ///   - revenue: The customer's revenue.
    ///   - activity: What the customer did lately.
    ///   - context: The moment, and which sources are connected.
    ///   - evidence: What a factor follows from, where that is known better than by the view alone; by default it is not.
    public func proof(
        of customer: UnifiedCustomer, _ revenue: Revenue, _ activity: CustomerActivity, _ context: ResolutionContext,
        evidence: (DataQuality.Factor) -> Proof? = { _ in nil }
    ) -> Proof {
        var trace = ProofTracer()
        _ = quality(of: customer, revenue, activity, context, &trace, evidence: evidence)
        return trace.proofs[0]
    }

    func quality<Trace: Tracer>(
        of customer: UnifiedCustomer, _ revenue: Revenue, _ activity: CustomerActivity, _ context: ResolutionContext,
        _ trace: inout Trace, evidence: (DataQuality.Factor) -> Proof?
    ) -> DataQuality {
        var quality = DataQuality(rules)
        var possible = 0
        var points = 0
        for factor in DataQuality.Factor.allCases where context.connected.contains(factor.domain) {
            possible += rules.points(factor)
            let isMet = has(factor, customer, revenue, activity)
            if isMet { points += rules.points(factor) }
            quality.ask(factor, isMet: isMet)
        }
        quality.score = possible > 0 ? points * 100_000 / possible : 0
        quality.matchConfidence = customer.members.reduce(.verified) { min($0, $1.confidence) }
        count(customer, revenue, context, in: &quality)
        if Trace.isOn { prove(quality, possible, customer, activity, &trace, evidence) }
        return quality
    }

    private func prove<Trace: Tracer>(
        _ quality: DataQuality, _ possible: Int, _ customer: UnifiedCustomer, _ activity: CustomerActivity,
        _ trace: inout Trace, _ evidence: (DataQuality.Factor) -> Proof?
    ) {
        let rule = rules.name
        trace.open()
        for asked in quality.factors {
            let (factor, isMet, points) = (asked.factor, asked.isMet, Fraction(Int64(asked.points)))
            trace.open()
            trace.open()
            if isMet { trace.add { evidence(factor) ?? self.evidence(of: factor, customer, activity) } }
            trace.close { Proof("has it", .number(isMet ? 1 : 0), .count, parts: $0) }
            trace.add { .ruled("points", .number(points), by: rule) }
            trace.add {
                .ruled("scale", .number(Fraction(100, over: Int128(max(1, possible))) ?? .zero), by: rule)
            }
            trace.close {
                let share = isMet ? points.multiplied(by: 100, over: Int64(max(1, possible))) : .zero
                return Proof(factor.rawValue, .points(share ?? .zero), .product, rule: rule, parts: $0)
            }
        }
        trace.add { Proof("cut to a thousandth", .points(.zero), .correction(.cut)) }
        trace.close { parts in
            let value = ProofValue.thousandths(quality.score)
            return Proof("data_quality_score", value, .sum, rule: rule, parts: Proof.settled(parts, at: value))
        }
    }

    /// What shows that a customer has a factor.
    private func evidence(
        of factor: DataQuality.Factor, _ customer: UnifiedCustomer, _ activity: CustomerActivity
    ) -> Proof {
        switch factor {
        case .billingID: proof("stripe_customer_id", customer.billingCustomerID) { .text($0.description) }
        case .activeSubscription:
            customer.billing.subscriptions.value?.first { $0.value.status == .active }
                .map {
                    .told("subscription_status", .text("active"), by: $0.version, "\($0.field)subscription_status")
                }
                ?? proof("subscription_status", customer.subscriptionStatus) { .text($0.rawValue) }
        case .recentActivity: proof("last_seen_at", customer.lastSeenAt) { .moment($0) }
        case .location:
            customer.locationCountry.value != nil
                ? proof("location_country", customer.locationCountry) { .text($0) }
                : proof("location_city", customer.locationCity) { .text($0) }
        case .paymentHistory: .asked("ltv above zero", .flag(true))
        case .conversationHistory: .asked("conversations", .number(activity.conversationsTotal.value ?? 0))
        case .csat: .asked("csat_score", activity.csat.value.map { .number($0) } ?? .unknown(.notReported))
        }
    }

    private func proof<Value>(_ name: String, _ field: Field<Value>, _ value: (Value) -> ProofValue) -> Proof {
        switch field {
        case .known(let sourced): .told(name, value(sourced.value), by: sourced.version, name)
        case .unknown(let reason): .asked(name, .unknown(reason))
        }
    }

    private func has(
        _ factor: DataQuality.Factor, _ customer: UnifiedCustomer, _ revenue: Revenue, _ activity: CustomerActivity
    ) -> Bool {
        switch factor {
        case .billingID: customer.billingCustomerID.isKnown
        case .activeSubscription: hasActiveSubscription(customer)
        case .paymentHistory: revenue.ltv.value?.entries.contains { $0.amount > .zero } ?? false
        case .recentActivity: activity.daysSinceSeen.value.map { $0 <= rules.recentActivityDays } ?? false
        case .location: customer.locationCountry.isKnown || customer.locationCity.isKnown
        case .conversationHistory: activity.conversationsTotal.value.map { $0 > 0 } ?? false
        case .csat: activity.csat.isKnown
        }
    }

    private func hasActiveSubscription(_ customer: UnifiedCustomer) -> Bool {
        customer.billing.subscriptions.value?.contains { $0.value.status == .active }
            ?? (customer.subscriptionStatus.value?.value == .active)
    }

    private func count(
        _ customer: UnifiedCustomer, _ revenue: Revenue, _ context: ResolutionContext, in quality: inout DataQuality
    ) {
        for field in DataQuality.ExpectedField.allCases where context.connected.contains(field.domain) {
            quality.expectedFields += 1
            if isKnown(field, customer, revenue) { quality.knownFields += 1 }
        }
    }

    /// The fields expected of the sources connected that are not known, in order.
    ///
    /// - Parameters:
    ///   - customer: The resolved customer.
    ///   - revenue: The customer's revenue.
    ///   - context: Which sources are connected.
    public func missingFields(
        of customer: UnifiedCustomer, _ revenue: Revenue, _ context: ResolutionContext
    ) -> [DataQuality.ExpectedField] {
        DataQuality.ExpectedField.allCases.filter {
            context.connected.contains($0.domain) && !isKnown($0, customer, revenue)
        }
    }

    private func isKnown(
        _ field: DataQuality.ExpectedField, _ customer: UnifiedCustomer, _ revenue: Revenue
    ) -> Bool {
        switch field {
        // A name that was made of the address is none that anybody told.
        case .name: customer.name.value.map { $0.value != customer.key.email?.localPart } ?? false
        case .company: customer.company.isKnown
        case .location: customer.locationCountry.isKnown || customer.locationCity.isKnown
        case .signupDate: customer.signupDate.isKnown
        case .assignedAM: customer.assignedAM.isKnown
        case .billingID: customer.billingCustomerID.isKnown
        case .planName: customer.planName.isKnown
        case .subscriptionStatus:
            customer.subscriptionStatus.isKnown || customer.billing.subscriptions.value?.isEmpty == false
        case .mrr: revenue.mrr.isKnown
        case .ltv: revenue.ltv.isKnown
        case .isDelinquent: customer.isDelinquent.isKnown
        case .lastSeenAt: customer.lastSeenAt.isKnown
        }
    }
}
