#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// That a person was erased: when, by whom, and marks by which records of the person are known when they come again.
///
/// The marks are keyed hashes of the person's addresses and record ids. Without the store's key they name nobody.
public struct Erasure: Sendable, Hashable {
    /// When it was done.
    public var erasedAt: Date
    /// Who did it.
    public var erasedBy: StoreActor
    /// How many records went.
    public var records: Int
    /// Marks of the addresses and record ids, in order.
    var marks: [UInt64]

    /// Creates an erasure of which a store keeps the marks in a way of its own.
    public init(erasedAt: Date, erasedBy: StoreActor, records: Int) {
        self.init(erasedAt: erasedAt, erasedBy: erasedBy, records: records, marks: [])
    }

    init(erasedAt: Date, erasedBy: StoreActor, records: Int, marks: [UInt64]) {
        self.erasedAt = erasedAt
        self.erasedBy = erasedBy
        self.records = records
        self.marks = marks
    }
}

extension StoreState {
    /// What erasing a customer takes away; `nil` where there is no such customer.
    ///
    /// Everything that the customer is and everything that concerns it goes, also where it concerns others as well: a
    /// conversation holds words of all who took part.
    func erasure(of key: CustomerKey, at moment: Date, by actor: StoreActor) -> PlannedErasure? {
        let directory = present()
        guard let lead = directory.customer(key) else { return nil }
        let members = directory.people(of: lead)
        let absorbed = directory.absorbed(by: members.map(\.id))
        var numbers = Set(members.map(\.number) + absorbed.compactMap(shelf.number))
        let concerned = directory.activity(of: lead, people: members).compactMap { read($0)?.record.id }
        numbers.formUnion(concerned.compactMap(shelf.number))
        var ids = Set(absorbed)
        var emails: Set<EmailAddress> = []
        if let email = key.email { emails.insert(email) }
        for number in numbers {
            for version in shelf.versions(number) {
                ids.insert(version.record.id)
                if let identity = version.record.identity {
                    emails.formUnion(identity.furtherEmails + (identity.email.map { [$0] } ?? []))
                }
            }
        }
        // Rules that name the person by address or record would keep both.
        let keys = Set(emails.map(CustomerKey.email) + ids.map(CustomerKey.record))
        let rules = tables.rules.values.filter { !keys.isDisjoint(with: $0.kind.keys) }.map(\.id)
        let marks = emails.map(tables.marker.mark) + ids.map(tables.marker.mark)
        return PlannedErasure(
            erasure: Erasure(erasedAt: moment, erasedBy: actor, records: numbers.count, marks: marks.sorted()),
            numbers: numbers.sorted(), rules: rules.sorted { $0.utf8Precedes($1) })
    }
}

/// An erasure with what it takes away.
struct PlannedErasure: Sendable, Hashable {
    var erasure: Erasure
    /// The records, by their numbers.
    var numbers: [UInt32]
    /// The rules that name the person, by their ids.
    var rules: [String]
}

/// Marks persons so that they are known again and not named.
struct Marker: Sendable, Hashable {
    /// The store's key.
    var key: [UInt8]

    /// The mark of an address.
    func mark(_ email: EmailAddress) -> UInt64 { SipHash(key: key).hash("e:" + email.normalized) }

    /// The mark of a record.
    func mark(_ id: RecordID) -> UInt64 { SipHash(key: key).hash("r:" + id.description) }
}

extension IdentityRule.Kind {
    /// The two keys that it names.
    var keys: [CustomerKey] {
        switch self {
        case .merge(let from, let into): [from, into]
        case .keepApart(let a, let b): [a, b]
        }
    }
}

extension StoreTables {
    /// When and by whom the person behind a key was erased; `nil` for everybody else.
    func erasure(of key: CustomerKey) -> Erasure? {
        guard !erasures.isEmpty else { return nil }
        let mark =
            switch key {
            case .email(let email): marker.mark(email)
            case .record(let id): marker.mark(id)
            }
        return erasures.last { $0.marks.contains(mark) }
    }

    /// Whether a record is, or concerns, a person who was erased.
    func isErased(_ record: SourceRecord) -> Bool {
        guard !marks.isEmpty else { return false }
        if isErased(record.id) { return true }
        if let identity = record.identity {
            if let email = identity.email, marks.contains(marker.mark(email)) { return true }
            if identity.furtherEmails.contains(where: { marks.contains(marker.mark($0)) }) { return true }
        }
        return record.subjects.contains { subject in
            switch subject {
            case .record(let id): isErased(id)
            case .email(let email): marks.contains(marker.mark(email))
            case .external: false
            }
        }
    }

    /// Whether a record of that id was erased.
    func isErased(_ id: RecordID) -> Bool { !marks.isEmpty && marks.contains(marker.mark(id)) }

    /// The batch without what it says of erased persons besides records.
    func withholding(_ batch: StoreBatch) -> StoreBatch {
        guard !marks.isEmpty else { return batch }
        var batch = batch
        batch.rejected.removeAll { isErased($0.id) }
        batch.issues.removeAll { isErased($0.record) }
        batch.pending.removeAll { isErased($0.id) || $0.because.map(isErased) ?? false }
        batch.rules.removeAll { rule in rule.kind.keys.contains { erasure(of: $0) != nil } }
        batch.assessments.removeAll { erasure(of: $0.key) != nil }
        for (key, ids) in batch.seen {
            batch.seen[key] = ids.filter { !isErased(RecordID(source: key.source, stream: key.stream, id: $0)) }
        }
        return batch
    }

    /// Forgets persons who were erased.
    mutating func take(_ planned: PlannedErasure) {
        erasures.append(planned.erasure)
        marks.formUnion(planned.erasure.marks)
        for rule in planned.rules { rules[rule] = nil }
        rejected = rejected.filter { !isErased($0.key) }
        issues = issues.filter { !isErased($0.key) }
        unread = unread.compactMapValues { ids in
            let left = ids.filter { !isErased($0) }
            return left.isEmpty ? nil : left
        }.filter { !isErased($0.key) }
        furtherAskers = furtherAskers.filter { !isErased($0.key) }.mapValues { $0.filter { !isErased($0) } }
        for (key, waiting) in pending {
            for (id, asker) in waiting where isErased(id) || asker.map(isErased) ?? false {
                // What somebody else waits for as well is still to be fetched.
                let other = isErased(id) ? nil : furtherAskers[id]?.min()
                pending[key]?[id] = other.map { .some($0) }
                if let other { furtherAskers[id]?.remove(other) }
            }
        }
        furtherAskers = furtherAskers.filter { !$0.value.isEmpty }
        for (key, ids) in seen {
            seen[key] = ids.filter { !isErased(RecordID(source: key.source, stream: key.stream, id: $0)) }
        }
        for (key, state) in streams where !state.heldBack.isEmpty {
            let left = state.heldBack.filter { !isErased(RecordID(source: key.source, stream: key.stream, id: $0)) }
            streams[key]?.heldBack = left
        }
        for (key, history) in streamHistory {
            for place in history.indices where !history[place].state.heldBack.isEmpty {
                streamHistory[key]?[place].state.heldBack = []
            }
        }
    }
}
