import GTMAdapterKit
import GTMCore
import Testing

@testable import GTMIntercom

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("From Intercom to customers") struct EndToEndTests {
    @Test("A file becomes customers, and reading it again changes nothing") func readsArchive() async throws {
        let contact = """
            {"type":"contact","id":"1","email":"ada@northwind.test","name":"Ada North","custom_attributes":{"stripe_id":\
            "cus_1","Stripe Subscriptions":[{"id":"sub_1","status":"active","plan":{"amount":29900,"interval":"month"}},\
            {"id":"sub_2","status":"active","plan":{"amount":120000,"interval":"year"}}],"Stripe Payments":\
            [{"id":"ch_1","amount":29900,"created":1764000000,"status":"succeeded"}]}}
            """
        let conversation = """
            {"type":"conversation","id":"91","created_at":1764400000,"updated_at":1764550000,"state":"open","contacts":\
            {"contacts":[{"id":"1"}]},"source":{"id":"5","delivered_as":"customer_initiated","body":"<p>Hello</p>",\
            "author":{"type":"user","id":"1"}},"conversation_parts":{"conversation_parts":[{"id":"6","part_type":"comment",\
            "body":"<p>Please cancel my subscription.</p>","created_at":1764549900,"author":{"type":"user","id":"1"}}],\
            "total_count":1}}
            """
        let lead = #"{"type":"contact","id":"2","role":"lead","email":""}"#
        let archive = try IntercomArchiveTests.archive([contact, conversation, lead].joined(separator: "\n"))
        let engine = GTMEngine(store: InMemoryStore(), sources: [archive], now: { GTMIntercomTests.now })

        let first = try #require(try await engine.sync(.full).first)
        #expect(first.status == .success)
        #expect(first.failures == [])
        #expect(first.receipt.streams.map(\.stream) == ["contacts", "conversations", "conversation_parts"])
        #expect(first.receipt.streams.map(\.gap) == [0, 0, 0])
        #expect(first.receipt.streams[0].unmatched == 1)

        let ada = try #require(try await engine.customer(EmailAddress("ada@northwind.test")))
        #expect(ada.revenue.mrr.value?[.usd] == Fraction(39_900))
        #expect(ada.activity.mentionedCancel.value == true)

        let second = try #require(try await engine.sync().first)
        #expect(second.status == .success)
        #expect(second.receipt.streams.map(\.new) == [0, 0, 0])
        #expect(second.receipt.streams.map(\.updated) == [0, 0, 0])
    }

    @Test("A workspace is read through its API without a gap") func readsWorkspace() async throws {
        let contacts = try fixture("contacts-page-1.json")
        let conversations = try fixture("conversations-search.json")
        let conversation = try fixture("conversation.json")
        let admins = try fixture("admins.json")
        let transport = StubTransport { request, _ in
            switch request.path.encoded {
            case "/contacts" where request.query.contains { $0.name == "starting_after" }:
                return .json(
                    #"{"type":"list","data":[{"id":"2","email":"lin@northwind.test"},{"id":"3"}],"total_count":3,"pages":null}"#
                )
            case "/contacts": return HTTPResponse(status: 200, body: contacts)
            case "/conversations": return HTTPResponse(status: 200, body: conversations)
            case "/conversations/910000000000001": return HTTPResponse(status: 200, body: conversation)
            case "/admins": return HTTPResponse(status: 200, body: admins)
            case "/tags": return .json(#"{"type":"list","data":[{"id":"78001","name":"billing"}]}"#)
            case "/companies/list": return .error(401, "unauthorized")
            case "/me": return .me
            case "/contacts/search": return .json(#"{"type":"list","data":[],"total_count":0}"#)
            case "/conversations/search": return .json(#"{"conversations":[],"total_count":0}"#)
            default: return .notFound
            }
        }
        let engine = GTMEngine(
            store: InMemoryStore(), sources: [IntercomAdapter.forTests(transport)], now: { GTMIntercomTests.now })
        let run = try #require(try await engine.sync(.full).first)
        let streams = Dictionary(uniqueKeysWithValues: run.receipt.streams.map { ($0.stream, $0) })
        #expect(streams["contacts"]?.seen == 3)
        #expect(streams["contacts"]?.isComplete == true)
        #expect(streams["conversation_parts"]?.seen == 1)
        // Companies are closed to this token; that takes nothing from the rest.
        #expect(run.status != .success)
        let ada = try #require(try await engine.customer(EmailAddress("ada@northwind.test")))
        #expect(ada.key == .email(try EmailAddress("ada@northwind.test")))
        let changed = try #require(try await engine.sync().first)
        #expect(changed.receipt.streams.contains { $0.stream == "contacts" && $0.gap == 0 })
        #expect(transport.requests.contains { $0.path.encoded == "/contacts/search" })
    }
}
