import GTMCore

/// What Stripe's app writes onto contacts.
extension IntercomShapes {
    /// The custom attributes of a person.
    func attributes(_ person: WorldPerson, _ company: WorldCompany, isLead: Bool) -> JSONObject {
        var attributes: JSONObject = [:]
        if !isLead { attributes["job_role"] = .string(["owner", "admin", "member"][Int(person.noise / 5 % 3)]) }
        guard person.showsBilling, !isLead, let account = company.billingID else { return attributes }
        let asText = person.quirks.contains(.amountsAsText)
        attributes["stripe_id"] = .string(account)
        if let subscription = company.subscriptions.first {
            attributes["stripe_plan"] = .string(subscription.planName)
            if !person.quirks.contains(.sparse) {
                attributes["stripe_plan_price"] = major(subscription.amount, subscription.currency, asText: asText)
            }
            attributes["stripe_plan_interval"] = .string(subscription.unit.rawValue)
            if subscription.count > 1 { attributes["stripe_plan_interval_count"] = .integer(Int64(subscription.count)) }
            attributes["stripe_subscription_status"] = .string(subscription.status.rawValue)
            attributes["stripe_subscription_period_start_at"] = .integer(subscription.periodStart)
        }
        attributes["stripe_delinquent"] = asText ? .string("\(company.isDelinquent)") : .bool(company.isDelinquent)
        attributes["stripe_account_balance"] = 0.0
        if let last = company.payments.last(where: { $0.status == .succeeded }) {
            attributes["stripe_last_charge_amount"] = major(last.amount, last.currency, asText: asText)
            attributes["stripe_last_charge_at"] = .integer(last.at)
        }
        attributes["stripe_card_brand"] = .string(
            ["Visa", "MasterCard", "American Express"][Int(person.noise / 13 % 3)])
        let form = billingForm.form(for: person.noise)
        attributes["Stripe Subscriptions"] = list(
            company.subscriptions.map { item($0, form) }, "Stripe Subscription", form)
        attributes["Stripe Payments"] = list(company.payments.map { item($0, form) }, "Stripe Payment", form)
        return attributes
    }

    private func major(_ amount: Int64, _ currency: Currency, asText: Bool) -> JSONValue {
        let money = Money(minorUnits: amount, currency: currency)
        return asText
            ? .string(money.decimal) : .double(Double(amount) / Double(currency.minorUnitsPerUnit))
    }

    private func item(_ subscription: WorldSubscription, _ form: SimulatedIntercom.BillingForm) -> JSONObject {
        let price: JSONObject = [
            "amount": .integer(subscription.amount), "currency": .string(subscription.currency.code.lowercased()),
            "interval": .string(subscription.unit.rawValue), "interval_count": .integer(Int64(subscription.count)),
        ]
        var item: JSONObject = ["id": .string(subscription.id), "status": .string(subscription.status.rawValue)]
        if form == .instances {
            item["plan_name"] = .string(subscription.planName)
            item.members += price.members
        } else {
            var plan = price
            plan["nickname"] = .string(subscription.planName)
            item["plan"] = .object(plan)
        }
        item["quantity"] = .integer(subscription.quantity)
        item["created"] = .integer(subscription.startedAt)
        item["current_period_start"] = .integer(subscription.periodStart)
        item["current_period_end"] = .integer(subscription.periodEnd)
        item["cancel_at_period_end"] = .bool(subscription.cancelsAtPeriodEnd)
        item["canceled_at"] = .optional(subscription.canceledAt)
        return item
    }

    private func item(_ payment: WorldPayment, _ form: SimulatedIntercom.BillingForm) -> JSONObject {
        [
            "id": .string(payment.id), "amount": .integer(payment.amount),
            "currency": .string(payment.currency.code.lowercased()), "created": .integer(payment.at),
            "status": .string(payment.status.rawValue),
        ]
    }

    private func list(_ items: [JSONObject], _ type: String, _ form: SimulatedIntercom.BillingForm) -> JSONValue {
        switch form {
        case .text: return .string(JSONWriter.text(.array(items.map { .object($0) })))
        case .instances:
            let instances = items.enumerated().map { place, item -> JSONValue in
                var attributes = item
                attributes["id"] = nil
                return [
                    "id": .string("\(21 + place)"), "external_id": item["id"] ?? .null,
                    "external_created_at": item["created"] ?? .null, "external_updated_at": item["created"] ?? .null,
                    "type": .string(type), "custom_attributes": .object(attributes),
                ]
            }
            return ["type": .string("\(type).list"), "instances": .array(instances)]
        default: return .array(items.map { .object($0) })
        }
    }
}

extension SimulatedIntercom {
    /// How a workspace keeps the lists of subscriptions and payments on its contacts.
    public struct BillingForm: Sendable, Hashable {
        private enum Base: Sendable { case array, text, instances, mixed }
        private let base: Base
        /// An array of objects with a plan of their own.
        public static let array = Self(base: .array)
        /// A text that holds that array as JSON.
        public static let text = Self(base: .text)
        /// A list of custom objects, whose members are flat.
        public static let instances = Self(base: .instances)
        /// One of the three for each contact, by the seed.
        public static let mixed = Self(base: .mixed)

        /// The form in use for one person.
        func form(for noise: UInt64) -> Self {
            base == .mixed ? [.array, .text, .instances][Int(noise / 17 % 3)] : self
        }
    }
}
