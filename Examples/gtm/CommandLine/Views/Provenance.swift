import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where everything about one customer comes from: each field's record and rivals, subscriptions, factors, members.
struct Provenance: Sendable, Hashable {
    /// One field's origin.
    struct Origin: Sendable, Hashable {
        /// The field's name outside.
        var name: String
        /// The value that counts.
        var value: JSONValue
        /// The record that tells it.
        var record: RecordID
        /// When that was learnt.
        var recordedAt: Date
        /// What other records say.
        var rivals: [Rival]
    }

    /// Another record's word, which does not count.
    struct Rival: Sendable, Hashable {
        var value: JSONValue
        var record: RecordID
    }

    /// The key that was asked for.
    let askedFor: CustomerKey
    /// The customer.
    let assessment: Assessment
    /// What is odd about it.
    let anomalies: [Anomaly]
    /// The fields that a source tells, in the order of the document.
    private(set) var origins: [Origin] = []

    init(_ assessment: Assessment, _ anomalies: [Anomaly] = [], askedFor key: CustomerKey) {
        self.anomalies = anomalies
        askedFor = key
        self.assessment = assessment
        let customer = assessment.customer
        add("name", customer.name) { .string($0) }
        add("company", customer.company) { .string($0) }
        add("location_country", customer.locationCountry) { .string($0) }
        add("location_city", customer.locationCity) { .string($0) }
        add("signup_date", customer.signupDate) { .string(Timestamp.format($0)) }
        add("stripe_customer_id", customer.billingCustomerID) { .string($0.system == "stripe" ? $0.id : "\($0)") }
        add("plan_name", customer.planName) { .string($0) }
        add("plan_price", customer.planPrice) { .decimal($0.decimal) }
        add("subscription_status", customer.subscriptionStatus) { .string($0.rawValue) }
        add("is_delinquent", customer.isDelinquent) { .bool($0) }
        add("last_payment_amount", customer.lastPaymentAmount) { .decimal($0.decimal) }
        add("last_payment_date", customer.lastPaymentDate) { .string(Timestamp.format($0)) }
        add("last_seen_at", customer.lastSeenAt) { .string(Timestamp.format($0)) }
        add("assigned_am", customer.assignedAM) { .string($0) }
        add("lifecycle_stage", customer.lifecycleStage) { .string($0) }
    }

    private mutating func add<Value>(_ name: String, _ field: Field<Value>, _ make: (Value) -> JSONValue) {
        guard case .known(let sourced) = field else { return }
        origins.append(
            Origin(
                name: name, value: make(sourced.value), record: sourced.origin, recordedAt: sourced.version.recordedAt,
                rivals: sourced.rivals.map { Rival(value: make($0.value), record: $0.origin) }))
    }

    // MARK: Keys

    /// Whether the key that was asked for is another one than the customer's own.
    var isFormerKey: Bool { askedFor != assessment.key && !isMerged && !isMember }
    /// Whether a merge rule puts the key under the customer's own.
    private var isMerged: Bool { assessment.customer.aliases.contains(askedFor) }
    private var isMember: Bool { assessment.customer.members.contains { CustomerKey.record($0.record) == askedFor } }

    /// What is to be said of the key that was asked for, without another address; `nil` where it is the customer's own.
    var keyNote: String? {
        guard askedFor != assessment.key else { return nil }
        let asked = quoted(askedFor.description)
        if isMerged { return "\(asked) was merged into this customer by a rule; see: gtm rules" }
        if isMember { return "\(asked) is a record of this customer" }
        return "\(asked) is a former \(askedFor.email == nil ? "record" : "address") of this customer"
    }

    // MARK: JSON

