import GTMCore
import GTMSimulator
import Synchronization
import Testing

@testable import GTMCommandLine

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("gtm customers, customer and at-risk", .timeLimit(.minutes(1))) struct CustomersTests {
    // MARK: Lists

    @Test("Everybody once, in each order, page by page") func orders() async throws {
        let filled = try await FilledStore()
        let known = filled.world.truth.customers.map(\.email.normalized)
        let byEmail = try await filled.session().run("customers", "--json")
        #expect(byEmail.code == .done)
        #expect(try byEmail.emails == known)
        #expect(byEmail.notes.isEmpty)
        let byMRR = try await filled.session().run("customers", "--order", "mrr", "--all", "--json")
        #expect(try byMRR.emails.sorted() == known.sorted())
        let documents = try byMRR.documents
        #expect(documents == Self.byMRR(documents))
        let first = try await filled.session().run("customers", "--order=mrr", "--limit", "3", "--json")
        #expect(try first.emails == documents.prefix(3).compactMap { $0["email"]?.string })
        #expect(first.notes == "3 of 40 customers; --all lists them\n")
    }

    private static func byMRR(_ documents: [JSONValue]) -> [JSONValue] {
        documents.enumerated().sorted { left, right in
            let (one, other) = (amount(left.element), amount(right.element))
            return one != other ? one > other : left.offset < right.offset
        }.map(\.element)
    }

    private static func amount(_ document: JSONValue) -> Fraction {
        Fraction(decimal: document["mrr_reporting"]?.exactDecimal ?? "-1") ?? Fraction(-1)
    }

    @Test("The least MRR is in major units, exact to the cent") func minimumMRR() async throws {
        let filled = try await FilledStore()
        let all = try await filled.session().run("customers", "--all", "--json").documents
        let amounts = Set(all.map(Self.amount).filter { $0 > .zero }).sorted()
        let middle = try #require(amounts.dropFirst(amounts.count / 2).first)
        let units = try #require(middle.multiplied(by: 100)?.rounded)
        for (minimum, isMore) in [(units, false), (units + 1, true)] {
            let text = Money(minorUnits: minimum, currency: .usd).decimal
            let found = try await filled.session().run("customers", "--min-mrr", text, "--all", "--json").documents
            #expect(!found.isEmpty)
            #expect(found == all.filter { isMore ? Self.amount($0) > middle : Self.amount($0) >= middle }, "\(text)")
        }
    }

    @Test("Filters by status, risk and account manager") func filters() async throws {
        let filled = try await FilledStore()
        let all = try await filled.session().run("customers", "--all", "--json").documents
        for status in HealthStatus.allCases {
            let found = try await filled.session().run("customers", "--status", status.rawValue, "--json").documents
            #expect(found == all.filter { $0["health_status"]?.string == status.rawValue }, "\(status)")
        }
        let managers = all.compactMap { $0["assigned_am"]?.string }
        let manager = try #require(managers.first)
        let own = try await filled.session().run("customers", "--am", manager.uppercased(), "--json").documents
        #expect(!own.isEmpty && own.count < all.count)
        #expect(own == all.filter { $0["assigned_am"]?.string == manager })
        let atRisk = try await filled.session().run("customers", "--at-risk", "--all", "--json").documents
        let listed = try await filled.session().run("at-risk", "--limit", "1000", "--json").documents
        #expect(atRisk == listed)
        let nobody = try await filled.session().run("customers", "--am", "Nobody At All")
        #expect(nobody.code == .done)
        #expect(nobody.output == "No customer fits.\n")
    }

    @Test("A table and CSV tell the same customers, with totals") func forms() async throws {
        let filled = try await FilledStore()
        let text = try await filled.session().run("customers", "--limit", "5")
        #expect(text.output.hasPrefix("customer "))
        #expect(text.output.contains("\n5 of 40 customers (--all lists them), "))
        let csv = try await filled.session().run("customers", "--limit", "5", "--csv")
        let lines = csv.output.split(separator: "\r\n" as Character)
        #expect(lines.count == 6 && lines[0].hasPrefix("email,name,company,"))
        #expect(csv.notes == "5 of 40 customers; --all lists them\n")
        for width in [45, 60, 80, 120] {
            for words in [["customers"], ["at-risk"], ["customer", filled.payers[0].email.normalized]] {
                var session = filled.session()
                session.width = width
                for line in try await session.run(words: words).output.split(separator: "\n") {
                    #expect(TextWidth.of(String(line)) <= width, "\(words): \(line)")
                }
            }
        }
    }

    @Test("Those who were deleted at every source are listed where asked for") func ended() async throws {
        let filled = try await FilledStore()
        let email = try #require(filled.world.truth.customers.first?.email)
        for id in filled.intercom.contactIDs(of: email) { #expect(filled.intercom.delete(contact: id)) }
        let later = Session.now.addingTimeInterval(3600)
        filled.intercom.step(to: later)
        _ = try await filled.session(at: later).run("sync", "--full")
        let without = try await filled.session(at: later).run("customers", "--all", "--json").emails
        let with = try await filled.session(at: later).run("customers", "--all", "--ended", "--json").emails
        #expect(!without.contains(email.normalized))
        #expect(with == (without + [email.normalized]).sorted())
        // Yesterday's list still has everybody.
        let before = try await filled.session(at: later).run(
            "customers", "--all", "--as-of", "2026-11-20T08:00:00Z", "--json")
        #expect(try before.emails == with)
    }

    @Test("As of yesterday, with yesterday's numbers, after a change today") func asOf() async throws {
        let filled = try await FilledStore()
        let email = try #require(filled.world.truth.customers.first?.email)
        let id = try #require(filled.intercom.contactIDs(of: email).first)
        var before: [String: String] = [:]
        for order in ["email", "mrr", "risk"] {
            before[order] = try await filled.session().run("customers", "--all", "--order", order, "--json").output
        }
        let today = Session.now.addingTimeInterval(86_400)
        filled.intercom.step(to: today.addingTimeInterval(-60))
        filled.intercom.update(contact: id, ["name": "Somebody Else"])
        try await filled.sync(at: today)

        let now = try await filled.session(at: today).run("customers", "--all", "--json")
        let renamed = try now.documents.first { $0["email"]?.string == email.normalized }
        #expect(renamed?["name"] == "Somebody Else")
        #expect(renamed?["last_intercom_sync"] == "2026-11-21T08:00:00Z")
        // As of the very moment of the first read, every document is what it was, byte for byte.
        for (order, output) in before {
            let past = try await filled.session(at: today).run(
                "customers", "--all", "--order", order, "--as-of", "2026-11-20T08:00:00Z", "--json")
            #expect(past.output == output, "\(order)")
        }
        let evening = try await filled.session(at: today).run("customers", "--as-of", "2026-11-20", "--all", "--json")
        let old = try evening.documents.first { $0["email"]?.string == email.normalized }
        #expect(old?["name"] != "Somebody Else")
        #expect(old?["as_of"] == "2026-11-20T23:59:59.999Z")
        let text = try await filled.session(at: today).run("customers", "--as-of", "2026-11-20", "--limit", "2")
        #expect(text.output.hasPrefix("Customers on 2026-11-20 23:59 UTC\n"))
        #expect(text.output.contains("2 of 40 customers"))
        // Before the first read nobody was known.
        let ancient = try await filled.session(at: today).run("customers", "--as-of", "2026-11-19", "--json")
        #expect(ancient.code == .done && ancient.output.isEmpty)
    }

    @Test("A filter of the past looks at the past's values") func asOfFilters() async throws {
        let filled = try await FilledStore()
        let all = try await filled.session().run("customers", "--all", "--json").documents
        let listed = try await filled.session().run("at-risk", "--limit", "99", "--json")
        let today = Session.now.addingTimeInterval(86_400)
        try await filled.sync(at: today)
        let moment = "2026-11-20T08:00:00Z"
        let managers = all.compactMap { $0["assigned_am"]?.string }
        let manager = try #require(managers.first)
        let filters: [([String], (JSONValue) -> Bool)] = [
            (["--status", "healthy"], { $0["health_status"] == "healthy" }),
            (["--am", manager.lowercased()], { $0["assigned_am"]?.string == manager }),
            (["--min-mrr", "100"], { Self.amount($0) >= Fraction(100) }),
        ]
        for (words, isWanted) in filters {
            let found = try await filled.session(at: today).run(
                words: ["customers", "--all", "--as-of", moment, "--json"] + words)
            let documents = try found.documents
            #expect(documents == all.filter(isWanted), "\(words)")
            #expect(!documents.isEmpty && documents.count < all.count, "\(words)")
        }
        let atRisk = try await filled.session(at: today).run(
            "customers", "--at-risk", "--all", "--as-of", moment, "--json")
        #expect(atRisk.output == listed.output)
    }

    // MARK: Those at risk

    @Test("The most at risk, and the money of all of them") func atRisk() async throws {
        let filled = try await FilledStore(customers: 120)
        let all = try await filled.session().run("at-risk", "--json")
        let emails = try all.emails
        try #require(emails.count > 3)
        #expect(all.notes.isEmpty)
        let two = try await filled.session().run("at-risk", "--limit", "2", "--json")
        #expect(try two.documents == Array(all.documents.prefix(2)))
        #expect(two.notes == "2 of \(emails.count) customers at risk; --limit N lists more\n")
        let text = try await filled.session().run("at-risk", "--limit", "2")
        #expect(text.output.hasPrefix("Money at risk: "))
        #expect(text.output.contains("from \(emails.count) customers"))
        #expect(text.output.contains("here the 2 most at risk"))
        #expect(text.output.contains("1  \(emails[0])"))
        #expect(!text.output.contains(emails[2]))
    }

    // MARK: One

    @Test("The whole record, with where everything comes from") func customer() async throws {
        let filled = try await FilledStore()
        let email = try #require(filled.payers.first?.email.normalized)
        let outcome = try await filled.session().run("customer", email, "--json")
        #expect(outcome.code == .done && outcome.notes.isEmpty)
        let document = try outcome.document
        let names = [
            "email", "name", "mrr", "arr", "ltv", "plan_name", "plan_price", "subscription_status",
            "subscription_count", "is_delinquent", "last_payment_amount", "last_payment_date", "last_seen_at",
            "days_since_seen", "intercom_convos_total", "intercom_convos_30d", "open_tickets", "mentioned_cancel",
            "csat_score", "health_score", "health_status", "risk_signals", "churn_risk", "data_quality_score",
            "assigned_am", "lifecycle_stage", "last_intercom_sync",
        ]
        for name in names { #expect(document[name] != nil, "\(name)") }
        let record = try #require(document["records"]?.array?.first?.string)
        #expect(document["sources"]?["name"]?["record"]?.string == record)
        #expect(document["sources"]?["name"]?["recorded_at"] == "2026-11-20T08:00:00Z")
        #expect(document["members"]?.array?.first?["record"]?.string == record)
        #expect(document["members"]?.array?.first?["confidence"]?.exactDecimal == "0.95")
        #expect(document["is_former_address"] == false)
        let subscription = try #require(document["subscriptions"]?.array?.first)
        #expect(subscription["record"]?.string?.hasPrefix("intercom/default/") == true)
        #expect(subscription["items"]?.array?.first?["currency"]?.string?.count == 3)
        let factors = document["quality_factors"]?.array ?? []
        let possible = factors.reduce(0) { $0 + ($1["points"]?.integer ?? 0) }
        let met = factors.reduce(0) { $0 + ($1["met"] == true ? $1["points"]?.integer ?? 0 : 0) }
        #expect(possible == 100)
        #expect(document["data_quality_score"]?.exactDecimal == "\(met)")
        let text = try await filled.session().run("customer", email.uppercased())
        for part in ["Health", "Fields", "Where it comes from", "Subscriptions", "Data quality", "Records", record] {
            #expect(text.output.contains(part), "\(part)")
        }
        let csv = try await filled.session().run("customer", email, "--csv")
        #expect(csv.output.split(separator: "\r\n" as Character).count == 2)
    }

    @Test("What other records say stands beside what counts") func rivals() async throws {
        let filled = try await FilledStore()
        let email = try #require(filled.payers.first?.email)
        let second = filled.intercom.create(contact: [
            "email": .string(email.normalized), "name": "Another Name", "role": "user",
        ])
        let later = Session.now.addingTimeInterval(3600)
        filled.intercom.step(to: later)
        let first = try #require(filled.intercom.contactIDs(of: email).first { $0 != second })
        filled.intercom.update(contact: first, ["name": "The Newer Name"])
        try await filled.sync(at: later)
        let document = try await filled.session(at: later).run("customer", email.normalized, "--json").document
        #expect(document["name"] == "The Newer Name")
        #expect(
            document["sources"]?["name"]?["rivals"]
                == [["value": "Another Name", "record": .string("intercom/default/contacts/\(second)")]])
        let text = try await filled.session(at: later).run("customer", email.normalized)
        #expect(text.output.contains("not taken: Another Name by intercom/default/contacts/\(second)"))
    }

    @Test("As of yesterday one customer is as yesterday") func customerAsOf() async throws {
        let filled = try await FilledStore()
        let email = try #require(filled.payers.first?.email)
        let before = try await filled.session().run("customer", email.normalized, "--json")
        let id = try #require(filled.intercom.contactIDs(of: email).first)
        let today = Session.now.addingTimeInterval(86_400)
        filled.intercom.step(to: today.addingTimeInterval(-60))
        filled.intercom.update(contact: id, ["name": "Somebody Else"])
        try await filled.sync(at: today)
        let now = try await filled.session(at: today).run("customer", email.normalized, "--json")
        #expect(try now.document["name"] == "Somebody Else")
        let then = try await filled.session(at: today).run(
            "customer", email.normalized, "--as-of", "2026-11-20T08:00:00Z", "--json")
        #expect(then.output == before.output)
        let ancient = try await filled.session(at: today).run("customer", email.normalized, "--as-of", "2026-11-19")
        #expect(ancient.code == .failed && ancient.output.isEmpty)
        #expect(ancient.notes.contains("on 2026-11-19T23:59:59.999Z there was no customer \"\(email.normalized)\""))
    }

    @Test("A former address says that it is one") func formerAddress() async throws {
        let filled = try await FilledStore()
        let email = try #require(filled.payers.first?.email)
        let later = Session.now.addingTimeInterval(3600)
        filled.intercom.step(to: later)
        for id in filled.intercom.contactIDs(of: email) {
            filled.intercom.update(contact: id, ["email": "moved@new.test"])
        }
        try await filled.sync(at: later)
        let outcome = try await filled.session(at: later).run("customer", email.normalized, "--json")
        #expect(try outcome.document["email"] == "moved@new.test")
        #expect(try outcome.document["is_former_address"] == true)
        #expect(try outcome.document["asked_for"]?.string == email.normalized)
        #expect(outcome.notes == "\"\(email.normalized)\" is a former address of this customer\n")
        let own = try await filled.session(at: later).run("customer", "moved@new.test", "--json")
        #expect(own.notes.isEmpty)
        #expect(try own.document["is_former_address"] == false)
    }

    @Test("A customer whom nobody knows: no other address is told") func stranger() async throws {
        let filled = try await FilledStore()
        let known = try #require(filled.payers.first?.email.normalized)
        let outcome = try await filled.session().run("customer", known + "x")
        #expect(outcome.code == .failed && outcome.output.isEmpty)
        #expect(
            outcome.notes == "gtm: there is no customer \"\(known)x\"; expected one whom a source knows\n")
    }

    // MARK: Words

    @Test(
        "What cannot be used is named, with what was expected",
        arguments: [
            (["customers", "--min-mrr", "1,000"], "--min-mrr is \"1,000\"; expected an amount in USD as digits"),
            (["customers", "--min-mrr", "-1"], "--min-mrr is \"-1\"; expected an amount in USD of at least 0"),
            (["customers", "--status", "well"], "--status is \"well\"; expected excellent, good, healthy, at_risk"),
            (["customers", "--am", " "], "--am is \" \"; expected a name"),
            (["customers", "--order", "name"], "--order is \"name\"; expected email, risk or mrr"),
            (["customers", "--limit", "0"], "--limit is \"0\"; expected a whole number from 1 to 1000000"),
            (["customers", "--limit", "3", "--all"], "--all and --limit exclude each other"),
            (
                ["customers", "--as-of", "2026-02-30"],
                "--as-of is \"2026-02-30\"; expected a day and a time that the calendar"
            ),
            (["customers", "--as-of", "2027-01-01"], "--as-of is \"2027-01-01\"; expected a day"),
            (["customers", "--json", "--csv"], "--json and --csv exclude each other"),
            (["customers", "ada@x.test"], "gtm customers takes no \"ada@x.test\""),
            (["customer"], "gtm customer lacks EMAIL; expected gtm customer EMAIL [options]"),
            (["customer", "ada"], "EMAIL is \"ada\"; expected an e-mail address or a record"),
            (["customer", "ada@x.test", "--as-of", "soon"], "--as-of is \"soon\"; expected a day such as"),
            (["at-risk", "--limit", "many"], "--limit is \"many\"; expected a whole number"),
            (["at-risk", "--as-of", "2026-01-01"], "unknown option \"--as-of\" of gtm at-risk"),
            (["customers", "--store", "~/gtm"], "--store is \"~/gtm\"; expected the path of a folder"),
            (["customers", "--store="], "--store is \"\"; expected --store DIR"),
            (["--store"], "\"--store\" stands before no command"),
            (["--store", "x", "demo"], "unknown option \"--store\" of gtm demo"),
        ])
    func refusals(words: [String], message: String) async throws {
        var session = Session()
        session.store = InMemoryStore()
        let outcome = try await session.run(words: words)
        #expect(outcome.code == .wrongUsage, "\(outcome.output)")
        #expect(outcome.notes.contains(message), "\(outcome.notes)")
        #expect(outcome.output.isEmpty)
    }

    // MARK: The store

    @Test("Which folder is opened, and what for") func opening() async throws {
        let filled = try await FilledStore(customers: 3)
        let requests = Mutex<[StoreOpener.Request]>([])
        func opened(_ session: Session, _ words: String...) async throws -> StoreOpener.Request? {
            var session = session
            session.onOpen = { request in requests.withLock { $0 = [request] } }
            requests.withLock { $0 = [] }
            _ = try await session.run(words: words)
            return requests.withLock { $0.first }
        }
        var session = filled.session()
        #expect(try await opened(session, "status")?.location.path.hasSuffix("/.gtm") == true)
        session.files[".env"] = "GTM_STORE=/srv/file\n"
        #expect(try await opened(session, "status")?.location.path == "/srv/file")
        session.environment["GTM_STORE"] = "/srv/variable"
        #expect(try await opened(session, "status")?.location.path == "/srv/variable")
        for words in [["status", "--store", "/srv/option"], ["--store=/srv/option", "status"]] {
            var watched = session
            watched.onOpen = { request in requests.withLock { $0 = [request] } }
            _ = try await watched.run(words: words)
            #expect(requests.withLock { $0.first }?.location.path == "/srv/option")
        }
        #expect(try await opened(session, "customers")?.access == .reading)
        #expect(try await opened(session, "rules")?.access == .reading)
        #expect(try await opened(session, "unmerge", "rule-1")?.access == .changing)
        #expect(try await opened(session, "sync")?.access == .creating)
        // The demonstration keeps its own.
        #expect(try await opened(session, "demo", "--customers", "3") == nil)
        session.environment["GTM_STORE"] = "~/gtm"
        let wrong = try await session.run("status")
        #expect(wrong.code == .wrongUsage)
        #expect(wrong.notes.contains("GTM_STORE: is \"~/gtm\"; expected the path of a folder"))
    }

    @Test(
        "Without a store there is nothing to show",
        arguments: ["customers", "at-risk", "rules", "customer", "unmerge", "erase"])
    func noStore(command: String) async throws {
        let operands = [
            "customer": ["ada@x.test"], "unmerge": ["rule-1"], "erase": ["ada@x.test", "--yes"],
        ]
        let folder = try TemporaryFolder()
        let session = Session(directory: folder.path)
        let outcome = try await session.run(words: [command] + (operands[command] ?? []))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        #expect(outcome.code == .failed && outcome.output.isEmpty)
        #expect(
            outcome.notes
                == "gtm: there is no store at \".gtm\" (the usual place); gtm sync or gtm import FILE makes one\n")
    }
}
