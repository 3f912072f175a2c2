import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a customer's document holds besides the assessment.
struct DocumentContext: Sendable, Hashable {
    /// The currency in which customers are compared.
    var reportingCurrency: Currency
    /// When each source was last read to its end.
    var lastSync: [SourceID: Date]
    /// When the source last changed records, of customers that have several of one source.
    var changes: [RecordID: Date] = [:]
}

/// One customer as JSON, by the names that are used outside. What is unknown is `null`, and `unknown` says why.
struct CustomerDocument: Sendable {
    private(set) var object = JSONObject()
    private var unknown = JSONObject()

    init(_ assessment: Assessment, _ context: DocumentContext) {
        addPerson(assessment, context)
        addRevenue(assessment, context)
        addActivity(assessment)
        addHealth(assessment.health)
        addRest(assessment, context)
        object["unknown"] = .object(unknown)
        object["records"] = .array(assessment.customer.members.map { .string($0.record.description) })
        object["as_of"] = .string(Timestamp.format(assessment.asOf))
    }

    /// The document on one line, with the line's end.
    var line: String { JSONWriter.text(.object(object)) + "\n" }

    // MARK: Parts

    private mutating func addPerson(_ assessment: Assessment, _ context: DocumentContext) {
        let customer = assessment.customer
        put("email", Reading(customer.key.email?.normalized, otherwise: .notReported)) { .string($0) }
        put("name", customer.name)
        put("company", customer.company)
        put("location_country", customer.locationCountry)
        put("location_city", customer.locationCity)
        put("signup_date", customer.signupDate)
        let contact = Reading(newestContact(of: customer, context), otherwise: .notReported)
        put("intercom_contact_id", contact) { .string($0) }
        let billing = customer.billingCustomerID.value.flatMap { $0.value.system == "stripe" ? $0.value.id : nil }
        put("stripe_customer_id", Reading(billing, otherwise: customer.billingCustomerID.reason ?? .notReported)) {
            .string($0)
        }
        object["external_ids"] = .array(customer.externalIDs.map { .string($0.description) })
    }

    private mutating func addRevenue(_ assessment: Assessment, _ context: DocumentContext) {
        let customer = assessment.customer
        let revenue = assessment.revenue
        put("mrr", revenue.mrr, Self.totals)
        put("arr", revenue.arr, Self.totals)
        put("ltv", revenue.ltv, Self.totals)
        put("ltv_net", revenue.ltvNet, Self.totals)
        let reporting = revenue.mrrReporting.map { minor in
            minor.rounded.map { Money(minorUnits: $0, currency: context.reportingCurrency) }
        }
        put("mrr_reporting", reporting) { $0.map { .decimal($0.decimal) } ?? .null }
        object["mrr_reporting_currency"] = .string(context.reportingCurrency.code)
        object["mrr_reporting_rate_date"] = revenue.rateDate.map { .string(Timestamp.format($0)) } ?? .null
        object["mrr_unknown_items"] = .integer(Int64(revenue.unknownItems))
        object["mrr_taxed_items"] = .integer(Int64(revenue.taxedItems))
        put("plan_name", customer.planName)
        put("plan_price", customer.planPrice.map(\.value)) { .decimal($0.decimal) }
        object["plan_price_currency"] = Self.code(customer.planPrice)
        put("plan_tier", revenue.planTier, Self.tier)
        put("subscription_status", Self.status(of: customer)) { .string($0.rawValue) }
        put("subscription_count", revenue.subscriptionCount) { .integer(Int64($0)) }
        put("is_delinquent", customer.isDelinquent.map(\.value)) { .bool($0) }
        put("last_payment_amount", customer.lastPaymentAmount.map(\.value)) { .decimal($0.decimal) }
        object["last_payment_currency"] = Self.code(customer.lastPaymentAmount)
        put("last_payment_date", customer.lastPaymentDate)
    }

