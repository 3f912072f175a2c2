import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension BillingMapping {
    mutating func subscriptions(
        _ value: JSONValue?, _ own: CurrencyChoice, _ path: @autoclosure () -> String, _ reader: inout FieldReader
    ) -> [Subscription]? {
        guard let value, let entries = entries(value, path(), &reader) else { return nil }
        var subscriptions: [Subscription] = []
        subscriptions.reserveCapacity(entries.count)
        var ids = ListedIDs(expecting: entries.count)
        for index in entries.indices where !entries[index].isAbsent {
            if let subscription = subscription(entries[index], own, &ids, "\(path())[\(index)]", &reader) {
                subscriptions.append(subscription)
            }
        }
        return subscriptions
    }

    /// A line of which nothing is known: a subscription that has it is worth we do not know what, and not nothing.
    private static let unknownItem = SubscriptionItem(planName: nil, unitAmount: nil, currency: nil, interval: nil)

    /// The subscription; `nil` where it stood in the list before.
    private mutating func subscription(
        _ element: JSONValue, _ own: CurrencyChoice, _ ids: inout ListedIDs, _ path: @autoclosure () -> String,
        _ reader: inout FieldReader
    ) -> Subscription? {
        guard let entry = ListEntry(element) else {
            reader.note(path(), "expected an object")
            return Subscription(id: nil, status: nil, items: [Self.unknownItem])
        }
        let id = reader.identifier(entry.id, "\(path()).id")
        guard ids.take(id, "\(path()).id", &reader) else { return nil }
        let choice = currency(entry.fields[.currency], else: own, "\(path()).currency", &reader)
        var subscription = Subscription(
            id: id.map { ExternalID(system: "stripe", id: $0) },
            status: status(entry.fields[.status], "\(path()).status", &reader),
            items: [],
            cancelsAtPeriodEnd: reader.boolean(entry.fields[.cancelAtPeriodEnd], "\(path()).cancel_at_period_end")
                ?? false)
        let rates = readStanding(entry.fields, into: &subscription, path(), &reader)
        subscription.items = items(of: entry.fields, choice, rates, path(), &reader)
        var start = entry.fields.present(.currentPeriodStart)
        var end = entry.fields.present(.currentPeriodEnd)
        if start == nil, end == nil, let first = listedItems(entry.fields[.items])?.first?.object {
            // Stripe moved the period to the lines in 2025.
            start = first["current_period_start"]
            end = first["current_period_end"]
        }
        let period = Subscription.Period(
            start: reader.date(start, "\(path()).current_period_start"),
            end: reader.date(end, "\(path()).current_period_end"))
        if period.start != nil || period.end != nil { subscription.currentPeriod = period }
        subscription.discounts = discounts(entry.fields, .subscription, path(), &reader)
        return subscription
    }

    private func listedItems(_ value: JSONValue?) -> [JSONValue]? {
        value?.array ?? value?["data"]?.array
    }

    /// The lines, in the first of three forms that is there: Stripe's items, one plan, flat members.
    private mutating func items(
        of fields: borrowing StripeFields, _ choice: CurrencyChoice, _ rates: JSONValue?,
        _ path: @autoclosure () -> String, _ reader: inout FieldReader
    ) -> [SubscriptionItem] {
        if let listed = listedItems(fields[.items]), !listed.isEmpty {
            var items: [SubscriptionItem] = []
            for (index, element) in listed.enumerated() where !element.isAbsent {
                items.append(line(element, choice, rates, "\(path()).items[\(index)]", &reader))
            }
            if fields[.items]?["has_more"]?.boolean == true {
                reader.note("\(path()).items", "the list is cut short; the worth of the subscription is unknown")
                items.append(Self.unknownItem)
            }
            return items.isEmpty ? [Self.unknownItem] : items
        }
        var price = Price(currency: choice)
        let plan = fields.present(.plan)
        if let object = plan?.object ?? Self.parsed(plan) {
            price = readPrice(StripeFields(object), ".plan", choice, path(), &reader)
        } else if let object = fields[.price]?.object ?? Self.parsed(fields[.price]) {
            price = readPrice(StripeFields(object), ".price", choice, path(), &reader)
        } else {
            let recurring = fields[.recurring]?.object
            price.name = reader.text(
                plan ?? fields.present(.planName) ?? fields[.nickname], "\(path()).plan_name")
            price.interval = interval(
                fields.present(.interval) ?? recurring?["interval"],
                count: fields.present(.intervalCount) ?? recurring?["interval_count"], "\(path()).interval", &reader)
            let bare = fields.present(.price)
            price.amount = bare ?? fields.present(.amount) ?? fields[.unitAmount]
            price.unit = bare != nil ? units.listedPrice : units.listedAmount
            price.member = bare != nil ? ".price" : ".amount"
            if fields[.usageType]?.text == "metered" {
                price.amount = nil
                price.isMetered = true
            }
        }
        if price.name == nil { price.name = reader.text(fields[.planName], "\(path()).plan_name") }
        var item = item(price, quantity: fields[.quantity], path(), &reader)
        item.inclusiveTax = Self.inclusiveTax(rates, price.taxBehavior)
        return [item]
    }

    /// One of Stripe's subscription items.
    private mutating func line(
        _ element: JSONValue, _ choice: CurrencyChoice, _ rates: JSONValue?, _ path: @autoclosure () -> String,
        _ reader: inout FieldReader
    ) -> SubscriptionItem {
        guard let object = element.object else {
            reader.note(path(), "expected an object, found \(element.kindName)")
            return Self.unknownItem
        }
        let fields = StripeFields(object)
        let price: Price
        if let object = fields[.price]?.object {
            price = readPrice(StripeFields(object), ".price", choice, path(), &reader)
        } else if let object = fields[.plan]?.object {
            price = readPrice(StripeFields(object), ".plan", choice, path(), &reader)
        } else {
            price = readPrice(fields, "", choice, path(), &reader)
        }
        var item = item(price, quantity: fields[.quantity], path(), &reader)
        item.discounts = discounts(fields, .item, path(), &reader)
        let own = object["tax_rates"]?.array
        item.inclusiveTax = Self.inclusiveTax(own?.isEmpty == false ? object["tax_rates"] : rates, price.taxBehavior)
        return item
    }

    /// What a price says, not yet an amount.
    private struct Price {
        var name: String?
        var amount: JSONValue?
        var unit = StripeAttributes.AmountUnit.minor
        var currency: CurrencyChoice
        var interval: BillingInterval?
        /// Where the price stands within its line, and the amount within the price; for issues.
        var part = ""
        var member = ""
        var productID: String?
        var isMetered = false
        var tiering: Tiering?
        var transform: TransformQuantity?
        /// Whether it contains tax, in Stripe's word.
        var taxBehavior: JSONValue?
    }

    /// Reads a plan or price object of Stripe's.
    private mutating func readPrice(
        _ fields: borrowing StripeFields, _ part: String, _ choice: CurrencyChoice, _ path: @autoclosure () -> String,
        _ reader: inout FieldReader
    ) -> Price {
        var price = Price(currency: currency(fields[.currency], else: choice, "\(path())\(part).currency", &reader))
        price.part = part
        price.unit = units.listedAmount
        let recurring = fields[.recurring]?.object
        price.name = reader.text(
            fields.present(.nickname) ?? fields.present(.name) ?? fields[.product]?["name"],
            "\(path())\(part).nickname")
        price.interval = interval(
            fields.present(.interval) ?? recurring?["interval"],
            count: fields.present(.intervalCount) ?? recurring?["interval_count"], "\(path())\(part).interval", &reader)
        let product = fields.present(.product)
        price.productID = product.flatMap { ($0["id"] ?? $0).identifier }
        price.taxBehavior = fields.object["tax_behavior"]
        // What is billed by use has no price beforehand: unknown, never 0.
        let usage = fields.present(.usageType) ?? recurring?["usage_type"]
        guard usage?.text != "metered" else {
            price.isMetered = true
            return price
        }
        if let value = fields.present(.transformQuantity) ?? fields.present(.transformUsage) {
            price.transform = transform(value, "\(path())\(part).transform_quantity", &reader)
            if price.transform == nil { return price }
        }
        guard fields[.billingScheme]?.text != "tiered" else {
            price.tiering = tiering(fields, price.unit, price.currency, "\(path())\(part)", &reader)
            return price
        }
        // The decimal form tells what the whole one cannot: fractions of a cent.
        if let amount = fields.present(.unitAmountDecimal) {
            (price.amount, price.member) = (amount, ".unit_amount_decimal")
        } else if let amount = fields.present(.unitAmount) {
            (price.amount, price.member) = (amount, ".unit_amount")
        } else if let amount = fields.present(.amountDecimal) {
            (price.amount, price.member) = (amount, ".amount_decimal")
        } else {
            (price.amount, price.member) = (fields[.amount], ".amount")
        }
        return price
    }

    private mutating func item(
        _ price: Price, quantity: JSONValue?, _ path: @autoclosure () -> String, _ reader: inout FieldReader
    ) -> SubscriptionItem {
        var item = SubscriptionItem(planName: price.name, unitAmount: nil, currency: nil, interval: price.interval)
        if let read = amount(
            price.amount, price.unit, price.currency, "\(path())\(price.part)\(price.member)", &reader)
        {
            item.unitAmount = read.amount
            item.currency = read.currency
        } else if case .known(let currency) = price.currency {
            item.currency = currency
        }
        item.productID = price.productID
        item.isMetered = price.isMetered
        item.tiering = price.tiering
        item.transformQuantity = price.transform
        guard let quantity, !quantity.isAbsent else { return item }
        if let number = quantity.int64, number >= 0 {
            item.quantity = number
        } else {
            reader.note("\(path()).quantity", "expected a whole number of at least 0")
            item.unitAmount = nil
            item.tiering = nil
        }
        return item
    }
}
