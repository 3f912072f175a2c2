import GTMCore
import Testing

@testable import GTMIntercom

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("Intercom archive: NDJSON") struct IntercomArchiveTests {
    static func archive(
        _ text: String, _ change: (inout IntercomArchive.Configuration) -> Void = { _ in }
    ) throws -> IntercomArchive {
        var configuration = IntercomArchive.Configuration(account: "acme")
        change(&configuration)
        return try IntercomArchive(Array(text.utf8), configuration)
    }

    static func page(
        _ archive: IntercomArchive, _ stream: String, after cursor: PageCursor? = nil,
        _ scope: PageRequest.Scope = .everything
    ) async throws -> RecordPage {
        try await archive.page(PageRequest(stream: stream, scope: scope, cursor: cursor, now: now))
    }

    static let mixed = """
        {"type":"admin","id":"7","name":"Rosa One","email":"rosa@vendor.test"}
        {"type":"contact","id":"1","email":"ada@northwind.test"}

        {"id":"2","email":"lin@northwind.test","role":"lead"}\r
        {"type":"company","id":"66","name":"Northwind"}
        {"id":"67","company_id":"x","name":"Southwind"}
        {"type":"conversation","id":"91","contacts":{"contacts":[{"id":"1"}]},"conversation_parts":\
        {"conversation_parts":[{"id":1,"body":"<p>hi</p>","author":{"type":"user","id":"1"}}],"total_count":1}}
        {"id":"92","source":{"body":"hello"},"state":"open","contacts":{"contacts":[]}}
        {"type":"tag","id":"78","name":"billing"}
        not json
        {"type":"ticket","id":"5"}
        {"type":"contact","email":"nobody@northwind.test"}
        [1]
        """

    @Test("A conversation without its messages is none with no message") func missingParts() async throws {
        let without = try Self.archive(#"{"type":"conversation","id":"91","conversation_parts" : null}"#)
        #expect(without.descriptor.streams.map(\.name) == ["conversations"])
        let broken = try Self.archive(
            #"{"type":"conversation","id":"91","conversation_parts":{"conversation_parts":null,"total_count":3}}"#)
        let page = try await Self.page(broken, "conversation_parts")
        #expect(page.records == [])
        #expect(
            page.rejected.map(\.reason) == ["expected the list of messages, found null; the source counts 3"])
        #expect(page.rejected.map(\.path) == ["line 1.conversation_parts"])
    }

    @Test("Each line goes where it belongs; a bad one is told by its number") func sortsLines() async throws {
        let archive = try Self.archive(Self.mixed)
        #expect(archive.descriptor.id == acme)
        #expect(
            archive.descriptor.streams.map(\.name) == [
                "admins", "tags", "companies", "contacts", "conversations", "conversation_parts",
            ])
        #expect(archive.descriptor.streams.allSatisfy { $0.reading == .once && $0.deletions == .untold })

        let contacts = try await Self.page(archive, "contacts")
        #expect(contacts.records.map(\.id.id) == ["1", "2"])
        #expect(contacts.total == 6)
        #expect(Set(contacts.rejected.map(\.id.id)) == ["line 11", "line 12", "line 13", "line 10"])
        #expect(contacts.rejected.contains { $0.path == "line 12.id" })
        #expect(contacts.rejected.allSatisfy { !$0.retries && !$0.reason.contains("northwind") })

        #expect(try await Self.page(archive, "admins").records.map(\.fact.owner?.name) == ["Rosa One"])
        #expect(try await Self.page(archive, "tags").records.map(\.fact.tag?.name) == ["billing"])
        let companies = try await Self.page(archive, "companies")
        #expect(companies.records.map(\.fact.company?.name) == ["Northwind", "Southwind"])
        let conversations = try await Self.page(archive, "conversations")
        #expect(conversations.records.map(\.id.id) == ["91", "92"])
        #expect(conversations.pending == [])
        let parts = try await Self.page(archive, "conversation_parts")
        #expect(parts.records.map { $0.fact.transcript?.messages.map(\.text) } == [["hi"]])
        #expect(parts.records.map(\.id) == [id("conversation_parts", "91")])
        #expect(parts.total == 1)
    }

    @Test("Pages follow one another to the end, in the order of the file", arguments: [1, 2, 3])
    func pages(concurrency: Int) async throws {
        let text = (1...1234).map { "{\"type\":\"contact\",\"id\":\"\($0)\"}\n" }.joined()
        let archive = try Self.archive(text) {
            $0.pageSize = 100
            $0.concurrency = concurrency
        }
        var ids: [String] = []
        var cursor: PageCursor?
        var pages = 0
        repeat {
            let page = try await Self.page(archive, "contacts", after: cursor)
            #expect(page.total == 1234)
            ids += page.records.map(\.id.id)
            cursor = page.next
            pages += 1
        } while cursor != nil
        #expect(ids == (1...1234).map(String.init))
        #expect(pages == 13)
    }

    @Test("A record that stands in the file twice is counted once") func countsDifferentRecords() async throws {
        let archive = try Self.archive(
            """
            {"type":"contact","id":"1","name":"old"}
            {"name":"new","id":"1","role":"user"}
            {"id":2,"type":"contact"}
            """)
        let page = try await Self.page(archive, "contacts")
        #expect(page.records.map(\.id.id) == ["1", "1", "2"])
        #expect(page.total == 2)
    }

    @Test("A checkpoint changes nothing, and ids are looked up") func servesScopes() async throws {
        let archive = try Self.archive(Self.mixed)
        let changed = try await Self.page(
            archive, "contacts", .changed(since: Checkpoint(watermark: now)))
        #expect(changed.records.count == 2)
        let ids = try await Self.page(
            archive, "contacts", .ids([id("contacts", "2"), id("contacts", "404")]))
        #expect(ids.records.map(\.id.id) == ["2"])
        #expect(ids.rejected.map(\.id.id) == ["404"])
    }

    @Test("A value nested too deeply costs its record alone") func rejectsDeepRecords() async throws {
        let deep = String(repeating: "[", count: 600) + String(repeating: "]", count: 600)
        let archive = try Self.archive(
            "{\"type\":\"contact\",\"id\":\"1\",\"x\":\(deep)}\n{\"type\":\"contact\",\"id\":\"2\"}")
        let page = try await Self.page(archive, "contacts")
        #expect(page.records.map(\.id.id) == ["2"])
        #expect(page.rejected.map(\.id.id) == ["1"])
        #expect(page.total == 2)
    }

    @Test("An empty file has no contacts", arguments: ["", "\n\n", "  ", "\u{FEFF}"])
    func readsEmpty(text: String) async throws {
        let archive = try Self.archive(text)
        #expect(archive.descriptor.streams.map(\.name) == ["contacts"])
        let page = try await Self.page(archive, "contacts")
        #expect(page == RecordPage(total: 0))
    }

    @Test("A wrong cursor and a stream that is not there are refused") func refuses() async throws {
        let archive = try Self.archive("{\"type\":\"contact\",\"id\":\"1\"}")
        for cursor in ["x", "-1", "1", "99999999999999999999"] {
            let error = await #expect(throws: SourceError.self) {
                try await Self.page(archive, "contacts", after: PageCursor(cursor))
            }
            #expect(error?.code == .expiredCursor)
        }
        let error = await #expect(throws: SourceError.self) { try await Self.page(archive, "companies") }
        #expect(error?.code == .invalidRequest)
    }

    @Test("A file is read; one that is not there is named") func readsFiles() async throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
        let archive = try IntercomArchive(file: folder.appendingPathComponent("archive.csv").path)
        #expect(try await Self.page(archive, "contacts").records.count == 3)
        let error = #expect(throws: IntercomArchive.Unreadable.self) { try IntercomArchive(file: "/nowhere/x.json") }
        #expect(error?.description.hasPrefix("/nowhere/x.json cannot be read") == true)
    }
}

