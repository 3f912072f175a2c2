import GTMCore
import Testing

@testable import GTMCommandLine

@Suite("gtm import") struct ImportTests {
    @Test("A customer as JSON, to the letter") func customerDocument() async throws {
        let outcome = try await Session(input: Samples.all).run(
            "import", "-", "--show", "customer=ada@x.test", "--json")
        #expect(outcome.code == .done)
        let expected = """
            {"email":"ada@x.test","name":"Ada Lovelace","company":null,"location_country":"Germany",\
            "location_city":"Köln","signup_date":"2025-10-16T08:00:00Z","intercom_contact_id":"1",\
            "stripe_customer_id":"cus_1","external_ids":["stripe:cus_1"],"mrr":{"USD":299.00},"arr":{"USD":3588.00},\
            "ltv":{"USD":299.00},"ltv_net":null,"mrr_reporting":299.00,"mrr_reporting_currency":"USD",\
            "mrr_reporting_rate_date":null,"mrr_unknown_items":0,"mrr_taxed_items":0,\
            "plan_name":"Pro","plan_price":299.00,"plan_price_currency":"USD","plan_tier":{"name":"Pro","price":299.00,\
            "interval":"month","interval_count":1,"mrr":299.00,"currency":"USD"},"subscription_status":"active",\
            "subscription_count":1,"is_delinquent":false,"last_payment_amount":null,"last_payment_currency":null,\
            "last_payment_date":null,"last_seen_at":"2026-11-18T08:00:00Z","days_since_seen":2,\
            "intercom_convos_total":1,"intercom_convos_30d":1,"open_tickets":1,"open_critical_tickets":1,\
            "mentioned_cancel":true,"cancel_mentions":[{"said_at":"2026-11-18T08:00:00Z",\
            "sentence":"We want to cancel our plan, sorry","record":"intercom/default/conversations/900"}],\
            "mentioned_competitor":false,"competitor_mentions":[],"tone":null,\
            "csat_score":null,"health_score":47.375,"health_score_low":15.043,"health_score_high":50.043,\
            "health_status":"high_risk","health_profile":"six-component v1",\
            "health_coverage":65,"health_components":{"activity_recency":{"weight":25,"points":98.333},\
            "support_sentiment":{"weight":20,"points":null},"payment_health":{"weight":20,"points":100},\
            "engagement":{"weight":15,"points":null},"tenure":{"weight":10,"points":81.667},\
            "mrr_weight":{"weight":10,"points":72.94}},"health_factors":{"activity_recency":98.333,\
            "support_sentiment":null,"payment_health":100,"engagement":null,"tenure":81.667,"mrr_weight":72.94},\
            "risk_signals":["cancel_mentioned","open_critical_ticket"],"signals":[{"kind":"cancel_mentioned",\
            "severity":"critical","since":"2026-11-18T08:00:00Z","points":-30,"recommendation":\
            "Call today and ask what went wrong; offer one concrete remedy before talking about price."},\
            {"kind":"open_critical_ticket","severity":"high","since":"2026-11-18T08:00:00Z","points":-15,\
            "recommendation":"Give the ticket an owner and a date today, and tell the customer both."}],\
            "capped_by":null,"churn_risk":30.125,"churn_risk_calibrated":false,"data_quality_score":90,\
            "completeness":83.333,"match_confidence":0.95,"assigned_am":null,"lifecycle_stage":null,\
            "is_shared_mailbox":false,"billed_through":[],"last_intercom_sync":"2026-11-20T08:00:00Z",\
            "unknown":{"company":"not_reported","ltv_net":"not_reported",\
            "last_payment_amount":"not_reported","last_payment_date":"not_reported","tone":"not_reported",\
            "csat_score":"not_reported",\
            "assigned_am":"not_reported","lifecycle_stage":"not_reported"},"records":["intercom/default/contacts/1"],\
            "as_of":"2026-11-20T08:00:00Z"}

            """
        #expect(outcome.output == expected)
    }

    @Test("Every line of JSON reads back, unknown is null with its reason") func customerLines() async throws {
        let outcome = try await Session(input: Samples.all).run("import", "-", "--show", "customers", "--json")
        let documents = try outcome.documents
        #expect(documents.map { $0["email"]?.string } == ["ada@x.test", "bob@y.test"])
        let bare = try #require(documents.last)
        for name in ["mrr", "arr", "ltv", "mrr_reporting", "last_seen_at", "days_since_seen"] {
            #expect(bare[name] == .null, "\(name)")
            #expect(bare["unknown"]?[name]?.string != nil, "\(name)")
        }
        #expect(bare["health_status"] == "insufficient_data")
    }

