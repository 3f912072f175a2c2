#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

extension RevenueCalculator {
    /// A figure with everything that it was made from, down to the records.
    ///
    /// The value is that of ``revenue(of:asOf:reportedIn:rates:)`` in whole minor units; the rounding is a term of its own.
    /// Currencies stand side by side. A subscription that does not count is there with nothing and the reason.
    ///
    /// - Parameters:
    ///   - metric: The figure.
    ///   - billing: What the customer is billed for.
    ///   - moment: The moment for which it holds.
    ///   - currency: The currency in which customers are compared.
    ///   - rates: What other currencies are converted at.
    public func proof(
        of metric: RevenueMetric, _ billing: CustomerBilling, asOf moment: Date, reportedIn currency: Currency,
        rates: ExchangeRates? = nil
    ) -> Proof {
        let table = rates?.table(at: moment)
        switch metric {
        case .ltv, .ltvNet:
            var trace = ProofTracer()
            let paid = paid(billing, &trace, metric)
            return assembled(metric, metric == .ltv ? paid.gross : paid.net, trace.proofs, nil)
        case .mrr, .arr, .mrrReporting, .subscriptionCount:
            var tally = RevenueTally(ProofTracer(), asOf: Expiry(asOf: moment))
            let mrr = mrr(of: billing, &tally, currency, table)
            let parts = tally.trace.proofs
            switch metric {
            case .arr: return assembled(metric, Self.yearly(mrr), parts, 12)
            case .mrrReporting: return reportingProof(mrr, parts, currency, table)
            case .subscriptionCount: return countProof(billing, tally.count, parts)
            default: return assembled(metric, mrr, parts, nil)
            }
        }
    }

    /// The sums by currency, side by side.
    private func assembled(
        _ metric: RevenueMetric, _ value: Reading<CurrencyTotals>, _ parts: [Proof], _ times: Int64?
    ) -> Proof {
        let rule = metric == .ltv || metric == .ltvNet ? nil : policy.label
        guard case .known(let totals) = value else {
            return Proof(metric.rawValue, .unknown(value.reason ?? .notReported), .open, rule: rule, parts: parts)
        }
        var rounded = CurrencyTotals()
        var sums: [Proof] = []
        for entry in totals.entries {
            let exact = entry.amount.multiplied(by: 1, over: times ?? 1) ?? entry.amount
            var sum = Self.sum("\(metric.rawValue) \(entry.currency.code)", exact, entry.currency, parts)
            if let times {
                sum.name = "mrr \(entry.currency.code)"
                let factor = Proof.ruled("months in a year", .number(Fraction(times)), by: "arr is twelve times mrr")
                sum = Proof(
                    "\(metric.rawValue) \(entry.currency.code)", .amount(entry.amount, entry.currency), .sum,
                    parts: [
                        Proof("a year of it", .amount(entry.amount, entry.currency), .product, parts: [sum, factor])
                    ])
            }
            sums.append(Self.rounded(sum, entry.amount, entry.currency))
            _ = rounded.add(entry.amount.rounded.map { Fraction($0) } ?? entry.amount, entry.currency)
        }
        return Proof(
            metric.rawValue, .amounts(rounded), .sideBySide, rule: rule, parts: sums + Self.unknowns(of: parts))
    }

    private func reportingProof(
        _ mrr: Reading<CurrencyTotals>, _ parts: [Proof], _ currency: Currency, _ table: ExchangeRates.Table?
    ) -> Proof {
        let name = RevenueMetric.mrrReporting.rawValue
        guard case .known(let totals) = mrr else {
            return Proof(name, .unknown(mrr.reason ?? .notReported), .open, rule: policy.label, parts: parts)
        }
        var sums: [Proof] = []
        for entry in totals.entries {
            let sum = Self.sum("mrr \(entry.currency.code)", entry.amount, entry.currency, parts)
            guard entry.currency != currency, entry.amount != .zero else {
                if entry.currency == currency { sums.append(sum) }
                continue
            }
            guard let rate = table?.minorRate(from: entry.currency, to: currency),
                let converted = entry.amount.multiplied(by: rate), let date = table?.date
            else { continue }
            let rule = "rates of \(Timestamp.format(date))"
            sums.append(
                Proof(
                    "mrr \(entry.currency.code) in \(currency.code)", .amount(converted, currency), .product,
                    parts: [
                        sum, .ruled("rate", .number(rate), by: rule),
                    ]))
        }
        let (reading, _) = Self.reporting(totals, currency, table)
        guard case .known(let value) = reading else {
            return Proof(name, .unknown(reading.reason ?? .noRate), .open, rule: policy.label, parts: parts)
        }
        let sum = Proof(name, .amount(value, currency), .sum, rule: policy.label, parts: sums)
        return Self.rounded(sum, value, currency)
    }

    private func countProof(_ billing: CustomerBilling, _ count: Int, _ parts: [Proof]) -> Proof {
        let name = RevenueMetric.subscriptionCount.rawValue
        guard case .known = billing.subscriptions else {
            return Proof(name, .unknown(billing.subscriptions.reason ?? .notReported), .open, rule: policy.label)
        }
        let ones = parts.filter { counts($0) }
        return Proof(name, .number(count), .count, rule: policy.label, parts: ones)
    }

    /// Whether a subscription's step is one of those that count.
    private func counts(_ step: Proof) -> Bool {
        if step.parts.contains(where: { $0.name == "not counted" || $0.name == "not known" }) { return false }
        guard !policy.countsFree, !step.parts.isEmpty else { return true }
        return step.parts.contains { $0.value.exact != .zero }
    }

    // MARK: Steps

    /// What adds up to one currency's amount: of each subscription or payment the terms in that currency.
    private static func sum(_ name: String, _ amount: Fraction, _ currency: Currency, _ parts: [Proof]) -> Proof {
        var terms: [Proof] = []
        for part in parts {
            guard part.basis == .sideBySide else {
                if part.value.isAmount(of: currency) { terms.append(part) }
                continue
            }
            let own = part.parts.filter { $0.value.isAmount(of: currency) }
            guard !own.isEmpty else { continue }
            let total = own.reduce(Fraction.zero) { $0.addingCoarsely($1.value.exact ?? .zero) ?? $0 }
            terms.append(Proof(part.name, .amount(total, currency), .sum, parts: own))
        }
        return Proof(name, .amount(amount, currency), .sum, parts: terms)
    }

    /// The same with a last term that brings it to whole minor units, where it is none yet.
    private static func rounded(_ sum: Proof, _ amount: Fraction, _ currency: Currency) -> Proof {
        guard let whole = amount.rounded.map({ Fraction($0) }), let step = whole.subtracting(amount), step != .zero
        else { return sum }
        var sum = sum
        sum.parts.append(Proof("rounding", .amount(step, currency), .correction(.rounded)))
        sum.value = .amount(whole, currency)
        return sum
    }

    /// What is in no sum.
    private static func unknowns(of parts: [Proof]) -> [Proof] {
        parts.compactMap { part in
            guard part.basis == .sideBySide else { return part.value.isUnknown ? part : nil }
            let own = part.parts.filter(\.value.isUnknown)
            guard let first = own.first else { return nil }
            return Proof(part.name, first.value, .open, parts: own)
        }
    }
}

extension ProofValue {
    fileprivate func isAmount(of currency: Currency) -> Bool {
        if case .amount(_, currency) = self { true } else { false }
    }

    fileprivate var isUnknown: Bool {
        if case .unknown = self { true } else { false }
    }
}
