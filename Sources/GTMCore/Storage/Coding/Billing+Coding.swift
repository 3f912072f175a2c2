// MARK: Money

/// The code's number in the compact form, the code in JSON.
extension Currency: FieldValue {
    @inline(__always)
    func write(to writer: inout BinaryWriter, as number: UInt8) {
        writer.key(number, .varint)
        writer.varint(UInt64(index))
    }

    @inline(__always)
    init(from reader: inout BinaryReader, _ kind: WireKind) throws(CodingFault) {
        guard let currency = Currency(index: try reader.integer(kind)) else { throw reader.fault("a known currency") }
        self = currency
    }

    var storedJSON: JSONValue { .string(code) }

    init(storedJSON json: JSONValue) throws(CodingFault) {
        guard case .string(let code) = json, let currency = Currency(code) else {
            throw CodingFault(expected: "a currency's code")
        }
        self = currency
    }
}

extension Money: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "minor_units", minorUnits)
        fields.put(2, "currency", currency)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        minorUnits = try fields.required(1, "minor_units")
        currency = try fields.required(2, "currency")
    }
}

extension Fraction: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "numerator", numerator)
        fields.put(2, "denominator", denominator == 1 ? nil : denominator)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        let numerator: Int128 = try fields.required(1, "numerator")
        let denominator: Int128 = try fields.value(2, "denominator") ?? 1
        guard let fraction = Fraction(numerator, over: denominator), fraction.denominator == denominator else {
            throw fields.fault("a fraction in lowest terms")
        }
        self = fraction
    }
}

extension CurrencyTotals: Storable {
    func write(to fields: inout some FieldWriter) { fields.put(1, "entries", unlessEmpty: entries) }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        self.init()
        for entry in try fields.list(1, "entries") as [Entry] {
            if let last = entries.last, last.currency >= entry.currency {
                throw fields.fault("each currency once, in order")
            }
            _ = add(entry.amount, entry.currency)  // The first amount in a currency always fits.
        }
    }
}

extension CurrencyTotals.Entry: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "currency", currency)
        fields.put(2, "amount", amount)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        currency = try fields.required(1, "currency")
        amount = try fields.required(2, "amount")
    }
}

// MARK: Subscriptions and payments

extension BillingInterval: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "unit", unit)
        fields.put(2, "count", count == 1 ? nil : count)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        guard let interval = Self(try fields.required(1, "unit"), count: try fields.value(2, "count") ?? 1) else {
            throw fields.fault("at least one unit")
        }
        self = interval
    }
}

extension Subscription: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "id", id)
        fields.put(2, "subscription_status", status)
        fields.put(3, "items", unlessEmpty: items)
        fields.put(4, "current_period", currentPeriod)
        fields.put(5, "cancels_at_period_end", cancelsAtPeriodEnd)
        fields.put(6, "discounts", unlessEmpty: discounts)
        fields.put(7, "pause", pause)
        fields.put(8, "trial_end", trialEnd)
        fields.put(9, "started_at", startedAt)
        fields.put(10, "canceled_at", canceledAt)
        fields.put(11, "ended_at", endedAt)
        fields.put(12, "cancel_at", cancelAt)
        fields.put(13, "past_due_since", pastDueSince)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        id = try fields.value(1, "id")
        status = try fields.word(2, "subscription_status")
        items = try fields.list(3, "items")
        currentPeriod = try fields.value(4, "current_period")
        cancelsAtPeriodEnd = try fields.required(5, "cancels_at_period_end")
        discounts = try fields.list(6, "discounts")
        pause = try fields.value(7, "pause")
        trialEnd = try fields.value(8, "trial_end")
        startedAt = try fields.value(9, "started_at")
        canceledAt = try fields.value(10, "canceled_at")
        endedAt = try fields.value(11, "ended_at")
        cancelAt = try fields.value(12, "cancel_at")
        pastDueSince = try fields.value(13, "past_due_since")
    }
}

extension Subscription.Period: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "start", start)
        fields.put(2, "end", end)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        start = try fields.value(1, "start")
        end = try fields.value(2, "end")
    }
}

extension SubscriptionItem: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "plan_name", planName)
        fields.put(2, "unit_amount", unitAmount)
        fields.put(3, "currency", currency)
        fields.put(4, "interval", interval)
        fields.put(5, "quantity", quantity)
        fields.put(6, "product_id", productID)
        fields.put(7, "is_metered", isMetered ? true : nil)
        fields.put(8, "tiering", tiering)
        fields.put(9, "transform_quantity", transformQuantity)
        fields.put(10, "inclusive_tax", inclusiveTax)
        fields.put(11, "discounts", unlessEmpty: discounts)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        planName = try fields.value(1, "plan_name")
        unitAmount = try fields.value(2, "unit_amount")
        currency = try fields.value(3, "currency")
        interval = try fields.value(4, "interval")
        quantity = try fields.required(5, "quantity")
        productID = try fields.value(6, "product_id")
        isMetered = try fields.value(7, "is_metered") ?? false
        tiering = try fields.value(8, "tiering")
        transformQuantity = try fields.value(9, "transform_quantity")
        inclusiveTax = try fields.value(10, "inclusive_tax")
        discounts = try fields.list(11, "discounts")
    }
}

extension Payment: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "id", id)
        fields.put(2, "amount", amount)
        fields.put(3, "paid_at", paidAt)
        fields.put(4, "succeeded", succeeded)
        fields.put(5, "refunded", refunded)
        fields.put(6, "lost_in_dispute", lostInDispute)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        id = try fields.value(1, "id")
        amount = try fields.value(2, "amount")
        paidAt = try fields.value(3, "paid_at")
        succeeded = try fields.value(4, "succeeded")
        refunded = try fields.value(5, "refunded")
        lostInDispute = try fields.value(6, "lost_in_dispute")
    }
}

extension BillingMirror: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "customer_id", customerID)
        fields.put(2, "plan_name", planName)
        fields.put(3, "plan_price", planPrice)
        fields.put(4, "plan_interval", planInterval)
        fields.put(5, "subscription_status", status)
        fields.put(6, "is_delinquent", isDelinquent)
        fields.put(7, "last_payment_amount", lastPaymentAmount)
        fields.put(8, "last_payment_date", lastPaymentAt)
        fields.put(9, "subscriptions", subscriptions)
        fields.put(10, "payments", payments)
        fields.put(11, "assumed_currency", assumedCurrency)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        customerID = try fields.value(1, "customer_id")
        planName = try fields.value(2, "plan_name")
        planPrice = try fields.value(3, "plan_price")
        planInterval = try fields.value(4, "plan_interval")
        status = try fields.word(5, "subscription_status")
        isDelinquent = try fields.value(6, "is_delinquent")
        lastPaymentAmount = try fields.value(7, "last_payment_amount")
        lastPaymentAt = try fields.value(8, "last_payment_date")
        subscriptions = try fields.value(9, "subscriptions")
        payments = try fields.value(10, "payments")
        assumedCurrency = try fields.value(11, "assumed_currency")
    }
}
