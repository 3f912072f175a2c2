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

/// The rules of identity at work: which records make up which customer at one point in time.
///
/// It answers from the versions of records in force at that point alone, so that the order in which they came does not
/// matter, and asks only for records that share a key with the question; nothing is ever closed over all customers. It
/// lives as long as one question, and remembers meanwhile who each person is.
final class CustomerDirectory<Shelf: RecordShelf> {
    private struct Person {
        var id: RecordID
        var email: EmailAddress?
        var keys: [ExternalID]
        var creates: Bool
    }

    /// The rules made by people.
    let rules: IdentityRules
    private let shelf: Shelf
    private let point: TimePoint
    private let hostDomains: Set<String>
    private var heads: [UInt32: RecordHead?] = [:]

    /// Creates a directory for one question.
    ///
    /// - Parameter hostDomains: Domains of the host itself, lower-case; their addresses are never customers.
    init(_ shelf: Shelf, rules: IdentityRules, at point: TimePoint, hostDomains: Set<String>) {
        self.shelf = shelf
        self.rules = rules
        self.point = point
        self.hostDomains = hostDomains
    }

    // MARK: Records

    private func head(_ number: UInt32) -> RecordHead? {
        if let known = heads[number] { return known }
        let head = shelf.head(number, at: point)
        heads[number] = .some(head)
        return head
    }

    private func person(_ number: UInt32) -> Person? {
        guard let head = head(number), let identity = head.identity else { return nil }
        return Person(
            id: head.id, email: identity.email, keys: identity.keys, creates: identity.createsCustomer)
    }

    private func record(_ number: UInt32) -> SourceRecord? { shelf.version(number, at: point)?.record }

    private func number(of id: RecordID) -> UInt32? { shelf.number(of: id) }

    private func candidates(_ edge: RecordEdge) -> [UInt32] { shelf.index.numbers(edge.hash(shelf.seed)) }

    /// The people with this primary address.
    private func people(with email: EmailAddress) -> [(number: UInt32, person: Person)] {
        people(at: .email(email)) { $0.email == email }
    }

    /// The people with this secondary key.
    private func people(with key: ExternalID) -> [(number: UInt32, person: Person)] {
        people(at: .key(key)) { $0.keys.contains(key) }
    }

    private func people(at edge: RecordEdge, where holds: (Person) -> Bool) -> [(number: UInt32, person: Person)] {
        var found: [(number: UInt32, person: Person)] = []
        for number in candidates(edge) {
            if let person = person(number), holds(person) { found.append((number, person)) }
        }
        return found
    }

    /// The record that this one was merged into at the vendor.
    private func survivor(of id: RecordID) -> RecordID? {
        guard let number = number(of: id), case .merged(let survivor)? = head(number)?.state else { return nil }
        return survivor
    }

    private func isPerson(_ id: RecordID) -> Bool {
        number(of: id).flatMap { head($0)?.identity } != nil
    }

    // MARK: Asking

    /// Whose a record of a person is; `nil` where the record is no person's, not known, or speaks no more because it
    /// was merged into another.
    func match(_ id: RecordID) -> Match? { number(of: id).flatMap { match($0) } }

    private func match(_ number: UInt32) -> Match? {
        guard let person = person(number), !isMergedAway(number) else { return nil }
        return match(number, person)
    }

    private func match(_ number: UInt32, _ person: Person) -> Match {
        if rules.names(person.id) || isDetached(person) { return .customer(rules.lead(of: .record(person.id))) }
        if let email = person.email { return match(email) }
        var found: CustomerKey?
        for key in person.keys {
            for (holder, other) in people(with: key) where holder != number {
                guard other.email != nil || rules.names(other.id), !isMergedAway(holder),
                    case .customer(let home) = match(holder, other)
                else { continue }
                if let found, found != home { return .unmatched(.ambiguous) }
                found = home
            }
        }
        return found.map(Match.customer) ?? .unmatched(.noEmail)
    }

