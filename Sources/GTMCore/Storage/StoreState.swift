#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Everything a store remembers, as one value in memory: batches go in, answers come out, nothing waits.
///
/// Stores that keep it elsewhere as well put a batch here once it is safe.
struct StoreState: Sendable {
    private struct History {
        var current: RecordVersion
        /// The other versions, in order of their commits.
        var others: [RecordVersion] = []

        var all: [RecordVersion] { others + [current] }
    }

    private let hostDomains: Set<String>
    private var records: [RecordID: History] = [:]
    private var live: [StreamKey: Set<String>] = [:]
    private var directory: CustomerDirectory
    private(set) var rules: [String: IdentityRule] = [:]
    private var sequence: UInt64 = 0
    private var lastRecordedAt: Date?
    private(set) var streams: [StreamKey: StreamState] = [:]
    private var streamHistory: [StreamKey: [(recordedAt: Date, state: StreamState)]] = [:]
    private var seen: [StreamKey: Set<String>] = [:]
    /// What is to be fetched by id, with the record that asked for it.
    private var pending: [StreamKey: [RecordID: RecordID?]] = [:]
    /// What is still to be fetched because of a record: the messages of a conversation.
    private var unread: [RecordID: Set<RecordID>] = [:]
    private var runs: [String: SyncRun] = [:]
    private var runOrder: [String] = []
    private(set) var rejected: [RecordID: RejectedRecord] = [:]
    private(set) var issues: [RecordID: [FieldIssue]] = [:]
    private var assessments: [CustomerKey: Assessment] = [:]
    /// Customers touched since they were assessed, with the commit that touched them last.
    private var unassessed: [CustomerKey: UInt64] = [:]
    private var orderedKeys: [CustomerKey]?
    private var past: (point: TimePoint, view: PastView)?
    private var listed: (query: CustomerQuery, places: [CustomerCursor])?

    init(hostDomains: Set<String>) {
        self.hostDomains = hostDomains
        directory = CustomerDirectory(hostDomains: hostDomains)
    }

    // MARK: Writing

    mutating func apply(_ batch: StoreBatch) -> CommitReceipt {
        sequence += 1
        lastRecordedAt = max(lastRecordedAt ?? batch.recordedAt, batch.recordedAt)
        past = nil
        listed = nil
        var touched: Set<CustomerKey> = []
        var outcomes: [CommitReceipt.Outcome] = []
        outcomes.reserveCapacity(batch.records.count)
        var changed: Set<RecordID> = []
        for record in batch.records {
            let outcome = put(record, at: batch.recordedAt, &touched)
            if outcome != .unchanged { changed.insert(record.id) }
            outcomes.append(outcome)
        }
        if !batch.rules.isEmpty { put(batch.rules, &touched) }
        note(batch, changed, &touched)
        for key in touched {
            assessments[key] = nil
            unassessed[key] = sequence
        }
        if !changed.isEmpty || !batch.rules.isEmpty { orderedKeys = nil }
        for assessment in batch.assessments where unassessed[assessment.key, default: 0] <= batch.assessedAt {
            assessments[assessment.key] = assessment
            unassessed[assessment.key] = nil
        }
        return CommitReceipt(sequence: sequence, outcomes: outcomes, touched: touched)
    }

    private mutating func put(
        _ told: SourceRecord, at moment: Date, _ touched: inout Set<CustomerKey>
    ) -> CommitReceipt.Outcome {
        guard var history = records[told.id] else {
            let version = RecordVersion(record: told, recordedAt: moment, sequence: sequence)
            records[told.id] = History(current: version)
            touched.formUnion(affected(by: told))
            directory.apply(nil, told)
            noteLife(of: told)
            touched.formUnion(affected(by: told))
            return .new
        }
        let record = told.inheriting(from: history.current)
        if record == history.current.record { return .unchanged }
        let version = RecordVersion(record: record, recordedAt: moment, sequence: sequence)
        guard version.supersedes(history.current) else {
            // An older version that comes late belongs to the past, once.
            if history.others.contains(where: { $0.record == record }) { return .unchanged }
            history.others.append(version)
            records[told.id] = history
            directory.retire(record)
            return .updated
        }
        let old = history.current.record
        // Both what it said and what it says, before and after: a key that goes can settle an ambiguity elsewhere.
        touched.formUnion(affected(by: old).union(affected(by: record)))
        history.others.append(history.current)
        history.current = version
        records[told.id] = history
        directory.apply(old, record)
        directory.retire(old)
        noteLife(of: record)
        touched.formUnion(affected(by: old).union(affected(by: record)))
        return .updated
    }

