import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A place in an ordered list, as the vendor writes it: opaque, and yet the sort value in milliseconds, the id and the
/// page's number.
struct IntercomCursor: Hashable, Sendable {
    var sort: Int64
    var id: String
    var page: Int

    init(sort: Int64, id: String, page: Int) {
        (self.sort, self.id, self.page) = (sort, id, page)
    }

    init?(_ text: String) {
        // Whatever is no cursor is refused by the caller.
        guard let data = Data(base64Encoded: text), let value = try? JSONReader.read(Array(data)).value,
            let parts = value.array, parts.count == 3, let sort = parts[0].integer, let id = parts[1].string,
            let page = parts[2].integer, page >= 1
        else { return nil }
        self.init(sort: sort / 1000, id: id, page: Int(page))
    }

    var text: String {
        let parts: JSONValue = [.integer(sort * 1000), .string(id), .integer(Int64(page))]
        return Data(JSONWriter.bytes(parts)).base64EncodedString()
    }
}

/// An ordered list of records, of which pages are cut.
struct IntercomListing: Sendable {
    struct Entry: Sendable {
        var sort: Int64
        var id: String
        /// The record, by place in the workspace.
        var place: Int
        /// Whether search still shows what the record was before.
        var isOld = false
    }

    var isAscending: Bool
    var entries: [Entry]

    init(_ entries: [Entry], ascending: Bool) {
        isAscending = ascending
        self.entries = entries.sorted { Self.precedes($0.sort, $0.id, $1.sort, $1.id, ascending) }
    }

    /// The number of the first entry behind a cursor.
    func first(after cursor: IntercomCursor) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            let entry = entries[middle]
            if Self.precedes(cursor.sort, cursor.id, entry.sort, entry.id, isAscending) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }

    private static func precedes(_ a: Int64, _ idA: String, _ b: Int64, _ idB: String, _ ascending: Bool) -> Bool {
        if a != b { return ascending ? a < b : a > b }
        return ascending ? idA < idB : idA > idB
    }
}
