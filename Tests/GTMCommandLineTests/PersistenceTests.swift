import Foundation
import GTMAdapterKit
import GTMCore
import GTMSimulator
import Synchronization
import Testing

@testable import GTMCommandLine

@Suite("A store on files, from one run to the next", .timeLimit(.minutes(2))) struct PersistenceTests {
    private func session(_ folder: TemporaryFolder, _ transport: any HTTPTransport = NoNetwork()) -> Session {
        Session(
            environment: ["INTERCOM_API_KEY": "simulated-intercom-token"], transport: transport, directory: folder.path)
    }

    // MARK: Remembering

    @Test("What a file told is there at the next run, byte for byte") func importThenAsk() async throws {
        let folder = try TemporaryFolder()
        var session = session(folder)
        session.input = Samples.all
        let imported = try await session.run("import", "-", "--show", "customers", "--json")
        #expect(imported.code == .done, "\(imported.notes)")
        session.input = nil
        let listed = try await session.run("customers", "--all", "--json")
        #expect(listed == Session.Outcome(code: .done, output: imported.output, notes: ""))
        #expect(try listed.emails == ["ada@x.test", "bob@y.test"])
        #expect(try await session.run("status", "--json").document["store"]?["exists"] == true)
        // Assessments made for one answer are there for the next.
        session.now = Session.now.addingTimeInterval(40 * 86_400)
        _ = try await session.run("customers")
        let store = try await FileStore.open(folder.path + "/.gtm", access: .reading)
        #expect(try await store.due(asOf: session.now, by: .unspecified).keys.isEmpty)
        try await store.close()
    }

    @Test("A rule made by one run counts in the next, and can be undone by a third") func rules() async throws {
        let folder = try TemporaryFolder()
        var session = session(folder)
        session.input = Samples.all
        _ = try await session.run("import", "-")
        let rule = try await session.run("merge", "bob@y.test", "ada@x.test", "--json").document["rule"]?["id"]?.string
        #expect(try await session.run("customers", "--json").emails == ["ada@x.test"])
        #expect(try await session.run("unmerge", try #require(rule)).code == .done)
        #expect(try await session.run("customers", "--json").emails == ["ada@x.test", "bob@y.test"])
    }

    @Test("The second sync asks for what changed alone; --full for everything") func incremental() async throws {
        let folder = try TemporaryFolder()
        let intercom = SimulatedIntercom(SimulatedWorld(seed: 7, customers: 30, now: Session.now))
        var session = session(folder, intercom)
        let first = try await session.run("sync", "--json").document["runs"]?.array?.first
        #expect(first?["mode"] == "full")
        session.now = Session.now.addingTimeInterval(86_400)
        intercom.step(to: session.now.addingTimeInterval(-60))
        let email = try EmailAddress(try #require(try await session.run("customers", "--json").emails.first))
        let id = try #require(intercom.contactIDs(of: email).first)
        intercom.update(contact: id, ["name": "Somebody Else"])
        intercom.step(to: session.now)
        let second = try await session.run("sync", "--json").document["runs"]?.array?.first
        #expect(second?["mode"] == "incremental" && second?["status"] == "success")
        let (all, few) = (first?["contacts_synced"]?.integer ?? 0, second?["contacts_synced"]?.integer ?? 0)
        #expect(few >= 1 && few < all, "\(few) of \(all)")
        #expect(try await session.run("sync", "--full", "--json").document["runs"]?.array?.first?["mode"] == "full")
        #expect(try await session.run("customers", "--all", "--json").output.contains("Somebody Else"))
        let past = try await session.run("customers", "--all", "--as-of", "2026-11-20T08:00:00Z", "--json")
        #expect(try past.emails.count == 30 && !past.output.contains("Somebody Else"))
    }

    @Test("A file with two of many customers does not keep the others from being read") func importThenSync()
        async throws
    {
        let folder = try TemporaryFolder()
        let intercom = SimulatedIntercom(SimulatedWorld(seed: 7, customers: 30, now: Session.now))
        var session = session(folder, intercom)
        let lines = intercom.ndjson().split(separator: UInt8(ascii: "\n")).prefix(2)
        session.input = lines.map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
        _ = try await session.run("import", "-")
        #expect(try await session.run("customers", "--json").emails.count == 2)
        #expect(try await session.run("sync").code == .done)
        #expect(try await session.run("customers", "--all", "--json").emails.count == 30)
    }

    @Test("What an earlier run could not take is not told again") func leftOut() async throws {
        let folder = try TemporaryFolder()
        var session = session(folder)
        session.input = Samples.ada + "\n{oops\n"
        let bad = try await session.run("import", "-")
        #expect(bad.code == .incomplete && bad.notes.contains("1 record could not be taken:\n  line 2: "))
        session.input = Samples.bare + "\n"
        let good = try await session.run("import", "-")
        #expect(good.code == .done && good.notes.isEmpty, "\(good.notes)")
        session.input = Samples.bare + "\n\n\n{oops\n"
        let other = try await session.run("import", "-")
        #expect(other.notes.contains("1 record could not be taken:\n  line 4: "), "\(other.notes)")
        session.input = Samples.ada + "\n{oops\n"
        #expect(try await session.run("import", "-").notes.contains("  line 2: "))
        #expect(try await session.run("status", "--json").document["rejected"] == 2)
    }

    // MARK: Broken off

    /// Copies the folder as it is when a call is made, which is what a process leaves behind that is killed then.
    private final class KilledAtCall: HTTPTransport {
        let base: SimulatedIntercom
        let call: Int
        let copy: @Sendable () throws -> Void
        private let made = Mutex(0)

        init(_ base: SimulatedIntercom, at call: Int, copy: @escaping @Sendable () throws -> Void) {
            self.base = base
            self.call = call
            self.copy = copy
        }

        func send(_ request: HTTPRequest) async throws -> HTTPResponse {
            let number = made.withLock { made in
                made += 1
                return made
            }
            if number == call { try copy() }
            return try await base.send(request)
        }
    }

    @Test("A sync that was killed goes on where it stopped, and comes to the same", arguments: [10, 30, 60])
    func killed(call: Int) async throws {
        let world = SimulatedWorld(seed: 7, customers: 120, now: Session.now)
        let (folder, left) = (try TemporaryFolder(), try TemporaryFolder())
        let (whole, rest) = (SimulatedIntercom(world), SimulatedIntercom(world))
        let transport = KilledAtCall(whole, at: call) {
            try FileManager.default.copyItem(atPath: folder.path + "/.gtm", toPath: left.path + "/.gtm")
        }
        #expect(try await session(folder, transport).run("sync").code == .done)
        let expected = try await session(folder).run("customers", "--all", "--json")
        #expect(try expected.emails.count == 120)

        let before = try await session(left).run("status", "--json").document
        #expect(before["runs"]?.array?.first?["status"] == "running")
        let resumed = try await session(left, rest).run("sync", "--json")
        #expect(resumed.code == .done, "\(resumed.notes)")
        #expect(rest.calls.count < whole.calls.count, "\(rest.calls.count) of \(whole.calls.count)")
        #expect(try await session(left).run("customers", "--all", "--json").output == expected.output)
    }

    @Test("Broken off from outside, the store is let go of") func interrupted() async throws {
        let folder = try TemporaryFolder()
        let session = session(folder, Endless())
        let work = Task { try await session.run("sync") }
        while !FileManager.default.fileExists(atPath: folder.path + "/.gtm/store.json") { await Task.yield() }
        work.cancel()
        let outcome = try await work.value
        #expect(outcome.code == .interrupted && outcome.notes.hasSuffix("gtm: interrupted\n"))
        let store = try await FileStore.open(folder.path + "/.gtm")
        try await store.close()
    }

    /// Answers nothing until it is cancelled.
    private struct Endless: HTTPTransport {
        func send(_ request: HTTPRequest) async throws -> HTTPResponse {
            try await Task.sleep(for: .seconds(3600))
            throw HTTPError(.timedOut)
        }
    }

    // MARK: Two at once

    /// Runs the program `gtm` as a process of its own.
    private func process(_ folder: TemporaryFolder, _ words: String...) async throws -> Session.Outcome {
        // The program lies beside the tests.
        var products = Bundle(for: TemporaryFolder.self).bundleURL
        if products.pathExtension == "xctest" { products.deleteLastPathComponent() }
        let program = products.appending(path: "gtm")
        let process = Process()
        process.executableURL = program
        process.arguments = words
        process.currentDirectoryURL = URL(filePath: folder.path)
        process.environment = ["GTM_NOW": "2026-11-20T08:00:00Z"]
        let (output, notes) = (folder.path + "/output", folder.path + "/notes")
        for path in [output, notes] { try Data().write(to: URL(filePath: path)) }
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: notes))
        process.standardInput = FileHandle.nullDevice
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in continuation.resume() }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        return Session.Outcome(
            code: ExitCode(rawValue: process.terminationStatus),
            output: try String(contentsOfFile: output, encoding: .utf8),
            notes: try String(contentsOfFile: notes, encoding: .utf8))
    }

    @Test("The program as processes: what one wrote the next sees; while one writes others read and none writes")
    func processes() async throws {
        let folder = try TemporaryFolder()
        try Samples.all.write(toFile: folder.path + "/all.ndjson", atomically: true, encoding: .utf8)
        let imported = try await process(folder, "import", "all.ndjson", "--show", "customers", "--json")
        #expect(imported.code == .done, "\(imported.notes)")
        let listed = try await process(folder, "customers", "--json")
        #expect(listed == Session.Outcome(code: .done, output: imported.output, notes: ""))

        let writer = try await FileStore.open(folder.path + "/.gtm")
        let beside = try await process(folder, "customers", "--json")
        #expect(beside.code == .done && beside.output == imported.output)
        #expect(
            beside.notes == "note: the store is being written meanwhile; this is what it held a moment ago\n")
        let refused = try await process(folder, "import", "all.ndjson")
        #expect(refused.code == .failed && refused.output.isEmpty)
        #expect(refused.notes.contains(".gtm is being written by "))
        #expect(refused.notes.contains("process \(ProcessInfo.processInfo.processIdentifier) on "))
        try await writer.close()
        #expect(try await process(folder, "import", "all.ndjson").code == .done)
    }

    @Test("On a medium that cannot be written, whoever asks is answered and whoever writes is told") func readOnly()
        async throws
    {
        let folder = try TemporaryFolder()
        var session = session(folder)
        session.input = Samples.all
        let imported = try await session.run("import", "-", "--show", "customers", "--json")
        session.opener = .folders(on: Unwritable())
        #expect(try await session.run("customers", "--json").output == imported.output)
        // Also where there is something to assess.
        session.now = Session.now.addingTimeInterval(40 * 86_400)
        #expect(try await session.run("at-risk").code == .done)
        let refused = try await session.run("import", "-")
        #expect(refused.code == .failed && refused.output.isEmpty)
        #expect(refused.notes.hasPrefix("gtm: cannot ") && refused.notes.contains("the medium is read-only"))
    }

    /// The machine's files on a medium that cannot be written.
    private struct Unwritable: FileSystem {
        private let base = PlatformFiles()

        func open(_ path: String, _ mode: FileMode) throws(FileFault) -> any StoreFile {
            guard mode == .read else { throw FileFault(.readOnly, .open, path) }
            return try base.open(path, mode)
        }
        func exists(_ path: String) throws(FileFault) -> Bool { try base.exists(path) }
        func size(_ path: String) throws(FileFault) -> Int { try base.size(path) }
        func list(_ path: String) throws(FileFault) -> [String] { try base.list(path) }
        func createDirectory(_ path: String) throws(FileFault) { throw FileFault(.readOnly, .createDirectory, path) }
        func rename(_ path: String, to target: String) throws(FileFault) { throw FileFault(.readOnly, .rename, path) }
        func remove(_ path: String) throws(FileFault) { throw FileFault(.readOnly, .remove, path) }
        func syncDirectory(_ path: String) throws(FileFault) { throw FileFault(.readOnly, .syncDirectory, path) }
        func lock(_ path: String, as holder: LockHolder) throws(FileFault) -> LockAttempt {
            throw FileFault(.readOnly, .lock, path)
        }
    }

    // MARK: What cannot be used

    @Test("A file where the folder should be, and a damaged store") func unusable() async throws {
        let folder = try TemporaryFolder()
        var session = session(folder)
        session.input = Samples.all
        _ = try await session.run("import", "-")
        session.files["plain"] = "hello"
        let plain = try await session.run("customers", "--store", "plain")
        #expect(plain.code == .failed)
        #expect(plain.notes == "gtm: \"plain\" (by --store) is a file; expected the folder of a store\n")
        try Data("{}\n".utf8).write(to: URL(filePath: folder.path + "/.gtm/store.json"))
        for words in [["customers"], ["sync"], ["import", "-"], ["status"]] {
            let damaged = try await session.run(words: words)
            #expect(damaged.code == .failed && damaged.output.isEmpty)
            #expect(damaged.notes.hasPrefix("gtm: store.json: its checksum does not fit"), "\(damaged.notes)")
        }
    }

    // MARK: Erasing

    @Test("An erased person is gone for every run, at every time, and does not come back") func erase() async throws {
        let folder = try TemporaryFolder()
        var session = session(folder)
        session.input = Samples.all
        _ = try await session.run("import", "-")
        let careless = try await session.run("erase", "ada@x.test")
        #expect(careless.code == .wrongUsage)
        #expect(
            careless.notes
                == "gtm: erasing \"ada@x.test\" cannot be undone; expected --yes with it\nSee: gtm help erase\n"
        )
        let stranger = try await session.run("erase", "who@x.test", "--yes")
        #expect(stranger.code == .failed && stranger.notes.contains("there is no customer \"who@x.test\""))
        #expect(try await session.run("customers", "--json").emails.count == 2)

        let erased = try await session.run("erase", "Ada@x.test", "--yes", "--json")
        #expect(erased.code == .done, "\(erased.notes)")
        #expect(try erased.document["erased"] == "ada@x.test")
        #expect(try erased.document["records"] == 2)
        #expect(try erased.document["erased_at"] == "2026-11-20T08:00:00Z")
        _ = try await session.run("import", "-")
        #expect(try await session.run("customers", "--json").emails == ["bob@y.test"])
        #expect(
            try await session.run("customers", "--as-of", "2026-11-20T08:00:00Z", "--json").emails == ["bob@y.test"])
        for words in [["customer", "ada@x.test"], ["erase", "ada@x.test", "--yes"]] {
            let again = try await session.run(words: words)
            #expect(again.code == .failed && again.output.isEmpty)
            #expect(again.notes == "gtm: this person was erased on 2026-11-20T08:00:00Z\n")
        }
        let text = try await session.run("erase", "bob@y.test", "--yes", "--keep-files")
        #expect(
            text.output == """
                Erased bob@y.test: 1 record, at every point in time.
                It stays in the files of the store until gtm store compact.

                """)
        #expect(try contents(of: folder).contains("bob@y.test") && !contents(of: folder).contains("Lovelace"))
        #expect(try await session.run("store", "compact").code == .done)
        #expect(try !contents(of: folder).contains("bob@y.test"))
    }

    /// Everything that stands in the files of a store.
    private func contents(of folder: TemporaryFolder) throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/.gtm")
        return try names.map { name in
            String(decoding: try Data(contentsOf: URL(filePath: folder.path + "/.gtm/" + name)), as: UTF8.self)
        }.joined()
    }

    // MARK: Looking after the store

    @Test("An export brings everything back elsewhere, and is the same from there") func exportAndRestore() async throws
    {
        let folder = try TemporaryFolder()
        var session = session(folder)
        session.input = Samples.all
        _ = try await session.run("import", "-")
        let listed = try await session.run("customers", "--json")
        let piped = try await session.run("export")
        #expect(piped.code == .done && piped.output.hasPrefix("{\"gtm_export\":1,"))
        try Data("old".utf8).write(to: URL(filePath: folder.path + "/backup"))
        #expect(try await session.run("export", "backup").output.isEmpty)
        #expect(try String(contentsOfFile: folder.path + "/backup", encoding: .utf8) == piped.output)
        let restored = try await session.run("restore", "backup", "--store", "other")
        #expect(restored.output == "Restored 3 records of 2 customers to \"other\" (by --store).\n")
        #expect(try await session.run("customers", "--json", "--store", "other").output == listed.output)
        session.input = piped.output
        #expect(try await session.run("restore", "-", "--store", "third", "--json").document["records"] == 3)
        // No draft stays behind.
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == [".gtm", "backup", "other", "third"])
    }

    @Test("A store that is there is never restored over, and a cut export makes none") func restoreRefuses()
        async throws
    {
        let folder = try TemporaryFolder()
        var session = session(folder)
        session.input = Samples.all
        _ = try await session.run("import", "-")
        let whole = try await session.run("export").output
        let before = try await session.run("customers", "--json").output
        session.input = whole
        let over = try await session.run("restore", "-")
        #expect(over.code == .failed && over.output.isEmpty)
        #expect(over.notes.contains("there is a store at \".gtm\" (the usual place) already; expected --store"))
        #expect(try await session.run("customers", "--json").output == before)
        session.input = String(whole.dropLast(40))
        let cut = try await session.run("restore", "-", "--store", "new")
        #expect(cut.code == .failed && cut.notes.hasPrefix("gtm: "))
        #expect(try await session.run("customers", "--store", "new").notes.contains("there is no store at \"new\""))
        let missing = try await session.run("restore", "none", "--store", "new")
        #expect(missing.notes == "gtm: none cannot be read; expected a file that gtm export wrote\n")
    }

    @Test("Check, stats and doctor of a sound store and of a damaged one") func check() async throws {
        let folder = try TemporaryFolder()
        var session = session(folder)
        #expect(try await session.run("doctor").output.contains("none at \".gtm\" (the usual place) yet"))
        for words in [["store", "check"], ["store", "stats"], ["store", "compact"], ["export"]] {
            let none = try await session.run(words: words)
            #expect(none.code == .failed && none.notes.hasPrefix("gtm: there is no store at"), "\(words)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        session.input = Samples.all
        _ = try await session.run("import", "-")
        let sound = try await session.run("store", "check")
        #expect(sound == Session.Outcome(code: .done, output: "Everything is whole.\n", notes: ""))
        let statistics = try await session.run("store", "stats", "--json").document
        #expect(statistics["total_customers"] == 2 && statistics["records"] == 3 && statistics["generation"] == 1)
        #expect(statistics["last_recorded_at"] == "2026-11-20T08:00:00Z" && statistics["erased_persons"] == 0)
        let text = try await session.run("store", "stats").output
        #expect(text.contains("  Customers   2\n") && text.contains("  History     since the beginning\n"))
        #expect(try await session.run("doctor").output.contains("3 records at \".gtm\""))
        let compacted = try await session.run("store", "compact")
        #expect(compacted.output.hasPrefix("Compacted: ") && compacted.code == .done)
        #expect(try await session.run("store", "stats", "--json").document["generation"] == 2)
        #expect(try await session.run("customers", "--json").emails.count == 2)

        let path = folder.path + "/.gtm/journal-2"
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        bytes[bytes.count / 2] ^= 1
        try Data(bytes).write(to: URL(filePath: path))
        try FileManager.default.removeItem(atPath: folder.path + "/.gtm/index-2")
        let damaged = try await session.run("store", "check", "--json")
        #expect(damaged.code == .failed)
        #expect(try damaged.document["ok"] == false)
        #expect(try damaged.document["findings"]?.array?.first?["severity"] == "damage")
        let words = try await session.run("store", "check").output
        #expect(words.contains("✘ journal-2") && words.contains("Damaged: 1 place. Copy the folder as it is"))
        #expect(try await session.run("doctor").output.contains("gtm store check tells more"))
        let wrong = try await session.run("store", "chekc")
        #expect(
            wrong.code == .wrongUsage && wrong.notes.contains("expected check, compact or stats; did you mean check?"))
    }
}