    /// The customers that a change of a record can have changed: those that it touches, and those that contend with
    /// their people for something billed, since a change of home changes who wins.
    private func affected(by record: SourceRecord) -> Set<CustomerKey> {
        let touched = directory.touched(by: record)
        return record.identity == nil ? touched : withContenders(touched, besides: record.id)
    }

    private func withContenders(_ customers: Set<CustomerKey>, besides known: RecordID? = nil) -> Set<CustomerKey> {
        var touched = customers
        for key in customers {
            for id in directory.people(of: key) where id != known {
                guard let person = records[id]?.current.record else { continue }
                touched.formUnion(directory.contenders(for: person))
            }
        }
        return touched
    }

    private mutating func noteLife(of record: SourceRecord) {
        let key = StreamKey(source: record.id.source, stream: record.id.stream)
        if record.state == .live {
            live[key, default: []].insert(record.id.id)
        } else {
            live[key]?.remove(record.id.id)
        }
    }

    private mutating func put(_ changed: [IdentityRule], _ touched: inout Set<CustomerKey>) {
        let before = rules.values + changed
        touched.formUnion(customers(namedBy: before))
        for rule in changed { rules[rule.id] = rule }
        directory.use(IdentityRules(rules.values))
        touched.formUnion(customers(namedBy: before))
    }

    /// The customers that any of these rules can concern: one rule can keep another from applying, or let it.
    private func customers(namedBy rules: some Sequence<IdentityRule>) -> Set<CustomerKey> {
        var keys: Set<CustomerKey> = []
        for rule in rules {
            let named: [CustomerKey] =
                switch rule.kind {
                case .merge(let from, let into): [from, into]
                case .keepApart(let a, let b): [a, b]
                }
            for key in named {
                keys.insert(key)
                if let customer = directory.customer(key) { keys.insert(customer) }
                if case .record(let id) = key, let record = records[id]?.current.record {
                    keys.formUnion(directory.touched(by: record))
                }
            }
        }
        return withContenders(keys)
    }

    private mutating func note(_ batch: StoreBatch, _ changed: Set<RecordID>, _ touched: inout Set<CustomerKey>) {
        for rejection in batch.rejected { rejected[rejection.id] = rejection }
        if !rejected.isEmpty { for record in batch.records { rejected[record.id] = nil } }
        if !issues.isEmpty { for record in batch.records { issues[record.id] = nil } }
        for issue in batch.issues { issues[issue.record, default: []].append(issue) }
        for fetch in batch.pending {
            let isNeeded = fetch.because.map(changed.contains) ?? true
            let key = StreamKey(source: fetch.id.source, stream: fetch.id.stream)
            guard isNeeded || records[fetch.id] == nil else { continue }
            pending[key, default: [:]][fetch.id] = .some(fetch.because)
            if let asker = fetch.because { unread[asker, default: []].insert(fetch.id) }
        }
        for id in batch.fetched {
            let key = StreamKey(source: id.source, stream: id.stream)
            if let asker = pending[key]?.removeValue(forKey: id) ?? nil { close(id, for: asker, &touched) }
        }
        for (key, state) in batch.streams {
            let before = streams[key]
            if state.pass?.startedAt != before?.pass?.startedAt { seen[key] = nil }
            streams[key] = state
            guard !state.tellsTheSame(as: before) else { continue }
            streamHistory[key, default: []].append((batch.recordedAt, state))
            guard !state.coversTheSame(as: before) else { continue }
            // What is asked of customers has changed for all of them.
            for customer in assessments.keys { unassessed[customer] = sequence }
        }
        for (key, ids) in batch.seen where streams[key]?.pass != nil { seen[key, default: []].formUnion(ids) }
        for run in batch.runs {
            if runs.updateValue(run, forKey: run.id) == nil { runOrder.append(run.id) }
        }
    }

