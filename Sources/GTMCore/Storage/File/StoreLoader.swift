#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A store as it was read from its folder.
struct LoadedStore {
    var state: StoreState<FileShelf>
    var manifest: StoreManifest
    var header: JournalHeader
    /// The journal, open as the store was asked to be.
    var file: any StoreFile
    /// What the journal showed behind the snapshot.
    var scan: JournalScan.Outcome
    /// The end of the part of the journal that the snapshot covers; 0 without one.
    var indexedEnd: Int
    /// What was found and put right, in words.
    var notes: [String] = []
}

/// Opening: the manifest says which journal counts, the snapshot how its beginning reads, the rest is walked through.
struct StoreLoader {
    let files: any FileSystem
    let folder: StoreFolder
    let hostDomains: Set<String>
    /// Whether the snapshot is used; a check does without.
    var usesIndex = true

    func manifest() throws -> StoreManifest { try StoreManifest(files.readAll(folder.manifest)) }

    /// Reads the store.
    ///
    /// - Parameter mode: How the journal is opened.
    /// - Throws: ``StoreError`` for what cannot be read, ``FileFault`` where the system fails.
    func load(_ manifest: StoreManifest, _ mode: FileMode) throws -> LoadedStore {
        let path = folder.journal(manifest.generation)
        let file = try uninterrupted { () throws(FileFault) in try files.open(path, mode) }
        do {
            return try load(manifest, file)
        } catch {
            file.close()
            throw error
        }
    }

    /// The error where the journal of a manifest is not there.
    func isMissing(_ manifest: StoreManifest) -> StoreError {
        let name = folder.journal(manifest.generation).lastPathComponent
        return StoreError(
            code: .damaged,
            detail: "\(name), which store.json names, is missing; restore the store from a copy")
    }

    private func load(_ manifest: StoreManifest, _ file: any StoreFile) throws -> LoadedStore {
        let header = try JournalHeader(of: file)
        guard header.storeID == manifest.storeID, header.generation == manifest.generation else {
            throw StoreError(
                code: .damaged,
                detail: "\(file.name) belongs to another store than store.json says; the folder is a mixture of two")
        }
        guard 1...UInt64(Int64.max) ~= header.firstSequence else {
            throw StoreError(
                code: .damaged, detail: "\(file.name) begins with commit \(header.firstSequence), which there is not")
        }
        var notes: [String] = []
        // Before the size is asked for: whoever writes goes on meanwhile.
        let content = snapshot(manifest, header, &notes)
        let size = try uninterrupted { () throws(FileFault) in try file.size() }
        guard size >= manifest.provenEnd else {
            throw StoreError(
                code: .damaged,
                detail: "\(file.name) has \(size) bytes and had \(manifest.provenEnd) that were acknowledged; "
                    + "restore the store from a copy")
        }
        let mapped = try uninterrupted { () throws(FileFault) in try file.map(size + files.mapsAhead) }
        let journal = JournalBytes(mapped, end: JournalHeader.length, salt: header.salt, name: file.name)
        var state: StoreState<FileShelf>
        if let content {
            guard try content.description.isCovered(by: file, size: size, salt: header.salt) else {
                let index = folder.index(manifest.generation).lastPathComponent
                throw StoreError(
                    code: .damaged,
                    detail: "\(file.name) lacks what \(index) knows was acknowledged: it was cut, or replaced by an "
                        + "older copy. Restore the store from a copy, or remove \(index) to open what is left")
            }
            journal.extend(to: content.description.journalEnd)
            let shelf = FileShelf(
                journal, index: content.index, places: content.places, latest: content.latest)
            state = StoreState(shelf, marker: Marker(key: manifest.markKey), hostDomains: hostDomains)
            var tables = content.tables
            tables.marker = Marker(key: manifest.markKey)
            state.restore(tables, content.summaries)
        } else {
            state = StoreState(FileShelf(journal), marker: Marker(key: manifest.markKey), hostDomains: hostDomains)
            state.tables.sequence = header.firstSequence - 1
        }
        let scan = try replay(file, header, from: content?.description.journalEnd, into: &state)
        let loaded = LoadedStore(
            state: state, manifest: manifest, header: header, file: file, scan: scan,
            indexedEnd: content?.description.journalEnd ?? 0, notes: notes)
        return try checked(loaded)
    }

