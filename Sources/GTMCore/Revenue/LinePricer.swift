/// What became of a line.
enum LineValue<Trace: StepTracer> {
    case priced(Term<Trace>)
    /// Metered, not told, or told in a way that cannot be true.
    case unknown(UnknownReason)
    /// No sum can hold it.
    case outOfRange
}

/// Prices one line of a subscription: quantity, packages, steps, its own discounts.
struct LinePricer<Trace: StepTracer> {
    let policy: MRRPolicy
    let source: Sourced<Subscription>
    let place: Int

    var item: SubscriptionItem { source.value.items[place] }

    /// What one invoice of the line comes to, after its own discounts.
    func price(_ currency: Currency, _ expiry: inout Expiry) -> LineValue<Trace> {
        let item = item
        guard !item.isMetered else { return .unknown(.notReported) }
        guard item.quantity >= 0 else { return .unknown(.invalid) }
        let units = item.transformQuantity?.packages(of: item.quantity) ?? item.quantity
        var line: Term<Trace>
        if let tiering = item.tiering {
            switch steps(tiering, units, currency) {
            case .priced(let term): line = term
            case let other: return other
            }
        } else {
            guard let amount = item.unitAmount else { return .unknown(.notReported) }
            guard let price = amount.multiplied(by: units) else { return .outOfRange }
            line = Term(
                number: price,
                step: Trace.step {
                    Proof(
                        "price", .amount(price, currency), .product,
                        parts: [told("unit_amount", .amount(amount, currency)), unitsProof(units)])
                })
        }
        for (number, discount) in item.discounts.enumerated() {
            guard line.number > .zero, discount.products.isEmpty || isAmong(discount.products),
                policy.takesOff(discount, source.value.currentPeriod, &expiry)
            else { continue }
            guard let less = line.less(discount, currency, { told("discounts[\(number)].\($0)", $1) }) else {
                return .outOfRange
            }
            line = less
        }
        return .priced(line)
    }

    /// Whether the line's product is among those that a discount names.
    func isAmong(_ products: [String]) -> Bool { item.productID.map(products.contains) ?? false }

    // MARK: Steps of a price

    private func steps(_ tiering: Tiering, _ units: Int64, _ currency: Currency) -> LineValue<Trace> {
        var total = Fraction.zero
        var parts: [Proof] = []
        var before: Int64 = 0
        for (number, tier) in tiering.tiers.enumerated() where units > before {
            if let end = tier.upTo, end <= before { return .unknown(.invalid) }
            let last = min(units, tier.upTo ?? units)
            let isLast = last == units
            if tiering.mode == .volume, !isLast {
                before = last
                continue
            }
            let count = tiering.mode == .volume ? units : last - before
            guard let price = (tier.unitAmount ?? .zero).multiplied(by: count),
                let sum = price.adding(tier.flatAmount ?? .zero).flatMap(total.adding)
            else { return .outOfRange }
            total = sum
            if Trace.isOn {
                let below = tiering.mode == .volume || number == 0 ? nil : number - 1
                parts += proofs(of: number, below: below, count: count, of: units, price, currency)
            }
            before = last
        }
        guard units == 0 || before == units else { return .unknown(.notReported) }
        return .priced(
            Term(
                number: total,
                step: Trace.step {
                    Proof(
                        "price", .amount(total, currency), .sum, rule: "\(tiering.mode.rawValue) steps", parts: parts)
                }))
    }

    /// What one step of a price costs: its units and its flat amount.
    private func proofs(
        of number: Int, below: Int?, count: Int64, of units: Int64, _ price: Fraction, _ currency: Currency
    ) -> [Proof] {
        guard let tier = item.tiering?.tiers[number] else { return [] }
        let field = "tiering.tiers[\(number)]"
        var parts: [Proof] = []
        if let amount = tier.unitAmount {
            var counted = unitsProof(units)
            if let end = tier.upTo, end < units {
                let limit = told("\(field).up_to", .number(Fraction(end)))
                counted = Proof("units", .number(Fraction(end)), .least, parts: [counted, limit])
            }
            if let below, let start = item.tiering?.tiers[below].upTo {
                let before = Proof(
                    "before", .number(Fraction(-start)), .product,
                    parts: [
                        told("tiering.tiers[\(below)].up_to", .number(Fraction(start))),
                        .ruled("less", .number(-1), by: "graduated steps"),
                    ])
                counted = Proof("units", .number(Fraction(count)), .sum, parts: [counted, before])
            }
            parts.append(
                Proof(
                    "step \(number + 1)", .amount(price, currency), .product,
                    parts: [told("\(field).unit_amount", .amount(amount, currency)), counted]))
        }
        if let flat = tier.flatAmount { parts.append(told("\(field).flat_amount", .amount(flat, currency))) }
        return parts
    }