    /// Whose an e-mail address is.
    func match(_ email: EmailAddress) -> Match {
        if !hostDomains.isEmpty, hostDomains.contains(email.domain) { return .unmatched(.hostDomain) }
        for (number, person) in people(with: email)
        where person.creates && !isMergedAway(number) && !rules.names(person.id) && !isDetached(person) {
            return .customer(rules.lead(of: .email(email)))
        }
        return .unmatched(.notACustomer)
    }

    private func isMergedAway(_ number: UInt32) -> Bool {
        guard let head = head(number), case .merged = head.state else { return false }
        return speaker(for: head.id) != head.id
    }

    private func isDetached(_ person: Person) -> Bool {
        guard let email = person.email else { return false }
        return rules.apart(from: person.id).contains { other in
            switch other {
            case .email(let address): address == email
            case .record(let id):
                id < person.id && number(of: id).flatMap { head($0)?.identity?.email } == email
            }
        }
    }

    /// The customer that a key leads to, also when it is a former key or a merged one; `nil` for a stranger's.
    func customer(_ key: CustomerKey) -> CustomerKey? {
        let lead = rules.lead(of: key)
        if !people(of: lead).isEmpty { return lead }
        // A former key: the records that carried it were merged at the vendor, or carry another address now.
        var homes: Set<CustomerKey> = []
        switch key {
        case .record(let id): if let home = home(of: id) { homes.insert(home) }
        case .email(let email):
            for number in candidates(.email(email)) where carried(number, email) {
                if let id = head(number)?.id, let home = home(of: id) { homes.insert(home) }
            }
        }
        return homes.count == 1 ? homes.first : nil
    }

    /// Whether a record carries an address, or did in a version known and held by then.
    private func carried(_ number: UInt32, _ email: EmailAddress) -> Bool {
        if head(number)?.identity?.email == email { return true }
        return shelf.versions(number).contains { $0.record.identity?.email == email && point.includes($0) }
    }

    /// The customer that a record's subject is; `nil` where it is nobody's or not clear whose.
    func customer(concernedBy subject: SubjectRef) -> CustomerKey? {
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
        for (number, _) in people(with: key) {
            guard case .customer(let home)? = match(number) else { continue }
            if let found, found != home { return nil }
            found = home
        }
        return found
    }

    /// The record that speaks for `id` after merges at the vendor: the last one of the chain that is known as a
    /// person; of a ring of merges the smallest.
    func speaker(for id: RecordID) -> RecordID {
        guard survivor(of: id) != nil else { return id }
        var path = [id]
        while let last = path.last, let next = survivor(of: last) {
            if let start = path.firstIndex(of: next) { return path[start...].filter(isPerson).min() ?? id }
            path.append(next)
        }
        return path.last(where: isPerson) ?? id
    }

    // MARK: Members

    /// A record of a person that is part of a customer.
    struct Member {
        var number: UInt32
        var id: RecordID
    }

    /// The records of people that make up a customer, in order.
    func people(of lead: CustomerKey) -> [Member] {
        var found: [Member] = []
        var keyed: [ExternalID] = []
        func add(_ number: UInt32, _ person: Person) {
            guard !found.contains(where: { $0.number == number }), case .customer(lead)? = match(number) else { return }
            found.append(Member(number: number, id: person.id))
            keyed += person.keys
        }
        for key in rules.members(of: lead) {
            switch key {
            case .email(let email):
                let people = people(with: email)
                guard !people.isEmpty, case .customer(lead) = match(email) else { continue }
                for (number, person) in people { add(number, person) }
            case .record(let id):
                if let number = number(of: id), let person = person(number) { add(number, person) }
            }
        }
        for key in keyed {
            let candidates = candidates(.key(key))
            guard candidates.count > 1 else { continue }
            for (number, person) in people(with: key) where person.email == nil {
                guard !found.contains(where: { $0.number == number }), case .customer(lead)? = match(number) else {
                    continue
                }
                found.append(Member(number: number, id: person.id))
            }
        }
        if found.count > 1 { found.sort { $0.id < $1.id } }
        return found
    }

    /// A record that may concern a customer.
    struct Candidate {
        /// What its version is read by.
        var handle: Shelf.Handle
        /// It does where it names one of these.
        var subjects: [SubjectRef]

