#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What becomes of a record of a batch.
enum Disposition<Location: Sendable>: Sendable {
    /// It says nothing new.
    case unchanged
    /// It is of a person who was erased, and is not kept.
    case erased
    /// It is kept here, if it says anything new.
    case kept(at: Location)
}

/// Everything a store remembers: batches go in, answers come out, nothing waits.
///
/// What is the same for all stores is here; where the versions of records lie is the shelf's business.
struct StoreState<Shelf: RecordShelf> {
    let shelf: Shelf
    let hostDomains: Set<String>
    var tables: StoreTables
    var summaries = SummaryTable()
    private var rules = IdentityRules()
    /// Customers in order, at the point last asked for.
    private var ordered: (point: TimePoint, keys: [CustomerKey])?

    init(_ shelf: Shelf, marker: Marker, hostDomains: Set<String>) {
        self.shelf = shelf
        tables = StoreTables(marker: marker)
        self.hostDomains = Set(hostDomains.map { $0.lowercased() })
    }

    // MARK: Writing

    /// Takes a batch in, without what it says of erased persons.
    ///
    /// - Parameters:
    ///   - dispositions: What becomes of each record of the batch.
    ///   - settled: Further records of which nothing is open any more.
    mutating func apply(
        _ batch: StoreBatch, _ dispositions: [Disposition<Shelf.Location>], settled: [RecordID] = []
    ) -> CommitReceipt {
        tables.sequence += 1
        tables.lastRecordedAt = max(tables.lastRecordedAt ?? batch.recordedAt, batch.recordedAt)
        var touched: Set<CustomerKey> = []
        var outcomes: [CommitReceipt.Outcome] = []
        outcomes.reserveCapacity(batch.records.count)
        var changed: Set<RecordID> = []
        var taken = settled
        for (record, disposition) in zip(batch.records, dispositions) {
            let outcome: CommitReceipt.Outcome =
                switch disposition {
                case .unchanged: .unchanged
                case .erased: .erased
                case .kept(let location): put(record, at: location, batch.recordedAt, &touched)
                }
            outcomes.append(outcome)
            if outcome != .erased { taken.append(record.id) }
            if outcome == .new || outcome == .updated { changed.insert(record.id) }
        }
        if !batch.rules.isEmpty { put(batch.rules, &touched) }
        let (reread, coverageChanged) = tables.note(batch, taken: taken, changed) { shelf.number(of: $0) != nil }
        if !reread.isEmpty {
            let directory = present()
            for id in reread { if let record = record(id) { touched.formUnion(directory.touched(by: record)) } }
        }
        if !changed.isEmpty || !batch.rules.isEmpty { ordered = nil }
        if coverageChanged { summaries.touchAll(at: tables.sequence) }
        summaries.touch(touched, at: tables.sequence)
        summaries.take(batch.assessments, basedOn: batch.assessedAt)
        return CommitReceipt(sequence: tables.sequence, outcomes: outcomes, touched: touched)
    }

    /// Takes a person away for good.
    mutating func apply(_ planned: PlannedErasure) {
        tables.sequence += 1
        var touched: Set<CustomerKey> = []
        let directory = present()
        for number in planned.numbers {
            if let record = shelf.version(number, at: .latest)?.record { touched.formUnion(affected(by: record)) }
        }
        touched.formUnion(customers(namedBy: planned.rules.compactMap { tables.rules[$0] }))
        let gone = touched.filter { key in
            let members = directory.people(of: key).map(\.number)
            return members.allSatisfy(planned.numbers.contains)
        }
        for number in planned.numbers { shelf.erase(number) }
        tables.take(planned)
        rules = IdentityRules(tables.rules.values)
        ordered = nil
        summaries.touch(touched, at: tables.sequence)
        summaries.forget(gone)
    }

