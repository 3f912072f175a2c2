#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Something that is billed once, however many records mention it.
public enum BillingClaim: Sendable, Hashable {
    /// One subscription, by the billing system's id.
    case subscription(ExternalID)
    /// One payment, by the billing system's id.
    case payment(ExternalID)
    /// What a billing account holds without an id of its own: the plan of Intercom's flat attributes.
    case account(ExternalID)
    /// What a company is said to pay in all.
    case company(RecordID)
}

/// One record's claim, with what decides between several.
struct Claimant: Sendable, Hashable {
    /// The record that claims.
    var record: RecordID
    /// 0 for the billing system's own record, 1 for a mirror that has billing, 2 for a mere member of a company.
    var rank: Int
    /// When the claiming record came to be at its source.
    var createdAt: Date

    /// The billing system's own first, then the earliest created, then the smallest id.
    func precedes(_ other: Claimant) -> Bool {
        if rank != other.rank { return rank < other.rank }
        if createdAt != other.createdAt { return createdAt < other.createdAt }
        return record < other.record
    }
}

extension SourceRecord {
    /// What this record claims to be billed for, and how strongly.
    func billingClaims() -> (claims: [BillingClaim], companies: [BillingClaim], claimant: Claimant) {
        switch fact.kind {
        case .subscription(let shared):
            let claims = shared.value.id.map { [BillingClaim.subscription($0)] } ?? []
            return (claims, [], Claimant(record: id, rank: 0, createdAt: .distantPast))
        case .payment(let shared):
            let claims = shared.value.id.map { [BillingClaim.payment($0)] } ?? []
            return (claims, [], Claimant(record: id, rank: 0, createdAt: .distantPast))
        case .contact(let shared):
            let claims = shared.value.billing?.claims ?? []
            return (
                claims, shared.value.companies.map(BillingClaim.company),
                Claimant(
                    record: id, rank: shared.value.billing == nil ? 2 : 1,
                    createdAt: shared.value.createdAt ?? .distantFuture)
            )
        default:
            return ([], [], Claimant(record: id, rank: 2, createdAt: .distantFuture))
        }
    }
}

extension BillingMirror {
    /// Whether something here has no id of its own and is told apart by its billing account alone.
    private var holdsUnnamed: Bool {
        subscriptions.map { $0.contains { $0.id == nil } } ?? (status != nil || planPrice != nil)
            || (payments?.contains { $0.id == nil } ?? false)
    }

    /// Everything here that may be mirrored elsewhere too.
    var claims: [BillingClaim] {
        var claims: [BillingClaim] = []
        claims.reserveCapacity(1 + (subscriptions?.count ?? 0) + (payments?.count ?? 0))
        if let customerID, holdsUnnamed { claims.append(.account(customerID)) }
        for case let id? in (subscriptions ?? []).lazy.map(\.id) { claims.append(.subscription(id)) }
        for case let id? in (payments ?? []).lazy.map(\.id) { claims.append(.payment(id)) }
        return claims
    }
}
