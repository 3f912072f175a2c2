import GTMCore

/// What `gtm.json` says: the sources and how customers are compared. Never a secret.
///
/// ```json
/// {
///   "reporting_currency": "USD",
///   "profile": "six-component",
///   "host_domains": ["vendor.test"],
///   "thresholds": {"stale_after_days": 7},
///   "remember_days": 730,
///   "competitors": ["Acme Desk"],
///   "policy": "active-only",
///   "policies": [{"name": "ours", "version": 1, "counted_statuses": ["active", "past_due"], "discounts": "all"}],
///   "exchange_rates": [{"date": "2026-11-01", "base": "EUR", "rates": {"USD": 1.0842}}],
///   "sources": [{"vendor": "intercom", "account": "acme", "api_key_env": "INTERCOM_API_KEY", "region": "eu"}]
/// }
/// ```
struct ProjectFile: Sendable {
    /// One account at one vendor.
    struct Source: Sendable, Hashable {
        /// The vendor; `intercom` is the one there is.
        var vendor: String
        /// The name under which its records are kept.
        var account = "default"
        /// The environment variable that holds the key.
        var keyVariable = "INTERCOM_API_KEY"
        /// Where the workspace's data is kept: `us`, `eu` or `au`.
        var region = "us"
        /// The currency of amounts that name none.
        var currency = Currency.usd

        /// Whether an account may be called so.
        static func isAccount(_ name: String) -> Bool {
            !name.isEmpty
                && name.utf8.allSatisfy { byte in
                    (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x5F
                }
        }

        /// What an account may be called, in words.
        static let expectedAccount = "a name of letters, digits, - and _"

        /// The account as a source.
        var id: SourceID { SourceID(vendor: vendor, account: account) }
    }

    /// The currency in which customers are compared.
    var reportingCurrency = Currency.usd
    /// How health is scored.
    var profile: HealthProfile
    /// Domains of the host itself, whose addresses are never customers.
    var hostDomains: Set<String> = []
    /// How many days after a source was last read its silence still means inactivity.
    var staleAfterDays: Int
    /// Days for which the past is remembered; `gtm store compact` forgets what lies before. `nil` remembers for ever.
    var rememberDays: Int?
    /// The sources, in order; `nil` where the file does not say.
    var sources: [Source]?
    /// What counts as recurring revenue.
    var policy: MRRPolicy
    /// Policies of one's own; their names go before those that the library has.
    var policies: [MRRPolicy] = []
    /// What other currencies are converted at; `nil` where the file does not say.
    var exchangeRates: ExchangeRates?

    /// Competitors whose names are listened for.
    var competitors: [String] = []
    /// The rules that names are looked up in.
    let book: RuleBook

    /// The settings without a file.
    init(_ book: RuleBook = .standard) {
        self.book = book
        policy = book.policies.first ?? .activeOnly
        profile = book.profiles.first ?? .sixComponent
        staleAfterDays = book.staleAfterDays
    }

    /// Reads the text of a file.
    ///
    /// - Throws: ``SettingsError`` with line and key.
    init(_ text: [UInt8], file: String = "gtm.json", book: RuleBook = .standard) throws(SettingsError) {
        self.init(book)
        let document: JSONDocument
        do {
            document = try JSONReader.read(text)
        } catch {
            throw SettingsError(
                file: file, line: JSONLineIndex.line(ofOffset: error.offset, in: text),
                message: "no JSON: expected \(error.expected)")
        }
        let reader = ProjectReader(file: file, index: JSONLineIndex(text))
        let root = try reader.object(
            document.value, "",
            keys: [
                "reporting_currency", "profile", "host_domains",
                "thresholds", "remember_days", "sources", "policy", "policies", "exchange_rates", "competitors",
            ])
        if let value = root["reporting_currency"] {
            reportingCurrency = try reader.currency(value, "reporting_currency")
        }
        if let value = root["profile"] {
            guard let known = value.string.flatMap(book.profile) else {
                throw reader.wrong(
                    "profile", value, book.profiles.map { "\"\($0.name)\"" }.joined(separator: " or "))
            }
            profile = known
        }
        if let value = root["host_domains"] { hostDomains = try reader.domains(value) }
        if let value = root["thresholds"] {
            let thresholds = try reader.object(value, "thresholds", keys: ["stale_after_days"])
            if let days = thresholds["stale_after_days"] {
                guard let number = days.integer, (1...3650).contains(number) else {
                    throw reader.wrong("thresholds.stale_after_days", days, "a whole number of days from 1 to 3650")
                }
                staleAfterDays = Int(number)
            }
        }
        if let days = root["remember_days"] {
            guard let number = days.integer, (1...36_500).contains(number) else {
                throw reader.wrong("remember_days", days, "a whole number of days from 1 to 36500")
            }
            rememberDays = Int(number)
        }
        if let value = root["sources"] { sources = try reader.sources(value) }
        if let value = root["competitors"] { competitors = try reader.names(value, "competitors") }
        try readMoney(text, file, reader, root)
    }

