import GTMCore

/// What a check of a store found, for a terminal and as JSON.
enum StoreCheckView {
    static func text(_ findings: [StoreFinding], width: Int, palette: Palette) -> String {
        var lines: [String] = []
        for finding in findings {
            let mark = finding.severity == .damage ? palette.red("✘") : palette.yellow("!")
            let place = finding.offset.map { ", byte \(grouped($0))" } ?? ""
            lines.append("\(mark) \(TextWidth.cut(Sanitized(finding.file).text + place, to: max(10, width - 2)))")
            lines += TextWidth.wrapped(Sanitized(finding.detail).text, to: max(10, width - 4)).map { "    " + $0 }
        }
        if !lines.isEmpty { lines.append("") }
        let damages = findings.count { $0.severity == .damage }
        let verdict =
            damages > 0
            ? "Damaged: \(PlainWords.count(damages, "place")). Copy the folder as it is; then gtm restore FILE brings a "
                + "backup back, or gtm sync --full --store DIR reads the sources into another folder."
            : findings.isEmpty ? "Everything is whole." : "Nothing is lost."
        lines += TextWidth.wrapped(verdict, to: width).map(damages > 0 ? palette.red : palette.green)
        return lines.joined(separator: "\n") + "\n"
    }

    static func line(_ findings: [StoreFinding]) -> String {
        let documents: [JSONValue] = findings.map { finding in
            [
                "severity": .string(finding.severity.rawValue), "file": .string(finding.file),
                "offset": finding.offset.map { .integer(Int64($0)) } ?? .null, "detail": .string(finding.detail),
            ]
        }
        let document: JSONValue = ["ok": .bool(exitCode(findings) == .done), "findings": .array(documents)]
        return JSONWriter.text(document) + "\n"
    }

    /// Failed where something is damaged; what costs nothing but time is no failure.
    static func exitCode(_ findings: [StoreFinding]) -> ExitCode {
        findings.contains { $0.severity == .damage } ? .failed : .done
    }
}
