#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Makes one customer out of the records that are one: which value wins, and what the others say.
///
/// The source with more authority over a field comes first; within one source the most recently changed record, then
/// the smaller id. What loses stays visible as a rival. The result depends on the file and the context alone.
public struct CustomerResolver: Sendable {
    /// Creates a resolver.
    public init() {}

    /// Computes the view of a customer.
    public func resolve(_ file: CustomerFile, _ context: ResolutionContext) -> UnifiedCustomer {
        let isEnded = !file.people.contains { $0.record.state.isLive }
        let isMixed = !isEnded && file.people.contains { !$0.record.state.isLive }
        let people = isMixed ? file.people.filter(\.record.state.isLive) : file.people
        let (asOf, ahead) = (context.asOf, context.asOf.addingTimeInterval(86_400))
        // One record alone is first by any table.
        let isAlone = people.count == 1
        let profile = isAlone ? Ranking(people, []) : Ranking(people, context.authority.profile)
        let billing = isAlone ? profile : Ranking(people, context.authority.billing)
        let activity = isAlone ? profile : Ranking(people, context.authority.activity)
        let manager = isAlone ? profile : Ranking(people, context.authority.accountManager)
        let references = References(file.references)

        var customer = UnifiedCustomer(
            key: file.key, aliases: file.aliases,
            members: people.map {
                CustomerMember(record: $0.record.id, confidence: confidence(of: $0.record, in: file))
            },
            externalIDs: externalIDs(of: people), isSharedMailbox: file.key.email?.isRoleMailbox ?? false,
            isEnded: isEnded,
            name: profile.pick { $0.shared.value.name },
            company: profile.pick { $0.shared.value.companyName ?? references.company(of: $0.shared)?.name },
            locationCountry: profile.pick { $0.shared.value.location?.country },
            locationCity: profile.pick { $0.shared.value.location?.city },
            signupDate: profile.pick {
                ($0.shared.value.signedUpAt ?? $0.shared.value.createdAt).flatMap { $0 <= asOf ? $0 : nil }
            },
            // Clocks differ; who was seen a little ahead was seen today.
            lastSeenAt: activity.latest { $0.shared.value.lastSeenAt.flatMap { $0 <= ahead ? $0 : nil } },
            assignedAM: manager.pick { references.manager(of: $0.shared) },
            lifecycleStage: profile.pick { $0.shared.value.lifecycleStage },
            planName: billing.pick { $0.shared.value.billing?.planName },
            planPrice: billing.pick { $0.shared.value.billing?.planPrice },
            subscriptionStatus: billing.pick { $0.shared.value.billing?.status },
            isDelinquent: billing.pick { $0.shared.value.billing?.isDelinquent },
            lastPaymentAmount: billing.pick { $0.shared.value.billing?.lastPaymentAmount },
            lastPaymentDate: billing.pick { $0.shared.value.billing?.lastPaymentAt.flatMap { $0 <= asOf ? $0 : nil } },
            billingCustomerID: billing.pick { $0.shared.value.billing?.customerID },
            billing: BillingResolver(
                direct: file.billing, billedElsewhere: file.billedElsewhere, ranking: billing, references: references
            ).resolve())
        if case .unknown = customer.name, case .email(let email) = file.key, let holder = people.first {
            customer.name = .known(Sourced(email.localPart, from: holder))
        }
        if case .unknown = customer.planName { customer.planName = planName(of: customer.billing, billing, references) }
        return customer
    }

    /// The plan of the first subscription that runs, else the company's plan.
    private func planName(
        of billing: CustomerBilling, _ ranking: Ranking, _ references: References
    ) -> Field<String> {
        let subscriptions = billing.subscriptions.value ?? []
        for running in [true, false] {
            for subscription in subscriptions where (subscription.value.status == .active) == running {
                for case let name? in subscription.value.items.lazy.map(\.planName) {
                    return .known(Sourced(name, from: subscription.version))
                }
            }
        }
        return ranking.pick { references.company(of: $0.shared)?.planName }
    }

