import GTMCore

/// What a customer's file says, made to be compared: with or without when it was learnt.
struct FileContent: Hashable {
    /// How much is compared.
    enum Depth {
        /// Everything.
        case whole
        /// Everything but what is still to be fetched, which no store remembers of the past.
        case past
        /// What the records say and not when they were learnt.
        case told
    }

    let key: CustomerKey
    private let aliases: [CustomerKey]
    private let absorbed: [RecordID]
    private let unread: [RecordID]
    private let billedElsewhere: [BillingClaim: CustomerKey]
    private let parts: [Part]

    /// One of a file's lists of records.
    private struct Part: Hashable {
        var name: String
        var records: [SourceRecord]
        var learnt: [RecordVersion]
    }

    init(_ file: CustomerFile, _ depth: Depth) {
        key = file.key
        aliases = file.aliases
        absorbed = file.absorbed
        unread = depth == .whole ? file.unread : []
        billedElsewhere = file.billedElsewhere
        parts = [
            ("people", file.people), ("billing", file.billing), ("activity", file.activity),
            ("references", file.references),
        ].map { name, versions in
            Part(name: name, records: versions.map(\.record), learnt: depth == .told ? [] : versions)
        }
    }

    /// The first difference between what was found and what was expected, in words.
    static func difference(_ found: [FileContent], _ expected: [FileContent]) -> String {
        let (keys, wanted) = (found.map(\.key), expected.map(\.key))
        guard keys == wanted else { return "the customers \(keys) instead of \(wanted)" }
        for (file, other) in zip(found, expected) where file != other {
            return "of \(file.key): \(file.difference(from: other))"
        }
        return "no difference"
    }

    private func difference(from other: FileContent) -> String {
        if aliases != other.aliases { return "aliases \(aliases) instead of \(other.aliases)" }
        if absorbed != other.absorbed { return "absorbed \(absorbed) instead of \(other.absorbed)" }
        if unread != other.unread { return "unread \(unread) instead of \(other.unread)" }
        if billedElsewhere != other.billedElsewhere {
            return "billed elsewhere \(billedElsewhere) instead of \(other.billedElsewhere)"
        }
        for (part, wanted) in zip(parts, other.parts) where part != wanted {
            let (ids, wantedIDs) = (part.records.map(\.id), wanted.records.map(\.id))
            guard ids == wantedIDs else { return "\(part.name) \(ids) instead of \(wantedIDs)" }
            for (record, want) in zip(part.records, wanted.records) where record != want {
                return "another version of \(record.id) among the \(part.name), changed \(text(record)) "
                    + "instead of \(text(want))"
            }
            for (version, want) in zip(part.learnt, wanted.learnt) where version != want {
                return "\(version.record.id) of commit \(version.sequence) learnt \(version.recordedAt) "
                    + "instead of commit \(want.sequence) learnt \(want.recordedAt)"
            }
        }
        return "another key"
    }

    private func text(_ record: SourceRecord) -> String {
        record.changedAt.map { "\($0)" } ?? "at no time told"
    }
}