    @Test("The portfolio as JSON, to the letter") func portfolioDocument() async throws {
        let outcome = try await Session(input: Samples.all).run("import", "-", "--show", "portfolio", "--json")
        let expected = """
            {"total_customers":2,"total_mrr":{"USD":299.00},"total_arr":{"USD":3588.00},"avg_health_score":33.688,\
            "health_distribution":{"healthy":{"count":0,"mrr":{}},"at_risk":{"count":0,"mrr":{}},\
            "high_risk":{"count":1,"mrr":{"USD":299.00}},"critical":{"count":0,"mrr":{}}},"at_risk_count":1,\
            "critical_count":0,"insufficient_data_count":1,"unknown_mrr_count":1,"as_of":"2026-11-20T08:00:00Z"}

            """
        #expect(outcome.output == expected)
    }

    @Test("A run as JSON has the counts, and the invariant between them") func runDocument() async throws {
        let outcome = try await Session(input: Samples.all).run("import", "-", "--json")
        let run = try #require(try outcome.documents.first?["runs"]?.array?.first)
        #expect(run["source"] == "intercom/default" && run["status"] == "success" && run["mode"] == "full")
        #expect(run["contacts_synced"] == 2 && run["new_contacts"] == 2 && run["updated_contacts"] == 0)
        #expect(run["receipt"]?["complete"] == true)
        #expect(run["receipt"]?["streams"]?.array?.map { $0["stream"] } == ["contacts", "conversations"])
        #expect(outcome.code == .done)
    }

