import GTMCore

/// Proofs as JSON. Amounts and points are decimals, rounded where they have to be; `exact` holds the fraction then.
enum ProofDocument {
    static func line(_ explanation: Explanation) -> String {
        let object: JSONObject = [
            "customer": .string(explanation.customer.description), "metric": .string(explanation.metric.rawValue),
            "as_of": .string(Timestamp.format(explanation.asOf)), "proof": .object(object(explanation.proof)),
        ]
        return JSONWriter.text(.object(object)) + "\n"
    }

    static func object(_ proof: Proof) -> JSONObject {
        var object: JSONObject = ["name": .string(proof.name)]
        for member in members(of: proof.value) { object[member.key] = member.value }
        object["basis"] = .string(word(proof.basis))
        if let rule = proof.rule { object["rule"] = .string(rule) }
        if case .told(let origin) = proof.basis {
            object["source"] = [
                "record": .string(origin.record.description), "field": .string(origin.field),
                "changed_at": origin.changedAt.map { .string(Timestamp.format($0)) } ?? .null,
                "recorded_at": .string(Timestamp.format(origin.recordedAt)),
                "commit": .integer(Int64(clamping: origin.sequence)),
            ]
        }
        if case .curve(let curve) = proof.basis {
            object["curve"] = .array(curve.knots.map { [.integer($0.input), .integer($0.points)] })
        }
        if case .correction(.held(let low, let high)) = proof.basis {
            object["from"] = .integer(Int64(low))
            object["to"] = .integer(Int64(high))
        }
        if !proof.parts.isEmpty { object["parts"] = .array(proof.parts.map { .object(self.object($0)) }) }
        return object
    }

    /// A value's members: `value`, and `currency`, `unit`, `exact` or `unknown` where it has them.
    static func members(of value: ProofValue) -> [JSONObject.Member] {
        switch value {
        case .amount(let amount, let currency):
            let rounded = amount.rounded.map { Money(minorUnits: $0, currency: currency).decimal }
            return [
                .init(key: "value", value: rounded.map { .decimal($0) } ?? .null),
                .init(key: "currency", value: .string(currency.code)),
            ] + exact(amount, isShown: amount.denominator != 1, "exact_minor_units")
        case .amounts(let totals): return [.init(key: "value", value: CustomerDocument.totals(totals))]
        case .points(let points): return [.init(key: "value", value: decimal(points))] + rest(points)
        case .number(let number): return [.init(key: "value", value: decimal(number))] + rest(number)
        case .moment(let moment): return [.init(key: "value", value: .string(Timestamp.format(moment)))]
        case .text(let text): return [.init(key: "value", value: .string(text))]
        case .flag(let flag): return [.init(key: "value", value: .bool(flag))]
        case .unknown(let reason):
            return [.init(key: "value", value: .null), .init(key: "unknown", value: .string(reason.description))]
        }
    }

    private static func rest(_ number: Fraction) -> [JSONObject.Member] {
        exact(number, isShown: number.multiplied(by: 1000)?.denominator != 1, "exact")
    }

    private static func exact(_ number: Fraction, isShown: Bool, _ name: String) -> [JSONObject.Member] {
        isShown ? [.init(key: name, value: .string(number.description))] : []
    }

    private static func decimal(_ number: Fraction) -> JSONValue {
        number.multiplied(by: 1000)?.rounded.map { .decimal(pointsText(Int($0))) } ?? .null
    }

    private static func word(_ basis: ProofBasis) -> String {
        switch basis {
        case .told: "told"
        case .ruled: "ruled"
        case .asked: "asked"
        case .sum: "sum"
        case .product: "product"
        case .quotient: "quotient"
        case .least: "least"
        case .greatest: "greatest"
        case .first: "first"
        case .count: "count"
        case .majorUnits: "major_units"
        case .curve: "curve"
        case .days: "days"
        case .months: "months"
        case .any: "any"
        case .correction(.rounded): "rounded"
        case .correction(.roundedUp): "rounded_up"
        case .correction(.roundedDown): "rounded_down"
        case .correction(.cut): "cut"
        case .correction(.held): "held"
        case .correction(.notNegative): "not_negative"
        case .sideBySide: "side_by_side"
        case .open: "open"
        }
    }
}
