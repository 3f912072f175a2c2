import GTMCore

/// What a store knows of but could not take.
struct LeftOut: Sendable, Hashable {
    /// Records.
    var rejected: [RejectedRecord]
    /// Fields of records that could be taken.
    var issues: [FieldIssue]

    /// What some runs told of, of all that a store knows of.
    ///
    /// - Parameters:
    ///   - runs: The runs.
    ///   - known: What the store knew of before. What a run told of once more is among it, and is listed too.
    func told(by runs: [SyncRun], besides known: LeftOut) -> LeftOut {
        var told = LeftOut(rejected: [], issues: [])
        for run in runs {
            for stream in run.receipt.streams {
                func isOwn(_ id: RecordID) -> Bool { id.source == run.source && id.stream == stream.stream }
                told.rejected += Self.told(
                    rejected.filter { isOwn($0.id) }, besides: Set(known.rejected), count: stream.rejected)
                told.issues += Self.told(
                    issues.filter { isOwn($0.record) }, besides: Set(known.issues), count: stream.fieldIssues)
            }
        }
        return told
    }

    private static func told<Entry: Hashable>(_ all: [Entry], besides known: Set<Entry>, count: Int) -> [Entry] {
        guard count > 0 else { return [] }
        let new = all.filter { !known.contains($0) }
        return new.count >= count ? new : all
    }
}

extension Workspace {
    /// What the store knows of but could not take.
    func leftOut() async throws -> LeftOut {
        LeftOut(rejected: try await store.rejected(by: Self.actor), issues: try await store.issues(by: Self.actor))
    }
}

extension CommandLineTool {
    /// Lines of a kind that are listed, at most.
    private static let listedLines = 10

    /// Lists what could not be taken: records by the place where they stood, then fields of records that could.
    func note(_ leftOut: LeftOut) {
        let rejected = leftOut.rejected.sorted {
            Self.line(of: $0) != Self.line(of: $1) ? Self.line(of: $0) < Self.line(of: $1) : $0.id < $1.id
        }
        list(rejected.map { "\($0.path): \($0.reason)" }, of: "record")
        list(leftOut.issues.map { "\($0.record.stream)/\($0.record.id) \($0.path): \($0.reason)" }, of: "field")
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
