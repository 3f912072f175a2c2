import GTMCore

extension StoreConformance {
    /// A store of customers `p0@x.test` and so on, each with a summary.
    private static func listed(
        _ trial: Trial, _ count: Int, _ fill: (Int, inout AssessmentSummary) -> Void
    ) async throws -> any CustomerStore {
        let store = try await trial.store()
        try await store.take((0..<count).map { number in try contact("p\(number)", "p\(number)@x.test") }, at: 1)
        var summaries: [AssessmentSummary] = []
        for number in 0..<count { summaries.append(try summary(key("p\(number)@x.test")) { fill(number, &$0) }) }
        try await store.assess(summaries, at: 1)
        return store
    }

    private static func query(_ fill: (inout CustomerQuery) -> Void = { _ in }) -> CustomerQuery {
        var query = CustomerQuery(limit: .max)
        fill(&query)
        return query
    }

    static let listChecks: [Check] = [
        Check("lists.hold-what-was-assessed", "A list holds the summaries that were stored, as they were.") { trial in
            let store = try await trial.store()
            try await store.take([contact("1", "ada@x.test"), contact("2", "bo@x.test")], at: 1)
            trial.expect("before the first assessment", try await store.listed(query()).keys, [])
            var totals = CurrencyTotals()
            _ = totals.add(Fraction(12_345), .usd)
            _ = totals.add(Fraction(1), .jpy)
            let full = summary(try key("ada@x.test")) {
                $0.status = .atRisk
                $0.isAtRisk = true
                $0.healthScore = 54_321
                $0.churnRisk = 100_000
                $0.mrr = totals
                $0.mrrReporting = Fraction(1, over: 3)
                $0.accountManager = "Rosa Ø"
                $0.quality = 99_999
            }
            let empty = summary(try key("bo@x.test")) {
                $0.mrr = nil
                $0.mrrReporting = nil
                $0.healthScore = nil
                $0.churnRisk = nil
                $0.accountManager = nil
            }
            try await store.assess([empty, full], at: 1)
            let page = try await store.customers(query(), by: .checks)
            trial.expect("the list", page, SummaryPage(summaries: [full, empty], next: nil, total: 2))
        },
        Check("lists.filter-by-status", "A list of one status, or of those at risk, holds those alone.") { trial in
            let store = try await listed(trial, 6) { number, summary in
                summary.status = [.healthy, .critical, .insufficientData][number % 3]
                summary.isAtRisk = number % 2 == 1
            }
            let critical = try await store.listed(query { $0.status = .critical })
            trial.expect("critical ones", critical.keys, ["p1@x.test", "p4@x.test"])
            trial.expect("their total", critical.totals, [2])
            let risky = try await store.listed(query { $0.atRiskOnly = true })
            trial.expect("those at risk", risky.keys, ["p1@x.test", "p3@x.test", "p5@x.test"])
            let both = try await store.listed(
                query {
                    $0.status = .critical
                    $0.atRiskOnly = true
                })
            trial.expect("critical ones at risk", both.keys, ["p1@x.test"])
        },
        Check(
            "lists.minimum-mrr-is-included",
            "The least MRR asked for is included, exact to the fraction; unknown is less."
        ) {
            trial in
            let amounts = [
                Fraction(999), Fraction(1000), Fraction(2_999, over: 3), Fraction(3_001, over: 3), nil, .zero,
            ]
            let store = try await listed(trial, amounts.count) { number, summary in
                summary.mrrReporting = amounts[number]
            }
            let listed = try await store.listed(query { $0.minimumMRR = 1000 })
            trial.expect("those of 10.00 and more", listed.keys, ["p1@x.test", "p3@x.test"])
            trial.expect("those of 0.00 and more", try await store.listed(query { $0.minimumMRR = 0 }).keys.count, 5)
            trial.expect("the most there can be", try await store.listed(query { $0.minimumMRR = .max }).keys, [])
            trial.expect("the least there can be", try await store.listed(query { $0.minimumMRR = .min }).keys.count, 5)
        },
        Check("lists.account-manager-of-any-case", "An account manager is found whatever the case.") { trial in
            let managers = ["Rosa Ørsted", "rosa@x.test", nil, "Rosa", ""]
            let store = try await listed(trial, managers.count) { number, summary in
                summary.accountManager = managers[number]
            }
            let found = try await ["rosa ørsted", "ROSA@X.TEST", "rosa", "nobody"].asyncMap { name in
                try await store.listed(query { $0.accountManager = name }).keys
            }
            trial.expect("the customers of each", found, [["p0@x.test"], ["p1@x.test"], ["p3@x.test"], []])
        },
        Check("lists.ended-on-request", "Customers who have ended are listed on request only.") { trial in
            let store = try await listed(trial, 4) { number, summary in summary.isEnded = number % 2 == 0 }
            let running = try await store.listed(query())
            trial.expect("the list", running.keys, ["p1@x.test", "p3@x.test"])
            trial.expect("its total", running.totals, [2])
            trial.expect("with those ended", try await store.listed(query { $0.includesEnded = true }).keys.count, 4)
        },
        Check("lists.orders", "Lists are ordered by key, by risk and MRR, or by MRR; what is unknown comes last.") {
            trial in
            let values: [(risk: Int?, mrr: Fraction?)] = [
                (50_000, Fraction(100)), (50_000, Fraction(300)), (nil, Fraction(900)), (0, nil), (90_000, nil),
                (50_000, nil), (50_000, Fraction(300)), (nil, nil), (0, Fraction(-5)), (50_000, Fraction(901, over: 3)),
            ]
            let store = try await listed(trial, values.count) { number, summary in
                summary.churnRisk = values[number].risk
                summary.mrrReporting = values[number].mrr
            }
            func order(_ order: CustomerQuery.Order) async throws -> String {
                try await store.listed(query { $0.order = order }).keys.map { String($0.dropFirst().prefix(1)) }
                    .joined()
            }
            trial.expect("by key", try await order(.key), "0123456789")
            trial.expect("by risk, then MRR, then key", try await order(.risk), "4916058327")
            trial.expect("by MRR, then key", try await order(.mrr), "2916083457")
        },
        Check("lists.pages-without-gap", "Pages of any size make up the whole list, with its total on each.") { trial in
            let store = try await listed(trial, 23) { number, summary in
                summary.churnRisk = number % 5 == 0 ? nil : number % 3
                summary.mrrReporting = number % 4 == 0 ? nil : Fraction(Int64(number % 2))
            }
            for order in [CustomerQuery.Order.key, .risk, .mrr] {
                let ordered = query { $0.order = order }
                let whole = try await store.listed(ordered).keys
                trial.expect("customers in the whole list", Set(whole).count, 23)
                for limit in [1, 2, 7, 22, 23, 24] {
                    let pages = try await store.listed(ordered, limit: limit)
                    trial.expect("pages of \(limit) by \(order)", pages.keys, whole)
                    trial.expect("the total on pages of \(limit)", pages.totals, [23])
                }
            }
        },
        Check(
            "lists.last-page-leads-nowhere",
            "The last page leads nowhere, also where it is full; an earlier one leads on."
        ) {
            trial in
            let store = try await listed(trial, 6) { _, _ in }
            for limit in [3, 6, 7] {
                var asked = query { $0.limit = limit }
                var sizes: [Int] = []
                for _ in 0..<10 {
                    let page = try await store.customers(asked, by: .checks)
                    sizes.append(page.summaries.count)
                    guard let next = page.next else { break }
                    asked.after = next
                }
                trial.expect("the sizes of pages of \(limit)", sizes, limit == 3 ? [3, 3] : [6])
            }
        },
        Check("lists.limit-is-at-least-one", "A page holds a customer at least, whatever is asked.") { trial in
            let store = try await listed(trial, 3) { _, _ in }
            for limit in [0, -1, Int.min] {
                let page = try await store.customers(query { $0.limit = limit }, by: .checks)
                trial.expect("a page of \(limit)", page.summaries.map(\.key.description), ["p0@x.test"])
                trial.expect("whether it leads on", page.next == nil, false)
            }
        },
        Check("lists.cursors-hold", "While customers come and go, those who stay are listed once.") { trial in
            for order in [CustomerQuery.Order.key, .risk, .mrr] {
                let store = try await listed(trial, 30) { number, summary in
                    summary.churnRisk = number % 6
                    summary.mrrReporting = Fraction(Int64(number % 4))
                }
                var asked = query {
                    $0.order = order
                    $0.limit = 4
                }
                var seen: [String] = []
                var gone: Set<String> = []
                for round in 0..<60 {
                    let page = try await store.customers(asked, by: .checks)
                    seen += page.summaries.map(\.key.description)
                    guard let next = page.next else { break }
                    asked.after = next
                    // The last one of the page goes, another one too, and somebody comes.
                    let leaving = ["p\(round * 7 % 30)@x.test"] + seen.suffix(1)
                    gone.formUnion(leaving)
                    let records = try leaving.map { address in
                        try contact(
                            String(address.prefix { $0 != "@" }), address, changed: 1, named: "round \(round)")
                    }
                    let comer = "n\(round)@x.test"
                    try await store.take(records + [contact("n\(round)", comer)], at: 2)
                    let fresh = summary(try key(comer)) {
                        $0.churnRisk = round % 6
                        $0.mrrReporting = Fraction(2)
                    }
                    try await store.assess([fresh], at: 2)
                }
                trial.expect("customers listed twice by \(order)", Set(seen).count, seen.count)
                let staying = Set((0..<30).map { "p\($0)@x.test" }).subtracting(gone)
                trial.expect("customers who stayed and are missing by \(order)", staying.subtracting(seen), [])
            }
        },
        Check("lists.cursor-at-the-end", "After the last customer an empty page follows.") { trial in
            let store = try await listed(trial, 3) { _, _ in }
            var asked = query { $0.limit = 2 }
            asked.after = try await store.customers(asked, by: .checks).next
            trial.expect("whether the first page leads on", asked.after == nil, false)
            try await store.take([contact("p2", "p2@x.test", changed: 1, named: "touched")], at: 2)
            let page = try await store.customers(asked, by: .checks)
            trial.expect("the page after it, the last one gone", page, SummaryPage(summaries: [], next: nil, total: 2))
        },
    ]
}
