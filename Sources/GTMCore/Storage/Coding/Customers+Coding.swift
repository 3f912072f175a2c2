extension StoreActor: StorableText {
    var storedText: String { name }

    init(storedText: String) { self.init(storedText) }
}

extension CustomerKey: Storable {
    func write(to fields: inout some FieldWriter) {
        switch self {
        case .email(let address): fields.put(1, "email", address)
        case .record(let id): fields.put(2, "record", id)
        }
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        if let address = try fields.value(1, "email", as: EmailAddress.self) {
            self = .email(address)
        } else if let id = try fields.value(2, "record", as: RecordID.self) {
            self = .record(id)
        } else {
            throw fields.fault("an e-mail address or a record")
        }
    }
}

extension IdentityRule: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "id", id)
        fields.put(2, "kind", kind)
        fields.put(3, "made_at", madeAt)
        fields.put(4, "made_by", madeBy)
        fields.put(5, "undone_at", undoneAt)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        id = try fields.required(1, "id")
        kind = try fields.required(2, "kind")
        madeAt = try fields.required(3, "made_at")
        madeBy = try fields.required(4, "made_by")
        undoneAt = try fields.value(5, "undone_at")
    }
}

extension IdentityRule.Kind: Storable {
    func write(to fields: inout some FieldWriter) {
        switch self {
        case .merge(let key, let into):
            fields.put(1, "merge", key)
            fields.put(2, "into", into)
        case .keepApart(let key, let other):
            fields.put(3, "keep_apart", key)
            fields.put(4, "from", other)
        }
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        if let key = try fields.value(1, "merge", as: CustomerKey.self) {
            self = .merge(key, into: try fields.required(2, "into"))
        } else if let key = try fields.value(3, "keep_apart", as: CustomerKey.self) {
            self = .keepApart(key, try fields.required(4, "from"))
        } else {
            throw fields.fault("a known kind of rule")
        }
    }
}

extension AssessmentSummary: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "key", key)
        fields.put(2, "as_of", asOf)
        fields.put(3, "valid_until", validUntil)
        fields.put(4, "is_ended", isEnded)
        fields.put(5, "health_status", status)
        fields.put(6, "is_at_risk", isAtRisk)
        fields.put(7, "health_score_thousandths", healthScore)
        fields.put(8, "churn_risk_thousandths", churnRisk)
        fields.put(9, "mrr", mrr)
        fields.put(10, "mrr_reporting", mrrReporting)
        fields.put(11, "assigned_am", accountManager)
        fields.put(12, "data_quality_score_thousandths", quality)
        fields.put(13, "profile_fingerprint", profile == 0 ? nil : profile)
        fields.put(14, "health_inputs", packedInputs)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        self.init(
            key: try fields.required(1, "key"), asOf: try fields.required(2, "as_of"),
            validUntil: try fields.required(3, "valid_until"), isEnded: try fields.required(4, "is_ended"),
            status: try fields.required(5, "health_status"), isAtRisk: try fields.required(6, "is_at_risk"),
            healthScore: try fields.value(7, "health_score_thousandths"),
            churnRisk: try fields.value(8, "churn_risk_thousandths"), mrr: try fields.value(9, "mrr"),
            mrrReporting: try fields.value(10, "mrr_reporting"), accountManager: try fields.value(11, "assigned_am"),
            quality: try fields.required(12, "data_quality_score_thousandths"),
            profile: try fields.value(13, "profile_fingerprint") ?? 0)
        packedInputs = try fields.value(14, "health_inputs")
    }
}
