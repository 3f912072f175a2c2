public import GTMCore

/// What every ``GTMCore/CustomerStore`` has to do, as checks that hand back what they find.
///
/// The checks belong to no test framework: a host runs them in whichever it has, and reports the violations.
///
/// ```swift
/// @Test(arguments: conformance.checks) func keepsThePromises(check: StoreConformance.Check) async {
///     #expect(await conformance.run(check) == [])
/// }
/// ```
///
/// Everything that is written to a store is made up; random parts come from seeds and are the same in every run.
public struct StoreConformance: Sendable {
    /// One promise of a store.
    public struct Check: Sendable {
        /// The stable name: the group, a dot, and what is promised, such as `commit.counts-from-one`.
        public let name: String
        /// The promise in a sentence.
        public let promise: String
        let isRepeatedAfterReopening: Bool
        let body: @Sendable (Trial) async throws -> Void

        init(
            _ name: String, _ promise: String, isRepeatedAfterReopening: Bool = true,
            _ body: @escaping @Sendable (Trial) async throws -> Void
        ) {
            self.name = name
            self.promise = promise
            self.isRepeatedAfterReopening = isRepeatedAfterReopening
            self.body = body
        }
    }

    /// A promise that was not kept.
    public struct Violation: Sendable, Hashable {
        /// The name of the check.
        public var check: String
        /// What was expected.
        public var expected: String
        /// What was found instead.
        public var found: String
    }

    /// Makes an empty store.
    public let make: @Sendable () async throws -> any CustomerStore
    /// Closes a store and opens it again.
    public let reopen: (@Sendable (any CustomerStore) async throws -> any CustomerStore)?
    /// The seeds of the checks that work on random histories.
    public let seeds: ClosedRange<UInt64>

    /// Creates the checks of one kind of store.
    ///
    /// - Parameters:
    ///   - make: Makes an empty store, another one each time, without domains of a host.
    ///   - reopen: Closes a store and gives it back opened again; `nil` for a store that does not outlive its process.
    ///     Where it is given, every promise is also checked with the store opened again before each question that
    ///     follows a change, on a fifth of the seeds.
    ///   - seeds: The seeds of the checks that work on random histories: more of them find more and take longer.
    public init(
        make: @escaping @Sendable () async throws -> any CustomerStore,
        reopen: (@Sendable (any CustomerStore) async throws -> any CustomerStore)? = nil,
        seeds: ClosedRange<UInt64> = 1...20
    ) {
        self.make = make
        self.reopen = reopen
        self.seeds = seeds
    }

    /// All checks, group by group.
    public var checks: [Check] {
        let always = Self.alwaysChecked
        guard reopen != nil else { return always }
        let repeated = always.filter(\.isRepeatedAfterReopening).map { check in
            Check("reopened.\(check.name)", "After opening again: \(check.promise)", check.body)
        }
        return always + Self.reopeningChecks + repeated
    }

    static var alwaysChecked: [Check] {
        commitChecks + versionChecks + timeChecks + identityChecks + listChecks + scanChecks + assessmentChecks
            + streamChecks + troubleChecks + erasureChecks + oddDataChecks
    }

    /// Checks one promise.
    ///
    /// - Returns: What was found against it, nothing where it is kept. An error that a store throws where an answer is
    ///   due is a violation too.
    public func run(_ check: Check) async -> [Violation] {
        let trial = Trial(check, of: self)
        do {
            try await check.body(trial)
        } catch {
            trial.report(expected: "no error", found: "\(error)")
        }
        return trial.violations
    }

    /// Checks every promise, one after the other.
    public func run() async -> [Violation] {
        var violations: [Violation] = []
        for check in checks { violations += await run(check) }
        return violations
    }
}

extension StoreConformance.Check: CustomStringConvertible {
    public var description: String { name }
}

extension StoreConformance.Violation: CustomStringConvertible {
    public var description: String { "\(check): expected \(expected); found \(found)" }
}