    private func unitsProof(_ units: Int64) -> Proof {
        let quantity = told("quantity", .number(Fraction(item.quantity)))
        guard let transform = item.transformQuantity else { return quantity }
        let size = Fraction(transform.divideBy)
        let exact = Fraction(item.quantity).divided(by: size) ?? .zero
        let packages = Proof(
            "packages", .number(exact), .quotient,
            parts: [quantity, told("transform_quantity.divide_by", .number(size))])
        let rounding = Fraction(units).subtracting(exact) ?? .zero
        return Proof(
            "units", .number(Fraction(units)), .sum,
            parts: [
                packages,
                Proof("rounding", .number(rounding), .correction(transform.round == .up ? .roundedUp : .roundedDown)),
            ])
    }

    // MARK: One month of it

    /// What a line brings a month: without the tax in its price, shared out over the months of its interval.
    ///
    /// - Parameters:
    ///   - line: What one invoice comes to.
    ///   - interval: How often it is paid.
    ///   - currency: The currency.
    ///   - taxed: Counts lines whose tax cannot be taken out.
    func monthly(
        _ line: Term<Trace>, _ interval: BillingInterval, _ currency: Currency, taxed: inout Int
    ) -> Term<Trace>? {
        var net = line.number
        var divisor: Fraction?
        if policy.inclusiveTax == .removed, let tax = item.inclusiveTax {
            if let rate = tax.rate, rate >= .zero {
                guard let whole = rate.adding(Fraction(1)), let without = net.divided(by: whole) else { return nil }
                (net, divisor) = (without, whole)
            } else {
                taxed += 1
            }
        }
        guard let amount = policy.monthly(net, every: interval) else { return nil }
        return Term(
            number: amount,
            step: Trace.step {
                var parts = line.factors
                if let divisor { parts.append(taxProof(divisor)) }
                if policy.inclusiveTax == .removed, let tax = item.inclusiveTax, divisor == nil {
                    parts.append(
                        .ruled(
                            "tax of unknown rate", .number(1),
                            by:
                                "\(policy.label): \(tax.rate == nil ? "its rate is not told" : "its rate is below 0"); it stays in"
                        ))
                }
                parts.append(monthsProof(interval))
                return Proof(title, .amount(amount, currency), .product, parts: parts)
            })
    }

    /// What the line is called in a proof: `items[0] Pro`.
    var title: String { item.planName.map { "items[\(place)] \($0)" } ?? "items[\(place)]" }

    private func taxProof(_ divisor: Fraction) -> Proof {
        let one = Proof.ruled("price without tax", .number(1), by: "\(policy.label): inclusive tax is taken out")
        let rate = item.inclusiveTax?.rate ?? .zero
        return Proof(
            "without tax", .number(Fraction(1).divided(by: divisor) ?? .zero), .quotient,
            parts: [
                one,
                Proof(
                    "price with tax", .number(divisor), .sum,
                    parts: [one, told("inclusive_tax.rate", .number(rate))]),
            ])
    }

    private func monthsProof(_ interval: BillingInterval) -> Proof {
        let (above, below) = policy.monthsFactor(interval.unit)
        let factor = Fraction(Int128(above), over: Int128(below)) ?? .zero
        let count = Fraction(Int64(interval.count))
        return Proof(
            "a month of it", .number(factor.divided(by: count) ?? .zero), .quotient,
            parts: [
                .ruled("\(interval.unit.rawValue) to month", .number(factor), by: policy.label),
                told("interval.count", .number(count)),
            ])
    }

    /// A leaf: what the record tells of the line.
    func told(_ field: String, _ value: ProofValue) -> Proof {
        let name = field.split(separator: ".").last.map(String.init) ?? field
        if source.isFlat {
            guard let flat = Self.flatFields[field] else {
                return .ruled(name, value, by: "the single attributes speak of one plan")
            }
            return .told(name, value, by: source.version, "\(source.field)\(flat)")
        }
        return .told(name, value, by: source.version, "\(source.field)items[\(place)].\(field)")
    }
}

extension LinePricer {
    /// Where a line's fields stand in a mirror that has no list, but single attributes of one plan.
    private static var flatFields: [String: String] {
        [
            "unit_amount": "plan_price", "currency": "plan_price.currency", "interval": "plan_interval",
            "interval.count": "plan_interval.count",
        ]
    }
}

extension Sourced where Value == Subscription {
    /// Whether it was made of a mirror's single attributes.
    var isFlat: Bool {
        guard case .contact(let contact) = version.record.fact.kind, let mirror = contact.value.billing else {
            return false
        }
        return mirror.subscriptions == nil
    }

    /// Where the subscription stands in its record's fact, with the point that follows: `billing.subscriptions[sub_1].`.
    var field: String {
        guard case .contact(let contact) = version.record.fact.kind, let mirror = contact.value.billing else {
            return ""
        }
        guard let listed = mirror.subscriptions else { return "billing." }
        if let id = value.id { return "billing.subscriptions[\(id.id)]." }
        return "billing.subscriptions[\(listed.firstIndex(of: value) ?? 0)]."
    }
}
