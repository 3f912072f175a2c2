import GTMAdapterKit
import GTMCore
import Synchronization

@testable import GTMCommandLine

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The program in a world of its own: a fresh directory, no environment, no terminal, a clock that stands.
struct Session {
    /// What a run wrote, and its code.
    struct Outcome: Equatable {
        var code: ExitCode
        var output: String
        var notes: String

        /// The output as JSON, a document a line.
        var documents: [JSONValue] {
            get throws { try JSONLines(Array(output.utf8)).map { try $0.document().value } }
        }
    }

    var environment: [String: String] = [:]
    var input: String?
    var width = 100
    var isTerminal = false
    /// Whether the notes may hold escape sequences.
    var hasEscapes = false
    var transport: any HTTPTransport = NoNetwork()
    /// Files in the working directory.
    var files: [String: String] = [:]
    /// The working directory; `nil` for a fresh one at each run.
    var directory: String?
    /// The store that every command opens; `nil` leaves that to the program.
    var store: (any CustomerStore)?
    /// What opens stores on files.
    var opener = StoreOpener.standard
    /// Told what was asked for when a store was opened.
    var onOpen: @Sendable (StoreOpener.Request) -> Void = { _ in }
    /// The present, where `GTM_NOW` does not set it.
    var now = Session.now

    func run(_ words: String...) async throws -> Outcome { try await run(words: words) }

    func run(words: [String]) async throws -> Outcome {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let directory = directory ?? folder.path
        for (name, text) in files {
            try Data(text.utf8).write(to: URL(filePath: directory + "/" + name))
        }
        let (output, notes) = (Recorder(), Recorder())
        var tool = CommandLineTool(
            environment: environment, directory: directory,
            console: Console(output: outlet(output), notes: outlet(notes, hasEscapes)), transport: transport,
            clock: SkippingClock(), now: { [now] in now }, standardInput: { [input] in input.map { Array($0.utf8) } })
        tool.stores = StoreOpener { [store, opener, onOpen] request in
            onOpen(request)
            if let store { return StoreOpener.Opened(store: store) }
            return try await opener.open(request)
        }
        let code = await tool.run(words)
        return Outcome(code: code, output: output.text, notes: notes.text)
    }

    /// 2026-11-20T08:00:00Z.
    static let now = Date(timeIntervalSince1970: 1_795_161_600)

    private func outlet(_ recorder: Recorder, _ hasEscapes: Bool = false) -> Outlet {
        Outlet(isTerminal: isTerminal, width: width, hasColor: hasEscapes) { bytes in
            recorder.bytes.withLock { $0 += bytes }
            return nil
        }
    }

    private final class Recorder: Sendable {
        let bytes = Mutex<[UInt8]>([])
        var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
    }
}

/// A folder of its own for one test, removed at its end.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/gtm-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A transport that reaches nobody.
struct NoNetwork: HTTPTransport {
    func send(_ request: HTTPRequest) async throws -> HTTPResponse { throw HTTPError(.hostNotFound) }
}

/// A transport that always answers the same.
struct FixedAnswer: HTTPTransport {
    var status: Int
    var body: String

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        HTTPResponse(status: status, headers: HTTPHeaders(), body: Array(body.utf8))
    }
}
