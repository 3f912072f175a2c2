#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Whose a record is.
public enum Match: Sendable, Hashable {
    /// It belongs to this customer.
    case customer(CustomerKey)
    /// It belongs to nobody, for this reason; it is kept and looked at again when a key changes.
    case unmatched(UnmatchedReason)
}

/// Why a record of a person belongs to no customer.
public enum UnmatchedReason: String, Sendable, Hashable, CaseIterable {
    /// It has no valid e-mail address, and no customer claims one of its other keys.
    case noEmail = "no_email"
    /// Several customers claim its keys.
    case ambiguous
    /// Its address is of the host's own domain.
    case hostDomain = "host_domain"
    /// Its stream creates no customers, and nobody else has its address.
    case notACustomer = "not_a_customer"
}

/// The rules of identity at work: which records make up which customer.
///
/// It is fed the version of each record in force and answers from the records alone, so that the order in which they
/// came does not matter. A change costs its own keys; nothing is ever closed over all customers. Stores hold one for
/// the present, and build one for a past moment when asked.
public struct CustomerDirectory: Sendable {
    private struct Person {
        var email: EmailAddress?
        var keys: [ExternalID]
        var creates: Bool
    }

    /// The rules made by people.
    public private(set) var rules = IdentityRules()
    private let hostDomains: Set<String>

    private var people: [RecordID: Person] = [:]
    private var byEmail: [EmailAddress: [RecordID]] = [:]
    private var byKey: [ExternalID: [RecordID]] = [:]
    private var bySubject: [SubjectRef: [RecordID]] = [:]
    private var byReference: [RecordID: [RecordID]] = [:]
    private var merged: [RecordID: RecordID] = [:]
    private var mergedHere: [RecordID: [RecordID]] = [:]
    private var claims: [BillingClaim: [Claimant]] = [:]
    private var companyClaims: [BillingClaim: [Claimant]] = [:]
    /// Whom the billing system's own records concern; they are nobody themselves.
    private var billed: [RecordID: [SubjectRef]] = [:]
    /// Addresses that records carried once, in versions no longer in force.
    private var formerEmails: [EmailAddress: [RecordID]] = [:]

    /// Creates an empty directory.
    ///
    /// - Parameter hostDomains: Domains of the host itself, lower-case; their addresses are never customers.
    public init(hostDomains: Set<String> = []) { self.hostDomains = hostDomains }

    /// Puts other rules in force.
    public mutating func use(_ rules: IdentityRules) { self.rules = rules }

    // MARK: Feeding

    /// Replaces what a record said by what it says now; either may be missing.
    public mutating func apply(_ old: SourceRecord?, _ new: SourceRecord?) {
        if let old { change(old, adding: false) }
        if let new { change(new, adding: true) }
    }

    /// Remembers the address of a version that is not in force, so that a former key still finds its customer.
    public mutating func retire(_ record: SourceRecord) {
        guard let email = record.identity?.email, formerEmails[email]?.contains(record.id) != true else { return }
        formerEmails[email, default: []].append(record.id)
    }

    private mutating func change(_ record: SourceRecord, adding: Bool) {
        if let identity = record.identity {
            let keys = identity.externalIDs + identity.furtherEmails.map(\.asKey)
            if let email = identity.email { Self.note(record.id, at: email, in: &byEmail, adding) }
            for key in keys { Self.note(record.id, at: key, in: &byKey, adding) }
            people[record.id] =
                adding
                ? Person(email: identity.email, keys: keys, creates: identity.createsCustomer) : nil
        }
        for subject in record.subjects { Self.note(record.id, at: subject, in: &bySubject, adding) }
        for reference in record.references { Self.note(record.id, at: reference, in: &byReference, adding) }
        if case .merged(let survivor) = record.state {
            merged[record.id] = adding ? survivor : nil
            Self.note(record.id, at: survivor, in: &mergedHere, adding)
        }
        guard record.state.isLive else { return }
        let (own, companies, claimant) = record.billingClaims()
        if claimant.rank == 0 { billed[record.id] = adding ? record.subjects : nil }
        for claim in own { Self.note(claimant, at: claim, in: &claims, adding) }
        for claim in companies { Self.note(claimant, at: claim, in: &companyClaims, adding) }
    }

    private static func note<Key: Hashable, Value: Equatable>(
        _ value: Value, at key: Key, in table: inout [Key: [Value]], _ adding: Bool
    ) {
        if adding {
            table[key, default: []].append(value)
        } else if let place = table[key]?.firstIndex(of: value) {
            if table[key]?.count == 1 { table[key] = nil } else { table[key]?.remove(at: place) }
        }
    }

    // MARK: Asking

    /// Whose a record of a person is; `nil` where the record is no person's, not known, or speaks no more because it
    /// was merged into another.
    public func match(_ record: RecordID) -> Match? {
        guard let person = people[record], !isMergedAway(record) else { return nil }
        return match(record, person)
    }

