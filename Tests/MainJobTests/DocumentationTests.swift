import GTMCore
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("What the documentation shows is so") struct DocumentationTests {
    private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: root.appendingPathComponent(path)), as: UTF8.self)
    }

    @Test("The README's program is the one that is built, in about twenty lines") func quickStart() throws {
        let blocks = try text("README.md").split(separator: "```swift\n").dropFirst()
        let shown = try #require(blocks.first?.split(separator: "```", maxSplits: 1).first)
        #expect(String(shown) == (try text("Examples/QuickStart/QuickStart.swift")))
        #expect(shown.split(separator: "\n").count <= 22)
    }

    @Test(
        "Every place that a document names is there",
        arguments: [
            "README.md", "Docs/architecture.md", "Docs/decisions.md", "Docs/storage.md", "Docs/benchmarks.md",
            "Docs/conversation-rules.md", "Docs/revenue.md", "Docs/health-score.md", "directives/master.md",
            "directives/conversation-rules.md", "directives/revenue.md", "directives/health-score.md",
            "directives/data-quality.md", "directives/identity.md",
        ])
    func links(document: String) throws {
        let folder = root.appendingPathComponent(document).deletingLastPathComponent()
        for part in try text(document).split(separator: "](").dropFirst() {
            let target = String(part.prefix { $0 != ")" && $0 != "#" })
            guard !target.isEmpty, !target.contains("://") else { continue }
            #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent(target).path), "\(target)")
        }
    }

    @Test("Every room that the README names is there") func rooms() throws {
        let rooms = try text("README.md").split(separator: "\n").drop { $0 != "## The house" }
        try #require(!rooms.isEmpty)
        for line in rooms where line.hasPrefix("| `") {
            let room = String(line.dropFirst(3).prefix { $0 != "`" })
            // The table of commands begins its lines likewise.
            guard !room.hasPrefix("gtm ") else { continue }
            #expect(FileManager.default.fileExists(atPath: root.appendingPathComponent(room).path), "\(room)")
        }
    }
}
