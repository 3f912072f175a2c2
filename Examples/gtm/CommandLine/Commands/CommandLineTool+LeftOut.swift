import GTMCore

extension CommandLineTool {
    /// Lines of a kind that are listed, at most.
    private static let listedLines = 10

    /// Lists what could not be taken: records by the place where they stood, then fields of records that could.
    func noteLeftOut(_ workspace: Workspace) async throws {
        let rejected = try await workspace.store.rejected(by: Workspace.actor)
            .sorted { Self.line(of: $0) != Self.line(of: $1) ? Self.line(of: $0) < Self.line(of: $1) : $0.id < $1.id }
        list(rejected.map { "\($0.path): \($0.reason)" }, of: "record")
        let issues = try await workspace.store.issues(by: Workspace.actor)
        list(issues.map { "\($0.record.stream)/\($0.record.id) \($0.path): \($0.reason)" }, of: "field")
    }

    private func list(_ lines: [String], of kind: String) {
        guard !lines.isEmpty else { return }
        console.note("\(PlainWords.count(lines.count, kind)) could not be taken:")
        for line in lines.prefix(Self.listedLines) { console.note("  \(Sanitized(line).text)") }
        if lines.count > Self.listedLines { console.note("  … and \(grouped(lines.count - Self.listedLines)) more") }
    }

    /// The number of the line that a rejected record stood on, behind all others where it has none.
    private static func line(of record: RejectedRecord) -> Int {
        Int(record.path.drop { !$0.isNumber }.prefix { $0.isNumber }) ?? .max
    }
}
