import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension FileStore: ExportingStore {
    public func export(by actor: StoreActor, _ line: @Sendable ([UInt8]) throws -> Void) async throws {
        var writer = StoreArchive.Writer()
        let (tables, generation, count) = try core.withLock { core throws(StoreError) in
            try core.answer { _ throws(StoreError) in }
            return (core.state.tables, core.manifest.generation, UInt32(core.state.shelf.count))
        }
        try line(writer.header(tables))
        for start in stride(from: 0, to: count, by: 256) {
            try Task.checkCancellation()
            let versions = try core.withLock { core throws(StoreError) in
                guard core.manifest.generation == generation else {
                    throw StoreError(code: .unavailable, detail: "the store was compacted meanwhile; export it again")
                }
                guard core.state.tables.erasures.count == tables.erasures.count else {
                    throw StoreError(code: .unavailable, detail: "a person was erased meanwhile; export it again")
                }
                return try core.answer { state throws(StoreError) in
                    (start..<min(count, start + 256)).flatMap { state.shelf.versions($0) }
                }
            }
            for version in versions where version.sequence <= tables.sequence { try line(writer.line(version)) }
        }
        try line(writer.line(tables))
        try line(writer.end())
    }

    /// Makes a store of an export's lines, in a folder that has none.
    ///
    /// It is there as a whole or not at all: the folder becomes a store with the last step.
    ///
    /// - Parameters:
    ///   - lines: The lines, without their ends.
    ///   - path: The folder; made where it is missing.
    ///   - progress: Told the number of lines read, every few thousand.
    /// - Throws: ``StoreError`` with ``StoreError/Code/invalidQuery`` for lines that are no whole export, naming the line,
    ///   and for a folder that holds a store already.
    public static func restore(
        _ lines: some Sequence<[UInt8]> & Sendable, to path: String,
        progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws {
        try await restore(lines, to: path, on: PlatformFiles(), progress: progress)
    }

    package static func restore(
        _ lines: some Sequence<[UInt8]> & Sendable, to path: String, on files: any FileSystem,
        progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws {
        try await SerialWorker("gtm.restore").run {
            do {
                try restore(lines, StoreFolder(path: path), files, progress)
            } catch let fault as FileFault {
                throw StoreError(code: .unavailable, detail: "the store was not restored: \(fault)")
            }
        }
    }

    private static func restore(
        _ lines: some Sequence<[UInt8]>, _ folder: StoreFolder, _ files: any FileSystem, _ progress: (Int) -> Void
    ) throws {
        try files.ensureDirectory(folder.path)
        let moment = Date()
        guard
            case .acquired(let lock) = try uninterrupted({ () throws(FileFault) in
                try files.lock(folder.lock, as: ThisProcess.holder(since: moment))
            })
        else { throw StoreError(code: .locked, detail: "\(folder.path) is being written by another process") }
        defer { lock.release() }
        let founding = StoreFounding(files: files, folder: folder)
        let isThere = try uninterrupted { () throws(FileFault) in try files.exists(folder.manifest) }
        guard try !isThere && !founding.resume() else {
            throw StoreError(
                code: .invalidQuery,
                detail: "there is a store in \(folder.path) already; restore into an empty folder")
        }
        try files.removeIfThere(founding.journalDraft)
        let manifest: StoreManifest
        do {
            manifest = try draft(lines, at: founding.journalDraft, files, moment, progress)
        } catch {
            files.removeDraft(founding.journalDraft)
            throw error
        }
        try founding.complete(manifest)
    }

    /// Writes the journal of an export's lines, and gives the manifest that goes with it.
    private static func draft(
        _ lines: some Sequence<[UInt8]>, at path: String, _ files: any FileSystem, _ moment: Date,
        _ progress: (Int) -> Void
    ) throws -> StoreManifest {
        var manifest = StoreManifest(
            storeID: randomBytes(16), generation: 1, markKey: randomBytes(16), createdAt: moment,
            provenEnd: JournalHeader.length)
        let file = try uninterrupted { () throws(FileFault) in try files.open(path, .create) }
        defer { file.close() }
        var reader = StoreArchive.Reader()
        var builder: JournalBuilder?
        var sequence: UInt64 = 0
        var last: (id: RecordID, place: UInt64)?
        var tables: StoreTables?
        for bytes in lines {
            switch try reader.read(bytes) {
            case .header(let key, let commits):
                if let key { manifest.markKey = key }
                sequence = commits
                builder = try JournalBuilder(
                    file,
                    JournalHeader(
                        salt: randomBytes(4).littleEndian(at: 0), storeID: manifest.storeID, generation: 1,
                        firstSequence: commits + 1, createdAt: moment))
            case .version(let version):
                let previous = last?.id == version.record.id ? last?.place ?? 0 : 0
                let place = try builder?.add(
                    BinaryForm.bytes(of: version.record), sequence: version.sequence,
                    recordedAt: version.recordedAt, previous: previous)
                last = place.map { (version.record.id, $0) }
            case .tables(let read): tables = read
            case .end: break
            }
            if reader.lines.isMultiple(of: 4096) { progress(reader.lines) }
        }
        guard reader.isComplete, let tables else { throw reader.cutShort }
        guard tables.sequence == sequence else { throw reader.fault("tables of another number of commits") }
        var summaries = SummaryTable()
        summaries.everybodyIsDue = true
        manifest.provenEnd = try builder?.finish(tables, summaries) ?? 0
        return manifest
    }
}
