/// Where a vendor's API lives: scheme, host, port and the start of every path.
public struct BaseURL: Sendable, Hashable {
    /// Scheme, host and port, in lower case, such as `https://api.vendor.test:8443`.
    public let origin: String
    /// What every path begins with, without a slash at its end; empty where there is nothing.
    public let prefix: String

    /// Reads `https://host[:port][/prefix]`; `nil` for anything else.
    ///
    /// Refused are user names and passwords, a query, a fragment, and plain `http` except to this machine itself
    /// (`localhost`, `127.…`, `[::1]`), because a credential would travel in the open.
    public init?(_ text: String) {
        guard let colon = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<colon.lowerBound].lowercased()
        let rest = text[colon.upperBound...]
        let authority = rest.prefix { $0 != "/" }.lowercased()
        var path = rest.dropFirst(authority.count)
        while path.last == "/" { path.removeLast() }
        guard let host = Self.host(of: authority), RequestPath.isLegal(path.utf8) else { return nil }
        let isLocal = host == "localhost" || host == "[::1]" || Self.isLoopbackAddress(host)
        guard scheme == "https" || scheme == "http" && isLocal else { return nil }
        origin = "\(scheme)://\(authority)"
        prefix = String(path)
    }

    /// The host of `host` or `host:port`; `nil` where either is malformed.
    private static func host(of authority: String) -> String? {
        let bytes = authority.utf8
        var host = authority[...]
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            guard let port = Int(authority[authority.index(after: colon)...]), 1...65535 ~= port else { return nil }
            host = authority[..<colon]
        }
        let isAddress = host.first == "[" && host.last == "]"
        let isLegal = bytes.allSatisfy {
            PercentEncoding.isUnreserved($0) || $0 == UInt8(ascii: ":")
                || isAddress && ($0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]"))
        }
        guard !host.isEmpty, isLegal, isAddress || !host.contains(":") else { return nil }
        return String(host)
    }

    private static func isLoopbackAddress(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

extension BaseURL: ExpressibleByStringLiteral {
    /// Reads a literal, which the program's author has to get right.
    public init(stringLiteral value: String) {
        guard let base = BaseURL(value) else {
            preconditionFailure("base URL is \(value); expected https://host[:port][/prefix]")
        }
        self = base
    }
}

extension BaseURL: CustomStringConvertible {
    public var description: String { origin + prefix }
}