        /// The version, where it concerns the customer.
        func version() throws(StoreError) -> RecordVersion? {
            let version = try handle.version()
            return subjects.contains(where: version.record.subjects.contains) ? version : nil
        }
    }

    /// The records that concern a customer: those about its people, its addresses and its keys.
    func activity(of lead: CustomerKey, people members: [Member]) -> [Candidate] {
        var places: [UInt32: Int] = [:]
        var found: [Candidate] = []
        func add(_ subject: SubjectRef, _ numbers: [UInt32]) {
            for number in numbers {
                if let place = places[number] {
                    found[place].subjects.append(subject)
                } else if let handle = shelf.handle(number, at: point) {
                    places[number] = found.count
                    found.append(Candidate(handle: handle, subjects: [subject]))
                }
            }
        }
        func addOwn(_ subject: SubjectRef) {
            let numbers = candidates(.subject(subject))
            guard !numbers.isEmpty, customer(concernedBy: subject) == lead else { return }
            add(subject, numbers)
        }
        for id in withAbsorbed(members.map(\.id)) { add(.record(id), candidates(.subject(.record(id)))) }
        for member in members {
            guard let person = person(member.number) else { continue }
            if let email = person.email { addOwn(.email(email)) }
            for key in person.keys {
                addOwn(.external(key))
                if let email = EmailAddress(key: key) { addOwn(.email(email)) }
            }
        }
        return found
    }

    /// What was merged into these records at the vendor, in order.
    func absorbed(by records: [RecordID]) -> [RecordID] { withAbsorbed(records).dropFirst(records.count).sorted() }

    /// The records and all that were merged into them at the vendor.
    private func withAbsorbed(_ records: [RecordID]) -> [RecordID] {
        var all = records
        var next = 0
        while next < all.count {
            for number in candidates(.mergedInto(all[next])) {
                guard let head = head(number), case .merged(all[next]) = head.state, !all.contains(head.id) else {
                    continue
                }
                all.append(head.id)
            }
            next += 1
        }
        return all
    }

    /// The claims of these records that are billed to somebody else, with whom.
    func billedElsewhere(_ lead: CustomerKey, claims own: [BillingClaim]) -> [BillingClaim: CustomerKey] {
        var elsewhere: [BillingClaim: CustomerKey] = [:]
        for claim in own {
            let claimants = claimants(of: claim)
            guard claimants.count > 1 else { continue }
            var best: (claimant: Claimant, home: CustomerKey)?
            for claimant in claimants {
                guard let home = home(of: claimant.record) else { continue }
                if best.map({ claimant.precedes($0.claimant) }) ?? true { best = (claimant, home) }
            }
            if let best, best.home != lead { elsewhere[claim] = best.home }
        }
        return elsewhere
    }

    /// The live records that claim something; where there is one candidate alone, nothing is looked up.
    private func claimants(of claim: BillingClaim) -> [Claimant] {
        let candidates = candidates(.claim(claim))
        guard candidates.count > 1 else { return [] }
        return candidates.compactMap { number in record(number).flatMap { $0.claimant(of: claim) } }
    }

    /// Whose a record is: a person's own customer, or the one that a billing record concerns.
    private func home(of id: RecordID) -> CustomerKey? { number(of: id).flatMap { home(of: $0) } }

    private func home(of number: UInt32) -> CustomerKey? {
        guard let head = head(number) else { return nil }
        let match = if case .merged = head.state { match(speaker(for: head.id)) } else { match(number) }
        if case .customer(let home)? = match { return home }
        guard !head.subjects.isEmpty, head.state.isLive, record(number)?.fact.isBilling == true else { return nil }
        return head.subjects.lazy.compactMap { self.customer(concernedBy: $0) }.first
    }

    /// Every customer there is, in no order.
    func customers() -> Set<CustomerKey> {
        var found: Set<CustomerKey> = []
        for number in 0..<UInt32(shelf.count) {
            if case .customer(let key)? = match(number) { found.insert(key) }
        }
        return found
    }