@Suite("Intercom archive: CSV") struct IntercomArchiveCSVTests {
    @Test("Columns become the members of a contact") func mapsColumns() async throws {
        let archive = try IntercomArchive(fixture("archive.csv"), IntercomArchive.Configuration(account: "acme"))
        let page = try await IntercomArchiveTests.page(archive, "contacts")
        #expect(page.total == 4)
        #expect(page.next == nil)

        let ada = try #require(page.records.first)
        var contact = Contact()
        contact.role = "user"
        contact.name = "North, \"Ada\""
        contact.phone = "+1 555 0100"
        contact.location = Location(country: "Ireland", city: "Dublin")
        contact.companyName = "Northwind"
        contact.createdAt = at(1_711_366_175)
        contact.signedUpAt = at(1_711_324_800)
        contact.lastSeenAt = at(1_764_549_000)
        var billing = BillingMirror()
        billing.customerID = ExternalID(system: "stripe", id: "cus_1")
        billing.planPrice = Money(minorUnits: 29_900, currency: .usd)
        billing.assumedCurrency = .usd
        contact.billing = billing
        contact.attributes = ["Note": "two\nlines"]
        let identity = Identity(
            email: try EmailAddress("ada@northwind.test"),
            externalIDs: [
                ExternalID(system: "intercom/acme.external_id", id: "cust-1001"),
                ExternalID(system: "stripe", id: "cus_1"),
            ])
        #expect(
            ada
                == SourceRecord(
                    id: id("contacts", "65"), identity: identity, changedAt: at(1_764_550_000), fact: .contact(contact))
        )
        #expect(page.records.map(\.id.id) == ["65", "lin@northwind.test", "67"])
        #expect(page.rejected.map(\.id.id) == ["line 6"])
        #expect(page.rejected.map(\.reason) == ["the row has 3 columns; expected 16"])
        #expect(page.issues.map(\.path) == ["last_seen_at"])
    }

    @Test(
        "Rows are cut by RFC 4180",
        arguments: [
            ("email,a\r\nx@y.test,1\r\n", ["1"]), ("email,a\nx@y.test,1", ["1"]),
            ("\u{FEFF}email,a\nx@y.test,1\n", ["1"]), ("email,a\nx@y.test,\"1,2\"\n", ["1,2"]),
            ("email,a\nx@y.test,\"say \"\"hi\"\"\"\n", ["say \"hi\""]),
            ("email,a\nx@y.test,\"1\r\n2\"\r\n", ["1\r\n2"]),
            ("email,a\nx@y.test,\n", [nil]), ("email,a\n\nx@y.test,1\n\n", ["1"]), ("\n\nemail,a\nx@y.test,1\n", ["1"]),
            ("EMAIL , a \nx@y.test,1\n", ["1"]), ("email,a\nx@y.test,\"\"\n", [nil]),
            ("email,a\nx@y.test,5\"\n", ["5\""]),
        ] as [(String, [String?])])
    func cutsRows(text: String, cells: [String?]) async throws {
        let page = try await IntercomArchiveTests.page(try IntercomArchiveTests.archive(text), "contacts")
        #expect(page.records.map { $0.fact.contact?.attributes["a"]?.string } == cells)
        #expect(page.rejected == [])
    }

    @Test(
        "A row that is none is told by its line",
        arguments: [
            ("email,a\nx@y.test\n", "line 2", "1 column;"), ("email,a\nx@y.test,1,2\n", "line 2", "3 columns"),
            ("email,a\n\"x@y.test,1\n", "line 2", "not closed"), ("email,a\n\"x\"y,1\n", "line 2", "closing quote"),
            ("email,a\nx@y.test,\"a\nb\"\n,1\n", "line 4", "neither"),
        ])
    func rejectsRows(text: String, line: String, reason: String) async throws {
        let page = try await IntercomArchiveTests.page(try IntercomArchiveTests.archive(text), "contacts")
        let rejected = try #require(page.rejected.last)
        #expect(rejected.id.id == line)
        #expect(rejected.reason.contains(reason))
        #expect(page.records.count + page.rejected.count == page.total)
    }

    @Test(
        "A table without a usable header is refused",
        arguments: [("name,phone\nA,1\n", "email"), ("email,Email\n", "twice"), ("email,\"a\nb", "not closed")])
    func refusesHeaders(text: String, reason: String) {
        let error = #expect(throws: IntercomArchive.Unreadable.self) { try IntercomArchiveTests.archive(text) }
        #expect(error?.description.contains(reason) == true)
    }

    @Test("The form of a file can be said") func takesFormat() throws {
        #expect(throws: IntercomArchive.Unreadable.self) { try IntercomArchiveTests.archive("{}") { $0.format = .csv } }
        let archive = try IntercomArchiveTests.archive("email\nx@y.test\n") { $0.format = .ndjson }
        #expect(archive.descriptor.streams.map(\.name) == ["contacts"])
    }
}
