public import GTMAdapterKit
public import GTMCore

/// How to reach one Intercom workspace, and how to read it.
public struct IntercomConfiguration: Sendable {
    /// Where Intercom keeps a workspace's data.
    public struct Region: Sendable, Hashable {
        /// The API of the region.
        public var base: BaseURL

        /// The United States, where most workspaces are.
        public static let us = Self(base: "https://api.intercom.io")
        /// The European Union.
        public static let eu = Self(base: "https://api.eu.intercom.io")
        /// Australia.
        public static let au = Self(base: "https://api.au.intercom.io")
    }

    /// The name under which the workspace's records are kept, such as `acme`; not to be changed later.
    public var account: String
    /// The access token of an app in the workspace.
    public var token: Secret
    /// Where the API lives; ``Region/us`` by default, a loopback server for trials.
    public var base: BaseURL
    /// The version of the API, sent with each call because its answers differ by version; `2.14`, which this adapter
    /// was written for.
    public var version = "2.14"
    /// Records in a page, 1...150 by the vendor's rule; 150 by default. Companies come 50 at most.
    public var pageSize = 150
    /// Calls that may run at once, at least 1; 4 by default.
    public var concurrency = 4
    /// How far before the checkpoint a changed contact still counts as new, because search lags behind; 15 minutes.
    public var contactLookback: Duration = .seconds(15 * 60)
    /// The same for conversations, whose search is quicker; 5 minutes.
    public var conversationLookback: Duration = .seconds(5 * 60)
    /// How far before the checkpoint the vendor is asked, because it compares whole days of the workspace's own time
    /// zone; two days.
    public var overlap: Duration = .seconds(2 * 86_400)
    /// How recently a conversation must have changed for its messages to be fetched, one call each; 90 days.
    public var transcriptWindow: Duration = .seconds(90 * 86_400)
    /// Searches a second, at least 1, below whatever the vendor's answers allow; 10 by default.
    public var searchesPerSecond = 10
    /// The names and units of the Stripe data in custom attributes.
    public var stripe = StripeAttributes()
    /// The currency of amounts that name none, shown as assumed; US dollars by default.
    public var defaultCurrency = Currency.usd

    /// Hears of each wait before it begins, for rate limits and before retries; it must return quickly.
    public var onWait: @Sendable (ClientWait) -> Void = { _ in }

    /// Creates a configuration with the defaults.
    public init(account: String = "default", token: Secret, region: Region = .us) {
        self.account = account
        self.token = token
        base = region.base
    }

    /// Creates a configuration from environment variables: `INTERCOM_API_KEY`, which is required, and
    /// `INTERCOM_BASE_URL`.
    ///
    /// - Throws: ``IntercomConfigurationError`` where the key is missing or the address is none.
    public init(environment: [String: String], account: String = "default") throws {
        let key = environment["INTERCOM_API_KEY"].flatMap { JSONValue.string($0).text } ?? ""
        guard !key.isEmpty else {
            throw IntercomConfigurationError(description: "INTERCOM_API_KEY is missing; expected an access token")
        }
        guard key.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw IntercomConfigurationError(
                description: "INTERCOM_API_KEY holds characters other than visible ASCII; expected one access token")
        }
        // A line feed within would end the header that carries the token.
        guard key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw IntercomConfigurationError(
                description: "INTERCOM_API_KEY holds white space or control characters; expected one access token")
        }
        self.init(account: account, token: Secret(key))
        guard let text = environment["INTERCOM_BASE_URL"].flatMap({ JSONValue.string($0).text }) else { return }
        guard let base = BaseURL(text) else {
            throw IntercomConfigurationError(
                description: "INTERCOM_BASE_URL is \(Self.shown(text)); expected https://host[:port][/path], "
                    + "or http:// for this machine alone")
        }
        self.base = base
    }

    /// The address without what may be a password.
    private static func shown(_ text: String) -> String {
        guard let sign = text.lastIndex(of: "@") else { return text }
        return "…\(text[sign...])"
    }

    /// The workspace as a source.
    public var source: SourceID { SourceID(vendor: "intercom", account: account) }

    var mapping: IntercomMapping {
        IntercomMapping(
            source: source, stripe: stripe, defaultCurrency: defaultCurrency, transcriptWindow: transcriptWindow)
    }
}

/// A configuration that cannot be used: which setting, its value and what was expected, without any secret.
public struct IntercomConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
}
