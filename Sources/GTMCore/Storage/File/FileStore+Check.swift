import Synchronization

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// The measures of a store.
public struct StoreStatistics: Sendable, Hashable {
    /// How often the journal was written anew, counting from 1.
    public var generation: UInt64
    /// Commits so far.
    public var commits: UInt64
    /// Records known, of all kinds.
    public var records: Int
    /// Customers with a summary that is kept.
    public var assessedCustomers: Int
    /// Bytes of the journal that hold something.
    public var journalBytes: Int
    /// Bytes of it that the snapshot covers; opening reads the others one by one.
    public var snapshotCovers: Int
    /// When the store was made.
    public var createdAt: Date
    /// The latest moment at which something was learnt; `nil` in an empty store.
    public var lastRecordedAt: Date?
    /// Before this moment the past is not remembered; `nil` where it is from the beginning on.
    public var rememberedSince: Date?
    /// Persons who were erased.
    public var erasedPersons: Int
}

/// Something that a check found.
public struct StoreFinding: Sendable, Hashable, CustomStringConvertible {
    /// How bad it is.
    public enum Severity: String, Sendable, Hashable, CaseIterable {
        /// Nothing is lost: opening takes longer, or has something to put right.
        case note
        /// Something that was acknowledged cannot be read, or is not what was written.
        case damage
    }

    /// How bad it is.
    public var severity: Severity
    /// The file in the store's folder.
    public var file: String
    /// The place in the file, in bytes; `nil` where it is the file as a whole.
    public var offset: Int?
    /// What was found and what to do.
    public var detail: String

    public var description: String {
        "\(severity.rawValue): \(file)\(offset.map { " at byte \($0)" } ?? ""): \(detail)"
    }
}

extension FileStore {
    /// The store's measures.
    public func statistics() async throws -> StoreStatistics {
        try core.withLock { core throws(StoreError) in
            if let ended = core.ended { throw ended }
            return StoreStatistics(
                generation: core.manifest.generation, commits: core.state.tables.sequence,
                records: core.state.shelf.count, assessedCustomers: core.state.summaries.summaries.count,
                journalBytes: core.state.shelf.journal.end, snapshotCovers: core.indexedEnd,
                createdAt: core.manifest.createdAt, lastRecordedAt: core.state.tables.lastRecordedAt,
                rememberedSince: core.state.tables.rememberedSince, erasedPersons: core.state.tables.erasures.count)
        }
    }

    /// Checks a store from its first byte to its last: every checksum, every record, and the snapshot against the journal.
    ///
    /// It changes nothing, and needs no lock: of a store that is being written it checks what is there.
    ///
    /// - Returns: What was found; empty for a sound store.
    /// - Throws: ``StoreError`` with ``StoreError/Code/unavailable`` where there is no store, or the system fails.
    public static func check(_ path: String, hostDomains: Set<String> = []) async throws -> [StoreFinding] {
        try await check(path, on: PlatformFiles(), hostDomains: hostDomains)
    }

    package static func check(
        _ path: String, on files: any FileSystem, hostDomains: Set<String> = []
    ) async throws -> [StoreFinding] {
        try await SerialWorker("gtm.check").run {
            do throws(FileFault) {
                return try StoreCheck(
                    files: files, folder: StoreFolder(path: path), hostDomains: hostDomains
                ).run()
            } catch {
                throw StoreError(code: .unavailable, detail: error.description)
            }
        }
    }
}

/// A check under way.
private struct StoreCheck {
    let files: any FileSystem
    let folder: StoreFolder
    let hostDomains: Set<String>

    private var loader: StoreLoader {
        StoreLoader(files: files, folder: folder, hostDomains: hostDomains, usesIndex: false)
    }

    func run() throws(FileFault) -> [StoreFinding] {
        var attempts = 0
        while true {
            // What cannot be read is a finding below.
            let generation = try? loader.manifest().generation
            let findings = try look()
            attempts += 1
            // A journal that is written anew meanwhile looks as if files were missing.
            guard !findings.isEmpty, attempts < 10, let generation, let now = try? loader.manifest().generation,
                now != generation
            else { return findings }
        }
    }