    /// The snapshot, where there is one that fits; what is wrong with it is noted.
    private func snapshot(
        _ manifest: StoreManifest, _ header: JournalHeader, _ notes: inout [String]
    ) -> IndexFile.Content? {
        let path = folder.index(manifest.generation)
        guard usesIndex, (try? uninterrupted({ () throws(FileFault) in try files.exists(path) })) == true else {
            return nil
        }
        do {
            return try IndexFile.read(path, manifest, salt: header.salt, files)
        } catch {
            notes.append("the snapshot was not used (\(error)); the journal was read from its beginning")
            return nil
        }
    }

    /// What a journal is refused for.
    private func checked(_ loaded: LoadedStore) throws(StoreError) -> LoadedStore {
        var loaded = loaded
        let name = loaded.file.name
        if let damage = Self.damage(loaded.scan, name) { throw damage }
        if case .tornTail(let end, let reason) = loaded.scan.verdict {
            loaded.notes.append("\(name): an unfinished write behind byte \(end) is left out (\(reason))")
        }
        guard loaded.scan.end >= max(loaded.manifest.provenEnd, loaded.indexedEnd) else {
            throw StoreError(
                code: .damaged,
                detail: "\(name) is damaged at byte \(loaded.scan.end): what follows up to byte "
                    + "\(max(loaded.manifest.provenEnd, loaded.indexedEnd)) was acknowledged and cannot be read. "
                    + "Nothing was changed; restore the store from a copy")
        }
        try loaded.state.shelf.checkFault()
        return loaded
    }

    /// What a scan found to be lost; `nil` where nothing is.
    static func damage(_ scan: JournalScan.Outcome, _ name: String) -> StoreError? {
        guard case .damaged(let place, let expected, let reason, let next) = scan.verdict else { return nil }
        return StoreError(
            code: .damaged,
            detail: "\(name) is damaged at byte \(place): \(reason); commit \(expected.map(String.init) ?? "?") and "
                + "those up to byte \(next) cannot be read. Nothing was changed; restore the store from a copy")
    }

    /// Takes in the frames of a journal from a place on, the beginning where there is none.
    func replay(
        _ file: any StoreFile, _ header: JournalHeader, from start: Int?, into state: inout StoreState<FileShelf>
    ) throws -> JournalScan.Outcome {
        let shelf = state.shelf
        let scan = JournalScan(
            file, salt: header.salt, from: start ?? JournalHeader.length,
            expecting: start == nil ? header.firstSequence : state.tables.sequence + 1)
        return try unsafe scan.run { offset, frame, payload in
            let place = UInt64(offset + FrameHeader.length)
            // What is taken in is looked at again through the mapping.
            try shelf.makeRoom(for: Int(place) + payload.count, in: file, ahead: files.mapsAhead)
            shelf.journal.extend(to: Int(place) + payload.count)
            do {
                try unsafe Self.take(frame.kind, payload, at: place, salt: header.salt, into: &state)
            } catch let fault as CodingFault {
                throw StoreError(
                    code: .damaged, detail: "\(file.name): the frame at byte \(offset) cannot be read: \(fault)")
            }
            guard state.tables.sequence == frame.nextSequence - 1 || frame.batches == 0 else {
                throw StoreError(
                    code: .damaged,
                    detail:
                        "\(file.name): the frame at byte \(offset) counts \(frame.batches) commits and holds another "
                        + "number")
            }
            try shelf.checkFault()
        }
    }

    private static func take(
        _ kind: UInt8, _ payload: UnsafeRawBufferPointer, at place: UInt64, salt: UInt32,
        into state: inout StoreState<FileShelf>
    ) throws {
        switch kind {
        case BatchPayload.kind:
            try unsafe BatchPayload.read(payload, at: place, salt: salt) { stored, versions in
                if let erasure = stored.erasure {
                    state.apply(erasure)
                    return
                }
                var batch = stored.batch
                batch.records = versions.map(\.version.record)
                _ = state.apply(batch, versions.map { .kept(at: $0.place) }, settled: stored.settled)
            }
        case ImagePayload.versionsKind:
            try unsafe ImagePayload.readVersions(payload, at: place, salt: salt) { version, isFirst, place in
                state.shelve(version, at: place, isFirst: isFirst)
            }
        case ImagePayload.tablesKind:
            var tables: StoreTables = try unsafe BinaryForm.read(from: payload)
            tables.marker = state.tables.marker
            state.restore(tables, state.summaries)
        case ImagePayload.summariesKind:
            let image: ImagePayload.Summaries = try unsafe BinaryForm.read(from: payload)
            state.summaries.take(image)
        default:
            throw StoreError(
                code: .unavailable,
                detail:
                    "the journal holds a frame of kind \(kind), which this version does not know; update the library")
        }
    }
}
