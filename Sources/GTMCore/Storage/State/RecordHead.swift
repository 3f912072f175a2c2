#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What is asked of a record before what it says: who it is, whom it concerns, whether it stands.
struct RecordHead: Sendable, Hashable {
    var id: RecordID
    var identity: Identity?
    var subjects: [SubjectRef]
    var changedAt: Date?
    var state: RecordState

    init(_ record: SourceRecord) {
        id = record.id
        identity = record.identity
        subjects = record.subjects
        changedAt = record.changedAt
        state = record.state
    }

    /// The bytes that every record of this id begins with in the compact form, and no other.
    static func firstBytes(of id: RecordID) -> [UInt8] {
        var writer = BinaryWriter(appendingTo: [])
        writer.put(1, "id", id)
        return writer.bytes
    }
}
