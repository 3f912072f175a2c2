import GTMCore

/// Something that a check of a store found.
struct StoreFinding: Sendable, Hashable {
    /// What was found.
    enum Kind: Sendable, Hashable {
        /// An append that a crash cut short, so many bytes.
        case tornTail(bytes: UInt64)
        /// What cannot be read though something behind it can; the first batch that is missing, where that is known.
        case damaged(firstMissing: UInt64?)
        /// A file of a format that this program does not know.
        case unknownFormat(version: UInt64)
        /// A file that another one names and that is not there.
        case missing
        /// A file that may not be read, or whose medium fails; why, in words.
        case unreadable(reason: String)
        /// A snapshot that cannot be used.
        case unusableSnapshot
        /// A snapshot that says something else than the journal.
        case disagreement
        /// A file that nothing names any more.
        case leftover
    }

    /// The file, without its folder.
    var file: String
    /// The byte at which it begins; `nil` where it is the whole file.
    var offset: UInt64?
    /// What was found.
    var kind: Kind

    /// Whether something that was acknowledged is, or may be, lost.
    var isLoss: Bool {
        switch kind {
        case .damaged, .unknownFormat, .missing, .unreadable: true
        case .tornTail, .unusableSnapshot, .disagreement, .leftover: false
        }
    }

    /// The name outside.
    var name: String {
        switch kind {
        case .tornTail: "torn_tail"
        case .damaged: "damaged"
        case .unknownFormat: "unknown_format"
        case .missing: "missing"
        case .unreadable: "unreadable"
        case .unusableSnapshot: "unusable_snapshot"
        case .disagreement: "disagreement"
        case .leftover: "leftover"
        }
    }

    /// What it means.
    var meaning: String {
        switch kind {
        case .tornTail(let bytes):
            "an append that was cut short, \(ByteText.text(bytes)); nothing that was acknowledged is lost"
        case .damaged(let first?):
            "batch \(first) and perhaps some after it cannot be read, though later ones can; what they told is lost"
        case .damaged(nil): "a part cannot be read, though later ones can; what it told is lost"
        case .unknownFormat(let version):
            "its format is version \(version), which a newer program wrote; nothing was guessed at"
        case .missing: "another file names it, and it is not there"
        case .unreadable(let reason): "it cannot be read: \(reason)"
        case .unusableSnapshot: "it cannot be used; the journal holds everything, but opening takes longer"
        case .disagreement: "it says something else than the journal, which is right"
        case .leftover: "nothing names it any more; it was left behind when something was broken off"
        }
    }

    /// What to do.
    var remedy: String {
        switch kind {
        case .tornTail: "nothing: the next command that writes cuts it off"
        case .damaged, .missing:
            "leave the folder as it is, copy it, then restore a backup (gtm restore FILE) or read the sources anew into "
                + "another folder (gtm sync --full --store DIR)"
        case .unknownFormat: "use the version of gtm that wrote it, or a newer one"
        case .unreadable: "mend what keeps it from being read, then check again"
        case .unusableSnapshot, .disagreement: "gtm store compact writes a new one from the journal"
        case .leftover: "gtm store compact removes it"
        }
    }
}

/// What a check of a store looked at and found.
struct StoreCheck: Sendable, Hashable {
    /// Files looked at.
    var files: Int
    /// Bytes read.
    var bytes: UInt64
    /// Batches that are whole.
    var batches: UInt64
    /// What was found, in order of files and offsets.
    var findings: [StoreFinding]

    /// Failed where something is or may be lost; what costs nothing but time is no failure.
    var exitCode: ExitCode { findings.contains(where: \.isLoss) ? .failed : .done }
}

/// A check of a store for a terminal and as JSON.
enum StoreCheckView {
    static func text(_ check: StoreCheck, width: Int, palette: Palette) -> String {
        var lines: [String] = []
        for finding in check.findings {
            let mark = finding.isLoss ? palette.red("✘") : palette.yellow("!")
            let place = finding.offset.map { ", byte \(grouped(String($0)))" } ?? ""
            lines.append("\(mark) \(TextWidth.cut(Sanitized(finding.file).text + place, to: max(10, width - 2)))")
            lines += wrapped(finding.meaning, width) + wrapped("→ \(finding.remedy)", width)
        }
        if !lines.isEmpty { lines.append("") }
        let losses = check.findings.count { $0.isLoss }
        let verdict =
            losses > 0
            ? "Damaged: \(PlainWords.count(losses, "place")) of loss."
            : check.findings.isEmpty ? "Everything is whole." : "Nothing is lost."
        lines += TextWidth.wrapped(verdict, to: width).map(losses > 0 ? palette.red : palette.green)
        let read =
            "\(PlainWords.count(check.files, "file")), \(ByteText.text(check.bytes)), "
            + "\(grouped(String(check.batches))) batches read"
        lines += TextWidth.wrapped(read, to: width).map(palette.dim)
        return lines.joined(separator: "\n") + "\n"
    }

    static func line(_ check: StoreCheck) -> String {
        let findings: [JSONValue] = check.findings.map { finding in
            [
                "file": .string(finding.file), "offset": number(finding.offset), "kind": .string(finding.name),
                "loss": .bool(finding.isLoss), "meaning": .string(finding.meaning), "remedy": .string(finding.remedy),
            ]
        }
        let document: JSONValue = [
            "ok": .bool(!check.findings.contains(where: \.isLoss)), "files": .integer(Int64(check.files)),
            "bytes": number(check.bytes), "batches": number(check.batches), "findings": .array(findings),
        ]
        return JSONWriter.text(document) + "\n"
    }

    private static func number(_ number: UInt64?) -> JSONValue {
        number.map { .integer(Int64(clamping: $0)) } ?? .null
    }

    private static func wrapped(_ text: String, _ width: Int) -> [String] {
        TextWidth.wrapped(Sanitized(text).text, to: max(10, width - 4)).map { "    " + $0 }
    }
}
