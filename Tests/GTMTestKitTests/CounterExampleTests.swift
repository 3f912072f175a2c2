import GTMCore
import GTMTestKit
import Testing

/// A check that was never seen failing proves nothing.
@Suite("Every check notices a store that breaks its promise") struct CounterExampleTests {
    private static let checks = Dictionary(
        Reopening.checks.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    /// The checks of stores with a defect; what is opened again is the same store.
    private func conformance(_ defect: Defect) -> StoreConformance {
        StoreConformance(make: { defect.store() }, reopen: { $0 }, seeds: 1...15)
    }

    @Test("Defect", arguments: Defect.all) func trips(defect: Defect) async throws {
        let conformance = conformance(defect)
        for name in defect.trips {
            let check = try #require(Self.checks[name], "there is no check \(name)")
            let violations = await conformance.run(check)
            #expect(!violations.isEmpty, "\(name) does not notice a store that \(defect.name)")
            guard let again = Self.checks["reopened.\(name)"] else { continue }
            let reopened = await conformance.run(again)
            #expect(!reopened.isEmpty, "reopened.\(name) does not notice a store that \(defect.name)")
        }
    }

    @Test("A store that is empty after opening again is noticed", arguments: ["same-answers", "goes-on"])
    func losesEverything(name: String) async throws {
        let forgetful = StoreConformance(make: { InMemoryStore() }, reopen: { _ in InMemoryStore() }, seeds: 1...3)
        let check = try #require(Self.checks["reopening.\(name)"])
        #expect(await !forgetful.run(check).isEmpty)
    }

    @Test("A store that throws is noticed, and every violation names its check") func throwing() async throws {
        let broken = StoreConformance(make: { throw StoreError(code: .unavailable, detail: "the disk is full") })
        for check in broken.checks {
            let violations = await broken.run(check)
            #expect(violations.map(\.check) == [check.name])
            #expect(violations.first?.found.contains("the disk is full") == true)
        }
    }

    @Test("Each check has a counter-example") func covered() {
        let tripped = Set(Defect.all.flatMap(\.trips))
        let unseen = Self.checks.keys.filter { name in
            let base = name.hasPrefix("reopened.") ? String(name.dropFirst("reopened.".count)) : name
            return !tripped.contains(base) && !base.hasPrefix("reopening.")
        }
        #expect(unseen.sorted() == [])
        let names = Defect.all.map(\.name)
        #expect(Set(names).count == names.count)
    }
}