    private func match(_ record: RecordID, _ person: Person) -> Match {
        if rules.names(record) || isDetached(record, person) { return .customer(rules.lead(of: .record(record))) }
        if let email = person.email { return match(email) }
        var found: CustomerKey?
        for key in person.keys {
            for holder in byKey[key] ?? [] where holder != record {
                guard let other = people[holder], other.email != nil || rules.names(holder), !isMergedAway(holder),
                    case .customer(let home) = match(holder, other)
                else { continue }
                if let found, found != home { return .unmatched(.ambiguous) }
                found = home
            }
        }
        return found.map(Match.customer) ?? .unmatched(.noEmail)
    }

    /// Whose an e-mail address is.
    public func match(_ email: EmailAddress) -> Match {
        if !hostDomains.isEmpty, hostDomains.contains(email.domain) { return .unmatched(.hostDomain) }
        let creator = byEmail[email]?.contains { record in
            guard let person = people[record], person.creates else { return false }
            return !isMergedAway(record) && !rules.names(record) && !isDetached(record, person)
        }
        return creator == true ? .customer(rules.lead(of: .email(email))) : .unmatched(.notACustomer)
    }

    private func isMergedAway(_ record: RecordID) -> Bool { speaker(for: record) != record }

    private func isDetached(_ record: RecordID, _ person: Person) -> Bool {
        guard let email = person.email else { return false }
        return rules.apart(from: record).contains { other in
            switch other {
            case .email(let address): address == email
            case .record(let id): id < record && people[id]?.email == email
            }
        }
    }

    /// The customer that a key leads to, also when it is a former key or a merged one; `nil` for a stranger's.
    public func customer(_ key: CustomerKey) -> CustomerKey? {
        let lead = rules.lead(of: key)
        if !people(of: lead).isEmpty { return lead }
        // A former key: the records that carried it were merged at the vendor, or carry another address now.
        let carriers =
            switch key {
            case .record(let id): [id]
            case .email(let email): (byEmail[email] ?? []) + (formerEmails[email] ?? [])
            }
        let homes = Set(carriers.compactMap(home(of:)))
        return homes.count == 1 ? homes.first : nil
    }

    /// The customer that a record's subject is; `nil` where it is nobody's or not clear whose.
    public func customer(concernedBy subject: SubjectRef) -> CustomerKey? {
        switch subject {
        case .record(let id):
            if case .customer(let home)? = match(speaker(for: id)) { return home }
            return nil
        case .email(let email):
            if case .customer(let home) = match(email) { return home }
            return claimant(of: email.asKey)
        case .external(let key):
            return claimant(of: key)
        }
    }

    private func claimant(of key: ExternalID) -> CustomerKey? {
        var found: CustomerKey?
        for record in byKey[key] ?? [] {
            guard case .customer(let home)? = match(record) else { continue }
            if let found, found != home { return nil }
            found = home
        }
        return found
    }

    /// The record that speaks for `id` after merges at the vendor: the last one of the chain that is known as a
    /// person; of a ring of merges the smallest.
    public func speaker(for id: RecordID) -> RecordID {
        guard !merged.isEmpty, merged[id] != nil else { return id }
        var path = [id]
        while let last = path.last, let next = merged[last] {
            if let start = path.firstIndex(of: next) {
                return path[start...].filter { people[$0] != nil }.min() ?? id
            }
            path.append(next)
        }
        return path.last { people[$0] != nil } ?? id
    }

    // MARK: Members

    /// The records of people that make up a customer, in order.
    public func people(of lead: CustomerKey) -> [RecordID] {
        var found: [RecordID] = []
        var keyed: [ExternalID] = []
        for key in rules.members(of: lead) {
            switch key {
            case .email(let email):
                guard case .customer(lead) = match(email) else { continue }
                for record in byEmail[email] ?? [] {
                    guard !found.contains(record), let person = people[record],
                        case .customer(lead)? = match(record)
                    else { continue }
                    found.append(record)
                    keyed += person.keys
                }
            case .record(let record):
                guard !found.contains(record), let person = people[record], case .customer(lead)? = match(record) else {
                    continue
                }
                found.append(record)
                keyed += person.keys
            }
        }
        for key in keyed {
            guard let holders = byKey[key], holders.count > 1 else { continue }
            for record in holders where people[record]?.email == nil && !found.contains(record) {
                if case .customer(lead)? = match(record) { found.append(record) }
            }
        }
        return found.sorted()
    }

    /// The records that concern a customer: those about its people, its addresses and its keys, in order.
    public func activity(of lead: CustomerKey, people records: [RecordID]) -> [RecordID] {
        guard !bySubject.isEmpty else { return [] }
        var found: [RecordID] = []
        for record in withAbsorbed(records) { found += bySubject[.record(record)] ?? [] }
        for record in records {
            guard let person = people[record] else { continue }
            if let email = person.email, customer(concernedBy: .email(email)) == lead {
                found += bySubject[.email(email)] ?? []
            }
            for key in person.keys {
                if let about = bySubject[.external(key)], customer(concernedBy: .external(key)) == lead {
                    found += about
                }
                if let email = EmailAddress(key: key), let about = bySubject[.email(email)],
                    customer(concernedBy: .email(email)) == lead
                {
                    found += about
                }
            }
        }
        if found.count > 1 {
            found.sort()
            var last: RecordID?
            found.removeAll { record in
                defer { last = record }
                return record == last
            }
        }
        return found
    }

