import Synchronization

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

extension FileStore {
    /// Opens the store in a folder.
    ///
    /// - Parameters:
    ///   - path: The folder; made where it is missing and the store is to be written.
    ///   - access: What it is opened for.
    ///   - configuration: How it behaves.
    ///   - now: The clock, for dates of creation and for how long the past is remembered.
    /// - Throws: ``StoreError``: ``StoreError/Code/locked`` where another process writes it, with who that is;
    ///   ``StoreError/Code/readOnly`` where it may be read and not written; ``StoreError/Code/damaged`` where something
    ///   that was acknowledged cannot be read; ``StoreError/Code/unavailable`` where the folder cannot be used.
    public static func open(
        _ path: String, access: Access = .writing, configuration: Configuration = Configuration(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) async throws -> FileStore {
        try await open(path, on: PlatformFiles(), access: access, configuration: configuration, now: now)
    }

    /// Opens a store on any file system.
    package static func open(
        _ path: String, on files: any FileSystem, access: Access = .writing,
        configuration: Configuration = Configuration(), now: @escaping @Sendable () -> Date = { Date() }
    ) async throws -> FileStore {
        let worker = SerialWorker("gtm.store")
        return try await worker.run {
            do {
                return try FileStore(StoreFolder(path: path), files, access, configuration, worker, now)
            } catch let fault as FileFault {
                let isRefused = access == .writing && (fault.code == .permission || fault.code == .readOnly)
                throw StoreError(code: isRefused ? .readOnly : .unavailable, detail: fault.description)
            } catch let fault as JournalFault {
                throw StoreError(fault)
            }
        }
    }

    /// Whether there is a store in a folder.
    ///
    /// - Throws: ``StoreError`` with ``StoreError/Code/unavailable`` where the folder may not be looked into.
    public static func exists(_ path: String) throws -> Bool { try exists(path, on: PlatformFiles()) }

    /// Whether there is a store in a folder of any file system.
    package static func exists(_ path: String, on files: any FileSystem) throws(StoreError) -> Bool {
        do throws(FileFault) {
            return try uninterrupted { () throws(FileFault) in try files.exists(StoreFolder(path: path).manifest) }
        } catch {
            throw StoreError(code: .unavailable, detail: error.description)
        }
    }

    private convenience init(
        _ folder: StoreFolder, _ files: any FileSystem, _ access: Access, _ configuration: Configuration,
        _ worker: SerialWorker, _ now: @escaping @Sendable () -> Date
    ) throws {
        let loader = StoreLoader(files: files, folder: folder, hostDomains: configuration.hostDomains)
        let core =
            switch access {
            case .reading: try Self.read(loader)
            case .writing: try Self.take(loader, now)
            }
        self.init(
            core, files: files, folder: folder, access: access, configuration: configuration, worker: worker, now: now)
    }

    /// Reads a store that somebody else may be writing.
    static func read(_ loader: StoreLoader) throws -> Core {
        var attempts = 0
        while true {
            guard try uninterrupted({ () throws(FileFault) in try loader.files.exists(loader.folder.manifest) }) else {
                throw try StoreFounding(files: loader.files, folder: loader.folder).absence()
            }
            let manifest = try loader.manifest()
            do {
                let loaded = try loader.load(manifest, .read)
                return Core(loaded, writer: nil, lock: nil)
            } catch let fault as FileFault where fault.code == .notFound {
                // It was written anew between the two looks.
                attempts += 1
                guard attempts < 100, try loader.manifest().generation != manifest.generation else {
                    throw loader.isMissing(manifest)
                }
            }
        }
    }

    /// Takes a store over for writing.
    private static func take(_ loader: StoreLoader, _ now: @Sendable () -> Date) throws -> Core {
        let (files, folder) = (loader.files, loader.folder)
        try files.ensureDirectory(folder.path)
        let attempt = try uninterrupted { () throws(FileFault) in
            try files.lock(folder.lock, as: ThisProcess.holder(since: now()))
        }
        let lock: any FileLock
        switch attempt {
        case .acquired(let acquired): lock = acquired
        case .held(let holder):
            throw StoreError(
                code: .locked,
                detail: "\(folder.path) is being written by \(holder?.description ?? "another process"); "
                    + "wait until that has ended, or open the store for reading")
        }
        do {
            if try !uninterrupted({ () throws(FileFault) in try files.exists(folder.manifest) }) {
                try create(loader, now())
            }
            let manifest = try loader.manifest()
            let loaded: LoadedStore
            do {
                loaded = try loader.load(manifest, .readWrite)
            } catch let fault as FileFault where fault.code == .notFound {
                throw loader.isMissing(manifest)
            }
            guard loaded.header.isWritable else {
                throw StoreError(
                    code: .readOnly,
                    detail: "the journal was written by a newer version; it can be read and not written")
            }
            let writer = try JournalWriter(
                loaded.file, salt: loaded.header.salt, end: loaded.scan.end,
                nextSequence: loaded.state.tables.sequence + 1, lastFrame: loaded.scan.lastFrame)
            try removeStrays(loader, besides: manifest.generation)
            return Core(loaded, writer: writer, lock: lock)
        } catch {
            lock.release()
            throw error
        }
    }

    /// Makes an empty store where there is none.
    private static func create(_ loader: StoreLoader, _ moment: Date) throws {
        let founding = StoreFounding(files: loader.files, folder: loader.folder)
        if try founding.resume() { return }
        let manifest = StoreManifest(
            storeID: randomBytes(16), generation: 1, markKey: randomBytes(16), createdAt: moment,
            provenEnd: JournalHeader.length)
        let header = JournalHeader(
            salt: randomBytes(4).littleEndian(at: 0), storeID: manifest.storeID, generation: 1, firstSequence: 1,
            createdAt: moment)
        try loader.files.removeIfThere(founding.journalDraft)
        let file = try uninterrupted { () throws(FileFault) in
            try loader.files.open(founding.journalDraft, .create)
        }
        defer { file.close() }
        try file.write(header.encoded, at: 0)
        try file.sync()
        try founding.complete(manifest)
    }

    /// Removes what an earlier process left half done.
    private static func removeStrays(_ loader: StoreLoader, besides generation: UInt64) throws {
        let names = try uninterrupted { () throws(FileFault) in try loader.files.list(loader.folder.path) }
        let strays = names.filter { StoreFolder.isStray($0, besides: generation) }
        for name in strays {
            try uninterrupted { () throws(FileFault) in
                try loader.files.remove(loader.folder.path.appendingPath(name))
            }
        }
        guard !strays.isEmpty else { return }
        // What was erased must not come back with the next power cut.
        try uninterrupted { () throws(FileFault) in try loader.files.syncDirectory(loader.folder.path) }
    }

    /// What was found and put right when the store was opened, in words for a log.
    public var openingNotes: [String] { core.withLock { $0.notes } }

    // MARK: Closing

    /// Waits for everything under way, writes a snapshot where one is worth it, and lets others write.
    ///
    /// A store that is not closed loses nothing; the next one to open it reads a little more.
    ///
    /// - Throws: ``StoreError`` where the last touches could not be made; nothing is lost by it.
    public func close() async throws {
        try await worker.run {
            try self.core.withLock { core in
                guard core.ended == nil else { return }
                defer {
                    core.ended = StoreError(code: .unavailable, detail: "the store was closed")
                    core.lock?.release()
                    core.file.close()
                }
                guard let writer = core.writer else { return }
                do {
                    try writer.finish()
                    // A little that was added to much is read again sooner than everything is written once more.
                    if writer.end - core.indexedEnd > writer.end / 256 { try self.writeSnapshot(&core) }
                    if core.manifest.provenEnd < writer.end {
                        core.manifest.provenEnd = writer.end
                        try self.files.writeAtomically(core.manifest.encoded, to: self.folder.manifest)
                    }
                } catch let fault as FileFault {
                    throw StoreError(code: .unavailable, detail: fault.description)
                } catch let fault as JournalFault {
                    throw StoreError(fault)
                }
            }
        }
    }

    /// Takes in what was written since, in a store that is only read.
    ///
    /// - Returns: Whether anything was.
    @discardableResult public func refresh() async throws -> Bool {
        guard access == .reading else { return false }
        return try await worker.run {
            do {
                let loader = StoreLoader(
                    files: self.files, folder: self.folder, hostDomains: self.configuration.hostDomains)
                let generation = try loader.manifest().generation
                return try self.core.withLock { core in
                    if let ended = core.ended { throw ended }
                    guard generation == core.manifest.generation else {
                        let fresh = try Self.read(loader)
                        core.file.close()
                        core = fresh
                        return true
                    }
                    let before = core.state.tables.sequence
                    let scan: JournalScan.Outcome
                    do {
                        scan = try loader.replay(
                            core.file, core.header, from: core.state.shelf.journal.end, into: &core.state)
                    } catch let error as StoreError {
                        // A part of a frame may have been taken in, and is not to be served.
                        core.ended = error
                        throw error
                    }
                    core.state.shelf.journal.extend(to: scan.end)
                    if let damage = StoreLoader.damage(scan, core.file.name) { throw damage }
                    return core.state.tables.sequence != before
                }
            } catch let fault as FileFault {
                throw StoreError(code: .unavailable, detail: fault.description)
            } catch let fault as JournalFault {
                throw StoreError(fault)
            }
        }
    }

    // MARK: Snapshots

    /// Writes a snapshot where the journal has outgrown the last one.
    func snapshotIfDue() {
        core.withLock { core in
            guard core.ended == nil, let writer = core.writer else { return }
            let grown = writer.end - max(core.indexedEnd, core.snapshotFailedAt)
            guard grown > configuration.snapshotEvery, grown > writer.end / 4 else { return }
            do throws(FileFault) {
                try writeSnapshot(&core)
            } catch {
                // The journal has it all: opening takes longer, and that is all. It is tried again after as much more.
                core.snapshotFailedAt = writer.end
                core.notes.append("the snapshot could not be written: \(error)")
            }
        }
    }

    func writeSnapshot(_ core: inout Core) throws(FileFault) {
        try IndexFile.write(core.state, core.manifest, to: folder.index(core.manifest.generation), files)
        core.indexedEnd = core.state.shelf.journal.end
    }
}

extension FileStore.Core {
    init(_ loaded: LoadedStore, writer: JournalWriter?, lock: (any FileLock)?) {
        loaded.state.shelf.journal.extend(to: loaded.scan.end)
        self.init(
            state: loaded.state, manifest: loaded.manifest, header: loaded.header, file: loaded.file, writer: writer,
            lock: lock, indexedEnd: loaded.indexedEnd, notes: loaded.notes)
    }
}

extension StoreError {
    /// What a journal's fault means for the store.
    init(_ fault: JournalFault) {
        switch fault {
        case .notAJournal, .damagedHeader, .defect: self.init(code: .damaged, detail: fault.description)
        case .unknownFlags, .sealed:
            self.init(code: .unavailable, detail: "\(fault); update the library")
        default: self.init(code: .unavailable, detail: fault.description)
        }
    }
}
