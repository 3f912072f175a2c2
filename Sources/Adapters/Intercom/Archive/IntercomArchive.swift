public import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Reads Intercom's records from a file instead of the API: an export, a backup, or data of another system.
///
/// The file is NDJSON (each line one contact, conversation, company, teammate or label, in the form of the API), or CSV
/// with a header row (each row one contact). It is served through the protocol of every source, so that the engine
/// treats it like one; a bad line costs itself and is told by its number.
///
/// A conversation that holds its parts brings its messages along, as a stream of their own.
public struct IntercomArchive: SourceAdapter {
    /// How a file is read.
    public struct Configuration: Sendable {
        /// The forms of a file.
        public enum Format: Sendable, Hashable, CaseIterable {
            /// NDJSON where the file begins with `{`, else CSV.
            case automatic
            /// One JSON object in each line.
            case ndjson
            /// Comma-separated values by RFC 4180, with a header row.
            case csv
        }

        /// The name under which the records are kept; that of the workspace where they come from one, so that they
        /// are the same records as those of ``IntercomAdapter``.
        public var account: String
        /// The form of the file.
        public var format = Format.automatic
        /// Lines in a page, at least 1; 500 by default.
        public var pageSize = 500
        /// Parts of a page that are read at once, at least 1; 2 by default.
        public var concurrency = 2
        /// The names and units of the Stripe data in custom attributes.
        public var stripe = StripeAttributes()
        /// The currency of amounts that name none, shown as assumed; US dollars by default.
        public var defaultCurrency = Currency.usd

        /// Creates a configuration with the defaults.
        public init(account: String = "default") { self.account = account }
    }

