/// A key under which a record is found.
enum RecordEdge: Hashable {
    /// The record itself.
    case record(RecordID)
    /// Its primary e-mail address.
    case email(EmailAddress)
    /// Another key of the person that it is.
    case key(ExternalID)
    /// Whom it concerns.
    case subject(SubjectRef)
    /// A record of another stream that it points to.
    case reference(RecordID)
    /// The record that it was merged into at the vendor.
    case mergedInto(RecordID)
    /// Something that it claims to be billed for.
    case claim(BillingClaim)

    /// The hash for the index of a store with this seed.
    func hash(_ seed: UInt64) -> UInt64 {
        var hasher = KeyHasher(seed: seed)
        switch self {
        case .record(let id): hasher.add(1, id)
        case .email(let email):
            hasher.add(2)
            hasher.add(email.normalized)
        case .key(let key): hasher.add(3, key)
        case .subject(.record(let id)): hasher.add(4, id)
        case .subject(.email(let email)):
            hasher.add(5)
            hasher.add(email.normalized)
        case .subject(.external(let key)): hasher.add(6, key)
        case .reference(let id): hasher.add(7, id)
        case .mergedInto(let id): hasher.add(8, id)
        case .claim(.subscription(let key)): hasher.add(9, key)
        case .claim(.payment(let key)): hasher.add(10, key)
        case .claim(.account(let key)): hasher.add(11, key)
        case .claim(.company(let id)): hasher.add(12, id)
        }
        return hasher.finish()
    }
}

extension KeyHasher {
    mutating func add(_ kind: UInt8, _ id: RecordID) {
        add(kind)
        add(id.source.vendor)
        add(id.source.account)
        add(id.stream)
        add(id.id)
    }

    mutating func add(_ kind: UInt8, _ key: ExternalID) {
        add(kind)
        add(key.system)
        add(key.id)
    }
}

extension SourceRecord {
    /// Every key under which this record is to be found.
    var edges: [RecordEdge] {
        var edges: [RecordEdge] = [.record(id)]
        if let identity {
            if let email = identity.email { edges.append(.email(email)) }
            for key in identity.keys { edges.append(.key(key)) }
        }
        for subject in subjects { edges.append(.subject(subject)) }
        for reference in references { edges.append(.reference(reference)) }
        if case .merged(let survivor) = state { edges.append(.mergedInto(survivor)) }
        let (own, companies, _) = billingClaims()
        for claim in own { edges.append(.claim(claim)) }
        for claim in companies { edges.append(.claim(claim)) }
        return edges
    }
}

extension Identity {
    /// The secondary keys: other systems' and further addresses.
    var keys: [ExternalID] {
        furtherEmails.isEmpty ? externalIDs : externalIDs + furtherEmails.map(\.asKey)
    }
}
