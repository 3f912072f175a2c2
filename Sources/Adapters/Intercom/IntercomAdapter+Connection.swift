import GTMAdapterKit
public import GTMCore

/// The workspace behind a token.
public struct IntercomWorkspace: Sendable, Hashable {
    /// The vendor's id of the workspace; `nil` where it is not told.
    public var id: String?
    /// Its name.
    public var name: String?
    /// The name of its time zone, such as `America/Los_Angeles`, by whose days dates are compared.
    public var timeZone: String?
    /// Where its data is kept: `US`, `EU` or `AU`.
    public var region: String?
}

extension IntercomAdapter {
    /// Asks who the token belongs to: the test whether the workspace can be reached.
    ///
    /// - Returns: The workspace, for showing.
    /// - Throws: `SourceError` with the code `unauthorized` where the token is refused, `unavailable` where the vendor
    ///   cannot be reached, `invalidResponse` where something else answers.
    public func connectionCheck() async throws -> IntercomWorkspace {
        let answer: JSONAnswer
        do {
            answer = try await client.json(HTTPRequest(.get, "/me"))
        } catch let error as VendorError {
            throw error.sourceError
        }
        guard let app = answer.value["app"]?.object else {
            throw SourceError(
                code: .invalidResponse, source: configuration.source,
                detail: "GET /me: expected an object with the workspace under app", status: answer.status)
        }
        return IntercomWorkspace(
            id: app["id_code"]?.text, name: app["name"]?.text, timeZone: app["timezone"]?.text,
            region: app["region"]?.text)
    }
}

extension IntercomAdapter: AccountIdentifying {
    /// The workspace's id, by which a token of another workspace is told.
    public func accountID() async throws -> String? { try await connectionCheck().id }
}
