import GTMCore

/// The lines of a file, sorted by what they hold.
struct ArchiveContent: Sendable {
    /// What a line holds.
    enum Kind: UInt8, Sendable {
        case contact, conversation, company, admin, tag, unknown
    }

    /// One line, or one row.
    struct Line: Sendable {
        /// Its number, from 1 on.
        var number: Int
        var start: Int
        var end: Int
        var kind: Kind
    }

    /// The member under which a row hands over the name of the company, which the API has no place for.
    static let companyColumn = "company_name"

    private let bytes: [UInt8]
    private let table: CSVTable?
    private var lines: [String: [Line]] = [:]
    /// Hashes of the ids of each stream, because a record that stands in the file twice is one record.
    private var ids: [String: Set<Int>] = [:]

    init(_ bytes: [UInt8], _ format: IntercomArchive.Configuration.Format) throws {
        self.bytes = bytes
        let isCSV =
            switch format {
            case .automatic: Self.looksLikeCSV(bytes)
            case .ndjson: false
            case .csv: true
            }
        if isCSV {
            var table = try CSVTable(bytes)
            let rows = table.takeRows()
            self.table = table
            for row in rows { keep(row, id: table.id(of: row, in: bytes)) }
        } else {
            table = nil
            var unknown: [Line] = []
            for line in JSONLines(bytes) where !line.bytes.elementsEqual([0xEF, 0xBB, 0xBF]) {
                var head = LineHead(line.bytes)
                if head.kind == nil || head.id == nil { head.readWhole(line) }
                let kept = Line(
                    number: line.number, start: line.bytes.startIndex, end: line.bytes.endIndex,
                    kind: head.kind ?? .unknown)
                if head.kind == nil { unknown.append(kept) } else { keep(kept, id: head.id, line.bytes) }
            }
            // What is no known record has to be told somewhere: where customers are expected.
            for line in unknown { keep(line, id: nil) }
        }
    }

    /// How many different records there are of a stream, those that cannot be read included.
    func count(of stream: String) -> Int { ids[stream]?.count ?? 0 }

    /// The lines of a stream, in the order of the file.
    func lines(of stream: String) -> [Line] { lines[stream] ?? [] }

    /// What a line holds, and whether a part of it was left out for its depth.
    func value(of line: Line) throws(MappingRejection) -> (value: JSONValue, tooDeep: Bool) {
        if let table { return (try table.contact(of: line, in: bytes), false) }
        do {
            let document = try JSONReader.read(bytes[line.start..<line.end])
            return (document.value, document.tooDeep > 0)
        } catch {
            throw MappingRejection(reason: "not JSON: \(error)")
        }
    }

    private mutating func keep(_ line: Line, id: String?, _ text: ArraySlice<UInt8> = []) {
        let id = id ?? "line \(line.number)"
        let stream = Self.stream(of: line.kind)
        add(line, id, to: stream)
        if line.kind == .conversation, LineHead.holdsParts(text) { add(line, id, to: IntercomMapping.Stream.parts) }
    }

    private mutating func add(_ line: Line, _ id: String, to stream: String) {
        lines[stream, default: []].append(line)
        ids[stream, default: []].insert(id.hashValue)
    }

    private static func stream(of kind: Kind) -> String {
        switch kind {
        case .contact, .unknown: IntercomMapping.Stream.contacts
        case .conversation: IntercomMapping.Stream.conversations
        case .company: IntercomMapping.Stream.companies
        case .admin: IntercomMapping.Stream.admins
        case .tag: IntercomMapping.Stream.tags
        }
    }

    private static func looksLikeCSV(_ bytes: [UInt8]) -> Bool {
        let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        guard let first = content.first(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }) else {
            return false
        }
        return first != UInt8(ascii: "{") && first != UInt8(ascii: "[")
    }
}
