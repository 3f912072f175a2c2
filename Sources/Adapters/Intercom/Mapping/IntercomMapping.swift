import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Turns Intercom's objects into records: pure functions of the object, the configuration and the time of the run.
///
/// A field of the wrong form costs itself: it stays unknown and is noted. A record is refused only where it is no
/// object, has no usable id, or holds something nested too deeply.
struct IntercomMapping: Sendable {
    /// The streams' names.
    enum Stream {
        static let admins = "admins"
        static let tags = "tags"
        static let companies = "companies"
        static let contacts = "contacts"
        static let conversations = "conversations"
        static let parts = "conversation_parts"
    }

    /// The workspace.
    let source: SourceID
    /// The system that the host's own user ids belong to: each workspace has its own.
    let externalIDSystem: String
    /// The currency of amounts that name none.
    let defaultCurrency: Currency
    /// How long back messages are fetched.
    let transcriptWindow: Duration
    let stripeUnits: StripeUnits
    let stripeRoles: StripeRoleTable

    init(source: SourceID, stripe: StripeAttributes, defaultCurrency: Currency, transcriptWindow: Duration) {
        self.source = source
        externalIDSystem = "\(source).external_id"
        self.defaultCurrency = defaultCurrency
        self.transcriptWindow = transcriptWindow
        stripeUnits = StripeUnits(stripe)
        stripeRoles = StripeRoleTable(stripe)
    }

    func recordID(_ stream: String, _ id: String) -> RecordID { RecordID(source: source, stream: stream, id: id) }
}

/// What became of one object.
struct MappedRecord: Sendable, Hashable {
    var record: SourceRecord
    /// Fields that could not be taken.
    var issues: [FieldIssue]
    /// A further record to fetch.
    var pending: PendingFetch?
    /// Whether the contact belongs to more companies than the answer shows.
    var hasFurtherCompanies = false

    init(_ record: SourceRecord, issues: [FieldIssue], pending: PendingFetch? = nil) {
        self.record = record
        self.issues = issues
        self.pending = pending
    }
}

/// Why an object is no record.
struct MappingRejection: Error, Hashable {
    /// The record's id, where it could be read.
    var id: String?
    /// The part that is wrong, below the record; empty for the record itself.
    var path: String
    /// What is wrong and what was expected.
    var reason: String
    /// Whether another answer may bring what this one lacks.
    var retries: Bool

    init(id: String? = nil, path: String = "", reason: String, retries: Bool = false) {
        self.id = id
        self.path = path
        self.reason = reason
        self.retries = retries
    }
}

extension IntercomMapping {
    /// The members and the id of a record.
    func opened(_ value: JSONValue) throws(MappingRejection) -> (fields: JSONFields, id: String) {
        let fields = JSONFields(try object(value))
        return (fields, try id(fields["id"]))
    }

    func object(_ value: JSONValue) throws(MappingRejection) -> JSONObject {
        guard case .object(let object) = value else {
            throw MappingRejection(reason: "expected an object, found \(value.kindName)")
        }
        return object
    }

    /// The id of a record, without which it is none.
    func id(_ value: JSONValue?) throws(MappingRejection) -> String {
        guard let id = value?.identifier else {
            let found = value?.kindName ?? "nothing"
            throw MappingRejection(path: ".id", reason: "expected an id (text or integer), found \(found)")
        }
        guard id.utf8.count <= FieldReader.longestIdentifier else {
            throw MappingRejection(
                path: ".id",
                reason: "an id has at most \(FieldReader.longestIdentifier) bytes; this one has \(id.utf8.count)")
        }
        return id
    }

    /// What the record's own marks say of its state.
    func state(deleted: JSONValue?, archived: JSONValue?) -> RecordState {
        if deleted?.boolean == true { return .deleted }
        return archived?.boolean == true ? .archived : .live
    }

    func state(of fields: JSONFields) -> RecordState {
        state(deleted: fields["deleted"], archived: fields["archived"])
    }
}