    /// Reads what is written as in a directive.
    private mutating func readMoney(
        _ text: [UInt8], _ file: String, _ reader: ProjectReader, _ root: JSONObject
    ) throws(SettingsError) {
        do throws(DirectiveError) {
            let document = try DirectiveNode(document: text, file: file)
            if let rates = try document.optional("exchange_rates") {
                exchangeRates = try ExchangeRates(directive: rates)
            }
            for node in try document.optional("policies")?.elements() ?? [] {
                let policy = try MRRPolicy(directive: node)
                if policies.contains(where: { $0.name == policy.name }) {
                    throw try node.member("name").problem("\(node.path).name stands twice; expected another name")
                }
                policies.append(policy)
            }
        } catch {
            throw SettingsError(file: error.file, line: error.line, message: error.detail)
        }
        if let value = root["policy"] {
            guard let found = value.string.flatMap(policy(named:)) else {
                throw reader.wrong(
                    "policy", value, policyNames.map { "\"\($0)\"" }.joined(separator: ", "))
            }
            policy = found
        }
    }

    /// The policy of a name: one's own, else one that the library has; `nil` where there is none.
    func policy(named name: String) -> MRRPolicy? { policies.first { $0.name == name } ?? book.policy(name) }

    /// The names of all policies, one's own first.
    var policyNames: [String] {
        policies.map(\.name) + book.policies.map(\.name).filter { name in !policies.contains { $0.name == name } }
    }
}

/// Reads parts of the file, and says where they stand.
private struct ProjectReader {
    let file: String
    let index: JSONLineIndex

    /// The value's members, each of which has to be known.
    func object(_ value: JSONValue, _ path: String, keys: [String]) throws(SettingsError) -> JSONObject {
        guard let object = value.object else {
            throw SettingsError(
                file: file, line: index.line(of: path),
                message: "\(path.isEmpty ? "the file" : path) is \(kind(value)); expected an object")
        }
        for (place, member) in object.members.enumerated() {
            let key = path.isEmpty ? member.key : "\(path).\(member.key)"
            let line = index.line(of: key)
            if !keys.contains(member.key) {
                if looksSecret(member.key) {
                    throw SettingsError(
                        file: file, line: line,
                        message: "\(quoted(key)) looks like a secret, which has no place in this file; expected it in "
                            + "the environment or in .env, its variable named by api_key_env")
                }
                let hint = nearest(to: member.key, among: keys).map { "; did you mean \($0)?" } ?? ""
                throw SettingsError(
                    file: file, line: line,
                    message: "unknown key \(quoted(key)); expected \(keys.joined(separator: ", "))\(hint)")
            }
            if object.members[..<place].contains(where: { $0.key == member.key }) {
                throw SettingsError(file: file, line: line, message: "\(quoted(key)) stands twice; expected it once")
            }
        }
        return object
    }

    func currency(_ value: JSONValue, _ path: String) throws(SettingsError) -> Currency {
        guard let currency = value.string.flatMap({ Currency($0) }) else {
            throw wrong(path, value, "a currency's three letters, such as \"USD\"")
        }
        return currency
    }