    private func put(
        _ told: SourceRecord, at location: Shelf.Location, _ moment: Date, _ touched: inout Set<CustomerKey>
    ) -> CommitReceipt.Outcome {
        guard let number = shelf.number(of: told.id), let current = shelf.version(number, at: .latest) else {
            let isAlone = present().isAlone(told)
            if told.movesPeople, !isAlone { touched.formUnion(affected(by: told)) }
            _ = shelf.add(
                RecordVersion(record: told, recordedAt: moment, sequence: tables.sequence), at: location)
            if isAlone {
                // It is a customer by itself or nobody.
                if let identity = told.identity, identity.createsCustomer, let email = identity.email,
                    hostDomains.isEmpty || !hostDomains.contains(email.domain)
                {
                    touched.insert(.email(email))
                }
            } else {
                touched.formUnion(affected(by: told))
            }
            return .new
        }
        let record = told.inheriting(from: current)
        if record == current.record { return .unchanged }
        let version = RecordVersion(record: record, recordedAt: moment, sequence: tables.sequence)
        guard version.supersedes(current) else {
            // An older version that comes late belongs to the past, once.
            if shelf.versions(number).contains(where: { $0.record == record }) { return .unchanged }
            shelf.add(version, at: location, to: number, isCurrent: false)
            return .updated
        }
        // Both what it said and what it says, before and after: a key that goes can settle an ambiguity elsewhere.
        let isMove = current.record.identity != record.identity || current.record.state != record.state
        func bothAffected() -> Set<CustomerKey> {
            affected(by: current.record, isMove: isMove).union(affected(by: record, isMove: isMove))
        }
        if record.movesPeople || current.record.movesPeople { touched.formUnion(bothAffected()) }
        shelf.add(version, at: location, to: number, isCurrent: true)
        touched.formUnion(bothAffected())
        return .updated
    }

    /// The customers that a change of a record can have changed: those that it touches, those that contend with it for
    /// something billed, and those that contend with people whom it may have moved, since a change of home changes who
    /// wins.
    ///
    /// - Parameter isMove: Whether the change can give what a billing system tells another home.
    private func affected(by record: SourceRecord, isMove: Bool = true) -> Set<CustomerKey> {
        let directory = present()
        let touched = directory.touched(by: record)
        guard record.identity != nil else { return touched.union(directory.contenders(for: record)) }
        return withContenders(touched, directory, besides: record.id, isMove: isMove)
            .union(directory.contenders(for: record))
    }

    private func withContenders(
        _ customers: Set<CustomerKey>, _ directory: CustomerDirectory<Shelf>, besides known: RecordID? = nil,
        isMove: Bool = true
    ) -> Set<CustomerKey> {
        var touched = customers
        for key in customers {
            let members = directory.people(of: key)
            for member in members where member.id != known {
                guard let person = shelf.version(member.number, at: .latest)?.record else { continue }
                touched.formUnion(directory.contenders(for: person))
            }
            guard isMove else { continue }
            for candidate in directory.activity(of: key, people: members) {
                guard let told = read(candidate)?.record, told.fact.isBilling else { continue }
                touched.formUnion(directory.contenders(for: told))
            }
        }
        return touched
    }

    /// Reads a record; one that cannot be read is noted, so that the answer is not given.
    func read(_ candidate: CustomerDirectory<Shelf>.Candidate) -> RecordVersion? {
        do throws(StoreError) {
            return try candidate.version()
        } catch {
            shelf.note(error)
            return nil
        }
    }

    private mutating func put(_ changed: [IdentityRule], _ touched: inout Set<CustomerKey>) {
        let before = tables.rules.values + changed
        touched.formUnion(customers(namedBy: before))
        for rule in changed { tables.rules[rule.id] = rule }
        rules = IdentityRules(tables.rules.values)
        touched.formUnion(customers(namedBy: before))
    }

