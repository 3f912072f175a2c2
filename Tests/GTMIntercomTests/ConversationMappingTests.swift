import GTMCore
import Testing

@testable import GTMIntercom

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("Conversation mapping") struct ConversationMappingTests {
    let mapping = IntercomMapping.forTests()
    let ada = SubjectRef.record(id("contacts", "650000000000000000000001"))

    @Test("The documented conversation becomes a record, field by field") func mapsDocumentedConversation() throws {
        let page = try JSONReader.read(fixture("conversations-search.json")).value
        let value = try #require(page["conversations"]?.array?.first)
        let mapped = try mapping.conversation(value, now: now)

        var conversation = Conversation(createdAt: at(1_764_400_000), state: .open)
        conversation.opening = Message(
            id: "403910001", sentAt: at(1_764_400_000), side: .customer, author: ada, text: "I want to cancel my plan")
        conversation.rating = Rating(score: 4, ratedAt: at(1_764_451_000), by: ada)
        conversation.tags = ["billing"]
        conversation.assignee = id("admins", "7000011")
        let own = id("conversations", "910000000000001")
        #expect(
            mapped.record
                == SourceRecord(
                    id: own, subjects: [ada], changedAt: at(1_764_550_000), fact: .conversation(conversation)))
        #expect(mapped.pending == PendingFetch(id: id("conversation_parts", "910000000000001"), because: own))
        #expect(mapped.issues == [])
    }

    @Test(
        "The state is told by its word, else by whether it is open; snoozed is not closed",
        arguments: [
            (#""state":"open""#, .open, 0), (#""state":"snoozed","open":true"#, .snoozed, 0),
            (#""state":"closed","open":true"#, .closed, 0), (#""open":true"#, .open, 0),
            (#""open":false"#, .closed, 0), (#""state":"sleeping","open":true"#, .open, 1), (#""state":null"#, nil, 0),
            (#""state":7"#, nil, 1),
        ] as [(String, Conversation.State?, Int)])
    func readsState(members: String, state: Conversation.State?, issues: Int) throws {
        let mapped = try mapping.conversation(members: members)
        #expect(try mapped.conversation.state == state)
        #expect(mapped.issues.count == issues)
    }

    @Test(
        "Priority is a word of two versions, or a flag",
        arguments: [
            ("\"priority\"", true, 0), ("\"not_priority\"", false, 0), ("\"high\"", true, 0), ("\"urgent\"", true, 0),
            ("\"medium\"", false, 0), ("\"none\"", false, 0), ("true", true, 0), ("false", false, 0),
            ("null", false, 0),
            ("\"odd\"", false, 1), ("3", false, 1),
        ])
    func readsPriority(written: String, isPriority: Bool, issues: Int) throws {
        let mapped = try mapping.conversation(members: "\"priority\":\(written)")
        #expect(try mapped.conversation.isPriority == isPriority)
        #expect(mapped.issues.count == issues)
    }

    @Test(
        "A broadcast concerns the customer only once answered",
        arguments: [
            (#""source":{"delivered_as":"customer_initiated"}"#, true),
            (#""source":{"delivered_as":"automated"}"#, false),
            (#""source":{"delivered_as":"admin_initiated"},"first_contact_reply":null"#, false),
            (#""source":{"delivered_as":"admin_initiated"},"first_contact_reply":{"created_at":1}"#, true),
            (#""source":{}"#, true), (#""source":null"#, true),
        ])
    func tellsBroadcasts(members: String, involves: Bool) throws {
        #expect(try mapping.conversation(members: members).conversation.involvesCustomer == involves)
    }

    @Test(
        "The side is that of the author",
        arguments: [
            (#"{"type":"user","id":"1"}"#, .customer), (#"{"type":"lead","id":"1"}"#, .customer),
            (#"{"type":"contact","id":"1"}"#, .customer), (#"{"type":"bot","id":"1"}"#, .bot),
            (#"{"type":"admin","id":"1"}"#, .teammate), (#"{"type":"team","id":"1"}"#, .teammate),
            (#"{"type":"admin","id":"274","email":"operator+abcd@intercom.io"}"#, .bot),
            (#"{"type":"admin","id":"1","is_ai_answer":true}"#, .bot), ("null", .customer),
        ] as [(String, Message.Side)])
    func readsSide(author: String, side: Message.Side) throws {
        let mapped = try mapping.conversation(
            members: "\"source\":{\"delivered_as\":\"customer_initiated\",\"author\":\(author),\"body\":\"hi\"}")
        #expect(try mapped.conversation.opening?.side == side)
    }

    @Test("A redacted opening is empty; an e-mail without a body says its subject") func readsOpening() throws {
        let redacted = try mapping.conversation(
            members: #""source":{"body":"<p>secret</p>","subject":"s","redacted":true}"#)
        #expect(try redacted.conversation.opening?.text == "")
        let subject = try mapping.conversation(members: #""source":{"body":null,"subject":"Please cancel"}"#)
        #expect(try subject.conversation.opening?.text == "Please cancel")
        let html = try mapping.conversation(
            members: #""source":{"body":"<p>I won&rsquo;t renew</p><p>Bye</p>","subject":""}"#)
        #expect(try html.conversation.opening?.text == "I won’t renew\nBye")
    }

    @Test(
        "A rating is 1 to 5, and none until it is given",
        arguments: [
            (#""conversation_rating":null"#, nil, 0),
            (#""conversation_rating":{"rating":null,"created_at":5}"#, nil, 0),
            (#""conversation_rating":{"rating":5,"created_at":5,"contact":{"id":"1"}}"#, 5, 0),
            (#""conversation_rating":{"rating":"3"}"#, 3, 0), (#""conversation_rating":{"rating":0}"#, nil, 1),
            (#""conversation_rating":{"rating":6},"ai_agent":{"rating":2}"#, 2, 1),
            (#""conversation_rating":{"rating":null},"ai_agent":{"rating":2}"#, 2, 0),
            (#""ai_agent":{"rating":null}"#, nil, 0), (#""conversation_rating":[]"#, nil, 1),
        ] as [(String, Int?, Int)])
    func readsRating(members: String, score: Int?, issues: Int) throws {
        let mapped = try mapping.conversation(members: members)
        #expect(try mapped.conversation.rating?.score == score)
        #expect(mapped.issues.count == issues)
    }

    @Test(
        "The subjects are all contacts, else the author",
        arguments: [
            (
                #""contacts":{"contacts":[{"id":"1"},{"id":"2"}]},"source":{"author":{"type":"user","id":"3"}}"#,
                [.record(id("contacts", "1")), .record(id("contacts", "2"))]
            ),
            (
                #""contacts":{"contacts":[]},"source":{"author":{"type":"lead","id":"3"}}"#,
                [.record(id("contacts", "3"))]
            ),
            (#""source":{"author":{"type":"user","email":"A@b.test"}}"#, [.email(EmailAddress(known: "a@b.test"))]),
            (#""source":{"author":{"type":"admin","id":"3"}}"#, []), (#""contacts":null"#, []),
        ] as [(String, [SubjectRef])])
    func readsSubjects(members: String, subjects: [SubjectRef]) throws {
        #expect(try mapping.conversation(members: members).record.subjects == subjects)
    }

    @Test(
        "Parts are fetched for what changed within the window and has any",
        arguments: [
            (#""updated_at":1764550000"#, true), (#""updated_at":1764550000,"statistics":null"#, true),
            (#""updated_at":1764550000,"statistics":{"count_conversation_parts":0}"#, false),
            (#""updated_at":1764550000,"statistics":{"count_conversation_parts":2}"#, true),
            (#""updated_at":1756780799"#, false), (#""updated_at":1756780800"#, true), (#""updated_at":null"#, false),
        ])
    func asksForParts(members: String, asks: Bool) throws {
        #expect(try (mapping.conversation(members: members).pending != nil) == asks)
    }

    @Test("A deleted conversation says so") func readsDeleted() throws {
        #expect(try mapping.conversation(members: #""object":"conversation","deleted":true"#).record.state == .deleted)
    }

    @Test("The parts become messages: notes and empty ones are left out, the oldest stands first") func mapsParts()
        throws
    {
        let mapped = try mapping.transcript(JSONReader.read(fixture("conversation.json")).value, now: now)
        let transcript = try #require(mapped.record.fact.transcript)
        #expect(mapped.record.id == id("conversation_parts", "910000000000001"))
        #expect(mapped.record.subjects == [ada])
        #expect(mapped.record.changedAt == at(1_764_550_000))
        #expect(
            transcript
                == Transcript(
                    conversation: id("conversations", "910000000000001"),
                    messages: [
                        Message(
                            id: "550000", sentAt: at(1_764_499_000), side: .bot, author: .record(id("admins", "274")),
                            text: "A teammate will be with you."),
                        Message(
                            id: "550004", sentAt: at(1_764_500_000), side: .teammate,
                            author: .record(id("admins", "7000011")), text: "Closing this for now\nBye"),
                        Message(
                            id: "550001", sentAt: at(1_764_549_900), side: .customer, author: ada,
                            text: "I want to cancel my plan"),
                    ], missing: 2))
        #expect(mapped.paths == ["conversation_parts"])
        #expect(mapped.issues.first?.reason == "2 older messages are not handed out")
    }

    @Test(
        "An answer without its messages is no empty transcript, unless the source counts none",
        arguments: [
            (#""title":null"#, nil), (#""conversation_parts":null"#, nil), (#""conversation_parts":{}"#, nil),
            (#""conversation_parts":{"conversation_parts":null,"total_count":3}"#, 3),
            (#""statistics":{"count_conversation_parts":2}"#, 2),
            (#""conversation_parts":{"total_count":0},"statistics":{"count_conversation_parts":2}"#, 2),
            (#""conversation_parts":7,"statistics":{"count_conversation_parts":0}"#, 0),
            (#""conversation_parts":{"conversation_parts":"x"}"#, nil),
        ] as [(String, Int?)])
    func refusesMissingParts(members: String, count: Int?) throws {
        let error = #expect(throws: MappingRejection.self) {
            try mapping.transcript(json("{\"id\":\"9\",\(members)}"), now: now)
        }
        #expect(error?.retries == true)
        #expect(error?.path == ".conversation_parts")
        #expect(error?.reason.hasPrefix("expected the list of messages, found ") == true)
        #expect(error?.reason.contains("the source counts") == (count != nil))
        #expect(count.map { error?.reason.hasSuffix("; the source counts \($0)") == true } ?? true)
    }

    @Test(
        "Where the source counts no message, an absent list is an empty transcript",
        arguments: [
            #""statistics":{"count_conversation_parts":0}"#,
            #""statistics":{"count_conversation_parts":0},"conversation_parts":null"#,
            #""conversation_parts":{"total_count":0}"#, #""conversation_parts":{"conversation_parts":[]}"#,
        ])
    func takesEmptyTranscripts(members: String) throws {
        let mapped = try mapping.transcript(json("{\"id\":\"9\",\(members)}"), now: now)
        #expect(mapped.record.fact.transcript?.messages == [])
        #expect(mapped.issues == [])
    }

    @Test("What the source counts and does not hand out is told", arguments: [(612, 112), (501, 1), (500, 0)])
    func tellsMissingParts(counted: Int, missing: Int) throws {
        let parts = (0..<500).map { "{\"id\":\"\($0)\",\"part_type\":\"comment\",\"body\":\"b\"}" }
        let mapped = try mapping.transcript(
            json(
                """
                {"id":"9","conversation_parts":{"conversation_parts":[\(parts.joined(separator: ","))],"total_count":500},\
                "statistics":{"count_conversation_parts":\(counted)}}
                """), now: now)
        #expect(mapped.record.fact.transcript?.missing == missing)
        let told = [612: "112 older messages are not handed out", 501: "1 older message is not handed out"]
        #expect(mapped.issues.map(\.reason) == [told[counted]].compactMap { $0 })
    }

    @Test("Parts of the wrong form cost themselves alone") func survivesWrongParts() throws {
        let mapped = try mapping.transcript(
            json(
                #"{"id":9,"conversation_parts":{"conversation_parts":[7,{"body":7},{"id":1,"body":"x"}],"total_count":3}}"#
            ),
            now: now)
        #expect(mapped.record.fact.transcript?.messages.map(\.text) == ["x"])
        #expect(mapped.issues.count == 2)
    }
}

extension EmailAddress {
    init(known text: String) {
        do { try self.init(text) } catch { preconditionFailure("\(error)") }
    }
}

@Suite("Plain text of bodies") struct PlainTextTests {
    @Test(
        "Mark-up goes, words stay",
        arguments: [
            ("<p>I want to <b>cancel</b> my plan</p>", "I want to cancel my plan"),
            ("<p>One</p>\n<p>Two</p>", "One\nTwo"), ("<div>A<br>B<br/><br />C</div>", "A\nB\n\nC"),
            ("<ul><li>a</li><li>b</li></ul>", "a\nb"), ("Tom &amp; Jerry &lt;3 &#39;ok&#x27;", "Tom & Jerry <3 'ok'"),
            ("won&rsquo;t", "won’t"), ("a&nbsp;&nbsp;b", "a b"), ("a < b and c > d", "a < b and c > d"),
            ("&unknown; & &;", "&unknown; & &;"), ("<p title=\"a > b\">x</p>", "x"), ("<p", "<p"),
            ("line one\nline two", "line one\nline two"), ("  plain  ", "plain"), ("", ""), ("<p></p>", ""),
            ("<script>alert('cancel')</script>ok", "ok"), ("<style>p{}</style >ok", "ok"), ("<!-- cancel -->ok", "ok"),
            ("<P>Upper</P><SPAN>case</SPAN>", "Upper\ncase"), ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
            ("&#0;&#xD800;&#99999999;", "\u{FFFD}\u{FFFD}\u{FFFD}"), ("<img src=\"x\">after", "after"), ("<", "<"),
            ("<script>never closed", "never closed"), ("i <3 you <unknown> tag", "i <3 you <unknown> tag"),
            ("<blockquote>Please cancel our plan</blockquote>", "> Please cancel our plan"),
            ("Hi<blockquote><p>a</p><p>b<br>c</p></blockquote>d", "Hi\n> a\n> b\n> c\nd"),
            ("a<blockquote>b<blockquote>c</blockquote>d</blockquote>e", "a\n> b\n> c\n> d\ne"),
            ("</blockquote>a<blockquote>never closed<br>b", "a\n> never closed\n> b"),
        ])
    func reads(body: String, text: String) {
        #expect(PlainText.of(body) == text)
    }

    @Test(
        "Hostile bodies take no longer than others of their length", .timeLimit(.minutes(1)),
        arguments: [
            "<p ", "<p \"", "<!--", "<!", "<script>", "<style><script>", "&", "<", "<p><!-- ", "<p '>", "&#x",
            "<blockquote>", "<blockquote>a", "<blockquote>a<br>",
        ])
    func staysLinear(piece: String) {
        let body = String(repeating: piece, count: 300_000 / piece.utf8.count)
        #expect(PlainText.of(body).utf8.count <= body.utf8.count)
        #expect(PlainText.of(body + ">").utf8.count <= body.utf8.count + 1)
    }
}

@Suite("Directory mapping") struct DirectoryMappingTests {
    let mapping = IntercomMapping.forTests()

    @Test("A company, whose spend of 0 was never set") func mapsCompany() throws {
        let value = try json(
            """
            {"type":"company","id":"6600","company_id":"acct-7","name":"Northwind","website":"https://northwind.test",\
            "industry":"Trade","size":120,"plan":{"id":"1","name":"Team"},"monthly_spend":99.5,"created_at":1711366175,\
            "updated_at":1764550000,"tags":{"tags":[]},"custom_attributes":{}}
            """)
        var company = Company()
        company.name = "Northwind"
        company.externalID = "acct-7"
        company.website = "https://northwind.test"
        company.industry = "Trade"
        company.size = 120
        company.planName = "Team"
        company.monthlySpend = Money(minorUnits: 9950, currency: .usd)
        company.createdAt = at(1_711_366_175)
        let mapped = try mapping.company(value, now: now)
        #expect(
            mapped.record
                == SourceRecord(id: id("companies", "6600"), changedAt: at(1_764_550_000), fact: .company(company)))
        #expect(mapped.issues == [])
        let bare = try mapping.company(json(#"{"id":1,"plan":{},"monthly_spend":0,"size":null}"#), now: now)
        #expect(bare.record.fact.company == Company())
        let wrong = try mapping.company(json(#"{"id":1,"plan":[],"monthly_spend":-1,"size":"many"}"#), now: now)
        #expect(wrong.paths == ["size", "plan", "monthly_spend"])
    }

    @Test("Teammates, among them Intercom's own bot") func mapsAdmins() throws {
        let admins = try #require(try JSONReader.read(fixture("admins.json")).value["admins"]?.array)
        let owners = try admins.map { try mapping.admin($0, now: now).record.fact.owner }
        #expect(
            try owners == [
                Owner(name: "Rosa One", email: EmailAddress("rosa@vendor.test")),
                Owner(name: "Operator", email: EmailAddress("operator+abcd1234@intercom.io"), isBot: true),
            ])
    }

    @Test("Labels") func mapsTags() throws {
        #expect(
            try mapping.tag(json(#"{"id":"78001","name":"billing"}"#), now: now).record.fact.tag == Tag(name: "billing")
        )
        #expect(try mapping.tag(json(#"{"id":78001}"#), now: now).paths == ["name"])
    }
}