    @Test("CSV has the names of JSON and no formulas") func csv() async throws {
        let outcome = try await Session(input: Samples.all).run("import", "-", "--show", "customers", "--csv")
        let lines = outcome.output.split(separator: "\r\n" as Character, omittingEmptySubsequences: false)
        #expect(lines.count == 4 && lines.last == "")
        #expect(lines[0].hasPrefix("email,name,company,location_country"))
        #expect(
            lines[0].contains(
                ",mrr,mrr_by_currency,arr,arr_by_currency,ltv,ltv_by_currency,ltv_net,ltv_net_by_currency,mrr_reporting,"
            ))
        #expect(lines[1].contains(",299.00,USD 299.00,3588.00,USD 3588.00,299.00,USD 299.00,,,299.00,USD,,0,0,Pro,"))
        #expect(lines[2].hasPrefix("bob@y.test,'=1+1,,"))
    }

    @Test("Who is at risk, how much money that is, and why") func atRisk() async throws {
        let outcome = try await Session(input: Samples.all).run("import", "-", "--show", "at-risk")
        #expect(
            outcome.output == """
                Money at risk: 299.00 USD a month from 1 customer

                #  customer    name          MRR a month  health  status     risk
                1  ada@x.test  Ada Lovelace   299.00 USD    47.3  high risk  30.1
                     said “We want to cancel our plan, sorry” on 18 Nov; 1 critical ticket open
                     → Call today and ask what went wrong; offer one concrete remedy before talking about price.

                risk: of leaving within 90 days, 0 to 100; not compared with what customers did

                """)
    }

    @Test("No line is wider than the terminal, down to narrow ones", arguments: [20, 30, 45, 60, 80, 120])
    func narrow(width: Int) async throws {
        for show in ["portfolio", "customers", "at-risk", "customer=ada@x.test"] {
            let outcome = try await Session(input: Samples.all, width: width).run("import", "-", "--show", show)
            for line in outcome.output.split(separator: "\n") where width >= 45 {
                #expect(TextWidth.of(String(line)) <= width, "\(show): \(line)")
            }
        }
    }

    @Test("Lines that cannot be read are told by number, and the rest is taken") func badLines() async throws {
        let bad = (0..<12).map { _ in "{oops\n" }.joined()
        let outcome = try await Session(input: Samples.all + bad).run("import", "-", "--show", "customers", "--json")
        #expect(outcome.code == .incomplete)
        #expect(try outcome.documents.count == 2)
        #expect(outcome.notes.hasPrefix("12 records could not be taken:\n  line 4: not JSON"))
        #expect(outcome.notes.contains("  line 13: ") && !outcome.notes.contains("  line 14: "))
        #expect(outcome.notes.contains("  … and 2 more\n"))
    }

    @Test("A file's time decides what its silence means") func observedAt() async throws {
        let recent = try await Session(input: Samples.ada).run(
            "import", "-", "--observed-at", "2026-11-19", "--show", "customer=ada@x.test", "--json")
        #expect(try recent.documents.first?["days_since_seen"] == 0)
        #expect(try recent.documents.first?["last_intercom_sync"] == "2026-11-19T00:00:00Z")
        let old = try await Session(environment: ["GTM_NOW": "2026-12-20"], input: Samples.ada).run(
            "import", "-", "--observed-at", "2026-11-20", "--show", "customer=ada@x.test", "--json")
        #expect(try old.documents.first?["unknown"]?["days_since_seen"] == "stale")
        let future = try await Session(input: Samples.ada).run("import", "-", "--observed-at", "2027-01-01")
        #expect(future.code == .wrongUsage)
    }

    @Test(
        "What cannot be read is named, with what was expected",
        arguments: [
            ("none.csv", "none.csv does not exist; expected a file of NDJSON or CSV, or - for standard input"),
            ("empty.csv", "empty.csv is empty; expected NDJSON of Intercom contacts"),
            ("binary", "binary is binary, not text; expected NDJSON"),
            ("zeros", "zeros is binary, not text; expected NDJSON"),
            (
                "header.csv",
                "header.csv holds no record; expected NDJSON of Intercom contacts and conversations, or CSV with a "
                    + "header and a row for each contact"
            ),
            ("mark.ndjson", "mark.ndjson holds no record; expected NDJSON"), (".", ". is a directory; expected a file"),
            ("list.csv", "list.csv: the header row has no column email"),
        ])
    func unreadable(file: String, message: String) async throws {
        let files = [
            "empty.csv": " \n", "binary": "\u{7F}ELF\0\0", "list.csv": "a,b\n1,2\n", "zeros": "\0\0\0\0",
            "header.csv": "email,name\n", "mark.ndjson": "\u{FEFF}\n",
        ]
        let outcome = try await Session(files: files).run("import", file)
        #expect(outcome.code == .failed)
        #expect(outcome.output.isEmpty)
        #expect(outcome.notes.contains(message), "\(outcome.notes)")
    }

    @Test("A name that no account can have is refused", arguments: ["a/b", " ", "/", "a b", "ä"])
    func account(name: String) async throws {
        let outcome = try await Session(input: Samples.ada).run("import", "-", "--account", name)
        #expect(outcome.code == .wrongUsage)
        #expect(outcome.notes.contains("--account is \"\(name)\"; expected a name of letters, digits, - and _"))
        let empty = try await Session(input: Samples.ada).run("import", "-", "--account=")
        #expect(empty.code == .wrongUsage)
        #expect(empty.notes.contains("--account is \"\"; expected --account NAME"))
    }

    @Test("Whether a customer is delinquent is the billing system's own word") func delinquency() async throws {
        let overdue = Samples.ada.replacing("\"active\"", with: "\"past_due\"")
        for (input, flag) in [
            (overdue, JSONValue.bool(false)), (overdue.replacing("\"stripe_delinquent\":false,", with: ""), .null),
            (Samples.ada.replacing("delinquent\":false", with: "delinquent\":true"), .bool(true)),
        ] {
            let outcome = try await Session(input: input).run("import", "-", "--show", "customer=ada@x.test", "--json")
            let document = try #require(try outcome.documents.first)
            #expect(document["is_delinquent"] == flag)
            #expect(document["unknown"]?["is_delinquent"] == (flag == .null ? "not_reported" : nil))
            #expect(document["risk_signals"]?.array?.contains("payment_delinquent") == true)
        }
    }

    @Test("Nothing but garbage is a failure") func garbage() async throws {
        let outcome = try await Session(files: ["x.ndjson": "hello\nworld\n"]).run("import", "x.ndjson")
        #expect(outcome.code == .failed)
        #expect(outcome.notes.contains("2 records could not be taken"))
    }

    @Test("CSV is read by its header") func csvFile() async throws {
        let outcome = try await Session(files: ["list.csv": "Email,Name\nada@x.test,Ada\n"])
            .run("import", "list.csv", "--show", "customers", "--json")
        #expect(try outcome.documents.map { $0["name"]?.string } == ["Ada"])
        #expect(outcome.code == .done)
    }

    @Test("A customer whom nobody knows") func unknownCustomer() async throws {
        let outcome = try await Session(input: Samples.all).run("import", "-", "--show", "customer=who@x.test")
        #expect(outcome.code == .failed)
        #expect(outcome.notes.contains("there is no customer \"who@x.test\""))
    }

    @Test("The host's own domains are no customers") func hostDomains() async throws {
        let outcome = try await Session(input: Samples.all, files: ["gtm.json": "{\"host_domains\": [\"x.test\"]}"])
            .run("import", "-", "--show", "customers", "--json")
        #expect(try outcome.documents.map { $0["email"]?.string } == ["bob@y.test"])
    }
}
