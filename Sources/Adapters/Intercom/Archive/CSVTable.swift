import GTMCore

/// A table of contacts by RFC 4180: a header row, cells in quotes where they hold commas, quotes or line ends.
struct CSVTable: Sendable {
    /// Where a column's cells go.
    private enum Target: Sendable {
        case member(String)
        case location(String)
        case attribute(String)
    }

    /// A row that was cut apart.
    private struct Row {
        var cells: [String]
        var end: Int
        /// What is wrong with its quotes.
        var fault: String?
    }

    /// Columns that are members of a contact.
    private static let members = [
        "id", "external_id", "email", "name", "phone", "role", "owner_id", "created_at", "updated_at", "signed_up_at",
        "last_seen_at", "last_replied_at",
    ]
    /// Columns that are parts of its location.
    private static let places = ["country", "country_code", "region", "city"]
    private static let company = "company"
    /// All columns that have a meaning of their own, but for those of Stripe.
    static let columnNames = members + places + [company]

    private var columns: [Target] = []
    private var rows: [ArchiveContent.Line] = []

    /// Reads the header row and finds the others.
    init(_ bytes: [UInt8]) throws {
        var position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var number = 1
        var header: Row?
        while position < bytes.count {
            let row = Self.row(in: bytes, from: position)
            let lines = bytes[position..<row.end].count { $0 == 0x0A }
            let isBlank = row.cells.count == 1 && row.cells[0].isEmpty && row.fault == nil
            if header == nil {
                if !isBlank { header = row }
            } else if !isBlank {
                rows.append(ArchiveContent.Line(number: number, start: position, end: row.end, kind: .contact))
            }
            position = row.end
            number += lines
        }
        guard let header else {
            throw IntercomArchive.Unreadable(description: "the table is empty; expected a header row")
        }
        if let fault = header.fault { throw IntercomArchive.Unreadable(description: "the header row: \(fault)") }
        try read(header.cells)
    }

    private mutating func read(_ header: [String]) throws {
        var names: Set<String> = []
        for cell in header {
            let name = JSONValue.string(cell).text ?? ""
            let folded = name.lowercased()
            guard names.insert(folded).inserted else {
                throw IntercomArchive.Unreadable(
                    description: "the header row names the column \(name.prefix(80)) twice")
            }
            if Self.members.contains(folded) {
                columns.append(.member(folded))
            } else if Self.places.contains(folded) {
                columns.append(.location(folded))
            } else if folded == Self.company {
                columns.append(.member(ArchiveContent.companyColumn))
            } else {
                columns.append(.attribute(folded.hasPrefix("stripe_") ? folded : name))
            }
        }
        guard names.contains("email") else {
            throw IntercomArchive.Unreadable(description: "the header row has no column email")
        }
    }

    /// Hands over the rows, which are kept elsewhere.
    mutating func takeRows() -> [ArchiveContent.Line] {
        defer { rows = [] }
        return rows
    }

    /// The id that a row's record will have; `nil` where the row is none.
    func id(of line: ArchiveContent.Line, in bytes: [UInt8]) -> String? {
        // What is wrong with the row is told when its page is read.
        (try? contact(of: line, in: bytes))?["id"]?.identifier
    }

    /// The contact in a row, in the form of the API; empty cells are left out.
    func contact(of line: ArchiveContent.Line, in bytes: [UInt8]) throws(MappingRejection) -> JSONValue {
        let row = Self.row(in: bytes, from: line.start)
        if let fault = row.fault { throw MappingRejection(reason: fault) }
        guard row.cells.count == columns.count else {
            throw MappingRejection(
                reason: "the row has \(row.cells.count) column\(row.cells.count == 1 ? "" : "s"); expected "
                    + "\(columns.count)")
        }
        var contact = JSONObject(members: [.init(key: "type", value: "contact")])
        var location = JSONObject()
        var attributes = JSONObject()
        var (id, email): (String?, String?)
        for (column, cell) in zip(columns, row.cells) where !cell.isEmpty {
            switch column {
            case .member(let name):
                contact.members.append(.init(key: name, value: .string(cell)))
                if name == "id" { id = JSONValue.string(cell).text }
                if name == "email" { email = JSONValue.string(cell).text }
            case .location(let name): location.members.append(.init(key: name, value: .string(cell)))
            case .attribute(let name): attributes.members.append(.init(key: name, value: .string(cell)))
            }
        }
        if id == nil {
            guard let email else { throw MappingRejection(reason: "the row has neither an id nor an e-mail address") }
            // The same person has the same id however the address is written.
            let address = try? EmailAddress(email)
            contact.members.append(.init(key: "id", value: .string(address?.normalized ?? email)))
        }
        if !location.members.isEmpty { contact.members.append(.init(key: "location", value: .object(location))) }
        if !attributes.members.isEmpty {
            contact.members.append(.init(key: "custom_attributes", value: .object(attributes)))
        }
        return .object(contact)
    }

    // MARK: RFC 4180

    private static let quote = UInt8(ascii: "\"")

    /// Cuts the row that starts at a place.
    private static func row(in bytes: [UInt8], from start: Int) -> Row {
        var row = Row(cells: [], end: start, fault: nil)
        var position = start
        var cell: [UInt8] = []
        while true {
            cell.removeAll(keepingCapacity: true)
            let isQuoted = position < bytes.count && bytes[position] == quote
            if isQuoted {
                position = quoted(in: bytes, from: position + 1, &cell, &row.fault)
            }
            // What stands without quotes, or against the rules behind closing ones.
            let bare = position
            while position < bytes.count, bytes[position] != UInt8(ascii: ","), bytes[position] != 0x0A {
                position += 1
            }
            let isEnd = position >= bytes.count || bytes[position] == 0x0A
            var end = position
            if isEnd, end > bare, bytes[end - 1] == 0x0D { end -= 1 }
            if isQuoted, end > bare {
                row.fault = row.fault ?? "a text follows a closing quote"
            }
            cell += bytes[bare..<end]
            row.cells.append(String(decoding: cell, as: UTF8.self))
            position += 1
            if isEnd { break }
        }
        row.end = min(position, bytes.count)
        return row
    }

    /// Reads up to the closing quote, and gives the place behind it.
    private static func quoted(
        in bytes: [UInt8], from start: Int, _ cell: inout [UInt8], _ fault: inout String?
    ) -> Int {
        var position = start
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            guard byte == quote else {
                cell.append(byte)
                continue
            }
            guard position < bytes.count, bytes[position] == quote else { return position }
            cell.append(quote)
            position += 1
        }
        fault = fault ?? "a quote is not closed"
        return position
    }
}
