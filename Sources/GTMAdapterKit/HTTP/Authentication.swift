#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// How requests prove who sends them, applied to each once, by the client.
public struct Authentication: Sendable, Equatable {
    private enum Form: Sendable, Equatable {
        case none
        case header(String, Secret)
        case query(String, Secret)
    }

    private let form: Form

    /// No credentials.
    public static let none = Self(form: .none)

    /// `Authorization: Bearer <token>`.
    public static func bearer(_ token: Secret) -> Self {
        header("Authorization", Secret(token.withExposed { "Bearer \($0)" }))
    }

    /// `Authorization: Basic <user:password in Base64>`; a key alone goes as the user or as the password, by vendor.
    public static func basic(user: String, password: Secret) -> Self {
        let pair = password.withExposed { Data("\(user):\($0)".utf8).base64EncodedString() }
        return header("Authorization", Secret("Basic \(pair)"))
    }

    /// The value as a header of its own, such as `x-api-token`.
    public static func header(_ name: String, _ value: Secret) -> Self { Self(form: .header(name, value)) }

    /// The value as an item of the query; for vendors that leave no choice, because URLs end up in servers' logs.
    public static func query(_ name: String, _ value: Secret) -> Self { Self(form: .query(name, value)) }

    /// Returns the request with the credentials in it.
    public func applied(to request: HTTPRequest) -> HTTPRequest {
        var request = request
        switch form {
        case .none: break
        case .header(let name, let value): request.headers[name] = value.withExposed { $0 }
        case .query(let name, let value): request.query.append(.init(name, value.withExposed { $0 }))
        }
        return request
    }
}

extension Authentication: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String {
        switch form {
        case .none: "none"
        case .header(let name, _): "header \(name)"
        case .query(let name, _): "query \(name)"
        }
    }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