    /// What was merged into these records at the vendor, in order.
    public func absorbed(by records: [RecordID]) -> [RecordID] {
        mergedHere.isEmpty ? [] : withAbsorbed(records).dropFirst(records.count).sorted()
    }

    /// The records and all that were merged into them at the vendor.
    private func withAbsorbed(_ records: [RecordID]) -> [RecordID] {
        guard !mergedHere.isEmpty else { return records }
        var all = records
        var next = 0
        while next < all.count {
            for absorbed in mergedHere[all[next]] ?? [] where !all.contains(absorbed) { all.append(absorbed) }
            next += 1
        }
        return all
    }

    /// The claims of these records that are billed to somebody else, with whom.
    public func billedElsewhere(_ lead: CustomerKey, claims own: [BillingClaim]) -> [BillingClaim: CustomerKey] {
        var elsewhere: [BillingClaim: CustomerKey] = [:]
        for claim in own {
            let table = if case .company = claim { companyClaims } else { claims }
            guard let claimants = table[claim], claimants.count > 1 else { continue }
            var best: (claimant: Claimant, home: CustomerKey)?
            for claimant in claimants {
                guard let home = home(of: claimant.record) else { continue }
                if best.map({ claimant.precedes($0.claimant) }) ?? true { best = (claimant, home) }
            }
            if let best, best.home != lead { elsewhere[claim] = best.home }
        }
        return elsewhere
    }

    /// Whose a record is: a person's own customer, or the one that a billing record concerns.
    private func home(of record: RecordID) -> CustomerKey? {
        if case .customer(let home)? = match(speaker(for: record)) { return home }
        return billed[record]?.lazy.compactMap { customer(concernedBy: $0) }.first
    }

    /// Every customer there is, in no order.
    public func customers() -> Set<CustomerKey> {
        var found: Set<CustomerKey> = []
        for email in byEmail.keys { if case .customer(let key) = match(email) { found.insert(key) } }
        for key in rules.mentioned where !people(of: rules.lead(of: key)).isEmpty { found.insert(rules.lead(of: key)) }
        for record in rules.keptApart {
            if case .customer(let key)? = match(record) { found.insert(key) }
        }
        return found
    }

    /// Every record of a person that belongs to nobody, with the reason, in order.
    public func unmatched() -> [(record: RecordID, reason: UnmatchedReason)] {
        people.keys.compactMap { record in
            if case .unmatched(let reason)? = match(record) { (record, reason) } else { nil }
        }.sorted { $0.record < $1.record }
    }

    /// The customers that a change of `record` can have changed, given what it says before or after the change.
    ///
    /// A change can move the record, what was merged into it, those who share an address with them, and those who join
    /// one of these by a secondary key; nobody beyond.
    public func touched(by record: SourceRecord) -> Set<CustomerKey> {
        var touched: Set<CustomerKey> = []
        for subject in record.subjects { if let home = customer(concernedBy: subject) { touched.insert(home) } }
        for referrer in byReference[record.id] ?? [] { if let home = home(of: referrer) { touched.insert(home) } }
        if let identity = record.identity {
            var near = [record.id] + absorbed(by: [record.id])
            var emails = near.compactMap { people[$0]?.email }
            if let email = identity.email { emails.append(email) }
            for email in emails { near += byEmail[email] ?? [] }
            var keys = identity.externalIDs + identity.furtherEmails.map(\.asKey)
            for record in near { keys += people[record]?.keys ?? [] }
            for key in Set(keys) { near += byKey[key] ?? [] }
            for record in Set(near) {
                if let home = home(of: record) { touched.insert(home) }
                // Until its survivor is known as a person, a merged record stands for itself.
                if case .customer(let home)? = match(record) { touched.insert(home) }
            }
            for email in emails { if case .customer(let home) = match(email) { touched.insert(home) } }
        } else if let home = home(of: record.id) {
            touched.insert(home)
        }
        return touched.union(contenders(for: record))
    }

    /// The customers of other records that claim something that this record claims.
    func contenders(for record: SourceRecord) -> Set<CustomerKey> {
        var contenders: Set<CustomerKey> = []
        let (own, companies, _) = record.billingClaims()
        func add(_ claimants: [Claimant]?) {
            for claimant in claimants ?? [] where claimant.record != record.id {
                if let home = home(of: claimant.record) { contenders.insert(home) }
            }
        }
        for claim in own { add(claims[claim]) }
        for claim in companies { add(companyClaims[claim]) }
        return contenders
    }
}

extension EmailAddress {
    /// The address as a secondary key.
    var asKey: ExternalID { ExternalID(system: "email", id: normalized) }

    init?(key: ExternalID) {
        guard key.system == "email" else { return nil }
        // A key of this system was made from a valid address.
        try? self.init(key.id)
    }
}

extension SourceRecord {
    /// Records of other streams that this one points to: companies, the teammate in charge.
    var references: [RecordID] {
        guard case .contact(let shared) = fact.kind else { return [] }
        return shared.value.companies + (shared.value.owner.map { [$0] } ?? [])
    }
}
