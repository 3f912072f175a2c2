import GTMAdapterKit
import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Reading one by one.
extension IntercomAdapter {
    /// What became of one id.
    private enum Outcome: Sendable {
        case mapped([MappedRecord])
        case rejected(RejectedRecord)
    }

    /// Reads each of the ids, some at a time; one that fails takes nothing from the others.
    func records(_ ids: [RecordID], of request: PageRequest) async throws -> RecordPage {
        if request.stream == IntercomMapping.Stream.tags { return try await tags(ids, of: request) }
        let outcomes = try await concurrently(ids) { id in try await outcome(of: id, request) }
        var page = RecordPage(total: ids.count)
        var cut: [Int] = []
        for outcome in outcomes {
            switch outcome {
            case .rejected(let record): page.rejected.append(record)
            case .mapped(let all):
                for mapped in all {
                    if mapped.hasFurtherCompanies { cut.append(page.records.count) }
                    page.records.append(mapped.record)
                    page.issues += mapped.issues
                    if let pending = mapped.pending { page.pending.append(pending) }
                }
            }
        }
        try await completeCompanies(ofRecordsAt: cut, in: &page)
        return page
    }

    private func outcome(of id: RecordID, _ request: PageRequest) async throws -> Outcome {
        do {
            let answer = try await client.json(recordRequest(id, stream: request.stream))
            if answer.status == 410 { return .mapped([gone(id, answer)]) }
            return try mapped(answer, asked: id, request)
        } catch let error as VendorError {
            switch error.code {
            case .notFound, .gone: return .mapped([vanished(id, .deleted)])
            case .unauthorized, .forbidden, .rateLimited: throw error
            default:
                return .rejected(
                    RejectedRecord(
                        id: id, path: "$", reason: "the call failed: \(error.sourceError.code)",
                        retries: error.code != .invalidRequest))
            }
        }
    }

    private func recordRequest(_ id: RecordID, stream: String) throws -> HTTPRequest {
        switch stream {
        case IntercomMapping.Stream.contacts: return HTTPRequest(.get, "/contacts/\(id.id)")
        case IntercomMapping.Stream.companies: return HTTPRequest(.get, "/companies/\(id.id)")
        case IntercomMapping.Stream.admins: return HTTPRequest(.get, "/admins/\(id.id)")
        case IntercomMapping.Stream.conversations: return HTTPRequest(.get, "/conversations/\(id.id)")
        case IntercomMapping.Stream.parts:
            return HTTPRequest(.get, "/conversations/\(id.id)", query: [.init("display_as", "plaintext")])
        default:
            throw SourceError(
                code: .invalidRequest, source: configuration.source, detail: "there is no stream \(stream)")
        }
    }

    private func mapped(_ answer: JSONAnswer, asked id: RecordID, _ request: PageRequest) throws -> Outcome {
        let map: Mapper =
            switch request.stream {
            case IntercomMapping.Stream.contacts: mapping.contact
            case IntercomMapping.Stream.companies: mapping.company
            case IntercomMapping.Stream.admins: mapping.admin
            case IntercomMapping.Stream.conversations: mapping.conversation
            default: mapping.transcript
            }
        do throws(MappingRejection) {
            let mapped = try map(answer.value, request.now)
            if answer.document.tooDeep > 0, answer.value.holdsTooDeep {
                throw MappingRejection(reason: "a value is nested too deeply")
            }
            guard mapped.record.id.id != id.id else { return .mapped([mapped]) }
            guard id.stream == IntercomMapping.Stream.contacts else {
                throw MappingRejection(
                    path: ".id", reason: "the answer carries another record; expected the id \(id.id)", retries: true)
            }
            // The vendor answered with another contact: the one asked for went into it.
            return .mapped([vanished(id, .merged(into: mapped.record.id)), mapped])
        } catch {
            return .rejected(
                RejectedRecord(id: id, path: "$" + error.path, reason: error.reason, retries: error.retries))
        }
    }

    // MARK: What is no more

    private func gone(_ id: RecordID, _ answer: JSONAnswer) -> MappedRecord {
        guard id.stream == IntercomMapping.Stream.contacts else { return vanished(id, .deleted) }
        let survivor =
            Self.survivor(in: answer.value, of: id.id)
            ?? answer.headers["Location"].flatMap {
                Self.contactID(in: $0, otherThan: id.id)
            }
        return vanished(id, survivor.map { .merged(into: mapping.recordID(id.stream, $0)) } ?? .deleted)
    }

    private func vanished(_ id: RecordID, _ state: RecordState) -> MappedRecord {
        let fact: Fact =
            switch id.stream {
            case IntercomMapping.Stream.contacts: .contact(Contact())
            case IntercomMapping.Stream.companies: .company(Company())
            case IntercomMapping.Stream.admins: .owner(Owner())
            case IntercomMapping.Stream.tags: .tag(Tag(name: ""))
            case IntercomMapping.Stream.conversations:
                .conversation(Conversation(createdAt: nil, state: nil, involvesCustomer: false))
            default:
                .transcript(
                    Transcript(
                        conversation: mapping.recordID(IntercomMapping.Stream.conversations, id.id), messages: []))
            }
        return MappedRecord(SourceRecord(id: id, fact: fact, state: state), issues: [])
    }