    private mutating func addActivity(_ assessment: Assessment) {
        let activity = assessment.activity
        put("last_seen_at", assessment.customer.lastSeenAt)
        put("days_since_seen", activity.daysSinceSeen) { .integer(Int64($0)) }
        put("intercom_convos_total", activity.conversationsTotal) { .integer(Int64($0)) }
        put("intercom_convos_30d", activity.conversations30d) { .integer(Int64($0)) }
        put("open_tickets", activity.openTickets) { .integer(Int64($0)) }
        put("open_critical_tickets", activity.openCriticalTickets) { .integer(Int64($0)) }
        put("mentioned_cancel", activity.mentionedCancel) { .bool($0) }
        put("cancel_mentions", activity.cancelMentions, Self.mentions)
        put("mentioned_competitor", activity.mentionedCompetitor) { .bool($0) }
        put("competitor_mentions", activity.competitorMentions, Self.mentions)
        put("tone", activity.tone) { Self.number($0, decimals: 3) }
        put("csat_score", activity.csat) { Self.number($0, decimals: 2) }
    }

    private mutating func addHealth(_ health: HealthScore) {
        put("health_score", health.score, Self.points)
        object["health_score_low"] = Self.points(health.low)
        object["health_score_high"] = Self.points(health.high)
        object["health_status"] = .string(health.status.rawValue)
        object["health_profile"] = .string("\(health.profile) v\(health.profileVersion)")
        object["health_coverage"] = .integer(Int64(health.coverage))
        var (components, factors) = (JSONObject(), JSONObject())
        for component in health.components {
            let points = component.points.value.map(Self.points) ?? .null
            factors.members.append(.init(key: component.name, value: points))
            components.members.append(
                .init(
                    key: component.name, value: ["weight": .integer(Int64(component.weight)), "points": points]))
        }
        object["health_components"] = .object(components)
        object["health_factors"] = .object(factors)
        let signals = health.signals
        object["risk_signals"] = .array(signals.map { .string($0.kind.rawValue) })
        object["signals"] = .array(signals.map(Self.signal))
        object["capped_by"] = health.cappedBy.map { .string($0.rawValue) } ?? .null
        put("churn_risk", health.churnRisk, Self.points)
        object["churn_risk_calibrated"] = .bool(health.isCalibrated)
    }

    private mutating func addRest(_ assessment: Assessment, _ context: DocumentContext) {
        let customer = assessment.customer
        object["data_quality_score"] = Self.points(assessment.quality.score)
        put("completeness", assessment.quality.completeness, Self.points)
        object["match_confidence"] = .double(assessment.quality.matchConfidence.rawValue)
        put("assigned_am", customer.assignedAM)
        put("lifecycle_stage", customer.lifecycleStage)
        object["is_shared_mailbox"] = .bool(customer.isSharedMailbox)
        object["billed_through"] = .array(customer.billing.billedThrough.map { .string($0.description) })
        let confidence = customer.members.map(\.confidence).min()
        object["match_confidence"] = confidence.map { .double($0.rawValue) } ?? .null
        for vendor in Set(context.lastSync.keys.map(\.vendor)).union(["intercom"]).sorted() {
            let own = customer.members.map(\.record.source).filter { $0.vendor == vendor }
            let last = own.compactMap { context.lastSync[$0] }.max()
            let reason: UnknownReason = own.isEmpty ? .notReported : .notYetObserved
            put("last_\(vendor)_sync", Reading(last, otherwise: reason)) { .string(Timestamp.format($0)) }
        }
    }

    private static func signal(_ signal: RiskSignal) -> JSONValue {
        [
            "kind": .string(signal.kind.rawValue), "severity": .string(signal.severity.rawValue),
            "since": signal.since.map { .string(Timestamp.format($0)) } ?? .null,
            "points": .integer(Int64(-signal.penalty)), "recommendation": .string(signal.recommendation),
        ]
    }

    // MARK: Values

