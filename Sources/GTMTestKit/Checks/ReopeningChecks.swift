import GTMCore

extension StoreConformance {
    /// Fills a store with a history, assessing and erasing now and then.
    private static func fill(
        _ store: any CustomerStore, with history: RandomHistory, seed: UInt64, from start: Int = 0, to end: Int? = nil
    ) async throws {
        for (number, batch) in history.batches.enumerated() where number >= start && number < end ?? .max {
            _ = try await store.commit(batch, by: .checks)
            var random = SeededRandom(seed: seed &+ UInt64(number))
            if random.oneIn(3) {
                let due = try await store.due(asOf: batch.recordedAt, by: .checks)
                var assessment = StoreBatch(recordedAt: batch.recordedAt)
                assessment.assessments = due.keys.map { key in
                    summary(key, asOf: 0, until: Double(random.below(60))) { $0.churnRisk = random.below(4) }
                }
                assessment.assessedAt = due.sequence
                _ = try await store.commit(assessment, by: .checks)
            }
            if random.oneIn(12), let gone = try await store.allFiles().randomElement(using: &random) {
                _ = try await store.erase(gone.key, at: batch.recordedAt, by: .checks)
            }
        }
    }

    static let reopeningChecks: [Check] = [
        Check("reopening.same-answers", "After opening again every question is answered as before.") { trial in
            for seed in trial.seeds {
                let history = RandomHistory(seed: seed, commits: 12...30)
                let store = try await trial.plainStore()
                try await fill(store, with: history, seed: seed)
                let before = try await StoreAnswers(store, history)
                let opened = try await trial.reopened(store)
                let after = try await StoreAnswers(opened, history)
                let again = try await StoreAnswers(try await trial.reopened(opened), history)
                guard trial.expect("seed \(seed): questions answered differently", after.differences(from: before), []),
                    trial.expect("seed \(seed): after opening twice", again.differences(from: before), [])
                else { return }
            }
        },
        Check("reopening.goes-on", "Opening a store again, however often, makes no difference to what follows.") {
            trial in
            for seed in trial.seeds {
                let history = RandomHistory(seed: seed &+ 1_000_000, commits: 12...24)
                let straight = try await trial.plainStore()
                try await fill(straight, with: history, seed: seed)
                var store = try await trial.plainStore()
                var random = SeededRandom(seed: seed)
                for number in history.batches.indices {
                    try await fill(store, with: history, seed: seed, from: number, to: number + 1)
                    if random.oneIn(3) { store = try await trial.reopened(store) }
                }
                let (expected, found) = (
                    try await StoreAnswers(straight, history), try await StoreAnswers(store, history)
                )
                guard
                    trial.expect("seed \(seed): questions answered differently", found.differences(from: expected), [])
                else { return }
            }
        },
    ]
}
