import GTMCore

/// What can be searched for, and how it is compared.
enum IntercomFields {
    enum Kind: Sendable {
        case text, number, flag
        /// By the whole day of the workspace.
        case day
        /// By the second.
        case second
        /// Tags of a contact: equal or not.
        case tag
        /// Several values, of which one has to match.
        case several
        /// A text that is matched by single words.
        case words
    }

    static func contact(_ name: String) -> Kind? {
        switch name {
        case "id", "role", "name", "avatar", "email", "email_domain", "phone", "external_id", "language_override",
            "browser", "browser_language", "os", "location.country", "location.region", "location.city":
            .text
        case "owner_id": .number
        case "created_at", "signed_up_at", "updated_at", "last_seen_at", "last_contacted_at", "last_replied_at",
            "last_email_opened_at", "last_email_clicked_at":
            .day
        case "unsubscribed_from_emails", "marked_email_as_spam", "has_hard_bounced": .flag
        case "tag_id": .tag
        case _ where name.hasPrefix("custom_attributes.") && name.hasSuffix("_at"): .day
        case _ where name.hasPrefix("custom_attributes."): .text
        default: nil
        }
    }

    static func conversation(_ name: String) -> Kind? {
        switch name {
        case "id", "title", "state", "priority", "source.type", "source.id", "source.delivered_as", "source.subject",
            "source.url", "source.author.id", "source.author.type", "source.author.name", "source.author.email",
            "conversation_rating.remark":
            .text
        case "source.body": .words
        case "created_at", "updated_at", "waiting_since", "snoozed_until", "conversation_rating.requested_at",
            "conversation_rating.replied_at":
            .second
        case "contact_ids", "teammate_ids", "tag_ids": .several
        case "admin_assignee_id", "team_assignee_id", "conversation_rating.score": .number
        case "open", "read", "ai_agent_participated": .flag
        case _ where name.hasPrefix("statistics."): .number
        default: nil
        }
    }
}
