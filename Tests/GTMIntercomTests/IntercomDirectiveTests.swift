import GTMAdapterKit
import GTMCore
import Testing

@testable import GTMIntercom

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("The directive and the code say the same") struct IntercomDirectiveTests {
    let blocks: [String: JSONValue]
    let configuration = IntercomConfiguration(account: "acme", token: Secret("t"))

    init() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let bytes = Array(try Data(contentsOf: root.appendingPathComponent("directives/intercom-sync.md")))
        var blocks: [String: JSONValue] = [:]
        var parts = String(decoding: bytes, as: UTF8.self).split(separator: "```json ")[...]
        parts.removeFirst()
        for part in parts {
            let name = part.prefix { $0 != "\n" }
            let text = part.dropFirst(name.count).split(separator: "```", maxSplits: 1)[0]
            blocks[String(name)] = try JSONReader.read(String(text)).value
        }
        self.blocks = blocks
    }

    @Test("Windows, sizes and limits") func settings() throws {
        func hours(_ duration: Duration) -> JSONValue { .integer(duration.components.seconds / 3600) }
        func minutes(_ duration: Duration) -> JSONValue { .integer(duration.components.seconds / 60) }
        let descriptor = IntercomAdapter.descriptor(of: acme)
        let expected: JSONObject = [
            "api_version": .string(configuration.version), "interval_hours": hours(descriptor.interval),
            "page_size": .integer(Int64(configuration.pageSize)),
            "companies_in_a_page": .integer(Int64(IntercomAdapter.companiesPerPage)),
            "companies_at_most": .integer(Int64(IntercomAdapter.greatestCompanyCount)),
            "overlap_hours": hours(configuration.overlap),
            "contact_lookback_minutes": minutes(configuration.contactLookback),
            "conversation_lookback_minutes": minutes(configuration.conversationLookback),
            "transcript_window_days": .integer(configuration.transcriptWindow.components.seconds / 86_400),
            "calls_at_once": .integer(Int64(configuration.concurrency)),
            "searches_in_a_second": .integer(Int64(configuration.searchesPerSecond)),
            "first_calls_in_a_window": .integer(Int64(descriptor.budgets[0].calls)),
            "window_seconds": .integer(descriptor.budgets[0].window.components.seconds),
            "wait_budget_minutes": minutes(IntercomAdapter.client(for: configuration).retry.patience),
            "default_currency": .string(configuration.defaultCurrency.code),
            "longest_text": .integer(Int64(FieldReader.longestText)),
            "longest_id": .integer(Int64(FieldReader.longestIdentifier)),
            "future_tolerance_hours": .integer(Int64(FieldReader.futureTolerance / 3600)),
            "archive_lines_in_a_page": .integer(Int64(IntercomArchive.Configuration().pageSize)),
        ]
        #expect(blocks["settings"]?.object == expected)
    }

    @Test("Streams") func streams() throws {
        let domains: [(String, DataDomains)] = [
            ("profile", .profile), ("revenue", .revenue), ("activity", .activity), ("support", .support),
            ("transcripts", .transcripts), ("usage", .usage),
        ]
        let told = try #require(blocks["streams"]?.array)
        let done = IntercomAdapter.descriptor(of: acme).streams
        #expect(told.map { $0["stream"]?.string } == done.map(\.name))
        for (told, done) in zip(told, done) {
            let provides = domains.filter { done.provides.contains($0.1) }.map { JSONValue.string($0.0) }
            #expect(told["provides"] == .array(provides))
            #expect(told["creates_customers"] == .bool(done.createsCustomers))
            #expect(told["deletions"] == (done.deletions == .absence ? "checked" : "untold"))
            let reading: JSONValue =
                switch done.reading {
                case .listed: "changes"
                case .listedWhole: "whole"
                case .byID: "by id"
                case .once: "once"
                }
            #expect(told["reading"] == reading)
        }
    }

    @Test("Names and units of Stripe's attributes") func stripe() throws {
        let attributes = StripeAttributes()
        let names = StripeRole.allCases.map { role in
            JSONObject.Member(
                key: "\(role)", value: .array(attributes.names(of: role).map { .string($0) }))
        }
        #expect(blocks["stripe"]?.object?.members == names)
        let units: JSONObject = [
            "planPrice": .string(attributes.planPriceUnit.rawValue),
            "lastCharge": .string(attributes.lastChargeUnit.rawValue),
            "listedPrice": .string(attributes.listedPriceUnit.rawValue),
            "listedAmount": .string(attributes.listedAmountUnit.rawValue),
        ]
        #expect(blocks["units"]?.object == units)
    }

    @Test("Each row of the contact table reads as it says, and no member is left out") func contacts() throws {
        let rows = try #require(blocks["contact"]?.array)
        for row in rows {
            let from = try #require(row["from"]?.string)
            var value: JSONObject = ["id": "1"]
            value[from] = row["example"]
            let mapped = try configuration.mapping.contact(.object(value), now: now)
            let field = try #require(row["to"]?.string)
            #expect(Self.shown(field, of: mapped.record) == row["reads_as"]?.string, "\(from)")
            #expect(mapped.issues == [])
        }
        #expect(Set(rows.compactMap { $0["from"]?.string }) == Set(ContactField.table.names))
    }

    private static func shown(_ field: String, of record: SourceRecord) -> String? {
        guard let contact = record.fact.contact else { return nil }
        func reference(_ id: RecordID?) -> String? { id.map { "\($0.stream)/\($0.id)" } }
        return switch field {
        case "intercom_contact_id": record.id.id
        case "email": record.identity?.email?.normalized
        case "external_id": record.identity?.externalIDs.first?.description
        case "name": contact.name
        case "phone": contact.phone
        case "role": contact.role
        case "location":
            [contact.location?.country, contact.location?.countryCode, contact.location?.city].compactMap { $0 }
                .joined(separator: ", ")
        case "assigned_am": reference(contact.owner)
        case "companies": reference(contact.companies.first)
        case "tags": reference(contact.tags.first)
        case "created_at": contact.createdAt?.ISO8601Format()
        case "signup_date": contact.signedUpAt?.ISO8601Format()
        case "changed_at": record.changedAt?.ISO8601Format()
        case "last_seen_at": contact.lastSeenAt?.ISO8601Format()
        case "state": "\(record.state)"
        case "attributes":
            contact.attributes.members.map { "\($0.key)=\($0.value.string ?? "")" }.joined(separator: ",")
        default: nil
        }
    }

    @Test("What counts as contact with the customer, and who writes") func support() throws {
        for row in try #require(blocks["support"]?.array) {
            let value: JSONValue = [
                "id": "1", "source": ["delivered_as": row["delivered_as"] ?? .null],
                "first_contact_reply": row["answered"] == true ? ["created_at": 1] : .null,
            ]
            let conversation = try configuration.mapping.conversation(value, now: now).record.fact.conversation
            #expect(conversation?.involvesCustomer == row["involves_customer"]?.bool)
        }
        for row in try #require(blocks["authors"]?.object).members {
            let value: JSONValue = ["id": "1", "source": ["author": ["type": .string(row.key), "id": "5"]]]
            let conversation = try configuration.mapping.conversation(value, now: now).record.fact.conversation
            #expect(conversation?.opening?.side.rawValue == row.value.string, "\(row.key)")
        }
    }

    @Test("The columns of a table") func columns() throws {
        let names = try #require(blocks["csv"]?.array).compactMap(\.string)
        #expect(names.sorted() == CSVTable.columnNames.sorted())
        // A column that is told of becomes no attribute.
        let header = names.joined(separator: ",")
        let row = names.map { $0 == "email" ? "ada@northwind.test" : "1" }.joined(separator: ",")
        let table = try CSVTable(Array("\(header)\n\(row)\n".utf8))
        var copy = table
        let line = try #require(copy.takeRows().first)
        #expect(try table.contact(of: line, in: Array("\(header)\n\(row)\n".utf8))["custom_attributes"] == nil)
    }
}
