import Foundation
import GTMCore
import GTMIntercom
import GTMSimulator

#if canImport(Glibc)
    import Glibc
#endif

/// The lines about the file store, beside SQLite where this machine has it.
struct StoreRows {
    let stopwatch: Stopwatch
    let count: Int
    let now: Date
    private let customers: BenchmarkCustomers
    private let folder: URL

    init(count: Int, runs: Int, now: Date) {
        stopwatch = Stopwatch(runs: runs)
        self.count = count
        self.now = now
        customers = BenchmarkCustomers(count: count, now: now)
        folder = FileManager.default.temporaryDirectory.appending(path: "gtm-bench-\(UUID().uuidString)")
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    private func open(_ name: String) async throws -> FileStore {
        try await FileStore.open(path(name), now: { [now] in now })
    }

    /// Measures the lines whose names hold `part`; all where it is empty.
    func measure(_ part: String, _ report: (Row) -> Void) async throws {
        func wanted(_ name: String) -> Bool { part.isEmpty || name.contains(part) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        if wanted("store commit") { for row in try await commits() { report(row) } }
        if wanted("store import") { report(try await imports()) }
        if wanted("store open") { for row in try await scale() { report(row) } }
    }

    // MARK: Durable commits

    private func commits() async throws -> [Row] {
        let records = try await contacts(64 * 400)
        var seconds: [Int: Double] = [:]
        for callers in [1, 64] {
            let each = callers == 1 ? 2000 : 400
            var run = 0
            seconds[callers] = try await stopwatch.perSecond(Double(callers * each)) {
                run += 1
                let store = try await open("commits-\(callers)-\(run)")
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for caller in 0..<callers {
                        group.addTask {
                            for number in 0..<each {
                                var batch = StoreBatch(recordedAt: now)
                                batch.records = [records[caller * each + number]]
                                _ = try await store.commit(batch, by: .engine)
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                try await store.close()
            }
        }
        let rival = try await sqliteCommits("FULL")
        let loose = try await sqliteCommits("NORMAL")
        let (one, many) = (seconds[1] ?? 0, seconds[64] ?? 0)
        return [
            Row(
                name: "store commits, durable, one caller", unit: "commits/s", value: one,
                rival: rival.map { ("SQLite WAL FULL", $0) }, goal: rival),
            Row(
                name: "store commits, durable, 64 callers", unit: "commits/s", value: many,
                rival: rival.map { ("SQLite WAL FULL", $0) }, goal: rival.map { $0 * 15 }),
            Row(
                name: "store commits, durable, 64 callers (again)", unit: "commits/s", value: many,
                rival: loose.map { ("SQLite WAL NORMAL, not durable", $0) }, goal: nil),
        ]
    }

    /// Upserts of one row each.
    private func sqliteCommits(_ synchronous: String) async throws -> Double? {
        guard let database = SQLite(path("commits-\(synchronous).sqlite")) else { return nil }
        try database.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=\(synchronous);")
        try database.execute("CREATE TABLE contacts (id TEXT PRIMARY KEY, email TEXT, body TEXT)")
        try database.execute("CREATE INDEX emails ON contacts (email)")
        let upsert = try database.prepare(
            "INSERT INTO contacts VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET email = excluded.email, "
                + "body = excluded.body")
        let body = String(repeating: "x", count: 871)
        var run = 0
        return await stopwatch.perSecond(2000) {
            run += 1
            for number in 0..<2000 {
                database.bind(upsert, 1, "\(run)-\(number)")
                database.bind(upsert, 2, "c\(run).\(number)@bench.test")
                database.bind(upsert, 3, body)
                _ = database.step(upsert)
                database.reset(upsert)
            }
        }
    }

    /// Contacts as mapped, without conversations.
    private func contacts(_ number: Int) async throws -> [SourceRecord] {
        let customers = BenchmarkCustomers(count: number, now: now)
        return try await pages(customers.ndjson(0..<number, conversations: false)).flatMap(\.self)
    }

    private func pages(_ lines: [UInt8]) async throws -> [[SourceRecord]] {
        let archive = try IntercomArchive(lines)
        var pages: [[SourceRecord]] = []
        for stream in archive.descriptor.streams {
            guard stream.reading != .byID else { continue }
            var cursor: PageCursor?
            repeat {
                let page = try await archive.page(
                    PageRequest(stream: stream.name, scope: .everything, cursor: cursor, now: now))
                pages.append(
                    page.records.map { record in
                        var record = record.annotated(by: .standard)
                        record.identity?.createsCustomer = stream.createsCustomers
                        return record
                    })
                let transcripts = page.pending.map(\.id)
                for start in stride(from: 0, to: transcripts.count, by: 500) {
                    let ids = Array(transcripts[start..<min(start + 500, transcripts.count)])
                    guard let name = ids.first?.stream else { continue }
                    let parts = try await archive.page(PageRequest(stream: name, scope: .ids(ids), now: now))
                    pages.append(parts.records.map { $0.annotated(by: .standard) })
                }
                cursor = page.next
            } while cursor != nil
        }
        return pages
    }

    // MARK: Import

    private func imports() async throws -> Row {
        let lines = customers.ndjson(0..<count, conversations: false)
        var run = 0
        let own = try await stopwatch.perSecond(Double(count)) {
            run += 1
            let store = try await open("import-\(run)")
            let runs = try await SyncEngine(store: store).sync([try IntercomArchive(lines)], mode: .full, now: now)
            guard runs.allSatisfy({ $0.status == .success }) else { throw BenchmarkFailure(description: "\(runs)") }
            try await store.close()
            try FileManager.default.removeItem(atPath: path("import-\(run)"))
        }
        return Row(
            name: "store import: NDJSON parsed, mapped, committed", unit: "contacts/s", value: own, rival: nil,
            goal: 100_000)
    }

    // MARK: A large store

    private func scale() async throws -> [Row] {
        var rows: [Row] = []
        let clock = ContinuousClock()
        func seconds(_ began: ContinuousClock.Instant) -> Double {
            let took = began.duration(to: clock.now)
            return Double(took.components.seconds) + Double(took.components.attoseconds) * 1e-18
        }
        var store = try await open("large")
        var committing = 0.0
        var records = 0
        for start in stride(from: 0, to: count, by: 2000) {
            let pages = try await pages(customers.ndjson(start..<min(start + 2000, count)))
            let began = clock.now
            for page in pages {
                var batch = StoreBatch(recordedAt: now)
                batch.records = page
                records += page.count
                _ = try await store.commit(batch, by: .engine)
            }
            committing += seconds(began)
        }
        rows.append(
            Row(
                name: "store open: filling \(count) customers first", unit: "records/s",
                value: Double(records) / committing, rival: nil, goal: nil))
        var batch = StoreBatch(recordedAt: now)
        let source = try IntercomArchive([]).descriptor
        for stream in source.streams {
            var state = StreamState()
            state.provides = stream.provides
            state.observedThrough = now
            batch.streams[StreamKey(source: source.id, stream: stream.name)] = state
        }
        _ = try await store.commit(batch, by: .engine)
        let engine = GTMEngine(store: store, now: { [now] in now })
        let began = clock.now
        try await engine.assess()
        rows.append(
            Row(
                name: "store open: assessed from stored facts, kept", unit: "customers/s",
                value: Double(count) / seconds(began), rival: nil, goal: 500_000))
        try await store.close()
        let measures = try await (open("large"), clock.now)
        store = measures.0
        try await store.close()
        Memory.giveBack()
        let before = Memory.resident()
        let opening = clock.now
        store = try await open("large")
        let opened = seconds(opening)
        let memory = Double(Memory.resident() - before) / Double(count)
        rows.append(
            Row(
                name: "store open: \(count) customers", unit: "customers/s", value: Double(count) / opened, rival: nil,
                goal: 1_000_000 / 3))
        rows.append(
            Row(
                name: "store open: memory", unit: "bytes a customer", value: memory, rival: nil, goal: 2500,
                isAtMost: true))
        rows += try await questions(store)
        try await store.close()
        return rows
    }

    private func questions(_ store: FileStore) async throws -> [Row] {
        let some = (0..<min(count, 50_000)).map { ($0 * 7919) % count }
        let keys = try some.map { CustomerKey.email(try EmailAddress(customers.email($0))) }
        let engine = GTMEngine(store: store, now: { [now] in now })
        _ = try await engine.atRisk()
        let lookup = try await stopwatch.perSecond(Double(keys.count)) {
            for key in keys { keep(try await store.summary(of: key, by: .engine)) }
        }
        let whole = try await stopwatch.perSecond(2000) {
            for key in keys.prefix(2000) { keep(try await store.customer(key, at: .latest, by: .engine)) }
        }
        var query = CustomerQuery(limit: 50)
        query.atRiskOnly = true
        query.order = .risk
        let atRisk = try await stopwatch.perSecond(1000) {
            for _ in 0..<1000 {
                keep(try await store.due(asOf: now, by: .engine))
                keep(try await store.customers(query, by: .engine))
            }
        }
        let rival = try await sqliteQuestions(some)
        return [
            Row(
                name: "store open: looked up by address", unit: "customers/s", value: lookup,
                rival: rival.map { ("SQLite by an indexed address", $0.lookup) }, goal: 500_000),
            Row(
                name: "store open: whole file of a customer", unit: "customers/s", value: whole, rival: nil, goal: nil),
            Row(
                name: "store open: at-risk top 50, nothing due", unit: "lists/s", value: atRisk,
                rival: rival.map { ("SQLite from a partial index", $0.atRisk) }, goal: 50_000),
        ]
    }

    private func sqliteQuestions(_ some: [Int]) async throws -> (lookup: Double, atRisk: Double)? {
        guard let database = SQLite(path("large.sqlite")) else { return nil }
        try database.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; BEGIN")
        try database.execute(
            "CREATE TABLE customers (email TEXT PRIMARY KEY, status TEXT, score INTEGER, risk INTEGER, mrr INTEGER, "
                + "manager TEXT, valid_until INTEGER)")
        let insert = try database.prepare("INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?, ?)")
        for index in 0..<count {
            database.bind(insert, 1, customers.email(index))
            database.bind(insert, 2, index % 5 == 0 ? "at_risk" : "healthy")
            database.bind(insert, 3, Int64(index % 100))
            database.bind(insert, 4, Int64(index * 31 % 100))
            database.bind(insert, 5, customers.monthlyCents(index))
            database.bind(insert, 6, "Paul Ferrand")
            database.bind(insert, 7, 1_800_000_000)
            _ = database.step(insert)
            database.reset(insert)
        }
        try database.execute(
            "CREATE INDEX risky ON customers (risk DESC, mrr DESC) WHERE status IN ('at_risk', 'high_risk', 'critical')"
        )
        try database.execute("COMMIT")
        let find = try database.prepare("SELECT * FROM customers WHERE email = ?")
        let emails = some.map(customers.email)
        let lookup = await stopwatch.perSecond(Double(emails.count)) {
            for email in emails {
                database.bind(find, 1, email)
                if database.step(find) { keep((database.text(find, 0), database.integer(find, 2))) }
                database.reset(find)
            }
        }
        let list = try database.prepare(
            "SELECT email, status, risk, mrr FROM customers WHERE status IN ('at_risk', 'high_risk', 'critical') "
                + "ORDER BY risk DESC, mrr DESC LIMIT 50")
        let atRisk = await stopwatch.perSecond(1000) {
            for _ in 0..<1000 {
                while database.step(list) { keep((database.text(list, 0), database.integer(list, 2))) }
                database.reset(list)
            }
        }
        return (lookup, atRisk)
    }
}

/// What this process holds in memory.
enum Memory {
    /// Gives what was freed back to the system, which the C library else keeps for later.
    static func giveBack() {
        #if canImport(Glibc)
            typealias Trim = @convention(c) (Int) -> Int32
            // The header that declares it is not among those that Swift imports.
            guard let trim = unsafe dlsym(nil, "malloc_trim") else { return }
            _ = unsafe unsafeBitCast(trim, to: Trim.self)(0)
        #endif
    }

    /// Resident bytes, those of mapped files included; 0 where the system does not tell.
    static func resident() -> Int {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") })
        else { return 0 }
        return (Int(line.split(separator: " ").dropFirst().first ?? "") ?? 0) * 1024
    }
}
