#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a batch says besides its records, as the journal keeps it.
struct StoredBatch: Sendable {
    /// The batch without its records.
    var batch: StoreBatch
    /// Who wrote it.
    var actor: StoreActor
    /// Records that said nothing new, where something was open about them that is settled by it.
    var settled: [RecordID] = []
    /// An erasure; the batch is empty then.
    var erasure: PlannedErasure?
}

/// The payload of a frame of batches: each batch as the length of its description (4 bytes), the description, the number
/// of its entries (4 bytes), and its entries.
enum BatchPayload {
    /// The kind of frame.
    static let kind: UInt8 = 1

    /// Writes a batch behind what a buffer holds; its entries are to follow.
    static func append(_ stored: StoredBatch, entries: UInt32, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(littleEndian: UInt32(0))
        BinaryForm.append(stored, to: &bytes)
        bytes.replace(at: start, littleEndian: UInt32(truncatingIfNeeded: bytes.count - start - 4))
        bytes.append(littleEndian: entries)
    }

    /// Walks through the batches of a payload that begins at a place in the journal.
    ///
    /// - Throws: ``CodingFault`` where the payload is not made as described, and what `visit` throws.
    static func read(
        _ payload: UnsafeRawBufferPointer, at place: UInt64, salt: UInt32,
        _ visit: (StoredBatch, [(version: RecordVersion, place: UInt64)]) throws -> Void
    ) throws {
        var position = 0
        func number() throws(CodingFault) -> Int {
            guard payload.count - position >= 4 else { throw CodingFault(expected: "four bytes", offset: position) }
            defer { position += 4 }
            return Int(unsafe payload.littleEndian(at: position) as UInt32)
        }
        while position < payload.count {
            let length = try number()
            guard payload.count - position >= length else {
                throw CodingFault(expected: "a description of \(length) bytes", offset: position)
            }
            let stored: StoredBatch = try unsafe BinaryForm.read(
                from: UnsafeRawBufferPointer(rebasing: payload[position..<position + length]))
            position += length
            let count = try number()
            var versions: [(version: RecordVersion, place: UInt64)] = []
            versions.reserveCapacity(min(count, 4096))
            for _ in 0..<count {
                let rest = unsafe UnsafeRawBufferPointer(rebasing: payload[position...])
                let entryPlace = place + UInt64(position)
                guard let entry = unsafe VersionEntry(rest, at: entryPlace, salt: salt) else {
                    throw CodingFault(expected: "a sound entry", offset: position)
                }
                let record: SourceRecord = try unsafe BinaryForm.read(from: entry.body)
                versions.append(
                    (
                        RecordVersion(record: record, recordedAt: entry.recordedAt, sequence: entry.sequence),
                        entryPlace
                    ))
                position += entry.length
            }
            try visit(stored, versions)
        }
    }
}

extension StoredBatch: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "recorded_at", batch.recordedAt)
        fields.put(2, "actor", actor)
        fields.put(3, "rejected", unlessEmpty: batch.rejected)
        fields.put(4, "issues", unlessEmpty: batch.issues)
        fields.put(5, "pending", unlessEmpty: batch.pending)
        fields.put(6, "fetched", unlessEmpty: batch.fetched)
        fields.put(
            7, "seen",
            unlessEmpty: batch.seen.sorted { $0.key < $1.key }.map { SeenIDs(stream: $0.key, ids: $0.value) })
        fields.put(
            8, "streams",
            unlessEmpty: batch.streams.sorted { $0.key < $1.key }.map { StoredStream(key: $0.key, state: $0.value) })
        fields.put(9, "runs", unlessEmpty: batch.runs)
        fields.put(10, "rules", unlessEmpty: batch.rules)
        fields.put(11, "assessments", unlessEmpty: batch.assessments)
        fields.put(12, "assessed_at", batch.assessments.isEmpty ? nil : batch.assessedAt)
        fields.put(13, "settled", unlessEmpty: settled)
        fields.put(14, "erasure", erasure)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        batch = StoreBatch(recordedAt: try fields.required(1, "recorded_at"))
        actor = try fields.required(2, "actor")
        batch.rejected = try fields.list(3, "rejected")
        batch.issues = try fields.list(4, "issues")
        batch.pending = try fields.list(5, "pending")
        batch.fetched = try fields.list(6, "fetched")
        for seen in try fields.list(7, "seen") as [SeenIDs] { batch.seen[seen.stream, default: []] += seen.ids }
        for stream in try fields.list(8, "streams") as [StoredStream] { batch.streams[stream.key] = stream.state }
        batch.runs = try fields.list(9, "runs")
        batch.rules = try fields.list(10, "rules")
        batch.assessments = try fields.list(11, "assessments")
        batch.assessedAt = try fields.value(12, "assessed_at") ?? .max
        settled = try fields.list(13, "settled")
        erasure = try fields.value(14, "erasure")
    }
}

/// Ids that a pass over a stream has seen.
struct SeenIDs: Sendable, Hashable, Storable {
    var stream: StreamKey
    var ids: [String]

    init(stream: StreamKey, ids: [String]) {
        self.stream = stream
        self.ids = ids
    }

    func write(to fields: inout some FieldWriter) {
        fields.put(1, "stream", stream)
        fields.put(2, "ids", unlessEmpty: ids)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        stream = try fields.required(1, "stream")
        ids = try fields.list(2, "ids")
    }
}

/// Where a stream stands, from a moment on where it is part of a history.
struct StoredStream: Sendable, Hashable, Storable {
    var key: StreamKey
    var state: StreamState
    var recordedAt: Date?

    init(key: StreamKey, state: StreamState, recordedAt: Date? = nil) {
        self.key = key
        self.state = state
        self.recordedAt = recordedAt
    }

    func write(to fields: inout some FieldWriter) {
        fields.put(1, "stream", key)
        fields.put(2, "state", state)
        fields.put(3, "recorded_at", recordedAt)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        key = try fields.required(1, "stream")
        state = try fields.required(2, "state")
        recordedAt = try fields.value(3, "recorded_at")
    }
}

extension PlannedErasure: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "erasure", erasure)
        fields.put(2, "numbers", unlessEmpty: numbers.map { String($0) })
        fields.put(3, "rules", unlessEmpty: rules)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        erasure = try fields.required(1, "erasure")
        numbers = []
        for text in try fields.list(2, "numbers") as [String] {
            guard let number = UInt32(text) else { throw fields.fault("the number of a record") }
            numbers.append(number)
        }
        rules = try fields.list(3, "rules")
    }
}

extension Erasure: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "erased_at", erasedAt)
        fields.put(2, "erased_by", erasedBy)
        fields.put(3, "records", records)
        fields.put(4, "marks", unlessEmpty: marks.map { String($0, radix: 16) })
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        erasedAt = try fields.required(1, "erased_at")
        erasedBy = try fields.required(2, "erased_by")
        records = try fields.required(3, "records")
        marks = []
        for text in try fields.list(4, "marks") as [String] {
            guard let mark = UInt64(text, radix: 16) else { throw fields.fault("a mark of 64 bits in hexadecimal") }
            marks.append(mark)
        }
    }
}
