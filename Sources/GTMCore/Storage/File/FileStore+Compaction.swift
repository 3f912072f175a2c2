import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension FileStore {
    /// Writes the journal anew: erased persons are gone from every byte of the folder afterwards, what lies before the
    /// time remembered is left out, and so is what has been replaced without a trace in any answer.
    ///
    /// Questions are answered meanwhile; commits wait. It needs as much space as the new journal takes. Readers in other
    /// processes go on with the old one until they refresh.
    ///
    /// - Returns: The store's measures afterwards.
    /// - Throws: ``StoreError``; the store is as it was before then.
    @discardableResult public func compact() async throws -> StoreStatistics {
        guard access == .writing else { throw Self.isReadOnly }
        try await worker.run {
            do {
                try self.rewrite()
            } catch let fault as FileFault {
                throw StoreError(code: .unavailable, detail: "the store is as it was: \(fault)")
            } catch let fault as JournalFault {
                throw StoreError(fault)
            }
        }
        return try await statistics()
    }

    /// Records copied between two questions.
    private static let recordsAtOnce: UInt32 = 2048

    private func rewrite() throws {
        let horizon = configuration.remembersFor.map {
            now().addingTimeInterval(-Double($0.components.seconds))
        }
        let (manifest, tables, summaries, count) = try core.withLock { core in
            _ = try core.writable()
            var manifest = core.manifest
            manifest.generation += 1
            return (
                manifest, core.state.tables.forgetting(before: horizon), core.state.summaries,
                UInt32(core.state.shelf.count)
            )
        }
        let header = JournalHeader(
            salt: randomBytes(4).littleEndian(at: 0), storeID: manifest.storeID, generation: manifest.generation,
            firstSequence: tables.sequence + 1, createdAt: now())
        let path = folder.journal(manifest.generation)
        try files.removeIfThere(path + ".new")
        do {
            let file = try uninterrupted { () throws(FileFault) in try files.open(path + ".new", .create) }
            defer { file.close() }
            var builder = try JournalBuilder(file, header)
            for start in stride(from: 0, to: count, by: Int(Self.recordsAtOnce)) {
                let end = min(count, start + Self.recordsAtOnce)
                let copies = try core.withLock { core in
                    try core.answer { (state) throws(StoreError) in
                        (start..<end).flatMap { state.shelf.copies(of: $0, since: tables.rememberedSince) }
                    }
                }
                var last: UInt64 = 0
                for copy in copies {
                    last = try builder.add(
                        copy.body, sequence: copy.sequence, recordedAt: copy.recordedAt,
                        previous: copy.isFirst ? 0 : last)
                }
            }
            _ = try builder.finish(tables, summaries)
        } catch {
            files.removeDraft(path + ".new")
            throw error
        }
        try uninterrupted { () throws(FileFault) in try files.rename(path + ".new", to: path) }
        try uninterrupted { () throws(FileFault) in try files.syncDirectory(folder.path) }
        try adopt(manifest)
    }

    /// Goes over to the journal of a manifest, and removes the one before.
    private func adopt(_ fresh: StoreManifest) throws {
        var manifest = fresh
        let loader = StoreLoader(
            files: files, folder: folder, hostDomains: configuration.hostDomains, usesIndex: false)
        manifest.provenEnd = JournalHeader.length
        let loaded = try loader.load(manifest, .readWrite)
        manifest.provenEnd = loaded.scan.end
        let writer = try JournalWriter(
            loaded.file, salt: loaded.header.salt, end: loaded.scan.end,
            nextSequence: loaded.state.tables.sequence + 1, lastFrame: nil)
        // From here on the new journal counts.
        do {
            try files.writeAtomically(manifest.encoded, to: folder.manifest)
        } catch {
            insistOnPresentManifest()
            throw error
        }
        var taken = Core(loaded, writer: writer, lock: nil)
        taken.manifest = manifest
        let old = exchange(taken)
        core.withLock { core in
            do throws(FileFault) {
                try writeSnapshot(&core)
            } catch {
                // Opening takes longer, and that is all.
                core.notes.append("the snapshot could not be written: \(error)")
            }
        }
        do throws(FileFault) {
            try files.removeIfThere(folder.journal(old))
            try files.removeIfThere(folder.index(old))
            try uninterrupted { () throws(FileFault) in try files.syncDirectory(folder.path) }
        } catch {
            throw StoreError(
                code: .unavailable,
                detail:
                    "the new journal is in use, and the old one could not be removed (\(error)); what was erased is "
                    + "still in it until the store is opened again")
        }
    }

    /// Puts another state in the place of the one there is, and returns the generation of that.
    private func exchange(_ fresh: Core) -> UInt64 {
        core.withLock { core in
            let old = core
            core = fresh
            core.lock = old.lock
            core.notes = old.notes
            old.file.close()
            return old.manifest.generation
        }
    }

    /// Sees to it that the journal in use is the one that counts, after the manifest of another could not be written: it
    /// may have got its name all the same.
    private func insistOnPresentManifest() {
        let manifest = core.withLock { $0.manifest.encoded }
        do throws(FileFault) {
            if try files.readAll(folder.manifest) != manifest {
                try files.writeAtomically(manifest, to: folder.manifest)
            }
        } catch {
            // Both journals say the same up to here. What came now might be in the one that does not count.
            core.withLock { core in
                core.refusal = StoreError(
                    code: .unavailable,
                    detail: "it is not certain which journal counts since a compaction failed (\(error)); "
                        + "open the store again to write it")
            }
        }
    }
}