    private func externalIDs(of people: [RecordVersion]) -> [ExternalID] {
        var ids = people.first?.record.identity?.externalIDs ?? []
        // A record mostly names its keys once and in order.
        let isOrdered = zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 }
        if people.count == 1, isOrdered { return ids }
        ids = []
        for version in people {
            for id in version.record.identity?.externalIDs ?? [] where !ids.contains(id) { ids.append(id) }
        }
        return ids.count > 1 ? ids.sorted() : ids
    }

    private func confidence(of record: SourceRecord, in file: CustomerFile) -> MatchConfidence {
        guard let email = record.identity?.email else {
            return file.key == .record(record.id) || file.aliases.contains(.record(record.id))
                ? .verified : .secondaryKey
        }
        return file.key == .email(email) ? .email : .verified
    }
}

/// A record of a person that may tell a field.
struct Candidate {
    let version: RecordVersion
    let shared: Shared<Contact>
}

/// The records of a customer's people by the weight of their word.
struct Ranking {
    /// The one whose word counts first.
    let first: Candidate?
    /// The others in their order; mostly there is none, and then nothing is allocated.
    let others: [Candidate]

    init(_ people: [RecordVersion], _ vendors: [String]) {
        if people.count == 1, case .contact(let contact) = people[0].record.fact.kind {
            first = Candidate(version: people[0], shared: contact)
            others = []
            return
        }
        var candidates: [Candidate] = []
        candidates.reserveCapacity(people.count)
        for version in people {
            if case .contact(let contact) = version.record.fact.kind {
                candidates.append(Candidate(version: version, shared: contact))
            }
        }
        if candidates.count > 1 {
            candidates.sort { left, right in
                let (a, b) = (left.version, right.version)
                let (rankA, rankB) = (
                    FieldAuthority.rank(a.record.id.source.vendor, in: vendors),
                    FieldAuthority.rank(b.record.id.source.vendor, in: vendors)
                )
                if rankA != rankB { return rankA < rankB }
                if a.orderingTime != b.orderingTime { return a.orderingTime > b.orderingTime }
                return a.record.id < b.record.id
            }
        }
        first = candidates.first
        others = Array(candidates.dropFirst())
    }

    /// The first word there is, with the different words of the others.
    func pick<Value>(_ read: (Candidate) -> Value?) -> Field<Value> {
        guard let first else { return .unknown(.notReported) }
        var found = read(first).map { Sourced($0, from: first.version) }
        for candidate in others {
            guard let value = read(candidate) else { continue }
            if found == nil {
                found = Sourced(value, from: candidate.version)
            } else if found?.value != value {
                found?.rivals.append(.init(value: value, origin: candidate.version.record.id))
            }
        }
        return Reading(found, otherwise: .notReported)
    }

    /// The latest moment that any of them tells.
    func latest(_ read: (Candidate) -> Date?) -> Field<Date> {
        guard let first else { return .unknown(.notReported) }
        var found = read(first).map { Sourced($0, from: first.version) }
        for candidate in others {
            guard let value = read(candidate) else { continue }
            guard let best = found else {
                found = Sourced(value, from: candidate.version)
                continue
            }
            if value > best.value {
                found = Sourced(
                    value, from: candidate.version,
                    rivals: [.init(value: best.value, origin: best.origin)] + best.rivals)
            } else if value < best.value {
                found?.rivals.append(.init(value: value, origin: candidate.version.record.id))
            }
        }
        return Reading(found, otherwise: .notReported)
    }
}

/// The records that a customer's records point to.
struct References {
    private let versions: [RecordVersion]

    init(_ versions: [RecordVersion]) { self.versions = versions }

    var isEmpty: Bool { versions.isEmpty }

    subscript(_ id: RecordID) -> RecordVersion? {
        versions.first { $0.record.id == id && $0.record.state.isLive }
    }

    /// The first company of a contact that is known.
    func company(of contact: Shared<Contact>) -> Company? {
        guard !versions.isEmpty else { return nil }
        return contact.value.companies.lazy.compactMap { self[$0]?.record.fact.company }.first
    }

    /// The name, else the address, of the person in charge; a program that answers by itself is in charge of nobody.
    func manager(of contact: Shared<Contact>) -> String? {
        guard let id = contact.value.owner, let owner = self[id]?.record.fact.owner, !owner.isBot else { return nil }
        return owner.name ?? owner.email?.normalized
    }
}
