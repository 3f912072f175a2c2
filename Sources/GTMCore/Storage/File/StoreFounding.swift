/// How a folder becomes a store, and what a folder without `store.json` is.
///
/// The manifest is safe under the name of a draft before the journal gets its name, and gets its own name last. Whatever a
/// crash leaves, either there is no journal yet, or only the manifest's name is missing; a journal with neither is one
/// whose manifest was lost, and is left alone.
struct StoreFounding {
    let files: any FileSystem
    let folder: StoreFolder

    private var manifestDraft: String { folder.manifest + ".new" }
    /// Where the first journal is written until the folder becomes a store.
    var journalDraft: String { folder.journal(1) + ".new" }

    /// Makes a store of the draft of its journal, which is whole and safe.
    func complete(_ manifest: StoreManifest) throws(FileFault) {
        try files.removeIfThere(manifestDraft)
        let draft = try uninterrupted { () throws(FileFault) in try files.open(manifestDraft, .create) }
        defer { draft.close() }
        try draft.write(manifest.encoded, at: 0)
        try draft.sync()
        try syncFolder()
        try uninterrupted { () throws(FileFault) in try files.rename(journalDraft, to: folder.journal(1)) }
        try syncFolder()
        try nameManifest()
    }

    /// Looks at a folder without `store.json`, and goes on where a crash interrupted ``complete(_:)``.
    ///
    /// - Returns: Whether there is a store now.
    /// - Throws: ``StoreError/Code/damaged`` for the journal of a store whose manifest was lost.
    func resume() throws -> Bool {
        let names = try names()
        if try isInterrupted(names) {
            try nameManifest()
            return true
        }
        if let journal = try orphan(names) { throw isLost(journal) }
        return false
    }

    /// Why a folder without `store.json` cannot be read.
    func absence() throws(FileFault) -> StoreError {
        // A folder that cannot be listed holds nothing that could be told of.
        let names = (try? names()) ?? []
        if let journal = try orphan(names), try !isInterrupted(names) { return isLost(journal) }
        return StoreError(code: .unavailable, detail: "there is no store in \(folder.path): store.json is missing")
    }

    private func isLost(_ journal: String) -> StoreError {
        StoreError(
            code: .damaged,
            detail: "store.json is missing, and \(journal) holds a store; restore store.json from a copy of the store, "
                + "or move \(journal) away to begin anew")
    }

    // MARK: Looking

    private func names() throws(FileFault) -> [String] {
        try uninterrupted { () throws(FileFault) in try files.list(folder.path) }
    }

    /// Whether a manifest and its journal are there, and only the manifest's name is missing.
    private func isInterrupted(_ names: [String]) throws(FileFault) -> Bool {
        guard names.contains(manifestDraft.lastPathComponent) else { return false }
        // A draft that is cut short is none.
        guard let manifest = try? StoreManifest(files.readAll(manifestDraft)) else { return false }
        let journal = folder.journal(manifest.generation)
        // A draft of a later generation comes from a compaction, after which the journal before may have gone on.
        guard manifest.generation == 1,
            names.filter({ StoreFolder.generation(ofJournal: $0) != nil }) == [journal.lastPathComponent]
        else { return false }
        let file = try uninterrupted { () throws(FileFault) in try files.open(journal, .read) }
        defer { file.close() }
        guard let header = try? JournalHeader(of: file) else { return false }
        return header.storeID == manifest.storeID && header.generation == manifest.generation
    }

    /// A journal that holds more than its header.
    private func orphan(_ names: [String]) throws(FileFault) -> String? {
        for name in names where StoreFolder.generation(ofJournal: name) != nil {
            let size = try uninterrupted { () throws(FileFault) in try files.size(folder.path.appendingPath(name)) }
            if size > JournalHeader.length { return name }
        }
        return nil
    }

    // MARK: Names

    private func nameManifest() throws(FileFault) {
        try uninterrupted { () throws(FileFault) in try files.rename(manifestDraft, to: folder.manifest) }
        try syncFolder()
    }

    private func syncFolder() throws(FileFault) {
        try uninterrupted { () throws(FileFault) in try files.syncDirectory(folder.path) }
    }
}
