import GTMAdapterKit
import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Reading page by page.
extension IntercomAdapter {
    /// Turns one object into a record.
    typealias Mapper = (JSONValue, Date) throws(MappingRejection) -> MappedRecord

    // MARK: Contacts and conversations

    func contacts(_ request: PageRequest) async throws -> RecordPage {
        let answer = try await client.json(
            listRequest(request, list: "/contacts", search: "/contacts/search"))
        let values = try elements(of: answer.value, under: ["data", "contacts"])
        var page = try envelope(of: answer.value, request)
        var cut: [Int] = []
        take(values, at: "$.data", of: request, answer.document, mapping.contact, into: &page) { index, mapped in
            if mapped.hasFurtherCompanies { cut.append(index) }
        }
        try await completeCompanies(ofRecordsAt: cut, in: &page)
        return within(page, request, configuration.contactLookback)
    }

    func conversations(_ request: PageRequest) async throws -> RecordPage {
        let answer = try await client.json(
            listRequest(request, list: "/conversations", search: "/conversations/search"))
        let values = try elements(of: answer.value, under: ["conversations", "data"])
        var page = try envelope(of: answer.value, request)
        take(values, at: "$.conversations", of: request, answer.document, mapping.conversation, into: &page)
        return within(page, request, configuration.conversationLookback)
    }

    /// The list of everything, or the search for what changed.
    private func listRequest(_ request: PageRequest, list: RequestPath, search: RequestPath) -> HTTPRequest {
        guard case .changed(let checkpoint) = request.scope, let watermark = checkpoint.watermark else {
            var query = [HTTPRequest.QueryItem("per_page", String(configuration.pageSize))]
            if let cursor = request.cursor { query.append(.init("starting_after", cursor.text)) }
            return HTTPRequest(.get, list, query: query)
        }
        let since = (watermark - configuration.overlap.seconds).timeIntervalSince1970.rounded(.down)
        return HTTPRequest(
            .post, search,
            json: Self.search(
                since: Int64(min(max(since, 0), FieldReader.lastSecond)), pageSize: configuration.pageSize,
                after: request.cursor),
            budget: "search", isRepeatable: true)
    }

    /// What changed at or after a time, whether the vendor compares seconds or whole days of the workspace's time zone.
    ///
    /// `>` alone begins with the day after, `>=` is an error, and an upper bound would lose today. The cursor belongs in
    /// the body: in the address it is ignored, and the first page comes again for ever.
    static func search(since seconds: Int64, pageSize: Int, after cursor: PageCursor?) -> JSONValue {
        var pagination: JSONObject = ["per_page": .integer(Int64(pageSize))]
        if let cursor { pagination["starting_after"] = .string(cursor.text) }
        return [
            "query": [
                "operator": "OR",
                "value": [
                    ["field": "updated_at", "operator": "=", "value": .integer(seconds)],
                    ["field": "updated_at", "operator": ">", "value": .integer(seconds)],
                ],
            ],
            "sort": ["field": "updated_at", "order": "ascending"],
            "pagination": .object(pagination),
        ]
    }

    /// Puts aside what the overlap brought and lies too far before the checkpoint.
    private func within(_ page: RecordPage, _ request: PageRequest, _ lookback: Duration) -> RecordPage {
        guard case .changed(let checkpoint) = request.scope, let watermark = checkpoint.watermark else { return page }
        let first = watermark - lookback.seconds
        var page = page
        page.records.removeAll { record in
            guard let changedAt = record.changedAt, changedAt < first else { return false }
            page.outside.append(record.id.id)
            return true
        }
        guard !page.outside.isEmpty else { return page }
        let outside = Set(page.outside)
        page.issues.removeAll { outside.contains($0.record.id) }
        page.pending.removeAll { outside.contains($0.because?.id ?? "") }
        // The vendor counts the overlap too.
        return page
    }

    // MARK: Companies

    /// Companies in a page: the vendor allows fewer than of other records.
    static let companiesPerPage = 50
    /// How far the vendor pages through companies.
    static let greatestCompanyCount = 10_000

