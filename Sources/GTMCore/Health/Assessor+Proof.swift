extension Assessor {
    /// One number of a customer with everything that it was made from, by the same lines that assess the customer.
    ///
    /// - Parameters:
    ///   - metric: The number.
    ///   - file: The customer's records.
    ///   - context: The moment, the rates, and how far each source was read.
    public func proof(of metric: ExplainedMetric, _ file: CustomerFile, _ context: ResolutionContext) -> Proof {
        var expiry = Expiry(asOf: context.asOf)
        var evidence = ActivityEvidence<ProofTracer>()
        let customer = resolver.resolve(file, context)
        func money(_ metric: RevenueMetric) -> Proof {
            revenue.proof(
                of: metric, customer.billing, asOf: context.asOf, reportedIn: context.reportingCurrency,
                rates: context.rates)
        }
        switch metric {
        case .mrr: return money(.mrr)
        case .ltv: return money(.ltv)
        case .ltvNet: return money(.ltvNet)
        case .quality, .health, .risk: break
        }
        let paid = revenue.revenue(
            of: customer.billing, asOf: context.asOf, reportedIn: context.reportingCurrency, rates: context.rates)
        let activity = activity.activity(of: customer, file, context, &expiry, &evidence)
        if metric == .quality {
            return quality.proof(of: customer, paid, activity, context) { factor in
                switch factor {
                case .paymentHistory: money(.ltv)
                case .csat: evidence.proof(of: .csat, activity.csat)
                case .conversationHistory: Self.firstConversation(of: file)
                default: nil
                }
            }
        }
        let facts = HealthFacts(customer: customer, activity: activity, revenue: paid, file: file, context: context)
        var inputs = HealthInputs(customer, activity, paid, in: context.reportingCurrency)
        inputs.host = hostMeasures.map { .init($0.measure, $0.reading(facts)) }
        let shown: (HealthMeasure) -> Proof? = { measure in
            switch measure {
            case .mrr: Self.major(money(.mrrReporting), inputs.mrr, context.reportingCurrency)
            case .paymentStanding: Self.standings(of: customer)
            case .isDelinquent: Self.overdue(customer, inputs.isDelinquent)
            case .lastPaymentFailed: Self.lastPayment(of: customer)
            default:
                hostMeasures.first { $0.measure == measure }?.evidence(facts)
                    ?? evidence.proof(of: measure, inputs[measure])
            }
        }
        return metric == .risk
            ? health.churnRiskProof(of: inputs, evidence: shown) : health.proof(of: inputs, evidence: shown)
    }

    /// MRR in major units, as health weighs it.
    private static func major(_ minor: Proof, _ value: Reading<Fraction>, _ currency: Currency) -> Proof {
        let value = ProofValue(value)
        guard let exact = value.exact, var parts = .some([minor]), minor.value.exact != nil else {
            return Proof("mrr", value, .open, parts: [minor])
        }
        // Health weighs the exact amount; where the figure shown is rounded, the rounding is taken back.
        if let shown = minor.value.exact, let whole = exact.multiplied(by: currency.minorUnitsPerUnit),
            let change = whole.subtracting(shown), change != .zero
        {
            parts.append(.asked("not rounded", .amount(change, currency)))
        }
        let sum =
            parts.count == 1
            ? minor
            : Proof(
                "mrr_exact", .amount(exact.multiplied(by: currency.minorUnitsPerUnit) ?? exact, currency), .sum,
                parts: parts)
        return Proof("mrr", value, .majorUnits, parts: [sum])
    }

    private static func firstConversation(of file: CustomerFile) -> Proof? {
        let first = file.activity.first {
            $0.record.state.isLive && $0.record.fact.conversation?.involvesCustomer == true
        }
        return first.map { version in
            let began = version.record.fact.conversation?.createdAt
            return .told(
                "conversation", began.map { .moment($0) } ?? .unknown(.notReported), by: version, "created_at")
        }
    }

    private static func standings(of customer: UnifiedCustomer) -> Proof? {
        var told: [Proof] = []
        for subscription in customer.billing.subscriptions.value ?? [] {
            guard let status = subscription.value.status else { continue }
            let name = subscription.value.id.map { "subscription \($0)" } ?? "subscription"
            told.append(
                .told(
                    name, .text(status.rawValue), by: subscription.version, "\(subscription.field)subscription_status"))
        }
        if told.isEmpty, let status = customer.subscriptionStatus.value {
            told.append(
                .told(
                    "subscription_status", .text(status.value.rawValue), by: status.version,
                    "billing.subscription_status"))
        }
        return told.isEmpty ? nil : Proof("statuses", .number(told.count), .count, parts: told)
    }

    private static func overdue(_ customer: UnifiedCustomer, _ value: Reading<Bool>) -> Proof? {
        var told: [Proof] = []
        if let flag = customer.isDelinquent.value {
            told.append(.told("is_delinquent", .flag(flag.value), by: flag.version, "billing.is_delinquent"))
        }
        for subscription in customer.billing.subscriptions.value ?? [] {
            guard let status = subscription.value.status, status == .pastDue || status == .unpaid else { continue }
            told.append(
                .told(
                    "status \(status.rawValue)", .flag(true), by: subscription.version,
                    "\(subscription.field)subscription_status"))
        }
        guard !told.isEmpty else { return nil }
        let flag: ProofValue =
            switch value {
            case .known(let flag): .flag(flag)
            case .unknown(let reason): .unknown(reason)
            }
        return Proof("is_delinquent", flag, .any, parts: told)
    }

    private static func lastPayment(of customer: UnifiedCustomer) -> Proof? {
        var last: (payment: Payment, version: RecordVersion)?
        for list in customer.billing.payments.value ?? [] {
            for payment in list.payments where payment.succeeded != nil {
                guard let at = payment.paidAt, last.map({ ($0.payment.paidAt ?? at) < at }) ?? true else { continue }
                last = (payment, list.version)
            }
        }
        return last.map { last in
            .told("last payment arrived", .flag(last.payment.succeeded == true), by: last.version, "payments")
        }
    }
}
