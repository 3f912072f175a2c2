#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The payloads of the frames that a journal begins with when it was written anew: versions of records, then the
/// tables, then summaries. None of them counts as a commit.
enum ImagePayload {
    /// Entries of versions, one behind the other; those of one record follow each other in the order of their arrival.
    static let versionsKind: UInt8 = 2
    /// The tables, whole.
    static let tablesKind: UInt8 = 3
    /// Summaries, and customers that need a new one.
    static let summariesKind: UInt8 = 4

    /// Summaries, and customers that need a new one.
    struct Summaries: Storable, Hashable {
        var summaries: [AssessmentSummary] = []
        var unassessed: [Unassessed] = []

        init() {}

        func write(to fields: inout some FieldWriter) {
            fields.put(1, "summaries", unlessEmpty: summaries)
            fields.put(2, "unassessed", unlessEmpty: unassessed)
        }

        init(from fields: inout some FieldReader) throws(CodingFault) {
            summaries = try fields.list(1, "summaries")
            unassessed = try fields.list(2, "unassessed")
        }
    }

    /// A customer who needs a new summary, with the commit that touched it last.
    struct Unassessed: Storable, Hashable {
        var key: CustomerKey
        var sequence: UInt64

        init(key: CustomerKey, sequence: UInt64) {
            self.key = key
            self.sequence = sequence
        }

        func write(to fields: inout some FieldWriter) {
            fields.put(1, "key", key)
            fields.put(2, "sequence", sequence)
        }

        init(from fields: inout some FieldReader) throws(CodingFault) {
            key = try fields.required(1, "key")
            sequence = try fields.required(2, "sequence")
        }
    }

    /// Walks through entries that begin at a place in the journal.
    static func readVersions(
        _ payload: UnsafeRawBufferPointer, at place: UInt64, salt: UInt32,
        _ visit: (RecordVersion, UInt64) throws -> Void
    ) throws {
        var position = 0
        while position < payload.count {
            let rest = unsafe UnsafeRawBufferPointer(rebasing: payload[position...])
            guard let entry = unsafe VersionEntry(rest, at: place + UInt64(position), salt: salt) else {
                throw CodingFault(expected: "a sound entry", offset: position)
            }
            let record: SourceRecord = try unsafe BinaryForm.read(from: entry.body)
            try visit(
                RecordVersion(record: record, recordedAt: entry.recordedAt, sequence: entry.sequence),
                place + UInt64(position))
            position += entry.length
        }
    }
}

extension SummaryTable {
    /// Adds what a journal begins with.
    mutating func take(_ image: ImagePayload.Summaries) {
        take(image.summaries, basedOn: .max)
        for customer in image.unassessed { touchAgain(customer.key, at: customer.sequence) }
    }
}
