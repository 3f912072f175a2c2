extension Contact: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "role", role)
        fields.put(2, "name", name)
        fields.put(3, "phone", phone)
        fields.put(4, "location", location)
        fields.put(5, "companies", unlessEmpty: companies)
        fields.put(6, "company_name", companyName)
        fields.put(7, "owner", owner)
        fields.put(8, "tags", unlessEmpty: tags)
        fields.put(9, "created_at", createdAt)
        fields.put(10, "signup_date", signedUpAt)
        fields.put(11, "last_seen_at", lastSeenAt)
        fields.put(12, "lifecycle_stage", lifecycleStage)
        fields.put(13, "billing", billing)
        fields.put(14, "attributes", attributes.members.isEmpty ? nil : attributes)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        role = try fields.value(1, "role")
        name = try fields.value(2, "name")
        phone = try fields.value(3, "phone")
        location = try fields.value(4, "location")
        companies = try fields.list(5, "companies")
        companyName = try fields.value(6, "company_name")
        owner = try fields.value(7, "owner")
        tags = try fields.list(8, "tags")
        createdAt = try fields.value(9, "created_at")
        signedUpAt = try fields.value(10, "signup_date")
        lastSeenAt = try fields.value(11, "last_seen_at")
        lifecycleStage = try fields.value(12, "lifecycle_stage")
        billing = try fields.value(13, "billing")
        attributes = try fields.value(14, "attributes") ?? JSONObject()
    }
}

extension Location: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "country", country)
        fields.put(2, "country_code", countryCode)
        fields.put(3, "region", region)
        fields.put(4, "city", city)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        country = try fields.value(1, "country")
        countryCode = try fields.value(2, "country_code")
        region = try fields.value(3, "region")
        city = try fields.value(4, "city")
    }
}

extension Company: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "name", name)
        fields.put(2, "external_id", externalID)
        fields.put(3, "website", website)
        fields.put(4, "industry", industry)
        fields.put(5, "size", size)
        fields.put(6, "plan_name", planName)
        fields.put(7, "monthly_spend", monthlySpend)
        fields.put(8, "created_at", createdAt)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        name = try fields.value(1, "name")
        externalID = try fields.value(2, "external_id")
        website = try fields.value(3, "website")
        industry = try fields.value(4, "industry")
        size = try fields.value(5, "size")
        planName = try fields.value(6, "plan_name")
        monthlySpend = try fields.value(7, "monthly_spend")
        createdAt = try fields.value(8, "created_at")
    }
}

extension Owner: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "name", name)
        fields.put(2, "email", email)
        fields.put(3, "is_bot", isBot)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        name = try fields.value(1, "name")
        email = try fields.value(2, "email")
        isBot = try fields.required(3, "is_bot")
    }
}

extension Tag: Storable {
    func write(to fields: inout some FieldWriter) { fields.put(1, "name", name) }

    init(from fields: inout some FieldReader) throws(CodingFault) { name = try fields.required(1, "name") }
}