    private func look() throws(FileFault) -> [StoreFinding] {
        guard try uninterrupted({ () throws(FileFault) in try files.exists(folder.manifest) }) else {
            let absence = try StoreFounding(files: files, folder: folder).absence()
            guard absence.code == .damaged else { throw FileFault(.notFound, .open, "store.json") }
            return [StoreFinding(severity: .damage, file: "store.json", offset: nil, detail: absence.detail)]
        }
        let loader = loader
        var findings: [StoreFinding] = []
        do {
            let manifest = try loader.manifest()
            // The snapshot first: what is written meanwhile only makes the journal longer.
            let snapshot = self.snapshot(manifest, &findings)
            let journal = "journal-\(manifest.generation)"
            do {
                let loaded = try loader.load(manifest, .read)
                defer { loaded.file.close() }
                findings += loaded.notes.map {
                    StoreFinding(severity: .note, file: journal, offset: loaded.scan.end, detail: $0)
                }
                if let snapshot { compare(snapshot, loaded, &findings) }
            } catch {
                findings.append(StoreFinding(severity: .damage, file: journal, offset: nil, detail: "\(error)"))
            }
            for name in try uninterrupted({ () throws(FileFault) in try files.list(folder.path) })
            where StoreFolder.isStray(name, besides: manifest.generation) {
                findings.append(
                    StoreFinding(
                        severity: .note, file: name, offset: nil,
                        detail: "left behind by a process that ended; the next one to write removes it"))
            }
        } catch let error as FileFault {
            throw error
        } catch {
            findings.append(StoreFinding(severity: .damage, file: "store.json", offset: nil, detail: "\(error)"))
        }
        return findings
    }

    private func snapshot(_ manifest: StoreManifest, _ findings: inout [StoreFinding]) -> IndexFile.Content? {
        let path = folder.index(manifest.generation)
        guard (try? uninterrupted({ () throws(FileFault) in try files.exists(path) })) == true else { return nil }
        do {
            let file = try uninterrupted { () throws(FileFault) in
                try files.open(folder.journal(manifest.generation), .read)
            }
            defer { file.close() }
            return try IndexFile.read(path, manifest, salt: JournalHeader(of: file).salt, files)
        } catch {
            findings.append(
                StoreFinding(
                    severity: .note, file: "index-\(manifest.generation)", offset: nil,
                    detail: "\(error); it is not used, and written again when the store is closed"))
            return nil
        }
    }

    /// Whether the snapshot says what the journal says.
    private func compare(
        _ snapshot: IndexFile.Content, _ loaded: LoadedStore, _ findings: inout [StoreFinding]
    ) {
        let shelf = loaded.state.shelf
        func report(_ detail: String) {
            findings.append(
                StoreFinding(
                    severity: .damage, file: "index-\(loaded.manifest.generation)", offset: nil,
                    detail: "\(detail); remove the file, and the store is opened from its journal"))
        }
        let end = snapshot.description.journalEnd
        guard JournalHeader.length...shelf.journal.end ~= end,
            shelf.journal.checksum(of: IndexFile.Description.tail(before: end)) == snapshot.description.tailSum
        else { return report("it covers what the journal lacks; the journal was cut or replaced by an older copy") }
        guard snapshot.index.isSound else { return report("its index of keys leads nowhere") }
        guard snapshot.places.count <= shelf.count else { return report("it knows more records than the journal") }
        let sameEnd = snapshot.description.journalEnd == shelf.journal.end
        if sameEnd, snapshot.places.count != shelf.count { return report("it knows fewer records than the journal") }
        for number in 0..<UInt32(snapshot.places.count) {
            let place = snapshot.places[Int(number)]
            // A version that came later than the snapshot is not in it, nor is it known there who was erased since.
            if !sameEnd, shelf.places[Int(number)] == 0 { continue }
            if place != shelf.places[Int(number)], sameEnd || !shelf.allPlaces(number).contains(place) {
                return report("record \(number) lies elsewhere")
            }
            guard place != 0, let record = shelf.version(at: place)?.record else { continue }
            for edge in record.edges {
                guard snapshot.index.numbers(edge.hash(shelf.seed)).contains(number) else {
                    return report("record \(number) is not found by one of its keys")
                }
            }
        }
        if sameEnd {
            if snapshot.latest != shelf.latest { report("late versions lie elsewhere") }
            // Written down, what is empty and what is not there are the same.
            if BinaryForm.bytes(of: snapshot.tables) != BinaryForm.bytes(of: loaded.state.tables) {
                report("its tables differ from the journal's")
            }
        }
    }
}
