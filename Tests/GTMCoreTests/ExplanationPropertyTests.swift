import Testing

@testable import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Every number of every customer of random worlds, opened; `GTM_PROPERTY_SEEDS` asks for more worlds.
@Suite("Properties of explanations") struct ExplanationPropertyTests {
    private static let parts = 16
    private static let seeds: Int =
        ProcessInfo.processInfo.environment["GTM_PROPERTY_SEEDS"].flatMap { Int($0) } ?? 200

    /// What is wrong with a proof of a number; `nil` where nothing is.
    private func fault(_ proof: Proof, _ value: ProofValue) -> String? {
        if proof.value != value { return "shows \(proof.value), assessed is \(value)" }
        if case .unknown = value { return nil }
        if proof.replayed() != value { return "replayed gives \(String(describing: proof.replayed())), not \(value)" }
        if case .amounts(let totals) = value {
            for entry in totals.entries {
                var sum = Fraction.zero
                for term in proof.terms {
                    guard case .amount(let amount, entry.currency) = term.proof.value else { continue }
                    sum = sum.adding(amount) ?? sum
                }
                if sum != entry.amount { return "terms of \(entry.currency) add up to \(sum), not \(entry.amount)" }
            }
            return nil
        }
        let sum = proof.terms.reduce(Fraction.zero) { $0.adding($1.proof.value.exact ?? .zero) ?? $0 }
        return sum == value.exact ? nil : "terms add up to \(sum), not \(value)"
    }

    private func rounded(_ totals: Reading<CurrencyTotals>) -> ProofValue {
        switch totals {
        case .known(let totals):
            var whole = CurrencyTotals()
            for entry in totals.entries {
                _ = whole.add(entry.amount.rounded.map { Fraction($0) } ?? .zero, entry.currency)
            }
            return .amounts(whole)
        case .unknown(let reason): return .unknown(reason)
        }
    }

    private func value(_ metric: ExplainedMetric, _ view: Assessment) -> ProofValue {
        switch metric {
        case .mrr: rounded(view.revenue.mrr)
        case .ltv: rounded(view.revenue.ltv)
        case .ltvNet: rounded(view.revenue.ltvNet)
        case .health: .thousandths(view.health.score)
        case .risk: .thousandths(view.health.churnRisk)
        case .quality: .thousandths(view.quality.score)
        }
    }

    @Test(
        "A proof shows what is assessed, its terms add up to it, its leaves alone give it again", arguments: 0..<parts)
    func proofs(part: Int) async throws {
        for seed in stride(from: part, to: Self.seeds, by: Self.parts) {
            let world = RandomWorld(seed: UInt64(seed))
            let store = InMemoryStore()
            var batch = StoreBatch(recordedAt: epoch)
            batch.records = world.records
            batch.rules = world.rules
            _ = await store.commit(batch, by: .engine)
            let assessor = Assessor(profile: seed % 2 == 0 ? .sixComponent : .fourFactor)
            for file in try await store.files(CustomerScan(limit: .max), by: .unspecified) {
                let view = assessor.assess(file, RandomWorld.both)
                for metric in ExplainedMetric.allCases {
                    if let fault = fault(assessor.proof(of: metric, file, RandomWorld.both), value(metric, view)) {
                        Issue.record("seed \(seed), \(metric.rawValue) of \(file.key): \(fault)")
                        return
                    }
                }
            }
        }
    }

    @Test("What moved between two moments adds up to the whole", arguments: 0..<parts)
    func changes(part: Int) async throws {
        for seed in stride(from: part, to: Self.seeds, by: Self.parts) {
            let world = RandomWorld(seed: UInt64(seed))
            let store = InMemoryStore()
            for record in world.records {
                var batch = StoreBatch(recordedAt: max(record.changedAt ?? epoch, day(-60)))
                batch.records = [record]
                _ = await store.commit(batch, by: .engine)
            }
            let assessor = Assessor()
            let then = try await store.files(
                CustomerScan(at: TimePoint(knownAt: day(-20), validAt: day(-20)), limit: .max), by: .unspecified)
            for before in then {
                guard let after = try await store.customer(before.key, at: .latest, by: .unspecified) else { continue }
                for metric in ExplainedMetric.allCases {
                    let (old, new) = (
                        assessor.proof(of: metric, before, RandomWorld.both),
                        assessor.proof(of: metric, after, RandomWorld.both)
                    )
                    let change = ProofChange(from: old, to: new)
                    guard change.isComparable else { continue }
                    for currency in [Currency.usd, .eur, nil] {
                        func own(_ value: ProofValue?) -> Fraction {
                            switch value {
                            case .amount(let amount, let own) where own == currency: amount
                            case .amounts(let totals): currency.flatMap { totals[$0] } ?? .zero
                            case .points(let points) where currency == nil: points
                            default: .zero
                            }
                        }
                        let moved = change.lines.reduce(Fraction.zero) { $0.adding(own($1.change)) ?? $0 }
                        guard own(old.value).adding(moved) == own(new.value) else {
                            Issue.record("seed \(seed), \(metric.rawValue) of \(before.key): the changes do not add up")
                            return
                        }
                    }
                }
            }
        }
    }
}
