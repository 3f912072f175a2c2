import Foundation
import GTMCore

/// Stores that are written and whose writers are killed, one after the other.
struct Lane {
    private let folder: String
    private let kills: Int
    private var random: Random
    private var tally = Tally()
    /// The store under way, and what is known of it.
    private var path = ""
    private var stores = 0
    private var acknowledged: [Int: Int] = [:]
    private var counted = 0

    /// After so many kills a new store is begun, so that each can be read whole each time.
    private static let killsOfOneStore = 5

    init(_ folder: String, _ lane: Int, kills: Int, seed: UInt64) throws {
        self.folder = "\(folder)/lane-\(lane)"
        self.kills = kills
        random = Random(state: seed &* 2 &+ UInt64(lane))
        try? FileManager.default.removeItem(atPath: self.folder)
        try FileManager.default.createDirectory(atPath: self.folder, withIntermediateDirectories: true)
    }

    mutating func run() async throws -> Tally {
        for kill in 0..<kills {
            if kill % Self.killsOfOneStore == 0 { try beginStore() }
            try await killOne()
            tally.kills += 1
        }
        try? FileManager.default.removeItem(atPath: folder)
        return tally
    }

    private mutating func beginStore() throws {
        if !path.isEmpty { try FileManager.default.removeItem(atPath: path) }
        stores += 1
        path = "\(folder)/store-\(stores)"
        acknowledged = [:]
        counted = 0
    }

    private mutating func killOne() async throws {
        // Now and then it does not even come to opening the store.
        let isEarly = random.next() % 8 == 0
        let life = Subject.Life(milliseconds: 1 + Int(random.next() % 40), beginsWithStore: !isEarly)
        // Numbers that were begun and never seen are not used again.
        let writer = try Subject(
            path, first: stores * 1_000_000 + tally.kills * 10_000, seed: random.next(), life: life)
        if !isEarly {
            await writer.waitUntilOpen()
            try await Task.sleep(for: .milliseconds(life.milliseconds / 2))
        }
        let known = acknowledged.merging(writer.acknowledged) { $1 }
        // A reader need not be done when the writer goes.
        async let looked = isEarly ? nil : look(.reading, knowing: known, "while it is written")
        let told = await writer.untilKilled()
        if try await looked != nil { tally.looksWhileWritten += 1 }
        if let failure = told.failure { throw Loss(description: "\(path): the writer ended by itself: \(failure)") }
        acknowledged.merge(told.acknowledged) { $1 }
        tally.compactions += told.compactions
        tally.acknowledged += told.acknowledged.count
        let found = try await look(.reading, knowing: acknowledged, "after a kill")
        for finding in try await check() where finding.severity == .damage {
            throw Loss(description: "\(path): a check after a kill finds \(finding)")
        }
        let again = try await look(.writing, knowing: acknowledged, "opened for writing after a kill")
        guard found.commits == again.commits else {
            throw Loss(description: "\(path): \(found.commits) commits, and \(again.commits) for a writer")
        }
        if again.notes.contains(where: { $0.contains("unfinished") }) { tally.tornTails += 1 }
        let findings = try await check()
        guard findings.isEmpty else { throw Loss(description: "\(path): a check after closing finds \(findings)") }
        tally.unacknowledged += found.commits - counted - told.acknowledged.count
        counted = found.commits
    }

    private func check() async throws -> [StoreFinding] {
        guard FileManager.default.fileExists(atPath: "\(path)/store.json") else { return [] }
        return try await FileStore.check(path)
    }

    /// What a look at a store showed.
    private struct Look: Sendable {
        var commits: Int
        var notes: [String]
    }

    /// Reads everything.
    private func look(
        _ access: FileStore.Access, knowing known: [Int: Int], _ when: String
    ) async throws -> Look {
        let actor = StoreActor("torture")
        let store: FileStore
        do {
            store = try await FileStore.open(path, access: access)
        } catch let error as StoreError where error.code == .unavailable && known.isEmpty && access == .reading {
            return Look(commits: 0, notes: [])
        } catch {
            throw Loss(description: "\(path), \(when): \(error)")
        }
        func lost(_ what: String) -> Loss { Loss(description: "\(path), \(when): \(what)") }
        let commits = Int(try await store.statistics().commits)
        let numbers = try await store.liveIDs(Batches.contacts, by: actor).compactMap { Int($0) }
        var sequences: Set<UInt64> = []
        for number in numbers {
            let found = try await store.versions([Batches.id(number), Batches.talk(number)], by: actor)
            guard found.map(\.record) == [Batches.contact(number), Batches.conversation(number)] else {
                throw lost("batch \(number) is not what was written")
            }
            guard Set(found.map(\.sequence)).count == 1, sequences.insert(found[0].sequence).inserted else {
                throw lost("batch \(number) lies in several commits")
            }
        }
        guard numbers.count == commits, sequences.max() ?? 0 == UInt64(commits) else {
            throw lost("\(commits) commits, and \(numbers.count) batches up to \(sequences.max() ?? 0)")
        }
        let missing = Set(known.keys).subtracting(numbers)
        guard missing.isEmpty else { throw lost("acknowledged and gone: \(missing.sorted())") }
        for task in 0..<Batches.tasks {
            guard let last = known.filter({ $0.value == task }).keys.max() else { continue }
            let owner = try await store.versions([Batches.shared(task)], by: actor).first?.record.fact
            guard let number = owner?.owner?.name.flatMap({ Int($0) }), number >= last else {
                throw lost("task \(task) was told that \(last) is stored, and its record does not say so")
            }
        }
        try await store.close()
        return Look(commits: commits, notes: store.openingNotes)
    }
}

/// Numbers that a seed gives again.
private struct Random {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
