import GTMAdapterKit
import GTMCore

/// An answer that says no, in the vendor's form.
struct IntercomRefusal: Error {
    var status: Int
    var code: String
    var message: String
    var field: String?

    static let unauthorized = Self(status: 401, code: "unauthorized", message: "Access Token Invalid")
    static let noPermission = Self(
        status: 401, code: "token_unauthorized", message: "Not authorized to access resource")
    static let notAcceptable = Self(
        status: 406, code: "media_type_not_acceptable",
        message: "The Accept header should send a media type of application/json")
    static let tooBig = Self(
        status: 400, code: "parameter_invalid", message: "Per Page is too big", field: "per_page")
    static let badCursor = Self(
        status: 400, code: "parameter_invalid", message: "Invalid cursor", field: "starting_after")

    static func notFound(_ what: String = "Resource Not Found", code: String = "not_found") -> Self {
        Self(status: 404, code: code, message: what)
    }

    static func invalid(_ message: String, field: String? = nil) -> Self {
        Self(status: 400, code: "parameter_invalid", message: message, field: field)
    }

    static func rateLimited(_ limit: Int) -> Self {
        Self(status: 429, code: "rate_limit_exceeded", message: "Exceeded rate limit of \(limit) in 10_seconds")
    }

    /// The body, an error list; `number` makes the request's id.
    func body(_ number: Int) -> [UInt8] {
        var error: JSONObject = ["code": .string(code), "message": .string(message)]
        if let field { error["field"] = .string(field) }
        return JSONWriter.bytes([
            "type": "error.list", "request_id": .string(UInt64(number).hexadecimal),
            "errors": [.object(error)],
        ])
    }
}
