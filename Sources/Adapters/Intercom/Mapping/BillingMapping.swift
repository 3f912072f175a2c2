import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Reads what Stripe's app (or the host's own code) wrote into a contact's custom attributes.
struct BillingMapping {
    /// Which currency an amount without one is in.
    enum CurrencyChoice: Equatable {
        case known(Currency)
        /// The one of the configuration; using it is shown.
        case assumed(Currency)
        /// One was named that is no currency, so that the amount cannot be read.
        case unreadable
    }

    let units: StripeUnits
    let defaultCurrency: Currency
    /// Whether an amount was read in the configuration's currency.
    var usedDefault = false
    /// The first currency that was named.
    private var named: Currency?
    /// Whether another one was named besides.
    private var isMixed = false
    /// Whether one was named that is none.
    private var isUnreadable = false

    init(units: StripeUnits, defaultCurrency: Currency) {
        self.units = units
        self.defaultCurrency = defaultCurrency
    }

    /// The mirror, from the attributes at the places in `values`.
    mutating func mirror(
        of values: StripeValues, in members: [JSONObject.Member], _ reader: inout FieldReader
    ) -> BillingMirror {
        func value(_ role: StripeRole) -> JSONValue? { values[role].map { members[$0].value } }
        func path(_ role: StripeRole) -> String { "custom_attributes.\(values[role].map { members[$0].key } ?? "")" }

        var mirror = BillingMirror()
        mirror.customerID = reader.identifier(value(.customerID), path(.customerID))
            .map { ExternalID(system: "stripe", id: $0) }
        mirror.planName = reader.text(value(.plan), path(.plan))
        mirror.planInterval = interval(
            value(.planInterval), count: value(.planIntervalCount), path(.planInterval), &reader)
        mirror.status = status(value(.status), path(.status), &reader)
        mirror.isDelinquent = reader.boolean(value(.delinquent), path(.delinquent))
        mirror.lastPaymentAt = reader.date(value(.lastChargeAt), path(.lastChargeAt))

        let own = currency(value(.currency), else: .assumed(defaultCurrency), path(.currency), &reader)
        mirror.subscriptions = subscriptions(value(.subscriptions), own, path(.subscriptions), &reader)
        mirror.payments = payments(value(.payments), own, path(.payments), &reader)

        // Where all entries of the lists are in one currency, so are the amounts beside them.
        var flat = own
        if case .assumed = own, !isMixed, let named { flat = .known(named) }
        mirror.planPrice = money(value(.planPrice), units.planPrice, flat, path(.planPrice), &reader)
        mirror.lastPaymentAmount = money(
            value(.lastChargeAmount), units.lastCharge, flat, path(.lastChargeAmount), &reader)
        // Where no currency is named, nothing paid is nothing in the configuration's.
        if usedDefault || named == nil && !isUnreadable { mirror.assumedCurrency = defaultCurrency }
        noteContradictions(in: mirror, path(.planPrice), path(.lastChargeAmount), &reader)
        return mirror
    }

    /// The flat amounts should say what the lists say; where they do not, one of the two is read in the wrong unit.
    private func noteContradictions(
        in mirror: BillingMirror, _ pricePath: @autoclosure () -> String, _ chargePath: @autoclosure () -> String,
        _ reader: inout FieldReader
    ) {
        if let price = mirror.planPrice, let standing = mirror.subscriptions?.filter({ $0.status?.hasEnded != true }),
            standing.count == 1, standing[0].items.count == 1, let item = standing[0].items.first,
            let amount = item.unitAmount, item.currency == price.currency, amount != Fraction(price.minorUnits)
        {
            reader.note(pricePath(), "disagrees with the only subscription listed")
        }
        if let charge = mirror.lastPaymentAmount, let chargedAt = mirror.lastPaymentAt,
            let last = lastPayment(of: mirror), abs(last.paidAt.timeIntervalSince(chargedAt)) <= 86_400,
            let amount = last.amount, amount.currency == charge.currency, amount != charge
        {
            reader.note(chargePath(), "disagrees with the last payment listed")
        }
    }

    /// The latest payment that succeeded; of several at that time, the first one listed.
    private func lastPayment(of mirror: BillingMirror) -> (paidAt: Date, amount: Money?)? {
        var last: (paidAt: Date, amount: Money?)?
        for payment in mirror.payments ?? [] where payment.succeeded == true {
            guard let paidAt = payment.paidAt else { continue }
            if let last, last.paidAt >= paidAt { continue }
            last = (paidAt, payment.amount)
        }
        return last
    }

    // MARK: Words

    func status(_ value: JSONValue?, _ path: @autoclosure () -> String, _ reader: inout FieldReader)
        -> SubscriptionStatus?
    {
        guard let word = reader.text(value, path()) else { return nil }
        if let status = SubscriptionStatus(rawValue: word) { return status }
        let folded = word.lowercased()
        if let status = SubscriptionStatus(rawValue: folded == "cancelled" ? "canceled" : folded) { return status }
        reader.note(path(), "no known status of a subscription")
        return nil
    }

