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
        /// Whether everybody else needs a new one as well.
        var everybodyIsDue = false

        init() {}

        func write(to fields: inout some FieldWriter) {
            fields.put(1, "summaries", unlessEmpty: summaries)
            fields.put(2, "unassessed", unlessEmpty: unassessed)
            fields.put(3, "everybody_is_due", everybodyIsDue ? true : nil)
        }

        init(from fields: inout some FieldReader) throws(CodingFault) {
            summaries = try fields.list(1, "summaries")
            unassessed = try fields.list(2, "unassessed")
            everybodyIsDue = try fields.value(3, "everybody_is_due") ?? false
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
        _ visit: (RecordVersion, _ isFirst: Bool, UInt64) throws -> Void
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
                entry.previous == 0, place + UInt64(position))
            position += entry.length
        }
    }
}

extension SummaryTable {
    /// Adds what a journal or a snapshot begins with.
    mutating func take(_ image: ImagePayload.Summaries) {
        take(image.summaries, basedOn: .max)
        for customer in image.unassessed { touchAgain(customer.key, at: customer.sequence) }
        if image.everybodyIsDue { everybodyIsDue = true }
    }

    /// The whole table in images of at most so many customers each.
    func images(of size: Int) -> [ImagePayload.Summaries] {
        var images: [ImagePayload.Summaries] = []
        var image = ImagePayload.Summaries()
        image.everybodyIsDue = everybodyIsDue
        func add(_ fill: (inout ImagePayload.Summaries) -> Void) {
            fill(&image)
            guard image.summaries.count + image.unassessed.count >= size else { return }
            images.append(image)
            image = ImagePayload.Summaries()
        }
        for summary in summaries.values { add { $0.summaries.append(summary) } }
        for (key, sequence) in unassessed { add { $0.unassessed.append(.init(key: key, sequence: sequence)) } }
        if image != ImagePayload.Summaries() { images.append(image) }
        return images
    }
}
