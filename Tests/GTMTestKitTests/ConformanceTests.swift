import Foundation
import GTMTestKit
import Synchronization
import Testing

@testable import GTMCore

/// How many seeds the checks on random histories work with.
private let seeds: UInt64 =
    ProcessInfo.processInfo.environment["GTM_PROPERTY_SEEDS"].flatMap { UInt64($0) } ?? 20

/// Fails the test with each violation.
func report(_ violations: [StoreConformance.Violation]) {
    for violation in violations {
        Issue.record("\(violation.check)\n  expected \(violation.expected)\n  found \(violation.found)")
    }
}

@Suite("The in-memory store keeps every promise of a store") struct InMemoryConformanceTests {
    private static let conformance = StoreConformance(make: { InMemoryStore() }, seeds: 1...seeds)

    @Test("Promise", arguments: conformance.checks) func keeps(check: StoreConformance.Check) async {
        report(await Self.conformance.run(check))
    }

    @Test("Every check has a name of its own, in a group") func names() {
        let names = Self.conformance.checks.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.split(separator: ".").count == 2 })
        #expect(Self.conformance.checks.allSatisfy { $0.promise.hasSuffix(".") && $0.promise.count < 110 })
    }
}

/// How a file store is closed and opened again.
enum Reopening: String, CaseIterable, CustomTestStringConvertible {
    case withSnapshot = "with a snapshot"
    case withoutSnapshot = "without a snapshot"
    case withManySnapshots = "with a snapshot after each commit"
    case compacted = "compacted"

    var testDescription: String { rawValue }

    /// The checks of file stores in a folder.
    func conformance(in folder: TemporaryFolder) -> StoreConformance {
        let count = Atomic(0)
        var configuration = FileStore.Configuration()
        if self == .withManySnapshots { configuration.snapshotEvery = 1 }
        return StoreConformance(
            make: { [configuration] in
                let number = count.add(1, ordering: .relaxed).newValue
                return try await FileStore.open("\(folder.path)/\(number)", configuration: configuration, now: { .now })
            },
            reopen: { [configuration] store in
                guard let store = store as? FileStore else { return store }
                let path = store.folder.path
                if self == .compacted { try await store.compact() }
                try await store.close()
                if self == .withoutSnapshot {
                    for name in try FileManager.default.contentsOfDirectory(atPath: path)
                    where name.hasPrefix("index-") {
                        try FileManager.default.removeItem(atPath: "\(path)/\(name)")
                    }
                }
                return try await FileStore.open(path, configuration: configuration, now: { .now })
            },
            seeds: 1...max(1, seeds / 4))
    }

    /// The names and numbers of all checks, which need no folder.
    static let checks: [StoreConformance.Check] =
        StoreConformance(make: { InMemoryStore() }, reopen: { $0 }).checks
}

/// A folder that goes when nothing needs it any more.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "gtm-kit-\(UUID())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    // What is left in the temporary folder is the system's to remove.
    deinit { try? FileManager.default.removeItem(atPath: path) }
}

@Suite("The file store keeps every promise of a store") struct FileConformanceTests {
    @Test("Promise", arguments: Reopening.checks) func keeps(check: StoreConformance.Check) async throws {
        for reopening in Reopening.allCases {
            // What is never opened again is the same in all.
            let isOpenedAgain = check.name.hasPrefix("reopen")
            guard reopening == .withSnapshot || isOpenedAgain else { continue }
            let folder = try TemporaryFolder()
            let violations = await reopening.conformance(in: folder).run(check)
            for violation in violations {
                Issue.record(
                    """
                    \(violation.check), \(reopening.rawValue)
                      expected \(violation.expected)
                      found \(violation.found)
                    """)
            }
        }
    }
}
