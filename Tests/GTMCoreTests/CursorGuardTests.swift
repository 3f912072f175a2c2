import GTMCore
import Testing

@Suite("Cursor guard") struct CursorGuardTests {
    private func ends(_ cursors: [(String, Int)], _ guardian: CursorGuard) -> SourceError.Code? {
        var guardian = guardian
        do {
            for (cursor, count) in cursors { try guardian.advance(to: cursor, after: count) }
            return nil
        } catch {
            return (error as? SourceError)?.code
        }
    }

    @Test("A pass of different cursors goes through") func goesThrough() {
        let pass = (0..<1_000).map { ("c\($0)", 1) }
        #expect(ends(pass, CursorGuard(source: .gtm)) == nil)
    }

    @Test("A cursor seen before ends the pass, at once or in a circle") func repeats() {
        #expect(ends([("a", 1), ("a", 1)], CursorGuard(source: .gtm)) == .repeatedCursor)
        #expect(ends([("a", 1), ("b", 1), ("c", 1), ("a", 1)], CursorGuard(source: .gtm)) == .repeatedCursor)
    }

    @Test("Empty pages with a next cursor end, a full one between starts the count anew") func emptyPages() {
        let empty = (0..<4).map { ("c\($0)", 0) }
        #expect(ends(empty, CursorGuard(source: .gtm, emptyPages: 3)) == .repeatedCursor)
        #expect(ends(empty.dropLast() + [("x", 1)] + [("y", 0)], CursorGuard(source: .gtm, emptyPages: 3)) == nil)
        #expect(ends([("a", 1), ("b", 1), ("c", 1)], CursorGuard(source: .gtm, pages: 2)) == .repeatedCursor)
    }
}