    func domains(_ value: JSONValue) throws(SettingsError) -> Set<String> {
        guard let elements = value.array else {
            throw wrong("host_domains", value, "a list such as [\"vendor.test\"]")
        }
        var domains: Set<String> = []
        for (place, element) in elements.enumerated() {
            guard let domain = element.text?.lowercased(), domain.contains("."), !domain.contains("@"),
                !domain.contains(where: \.isWhitespace)
            else { throw wrong("host_domains[\(place)]", element, "a domain such as \"vendor.test\"") }
            domains.insert(domain)
        }
        return domains
    }

    func names(_ value: JSONValue, _ path: String) throws(SettingsError) -> [String] {
        guard let elements = value.array else { throw wrong(path, value, "a list such as [\"Acme Desk\"]") }
        var names: [String] = []
        for (place, element) in elements.enumerated() {
            guard let name = element.text else { throw wrong("\(path)[\(place)]", element, "a name") }
            names.append(name)
        }
        return names
    }

    func sources(_ value: JSONValue) throws(SettingsError) -> [ProjectFile.Source] {
        guard let elements = value.array, !elements.isEmpty else {
            throw wrong("sources", value, "a list such as [{\"vendor\": \"intercom\"}]")
        }
        var sources: [ProjectFile.Source] = []
        for (place, element) in elements.enumerated() {
            let source = try source(element, "sources[\(place)]")
            if sources.contains(where: { $0.id == source.id }) {
                throw SettingsError(
                    file: file, line: index.line(of: "sources[\(place)]"),
                    message: "\(source.id) stands twice; expected another account")
            }
            sources.append(source)
        }
        return sources
    }

    private func source(_ value: JSONValue, _ path: String) throws(SettingsError) -> ProjectFile.Source {
        let object = try object(value, path, keys: ["vendor", "account", "api_key_env", "region", "currency"])
        guard let vendor = object["vendor"], vendor.string == "intercom" else {
            throw wrong("\(path).vendor", object["vendor"] ?? .null, "\"intercom\"", else: path)
        }
        var source = ProjectFile.Source(vendor: "intercom")
        if let account = object["account"] {
            guard let name = account.text, ProjectFile.Source.isAccount(name) else {
                throw wrong("\(path).account", account, ProjectFile.Source.expectedAccount)
            }
            source.account = name
        }
        if let variable = object["api_key_env"] {
            guard let name = variable.text, isVariableName(name) else {
                // The value may be the secret itself.
                throw SettingsError(
                    file: file, line: index.line(of: "\(path).api_key_env"),
                    message:
                        "\(path).api_key_env is no variable's name; expected one of capitals, digits and _, such as "
                        + "\"INTERCOM_API_KEY\", and the key itself in the environment or in .env")
            }
            source.keyVariable = name
        }
        if let region = object["region"] {
            guard let name = region.string, ["us", "eu", "au"].contains(name) else {
                throw wrong("\(path).region", region, "\"us\", \"eu\" or \"au\"")
            }
            source.region = name
        }
        if let value = object["currency"] { source.currency = try currency(value, "\(path).currency") }
        return source
    }

    func wrong(
        _ path: String, _ value: JSONValue, _ expected: String, else parent: String? = nil
    ) -> SettingsError {
        let line = index.line(of: path)
        return SettingsError(
            file: file, line: line == 1 ? parent.map(index.line(of:)) ?? line : line,
            message: "\(path) is \(kind(value)); expected \(expected)")
    }

    /// A value as it may be shown: scalars as they are, the rest by kind.
    private func kind(_ value: JSONValue) -> String {
        switch value {
        case .object: "an object"
        case .array(let elements): elements.isEmpty ? "an empty list" : "a list"
        case .string(let text): quoted(text)
        case .null: "not given"
        default: JSONWriter.text(value)
        }
    }

    private func looksSecret(_ key: String) -> Bool {
        let key = key.lowercased()
        return ["key", "token", "secret", "password", "passwd", "credential", "bearer", "auth"]
            .contains { key.contains($0) }
    }

    private func isVariableName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.count <= 64
            && text.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }
}
