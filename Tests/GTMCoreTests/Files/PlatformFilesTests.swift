import GTMCore
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

private let files = PlatformFiles()
private let holder = LockHolder(process: 4711, host: "box", program: "gtm sync", since: day(1.5))

/// Runs a test in a folder of its own, which is removed afterwards.
private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path.appendingPath("gtm-\(UUID().uuidString)")
    try files.createDirectory(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
}

@Suite("Files of the machine") struct PlatformFilesTests {
    @Test("Files are written, read in part, cut and closed") func readsAndWrites() throws {
        try inFolder { folder in
            let path = folder.appendingPath("f")
            let file = try files.open(path, .create)
            #expect(file.name == "f")
            try file.write([1, 2, 3, 4, 5], at: 2)
            try file.sync()
            #expect(try file.readAll() == [0, 0, 1, 2, 3, 4, 5])
            #expect(try file.read(exactly: 3, at: 4) == [3, 4, 5])
            #expect(throws: FileFault(.endOfFile, .read, "f")) { try file.read(exactly: 4, at: 4) }
            var buffer = [UInt8](repeating: 9, count: 10)
            let count = try unsafe buffer.withUnsafeMutableBytes { try unsafe file.readUpTo($0, at: 5) }
            #expect(count == 2)
            #expect(buffer == [4, 5, 9, 9, 9, 9, 9, 9, 9, 9])
            try file.truncate(to: 4)
            #expect(try files.readAll(path) == [0, 0, 1, 2])
            #expect(try files.size(path) == 4)
            file.close()
            file.close()
            #expect(throws: FileFault(.closed, .write, "f")) { try file.write([1], at: 0) }
            #expect(try files.readAll(path) == [0, 0, 1, 2])
        }
    }

    @Test("A file is made once, and one that is opened has to exist") func modes() throws {
        try inFolder { folder in
            let path = folder.appendingPath("f")
            #expect(throws: FileFault(.notFound, .open, "f")) { try files.open(path, .readWrite) }
            #expect(throws: FileFault(.notFound, .open, "f")) { try files.open(path, .read) }
            try files.open(path, .create).write([1], at: 0)
            #expect(throws: FileFault(.exists, .open, "f")) { try files.open(path, .create) }
            let reader = try files.open(path, .read)
            #expect(throws: FileFault.self) { try reader.write([2], at: 0) }
            #expect(try reader.readAll() == [1])
        }
    }

