import Testing

@testable import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("The master directive and the code say the same") struct MasterDirectiveTests {
    let blocks: [String: JSONValue]

    init() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let bytes = Array(try Data(contentsOf: root.appendingPathComponent("directives/master.md")))
        var blocks: [String: JSONValue] = [:]
        for part in String(decoding: bytes, as: UTF8.self).split(separator: "```json ").dropFirst() {
            let name = part.prefix { $0 != "\n" }
            let text = part.dropFirst(name.count).split(separator: "```", maxSplits: 1)[0]
            blocks[String(name)] = try JSONReader.read(String(text)).value
        }
        self.blocks = blocks
    }

    private func words(_ value: JSONValue?) -> [String]? { value?.array?.compactMap(\.string) }

    private func numbers(_ value: JSONValue?) -> [String: Int] {
        Dictionary((value?.object?.members ?? []).map { ($0.key, Int($0.value.integer ?? -1)) }) { first, _ in first }
    }

    private func days(_ duration: Duration) -> Int { Int(duration.components.seconds / 86_400) }

    @Test("Revenue") func revenue() throws {
        let block = blocks["revenue"]
        let policy = MRRPolicy.activeOnly
        #expect(block?["policy"]?.string == policy.name)
        #expect(block?["version"]?.integer == Int64(policy.version))
        #expect(words(block?["counted_statuses"]) == policy.counted.map(\.rawValue).sorted())
        let months = try #require(block?["months_per_year"]?.integer)
        let weeks = try #require(block?["weeks_per_year"]?.integer)
        let days = try #require(block?["days_per_year"]?.integer)
        let price = Fraction(1)
        #expect(policy.monthly(price, every: .year) == price.multiplied(by: 1, over: months))
        let week = try #require(BillingInterval(.week)), day = try #require(BillingInterval(.day))
        #expect(policy.monthly(price, every: week) == price.multiplied(by: weeks, over: months))
        #expect(policy.monthly(price, every: day) == price.multiplied(by: days, over: months))
    }

    @Test("Health") func health() throws {
        let block = blocks["health"]
        let profile = HealthProfile.sixComponent
        #expect(block?["profile"]?.string == profile.name)
        #expect(block?["version"]?.integer == Int64(profile.version))
        let components = try #require(block?["components"]?.array)
        #expect(components.map { $0["name"]?.string } == profile.components.map(\.kind.rawValue))
        #expect(components.map { $0["weight"]?.integer } == profile.components.map { Int64($0.weight) })
        for (told, component) in zip(components, profile.components) {
            let knots = told["curve"]?.array?.map { $0.array?.compactMap(\.integer) ?? [] }
            #expect(knots == component.curve.knots.map { [$0.input, $0.points] })
        }
        #expect(
            numbers(block?["penalties"])
                == Dictionary(uniqueKeysWithValues: profile.penalties.map { ($0.signal.rawValue, $0.points) }))
        #expect(
            numbers(block?["bands"])
                == Dictionary(uniqueKeysWithValues: profile.bands.map { ($0.status.rawValue, $0.from) }))
        #expect(
            block?["caps"]?.object?.members.map { [$0.key, $0.value.string] }
                == profile.caps.map { [$0.signal.rawValue, $0.status.rawValue] })
        #expect(block?["minimum_coverage_percent"]?.integer == Int64(profile.minimumCoverage))
        #expect(block?["inactive_days"]?.integer == Int64(HealthProfile.inactiveDays))
        #expect(block?["delinquent_payment_points"]?.integer == Int64(HealthProfile.delinquentPaymentPoints))
        #expect(
            numbers(block?["payment_points"])
                == Dictionary(
                    uniqueKeysWithValues: SubscriptionStatus.allCases.map {
                        ($0.rawValue, HealthProfile.paymentPoints($0))
                    }))
    }

    @Test("Windows") func windows() {
        let calculator = ActivityCalculator()
        #expect(
            numbers(blocks["windows"]) == [
                "cancel_mention_days": days(calculator.mentionWindow), "tone_days": days(calculator.toneWindow),
                "recent_conversation_days": days(calculator.conversationWindow),
                "rating_days": days(calculator.ratingWindow),
                "stale_after_days": days(GTMEngine.Configuration().staleAfter),
            ])
        #expect(
            GTMEngine.Configuration().staleAfter
                == ResolutionContext(asOf: Date(timeIntervalSince1970: 0), coverage: []).staleAfter)
    }

    @Test("Syncing") func sync() {
        #expect(
            numbers(blocks["sync"]) == [
                "resume_within_hours": Int(StreamPlan.resumeWithin / 3600), "restarts": StreamPlan.maximumRestarts,
                "absence_believed_percent": AbsencePlan.believedPercent,
                "absence_believed_count": AbsencePlan.believedCount,
                "sources_at_once": SyncEngine(store: InMemoryStore()).concurrency,
            ])
    }
}
