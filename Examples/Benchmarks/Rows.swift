import Foundation
import GTMCore
import GTMIntercom
import GTMSimulator

/// The lines of the benchmark, one function each.
///
/// The benchmark customer is one contact with a subscription and 24 payments mirrored onto it, and six conversations of
/// four parts.
struct Rows {
    let stopwatch: Stopwatch
    let count: Int
    let now: Date
    private let customers: BenchmarkCustomers

    init(count: Int, runs: Int, now: Date) {
        stopwatch = Stopwatch(runs: runs)
        self.count = count
        self.now = now
        customers = BenchmarkCustomers(count: count, now: now)
    }

    /// Measures the lines whose names hold `part`; all where it is empty.
    func measure(_ part: String, _ report: (Row) -> Void) async throws {
        func wanted(_ name: String) -> Bool { part.isEmpty || name.contains(part) }
        if wanted("json read") { report(try await jsonRead()) }
        if wanted("json write") { report(try await jsonWrite()) }
        if wanted("map") { report(try await map()) }
        if wanted("commit") { report(try await commit()) }
        if wanted("assess") { report(try await assess()) }
        if wanted("score") { report(try await score()) }
        if wanted("revenue") { for row in try await revenue() { report(row) } }
        if wanted("explain") { report(try await explain()) }
        if wanted("bridge") { report(try await bridge()) }
        if wanted("what-if") { report(try await whatIf()) }
        if wanted("lookup") { report(try await lookup()) }
    }

    /// Pages of contacts as the vendor sends them.
    private func pages() -> [[UInt8]] {
        stride(from: 0, to: min(count, 1500), by: 150).map { start in
            let contacts = (start..<min(start + 150, count)).map(customers.contact)
            return JSONWriter.bytes(["type": "list", "data": .array(contacts), "total_count": .integer(Int64(count))])
        }
    }

    private func jsonRead() async throws -> Row {
        let pages = pages()
        let data = pages.map { Data($0) }
        let megabytes = Double(pages.reduce(0) { $0 + $1.count }) / 1_000_000
        let own = try await stopwatch.perSecond(megabytes) { for page in pages { keep(try JSONReader.read(page)) } }
        let rival = try await stopwatch.perSecond(megabytes) {
            for page in data { keep(try JSONSerialization.jsonObject(with: page)) }
        }
        return Row(
            name: "JSON read into a tree", unit: "MB/s", value: own, rival: ("JSONSerialization", rival), goal: 300)
    }

    private func jsonWrite() async throws -> Row {
        let trees = try pages().map { try JSONReader.read($0).value }
        let megabytes = Double(trees.reduce(0) { $0 + JSONWriter.bytes($1).count }) / 1_000_000
        let own = await stopwatch.perSecond(megabytes) { for tree in trees { keep(JSONWriter.bytes(tree)) } }
        return Row(name: "JSON written from a tree", unit: "MB/s", value: own, rival: nil, goal: nil)
    }

    /// Contacts without conversations, as a file of lines.
    private func contactLines() -> [UInt8] { customers.ndjson(0..<count, conversations: false) }

    private func map() async throws -> Row {
        let lines = contactLines()
        let own = try await stopwatch.perSecond(Double(count)) {
            let archive = try IntercomArchive(lines)
            var cursor: PageCursor?
            repeat {
                let page = try await archive.page(
                    PageRequest(stream: "contacts", scope: .everything, cursor: cursor, now: now))
                keep(page)
                cursor = page.next
            } while cursor != nil
        }
        return Row(
            name: "Intercom contacts parsed and mapped", unit: "contacts/s", value: own, rival: nil, goal: 100_000)
    }

    /// A store that holds the benchmark customers.
    private func imported() async throws -> InMemoryStore {
        let store = InMemoryStore()
        let engine = GTMEngine(
            store: store, sources: [try IntercomArchive(customers.ndjson(0..<count))], now: { [now] in now })
        let runs = try await SyncEngine(store: store).sync(engine.sources, mode: .full, now: now)
        guard runs.allSatisfy({ $0.status == .success }) else { throw BenchmarkFailure(description: "\(runs)") }
        return store
    }