    /// The customers that any of these rules can concern: one rule can keep another from applying, or let it.
    private func customers(namedBy rules: some Sequence<IdentityRule>) -> Set<CustomerKey> {
        let directory = present()
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
                if case .record(let id) = key, let record = record(id) {
                    keys.formUnion(directory.touched(by: record))
                }
            }
        }
        return withContenders(keys, directory)
    }

    /// Puts a version on the shelf that the tables know of already. Those of one record come in the order of their arrival.
    func shelve(_ version: RecordVersion, at location: Shelf.Location, isFirst: Bool) {
        guard !isFirst, let number = shelf.number(of: version.record.id),
            let current = shelf.version(number, at: .latest)
        else {
            _ = shelf.add(version, at: location)
            return
        }
        shelf.add(version, at: location, to: number, isCurrent: version.supersedes(current))
    }

    /// Puts tables in the place of those there are, as a file begins with them.
    mutating func restore(_ tables: StoreTables, _ summaries: SummaryTable) {
        self.tables = tables
        self.summaries = summaries
        rules = IdentityRules(tables.rules.values)
        ordered = nil
    }

    // MARK: Reading

    private func record(_ id: RecordID) -> SourceRecord? {
        shelf.number(of: id).flatMap { shelf.version($0, at: .latest)?.record }
    }

    func present() -> CustomerDirectory<Shelf> {
        CustomerDirectory(shelf, rules: rules, at: .latest, hostDomains: hostDomains)
    }

    /// The directory as of a point in time, and that point, or the present where nothing was learnt since.
    private func directory(at point: TimePoint) -> (CustomerDirectory<Shelf>, TimePoint) {
        if tables.isPresent(point) { return (present(), .latest) }
        let rules = tables.rules.isEmpty ? IdentityRules() : IdentityRules(tables.rules.values, at: point)
        return (CustomerDirectory(shelf, rules: rules, at: point, hostDomains: hostDomains), point)
    }

    /// A customer's file, of which what concerns the customer is still to be read.
    struct FileDraft {
        fileprivate(set) var file: CustomerFile
        fileprivate let candidates: [CustomerDirectory<Shelf>.Candidate]
        fileprivate let point: TimePoint
        fileprivate let sequence: UInt64
        /// Whether messages are still to be fetched for somebody.
        fileprivate let mayBeUnread: Bool

        /// Reads what concerns the customer; this takes most of the time, and can be done anywhere.
        ///
        /// - Returns: Whether the file is whole now; else it wants ``StoreState/finish(_:)``.
        mutating func read() throws(StoreError) -> Bool {
            file.activity.reserveCapacity(candidates.count)
            for candidate in candidates {
                guard let version = try candidate.version() else { continue }
                if version.record.fact.isBilling { file.billing.append(version) } else { file.activity.append(version) }
            }
            file.activity.sort { $0.record.id < $1.record.id }
            file.billing.sort { $0.record.id < $1.record.id }
            return file.billing.isEmpty && (!mayBeUnread || file.activity.isEmpty)
        }
    }

    func file(_ key: CustomerKey, at point: TimePoint) throws(StoreError) -> CustomerFile? {
        guard var draft = try draft(key, at: point) else { return nil }
        return try draft.read() ? draft.file : finish(draft)
    }

    /// Begins a customer's file.
    func draft(_ key: CustomerKey, at point: TimePoint) throws(StoreError) -> FileDraft? {
        if let erasure = tables.erasure(of: key) {
            throw StoreError(
                code: .erased, detail: "this person was erased on \(Timestamp.format(erasure.erasedAt))")
        }
        try tables.check(point)
        let (directory, point) = directory(at: point)
        return directory.customer(key).map { draft($0, directory, point) }
    }

    mutating func files(_ scan: CustomerScan) throws(StoreError) -> [CustomerFile] {
        try tables.check(scan.point)
        let (directory, point) = directory(at: scan.point)
        if ordered?.point != point { ordered = (point, directory.customers().sorted()) }
        let keys = ordered?.keys ?? []
        let start = scan.after.map { after in partition(keys) { $0 <= after } } ?? 0
        var files: [CustomerFile] = []
        for key in keys[start...].prefix(max(1, scan.limit)) {
            // A directory remembers whom it was asked about: each customer gets a new one.
            var draft = draft(key, self.directory(at: point).0, point)
            files.append(try draft.read() ? draft.file : finish(draft))
        }
        return files
    }

    private func draft(_ lead: CustomerKey, _ directory: CustomerDirectory<Shelf>, _ point: TimePoint) -> FileDraft {
        let members = directory.people(of: lead)
        let people = members.compactMap { shelf.version($0.number, at: point) }
        var file = CustomerFile(key: lead, people: people)
        for person in people {
            for id in person.record.references where !file.references.contains(where: { $0.record.id == id }) {
                guard let number = shelf.number(of: id), let reference = shelf.version(number, at: point) else {
                    continue
                }
                file.references.append(reference)
            }
        }
        if file.references.count > 1 { file.references.sort { $0.record.id < $1.record.id } }
        file.aliases = directory.rules.members(of: lead).filter { $0 != lead }
        file.absorbed = directory.absorbed(by: members.map(\.id))
        file.billedElsewhere = directory.billedElsewhere(lead, claims: claims(of: file))
        return FileDraft(
            file: file, candidates: directory.activity(of: lead, people: members), point: point,
            sequence: tables.sequence, mayBeUnread: point == .latest && !tables.unread.isEmpty)
    }

    /// Ends a customer's file that was read: who is billed for what a billing system tells, and what is unread.
    ///
    /// - Throws: ``StoreError`` where a file cannot be read.
    func finish(_ draft: FileDraft) throws(StoreError) -> CustomerFile {
        guard draft.sequence == tables.sequence else {
            // Something was learnt meanwhile: half of it would be no answer.
            return try file(draft.file.key, at: draft.point) ?? draft.file
        }
        var file = draft.file
        if !file.billing.isEmpty {
            file.billedElsewhere = directory(at: draft.point).0.billedElsewhere(file.key, claims: claims(of: file))
        }
        if draft.mayBeUnread { file.unread = file.activity.map(\.record.id).filter { tables.unread[$0] != nil } }
        return file
    }

    /// What a customer's records claim to be billed for.
    private func claims(of file: CustomerFile) -> [BillingClaim] {
        var claims: [BillingClaim] = []
        for person in file.people where person.record.state.isLive {
            let (own, companies, _) = person.record.billingClaims()
            claims += own + companies
        }
        for told in file.billing where told.record.state.isLive { claims += told.record.billingClaims().claims }
        return claims
    }

    mutating func due(asOf moment: Date) -> DueCustomers {
        if summaries.everybodyIsDue { summaries.add(everybody: present().customers(), at: tables.sequence) }
        let (shelf, rules, hosts) = (shelf, rules, hostDomains)
        let keys = summaries.due(asOf: moment) { key in
            CustomerDirectory(shelf, rules: rules, at: .latest, hostDomains: hosts).customer(key) == key
        }
        return DueCustomers(keys: keys.sorted(), sequence: tables.sequence)
    }

    func versions(_ ids: [RecordID]) -> [RecordVersion] {
        ids.compactMap { id in shelf.number(of: id).flatMap { shelf.version($0, at: .latest) } }
    }

    func history(of ids: [RecordID]) -> [RecordVersion] {
        let versions = Set(ids).flatMap { id in shelf.number(of: id).map(shelf.versions) ?? [] }
        return versions.sorted { ($0.sequence, $0.record.id) < ($1.sequence, $1.record.id) }
    }

    func liveIDs(_ stream: StreamKey) -> [String] {
        var ids: [String] = []
        for number in 0..<UInt32(shelf.count) {
            guard let head = shelf.head(number, at: .latest), head.state == .live, head.id.stream == stream.stream,
                head.id.source == stream.source
            else { continue }
            ids.append(head.id.id)
        }
        return ids.sorted { $0.utf8Precedes($1) }
    }

    func unmatched() -> [UnmatchedRecord] {
        present().unmatched().map { UnmatchedRecord(id: $0.record, reason: $0.reason) }
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

extension SourceRecord {
    /// Whether its coming or going can change which customer a record belongs to.
    var movesPeople: Bool { identity != nil || mayHaveHome }

    /// Whether this can belong to a customer without being a person: a billing system's word, or something merged.
    var mayHaveHome: Bool {
        if case .merged = state { return true }
        return fact.isBilling
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

extension StoreState: Sendable where Shelf: Sendable {}
