extension Command {
    /// The commands, in the order of the help.
    static let all = [demo, sync, importFile, doctor]

    /// The command of that name.
    static func named(_ name: String) -> Command? { all.first { $0.name == name } }

    private static let show = Option(
        "show", "WHAT", help: "what to print: portfolio, customers, at-risk or customer=EMAIL")
    private static let json = Option("json", help: "print JSON; customers come as one object a line")
    private static let csv = Option("csv", help: "print CSV with a header; for customers, at-risk, customer=EMAIL")

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
            workspaces. Prints what each run saw. What was read lives as long as the command; --show prints from it.

            --json alone prints one object {"runs": […]}. With --show, standard output holds only what is shown and the \
            runs are told on standard error. INTERCOM_API_KEY is the access token; INTERCOM_BASE_URL points at another \
            server. Both may stand in a .env file.
            """,
        operands: Operands(name: "SOURCE", count: 0...64),
        options: [Option("full", help: "read everything, not only what changed"), show, json, csv],
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
            csv,
        ],
        examples: [
            Example("gtm import contacts.ndjson --show at-risk", "who is at risk by an export"),
            Example("gtm import contacts.csv --observed-at 2026-11-01", "an export made on 1 November"),
            Example("zcat export.ndjson.gz | gtm import - --show customers --json", "from a pipe, as JSON lines"),
        ])

    static let doctor = Command(
        name: "doctor", summary: "Check keys, settings, the connection and permissions.",
        discussion: """
            Looks at the environment, .env and gtm.json, asks each source who the key belongs to, compares clocks, and \
            reads one page of each kind of data. Each line says what was found and what to do. The exit code is 1 where \
            something needed is wrong.
            """,
        operands: nil, options: [Option("json", help: "print one object with all checks")],
        examples: [Example("gtm doctor", "check everything"), Example("gtm doctor --json", "the same for a script")])
}
