import GTMCore

/// What erasing a person did, for a terminal and as JSON.
enum ErasureView {
    static func text(_ erasure: Erasure, of key: CustomerKey) -> String {
        "Erased \(Sanitized(key.description).text): \(PlainWords.count(erasure.records, "record")), at every point in time.\n"
    }

    static func line(_ erasure: Erasure, of key: CustomerKey) -> String {
        let document: JSONValue = [
            "erased": .string(key.description), "records": .integer(Int64(erasure.records)),
            "erased_at": .string(Timestamp.format(erasure.erasedAt)),
        ]
        return JSONWriter.text(document) + "\n"
    }
}
