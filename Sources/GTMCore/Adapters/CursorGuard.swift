/// Watches the cursors of one pass through a vendor's pages, so that a pass always ends.
///
/// The engine keeps one for each pass; an adapter that pages through something on its own needs one of its own.
///
/// It remembers a 64-bit hash of every cursor, 16 bytes or so each: among a million pages, two different cursors are
/// taken for the same with a chance below one in thirty million.
public struct CursorGuard: Sendable {
    /// The account, for the error.
    public let source: SourceID
    /// Pages in a row that may bring nothing new and lead to a further one.
    public let emptyPages: Int
    /// Pages of one pass.
    public let pages: Int

    private var seen: Set<Int> = []
    private var emptyInARow = 0

    /// Begins a pass.
    ///
    /// - Parameters:
    ///   - source: The account, for the error.
    ///   - emptyPages: How many pages in a row may bring nothing new and name a next cursor; 10 by default.
    ///   - pages: How many pages a pass may have, which bounds the memory; a million by default.
    public init(source: SourceID, emptyPages: Int = 10, pages: Int = 1_000_000) {
        self.source = source
        self.emptyPages = emptyPages
        self.pages = pages
    }

    /// Takes note of a page that names a next one.
    ///
    /// - Parameters:
    ///   - cursor: The cursor of the next page.
    ///   - count: The items of this page that were not seen before.
    /// - Throws: ``SourceError`` with ``SourceError/Code/repeatedCursor``, also where the pass would not end for another
    ///   reason.
    public mutating func advance(to cursor: String, after count: Int) throws {
        emptyInARow = count == 0 ? emptyInARow + 1 : 0
        guard emptyInARow <= emptyPages else {
            throw violation("\(emptyInARow) pages in a row bring nothing new and name a further one")
        }
        guard seen.count < pages else { throw violation("there are more than \(pages) pages") }
        guard seen.insert(cursor.hashValue).inserted else {
            throw violation("the source gave the same cursor twice; expected a new one or none")
        }
    }

    private func violation(_ detail: String) -> SourceError {
        SourceError(code: .repeatedCursor, source: source, detail: detail)
    }
}