    private func commit() async throws -> Row {
        let archive = try IntercomArchive(contactLines())
        var pages: [[SourceRecord]] = []
        var cursor: PageCursor?
        repeat {
            var page = try await archive.page(
                PageRequest(stream: "contacts", scope: .everything, cursor: cursor, now: now))
            for place in page.records.indices { page.records[place].identity?.createsCustomer = true }
            pages.append(page.records)
            cursor = page.next
        } while cursor != nil
        let own = await stopwatch.perSecond(Double(count)) {
            let store = InMemoryStore()
            for records in pages {
                var batch = StoreBatch(recordedAt: now)
                batch.records = records
                keep(await store.commit(batch, by: .engine))
            }
        }
        return Row(name: "contacts committed in memory", unit: "contacts/s", value: own, rival: nil, goal: nil)
    }

    private func assess() async throws -> Row {
        let store = try await imported()
        let files = try await store.files(CustomerScan(limit: count), by: .engine)
        let context = try await GTMEngine(store: store, now: { [now] in now }).context(asOf: now)
        let assessor = Assessor()
        let half = files.count / 2
        let own = await stopwatch.perSecond(Double(files.count)) {
            await withTaskGroup(of: Void.self) { group in
                for part in [files[..<half], files[half...]] {
                    group.addTask { for file in part { keep(assessor.assess(file, context)) } }
                }
            }
        }
        return Row(
            name: "customers resolved and assessed", unit: "customers/s", value: own, rival: nil, goal: 500_000)
    }

    private func score() async throws -> Row {
        var inputs = HealthInputs()
        inputs.daysSinceSeen = .known(10)
        inputs.csat = Reading(Fraction(13, over: 3), otherwise: .invalid)
        inputs.subscriptionStatuses = .known(.active)
        inputs.tenureMonths = .known(7)
        inputs.mrr = .known(Fraction(299))
        let calculator = HealthCalculator()
        let own = await stopwatch.perSecond(200_000) {
            await withTaskGroup(of: Void.self) { group in
                for part in 0..<2 {
                    group.addTask { [inputs] in
                        var inputs = inputs
                        for days in 0..<100_000 {
                            inputs.daysSinceSeen = .known((days + part) % 60)
                            keep(calculator.score(inputs))
                        }
                    }
                }
            }
        }
        return Row(
            name: "health scored from resolved inputs", unit: "scores/s", value: own, rival: nil, goal: 10_000_000)
    }

    /// Revenue from what is billed, alone and with everything that it was made from.
    private func revenue() async throws -> [Row] {
        let store = try await imported()
        let files = try await store.files(CustomerScan(limit: count), by: .engine)
        let context = try await GTMEngine(store: store, now: { [now] in now }).context(asOf: now)
        let billing = files.map { CustomerResolver().resolve($0, context).billing }
        let calculator = RevenueCalculator()
        let half = billing.count / 2
        let value = await stopwatch.perSecond(Double(billing.count)) {
            await withTaskGroup(of: Void.self) { group in
                for part in [billing[..<half], billing[half...]] {
                    group.addTask { [now] in
                        for one in part { keep(calculator.revenue(of: one, asOf: now, reportedIn: .usd)) }
                    }
                }
            }
        }
        let proof = await stopwatch.perSecond(Double(billing.count)) {
            for one in billing { keep(calculator.proof(of: .mrr, one, asOf: now, reportedIn: .usd)) }
        }
        return [
            Row(
                name: "revenue of resolved customers", unit: "customers/s", value: value, rival: nil, goal: nil),
            Row(name: "proofs of MRR", unit: "proofs/s", value: proof, rival: nil, goal: nil),
        ]
    }

