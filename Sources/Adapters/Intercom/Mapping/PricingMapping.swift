import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The members that tell how long a subscription runs and whether it rests.
enum StandingField: Int, FieldName {
    case pauseCollection, trialEnd, startDate, canceledAt, endedAt, cancelAt, taxRates

    static let table = FieldTable(
        "pause_collection", "trial_end", "start_date", "canceled_at", "ended_at", "cancel_at", "default_tax_rates")
}

extension BillingMapping {
    /// Reads how long a subscription runs and whether it rests.
    ///
    /// - Returns: The tax rates that count for lines without their own.
    func readStanding(
        _ fields: borrowing StripeFields, into subscription: inout Subscription, _ path: @autoclosure () -> String,
        _ reader: inout FieldReader
    ) -> JSONValue? {
        let standing = PickedFields<StandingField>(fields.object)
        subscription.trialEnd = reader.date(standing[.trialEnd], "\(path()).trial_end")
        subscription.startedAt = reader.date(standing[.startDate], "\(path()).start_date")
        subscription.canceledAt = reader.date(standing[.canceledAt], "\(path()).canceled_at")
        subscription.endedAt = reader.date(standing[.endedAt], "\(path()).ended_at")
        subscription.cancelAt = reader.date(standing[.cancelAt], "\(path()).cancel_at")
        if let pause = reader.object(standing.present(.pauseCollection), "\(path()).pause_collection") {
            let word = reader.text(pause["behavior"], "\(path()).pause_collection.behavior")
            let behavior = word.flatMap(PauseCollection.Behavior.init(rawValue:))
            if word != nil, behavior == nil {
                reader.note("\(path()).pause_collection.behavior", "no known word for what becomes of the invoices")
            }
            subscription.pause = PauseCollection(
                behavior, resumesAt: reader.date(pause["resumes_at"], "\(path()).pause_collection.resumes_at"))
        }
        return standing.present(.taxRates)
    }

    // MARK: Discounts

    /// The discounts of a subscription or a line: the list, else the single one. Whatever cannot be read is noted, and is
    /// not taken into account.
    func discounts(
        _ fields: borrowing StripeFields, _ scope: Discount.Scope, _ path: @autoclosure () -> String,
        _ reader: inout FieldReader
    ) -> [Discount] {
        let listed = fields[.discounts]?.array?.filter { !$0.isAbsent } ?? []
        let single = fields.present(.discount)
        guard listed.isEmpty || single != nil && listed.allSatisfy({ $0.object == nil }) && listed.count == 1 else {
            return listed.enumerated().compactMap { place, element in
                discount(element, scope, "\(path()).discounts[\(place)]", &reader)
            }
        }
        guard let single, let discount = discount(single, scope, "\(path()).discount", &reader) else { return [] }
        return [discount]
    }

    private func discount(
        _ value: JSONValue, _ scope: Discount.Scope, _ path: @autoclosure () -> String, _ reader: inout FieldReader
    ) -> Discount? {
        // The coupon's place moved in 2025.
        guard let coupon = value["coupon"]?.object ?? value["source"]?["coupon"]?.object,
            let reduction = reduction(coupon), let word = coupon["duration"]?.string,
            let duration = Discount.Duration(rawValue: word)
        else {
            reader.note(path(), "the discount is not taken into account")
            return nil
        }
        let products = coupon["applies_to"]?["products"]?.array?.compactMap(\.string) ?? []
        return Discount(
            coupon["name"]?.text ?? coupon["id"]?.identifier, reduction, duration,
            start: reader.date(value["start"], "\(path()).start"), end: reader.date(value["end"], "\(path()).end"),
            scope: scope, products: products)
    }

    private func reduction(_ coupon: JSONObject) -> Discount.Reduction? {
        if let digits = coupon["percent_off"]?.exactDecimal, let percent = Fraction(decimal: digits),
            percent >= .zero, percent <= Fraction(100)
        {
            return .percent(percent)
        }
        guard let units = coupon["amount_off"]?.int64, units >= 0,
            let currency = coupon["currency"]?.string.flatMap({ Currency($0) })
        else { return nil }
        return .amount(Money(minorUnits: units, currency: currency))
    }

    // MARK: Prices

    /// How the quantity is divided before it is priced; `nil` and noted where that cannot be read.
    func transform(
        _ value: JSONValue, _ path: @autoclosure () -> String, _ reader: inout FieldReader
    ) -> TransformQuantity? {
        if let size = value["divide_by"]?.int64, let word = value["round"]?.string,
            let round = TransformQuantity.Rounding(rawValue: word),
            let transform = TransformQuantity(divideBy: size, round: round)
        {
            return transform
        }
        reader.note(path(), "expected divide_by, at least 1, and round, up or down; the price is unknown")
        return nil
    }

    /// The steps of a price; `nil` where they are not listed, noted where they cannot be read.
    mutating func tiering(
        _ fields: borrowing StripeFields, _ unit: StripeAttributes.AmountUnit, _ choice: CurrencyChoice,
        _ path: @autoclosure () -> String, _ reader: inout FieldReader
    ) -> Tiering? {
        guard let listed = fields.object["tiers"]?.array, !listed.isEmpty else { return nil }
        guard let mode = fields.object["tiers_mode"]?.string.flatMap(Tiering.Mode.init(rawValue:)) else {
            reader.note("\(path()).tiers_mode", "expected graduated or volume; the price is unknown")
            return nil
        }
        var tiers: [Tiering.Tier] = []
        for (place, element) in listed.enumerated() {
            var tier = Tiering.Tier(upTo: nil, unitAmount: nil)
            if let end = element["up_to"], !end.isAbsent, end.string != "inf" {
                guard let number = end.int64, number > tiers.last?.upTo ?? 0 else {
                    reader.note("\(path()).tiers[\(place)].up_to", "expected a number above the one before")
                    return nil
                }
                tier.upTo = number
            }
            for (name, member) in [("unit_amount", \Tiering.Tier.unitAmount), ("flat_amount", \.flatAmount)] {
                let decimal = element["\(name)_decimal"].flatMap { $0.isAbsent ? nil : $0 }
                guard let value = decimal ?? element[name], !value.isAbsent else { continue }
                guard let read = amount(value, unit, choice, "\(path()).tiers[\(place)].\(name)", &reader) else {
                    return nil
                }
                tier[keyPath: member] = read.amount
            }
            tiers.append(tier)
        }
        return Tiering(mode, tiers)
    }

    /// The tax that a line's price contains: the rates that say so together; without any, by the price's own word.
    ///
    /// - Parameters:
    ///   - rates: The line's own rates, else the subscription's.
    ///   - behavior: Whether the price says that it contains tax.
    static func inclusiveTax(_ rates: JSONValue?, _ behavior: JSONValue?) -> InclusiveTax? {
        var sum = Fraction.zero
        var isTold = false
        for rate in rates?.array ?? [] where rate["inclusive"]?.boolean == true {
            guard let digits = rate["percentage"]?.exactDecimal, let percent = Fraction(decimal: digits),
                percent >= .zero, let next = percent.multiplied(by: 1, over: 100).flatMap(sum.adding)
            else { return InclusiveTax(rate: nil) }
            sum = next
            isTold = true
        }
        if isTold { return InclusiveTax(rate: sum) }
        return behavior?.string == "inclusive" ? InclusiveTax(rate: nil) : nil
    }
}