    /// Every record of a person that belongs to nobody, with the reason, in order.
    func unmatched() -> [(record: RecordID, reason: UnmatchedReason)] {
        var found: [(record: RecordID, reason: UnmatchedReason)] = []
        for number in 0..<UInt32(shelf.count) {
            if case .unmatched(let reason)? = match(number), let id = head(number)?.id { found.append((id, reason)) }
        }
        return found.sorted { $0.record < $1.record }
    }

    // MARK: Changes

    /// The customers that a change of `record` can have changed, given what it says before or after the change, those
    /// who contend with it for something billed aside.
    ///
    /// A change can move the record, what was merged into it, those who share an address with them, and those who join
    /// one of these by a secondary key; nobody beyond.
    func touched(by record: SourceRecord) -> Set<CustomerKey> {
        var touched: Set<CustomerKey> = []
        for subject in record.subjects { if let home = customer(concernedBy: subject) { touched.insert(home) } }
        for number in candidates(.reference(record.id)) {
            guard let referrer = self.record(number), referrer.references.contains(record.id) else { continue }
            if let home = home(of: referrer.id) { touched.insert(home) }
        }
        if let identity = record.identity {
            var near: Set<RecordID> = [record.id]
            near.formUnion(absorbed(by: [record.id]))
            var emails: Set<EmailAddress> = []
            if let email = identity.email { emails.insert(email) }
            for id in near {
                if let email = number(of: id).flatMap({ head($0)?.identity?.email }) { emails.insert(email) }
            }
            for email in emails { for (_, person) in people(with: email) { near.insert(person.id) } }
            var keys = Set(identity.keys)
            for id in near { keys.formUnion(number(of: id).flatMap { head($0)?.identity?.keys } ?? []) }
            for key in keys { for (_, person) in people(with: key) { near.insert(person.id) } }
            for id in near {
                if let home = home(of: id) { touched.insert(home) }
                // Until its survivor is known as a person, a merged record stands for itself.
                if case .customer(let home)? = match(id) { touched.insert(home) }
            }
            for email in emails { if case .customer(let home) = match(email) { touched.insert(home) } }
        } else if record.mayHaveHome, let home = home(of: record.id) {
            touched.insert(home)
        }
        return touched
    }

    /// Whether no other record shares a key with this one, points to it or concerns it, and no rule can name it: then it
    /// is nobody else's business.
    func isAlone(_ record: SourceRecord) -> Bool {
        guard rules.isEmpty, record.state.isLive, let identity = record.identity else { return false }
        let (index, seed) = (shelf.index, shelf.seed)
        func isFree(_ edge: RecordEdge) -> Bool { index.isEmpty(edge.hash(seed)) }
        guard isFree(.subject(.record(record.id))), isFree(.reference(record.id)), isFree(.mergedInto(record.id)) else {
            return false
        }
        if let email = identity.email, !isFree(.email(email)) || !isFree(.subject(.email(email))) { return false }
        for email in identity.furtherEmails where !isFree(.subject(.email(email))) { return false }
        for key in identity.keys where !isFree(.key(key)) || !isFree(.subject(.external(key))) { return false }
        let (own, companies, _) = record.billingClaims()
        return own.allSatisfy { isFree(.claim($0)) } && companies.allSatisfy { isFree(.claim($0)) }
    }

    /// The customers of other records that claim something that this record claims.
    func contenders(for record: SourceRecord) -> Set<CustomerKey> {
        var contenders: Set<CustomerKey> = []
        let (own, companies, _) = record.billingClaims()
        guard !own.isEmpty || !companies.isEmpty else { return contenders }
        let itself = number(of: record.id)
        for claim in own + companies {
            // One that claimed it once is named as well: to be looked at once too often does no harm.
            for number in candidates(.claim(claim)) where number != itself {
                if let home = home(of: number) { contenders.insert(home) }
            }
        }
        return contenders
    }
}

extension SourceRecord {
    /// Who claims something here, where this record does and stands.
    func claimant(of claim: BillingClaim) -> Claimant? {
        guard state.isLive else { return nil }
        let (own, companies, claimant) = billingClaims()
        let claims = if case .company = claim { companies } else { own }
        return claims.contains(claim) ? claimant : nil
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
