import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension CommandLineTool {
    /// `gtm merge`.
    func merge(_ invocation: Invocation) async throws -> ExitCode {
        let (from, into) = try Self.keys(invocation)
        return try await atDesk(invocation, for: .changing) { desk in
            let lead = try await (desk.lead(of: from), desk.lead(of: into))
            guard lead.0 != lead.1 else {
                throw Failure("\(quoted(from.description)) and \(quoted(into.description)) are one customer already")
            }
            // A former address names nobody in a rule; the address that took its place does.
            let (one, other) = (from.email == nil ? from : lead.0 ?? from, into.email == nil ? into : lead.1 ?? into)
            let forbidding = try await desk.rulesAgainst(.merge(one, into: other))
            guard forbidding.isEmpty else {
                throw Failure(
                    "\(forbidding.joined(separator: ", ")) keeps the two apart; expected to have it undone first: gtm "
                        + "unmerge \(forbidding.first ?? "RULE")")
            }
            let before = try await desk.customers([from, into])
            let rule = try await desk.engine.merge(one, into: other, by: Workspace.actor)
            return try await desk.tell(.made(rule), before, [from, into])
        }
    }

    /// `gtm keep-apart`.
    func keepApart(_ invocation: Invocation) async throws -> ExitCode {
        let (one, other) = try Self.keys(invocation)
        return try await atDesk(invocation, for: .changing) { desk in
            _ = try await (desk.lead(of: one), desk.lead(of: other))
            let before = try await desk.customers([one, other])
            let rule = try await desk.engine.keepApart(one, other, by: Workspace.actor)
            return try await desk.tell(.made(rule), before, [one, other])
        }
    }

    /// `gtm unmerge`.
    func unmerge(_ invocation: Invocation) async throws -> ExitCode {
        let id = try invocation.operand(0, ValueText.name)
        return try await atDesk(invocation, for: .changing) { desk in
            guard let rule = try await desk.engine.rules(by: Workspace.actor).first(where: { $0.id == id }) else {
                throw Failure("there is no rule \(quoted(id)); expected one that gtm rules lists")
            }
            if let moment = rule.undoneAt {
                throw Failure("\(rule.id) was undone at \(Timestamp.format(moment)); expected a rule in force")
            }
            let before = try await desk.customers(rule.keys)
            try await desk.engine.undo(rule: id, by: Workspace.actor)
            let undone = try await desk.engine.rules(by: Workspace.actor).first { $0.id == id } ?? rule
            return try await desk.tell(.undone(undone), before, rule.keys)
        }
    }

    /// `gtm rules`.
    func rules(_ invocation: Invocation) async throws -> ExitCode {
        let rules = try await atDesk(invocation, for: .reading) { try await $0.engine.rules(by: Workspace.actor) }
        let output = console.output
        output.write(
            invocation.has("json")
                ? RuleDocument.line(rules) : RulesView.text(rules, width: output.width, palette: output.palette))
        return .done
    }

    /// Works on the rules of the store.
    private func atDesk<Result>(
        _ invocation: Invocation, for access: StoreOpener.Access, _ work: (RuleDesk) async throws -> Result
    ) async throws -> Result {
        let settings = try settings(invocation)
        let clock = clock(settings)
        return try await withWorkspace(invocation, settings, for: access) { workspace in
            try await work(
                RuleDesk(
                    workspace: workspace, engine: workspace.engine(now: clock), console: console,
                    isJSON: invocation.has("json"), clock: clock))
        }
    }

    /// The two keys of a rule.
    private static func keys(_ invocation: Invocation) throws(UsageError) -> (CustomerKey, CustomerKey) {
        let keys = (try invocation.operand(0, ValueText.key), try invocation.operand(1, ValueText.key))
        guard keys.0 != keys.1 else {
            throw UsageError(
                "\(quoted(keys.0.description)) is given twice; expected two keys", command: invocation.command.name)
        }
        return keys
    }
}

/// Where a rule of identity is made or undone: who its keys lead to, and what became of them.
private struct RuleDesk {
    let workspace: Workspace
    let engine: GTMEngine
    let console: Console
    let isJSON: Bool
    let clock: @Sendable () -> Date

    /// The customer whom a key leads to; `nil` for a person's record that belongs to nobody yet.
    ///
    /// - Throws: ``Failure`` for a stranger.
    func lead(of key: CustomerKey) async throws -> CustomerKey? {
        if let file = try await workspace.store.customer(key, at: .latest, by: Workspace.actor) { return file.key }
        if case .record(let id) = key,
            try await workspace.store.versions([id], by: Workspace.actor).contains(where: {
                $0.record.identity != nil && $0.record.state.isLive
            })
        {
            return nil
        }
        throw Failure(
            "there is no customer \(quoted(key.description)); expected one whom a source knows, or a person's record")
    }

    /// The customers whom these keys lead to, each once.
    func customers(_ keys: [CustomerKey]) async throws -> [Assessment] {
        var found: [Assessment] = []
        for key in keys {
            guard let one = try await engine.customer(key, by: Workspace.actor) else {
                continue
            }
            if !found.contains(where: { $0.key == one.key }) { found.append(one) }
        }
        return found
    }

    /// The ids of the rules in force that keep a merge from applying.
    func rulesAgainst(_ kind: IdentityRule.Kind) async throws -> [String] {
        let known = try await engine.rules(by: Workspace.actor).filter { $0.undoneAt == nil }
        // The last rule of all is the one that gives way.
        let latest = known.map(\.madeAt).max().map { max($0, clock()) } ?? clock()
        let rule = IdentityRule(
            id: "rule-new", kind: kind, madeAt: latest.addingTimeInterval(1), madeBy: Workspace.actor)
        guard IdentityRules(known + [rule]).conflicts.contains(rule.id) else { return [] }
        let single = known.filter { candidate in
            guard case .keepApart = candidate.kind else { return false }
            return !IdentityRules(known.filter { $0.id != candidate.id } + [rule]).conflicts.contains(rule.id)
        }
        if !single.isEmpty { return single.map(\.id) }
        return known.filter { if case .keepApart = $0.kind { true } else { false } }.map(\.id)
    }

    /// Prints what a rule changed.
    ///
    /// - Returns: Incomplete where a new rule has no effect on the customers as they are.
    func tell(
        _ change: RuleChange, _ before: [Assessment], _ keys: [CustomerKey]
    ) async throws -> ExitCode {
        let effect = RuleEffect(change: change, before: before, after: try await customers(keys))
        if isJSON {
            let context = try await workspace.documentContext(for: before + effect.after)
            console.output.write(RuleDocument.line(effect, context))
        } else {
            console.output.write(
                RulesView.text(effect, width: console.output.width, palette: console.output.palette))
        }
        guard !effect.isAsAsked else { return .done }
        let found = PlainWords.count(effect.after.count, "customer")
        console.note("gtm: \(change.rule.id) stands, but these keys still lead to \(found)")
        return .incomplete
    }
}