    private mutating func put<Value>(_ name: String, _ reading: Reading<Value>, _ make: (Value) -> JSONValue) {
        switch reading {
        case .known(let value): object.members.append(.init(key: name, value: make(value)))
        case .unknown(let reason):
            object.members.append(.init(key: name, value: .null))
            unknown.members.append(.init(key: name, value: .string(reason.description)))
        }
    }

    private mutating func put(_ name: String, _ field: Field<String>) { put(name, field.map(\.value)) { .string($0) } }

    private mutating func put(_ name: String, _ field: Field<Date>) {
        put(name, field.map(\.value)) { .string(Timestamp.format($0)) }
    }

    private func newestContact(of customer: UnifiedCustomer, _ context: DocumentContext) -> String? {
        let contacts = customer.members.map(\.record).filter {
            $0.source.vendor == "intercom" && $0.stream == "contacts"
        }
        func change(_ id: RecordID) -> Date { context.changes[id] ?? .distantPast }
        return contacts.max { change($0) != change($1) ? change($0) < change($1) : $1 < $0 }?.id
    }

    /// Where the subscription stands: the source's own word, else what its list of subscriptions says.
    static func status(of customer: UnifiedCustomer) -> Reading<SubscriptionStatus> {
        if case .known(let status) = customer.subscriptionStatus { return .known(status.value) }
        let listed = customer.billing.subscriptions.value?.compactMap(\.value.status) ?? []
        return Reading(
            listed.contains(.active) ? .active : listed.first,
            otherwise: customer.subscriptionStatus.reason ?? .notReported)
    }

    private static func mentions(_ mentions: [CustomerMention]) -> JSONValue {
        .array(
            mentions.map { mention in
                [
                    "said_at": .string(Timestamp.format(mention.saidAt)), "sentence": .string(mention.sentence),
                    "record": .string(mention.record.description),
                ]
            })
    }

    private static func code(_ field: Field<Money>) -> JSONValue {
        field.value.map { .string($0.value.currency.code) } ?? .null
    }

    /// Amounts by currency, in major units with exactly the currency's decimals.
    static func totals(_ totals: CurrencyTotals) -> JSONValue {
        .object(
            JSONObject(members: totals.rounded.map { .init(key: $0.currency.code, value: .decimal($0.decimal)) }))
    }

    /// The plan that brings most: its price for one interval, and what it brings a month.
    private static func tier(_ tier: PlanTier) -> JSONValue {
        func amount(_ exact: Fraction?) -> JSONValue {
            exact?.rounded.map { .decimal(Money(minorUnits: $0, currency: tier.currency).decimal) } ?? .null
        }
        return [
            "name": tier.name.map { .string($0) } ?? .null, "price": amount(tier.price),
            "interval": .string(tier.interval.unit.rawValue), "interval_count": .integer(Int64(tier.interval.count)),
            "mrr": amount(tier.mrr), "currency": .string(tier.currency.code),
        ]
    }

    /// Thousandths of a point as points, without zeros at the end.
    static func points(_ thousandths: Int) -> JSONValue { .decimal(pointsText(thousandths)) }

    /// A fraction rounded to a number of decimals, without zeros at the end.
    static func number(_ fraction: Fraction, decimals: Int) -> JSONValue {
        let scale = (0..<decimals).reduce(Int64(1)) { power, _ in power * 10 }
        guard let scaled = fraction.multiplied(by: scale)?.rounded, decimals <= 3 else { return .null }
        return points(Int(scaled) * (1000 / Int(scale)))
    }
}

/// Thousandths as a decimal number without zeros at its end: `72.5`, `100`.
func pointsText(_ thousandths: Int) -> String {
    let (whole, rest) = thousandths.quotientAndRemainder(dividingBy: 1000)
    guard rest != 0 else { return String(whole) }
    var digits = String(1000 + abs(rest)).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return "\(thousandths < 0 && whole == 0 ? "-" : "")\(whole).\(digits)"
}
