import GTMCore
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("Other profiles over the whole portfolio") struct WhatIfTests {
    /// Ada pays 100 a month and was seen today, Bo 20 and was not seen for 40 days, Cy pays in euros, Di is unknown.
    private func filled() async -> InMemoryStore {
        await store([
            contact("1", email: "ada@x.test") {
                $0.lastSeenAt = day(0)
                $0.mirror("cus_1", subscriptions: [subscription("sub_1")])
            },
            contact("2", email: "bo@x.test") {
                $0.lastSeenAt = day(-40)
                $0.mirror(
                    "cus_2", subscriptions: [subscription("sub_2", .pastDue, cents: 2000), subscription("sub_3")])
            },
            contact("3", email: "cy@x.test") {
                $0.lastSeenAt = day(-3)
                $0.mirror("cus_3", subscriptions: [subscription("sub_4", cents: 500, .eur)])
            },
            contact("4", email: "di@x.test"),
        ])
    }

    private func engine(_ store: InMemoryStore, _ profile: HealthProfile = .sixComponent) -> GTMEngine {
        var configuration = GTMEngine.Configuration()
        configuration.profile = profile
        return GTMEngine(store: store, configuration: configuration, now: { day(0) })
    }

    /// The six components, in which being seen is all.
    private var harsh: HealthProfile {
        var profile = HealthProfile.sixComponent
        profile.name = "harsh"
        profile.minimumCoverage = 0
        for place in profile.bands.indices where profile.bands[place].from > 0 { profile.bands[place].from += 28 }
        return profile
    }

    @Test("Who changes status, and what money moves, by currency") func changes() async throws {
        let store = await filled()
        let engine = engine(store)
        let whatIf = try await engine.whatIf(harsh)
        #expect(whatIf.customers == 4)
        let before = try await engine.customers().customers
        let after = try await self.engine(store, harsh).customers().customers
        for (one, other) in zip(before, after) {
            let change = whatIf.changes.first { $0.key == one.key }
            #expect((change == nil) == (one.health.status == other.health.status))
            guard let change else { continue }
            #expect(change.passage == .init(from: one.health.status, to: other.health.status))
            #expect(change.scoreBefore == one.health.score.value && change.scoreAfter == other.health.score.value)
            #expect(change.mrr == one.revenue.mrr.value)
        }
        #expect(whatIf.changes.count >= 2)
        // Ordered by the money, and the money adds up to all of it, whichever way it is looked at.
        let money = whatIf.changes.map { $0.mrrReporting ?? Fraction(-1) }
        #expect(money == money.sorted(by: >))
        let portfolio = try await engine.portfolio()
        for bands in [whatIf.bandsBefore, whatIf.bandsAfter] {
            var (sum, isWhole) = (CurrencyTotals(), true)
            for (_, group) in bands { isWhole = sum.add(group.mrr) && isWhole }
            #expect(isWhole && sum == portfolio.mrr)
            #expect(bands.reduce(0) { $0 + $1.group.customers } == 4)
        }
        #expect(whatIf.bandsBefore.map(\.status) == [.healthy, .atRisk, .highRisk, .critical, .insufficientData])
    }

    @Test("Customers assessed before, not assessed yet, and without what health was computed from give the same")
    func sameEitherWay() async throws {
        let fresh = await filled()
        let assessed = await filled()
        try await engine(assessed).assess()
        let old = await filled()
        var batch = StoreBatch(recordedAt: day(0))
        batch.assessments = await assessed.customers(CustomerQuery(), by: .engine).summaries.map {
            var summary = $0
            summary.inputs = nil
            return summary
        }
        batch.assessedAt = await old.due(asOf: day(0), by: .engine).sequence
        _ = await old.commit(batch, by: .engine)
        #expect(await old.due(asOf: day(0), by: .engine).keys.isEmpty)
        let results = [
            try await engine(fresh).whatIf(harsh), try await engine(assessed).whatIf(harsh),
            try await engine(old).whatIf(harsh),
        ]
        #expect(results[0] == results[1] && results[0] == results[2])
    }

    @Test("Nothing is written") func writesNothing() async throws {
        let store = await filled()
        _ = try await engine(store).whatIf(harsh)
        #expect(await store.scoredProfiles(by: .engine).isEmpty)
        #expect(await store.due(asOf: day(0), by: .engine).keys.count == 4)
        try await engine(store).assess()
        let before = await store.customers(CustomerQuery(), by: .engine)
        _ = try await engine(store).whatIf(.fourFactor)
        #expect(await store.customers(CustomerQuery(), by: .engine) == before)
    }

    @Test("The profile in force compared with itself changes nobody") func itself() async throws {
        let whatIf = try await engine(await filled()).whatIf(.sixComponent)
        #expect(whatIf.changes.isEmpty && whatIf.customers == 4)
        #expect(whatIf.groups.keys.allSatisfy { $0.before == $0.after })
    }

    @Test("Customers scored by another profile are assessed anew, each once") func switching() async throws {
        let store = await filled()
        try await engine(store).assess()
        #expect(await store.scoredProfiles(by: .engine) == [HealthProfile.sixComponent.fingerprint])
        #expect(try await engine(store).assess() == nil)
        let page = try await engine(store, .fourFactor).customers()
        #expect(page.customers.allSatisfy { $0.health.profile == "four-factor" })
        #expect(await store.scoredProfiles(by: .engine) == [HealthProfile.fourFactor.fingerprint])
        let statuses = Set(HealthProfile.fourFactor.statuses)
        #expect(
            await store.customers(CustomerQuery(), by: .engine).summaries.allSatisfy { statuses.contains($0.status) })
        let portfolio = try await engine(store, .fourFactor).portfolio()
        #expect(portfolio.bands.keys.allSatisfy(statuses.contains))
        let risky = page.customers.filter { $0.health.isAtRisk }.count
        #expect(portfolio.atRiskCount + portfolio.criticalCount == risky)
        // Edited without a new version: another profile all the same.
        var edited = HealthProfile.fourFactor
        edited.components[0].weight = 29
        edited.components[1].weight = 21
        #expect(edited.fingerprint != HealthProfile.fourFactor.fingerprint)
        #expect(try await engine(store, edited).assess() != nil)
    }

    @Test("A host's own measure is weighed, kept, and asked for where it came later") func hostMeasure() async throws {
        let store = await filled()
        try await engine(store).assess()
        let letters = HostMeasure("letters_in_address") { facts in
            Reading(facts.customer.key.email.map { Fraction(Int64($0.normalized.utf8.count)) }, otherwise: .undefined)
        }
        let curve = try #require(Curve([(9, 100), (10, 0)]))
        let profile = HealthProfile(
            name: "letters", version: 1,
            components: [HealthComponent("shortness", weight: 100, letters.measure, curve: curve)],
            bands: [HealthBand(.good, from: 50), HealthBand(.critical, from: 0, countsAs: .critical)])
        var configuration = GTMEngine.Configuration()
        configuration.hostMeasures = [letters]
        let hosted = GTMEngine(store: store, configuration: configuration, now: { day(0) })
        let whatIf = try await hosted.whatIf(profile)
        #expect(whatIf.bandsAfter.map(\.group.customers) == [3, 1, 0])
        // Without the measure nothing is known.
        let without = try await engine(store).whatIf(profile)
        #expect(without.bandsAfter.map(\.group.customers) == [0, 0, 4])
        configuration.profile = profile
        let scored = try await GTMEngine(store: store, configuration: configuration, now: { day(0) }).customers()
        let ada = try #require(scored.customers.first)
        #expect(ada.key.description == "ada@x.test" && ada.health.status == .critical)
        let proof = HealthCalculator(profile: profile).proof(of: ada.inputs)
        #expect(proof.leaves.contains(.asked("letters_in_address", .number(Fraction(10)))))
        let shortness = try #require(ada.health.components.first)
        #expect(shortness.name == "shortness" && shortness.measures == [letters.measure])
        #expect(shortness.weight == 100 && shortness.points == .known(0))
    }
}
