import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a store answers to a fixed questionnaire, to be compared with what it answers later.
struct StoreAnswers {
    /// Answers by their questions, in a fixed order.
    private let answers: [(question: String, answer: AnyHashable, isEmpty: Bool)]

    /// Asks a store everything about a history.
    init(_ store: any CustomerStore, _ history: RandomHistory) async throws {
        var answers: [(question: String, answer: AnyHashable, isEmpty: Bool)] = []
        func note(_ question: String, _ answer: some Collection & Hashable) {
            answers.append((question, AnyHashable(answer), answer.isEmpty))
        }
        var points = [TimePoint.latest]
        for moment in stride(from: -1, through: history.end + 1, by: max(1, history.end / 5)) {
            points += [TimePoint(knownAt: day(moment)), TimePoint(validAt: day(moment))]
            points.append(TimePoint(knownAt: day(moment), validAt: day(moment - 2)))
        }
        for (number, point) in points.enumerated() {
            note("files at point \(number)", try await store.contents(at: point, .whole))
            note("streams at point \(number)", try await store.streams(at: point, by: .checks))
        }
        for key in RandomHistory.keys {
            var files: [FileContent] = []
            for point in points.prefix(7) {
                do {
                    if let file = try await store.customer(key, at: point, by: .checks) {
                        files.append(FileContent(file, .whole))
                    }
                } catch let error as StoreError where error.code == .erased {
                    note("whether \(key) was erased", ["erased"])
                }
            }
            note("files of \(key)", files)
        }
        for order in [CustomerQuery.Order.key, .risk, .mrr] {
            var query = CustomerQuery(limit: 3)
            query.order = order
            query.includesEnded = true
            var summaries: [AssessmentSummary] = []
            for _ in 0..<100 {
                let page = try await store.customers(query, by: .checks)
                summaries += page.summaries
                query.after = page.next
                if page.next == nil { break }
            }
            note("the list by \(order)", summaries)
        }
        for moment in [0, history.end, 10_000] {
            note("who is due on day \(moment)", try await store.due(asOf: day(moment), by: .checks).keys)
        }
        for stream in RandomHistory.streams {
            note("live ids of \(stream)", try await store.liveIDs(stream, by: .checks))
            note("seen of \(stream)", try await store.seen(stream, by: .checks))
            note("pending of \(stream)", try await store.pending(stream, limit: .max, by: .checks))
        }
        note("versions", try await store.versions(history.ids, by: .checks))
        note("runs", try await store.runs(RunQuery(limit: .max), by: .checks))
        note("rejected", try await store.rejected(by: .checks))
        note("issues", try await store.issues(by: .checks))
        note("unmatched", try await store.unmatched(by: .checks))
        note("rules", try await store.rules(by: .checks))
        let sequence = try await store.due(asOf: day(0), by: .checks).sequence
        answers.append(("the number of the last commit", AnyHashable(sequence), sequence == 0))
        self.answers = answers
    }

    /// Whether nothing is known.
    var isEmpty: Bool { answers.allSatisfy(\.isEmpty) }

    /// The questions that were answered with something.
    var summary: String { answers.filter { !$0.isEmpty }.map(\.question).joined(separator: ", ") }

    /// The questions that are answered differently.
    func differences(from other: StoreAnswers) -> [String] {
        zip(answers, other.answers).filter { $0.answer != $1.answer }.map(\.0.question)
    }
}
