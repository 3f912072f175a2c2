import GTMAdapterKit
import GTMCore

/// What every request passes before and after the workspace answers it.
extension SimulatedIntercom.State {
    typealias Outcome = (result: Result<HTTPResponse, HTTPError>, isSlow: Bool)

    /// Takes a request: logs it, lets faults happen, and answers.
    mutating func take(
        _ request: HTTPRequest, _ configuration: SimulatedIntercom.Configuration, _ callTime: Int64?
    ) -> Outcome {
        let flaws = faults.faults(ofCallTo: request.path.encoded)
        let result = answer(request, configuration, callTime, flaws)
        calls.append(
            SimulatedIntercom.Call(
                method: request.method, path: request.path.encoded,
                query: request.query,
                // A body that is not JSON is told by the answer's status.
                body: request.body.isEmpty ? nil : (try? JSONReader.read(request.body))?.value,
                status: (try? result.get())?.status))
        return (result, flaws.contains(.slow))
    }

    private mutating func answer(
        _ request: HTTPRequest, _ configuration: SimulatedIntercom.Configuration, _ callTime: Int64?,
        _ flaws: Set<SimulatedFaults.Fault>
    ) -> Result<HTTPResponse, HTTPError> {
        if flaws.contains(.connectionReset) { return .failure(HTTPError(.connectionLost)) }
        var headers: HTTPHeaders = [
            "Content-Type": "application/json; charset=utf-8", "Date": WorldCalendar.httpDate(callTime ?? time),
        ]
        let number = calls.count + 1
        func refusal(_ refusal: IntercomRefusal) -> HTTPResponse {
            if refusal.code == IntercomWorkspace.badJSON {
                let body: JSONValue = ["status": .integer(Int64(refusal.status)), "error": .string(refusal.message)]
                return HTTPResponse(status: refusal.status, headers: headers, body: JSONWriter.bytes(body))
            }
            return HTTPResponse(status: refusal.status, headers: headers, body: refusal.body(number))
        }

        let isKnown = configuration.token.withExposed { request.headers["Authorization"] == "Bearer \($0)" }
        guard isKnown else { return .success(refusal(.unauthorized)) }
        let limit = configuration.callsPerWindow
        // Without a time of its own each call has a window to itself.
        if callTime == nil { window = RateWindow() }
        let (left, end) = window.count(at: callTime ?? time, limit: limit)
        let isLimited = left < 0 || flaws.contains(.rateLimited)
        headers["X-RateLimit-Limit"] = String(limit)
        headers["X-RateLimit-Remaining"] = String(isLimited ? 0 : left)
        headers["X-RateLimit-Reset"] = String(end)
        if isLimited { return .success(refusal(.rateLimited(limit))) }
        if let failure = failure(flaws) { return .success(failure(&headers, number)) }
        let accept = request.headers["Accept"] ?? ""
        guard accept.contains("application/json") || accept.contains("*/*") else {
            return .success(refusal(.notAcceptable))
        }
        if let version = request.headers["Intercom-Version"], version != "2.14" {
            return .success(refusal(.invalid("This workspace speaks version 2.14", field: "Intercom-Version")))
        }
        if flaws.contains(.forbidden) { return .success(refusal(.noPermission)) }
        do throws(IntercomRefusal) {
            let value = try workspace.answer(request, flaws, at: time)
            var body = JSONWriter.bytes(value)
            if flaws.contains(.truncatedBody) { return .failure(HTTPError(.truncated)) }
            if flaws.contains(.emptyBody) { body = [] }
            if flaws.contains(.malformedJSON) { body.removeLast(body.count / 2) }
            return .success(HTTPResponse(status: 200, headers: headers, body: body))
        } catch {
            return .success(refusal(error))
        }
    }

    /// An answer of the machinery in front of the workspace, where one of its faults is due.
    private func failure(
        _ flaws: Set<SimulatedFaults.Fault>
    ) -> ((inout HTTPHeaders, _ number: Int) -> HTTPResponse)? {
        if flaws.contains(.errorPage) {
            return { headers, _ in
                headers["Content-Type"] = "text/html"
                let page = "<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"
                return HTTPResponse(status: 502, headers: headers, body: Array(page.utf8))
            }
        }
        for (fault, status, code) in [
            (SimulatedFaults.Fault.serverError, 500, "server_error"), (.unavailable, 503, "service_unavailable"),
        ] where flaws.contains(fault) {
            return { headers, number in
                let refusal = IntercomRefusal(status: status, code: code, message: "Sorry, something went wrong")
                return HTTPResponse(status: status, headers: headers, body: refusal.body(number))
            }
        }
        return nil
    }
}
