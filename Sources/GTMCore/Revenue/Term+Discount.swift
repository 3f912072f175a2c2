extension Term {
    /// What is left of a price after a discount, never below 0; `nil` where it does not fit.
    ///
    /// - Parameters:
    ///   - discount: The discount. An amount in another currency takes nothing off.
    ///   - currency: The price's currency.
    ///   - told: Makes a leaf of a member of the discount; asked where proofs are kept.
    func less(_ discount: Discount, _ currency: Currency, _ told: (_ member: String, ProofValue) -> Proof) -> Self? {
        switch discount.reduction {
        case .percent:
            guard let share = discount.share, let kept = Fraction(1).subtracting(share),
                let left = number.multiplied(by: kept)
            else { return nil }
            return Term(
                number: left,
                step: Trace.step {
                    let factor = Self.keptProof(discount, share, kept, told)
                    return Proof("price", .amount(left, currency), .product, parts: factors + [factor])
                })
        case .amount(let amount):
            guard amount.currency == currency, amount.minorUnits > 0 else { return self }
            let off = Fraction(amount.minorUnits)
            guard let rest = number.subtracting(off) else { return nil }
            let left = max(rest, .zero)
            return Term(
                number: left,
                step: Trace.step {
                    var parts = [proof, Self.offProof(discount, off, currency, told)]
                    if rest < .zero {
                        let correction = Fraction.zero.subtracting(rest) ?? .zero
                        parts.append(
                            Proof("not below 0", .amount(correction, currency), .correction(.notNegative)))
                    }
                    return Proof("price", .amount(left, currency), .sum, parts: parts)
                })
        }
    }

    /// The part of a price that a percentage leaves: 1 less so many hundredths.
    private static func keptProof(
        _ discount: Discount, _ share: Fraction, _ kept: Fraction, _ told: (String, ProofValue) -> Proof
    ) -> Proof {
        let rule = "discounts take off hundredths"
        let percent = share.multiplied(by: 100) ?? .zero
        var leaf = told("percent_off", .number(percent))
        if case .percent(let written) = discount.reduction, written != percent {
            leaf = Proof(
                "percent_off", .number(percent), .sum,
                parts: [
                    told("percent_off", .number(written)),
                    Proof(
                        "held to 0...100", .number(percent.subtracting(written) ?? .zero),
                        .correction(.held(from: 0, to: 100))),
                ])
        }
        return Proof(
            name(discount), .number(kept), .sum,
            parts: [
                .ruled("whole price", .number(1), by: rule),
                Proof(
                    "off", .number(Fraction.zero.subtracting(share) ?? .zero), .product,
                    parts: [leaf, .ruled("hundredth off", .number(Fraction(-1, over: 100) ?? .zero), by: rule)]),
            ])
    }

    private static func offProof(
        _ discount: Discount, _ off: Fraction, _ currency: Currency, _ told: (String, ProofValue) -> Proof
    ) -> Proof {
        Proof(
            name(discount), .amount(Fraction.zero.subtracting(off) ?? .zero, currency), .product,
            parts: [
                told("amount_off", .amount(off, currency)),
                .ruled("off", .number(-1), by: "discounts take off each invoice"),
            ])
    }

    private static func name(_ discount: Discount) -> String {
        discount.name.map { "discount \($0)" } ?? "discount"
    }
}
