import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension IntercomMapping {
    /// A company.
    func company(_ value: JSONValue, now: Date) throws(MappingRejection) -> MappedRecord {
        let (fields, id) = try opened(value)
        let recordID = recordID(Stream.companies, id)
        var reader = FieldReader(record: recordID, now: now)
        var company = Company()
        company.name = reader.text(fields["name"], "name")
        company.externalID = reader.identifier(fields["company_id"], "company_id")
        company.website = reader.text(fields["website"], "website")
        company.industry = reader.text(fields["industry"], "industry")
        company.size = reader.count(fields["size"], "size")
        // `plan` is an empty object where there is none.
        company.planName = reader.text(reader.object(fields["plan"], "plan")?["name"], "plan.name")
        company.createdAt = reader.date(fields["created_at"], "created_at")
        var billing = BillingMapping(units: stripeUnits, defaultCurrency: defaultCurrency)
        let spend = billing.money(
            fields["monthly_spend"], .major, .assumed(defaultCurrency), "monthly_spend", &reader)
        // 0 is what a company has whose spend nobody ever set.
        if let spend, spend.minorUnits != 0 { company.monthlySpend = spend }
        let record = SourceRecord(
            id: recordID, changedAt: reader.date(fields["updated_at"], "updated_at"), fact: .company(company),
            state: state(of: fields))
        return MappedRecord(record, issues: reader.issues)
    }

    /// A teammate.
    func admin(_ value: JSONValue, now: Date) throws(MappingRejection) -> MappedRecord {
        let (fields, id) = try opened(value)
        let recordID = recordID(Stream.admins, id)
        var reader = FieldReader(record: recordID, now: now)
        let isBot = fields["type"]?.string == "bot" || Self.isOperator(fields["email"]?.string)
        let owner = Owner(
            name: reader.text(fields["name"], "name"), email: reader.email(fields["email"], "email"), isBot: isBot)
        return MappedRecord(SourceRecord(id: recordID, fact: .owner(owner)), issues: reader.issues)
    }

    /// A label.
    func tag(_ value: JSONValue, now: Date) throws(MappingRejection) -> MappedRecord {
        let (fields, id) = try opened(value)
        let recordID = recordID(Stream.tags, id)
        var reader = FieldReader(record: recordID, now: now)
        let name = reader.text(fields["name"], "name")
        if name == nil { reader.note("name", "the label has no name") }
        return MappedRecord(SourceRecord(id: recordID, fact: .tag(Tag(name: name ?? ""))), issues: reader.issues)
    }

    /// Whether an address is that of Intercom's own bot, which no customer has for an account manager.
    static func isOperator(_ email: String?) -> Bool {
        guard let email = email?.lowercased() else { return false }
        return email.hasPrefix("operator+") && email.hasSuffix("@intercom.io")
    }
}
