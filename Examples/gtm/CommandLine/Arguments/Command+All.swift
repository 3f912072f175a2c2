extension Command {
    /// The commands, in the order of the help.
    static let all = [
        demo, doctor, sync, importFile, status, customers, customer, atRisk, explain, health, revenue, merge, keepApart,
        unmerge, rules, erase, export, restore, storage,
    ]

    /// The commands of which the help shows an example.
    static let first = [demo, doctor, sync, importFile, status, atRisk, customer]

    /// The command of that name.
    static func named(_ name: String) -> Command? { all.first { $0.name == name } }

    private static let show = Option(
        "show", "WHAT", help: "what to print: portfolio, customers, at-risk or customer=EMAIL")
    private static let json = Option("json", help: "print JSON; customers come as one object a line")
    private static let csv = Option("csv", help: "print CSV with a header; for customers, at-risk, customer=EMAIL")
    private static let store = Option(
        "store", "DIR",
        help: "the folder of the store; GTM_STORE or \(StoreLocation.standard) in the working directory by default")
    private static let asOf = Option(
        "as-of", "DATE",
        help: "what was known and held then: 2026-03-03, the end of that day in UTC, or 2026-03-03T12:00:00Z")
    private static let directives = Option(
        "directives", "DIR",
        help: "a folder of directives whose rules count; GTM_DIRECTIVES by default, else the built-in ones")
    private static let row = Option("csv", help: "print CSV with a header")
    private static let object = Option("json", help: "print one object")
    private static let lines = Option("json", help: "print one object a customer, each on a line")

    static let demo = Command(
        name: "demo", summary: "See it work: a simulated workspace, no key, no network.",
        discussion: """
            Reads a simulated Intercom workspace through the real adapter and the real engine, then prints the portfolio \
            and whom you are about to lose, how much money that is, and why. The same seed gives the same bytes; GTM_NOW \
            sets the clock.

            With --json alone it prints one object with "portfolio" and "at_risk"; with --csv alone, the at-risk list. \
            avg_health_score counts everybody who has a score, also those with too little data for a verdict.
            """,
        operands: nil,
        options: [
            Option("customers", "N", help: "customers in the workspace, 1 to 1000000; 300 by default"),
            Option("seed", "N", help: "another workspace for another number; 7 by default"), show, json, csv,
        ],
        examples: [
            Example("gtm demo", "the portfolio and the at-risk list"),
            Example("gtm demo --customers 3000 --show at-risk", "everybody at risk among 3000"),
            Example("gtm demo --show customers --json | head -3", "three customers as JSON lines"),
            Example("gtm demo --show at-risk --csv > at-risk.csv", "the at-risk list for a spreadsheet"),
        ])

    static let sync = Command(
        name: "sync", summary: "Read the sources: what changed, or everything.",
        discussion: """
            Reads each source that is set up, or those named: intercom, or intercom/ACCOUNT for one of several \
            workspaces. What was never read is read whole, everything else from where the last run came to its end; a run \
            that was broken off goes on where it stopped. Prints what each run saw.

            --json alone prints one object {"runs": […]}. With --show, standard output holds only what is shown and the \
            runs are told on standard error. INTERCOM_API_KEY is the access token; INTERCOM_BASE_URL points at another \
            server. Both may stand in a .env file.
            """,
        operands: Operands(name: "SOURCE", count: 0...64),
        options: [Option("full", help: "read everything, not only what changed"), show, json, csv, store, directives],
        examples: [
            Example("gtm sync", "read all sources that are set up"),
            Example("gtm sync intercom --full --show at-risk", "read everything, then print who is at risk"),
            Example("gtm sync --json | jq '.runs[0].contacts_synced'", "the counts for a script"),
        ])

    static let importFile = Command(
        name: "import", summary: "Read a file of Intercom contacts and conversations.",
        discussion: """
            Reads NDJSON (one contact or conversation of Intercom's API a line) or CSV with a header. The format is told \
            by the file's name and content unless --format says it. "-" reads standard input. Lines that cannot be read \
            are counted and listed, and the rest is taken: the exit code is then 3.
            """,
        operands: Operands(name: "FILE", count: 1...1),
        options: [
            Option("format", "FORMAT", help: "ndjson or csv, whatever the file's name says"),
            Option(
                "observed-at", "DATE",
                help: "the time of the export, such as 2026-11-20 or 2026-11-20T08:00:00Z; now by default"),
            Option("account", "NAME", help: "the workspace that the file comes from; default by default"), show, json,
            csv, store, directives,
        ],
        examples: [
            Example("gtm import contacts.ndjson --show at-risk", "who is at risk by an export"),
            Example("gtm import contacts.csv --observed-at 2026-11-01", "an export made on 1 November"),
            Example("zcat export.ndjson.gz | gtm import - --show customers --json", "from a pipe, as JSON lines"),
        ])

    static let doctor = Command(
        name: "doctor", summary: "Check keys, settings, the connection and permissions.",
        discussion: """
            Looks at the environment, .env, gtm.json and the store, asks each source who the key belongs to, compares clocks, and \
            reads one page of each kind of data. Each line says what was found and what to do. The exit code is 1 where \
            something needed is wrong.
            """,
        operands: nil, options: [Option("json", help: "print one object with all checks"), store, directives],
        examples: [Example("gtm doctor", "check everything"), Example("gtm doctor --json", "the same for a script")])

    // MARK: Asking the store

    static let status = Command(
        name: "status", summary: "See where everything stands, and what to do next.",
        discussion: """
            Shows for each source and stream up to when it is known, whether that is too long ago, what was refused, is \
            missing or still to be fetched; then the customers by status, what belongs to nobody or could not be taken, \
            the last runs, and what to do next.
            """,
        operands: nil, options: [object, store, directives],
        examples: [
            Example("gtm status", "one screen"),
            Example("gtm status --json | jq '.portfolio.total_customers'", "a number for a script"),
        ])

    static let customers = Command(
        name: "customers", summary: "List customers: filtered, ordered, as of now or of a past day.",
        discussion: """
            Lists the first 50 by address; the filters narrow that down, and all of them have to fit. Amounts are in major \
            units of the reporting currency, such as 99.50; whose MRR is unknown fits no least MRR and stands last.

            --as-of shows what was known by then and held then, with the numbers of that time.
            """,
        operands: nil,
        options: [
            Option("min-mrr", "N", help: "only those who pay at least this a month, such as 250 or 99.50"),
            Option(
                "status", "S",
                help: "only this status of the profile in use, such as at_risk, critical or insufficient_data"),
            Option("am", "NAME", help: "only those of this account manager, by name or address"),
            Option("at-risk", help: "only those whom somebody should look after, the highest risk first"),
            Option("order", "BY", help: "email, risk (the highest first) or mrr (the highest first)"),
            Option("limit", "N", help: "at most this many, 1 to 1000000; 50 by default"),
            Option("all", help: "all of them"),
            Option("ended", help: "also those who were deleted at every source"), asOf, lines, row, store, directives,
        ],
        examples: [
            Example("gtm customers --min-mrr 250 --order mrr", "who pays most"),
            Example("gtm customers --status critical --am \"Ada Lovelace\"", "whom Ada is about to lose"),
            Example("gtm customers --as-of 2026-03-03 --all --csv > march.csv", "everybody, as of that evening"),
        ])

    static let customer = Command(
        name: "customer", summary: "Show one customer: every value, where it comes from, and why.",
        discussion: """
            Takes an address that the customer has or had, or a record as vendor/account/stream/id. Shows every field with \
            its value, the record that tells it and what other records say, the subscriptions, the parts of health and of \
            data quality, and the records that are the customer.
            """,
        operands: Operands(name: "EMAIL", count: 1...1), options: [asOf, object, row, store, directives],
        examples: [
            Example("gtm customer ada@x.test", "everything that is known"),
            Example("gtm customer ada@x.test --as-of 2026-03-03", "as of that evening"),
            Example("gtm customer ada@x.test --json | jq .sources.plan_name", "where the plan's name comes from"),
        ])

    static let atRisk = Command(
        name: "at-risk", summary: "See whom you are about to lose, how much money that is, and why.",
        discussion: """
            Lists those whom somebody should look after, the highest risk first, then the highest MRR, each with the \
            reasons. The money at risk is that of all of them, listed or not.
            """,
        operands: nil,
        options: [
            Option("limit", "N", help: "at most this many, 1 to 1000000; 50 by default"), lines, row, store, directives,
        ],
        examples: [
            Example("gtm at-risk --limit 10", "the ten most at risk"),
            Example("gtm at-risk --csv > at-risk.csv", "the list for a spreadsheet"),
        ])

    static let explain = Command(
        name: "explain", summary: "Open a number down to the vendor's records.",
        discussion: """
            Shows how mrr, ltv, ltv_net, health, risk or quality of a customer came about: each step with its rule, each leaf \
            with the record, the field, the vendor's time and when it was learnt. The terms add up exactly; rounding is a term \
            of its own.

            --since shows what moved between that day and now (or --as-of), term by term, adding up to the whole.
            """,
        operands: Operands(name: "EMAIL METRIC", count: 2...2),
        options: [
            asOf,
            Option("since", "DATE", help: "what moved since then: 2026-03-03, the end of that day, or a time"), object,
            store, directives,
        ],
        examples: [
            Example("gtm explain ada@x.test mrr", "every subscription, discount and price behind it"),
            Example("gtm explain ada@x.test health --since 2026-10-20", "why the score moved"),
            Example("gtm explain ada@x.test risk --json | jq .proof.value", "the same for a script"),
        ])

    static let health = Command(
        name: "health", summary: "Try out other rules of health on all customers.",
        discussion: """
            what-if scores all customers by another profile beside the one in use and tells who would change status and what \
            MRR would move between the bands. FILE is a directive such as directives/health-score.md, a profile as bare \
            JSON, or the name of a built-in profile. Nothing is written. profiles lists the built-in ones.
            """,
        operands: Operands(name: "what-if|profiles FILE", count: 1...2),
        options: [
            Option("profile", "NAME", help: "which profile of FILE, where it has several"),
            Option("limit", "N", help: "list at most this many customers, 1 to 1000000; 50 by default"), object, store,
            directives,
        ],
        examples: [
            Example("gtm health what-if four-factor", "what the other built-in profile makes of everybody"),
            Example("gtm health what-if draft.md --profile six-component", "a copy of the directive, edited"),
            Example("gtm health profiles", "names, versions, bands"),
        ])

    static let revenue = Command(
        name: "mrr", summary: "See what moved recurring revenue, or where two policies differ.",
        discussion: """
            bridge leads from each month's opening MRR to its closing one: new, reactivation, expansion, contraction, churn, \
            and what was learnt later of the past as restatement. What a source had when it was first read is opening \
            balance, not new business. Opening and lines add up to the closing without a remainder. Days begin at midnight UTC.

            Each border is told as it was known then; --as-known-now tells the whole past as it is known today. Rates that \
            have no base are undefined (–); * marks rates of fewer than five customers.

            reconcile compares two policies, given by --policy twice: active-only, stripe, chartmogul, profitwell, \
            baremetrics, or one of gtm.json's. It lists every subscription that differs and what explains it; what is explained \
            adds up to the difference to the last minor unit, rounding being a line of its own.
            """,
        operands: Operands(name: "bridge|reconcile", count: 1...1),
        options: [
            Option("from", "DATE", help: "the first day; the first of the month before last by default"),
            Option("to", "DATE", help: "where the last period ends; now by default"),
            Option("by", "WHAT", help: "split by plan or manager"),
            Option("whole", help: "one period, not one a month"),
            Option(
                "converted",
                help:
                    "bring all currencies to the reporting one by the exchange_rates of gtm.json, with the exchange effect"
            ),
            Option("as-known-now", help: "tell the past as it is known today"),
            Option(
                "policy", "NAME", times: 2, help: "for reconcile, twice: the two policies, the first one's MRR first"),
            asOf, object, store, directives,
        ],
        examples: [
            Example("gtm mrr reconcile --policy stripe --policy chartmogul", "why two tools show different MRR"),
            Example("gtm mrr bridge", "the last months"),
            Example("gtm mrr bridge --from 2026-01-01 --to 2026-07-01 --by plan", "half a year by plan"),
            Example("gtm mrr bridge --json | jq '.periods[-1].bridges[0].nrr'", "a rate for a script"),
        ])

    // MARK: Rules of identity

    private static let keyForms =
        "A key is an e-mail address, or a person's record as vendor/account/stream/id, such as "
        + "intercom/default/contacts/1. "

    static let merge = Command(
        name: "merge", summary: "Say that two are one customer.",
        discussion: keyForms + """
            From now on FROM lives on under INTO. Prints what both came to before and what they come to together. Nothing is \
            lost: gtm unmerge undoes it.
            """,
        operands: Operands(name: "FROM INTO", count: 2...2), options: [object, store, directives],
        examples: [
            Example("gtm merge ada@old.test ada@x.test", "both live on under ada@x.test"),
            Example("gtm merge intercom/default/contacts/7 ada@x.test", "a contact without an address is Ada"),
        ])

    static let keepApart = Command(
        name: "keep-apart", summary: "Say that two are not the same customer, whatever else says so.",
        discussion: keyForms + """
            A record that shares its address with another can be taken out: it becomes a customer of its own. The rule \
            stands against merges too; gtm unmerge undoes it.
            """,
        operands: Operands(name: "A B", count: 2...2), options: [object, store, directives],
        examples: [
            Example("gtm keep-apart ada@x.test ada@y.test", "two people of one name"),
            Example("gtm keep-apart intercom/default/contacts/7 ada@x.test", "takes the record out of Ada's"),
        ])

    static let unmerge = Command(
        name: "unmerge", summary: "Undo a rule, as if it had never been made.",
        discussion: "Takes the id of a rule, as gtm rules lists it: a merge, or one that keeps two apart.",
        operands: Operands(name: "RULE", count: 1...1), options: [object, store, directives],
        examples: [Example("gtm unmerge rule-12", "both are customers of their own again")])

    static let rules = Command(
        name: "rules", summary: "List the rules of identity, also those undone.",
        discussion:
            "Lists every rule in order of their making: what it says, who made it and when, whether it applies.",
        operands: nil, options: [object, store],
        examples: [Example("gtm rules", "all of them"), Example("gtm rules --json", "the same for a script")])

    static let erase = Command(
        name: "erase", summary: "Erase a person, at every point in time. It cannot be undone.",
        discussion: """
            Takes an address that the customer has or had, or a record as vendor/account/stream/id. Everything that the \
            customer is and everything that concerns it goes, also from the past, and rules that name it. A mark that names \
            nobody stays behind: what a source hands out of this person again is not taken.

            Then the files of the store are written anew without the person. Exports and copies of the folder are not touched.
            """,
        operands: Operands(name: "EMAIL", count: 1...1),
        options: [
            Option("yes", help: "needed: it cannot be undone"),
            Option("keep-files", help: "leave it in the store's files until gtm store compact"), object, store,
        ],
        examples: [Example("gtm erase ada@x.test --yes", "nobody knows of Ada any more")])

    // MARK: Looking after the store

    static let export = Command(
        name: "export", summary: "Write everything out, history included, as lines of JSON.",
        discussion: """
            Writes to FILE, which is there as a whole or not at all and replaces one of that name, or to standard output. Two \
            stores that were told the same give the same bytes. It holds personal data; keep it as safe as the store.
            """,
        operands: Operands(name: "FILE", count: 0...1), options: [store],
        examples: [
            Example("gtm export backup.ndjson", "a backup"),
            Example("gtm export | gzip > backup.ndjson.gz", "a small one"),
        ])

    static let restore = Command(
        name: "restore", summary: "Bring an export back into a folder that has no store.",
        discussion: """
            Reads FILE, or standard input for "-", and makes a store of it: all of it or nothing. A store that is there \
            already is never touched.
            """,
        operands: Operands(name: "FILE", count: 1...1), options: [object, store],
        examples: [
            Example("gtm restore backup.ndjson --store .gtm-new", "into another folder"),
            Example("zcat backup.ndjson.gz | gtm restore -", "from a pipe"),
        ])

    static let storage = Command(
        name: "store", summary: "Check, compact or measure the store.",
        discussion: """
            check reads the store from its first byte to its last and changes nothing; the exit code is 1 where something is \
            damaged. compact writes the journal anew, without what was erased and without what lies before the \
            remember_days of gtm.json. stats tells what the store holds and how much room it takes.
            """,
        operands: Operands(name: "check|compact|stats", count: 1...1), options: [object, store],
        examples: [
            Example("gtm store check", "is everything whole?"), Example("gtm store compact", "drops what was erased"),
            Example("gtm store stats --json | jq .journal_bytes", "a number for a script"),
        ])
}
