#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif

/// How a file is opened.
package enum FileMode: Sendable, Hashable {
    /// To be read; it has to exist.
    case read
    /// To be read and written; it has to exist.
    case readWrite
    /// To be read and written; made new and empty. One that exists already is a fault, so that none is overwritten.
    case create
}

/// What a store asks of folders.
///
/// Every requirement is one call to the system and reports what that call reports, interruptions included, so that
/// a test can let each of them fail. What is made of the calls lies in extensions. All of them block.
package protocol FileSystem: Sendable {
    /// How many bytes beyond its present end a journal is mapped, so that it can grow without being mapped again.
    var mapsAhead: Int { get }

    /// Opens a file.
    func open(_ path: String, _ mode: FileMode) throws(FileFault) -> any StoreFile

    /// Whether there is a file or folder.
    func exists(_ path: String) throws(FileFault) -> Bool

    /// The size of a file in bytes.
    func size(_ path: String) throws(FileFault) -> Int

    /// The names in a folder, sorted.
    func list(_ path: String) throws(FileFault) -> [String]

    /// Makes a folder in one that exists, for its owner alone.
    func createDirectory(_ path: String) throws(FileFault)

    /// Gives a file another name at once; a file that has that name already is replaced. Lasts after a sync of the folder.
    func rename(_ path: String, to target: String) throws(FileFault)

    /// Removes a file. Lasts after a sync of the folder.
    func remove(_ path: String) throws(FileFault)

    /// Waits until the names in a folder are on the medium.
    func syncDirectory(_ path: String) throws(FileFault)

    /// Tries to take a lock, which holds until it is released or the process ends.
    ///
    /// Two attempts within one process exclude each other as well. The lock's file stays behind.
    func lock(_ path: String, as holder: LockHolder) throws(FileFault) -> LockAttempt
}

/// A lock that is held.
package protocol FileLock: AnyObject, Sendable {
    /// Gives the lock back; further calls do nothing.
    func release()
}

/// How the attempt to take a lock went.
package enum LockAttempt: Sendable {
    /// It is held from now on.
    case acquired(any FileLock)
    /// Somebody else holds it; `nil` where they did not say who they are.
    case held(by: LockHolder?)
}

/// Who holds a lock, for the error that another one sees.
package struct LockHolder: Sendable, Hashable, CustomStringConvertible {
    /// The number of the process.
    package var process: Int
    /// The name of the machine.
    package var host: String
    /// The name of the program.
    package var program: String
    /// Since when, to the millisecond.
    package var since: Date

    /// Creates a holder.
    package init(process: Int, host: String, program: String, since: Date) {
        self.process = process
        self.host = host
        self.program = program
        self.since = since
    }

    /// Reads what ``text`` wrote; `nil` where a part is missing, as in a file that is just being written.
    package init?(text: String) {
        guard text.utf8.last == UInt8(ascii: "\n") else { return nil }
        var values: [Substring: Substring] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            if parts.count == 2 { values[parts[0]] = parts[1] }
        }
        guard let process = values["pid"].flatMap({ Int($0) }), let host = values["host"],
            let program = values["program"], let moment = values["since"], let since = Self.date(String(moment))
        else { return nil }
        self.init(process: process, host: String(host), program: String(program), since: since)
    }

    // A time that cannot be read makes a holder unknown and nothing worse.
    private static func date(_ text: String) -> Date? { try? Timestamp.parse(text) }

    /// What the lock's file says.
    package var text: String {
        // A name with a line break would be read as further lines.
        let names = [host, program].map { $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
        let known = names.map { $0.isEmpty ? "unknown" : $0 }
        return "pid \(process)\nhost \(known[0])\nprogram \(known[1])\nsince \(Timestamp.format(since))\n"
    }

    package var description: String { "\(program), process \(process) on \(host), since \(Timestamp.format(since))" }
}

extension FileSystem {
    package var mapsAhead: Int { 1 << 36 }

    /// Makes a folder and those around it that are missing, in such a way that they last.
    package func ensureDirectory(_ path: String) throws(FileFault) {
        let parent = path.parentPath
        if try uninterrupted({ () throws(FileFault) in try exists(path) }) {
            do throws(FileFault) {
                // Perhaps it was made just before a crash, and its name is not on the medium yet.
                try uninterrupted { () throws(FileFault) in try syncDirectory(parent) }
            } catch {
                // Somebody else made it, where one may not even look.
                guard error.code == .permission else { throw error }
            }
            return
        }
        if parent != path { try ensureDirectory(parent) }
        do throws(FileFault) {
            try uninterrupted { () throws(FileFault) in try createDirectory(path) }
        } catch {
            // Somebody else made it in between.
            guard error.code == .exists else { throw error }
        }
        try uninterrupted { () throws(FileFault) in try syncDirectory(parent) }
    }

    /// Writes a whole file so that after a crash either it or what had its name before is there, and never a part.
    ///
    /// Where it throws, either may be seen, and only a sync of the folder makes it last.
    ///
    /// - Parameters:
    ///   - bytes: The content.
    ///   - path: The name; the content is collected under the same name with `.new` behind it.
    package func writeAtomically(_ bytes: [UInt8], to path: String) throws(FileFault) {
        let draft = path + ".new"
        // A draft that a crash left behind.
        try removeIfThere(draft)
        do throws(FileFault) {
            let file = try uninterrupted { () throws(FileFault) in try open(draft, .create) }
            defer { file.close() }
            try file.write(bytes, at: 0)
            try file.sync()
            try uninterrupted { () throws(FileFault) in try rename(draft, to: path) }
        } catch {
            removeDraft(draft)
            throw error
        }
        try uninterrupted { () throws(FileFault) in try syncDirectory(path.parentPath) }
    }

    /// Gives the room of a draft back that could not be finished; where that fails, the next one to write does it.
    package func removeDraft(_ draft: String) {
        try? removeIfThere(draft)
    }

    /// Removes a file where there is one.
    package func removeIfThere(_ path: String) throws(FileFault) {
        if try uninterrupted({ () throws(FileFault) in try exists(path) }) {
            try uninterrupted { () throws(FileFault) in try remove(path) }
        }
    }

    /// The content of a whole file.
    package func readAll(_ path: String) throws(FileFault) -> [UInt8] {
        let file = try uninterrupted { () throws(FileFault) in try open(path, .read) }
        defer { file.close() }
        return try file.readAll()
    }
}

/// Makes a call again as long as signals interrupt it, though not for ever.
package func uninterrupted<Result>(_ call: () throws(FileFault) -> Result) throws(FileFault) -> Result {
    var attempts = 0
    while true {
        do throws(FileFault) {
            return try call()
        } catch {
            attempts += 1
            guard error.code == .interrupted, attempts < 100 else { throw error }
        }
    }
}
