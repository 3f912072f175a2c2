import Testing

@testable import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("The master directive and the code say the same") struct MasterDirectiveTests {
    let blocks: [String: JSONValue]

    init() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let bytes = Array(try Data(contentsOf: root.appendingPathComponent("directives/master.md")))
        var blocks: [String: JSONValue] = [:]
        for part in String(decoding: bytes, as: UTF8.self).split(separator: "```json ").dropFirst() {
            let name = part.prefix { $0 != "\n" }
            let text = part.dropFirst(name.count).split(separator: "```", maxSplits: 1)[0]
            blocks[String(name)] = try JSONReader.read(String(text)).value
        }
        self.blocks = blocks
    }

    private func words(_ value: JSONValue?) -> [String]? { value?.array?.compactMap(\.string) }

    private func numbers(_ value: JSONValue?) -> [String: Int] {
        Dictionary((value?.object?.members ?? []).map { ($0.key, Int($0.value.integer ?? -1)) }) { first, _ in first }
    }

    private func days(_ duration: Duration) -> Int { Int(duration.components.seconds / 86_400) }

    @Test("Windows") func windows() {
        let calculator = ActivityCalculator()
        #expect(
            numbers(blocks["windows"]) == [
                "cancel_mention_days": days(calculator.mentionWindow), "tone_days": days(calculator.toneWindow),
                "recent_conversation_days": days(calculator.conversationWindow),
                "rating_days": days(calculator.ratingWindow),
                "stale_after_days": days(GTMEngine.Configuration().staleAfter),
            ])
        #expect(
            GTMEngine.Configuration().staleAfter
                == ResolutionContext(asOf: Date(timeIntervalSince1970: 0), coverage: []).staleAfter)
    }

    @Test("Syncing") func sync() {
        #expect(
            numbers(blocks["sync"]) == [
                "resume_within_hours": Int(StreamPlan.resumeWithin / 3600), "restarts": StreamPlan.maximumRestarts,
                "absence_believed_percent": AbsencePlan.believedPercent,
                "absence_believed_count": AbsencePlan.believedCount,
                "sources_at_once": SyncEngine(store: InMemoryStore()).concurrency,
            ])
    }
}
