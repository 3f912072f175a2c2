import Foundation
import GTMCore
import Testing

@testable import GTMCommandLine

@Suite("gtm mrr reconcile") struct ReconcileTests {
    /// Ada pays 299.00 a month less 10 % once; Eve is past due with 9.00 a week; Cy is on trial.
    private func session(_ project: String? = nil) async throws -> Session {
        var session = Session()
        session.store = InMemoryStore()
        let coupon = #"{"id":"c","duration":"once","percent_off":10}"#
        let people = [
            ("1", "ada", "active", 29_900, "month", #","discount":{"coupon":\#(coupon),"start":1795000000}"#),
            ("2", "eve", "past_due", 900, "week", ""), ("3", "cy", "trialing", 5000, "month", ""),
        ]
        session.input = people.map { id, name, status, amount, interval, more in
            """
            {"type":"contact","id":"\(id)","email":"\(name)@x.test","updated_at":1795000000,"custom_attributes":\
            {"stripe_id":"cus_\(id)","Stripe Subscriptions":[{"id":"sub_\(id)","status":"\(status)","currency":"usd",\
            "plan":{"amount":\(amount),"interval":"\(interval)","nickname":"Pro"}\(more)}]}}
            """
        }.joined(separator: "\n")
        #expect(try await session.run("import", "-").code == .done)
        session.input = nil
        if let project { session.files["gtm.json"] = project }
        return session
    }

    @Test("JSON tells every subscription that differs, and amounts that add up") func json() async throws {
        let words = ["mrr", "reconcile", "--policy", "active-only", "--policy", "chartmogul", "--json"]
        let document = try await session().run(words: words).document
        #expect(document["from"] == "active-only v2")
        #expect(document["customers"] == 3)
        let total = try #require(document["totals"]?.array?.first)
        #expect(total["from"]?.exactDecimal == "299")
        #expect(total["reasons"]?["past_due"]?.exactDecimal == "39")
        #expect(total["reasons"]?["discounts"]?.exactDecimal == "-29.9")
        #expect(total["rounding"]?.exactDecimal == "0")
        #expect(total["to"]?.exactDecimal == "308.1")
        let lines = document["subscriptions"]?.array ?? []
        #expect(lines.map { $0["customer"]?.string } == ["ada@x.test", "eve@x.test"])
        #expect(lines.map { $0["subscription"]?.string } == ["stripe:sub_1", "stripe:sub_2"])
    }

    @Test("A screen: the sum, then the subscriptions, at any width", arguments: [30, 60, 100])
    func text(width: Int) async throws {
        var session = try await session()
        session.width = width
        let outcome = try await session.run("mrr", "reconcile", "--policy", "active-only", "--policy", "chartmogul")
        #expect(outcome.code == .done)
        for part in ["299.00", "+39.00", "-29.90", "308.10", "overdue", "discounts"] {
            #expect(outcome.output.contains(part), "\(part)")
        }
        for line in outcome.output.split(separator: "\n") { #expect(line.count <= width) }
        let same = try await session.run("mrr", "reconcile", "--policy", "stripe", "--policy", "stripe")
        #expect(same.output.contains("No subscription differs."))
    }

    @Test("A policy of one's own is named in gtm.json, and may be the one that counts") func ownPolicy() async throws {
        let session = try await session(
            """
            {"policy": "ours", "policies": [
              {"name": "ours", "version": 3, "counted_statuses": ["active", "trialing"], "weeks_per_year": 48}]}
            """)
        let document = try await session.run(
            "mrr", "reconcile", "--policy", "active-only", "--policy", "ours", "--json"
        ).document
        #expect(document["to"] == "ours v3")
        #expect(document["totals"]?.array?.first?["reasons"]?["trials"]?.exactDecimal == "50")
        let customers = try await session.run("customers", "--json").documents
        #expect(customers.map { $0["mrr_reporting"]?.exactDecimal } == ["299", "50", "0"])
    }

    @Test(
        "What cannot be compared is refused with what was expected",
        arguments: [
            (["mrr", "reconcile"], "compares two policies"),
            (["mrr", "reconcile", "--policy", "stripe"], "two policies"),
            (["mrr", "reconcile", "--policy", "strip", "--policy", "stripe"], "did you mean stripe?"),
            (["mrr", "reconcile", "--policy", "a", "--policy", "b", "--policy", "c"], "given too often"),
            (["mrr", "reconcile", "--policy", "stripe", "--policy", "stripe", "--whole"], "--whole means nothing"),
            (["mrr", "bridge", "--policy", "stripe"], "--policy means nothing to gtm mrr bridge"),
        ])
    func refused(words: [String], hint: String) async throws {
        let outcome = try await session().run(words: words)
        #expect(outcome.code == .wrongUsage)
        #expect(outcome.notes.contains(hint), "\(outcome.notes)")
    }
}