    @Test("Names are listed, changed and removed") func names() throws {
        try inFolder { folder in
            #expect(try files.list(folder) == [])
            for name in ["b", "a", ".hidden", "ü", String(repeating: "n", count: 255)] {
                try files.open(folder.appendingPath(name), .create).write(Array(name.utf8), at: 0)
            }
            try files.createDirectory(folder.appendingPath("d"))
            try files.rename(folder.appendingPath("b"), to: folder.appendingPath("a"))
            try files.syncDirectory(folder)
            #expect(try files.list(folder) == [".hidden", "a", "d", String(repeating: "n", count: 255), "ü"])
            #expect(try files.readAll(folder.appendingPath("a")) == Array("b".utf8))
            try files.remove(folder.appendingPath("a"))
            #expect(try files.exists(folder.appendingPath("a")) == false)
            #expect(try files.exists(folder.appendingPath("d")))
            #expect(throws: FileFault(.exists, .createDirectory, "d")) {
                try files.createDirectory(folder.appendingPath("d"))
            }
        }
    }

    @Test("Missing folders are named") func missingFolders() throws {
        try inFolder { folder in
            let path = folder.appendingPath("no").appendingPath("f")
            #expect(throws: FileFault(.notFound, .list, "no")) { try files.list(path.parentPath) }
            #expect(throws: FileFault(.notFound, .open, "f")) { try files.open(path, .create) }
            #expect(throws: FileFault(.notFound, .createDirectory, "f")) { try files.createDirectory(path) }
            #expect(throws: FileFault(.notFound, .syncDirectory, "no")) { try files.syncDirectory(path.parentPath) }
            #expect(throws: FileFault(.notFound, .measure, "f")) { try files.size(path) }
            #expect(throws: FileFault(.notFound, .remove, "f")) { try files.remove(path) }
            #expect(throws: FileFault(.notFound, .rename, "f")) { try files.rename(path, to: folder) }
            #expect(throws: FileFault(.notFound, .lock, "f")) { try files.lock(path, as: holder) }
            #expect(try files.exists(path) == false)
            try files.ensureDirectory(path)
            try files.ensureDirectory(path)
            #expect(try files.list(path) == [])
        }
    }

    @Test("A file is replaced as a whole, whatever a crash left before") func replacesAtomically() throws {
        try inFolder { folder in
            let path = folder.appendingPath("f")
            try files.open(path + ".new", .create).write([9, 9, 9, 9], at: 0)
            try files.writeAtomically([1, 2], to: path)
            try files.writeAtomically([3], to: path)
            #expect(try files.readAll(path) == [3])
            #expect(try files.list(folder) == ["f"])
        }
    }

    @Test("What is made is for its owner alone") func modesOnDisk() throws {
        try inFolder { folder in
            let path = folder.appendingPath("f")
            _ = try files.open(path, .create)
            _ = try files.lock(folder.appendingPath("lock"), as: holder)
            func mode(_ path: String) throws -> Int? {
                let attributes = try FileManager.default.attributesOfItem(atPath: path)
                return attributes[.posixPermissions] as? Int
            }
            #expect(try mode(path) == 0o600)
            #expect(try mode(folder.appendingPath("lock")) == 0o600)
            #expect(try mode(folder) == 0o700)
        }
    }

    @Test(
        "Missing permission is told, with what to do about it", .enabled(if: geteuid() != 0, "root may do everything"))
    func permission() throws {
        try inFolder { folder in
            let path = folder.appendingPath("f")
            _ = try files.open(path, .create)
            #expect(unsafe chmod(path, 0o400) == 0)
            let error = #expect(throws: FileFault(.permission, .open, "f")) { try files.open(path, .readWrite) }
            #expect(error?.description.contains("permission is missing; let the user") == true)
            #expect(unsafe chmod(folder, 0o500) == 0)
            defer { _ = unsafe chmod(folder, 0o700) }
            #expect(throws: FileFault(.permission, .open, "g")) { try files.open(folder.appendingPath("g"), .create) }
            #expect(throws: FileFault(.permission, .remove, "f")) { try files.remove(path) }
        }
    }

    @Test("A mapping beyond the end sees what is written later, and outlives the file") func mappings() throws {
        try inFolder { folder in
            let file = try files.open(folder.appendingPath("f"), .create)
            try file.write([1, 2, 3], at: 0)
            let mapped = try file.map(1 << 20)
            #expect(mapped.count == 1 << 20)
            #expect(unsafe mapped.withBytes(0..<3) { unsafe Array($0) } == [1, 2, 3])
            try file.write(payload(1, 10_000), at: 3)
            file.close()
            try files.remove(folder.appendingPath("f"))
            #expect(unsafe mapped.withBytes(3..<10_003) { unsafe Array($0) } == payload(1, 10_000))
        }
    }

    @Test("A lock excludes within the process and names its holder, until it is released") func locks() throws {
        try inFolder { folder in
            let path = folder.appendingPath("lock")
            guard case .acquired(let lock) = try files.lock(path, as: holder) else {
                Issue.record("the first attempt failed")
                return
            }
            guard case .held(by: let other) = try files.lock(path, as: ThisProcess.holder(since: day(2))) else {
                Issue.record("two hold one lock")
                return
            }
            #expect(other == holder)
            #expect(other?.description == "gtm sync, process 4711 on box, since 2026-01-02T12:00:00Z")
            lock.release()
            lock.release()
            guard case .acquired(let second) = try files.lock(path, as: holder) else {
                Issue.record("a released lock is held")
                return
            }
            second.release()
            #expect(try files.exists(path))
        }
    }

    @Test("A lock ends with its process") func lockEndsWithProcess() async throws {
        let path = FileManager.default.temporaryDirectory.path.appendingPath("gtm-\(UUID().uuidString)")
        defer { try? files.remove(path) }
        await #expect(processExitsWith: .exitCode(7)) { [path = path as String] in
            guard case .acquired(let lock) = try PlatformFiles().lock(path, as: ThisProcess.holder(since: day(0)))
            else {
                exit(1)
            }
            withExtendedLifetime(lock) { exit(7) }
        }
        // It died with the lock in its hands.
        let text = String(decoding: try files.readAll(path), as: UTF8.self)
        #expect(LockHolder(text: text)?.process != ThisProcess.number)
        #expect(LockHolder(text: text)?.host == ThisProcess.host)
        guard case .acquired(let lock) = try files.lock(path, as: holder) else {
            Issue.record("a dead process holds the lock")
            return
        }
        lock.release()
    }

    @Test("A holder's text is read again, and a text that is being written is nobody") func holders() {
        #expect(LockHolder(text: holder.text) == holder)
        for count in 0..<holder.text.utf8.count {
            #expect(LockHolder(text: String(decoding: holder.text.utf8.prefix(count), as: UTF8.self)) == nil)
        }
        let odd = LockHolder(process: 1, host: "", program: "a\nhost b", since: day(0))
        #expect(LockHolder(text: odd.text)?.host == "unknown")
        #expect(LockHolder(text: odd.text)?.program == "a host b")
    }

    @Test("A journal works on the machine's files as it does on the simulated ones") func journalOnDisk() throws {
        try inFolder { folder in
            let path = folder.appendingPath("journal")
            try files.writeAtomically(journalHeader.encoded, to: path)
            let file = try files.open(path, .readWrite)
            let writer = try JournalWriter(file, salt: salt, end: 64, nextSequence: 1, lastFrame: nil)
            let written = frames((0..<200).map { $0 * 7 } + [300_000])
            for frame in written { try writer.append(frame) }
            #expect(try Scanned(file).frames == written)
            #expect(try files.size(path) > writer.end)
            try writer.finish()
            #expect(try files.readAll(path) == journal(written))
        }
    }

    @Test("Closing a file while others read it harms neither them nor the file opened next") func closesSafely()
        async throws
    {
        let folder = FileManager.default.temporaryDirectory.path.appendingPath("gtm-\(UUID().uuidString)")
        try files.createDirectory(folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // Threads of their own, since readers that never pause would keep Swift's from everybody else.
        let workers = [SerialWorker("reader"), SerialWorker("other reader")]
        for round in 0..<50 {
            let file = try files.open(folder.appendingPath("a\(round)"), .create)
            try file.write([1], at: 0)
            let readers = workers.map { worker in
                Task {
                    try await worker.run { () -> FileFault? in
                        do throws(FileFault) {
                            while try file.read(exactly: 1, at: 0) == [1] {}
                            return nil
                        } catch {
                            return error
                        }
                    }
                }
            }
            file.close()
            // It may get the number that has just become free.
            let other = try files.open(folder.appendingPath("b\(round)"), .create)
            try other.write([2], at: 0)
            for reader in readers { #expect(try await reader.value?.code == .closed) }
        }
    }

    @Test("A descriptor is closed once, by the last call that uses it, and no call begins afterwards")
    func countsCalls() {
        var idle = CallsUnderWay()
        let alone = [idle.begin(), idle.end(), idle.close(), idle.close(), idle.begin()]
        #expect(alone == [true, false, true, false, false])
        var busy = CallsUnderWay()
        let crowded = [busy.begin(), busy.begin(), busy.close(), busy.begin(), busy.end(), busy.end(), busy.close()]
        #expect(crowded == [true, true, false, false, false, true, false])
    }

    @Test("A worker does one thing after the other and hands back what comes of it") func worker() async throws {
        struct Failed: Error {}
        let worker = SerialWorker("test")
        let (stream, continuation) = AsyncStream<Int>.makeStream()
        for number in 0..<100 { worker.async { continuation.yield(number) } }
        #expect(try await worker.run { 42 } == 42)
        continuation.finish()
        var order: [Int] = []
        for await number in stream { order.append(number) }
        #expect(order == Array(0..<100))
        await #expect(throws: Failed.self) { try await worker.run { throw Failed() } }
    }

    @Test("Random bytes differ, and the process knows itself") func identity() {
        #expect(randomBytes(0) == [])
        #expect(randomBytes(16).count == 16)
        #expect(randomBytes(16) != randomBytes(16))
        #expect(ThisProcess.number == Int(getpid()))
        #expect(!ThisProcess.host.isEmpty)
        #expect(!ThisProcess.holder(since: day(0)).program.contains("/"))
    }

    @Test(
        "A fault says what to do",
        arguments: [
            (.noSpace, "cannot write 'j': the disk or the quota is full; free some space, then try again"),
            (.readOnly, "cannot write 'j': the medium is read-only; mount it for writing or choose another folder"),
            (
                .permission,
                "cannot write 'j': permission is missing; let the user who runs this program read and write the folder"
            ),
        ] as [(FileFault.Code, String)])
    func describes(code: FileFault.Code, text: String) {
        #expect(FileFault(code, .write, "/home/ada/store/j").description == text)
    }

    @Test(
        "Paths are taken apart",
        arguments: [
            ("/a/b", "b", "/a"), ("/a", "a", "/"), ("a", "a", "."), ("a/b/", "b", "a"), ("/", "/", "/"),
            (".", ".", "."),
        ])
    func paths(path: String, last: String, parent: String) {
        #expect(path.lastPathComponent == last)
        #expect(path.parentPath == parent)
    }
}