    /// A file that cannot be read at all: what is wrong and what was expected.
    public struct Unreadable: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
    }

    public let descriptor: SourceDescriptor
    private let configuration: Configuration
    private let mapping: IntercomMapping
    private let content: ArchiveContent

    /// Opens a file that was read already.
    ///
    /// - Throws: ``Unreadable`` where it is CSV without a header row, or with one that names a column twice or no
    ///   `email`.
    public init(_ bytes: [UInt8], _ configuration: Configuration = Configuration()) throws {
        precondition(configuration.pageSize >= 1, "pageSize is \(configuration.pageSize); expected 1 or more")
        precondition(configuration.concurrency >= 1, "concurrency is \(configuration.concurrency); expected 1 or more")
        self.configuration = configuration
        let source = SourceID(vendor: "intercom", account: configuration.account)
        mapping = IntercomMapping(
            source: source, stripe: configuration.stripe, defaultCurrency: configuration.defaultCurrency,
            transcriptWindow: .zero)
        content = try ArchiveContent(bytes, configuration.format)
        descriptor = Self.descriptor(of: source, content)
    }

    /// Reads and opens a file.
    ///
    /// - Throws: ``Unreadable``, also where there is no such file.
    public init(file path: String, _ configuration: Configuration = Configuration()) throws {
        let bytes: [UInt8]
        do {
            bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe))
        } catch {
            throw Unreadable(description: "\(path) cannot be read; expected a file of NDJSON or CSV")
        }
        do {
            try self.init(bytes, configuration)
        } catch let error as Unreadable {
            throw Unreadable(description: "\(path): \(error.description)")
        }
    }

    private static func descriptor(of source: SourceID, _ content: ArchiveContent) -> SourceDescriptor {
        // What is absent from a file was not deleted, what changed since is for the API to tell, and a file without
        // records still is one of contacts.
        var streams = IntercomAdapter.descriptor(of: source).streams.filter { content.count(of: $0.name) > 0 }
        if streams.isEmpty {
            streams = [
                StreamDescriptor(name: IntercomMapping.Stream.contacts, reading: .once, createsCustomers: true)
            ]
        }
        for index in streams.indices {
            streams[index].reading = .once
            streams[index].deletions = .untold
            streams[index].budgetFamily = "default"
        }
        return SourceDescriptor(id: source, name: "Intercom archive", streams: streams, interval: .seconds(6 * 3600))
    }

    public func page(_ request: PageRequest) async throws -> RecordPage {
        let count = content.lines(of: request.stream).count
        guard descriptor.stream(request.stream) != nil else {
            throw SourceError(
                code: .invalidRequest, source: descriptor.id, detail: "the file has no stream \(request.stream)")
        }
        if case .ids(let ids) = request.scope { return try await records(ids, of: request) }
        var first = 0
        if let cursor = request.cursor {
            guard let place = Int(cursor.text), (0..<count).contains(place) else {
                throw SourceError(
                    code: .expiredCursor, source: descriptor.id, detail: "the cursor lies beyond the end of the file")
            }
            first = place
        }
        let end = min(first + configuration.pageSize, count)
        var page = try await read(first..<end, of: request)
        if end < count { page.next = PageCursor(String(end)) }
        page.total = content.count(of: request.stream)
        return page
    }

    /// The lines at these places of a stream, in order, read in parts at once.
    private func read(_ places: Range<Int>, of request: PageRequest) async throws -> RecordPage {
        let size = max(1, (places.count + configuration.concurrency - 1) / configuration.concurrency)
        let parts = stride(from: places.lowerBound, to: places.upperBound, by: size).map {
            $0..<min($0 + size, places.upperBound)
        }
        try Task.checkCancellation()
        guard parts.count > 1 else { return parts.first.map { part($0, of: request) } ?? RecordPage() }
        return await withTaskGroup(of: (Int, RecordPage).self) { group in
            for (number, places) in parts.enumerated() {
                group.addTask { (number, part(places, of: request)) }
            }
            var pages = [RecordPage](repeating: RecordPage(), count: parts.count)
            for await (number, page) in group { pages[number] = page }
            var whole = pages.removeFirst()
            for page in pages {
                whole.records += page.records
                whole.rejected += page.rejected
                whole.issues += page.issues
            }
            return whole
        }
    }

    private func part(_ places: Range<Int>, of request: PageRequest) -> RecordPage {
        var page = RecordPage()
        page.records.reserveCapacity(places.count)
        for line in content.lines(of: request.stream)[places] {
            do throws(MappingRejection) {
                let (value, tooDeep) = try content.value(of: line)
                let mapped = try map(value, line, request)
                if tooDeep, value.holdsTooDeep {
                    throw MappingRejection(id: mapped.record.id.id, reason: "a value is nested too deeply")
                }
                page.records.append(mapped.record)
                if !mapped.issues.isEmpty { page.issues += mapped.issues }
            } catch {
                let id = mapping.recordID(request.stream, error.id ?? "line \(line.number)")
                page.rejected.append(
                    RejectedRecord(id: id, path: "line \(line.number)\(error.path)", reason: error.reason))
            }
        }
        return page
    }

    private func map(
        _ value: JSONValue, _ line: ArchiveContent.Line, _ request: PageRequest
    ) throws(MappingRejection) -> MappedRecord {
        switch request.stream {
        case IntercomMapping.Stream.contacts:
            guard line.kind == .contact else {
                throw MappingRejection(reason: "expected a contact, conversation, company, admin or tag")
            }
            var mapped = try mapping.contact(value, now: request.now)
            if mapped.hasFurtherCompanies {
                mapped.issues.append(
                    FieldIssue(
                        record: mapped.record.id, path: "companies",
                        reason: "the list is cut; the rest is not in the file"))
            }
            if let name = value[ArchiveContent.companyColumn]?.text, var contact = mapped.record.fact.contact {
                contact.companyName = name
                mapped.record.fact = .contact(contact)
            }
            return mapped
        case IntercomMapping.Stream.conversations:
            var mapped = try mapping.conversation(value, now: request.now)
            mapped.pending = nil
            return mapped
        case IntercomMapping.Stream.parts: return try mapping.transcript(value, now: request.now)
        case IntercomMapping.Stream.companies: return try mapping.company(value, now: request.now)
        case IntercomMapping.Stream.admins: return try mapping.admin(value, now: request.now)
        default: return try mapping.tag(value, now: request.now)
        }
    }

    /// The records of these ids; those that the file does not hold are refused, because it tells nothing of them.
    private func records(_ ids: [RecordID], of request: PageRequest) async throws -> RecordPage {
        let all = try await read(0..<content.lines(of: request.stream).count, of: request)
        let wanted = Set(ids)
        var page = RecordPage(records: all.records.filter { wanted.contains($0.id) })
        page.issues = all.issues.filter { wanted.contains($0.record) }
        let found = Set(page.records.map(\.id))
        page.rejected = ids.filter { !found.contains($0) }.map {
            RejectedRecord(id: $0, path: "$", reason: "the file does not hold this record")
        }
        page.total = ids.count
        return page
    }
}
