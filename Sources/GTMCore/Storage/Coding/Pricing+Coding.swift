#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

// MARK: Discounts and pauses

/// A percentage or an amount: whichever is there is what comes off.
extension Discount: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "name", name)
        switch reduction {
        case .percent(let percent): fields.put(2, "percent_off", percent)
        case .amount(let amount): fields.put(3, "amount_off", amount)
        }
        fields.put(4, "duration", duration)
        fields.put(5, "start", start)
        fields.put(6, "end", end)
        fields.put(7, "scope", scope)
        fields.put(8, "products", unlessEmpty: products)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        let name: String? = try fields.value(1, "name")
        let percent: Fraction? = try fields.value(2, "percent_off")
        let amount: Money? = try fields.value(3, "amount_off")
        guard let reduction = percent.map(Reduction.percent) ?? amount.map(Reduction.amount) else {
            throw fields.fault("a percentage or an amount that comes off")
        }
        self.init(
            name, reduction, try fields.required(4, "duration"), start: try fields.value(5, "start"),
            end: try fields.value(6, "end"), scope: try fields.required(7, "scope"),
            products: try fields.list(8, "products"))
    }
}

extension PauseCollection: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "behavior", behavior)
        fields.put(2, "resumes_at", resumesAt)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        behavior = try fields.word(1, "behavior")
        resumesAt = try fields.value(2, "resumes_at")
    }
}

// MARK: Prices

extension Tiering: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "mode", mode)
        fields.put(2, "tiers", unlessEmpty: tiers)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        mode = try fields.required(1, "mode")
        tiers = try fields.list(2, "tiers")
    }
}

extension Tiering.Tier: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "up_to", upTo)
        fields.put(2, "unit_amount", unitAmount)
        fields.put(3, "flat_amount", flatAmount)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        upTo = try fields.value(1, "up_to")
        unitAmount = try fields.value(2, "unit_amount")
        flatAmount = try fields.value(3, "flat_amount")
    }
}

extension TransformQuantity: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "divide_by", divideBy)
        fields.put(2, "round", round)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        let size: Int64 = try fields.required(1, "divide_by")
        guard let transform = Self(divideBy: size, round: try fields.required(2, "round")) else {
            throw fields.fault("a package of at least one unit")
        }
        self = transform
    }
}

extension InclusiveTax: Storable {
    func write(to fields: inout some FieldWriter) { fields.put(1, "rate", rate) }

    init(from fields: inout some FieldReader) throws(CodingFault) { rate = try fields.value(1, "rate") }
}