    /// The id of the contact that a merged one went into, from the body of an answer 410.
    ///
    /// The vendor promises a link and not its place, so every text is looked at that holds `/contacts/<id>`, and the
    /// members that name an id outright.
    static func survivor(in value: JSONValue, of id: String) -> String? {
        switch value {
        case .string(let text): return contactID(in: text, otherThan: id)
        case .array(let elements):
            for element in elements { if let found = survivor(in: element, of: id) { return found } }
            return nil
        case .object(let object):
            for name in ["merged_into", "merged_into_id", "survivor", "survivor_id"] {
                let named = object[name].flatMap { $0["id"] ?? $0 }
                if case .string(let text) = named, text.contains("/") { continue }
                if let found = named?.identifier, found != id { return found }
            }
            for member in object.members { if let found = survivor(in: member.value, of: id) { return found } }
            return nil
        default: return nil
        }
    }

    static func contactID(in text: String, otherThan id: String) -> String? {
        var rest = text[...]
        while let range = rest.firstRange(of: "/contacts/") {
            rest = rest[range.upperBound...]
            let found = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
            if !found.isEmpty, found != id { return String(found) }
        }
        return nil
    }

    /// Labels cannot be asked for one by one; the whole list is short.
    private func tags(_ ids: [RecordID], of request: PageRequest) async throws -> RecordPage {
        var page = try await directory(request, "/tags", ["data", "tags"], mapping.tag)
        let wanted = Set(ids)
        page.records.removeAll { !wanted.contains($0.id) }
        let found = Set(page.records.map(\.id))
        page.records += ids.filter { !found.contains($0) }.map { vanished($0, .deleted).record }
        page.issues.removeAll { !wanted.contains($0.record) }
        page.rejected = []
        page.total = ids.count
        return page
    }

    // MARK: Lists cut at ten

    /// Fetches the companies that an addressable list left out.
    ///
    /// Where that fails for one contact, its first ten stay and the lack is told.
    func completeCompanies(ofRecordsAt indices: [Int], in page: inout RecordPage) async throws {
        guard !indices.isEmpty else { return }
        let records = indices.map { page.records[$0].id }
        let lists = try await concurrently(records) { id -> [RecordID]? in
            do {
                return try await companies(of: id)
            } catch let error as VendorError where error.code != .rateLimited {
                return nil
            }
        }
        for (index, companies) in zip(indices, lists) {
            guard var contact = page.records[index].fact.contact else { continue }
            if let companies {
                contact.companies = companies
                page.records[index].fact = .contact(contact)
            } else {
                page.issues.append(
                    FieldIssue(
                        record: page.records[index].id, path: "companies",
                        reason: "the list is cut at \(contact.companies.count); the rest could not be read"))
            }
        }
    }

    /// All companies of a contact; `nil` where the list does not end within 20 pages or has another form.
    private func companies(of contact: RecordID) async throws -> [RecordID]? {
        var companies: [RecordID] = []
        var number = 1
        while number <= 20 {
            // The vendor's description knows no query here; a page is named only where an answer named it.
            let answer = try await client.json(
                HTTPRequest(
                    .get, "/contacts/\(contact.id)/companies",
                    query: number == 1 ? [] : [.init("page", String(number))]))
            guard let listed = (answer.value["data"] ?? answer.value["companies"])?.array else { return nil }
            for value in listed {
                guard let id = value["id"]?.identifier else { return nil }
                let company = mapping.recordID(IntercomMapping.Stream.companies, id)
                if !companies.contains(company) { companies.append(company) }
            }
            guard let next = Self.pageNumber(of: answer.value["pages"]?["next"]) else { return companies }
            guard next > number else { return nil }
            number = next
        }
        return nil
    }

    /// Does the work for each input, ``IntercomConfiguration/concurrency`` at a time; the results are in their order.
    private func concurrently<Input: Sendable, Output: Sendable>(
        _ inputs: [Input], _ work: @escaping @Sendable (Input) async throws -> Output
    ) async throws -> [Output] {
        try await withThrowingTaskGroup(of: (Int, Output).self) { group in
            var outputs = [Output?](repeating: nil, count: inputs.count)
            var next = 0
            func start() {
                guard next < inputs.count else { return }
                let (index, input) = (next, inputs[next])
                next += 1
                group.addTask { (index, try await work(input)) }
            }
            for _ in 0..<configuration.concurrency { start() }
            while let (index, output) = try await group.next() {
                outputs[index] = output
                start()
            }
            return outputs.compactMap { $0 }
        }
    }
}