    /// What a record waited for has been fetched, or need not be: its customers can be told for certain.
    private mutating func close(_ id: RecordID, for asker: RecordID, _ touched: inout Set<CustomerKey>) {
        unread[asker]?.remove(id)
        if unread[asker]?.isEmpty == true { unread[asker] = nil }
        if let record = records[asker]?.current.record { touched.formUnion(directory.touched(by: record)) }
    }

    // MARK: Reading

    private struct PastView {
        var records: [RecordID: RecordVersion]
        var directory: CustomerDirectory
        var keys: [CustomerKey]
    }

    /// Whether everything learnt so far was learnt, and held, by then.
    private func isPresent(_ point: TimePoint) -> Bool {
        guard let last = lastRecordedAt else { return true }
        return (point.knownAt.map { $0 >= last } ?? true) && (point.validAt.map { $0 >= last } ?? true)
    }

    /// The directory as it was: made from the versions then in force, and kept for the next question.
    private mutating func view(at point: TimePoint) -> PastView {
        if let past, past.point == point { return past.view }
        var view = PastView(records: [:], directory: CustomerDirectory(hostDomains: hostDomains), keys: [])
        view.directory.use(IdentityRules(rules.values, at: point))
        for (id, history) in records {
            let versions = history.all
            guard let current = point.inForce(versions) else { continue }
            view.records[id] = current
            view.directory.apply(nil, current.record)
            for version in versions where version != current && point.includes(version) {
                view.directory.retire(version.record)
            }
        }
        view.keys = view.directory.customers().sorted()
        past = (point, view)
        return view
    }

    mutating func file(_ key: CustomerKey, at point: TimePoint) -> CustomerFile? {
        if isPresent(point) {
            return directory.customer(key).map { present($0) }
        }
        let view = view(at: point)
        return view.directory.customer(key).map { lead in Self.file(lead, view.directory) { view.records[$0] } }
    }

    /// A customer's file as of now, with what is still unread.
    private func present(_ lead: CustomerKey) -> CustomerFile {
        var file = Self.file(lead, directory) { records[$0]?.current }
        if !unread.isEmpty { file.unread = file.activity.map(\.record.id).filter { unread[$0] != nil } }
        return file
    }

    mutating func files(_ scan: CustomerScan) -> [CustomerFile] {
        if isPresent(scan.point) {
            return Self.chunk(keys(), scan).map { present($0) }
        }
        let view = view(at: scan.point)
        return Self.chunk(view.keys, scan).map { lead in Self.file(lead, view.directory) { view.records[$0] } }
    }

    private mutating func keys() -> [CustomerKey] {
        if let orderedKeys { return orderedKeys }
        let keys = directory.customers().sorted()
        orderedKeys = keys
        return keys
    }

    private static func chunk(_ keys: [CustomerKey], _ scan: CustomerScan) -> ArraySlice<CustomerKey> {
        let start = scan.after.map { after in partition(keys) { $0 <= after } } ?? 0
        return keys[start...].prefix(max(1, scan.limit))
    }

    private static func file(
        _ lead: CustomerKey, _ directory: CustomerDirectory, _ version: (RecordID) -> RecordVersion?
    ) -> CustomerFile {
        let ids = directory.people(of: lead)
        let people = ids.compactMap(version)
        var billing: [RecordVersion] = []
        var activity: [RecordVersion] = []
        for id in directory.activity(of: lead, people: ids) {
            guard let version = version(id) else { continue }
            if version.record.fact.isBilling { billing.append(version) } else { activity.append(version) }
        }
        var references: [RecordVersion] = []
        var claims: [BillingClaim] = []
        for person in people {
            for id in person.record.references where !references.contains(where: { $0.record.id == id }) {
                if let reference = version(id) { references.append(reference) }
            }
            guard person.record.state.isLive else { continue }
            let (own, companies, _) = person.record.billingClaims()
            claims += own + companies
        }
        for told in billing where told.record.state.isLive { claims += told.record.billingClaims().claims }
        if references.count > 1 { references.sort { $0.record.id < $1.record.id } }
        return CustomerFile(
            key: lead, aliases: directory.rules.members(of: lead).filter { $0 != lead }, people: people,
            absorbed: directory.absorbed(by: ids), billing: billing,
            activity: activity, references: references,
            billedElsewhere: directory.billedElsewhere(lead, claims: claims))
    }