    func interval(
        _ value: JSONValue?, count: JSONValue?, _ path: @autoclosure () -> String, _ reader: inout FieldReader
    ) -> BillingInterval? {
        guard let word = reader.text(value, path()) else { return nil }
        guard let (unit, times) = Self.unit(of: word) else {
            reader.note(path(), "no known interval; expected day, week, month or year")
            return nil
        }
        guard let count, !count.isAbsent else { return BillingInterval(unit, count: times) }
        guard let number = count.int64, (1...10_000).contains(number) else {
            reader.note("\(path())_count", "expected a whole number from 1 to 10000")
            return nil
        }
        return BillingInterval(unit, count: Int(number) * times)
    }

    private static func unit(of word: String) -> (unit: BillingInterval.Unit, times: Int)? {
        switch word {
        case "month": return (.month, 1)
        case "year": return (.year, 1)
        default: break
        }
        return switch word.lowercased() {
        case "day", "daily", "days": (.day, 1)
        case "week", "weekly", "weeks": (.week, 1)
        case "month", "monthly", "months": (.month, 1)
        case "quarter", "quarterly": (.month, 3)
        case "year", "yearly", "years", "annual", "annually": (.year, 1)
        default: nil
        }
    }

    // MARK: Money

    /// The currency that `value` names, else the one given.
    mutating func currency(
        _ value: JSONValue?, else other: CurrencyChoice, _ path: @autoclosure () -> String, _ reader: inout FieldReader
    ) -> CurrencyChoice {
        guard let value, !value.isAbsent else { return other }
        if case .string(let code) = value {
            if let currency = Currency(code) ?? value.text.flatMap({ Currency($0) }) {
                if named == nil { named = currency } else if named != currency { isMixed = true }
                return .known(currency)
            }
            if value.text == nil { return other }
        }
        isUnreadable = true
        reader.note(path(), "no currency of ISO 4217")
        return .unreadable
    }

    /// The currency itself; that the configuration's was used is remembered.
    mutating func resolve(_ choice: CurrencyChoice) -> Currency? {
        switch choice {
        case .known(let currency): return currency
        case .assumed(let currency):
            usedDefault = true
            return currency
        case .unreadable: return nil
        }
    }

    /// An exact amount in minor units; whatever is no amount of at least 0 is noted and unknown, unless it may be negative:
    /// a refund that is listed as a payment.
    mutating func amount(
        _ value: JSONValue?, _ unit: StripeAttributes.AmountUnit, _ choice: CurrencyChoice,
        _ path: @autoclosure () -> String, _ reader: inout FieldReader, mayBeNegative: Bool = false
    ) -> (amount: Fraction, currency: Currency)? {
        guard let value, !value.isAbsent else { return nil }
        if value.string != nil, value.text == nil { return nil }
        let factor: Int64
        switch (unit, choice) {
        case (.minor, _), (.major, .unreadable): factor = 1
        case (.major, .known(let currency)), (.major, .assumed(let currency)): factor = currency.minorUnitsPerUnit
        }
        let fraction: Fraction?
        if let whole = value.wholeNumber {
            let (product, overflows) = whole.multipliedReportingOverflow(by: factor)
            fraction = overflows ? nil : Fraction(product)
        } else {
            guard let digits = value.exactDecimal else {
                reader.note(path(), "expected an amount, found \(value.kindName)")
                return nil
            }
            fraction = Fraction(decimal: digits)?.multiplied(by: factor)
        }
        guard let fraction, fraction.rounded != nil else {
            reader.note(path(), "the amount does not fit 64-bit minor units")
            return nil
        }
        guard mayBeNegative || fraction.numerator >= 0 else {
            reader.note(path(), "expected an amount of at least 0")
            return nil
        }
        guard let currency = resolve(choice) else { return nil }
        return (fraction, currency)
    }

    /// An amount in whole minor units, rounded to the nearest, halves away from zero.
    mutating func money(
        _ value: JSONValue?, _ unit: StripeAttributes.AmountUnit, _ choice: CurrencyChoice,
        _ path: @autoclosure () -> String, _ reader: inout FieldReader, mayBeNegative: Bool = false
    ) -> Money? {
        guard
            let (amount, currency) = amount(
                value, unit, choice, path(), &reader, mayBeNegative: mayBeNegative), let units = amount.rounded
        else {
            return nil
        }
        return Money(minorUnits: units, currency: currency)
    }
}

extension JSONValue {
    /// The integer of a number without a fraction, which needs no digits to be read exactly.
    fileprivate var wholeNumber: Int64? {
        switch self {
        case .integer(let number): number
        case .double(let number): Int64(exactly: number)
        default: nil
        }
    }
}