    /// Scores 100,000 customers who were assessed before by another profile; half a second is wanted.
    private func whatIf() async throws -> Row {
        let portfolio = 100_000
        let store = InMemoryStore()
        let context = ResolutionContext(asOf: now, coverage: [])
        for start in stride(from: 0, to: portfolio, by: 10_000) {
            var batch = StoreBatch(recordedAt: now)
            batch.assessments = try (start..<start + 10_000).map { number in
                let key = CustomerKey.email(try EmailAddress(customers.email(number)))
                var summary = AssessmentSummary(Assessor().assess(CustomerFile(key: key, people: []), context))
                var inputs = HealthInputs()
                inputs.daysSinceSeen = .known(number % 90)
                inputs.csat = Reading(Fraction(Int128(3 + number % 13), over: 3), otherwise: .invalid)
                inputs.subscriptionStatuses = .known(number % 7 == 0 ? .pastDue : .active)
                inputs.isDelinquent = .known(number % 7 == 0)
                inputs.tenureMonths = .known(number % 48)
                inputs.mrr = .known(Fraction(Int64(number % 900)))
                inputs.conversations30d = .known(number % 6)
                inputs.openTickets = .known(number % 3)
                inputs.openCriticalTickets = .known(0)
                inputs.mentionedCancel = .known(number % 20 == 0)
                summary.inputs = inputs
                summary.isEnded = false
                summary.validUntil = now.addingTimeInterval(86_400)
                var mrr = CurrencyTotals()
                _ = mrr.add(Fraction(Int64(number % 900) * 100), .usd)
                summary.mrr = mrr
                summary.mrrReporting = mrr[.usd]
                return summary
            }
            _ = await store.commit(batch, by: .engine)
        }
        let engine = GTMEngine(store: store, now: { [now] in now })
        let own = try await stopwatch.perSecond(Double(portfolio)) {
            let whatIf = try await engine.whatIf(.fourFactor)
            guard whatIf.customers == portfolio else {
                throw BenchmarkFailure(description: "\(whatIf.customers) customers; expected \(portfolio)")
            }
        }
        return Row(
            name: "what-if over 100,000 customers", unit: "customers/s", value: own, rival: nil, goal: 200_000)
    }

    /// The health of a customer opened down to the records, with the MRR, ratings and tones behind it.
    private func explain() async throws -> Row {
        let store = try await imported()
        let files = try await store.files(CustomerScan(limit: min(count, 1000)), by: .engine)
        let context = try await GTMEngine(store: store, now: { [now] in now }).context(asOf: now)
        let assessor = Assessor()
        let own = await stopwatch.perSecond(Double(files.count)) {
            for file in files { keep(assessor.proof(of: .health, file, context)) }
        }
        return Row(
            name: "one explanation of health (one task)", unit: "µs", value: 1e6 / own, rival: nil, goal: 1000,
            isAtMost: true)
    }

    /// A year of monthly bridges over customers who do not change.
    private func bridge() async throws -> Row {
        let store = try await imported()
        let engine = GTMEngine(store: store, now: { [now] in now })
        let query = MRRBridgeQuery(
            borders: MRRBridgeQuery.months(from: now.addingTimeInterval(-365 * 86_400), to: now))
        let own = try await stopwatch.perSecond(Double(count * (query.borders.count - 1))) {
            keep(try await engine.bridge(query))
        }
        return Row(name: "bridged customers and months (one task)", unit: "/s", value: own, rival: nil, goal: nil)
    }

    private func lookup() async throws -> Row {
        let store = try await imported()
        let emails = try (0..<count).map { try EmailAddress(customers.email($0)) }
        let plain = Dictionary(uniqueKeysWithValues: emails.map { ($0, 1) })
        let own = try await stopwatch.perSecond(Double(count)) {
            for email in emails { keep(try await store.customer(.email(email), at: .latest, by: .engine)) }
        }
        let rival = await stopwatch.perSecond(Double(count)) { for email in emails { keep(plain[email]) } }
        return Row(
            name: "customers looked up by address, whole file", unit: "customers/s", value: own,
            rival: ("a dictionary that holds nothing", rival), goal: nil)
    }
}

/// Why a benchmark cannot be measured.
struct BenchmarkFailure: Error, CustomStringConvertible {
    let description: String
}