    func companies(_ request: PageRequest) async throws -> RecordPage {
        let number = request.cursor.flatMap { Int($0.text) } ?? 1
        guard number >= 1 else {
            throw SourceError(
                code: .expiredCursor, source: configuration.source, detail: "the cursor is no page of companies")
        }
        let size = min(configuration.pageSize, Self.companiesPerPage)
        let answer = try await client.json(
            HTTPRequest(
                .post, "/companies/list",
                query: [.init("page", String(number)), .init("per_page", String(size)), .init("order", "asc")],
                json: [:],
                isRepeatable: true))
        let values = try elements(of: answer.value, under: ["data", "companies"])
        var page = RecordPage(total: answer.value["total_count"]?.int64.flatMap { Int(exactly: $0) })
        if let next = Self.pageNumber(of: answer.value["pages"]?["next"]), number * size < Self.greatestCompanyCount {
            guard next > number else { throw repeatedCursor() }
            page.next = PageCursor(String(next))
        }
        take(values, at: "$.data", of: request, answer.document, mapping.company, into: &page)
        return page
    }

    /// The number of the next page, which the vendor tells as an object or as an address.
    static func pageNumber(of next: JSONValue?) -> Int? {
        switch next {
        case .object(let object): object["page"]?.int64.flatMap { Int(exactly: $0) }
        case .string(let link): queryValue("page", in: link).flatMap { Int($0) }
        default: nil
        }
    }

    // MARK: Short lists

    func directory(
        _ request: PageRequest, _ path: RequestPath, _ names: [String], _ map: Mapper
    ) async throws -> RecordPage {
        let answer = try await client.json(HTTPRequest(.get, path))
        let values = try elements(of: answer.value, under: names)
        var page = RecordPage(total: values.count)
        take(values, at: "$.\(names[0])", of: request, answer.document, map, into: &page)
        return page
    }

    // MARK: Answers

    /// The list under the first of the names that is there.
    func elements(of value: JSONValue, under names: [String]) throws -> [JSONValue] {
        for name in names { if case .array(let elements) = value[name] { return elements } }
        let found = value.object == nil ? value.kindName : "an object of type \(Self.shownType(value["type"]))"
        throw SourceError(
            code: .invalidResponse, source: configuration.source,
            detail: "expected an object with a list under \(names[0]), found \(found)")
    }

    /// The word in `type`, where it is one that may be shown.
    private static func shownType(_ value: JSONValue?) -> String {
        guard let word = value?.text, word.utf8.count <= 40,
            word.utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0 == 0x5F || $0 == 0x2E })
        else { return "unknown" }
        return word
    }

    /// A page without records: the cursor and the total that the answer names.
    private func envelope(of value: JSONValue, _ request: PageRequest) throws -> RecordPage {
        var page = RecordPage(total: value["total_count"]?.int64.flatMap { Int(exactly: $0) })
        if let cursor = Self.cursor(of: value["pages"]?["next"]) {
            guard cursor != request.cursor else { throw repeatedCursor() }
            page.next = cursor
        }
        return page
    }

    func repeatedCursor() -> SourceError {
        SourceError(
            code: .repeatedCursor, source: configuration.source, detail: "the page names itself as the next one")
    }

    /// The next cursor, from an object or an address; anything else ends the list.
    static func cursor(of next: JSONValue?) -> PageCursor? {
        let text: String? =
            switch next {
            case .object(let object): object["starting_after"]?.string
            case .string(let link): queryValue("starting_after", in: link)
            default: nil
            }
        guard let text, !text.isEmpty else { return nil }
        return PageCursor(text)
    }

    private static func queryValue(_ name: String, in link: String) -> String? {
        URLComponents(string: link)?.queryItems?.first { $0.name == name }?.value
    }

    /// Maps the objects of an answer; what cannot be taken is told with its place.
    func take(
        _ values: [JSONValue], at place: String, of request: PageRequest, _ document: JSONDocument, _ map: Mapper,
        into page: inout RecordPage, _ seen: (Int, MappedRecord) -> Void = { _, _ in }
    ) {
        page.records.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            do throws(MappingRejection) {
                let mapped = try map(value, request.now)
                if document.tooDeep > 0, value.holdsTooDeep {
                    throw MappingRejection(id: mapped.record.id.id, reason: "a value is nested too deeply")
                }
                seen(page.records.count, mapped)
                page.records.append(mapped.record)
                page.issues += mapped.issues
                if let pending = mapped.pending { page.pending.append(pending) }
            } catch {
                let place = "\(place)[\(index)]"
                page.rejected.append(
                    RejectedRecord(
                        id: mapping.recordID(request.stream, error.id ?? place), path: place + error.path,
                        reason: error.reason))
            }
        }
    }
}

extension Duration {
    /// This in seconds, as dates count.
    var seconds: TimeInterval { TimeInterval(components.seconds) + TimeInterval(components.attoseconds) * 1e-18 }
}
