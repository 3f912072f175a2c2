#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A person's word on which records are one customer. Rules are kept for ever; an undone one no longer applies.
public struct IdentityRule: Sendable, Hashable {
    /// What a rule says.
    public enum Kind: Sendable, Hashable {
        /// The first customer is the second one, under whose key both live on.
        case merge(CustomerKey, into: CustomerKey)
        /// These two are not the same, whatever else says so. Where one is a record and the other its own e-mail
        /// address, or another record of that address with a smaller id, the record is taken out and becomes a customer
        /// of its own.
        case keepApart(CustomerKey, CustomerKey)
    }

    /// The rule's id, given by the caller, unique in a store.
    public var id: String
    /// What it says.
    public var kind: Kind
    /// When it was made.
    public var madeAt: Date
    /// Who made it.
    public var madeBy: StoreActor
    /// When it was undone; `nil` while it applies.
    public var undoneAt: Date?

    /// Creates a rule that applies from `madeAt` on.
    public init(id: String, kind: Kind, madeAt: Date, madeBy: StoreActor, undoneAt: Date? = nil) {
        self.id = id
        self.kind = kind
        self.madeAt = madeAt
        self.madeBy = madeBy
        self.undoneAt = undoneAt
    }

    /// Whether the rule applied at a point in time.
    public func applies(at point: TimePoint) -> Bool {
        guard let moment = [point.knownAt, point.validAt].compactMap({ $0 }).min() else { return undoneAt == nil }
        return madeAt <= moment && (undoneAt.map { $0 > moment } ?? true)
    }
}

/// The rules in force, worked out: which keys lead to which customer.
///
/// Rules are taken in the order of their making, then of their ids, so that the outcome does not depend on the order
/// of their arrival. A merge that would join what is to be kept apart does not apply and is listed in ``conflicts``.
public struct IdentityRules: Sendable {
    /// Merges that a keep-apart rule forbids, by the merge's id.
    public private(set) var conflicts: [String] = []
    private var apart: [RecordID: [CustomerKey]] = [:]
    private var leads: [CustomerKey: CustomerKey] = [:]
    private var groups: [CustomerKey: [CustomerKey]] = [:]

    /// No rules.
    public init() {}

    /// Works out the rules among `rules` that apply at `point`.
    public init(_ rules: some Sequence<IdentityRule>, at point: TimePoint = .latest) {
        let applying = rules.filter { $0.applies(at: point) }.sorted {
            $0.madeAt != $1.madeAt ? $0.madeAt < $1.madeAt : $0.id.utf8Precedes($1.id)
        }
        var apart: [(CustomerKey, CustomerKey)] = []
        for rule in applying {
            if case .keepApart(let a, let b) = rule.kind {
                apart.append((a, b))
                if case .record(let id) = a { self.apart[id, default: []].append(b) }
                if case .record(let id) = b { self.apart[id, default: []].append(a) }
            }
        }
        var parts: [CustomerKey: Set<CustomerKey>] = [:]
        var absorbed: Set<CustomerKey> = []
        for rule in applying {
            guard case .merge(let from, let into) = rule.kind, from != into else { continue }
            let union = parts[from, default: [from]].union(parts[into, default: [into]])
            if apart.contains(where: { union.contains($0.0) && union.contains($0.1) }) {
                conflicts.append(rule.id)
                continue
            }
            absorbed.insert(from)
            for member in union { parts[member] = union }
        }
        for part in Set(parts.values) {
            // Under the key that was never merged away; a ring of merges has none, then the smallest key speaks.
            guard let lead = part.subtracting(absorbed).min() ?? part.min() else { continue }
            groups[lead] = part.sorted()
            for member in part { leads[member] = lead }
        }
    }

    /// Whether there are none in force.
    var isEmpty: Bool { leads.isEmpty && apart.isEmpty }

    /// The key under which the customer of `key` lives.
    func lead(of key: CustomerKey) -> CustomerKey { leads.isEmpty ? key : leads[key] ?? key }

    /// All keys that live under `lead`, itself included, in order.
    func members(of lead: CustomerKey) -> [CustomerKey] { groups.isEmpty ? [lead] : groups[lead] ?? [lead] }

    /// What a record is to be kept apart from.
    func apart(from record: RecordID) -> [CustomerKey] { apart.isEmpty ? [] : apart[record] ?? [] }

    /// Whether a merge names this record as a customer of its own.
    func names(_ record: RecordID) -> Bool { !leads.isEmpty && leads[.record(record)] != nil }

    /// Every record that a rule keeps apart from something.
    var keptApart: some Sequence<RecordID> { apart.keys }

    /// Every key that a merge names.
    var mentioned: some Sequence<CustomerKey> { leads.keys }
}