extension FileShelf {
    /// A version as it is copied into another journal.
    struct Copied: Sendable {
        var body: [UInt8]
        var sequence: UInt64
        var recordedAt: Date
        var isFirst: Bool
    }

    /// The versions of a record that are worth remembering, in the order of their arrival.
    ///
    /// - Parameter moment: Before it the past need not be known; `nil` keeps everything.
    func copies(of number: UInt32, since moment: Date?) -> [Copied] {
        let kept = keptPlaces(number, since: moment)
        return kept.enumerated().compactMap { place, location in
            read(at: location) { entry in
                unsafe Copied(
                    body: Array(entry.body), sequence: entry.sequence, recordedAt: entry.recordedAt,
                    isFirst: place == 0)
            }
        }
    }

    private func keptPlaces(_ number: UInt32, since moment: Date?) -> [UInt64] {
        let all = allPlaces(number)
        guard let moment, all.count > 1 else { return all }
        let current = version(number, at: .latest)
        let then = version(number, at: TimePoint(knownAt: moment, validAt: moment))
        // An address that a later version does not carry still leads to its customer.
        var emails: Set<EmailAddress> = []
        var kept: [UInt64] = []
        for place in all.reversed() {
            guard let version = version(at: place) else { return [] }
            let isNew = version.record.identity?.email.map { emails.insert($0).inserted } ?? false
            if isNew || version == current || version == then || version.recordedAt > moment
                || version.effectiveAt > moment
            {
                kept.append(place)
            }
        }
        return kept.reversed()
    }
}

extension StoreTables {
    /// The tables without what lies before a moment.
    func forgetting(before moment: Date?) -> StoreTables {
        guard let moment else { return self }
        var tables = self
        tables.rememberedSince = max(moment, rememberedSince ?? moment)
        for (key, history) in streamHistory {
            // The last step before the moment says how the stream stood then.
            let first = history.lastIndex { $0.recordedAt <= moment } ?? 0
            tables.streamHistory[key] = Array(history[first...])
        }
        tables.runOrder = runOrder.filter { id in
            runs[id].map { $0.startedAt >= moment || $0.status == .running } ?? false
        }
        tables.runs = runs.filter { tables.runOrder.contains($0.key) }
        return tables
    }
}
