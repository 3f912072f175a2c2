import GTMCore
import Synchronization

/// One run of one check: makes the stores that it works on and gathers what it finds.
final class Trial: Sendable {
    /// The seeds of random histories.
    let seeds: ClosedRange<UInt64>
    private let check: String
    private let conformance: StoreConformance
    private let reopensAlways: Bool
    private let gathered = Mutex<[StoreConformance.Violation]>([])

    init(_ check: StoreConformance.Check, of conformance: StoreConformance) {
        self.check = check.name
        self.conformance = conformance
        reopensAlways = check.name.hasPrefix("reopened.")
        let all = conformance.seeds
        seeds = reopensAlways ? all.lowerBound...all.lowerBound + (all.upperBound - all.lowerBound) / 5 : all
    }

    /// What was found so far.
    var violations: [StoreConformance.Violation] { gathered.withLock { $0 } }

    /// Makes an empty store.
    func store() async throws -> any CustomerStore {
        let store = try await conformance.make()
        guard reopensAlways, let reopen = conformance.reopen else { return store }
        return ReopeningStore(store, reopen: reopen)
    }

    /// Makes an empty store that is opened again only where the check says so.
    func plainStore() async throws -> any CustomerStore { try await conformance.make() }

    /// Closes a store and opens it again.
    func reopened(_ store: any CustomerStore) async throws -> any CustomerStore {
        guard let reopen = conformance.reopen else { return store }
        return try await reopen(store)
    }

    /// Notes a violation.
    func report(expected: String, found: String) {
        let violation = StoreConformance.Violation(check: check, expected: clipped(expected), found: clipped(found))
        gathered.withLock { $0.append(violation) }
    }

    /// Notes a violation unless two values are the same.
    ///
    /// - Returns: Whether they are.
    @discardableResult func expect<Value: Equatable>(_ what: String, _ found: Value, _ expected: Value) -> Bool {
        if found == expected { return true }
        report(expected: "\(what): \(text(expected))", found: text(found))
        return false
    }

    /// Notes a violation unless something holds.
    ///
    /// - Returns: Whether it does.
    @discardableResult func expect(_ what: String, _ holds: Bool, found: @autoclosure () -> String) -> Bool {
        if !holds { report(expected: what, found: found()) }
        return holds
    }

    /// Notes a violation unless two sets of files are the same.
    ///
    /// - Returns: Whether they are.
    @discardableResult func expect(
        _ what: String, _ found: [FileContent], _ expected: [FileContent]
    ) -> Bool {
        if found == expected { return true }
        report(expected: what, found: FileContent.difference(found, expected))
        return false
    }

    /// Notes a violation unless an error of a store with this code is thrown.
    func expectError(_ what: String, _ code: StoreError.Code, _ body: () async throws -> Void) async {
        do {
            try await body()
            report(expected: "\(what): an error with the code \(code)", found: "an answer")
        } catch let error as StoreError {
            expect(what, error.code, code)
        } catch {
            report(expected: "\(what): a StoreError with the code \(code)", found: "\(type(of: error))")
        }
    }

    /// A value in words, without the module's name at every turn.
    private func text(_ value: some Equatable) -> String { "\(value)".replacing("GTMCore.", with: "") }

    private func clipped(_ text: String) -> String { text.utf8.count <= 600 ? text : "\(text.prefix(600))…" }
}
