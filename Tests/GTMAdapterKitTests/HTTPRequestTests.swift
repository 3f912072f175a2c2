import GTMAdapterKit
import GTMCore
import Testing

@Suite("HTTP request") struct HTTPRequestTests {
    let base: BaseURL = "https://api.vendor.test/v1"

    @Test(
        "A value in a path is one encoded segment",
        arguments: [
            ("42", "/v1/contacts/42"), ("a/b?c#d", "/v1/contacts/a%2Fb%3Fc%23d"), ("é %", "/v1/contacts/%C3%A9%20%25"),
            ("ada@example.com", "/v1/contacts/ada%40example.com"),
        ])
    func encodesSegments(id: String, path: String) throws {
        var request = HTTPRequest(.get, "/contacts/\(id)")
        request.base = base
        #expect(try request.url() == "https://api.vendor.test" + path)
    }

    @Test("A value that could reach another end point is refused", arguments: ["", ".", ".."])
    func refusesDots(id: String) {
        var request = HTTPRequest(.delete, "/contacts/\(id)")
        request.base = base
        #expect(throws: HTTPError(.invalidRequest)) { try request.url() }
    }

    @Test("Query names and values are encoded whole, in order") func encodesQuery() throws {
        var request = HTTPRequest(.get, "/list", query: [.init("page[limit]", "10"), .init("q", "a&b=c+d é")])
        request.base = base
        #expect(
            try request.url() == "https://api.vendor.test/v1/list?page%5Blimit%5D=10&q=a%26b%3Dc%2Bd%20%C3%A9")
    }

    @Test("A header that would smuggle in another is refused", arguments: ["a\r\nX-Evil: 1", "a\nb", "a\u{0}b"])
    func refusesHeaderInjection(value: String) {
        var request = HTTPRequest(.get, "/list", headers: ["X-Name": value])
        request.base = base
        #expect(throws: HTTPError(.invalidRequest)) { try request.url() }
    }

    @Test("Headers are found in any case, and set once") func headerCase() {
        var headers: HTTPHeaders = ["Content-Type": "a", "X-One": "1"]
        headers["content-type"] = "b"
        #expect(headers["CONTENT-TYPE"] == "b")
        #expect(headers.names == ["Content-Type", "X-One"])
        headers["x-one"] = nil
        #expect(headers.names == ["Content-Type"])
    }

    @Test("Nothing but method and path is ever shown") func hidesAll() {
        let secret = Secret("hunter2")
        var request = HTTPRequest(
            .post, "/services/\(secret)/\("ada@example.com")/\("id-7")", query: [.init("key", "hunter2")],
            headers: ["Authorization": "Bearer hunter2"], body: Array("hunter2".utf8))
        request.base = base
        let response = HTTPResponse(status: 200, headers: ["Set-Cookie": "hunter2"], body: Array("hunter2".utf8))
        var shown = "\(request)\(request as Any)\(String(reflecting: request))\(request.headers)\([request.path])"
        dump((request, request.headers, request.path, response), to: &shown)
        shown += "\(response)\(String(reflecting: response))"
        #expect(!shown.contains("hunter2"))
        #expect(!shown.contains("ada"))
        #expect("\(request)" == "POST /services/***/…/id-7")
    }

    @Test(
        "A base is https, or http to this machine",
        arguments: [
            ("https://api.vendor.test", true), ("https://api.vendor.test:8443/v1/", true),
            ("http://127.0.0.1:80", true),
            ("http://localhost:8080/x", true), ("http://[::1]:80", true), ("http://api.vendor.test", false),
            ("http://127.0.0.1.evil.test", false), ("https://user:pw@api.vendor.test", false), ("https://", false),
            ("ftp://api.vendor.test", false), ("https://a.test?x=1", false), ("https://a.test:0", false), ("", false),
            ("https://a.test:99999", false), ("https://a b.test", false),
        ])
    func baseURLs(text: String, isTaken: Bool) {
        #expect((BaseURL(text) != nil) == isTaken)
    }

    @Test(
        "A link is followed at its own host only",
        arguments: [
            ("https://api.vendor.test/v1/list?a=b%20c&d", "https://api.vendor.test/v1/list?a=b%20c&d="),
            ("/v1/query/01g-2000", "https://api.vendor.test/v1/query/01g-2000"),
            ("https://evil.test/v1/list", nil), ("https://api.vendor.test.evil.test/v1/list", nil),
            ("//evil.test/v1/list", nil), ("http://api.vendor.test/v1/list", nil),
            ("https://api.vendor.test@evil.test/v1/", nil), ("/v2/list", nil), ("/v1/../admin", nil), ("", nil),
        ])
    func followsLinks(link: String, url: String?) throws {
        var request = HTTPRequest(following: link, at: base)
        request?.base = base
        #expect(try request?.url() == url)
    }

    @Test("Credentials go where they belong, and are not shown") func authentication() {
        let request = HTTPRequest(.get, "/list")
        let secret = Secret("hunter2")
        #expect(Authentication.bearer(secret).applied(to: request).headers["authorization"] == "Bearer hunter2")
        #expect(Authentication.header("x-api-token", secret).applied(to: request).headers["X-API-Token"] == "hunter2")
        #expect(Authentication.query("key", secret).applied(to: request).query == [.init("key", "hunter2")])
        let basic = Authentication.basic(user: "me", password: secret)
        #expect(basic.applied(to: request).headers["Authorization"] == "Basic bWU6aHVudGVyMg==")
        #expect(Authentication.none.applied(to: request) == request)
        var shown = "\(basic) \(Authentication.bearer(secret)) \(String(reflecting: basic))"
        dump(basic, to: &shown)
        #expect(!shown.contains("hunter2") && !shown.contains("bWU6"))
    }

    @Test("Bodies say what they are") func bodies() {
        let json = HTTPRequest(.post, "/search", json: ["a": [1, nil]], isRepeatable: true)
        #expect(String(decoding: json.body, as: UTF8.self) == #"{"a":[1,null]}"#)
        #expect(json.headers["content-type"] == "application/json; charset=utf-8")
        #expect(json.isRepeatable)
        let form = HTTPRequest(.post, "/token", form: [.init("grant type", "a&b"), .init("c", "")])
        #expect(String(decoding: form.body, as: UTF8.self) == "grant%20type=a%26b&c=")
        #expect(!form.isRepeatable)
    }
}
