public import GTMAdapterKit
public import GTMCore

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Reads contacts, companies, conversations, teammates and labels of one Intercom workspace.
///
/// Contacts bring the Stripe data that Intercom mirrors; the messages of a conversation are a stream of their own,
/// fetched one conversation at a time. What is asked, and how answers become records, is laid down in
/// `directives/intercom-sync.md`.
public struct IntercomAdapter: SourceAdapter {
    /// How the workspace is reached and read.
    public let configuration: IntercomConfiguration
    public let descriptor: SourceDescriptor
    let client: VendorClient
    let mapping: IntercomMapping

    /// Creates an adapter.
    ///
    /// - Parameters:
    ///   - configuration: The workspace.
    ///   - transport: What sends the requests; the platform's own by default.
    ///   - clock: What waits.
    ///   - now: The time of day, to read the times in headers.
    ///   - random: Numbers in `0..<1`, to spread retries.
    public init(
        _ configuration: IntercomConfiguration, transport: any HTTPTransport = URLSessionTransport(),
        clock: any Clock<Duration> = ContinuousClock(), now: @escaping @Sendable () -> Date = { Date() },
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        precondition(
            (1...150).contains(configuration.pageSize), "pageSize is \(configuration.pageSize); expected 1...150")
        precondition(configuration.concurrency >= 1, "concurrency is \(configuration.concurrency); expected 1 or more")
        precondition(
            configuration.searchesPerSecond >= 1,
            "searchesPerSecond is \(configuration.searchesPerSecond); expected 1 or more")
        self.configuration = configuration
        descriptor = Self.descriptor(of: configuration.source)
        client = VendorClient(
            Self.client(for: configuration), transport: transport, clock: clock, now: now, random: random)
        mapping = configuration.mapping
    }

    /// What the client has done so far.
    public var usage: Usage { client.usage }

    public func page(_ request: PageRequest) async throws -> RecordPage {
        do {
            return try await read(request)
        } catch let error as VendorError {
            throw try await told(error, in: request)
        }
    }

    private func read(_ request: PageRequest) async throws -> RecordPage {
        if case .ids(let ids) = request.scope { return try await records(ids, of: request) }
        switch request.stream {
        case IntercomMapping.Stream.contacts: return try await contacts(request)
        case IntercomMapping.Stream.conversations: return try await conversations(request)
        case IntercomMapping.Stream.companies: return try await companies(request)
        case IntercomMapping.Stream.admins: return try await directory(request, "/admins", ["admins"], mapping.admin)
        case IntercomMapping.Stream.tags: return try await directory(request, "/tags", ["data", "tags"], mapping.tag)
        default:
            throw SourceError(
                code: .invalidRequest, source: configuration.source,
                detail: "stream \(request.stream) is not read page by page")
        }
    }

    /// The client's failure as the core tells it.
    ///
    /// Intercom answers 401 for a missing permission too: where the token still opens the front door, only this kind
    /// of data is closed.
    private func told(_ error: VendorError, in request: PageRequest) async throws -> SourceError {
        var told = error.sourceError
        switch error.code {
        case .unauthorized:
            do {
                _ = try await client.json(HTTPRequest(.get, "/me"))
                told.code = .forbidden
                told.detail += ", the token has no permission for \(request.stream)"
            } catch let refused as VendorError {
                // Whatever keeps the front door shut, it does not make the first answer a mere lack of permission.
                told.detail += ", GET /me \(refused.code)"
            }
        case .invalidRequest where request.cursor != nil && error.vendorCode == Self.badCursor:
            told.code = .expiredCursor
        default: break
        }
        return told
    }
}

extension IntercomAdapter {
    /// The vendor code under which an answer that refuses the cursor is known here.
    static let badCursor = "invalid_cursor"

    static func descriptor(of source: SourceID) -> SourceDescriptor {
        typealias Stream = IntercomMapping.Stream
        return SourceDescriptor(
            id: source, name: "Intercom",
            streams: [
                StreamDescriptor(name: Stream.admins, reading: .listedWhole),
                StreamDescriptor(name: Stream.tags, reading: .listedWhole),
                // Companies without contacts leave the list, so that absence tells nothing.
                StreamDescriptor(name: Stream.companies, reading: .listedWhole, provides: [.profile, .revenue]),
                StreamDescriptor(
                    name: Stream.contacts, reading: .listed, provides: [.profile, .revenue, .activity],
                    createsCustomers: true, deletions: .absence, budgetFamily: "search"),
                StreamDescriptor(
                    name: Stream.conversations, reading: .listed, provides: .support, deletions: .absence,
                    budgetFamily: "search"),
                StreamDescriptor(name: Stream.parts, reading: .byID, provides: .transcripts),
            ],
            interval: .seconds(6 * 3600),
            budgets: [
                CallAllowance(calls: firstAllowance, window: window),
                CallAllowance(family: "search", calls: firstAllowance, window: window),
            ])
    }

    /// Calls in one window before the first answer tells the app's own number: what the smallest apps have.
    static let firstAllowance = 166
    /// The vendor deals out each minute's calls in windows of this length.
    static let window: Duration = .seconds(10)

    static func client(for configuration: IntercomConfiguration) -> VendorClient.Configuration {
        var client = VendorClient.Configuration(
            source: configuration.source, base: configuration.base, authentication: .bearer(configuration.token))
        client.headers["Intercom-Version"] = configuration.version
        client.rateHeaders = .common(reset: .epochSeconds)
        // The first limit follows the headers; the second one stays.
        let own = CallBudget.Limit(firstAllowance, per: window)
        client.budgets = [
            "default": CallBudget([own], atOnce: configuration.concurrency),
            "search": CallBudget(
                [own, CallBudget.Limit(configuration.searchesPerSecond, per: .seconds(1))],
                atOnce: configuration.concurrency),
        ]
        client.diagnose = { Self.diagnose($0, $1) }
        client.onWait = configuration.onWait
        return client
    }

    /// Judges an answer by its status and by the vendor's code, in either of the two shapes of an error.
    static func diagnose(_ response: HTTPResponse, _ body: JSONValue?) -> Diagnosis {
        var diagnosis = Diagnosis(status: response.status)
        guard !response.isSuccess else { return diagnosis }
        let error = body?["errors"]?.array?.first
        diagnosis.vendorCode = error?["code"]?.text
        diagnosis.requestID = body?["request_id"]?.text ?? response.headers["X-Request-Id"]
        switch diagnosis.vendorCode {
        case "rate_limit_exceeded", "too_many_requests": diagnosis.verdict = .limited(after: nil)
        case "token_unauthorized", "api_plan_restricted": diagnosis.verdict = .failure(.forbidden)
        case "scroll_exists": diagnosis.verdict = .failure(.unavailable)
        case "request_timeout": diagnosis.verdict = .retry(.timedOut)
        default: break
        }
        if response.status == 400, error?["field"]?.text?.contains("starting_after") == true {
            diagnosis.vendorCode = badCursor
        }
        // A merged contact answers 410, and the body may say into which one: that is an answer, not a failure.
        if response.status == 410, body?.object != nil { diagnosis.verdict = .success }
        return diagnosis
    }
}
