import GTMCore
import GTMIntercom

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension CommandLineTool {
    /// `gtm import`.
    func importFile(_ invocation: Invocation) async throws -> ExitCode {
        let show = try invocation.show()
        let output = try invocation.format(of: show)
        let format = try archiveFormat(invocation)
        let observedAt = try observedAt(invocation)
        let settings = try settings(invocation)
        let path = invocation.operands.first ?? "-"
        let archive = try archive(path, format, account: try account(invocation))
        let clock = clock(settings)
        let moment = clock()
        if let observedAt, observedAt > moment {
            throw UsageError(
                "--observed-at is \(Timestamp.format(observedAt)), later than now; expected \(Timestamp.format(moment)) "
                    + "or before", command: invocation.command.name)
        }
        return try await withWorkspace(invocation, settings, for: .creating) { workspace in
            let known = try await workspace.leftOut()
            let runs = try await ProgressWatch(console: console).following { progress in
                try await workspace.engine([archive], now: { observedAt ?? moment }).sync(.full, progress: progress)
            }
            guard runs.contains(where: { $0.receipt.streams.contains { $0.seen > 0 } }) else {
                throw Failure("\(Self.name(of: path)) holds no record; \(Self.expected) and a row for each contact")
            }
            note(try await workspace.leftOut().told(by: runs, besides: known))
            try await present(runs, show, output, workspace, workspace.engine(now: clock))
            let wasNothingTaken = runs.allSatisfy { $0.receipt.streams.allSatisfy { $0.seen == $0.rejected } }
            return wasNothingTaken ? .failed : Self.exitCode(of: runs)
        }
    }

    private func archiveFormat(
        _ invocation: Invocation
    ) throws(UsageError) -> IntercomArchive.Configuration.Format {
        switch invocation.values["format"] {
        case nil: return .automatic
        case "ndjson", "jsonl": return .ndjson
        case "csv": return .csv
        case let other?:
            let hint = nearest(to: other, among: ["ndjson", "csv"]).map { "; did you mean \($0)?" } ?? ""
            throw UsageError(
                "--format is \(quoted(other)); expected ndjson or csv\(hint)", command: invocation.command.name)
        }
    }

    private func observedAt(_ invocation: Invocation) throws(UsageError) -> Date? {
        guard let text = invocation.values["observed-at"] else { return nil }
        do {
            return try Timestamp.parse(text)
        } catch {
            throw UsageError(
                "--observed-at is \(quoted(text)); expected a time such as 2026-11-20 or 2026-11-20T08:00:00Z",
                command: invocation.command.name)
        }
    }

    private func account(_ invocation: Invocation) throws(UsageError) -> String {
        guard let name = invocation.values["account"] else { return "default" }
        guard ProjectFile.Source.isAccount(name) else {
            throw UsageError(
                "--account is \(quoted(name)); expected \(ProjectFile.Source.expectedAccount)",
                command: invocation.command.name)
        }
        return name
    }

    /// What a file should hold.
    private static let expected =
        "expected NDJSON of Intercom contacts and conversations, or CSV with a header"

    /// How a file is called where it is spoken of.
    private static func name(of path: String) -> String {
        path == "-" ? "standard input" : Sanitized(path).text
    }

    /// Reads and opens the file.
    private func archive(
        _ path: String, _ format: IntercomArchive.Configuration.Format, account: String
    ) throws -> IntercomArchive {
        let name = Self.name(of: path)
        let bytes =
            try path == "-"
            ? input() : contents(of: path, name, kind: "NDJSON or CSV", orElse: ", or - for standard input")
        guard !bytes.prefix(65_536).contains(0) else { throw Failure("\(name) is binary, not text; \(Self.expected)") }
        guard bytes.contains(where: { $0 > 0x20 }) else { throw Failure("\(name) is empty; \(Self.expected)") }
        var configuration = IntercomArchive.Configuration(account: account)
        configuration.format = format
        if format == .automatic {
            let suffix = path.lowercased()
            if suffix.hasSuffix(".csv") { configuration.format = .csv }
            if suffix.hasSuffix(".ndjson") || suffix.hasSuffix(".jsonl") { configuration.format = .ndjson }
        }
        do {
            return try IntercomArchive(bytes, configuration)
        } catch let error as IntercomArchive.Unreadable {
            throw Failure("\(name): \(Sanitized(error.description).text)")
        }
    }

    private func input() throws(Failure) -> [UInt8] {
        guard let bytes = standardInput() else {
            throw Failure("standard input cannot be read; expected a file's bytes")
        }
        return bytes
    }

    /// Reads a file whole.
    ///
    /// - Parameters:
    ///   - path: Where it is; a relative path starts from the working directory.
    ///   - name: How it is called where it is spoken of.
    ///   - kind: What it should hold.
    ///   - orElse: What else could have been said than a path, with its comma.
    func contents(
        of path: String, _ name: String, kind: String, orElse: String = ""
    ) throws(Failure) -> [UInt8] {
        let whole = path.hasPrefix("/") ? path : directory + "/" + path
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: whole, isDirectory: &isDirectory) else {
            throw Failure("\(name) does not exist; expected a file of \(kind)\(orElse)")
        }
        guard !isDirectory else { throw Failure("\(name) is a directory; expected a file of \(kind)") }
        do {
            return [UInt8](try Data(contentsOf: URL(filePath: whole)))
        } catch {
            throw Failure("\(name) cannot be read; expected a file that you may read")
        }
    }
}
