import GTMCore

/// What erasing a person did, for a terminal and as JSON.
enum ErasureView {
    /// - Parameter isPurged: Whether nothing of the person is in the files any more.
    static func text(_ erasure: Erasure, of key: CustomerKey, isPurged: Bool) -> String {
        let records = PlainWords.count(erasure.records, "record")
        let files =
            isPurged
            ? "Nothing of it is left in the files of the store; exports and copies are yours to look after."
            : "It stays in the files of the store until gtm store compact."
        return "Erased \(Sanitized(key.description).text): \(records), at every point in time.\n\(files)\n"
    }

    static func line(_ erasure: Erasure, of key: CustomerKey, isPurged: Bool) -> String {
        let document: JSONValue = [
            "erased": .string(key.description), "records": .integer(Int64(erasure.records)),
            "erased_at": .string(Timestamp.format(erasure.erasedAt)), "files_purged": .bool(isPurged),
        ]
        return JSONWriter.text(document) + "\n"
    }
}