    mutating func page(_ query: CustomerQuery) -> CustomerPage {
        let places = list(query.wholeList)
        let start = query.after.map { after in Self.partition(places) { !after.precedes($0) } } ?? 0
        let end = min(places.count, start + min(max(1, query.limit), places.count))
        return CustomerPage(
            customers: places[start..<end].compactMap { assessments[$0.key] },
            next: end < places.count && end > start ? places[end - 1] : nil, total: places.count)
    }

    /// The places of a whole list in order, kept until something is written, since a list is asked for page by page.
    private mutating func list(_ query: CustomerQuery) -> [CustomerCursor] {
        if let listed, listed.query == query { return listed.places }
        var places = Array(assessments.values.lazy.filter(query.wants).map(query.place))
        places.sort { $0.precedes($1) }
        listed = (query, places)
        return places
    }

    /// The index of the first element that a condition, which holds for the beginning of the array alone, leaves.
    private static func partition<Element>(_ elements: [Element], while holds: (Element) -> Bool) -> Int {
        var low = 0
        var high = elements.count
        while low < high {
            let middle = (low + high) / 2
            if holds(elements[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    mutating func due(asOf moment: Date) -> DueCustomers {
        let expired = assessments.values.lazy.filter { $0.validUntil <= moment || $0.asOf > moment }.map(\.key)
        for key in unassessed.keys where directory.customer(key) != key { unassessed[key] = nil }
        return DueCustomers(keys: Set(expired).union(unassessed.keys).sorted(), sequence: sequence)
    }

    func streams(at point: TimePoint) -> [StreamKey: StreamState] {
        let moment = [point.knownAt, point.validAt].compactMap { $0 }.min()
        guard let moment, !isPresent(point) else { return streams }
        return streamHistory.compactMapValues { history in history.last { $0.recordedAt <= moment }?.state }
    }

    func versions(_ ids: [RecordID]) -> [RecordVersion] { ids.compactMap { records[$0]?.current } }

    func liveIDs(_ stream: StreamKey) -> [String] { (live[stream] ?? []).sorted { $0.utf8Precedes($1) } }

    func seen(_ stream: StreamKey) -> Set<String> { seen[stream] ?? [] }

    func pending(_ stream: StreamKey, limit: Int) -> [RecordID] {
        Array((pending[stream] ?? [:]).keys.sorted().prefix(max(0, limit)))
    }

    func runs(_ query: RunQuery) -> [SyncRun] {
        let found = runOrder.reversed().lazy.compactMap { runs[$0] }.filter { run in
            (query.source.map { run.source == $0 } ?? true) && (query.status.map { run.status == $0 } ?? true)
        }
        return Array(found.prefix(max(0, query.limit)))
    }

    func unmatched() -> [UnmatchedRecord] {
        directory.unmatched().map { UnmatchedRecord(id: $0.record, reason: $0.reason) }
    }
}

extension SourceRecord {
    /// A bare tombstone says only that a record is gone: who it was and what it said is what it said last.
    func inheriting(from last: RecordVersion) -> SourceRecord {
        guard !state.isLive, identity == nil, subjects.isEmpty else { return self }
        var record = last.record
        record.state = state
        record.changedAt = changedAt ?? last.record.changedAt
        return record
    }
}

extension Fact {
    /// Whether this is a billing system's own word.
    var isBilling: Bool {
        switch kind {
        case .subscription, .payment: true
        default: false
        }
    }
}
