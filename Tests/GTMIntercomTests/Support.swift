import GTMCore
import Testing

@testable import GTMIntercom

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The time of the run in all tests: 2025-12-01T02:40:00Z.
let now = Date(timeIntervalSince1970: 1_764_556_800)
let acme = SourceID(vendor: "intercom", account: "acme")

func at(_ seconds: Double) -> Date { Date(timeIntervalSince1970: seconds) }

func json(_ text: String) throws -> JSONValue { try JSONReader.read(text).value }

func id(_ stream: String, _ id: String) -> RecordID { RecordID(source: acme, stream: stream, id: id) }

/// A fixture beside the tests.
func fixture(_ name: String) throws -> [UInt8] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
    return Array(try Data(contentsOf: folder.appendingPathComponent(name)))
}

extension IntercomMapping {
    static func forTests(_ change: (inout StripeAttributes) -> Void = { _ in }, currency: Currency = .usd) -> Self {
        var stripe = StripeAttributes()
        change(&stripe)
        return IntercomMapping(
            source: acme, stripe: stripe, defaultCurrency: currency, transcriptWindow: .seconds(90 * 86_400))
    }

    /// The contact with these custom attributes, in JSON.
    func contact(attributes: String) throws -> MappedRecord {
        try contact(json("{\"id\":\"1\",\"custom_attributes\":\(attributes)}"), now: now)
    }

    /// The contact with these members besides the id, in JSON.
    func contact(members: String) throws -> MappedRecord {
        try contact(json("{\"id\":\"1\",\(members)}"), now: now)
    }

    func conversation(members: String) throws -> MappedRecord {
        try conversation(json("{\"id\":\"9\",\(members)}"), now: now)
    }
}

extension MappedRecord {
    var contact: Contact { get throws { try #require(record.fact.contact) } }
    var billing: BillingMirror { get throws { try #require(record.fact.contact?.billing) } }
    var conversation: Conversation { get throws { try #require(record.fact.conversation) } }
    var paths: [String] { issues.map(\.path) }
}
