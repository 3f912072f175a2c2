#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What people say of customers: who is one, who is not, and who is to be forgotten.
extension GTMEngine {
    /// Says that one customer is another, under whose key both live on.
    ///
    /// - Returns: The rule, by whose id it can be undone.
    public func merge(_ from: CustomerKey, into: CustomerKey, by actor: StoreActor = .unspecified) async throws
        -> IdentityRule
    {
        try await make(.merge(from, into: into), by: actor)
    }

    /// Says that two are not the same.
    public func keepApart(_ a: CustomerKey, _ b: CustomerKey, by actor: StoreActor = .unspecified) async throws
        -> IdentityRule
    {
        try await make(.keepApart(a, b), by: actor)
    }

    /// All rules of identity, also those undone, in order of their making.
    public func rules(by actor: StoreActor = .unspecified) async throws -> [IdentityRule] {
        try await store.rules(by: actor)
    }

    private func make(_ kind: IdentityRule.Kind, by actor: StoreActor) async throws -> IdentityRule {
        let moment = now()
        // The number of a commit is nobody else's.
        let number = try await store.commit(StoreBatch(recordedAt: moment), by: actor).sequence
        let rule = IdentityRule(id: "rule-\(number)", kind: kind, madeAt: moment, madeBy: actor)
        var batch = StoreBatch(recordedAt: moment)
        batch.rules = [rule]
        _ = try await store.commit(batch, by: actor)
        return rule
    }

    /// Undoes a rule: everything is as if it had never been made.
    ///
    /// - Throws: ``StoreError`` with ``StoreError/Code/invalidQuery`` where there is no such rule, or it was undone.
    public func undo(rule id: String, by actor: StoreActor = .unspecified) async throws {
        guard var rule = try await store.rules(by: actor).first(where: { $0.id == id }), rule.undoneAt == nil else {
            throw StoreError(
                code: .invalidQuery, detail: "there is no rule in force with the id \(id); expected one like rule-1")
        }
        rule.undoneAt = now()
        var batch = StoreBatch(recordedAt: now())
        batch.rules = [rule]
        _ = try await store.commit(batch, by: actor)
    }

    /// Erases a person, at every point in time: every record that is the customer's or concerns it.
    ///
    /// - Parameters:
    ///   - key: A key that the customer has or had.
    ///   - actor: Who erases; it is kept with the erasure.
    /// - Returns: What went; `nil` where there is no such customer.
    @discardableResult
    public func erase(_ key: CustomerKey, by actor: StoreActor = .unspecified) async throws -> Erasure? {
        try await store.erase(key, at: now(), by: actor)
    }
}
