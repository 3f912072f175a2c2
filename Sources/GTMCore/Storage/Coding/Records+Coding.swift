#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

// MARK: Names

/// Relative to a home, the parts that are the home's are left out.
extension RecordID: Storable {
    func write(to fields: inout some FieldWriter) {
        guard let home = fields.home else {
            fields.put(1, "vendor", source.vendor)
            fields.put(2, "account", source.account)
            fields.put(3, "stream", stream)
            fields.put(4, "id", id)
            return
        }
        fields.put(1, "vendor", source.vendor.hasBytes(of: home.source.vendor) ? nil : source.vendor)
        fields.put(2, "account", source.account.hasBytes(of: home.source.account) ? nil : source.account)
        fields.put(3, "stream", stream.hasBytes(of: home.stream) ? nil : stream)
        fields.put(4, "id", id)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        let vendor = try fields.value(1, "vendor", as: String.self) ?? fields.home?.source.vendor
        let account = try fields.value(2, "account", as: String.self) ?? fields.home?.source.account
        let stream = try fields.value(3, "stream", as: String.self) ?? fields.home?.stream
        guard let vendor, let account, let stream else { throw fields.fault("vendor, account, stream and id") }
        self.init(
            source: SourceID(vendor: vendor, account: account), stream: stream, id: try fields.required(4, "id"))
    }
}

extension String {
    /// Whether the bytes are the same; `==` also takes texts for equal that are only canonically equivalent.
    @inline(__always)
    fileprivate func hasBytes(of other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        var (left, right) = (self, other)
        return left.withUTF8 { left in right.withUTF8 { right in unsafe left.elementsEqual(right) } }
    }
}

extension SourceID: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "vendor", vendor)
        fields.put(2, "account", account)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        self.init(vendor: try fields.required(1, "vendor"), account: try fields.required(2, "account"))
    }
}

extension ExternalID: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "system", system)
        fields.put(2, "id", id)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        self.init(system: try fields.required(1, "system"), id: try fields.required(2, "id"))
    }
}

/// Files hold what was valid when it was written; JSON is read as any text of a person's is.
extension EmailAddress: StorableText {
    var storedText: String { normalized }

    init(storedText: String) { normalized = storedText }

    init(storedJSON json: JSONValue) throws(CodingFault) {
        guard case .string(let text) = json else { throw CodingFault(expected: "an e-mail address") }
        do { try self.init(text) } catch { throw CodingFault(expected: "an e-mail address") }
    }
}

// MARK: Records

extension Identity: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "email", email)
        fields.put(2, "further_emails", unlessEmpty: furtherEmails)
        fields.put(3, "external_ids", unlessEmpty: externalIDs)
        fields.put(4, "creates_customer", createsCustomer)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        self.init(
            email: try fields.value(1, "email"), furtherEmails: try fields.list(2, "further_emails"),
            externalIDs: try fields.list(3, "external_ids"), createsCustomer: try fields.required(4, "creates_customer")
        )
    }
}

extension SubjectRef: Storable {
    func write(to fields: inout some FieldWriter) {
        switch self {
        case .record(let id): fields.put(1, "record", id)
        case .email(let address): fields.put(2, "email", address)
        case .external(let id): fields.put(3, "external_id", id)
        }
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        if let id = try fields.value(1, "record", as: RecordID.self) {
            self = .record(id)
        } else if let address = try fields.value(2, "email", as: EmailAddress.self) {
            self = .email(address)
        } else if let id = try fields.value(3, "external_id", as: ExternalID.self) {
            self = .external(id)
        } else {
            throw fields.fault("a record, an e-mail address or a key of another system")
        }
    }
}

extension RecordState: Storable {
    private enum Kind: String, Word {
        case live, archived, deleted, merged

        static let words: [Self] = [.live, .archived, .deleted, .merged]
    }

    func write(to fields: inout some FieldWriter) {
        switch self {
        case .live: fields.put(1, "kind", Kind.live)
        case .archived: fields.put(1, "kind", Kind.archived)
        case .deleted: fields.put(1, "kind", Kind.deleted)
        case .merged(let into):
            fields.put(1, "kind", Kind.merged)
            fields.put(2, "into", into)
        }
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        switch try fields.required(1, "kind") as Kind {
        case .live: self = .live
        case .archived: self = .archived
        case .deleted: self = .deleted
        case .merged: self = .merged(into: try fields.required(2, "into"))
        }
    }
}

/// The head first, so that it is read without the fact; every id behind the first is relative to that one.
extension SourceRecord: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "id", id)
        let outer = fields.home
        fields.home = id
        fields.put(2, "identity", identity)
        fields.put(3, "subjects", unlessEmpty: subjects)
        fields.put(4, "changed_at", changedAt)
        fields.put(5, "state", state == .live ? nil : state)
        fields.put(60, "fact", fact)
        fields.home = outer
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        let outer = fields.home
        let head = try RecordHead(from: &fields)
        self.init(
            id: head.id, identity: head.identity, subjects: head.subjects, changedAt: head.changedAt,
            fact: try fields.required(60, "fact"), state: head.state)
        fields.home = outer
    }
}

extension RecordHead {
    /// Reads the head of a record in the compact form; the fact is not looked at.
    init(of record: UnsafeRawBufferPointer) throws(CodingFault) {
        var reader = unsafe BinaryReader(record)
        try self.init(from: &reader)
    }

    /// Reads the head and leaves the record's id as the home.
    fileprivate init(from fields: inout some FieldReader) throws(CodingFault) {
        id = try fields.required(1, "id")
        fields.home = id
        identity = try fields.value(2, "identity")
        subjects = try fields.list(3, "subjects")
        changedAt = try fields.value(4, "changed_at")
        state = try fields.value(5, "state") ?? .live
    }

    /// Reads nothing but the id of a record in the compact form.
    static func id(of record: UnsafeRawBufferPointer) throws(CodingFault) -> RecordID {
        var reader = unsafe BinaryReader(record)
        return try reader.required(1, "id")
    }
}

/// One field, whose number or name is the kind.
extension Fact: Storable {
    func write(to fields: inout some FieldWriter) {
        switch kind {
        case .contact(let fact): fields.put(1, "contact", fact.value)
        case .company(let fact): fields.put(2, "company", fact.value)
        case .subscription(let fact): fields.put(3, "subscription", fact.value)
        case .payment(let fact): fields.put(4, "payment", fact.value)
        case .conversation(let fact): fields.put(5, "conversation", fact.value)
        case .transcript(let fact): fields.put(6, "transcript", fact.value)
        case .owner(let fact): fields.put(7, "owner", fact.value)
        case .tag(let fact): fields.put(8, "tag", fact.value)
        }
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        if let fact = try fields.value(1, "contact", as: Contact.self) {
            self = .contact(fact)
        } else if let fact = try fields.value(2, "company", as: Company.self) {
            self = .company(fact)
        } else if let fact = try fields.value(3, "subscription", as: Subscription.self) {
            self = .subscription(fact)
        } else if let fact = try fields.value(4, "payment", as: Payment.self) {
            self = .payment(fact)
        } else if let fact = try fields.value(5, "conversation", as: Conversation.self) {
            self = .conversation(fact)
        } else if let fact = try fields.value(6, "transcript", as: Transcript.self) {
            self = .transcript(fact)
        } else if let fact = try fields.value(7, "owner", as: Owner.self) {
            self = .owner(fact)
        } else if let fact = try fields.value(8, "tag", as: Tag.self) {
            self = .tag(fact)
        } else {
            throw fields.fault("a known kind of fact")
        }
    }
}
