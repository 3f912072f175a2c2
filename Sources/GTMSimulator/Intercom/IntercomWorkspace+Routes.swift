import GTMAdapterKit
import GTMCore

/// Which request leads where.
extension IntercomWorkspace {
    /// Answers a request that has passed the doors.
    mutating func answer(
        _ request: HTTPRequest, _ flaws: Set<SimulatedFaults.Fault>, at time: Int64
    ) throws(IntercomRefusal) -> JSONValue {
        let parts = request.path.encoded.split(separator: "/").map(String.init)
        let method = request.method
        switch (method, parts.first ?? "", parts.count) {
        case (.get, "me", 1): return shapes.me(timeZone: configuration.timeZone)
        case (.get, "admins", 1): return IntercomShapes.admins
        case (.get, "admins", 2): return try admin(parts[1])
        case (.get, "tags", 1): return IntercomShapes.tags
        case (.get, "data_attributes", 1): return IntercomShapes.dataAttributes
        case (.get, "contacts", 1): return try listContacts(request, flaws)
        case (.post, "contacts", 2) where parts[1] == "search":
            return try searchContacts(try body(of: request), flaws, at: time)
        case (.get, "contacts", 2): return .object(shapes.contact(try contact(parts[1])))
        case (.get, "contacts", 3) where parts[2] == "companies": return try companies(of: parts[1])
        case (.post, "companies", 2) where parts[1] == "list": return try listCompanies(request)
        case (.get, "companies", 2): return try company(parts[1])
        case (.get, "conversations", 1): return try listConversations(request, flaws)
        case (.post, "conversations", 2) where parts[1] == "search":
            return try searchConversations(try body(of: request), flaws)
        case (.get, "conversations", 2):
            return try conversation(parts[1], plain: request.value("display_as") == "plaintext")
        default: throw .notFound()
        }
    }

    private func body(of request: HTTPRequest) throws(IntercomRefusal) -> JSONValue {
        do throws(JSONError) {
            return try JSONReader.read(request.body).value
        } catch {
            // The vendor answers this in another form, which the code stands for.
            throw IntercomRefusal(
                status: 400, code: Self.badJSON, message: "There was a problem in the JSON you submitted")
        }
    }

    static let badJSON = "bad_json"

    private func admin(_ id: String) throws(IntercomRefusal) -> JSONValue {
        guard let place = Vocabulary.teammates.firstIndex(where: { String($0.number) == id }) else {
            throw .notFound("Admin for admin_id not found", code: "admin_not_found")
        }
        return IntercomShapes.admin(place)
    }

    private func contact(_ id: String) throws(IntercomRefusal) -> IntercomContact {
        guard let place = placeOfContact[id] else { throw .notFound("User Not Found") }
        switch contacts[place].state {
        case .live, .archived: return contacts[place]
        case .deleted: throw .notFound("User Not Found")
        case .merged:
            guard configuration.mergedContactsAreGone else { throw .notFound("User Not Found") }
            throw IntercomRefusal(
                status: 410, code: "gone", message: "Merged into /contacts/\(survivor(of: id))")
        }
    }

    private func conversation(_ id: String, plain: Bool) throws(IntercomRefusal) -> JSONValue {
        guard let place = placeOfConversation[id] else { throw .notFound() }
        return whole(conversations[place], plain: plain)
    }

    // MARK: Companies

    private func company(_ id: String) throws(IntercomRefusal) -> JSONValue {
        guard let index = world.companies.firstIndex(where: { isListed($0) && world.companyID($0.index) == id }) else {
            throw .notFound("Company Not Found", code: "company_not_found")
        }
        return shapes.company(index)
    }

    /// Whoever has only leads has no company.
    private func isListed(_ company: WorldCompany) -> Bool { company.kind != .prospect }

    private func companies(of id: String) throws(IntercomRefusal) -> JSONValue {
        let contact = try contact(id)
        var companies: [JSONValue] = []
        if case .person(let index, let place, let twin) = contact.origin {
            let company = world.companies[index]
            let person = company.people[place]
            companies = shapes.companies(of: person, company, isLead: twin == .lead || !person.isUser)
                .map(shapes.company)
        }
        return [
            "type": "list", "data": .array(companies),
            "pages": ["type": "pages", "next": nil, "page": 1, "per_page": 50, "total_pages": 1],
            "total_count": .integer(Int64(companies.count)),
        ]
    }

    /// Companies are paged by number, up to ten thousand of them.
    private func listCompanies(_ request: HTTPRequest) throws(IntercomRefusal) -> JSONValue {
        let wish = try PageWish(
            size: request.value("per_page").map { .string($0) }, usual: 15, cursor: nil, greatest: 60)
        guard let number = Int(request.value("page") ?? "1"), number >= 1 else {
            throw .invalid("page is invalid", field: "page")
        }
        guard number * wish.size < 10_000 + wish.size else {
            throw IntercomRefusal(
                status: 400, code: "page_size_limit", message: "Only the first 10000 companies can be listed",
                field: "page")
        }
        let isAscending = request.value("order") == "asc"
        var found = world.companies.filter(isListed)
        found.sort { ($0.signedUpAt, $0.index) < ($1.signedUpAt, $1.index) }
        if !isAscending { found.reverse() }
        let start = min((number - 1) * wish.size, found.count)
        let end = min(start + wish.size, found.count)
        let order = isAscending ? "asc" : "desc"
        let next = "https://api.intercom.io/companies/list?page=\(number + 1)&per_page=\(wish.size)&order=\(order)"
        return [
            "type": "list", "data": .array(found[start..<end].map { shapes.company($0.index) }),
            "pages": [
                "type": "pages", "next": end < found.count ? .string(next) : .null, "page": .integer(Int64(number)),
                "per_page": .integer(Int64(wish.size)),
                "total_pages": .integer(Int64((found.count + wish.size - 1) / wish.size)),
            ],
            "total_count": .integer(Int64(found.count)),
        ]
    }
}
