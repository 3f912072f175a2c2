import GTMAdapterKit
import GTMCore
import Testing

@Suite("Cursor guard") struct CursorGuardTests {
    private func code(_ cursors: [(String, Int)], _ guardian: CursorGuard) -> String? {
        var guardian = guardian
        do {
            for (cursor, count) in cursors { try guardian.advance(to: cursor, after: count) }
            return nil
        } catch {
            return (error as? VendorError)?.vendorCode
        }
    }

    @Test("A pass of different cursors goes through") func goesThrough() {
        let pass = (0..<1_000).map { ("c\($0)", 1) }
        #expect(code(pass, CursorGuard(source: .gtm)) == nil)
    }

    @Test("A cursor seen before ends the pass, at once or in a circle") func repeats() {
        #expect(code([("a", 1), ("a", 1)], CursorGuard(source: .gtm)) == "cursor_repeated")
        #expect(code([("a", 1), ("b", 1), ("c", 1), ("a", 1)], CursorGuard(source: .gtm)) == "cursor_repeated")
    }

    @Test("Empty pages with a next cursor end, a full one between starts the count anew") func emptyPages() {
        let empty = (0..<4).map { ("c\($0)", 0) }
        #expect(code(empty, CursorGuard(source: .gtm, emptyPages: 3)) == "empty_pages")
        #expect(code(empty.dropLast() + [("x", 1)] + [("y", 0)], CursorGuard(source: .gtm, emptyPages: 3)) == nil)
        #expect(code([("a", 1), ("b", 1), ("c", 1)], CursorGuard(source: .gtm, pages: 2)) == "too_many_pages")
    }
}
