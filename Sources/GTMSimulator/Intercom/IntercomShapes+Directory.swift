import GTMCore

/// Companies, teammates, tags and what the workspace says of itself.
extension IntercomShapes {
    func company(_ index: Int) -> JSONValue {
        let company = world.companies[index]
        let plan = company.subscriptions.first { !$0.status.hasEnded }
        let seen = company.people.compactMap(\.lastSeenAt).max()
        return [
            "type": "company", "id": .string(world.companyID(index)), "company_id": .string("org-\(index + 1)"),
            "app_id": .string(Self.workspace), "name": .string(company.name),
            "website": .string("https://www.\(company.domain)"), "industry": .string(company.industry),
            "size": .integer(Int64(company.employees)),
            "plan": plan.map { ["type": "plan", "id": .string("\(index + 1)"), "name": .string($0.planName)] } ?? [:],
            "monthly_spend": 0, "session_count": .integer(Int64(company.people.count * 12)),
            "user_count": .integer(Int64(company.people.count { $0.isUser })), "last_request_at": .optional(seen),
            "created_at": .integer(company.signedUpAt), "updated_at": .integer(max(company.signedUpAt, seen ?? 0)),
            "remote_created_at": .integer(company.signedUpAt), "tags": ["type": "tag.list", "tags": []],
            "segments": ["type": "segment.list", "segments": []], "custom_attributes": [:],
        ]
    }

    static func admin(_ place: Int) -> JSONValue {
        let teammate = Vocabulary.teammates[place]
        return [
            "type": "admin", "id": .string("\(teammate.number)"), "name": .string(teammate.name),
            "email": .string(teammate.email), "job_title": .string(teammate.job), "away_mode_enabled": false,
            "away_mode_reassign": false, "has_inbox_seat": .bool(place != Vocabulary.bot), "team_ids": [],
            "team_priority_level": [:],
        ]
    }

    static var admins: JSONValue {
        ["type": "admin.list", "admins": .array(Vocabulary.teammates.indices.map(admin))]
    }

    static var tags: JSONValue {
        let tags = Vocabulary.tags.enumerated().map { place, name -> JSONValue in
            ["type": "tag", "id": .string("\(78_001 + place)"), "name": .string(name)]
        }
        return ["type": "list", "data": .array(tags)]
    }

    func me(timeZone: String) -> JSONValue {
        [
            "type": "admin", "id": "7000099", "name": "Sync", "email": "sync@vendor.test", "email_verified": true,
            "app": [
                "type": "app", "id_code": .string(Self.workspace), "name": "Vendor", "created_at": 1_500_000_000,
                "secure": false, "identity_verification": false, "timezone": .string(timeZone), "region": "US",
            ],
            "has_inbox_seat": true,
        ]
    }

    static var dataAttributes: JSONValue {
        let attributes = [
            ("job_role", "string"), ("stripe_id", "string"), ("stripe_plan", "string"), ("stripe_plan_price", "float"),
            ("stripe_plan_interval", "string"), ("stripe_subscription_status", "string"),
            ("stripe_delinquent", "boolean"), ("stripe_account_balance", "float"),
            ("stripe_last_charge_amount", "float"), ("stripe_last_charge_at", "date"),
            ("stripe_subscription_period_start_at", "date"), ("stripe_card_brand", "string"),
        ]
        let data = attributes.enumerated().map { place, attribute -> JSONValue in
            [
                "type": "data_attribute", "id": .integer(Int64(9_001 + place)), "model": "contact",
                "name": .string(attribute.0), "full_name": .string("custom_attributes.\(attribute.0)"),
                "label": .string(attribute.0), "data_type": .string(attribute.1), "api_writable": true,
                "messenger_writable": false, "ui_writable": true, "custom": true, "archived": false,
            ]
        }
        return ["type": "list", "data": .array(data)]
    }
}
