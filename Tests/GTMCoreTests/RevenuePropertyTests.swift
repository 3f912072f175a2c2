import Testing

@testable import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("Revenue of random customers") struct RevenuePropertyTests {
    /// Customers in each of ten parts: 2000 in all, and 100,000 where `GTM_PROPERTY_SEEDS` is 10000.
    private static let perPart: UInt64 =
        ProcessInfo.processInfo.environment["GTM_PROPERTY_SEEDS"].flatMap { UInt64($0) } ?? 200

    private func decimal(_ fraction: Fraction) -> Decimal {
        (Decimal(string: "\(fraction.numerator)") ?? .nan) / (Decimal(string: "\(fraction.denominator)") ?? .nan)
    }

    /// The nearest whole number, halves away from zero.
    private func rounded(_ number: Decimal) -> Decimal {
        let digits = "\(abs(number) + 0.5)".prefix { $0 != "." }
        let whole = Decimal(string: String(digits)) ?? .nan
        return number < 0 ? -whole : whole
    }

    @Test("An independent computation agrees to the minor unit", arguments: 0..<10 as Range<UInt64>)
    func agreesWithOracle(part: UInt64) throws {
        for seed in (part * Self.perPart)..<((part + 1) * Self.perPart) {
            let customer = RandomBilling(seed: seed)
            let policy = RandomBilling.policies[Int(seed % UInt64(RandomBilling.policies.count))]
            let own = revenue(customer.billing, policy).mrr
            guard let other = RevenueOracle(policy: policy, now: day(0)).mrr(customer.subscriptions) else {
                #expect(own == .unknown(.notReported), "seed \(seed)")
                continue
            }
            let totals = try #require(own.value, "seed \(seed): \(own)")
            var entries = totals.entries
            if other.isEmpty { entries.removeAll { $0.amount == .zero } }
            try #require(entries.map(\.currency) == other.keys.sorted(), "seed \(seed)")
            for entry in entries {
                let expected = try #require(other[entry.currency])
                let distance: Decimal = abs(decimal(entry.amount) - expected)
                try #require(distance < 0.000000000001, "seed \(seed): \(entry) \(expected)")
                let whole = rounded(expected)
                // What lies closer to a half than 38 digits can tell is not compared.
                let rest: Decimal = abs(abs(expected - whole) - 0.5)
                if rest > 0.000000001 {
                    #expect(entry.amount.rounded.map { Decimal($0) } == whole, "seed \(seed)")
                }
            }
        }
    }

    @Test(
        "Every figure opens: leaves give it again, terms add up to it, it is the value",
        arguments: 0..<10 as Range<UInt64>)
    func proofs(part: UInt64) throws {
        let rates = ExchangeRates(
            [
                ExchangeRates.Table(
                    date: day(-3), base: .eur, rates: [.usd: Fraction(11, over: 10) ?? .zero, .jpy: Fraction(160)])
            ]
            .compactMap { $0 })
        for seed in (part * Self.perPart)..<((part + 1) * Self.perPart) {
            let billing = RandomBilling(seed: seed).billing
            let calculator = RevenueCalculator(
                policy: RandomBilling.policies[Int(seed % UInt64(RandomBilling.policies.count))])
            let value = calculator.revenue(of: billing, asOf: day(0), reportedIn: .usd, rates: rates)
            for metric in RevenueMetric.allCases {
                let proof = calculator.proof(of: metric, billing, asOf: day(0), reportedIn: .usd, rates: rates)
                try #require(proof.value == value.shown(metric), "seed \(seed) \(metric)")
                try #require(proof.replayed() == proof.value, "seed \(seed) \(metric)")
                try expectTermsAddUp(proof, "seed \(seed) \(metric)")
            }
        }
    }

    private func expectTermsAddUp(_ proof: Proof, _ comment: Comment) throws {
        switch proof.value {
        case .amount(let amount, let currency):
            let sum = proof.terms.reduce(Fraction.zero) { $0.addingCoarsely($1.proof.value.exact ?? .zero) ?? $0 }
            try #require(sum == amount, comment)
            #expect(!proof.terms.isEmpty || amount == .zero, comment)
            _ = currency
        case .amounts(let totals):
            var sums = CurrencyTotals()
            for entry in totals.entries { _ = sums.add(.zero, entry.currency) }
            for term in proof.terms {
                if case .amount(let amount, let currency) = term.proof.value { _ = sums.add(amount, currency) }
            }
            try #require(sums == totals, comment)
        default: break
        }
    }

    @Test("Two policies are reconciled without remainder", arguments: 0..<10 as Range<UInt64>)
    func reconciles(part: UInt64) throws {
        let policies = RandomBilling.policies
        let (first, second) = (policies[Int(part) % policies.count], policies[Int(part * 3 + 1) % policies.count])
        var report = MRRReconciliation(from: first, to: second, asOf: day(0))
        var (before, after) = (CurrencyTotals(), CurrencyTotals())
        for seed in 0..<Self.perPart {
            let customer = customer("\(seed)@x.test", RandomBilling(seed: seed).billing)
            report.add(customer)
            for subscription in customer.billing.subscriptions.value ?? [] {
                let alone = billing([subscription.value])
                if let own = revenue(alone, first).mrr.value { _ = before.add(own) }
                if let own = revenue(alone, second).mrr.value { _ = after.add(own) }
            }
        }
        for total in report.totals {
            #expect(total.before == before[total.currency] ?? .zero)
            #expect(total.after == after[total.currency] ?? .zero)
            let printed = try #require(total.printed)
            let sum = printed.reasons.reduce(printed.before.minorUnits + printed.rounding.minorUnits) {
                $0 + $1.amount.minorUnits
            }
            #expect(sum == printed.after.minorUnits)
            #expect(abs(printed.rounding.minorUnits) <= Int64(printed.reasons.count + 1))
        }
        for line in report.lines {
            let sum = line.reasons.reduce(line.before) { $0.addingCoarsely($1.amount) ?? $0 }
            #expect(sum == line.after)
            #expect(!line.reasons.isEmpty)
        }
        if first == second { #expect(report.lines.isEmpty && report.unknown.isEmpty) }
    }

    private func customer(_ email: String, _ billing: CustomerBilling) -> UnifiedCustomer {
        let version = RecordVersion(record: contact("1", email: email), recordedAt: day(0), sequence: 1)
        let file = CustomerFile(key: .email(EmailAddress(storedText: email)), people: [version])
        var customer = CustomerResolver().resolve(file, context())
        customer.billing = billing
        return customer
    }

    @Test("Whatever a store may hold is defined, and never a crash", arguments: 0..<60 as Range<UInt64>)
    func neverTraps(seed: UInt64) {
        var maker = ValueMaker(seed: seed)
        for fact in maker.facts() {
            guard case .contact(let contact) = fact.kind, let mirror = contact.value.billing else { continue }
            let billing = billing(mirror.subscriptions ?? [], payments: mirror.payments ?? [])
            for policy in RandomBilling.policies {
                let calculator = RevenueCalculator(policy: policy)
                let value = calculator.revenue(of: billing, asOf: day(0), reportedIn: .usd)
                for metric in RevenueMetric.allCases {
                    let proof = calculator.proof(of: metric, billing, asOf: day(0), reportedIn: .usd)
                    #expect(proof.value == value.shown(metric))
                }
                _ =
                    MRRReconciliation(of: [customer("a@x.test", billing)], from: policy, to: .chartMogul, asOf: day(0))
                    .totals
            }
        }
    }
}

extension Revenue {
    /// A figure as its proof shows it: in whole minor units.
    func shown(_ metric: RevenueMetric) -> ProofValue {
        func amounts(_ reading: Reading<CurrencyTotals>) -> ProofValue {
            switch reading {
            case .unknown(let reason): return .unknown(reason)
            case .known(let totals):
                var rounded = CurrencyTotals()
                for money in totals.rounded { _ = rounded.add(Fraction(money.minorUnits), money.currency) }
                return .amounts(rounded)
            }
        }
        switch metric {
        case .mrr: return amounts(mrr)
        case .arr: return amounts(arr)
        case .ltv: return amounts(ltv)
        case .ltvNet: return amounts(ltvNet)
        case .mrrReporting:
            switch mrrReporting {
            case .known(let amount): return .amount(Fraction(amount.rounded ?? 0), .usd)
            case .unknown(let reason): return .unknown(reason)
            }
        case .subscriptionCount:
            switch subscriptionCount {
            case .known(let count): return .number(count)
            case .unknown(let reason): return .unknown(reason)
            }
        }
    }
}