    /// The customer's document with all of this at its end.
    func added(to document: JSONObject) -> JSONObject {
        var object = document
        object["asked_for"] = .string(askedFor.description)
        object["is_former_address"] = .bool(isFormerKey)
        object["aliases"] = .array(assessment.customer.aliases.map { .string($0.description) })
        var sources = JSONObject()
        for origin in origins {
            let rivals: [JSONValue] = origin.rivals.map {
                ["value": $0.value, "record": .string($0.record.description)]
            }
            sources.members.append(
                .init(
                    key: origin.name,
                    value: [
                        "record": .string(origin.record.description),
                        "recorded_at": .string(Timestamp.format(origin.recordedAt)), "rivals": .array(rivals),
                    ]))
        }
        object["sources"] = .object(sources)
        object["subscriptions"] = subscriptions.map { .array($0.map(\.document)) } ?? .null
        object["health_signals"] = .array(
            assessment.health.signals.map {
                ["signal": .string($0.kind.rawValue), "penalty": .integer(Int64($0.penalty))]
            })
        object["quality_factors"] = .array(
            assessment.quality.factors.map {
                [
                    "factor": .string($0.factor.rawValue), "points": .integer(Int64($0.points)),
                    "met": .bool($0.isMet),
                ]
            })
        object["anomalies"] = .array(anomalies.map(AnomalyWords.document))
        object["members"] = .array(
            assessment.customer.members.map {
                ["record": .string($0.record.description), "confidence": .double($0.confidence.rawValue)]
            })
        return object
    }

    /// The subscriptions that count for the customer; `nil` where they are unknown.
    var subscriptions: [SubscriptionLine]? {
        assessment.customer.billing.subscriptions.value?.map { SubscriptionLine($0.value, record: $0.origin) }
    }
}

/// One subscription, with the record that tells of it.
struct SubscriptionLine: Sendable, Hashable {
    /// The subscription.
    let subscription: Subscription
    /// The record that tells of it.
    let record: RecordID

    init(_ subscription: Subscription, record: RecordID) {
        self.subscription = subscription
        self.record = record
    }

    /// The subscription as JSON; what is not told is `null`.
    var document: JSONValue {
        let end = subscription.currentPeriod?.end
        return [
            "id": subscription.id.map { .string($0.description) } ?? .null,
            "subscription_status": subscription.status.map { .string($0.rawValue) } ?? .null,
            "items": .array(subscription.items.map(Self.document)),
            "current_period_end": end.map { .string(Timestamp.format($0)) } ?? .null,
            "cancel_at_period_end": .bool(subscription.cancelsAtPeriodEnd), "record": .string(record.description),
        ]
    }

    private static func document(_ item: SubscriptionItem) -> JSONValue {
        [
            "plan_name": item.planName.map { .string($0) } ?? .null,
            "plan_price": price(item).map { .decimal($0) } ?? .null,
            "currency": item.currency.map { .string($0.code) } ?? .null,
            "interval": item.interval.map { .string($0.unit.rawValue) } ?? .null,
            "interval_count": item.interval.map { .integer(Int64($0.count)) } ?? .null,
            "quantity": .integer(item.quantity),
        ]
    }

    /// The subscription in one line: `Pro 299.00 USD a month × 2; past due, until 2026-12-16`.
    var text: String {
        let items = subscription.items.map { item in
            var text = item.planName ?? "a plan without a name"
            if let price = Self.price(item), let currency = item.currency {
                text += " \(grouped(price)) \(currency.code)"
            } else {
                text += " at a price that is not told"
            }
            if let interval = item.interval {
                text += interval.count == 1 ? " a \(interval.unit)" : " every \(interval.count) \(interval.unit)s"
            }
            return item.quantity == 1 ? text : "\(text) × \(grouped(Int(item.quantity)))"
        }
        var text = items.isEmpty ? "nothing that is told" : items.joined(separator: " + ")
        text += "; \(subscription.status?.rawValue.replacing("_", with: " ") ?? "status not told")"
        if let end = subscription.currentPeriod?.end {
            text += subscription.cancelsAtPeriodEnd ? ", ends " : ", until "
            text += String(Timestamp.format(end).prefix(10))
        }
        return text
    }

    /// The price of one unit in major units, with more decimals than the currency has where the price has them.
    static func price(_ item: SubscriptionItem) -> String? {
        guard let amount = item.unitAmount, let currency = item.currency else { return nil }
        var scale: Int64 = 1
        for further in 0...6 {
            if let scaled = amount.multiplied(by: scale), scaled.denominator == 1, let units = scaled.rounded {
                return decimal(units, decimals: currency.exponent + further)
            }
            scale *= 10
        }
        return amount.rounded.map { Money(minorUnits: $0, currency: currency).decimal }
    }

    private static func decimal(_ units: Int64, decimals: Int) -> String {
        guard decimals > 0 else { return String(units) }
        let digits = String(units.magnitude)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.utf8.count)) + digits
        return "\(units < 0 ? "-" : "")\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
    }
}
