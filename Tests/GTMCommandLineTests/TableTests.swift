import GTMCore
import Testing

@testable import GTMCommandLine

@Suite("Texts for a terminal") struct TableTests {
    @Test(
        "Columns are counted as a terminal fills them",
        arguments: [
            ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("林小明", 6), ("👍", 2), ("👩‍👩‍👧", 2), ("❤️", 2), ("🇩🇪", 2),
            ("–…", 2),
            ("한국", 4),
        ])
    func widths(text: String, width: Int) { #expect(TextWidth.of(text) == width) }

    @Test("A cut ends with an ellipsis and never goes beyond") func cuts() {
        #expect(TextWidth.cut("abcdef", to: 6) == "abcdef")
        #expect(TextWidth.cut("abcdef", to: 4) == "abc…")
        #expect(TextWidth.cut("林小明", to: 4) == "林…")
        for width in 1...8 { #expect(TextWidth.of(TextWidth.cut("a林b小c明", to: width)) <= width) }
        #expect(TextWidth.wrapped("one two three", to: 7) == ["one two", "three"])
        #expect(TextWidth.wrapped("abcdefghij k", to: 4) == ["abcd", "efgh", "ij k"])
        #expect(TextWidth.wrapped("", to: 4) == [""])
    }

    private var table: Table {
        var table = Table(columns: [
            Table.Column("customer", rank: 0), Table.Column("name", rank: 2, minimum: 6),
            Table.Column("MRR", rank: 1, isNumber: true),
        ])
        table.rows = [[Table.Cell("ada@example.test"), Table.Cell("Ada, Countess of Lovelace"), Table.Cell("299.00")]]
        return table
    }

    @Test("Flexible columns shrink, then the least important go, the address last") func layouts() {
        func lines(_ width: Int) -> [String] { table.lines(width: width, palette: Palette(isOn: false)) }
        #expect(lines(60)[1] == "ada@example.test  Ada, Countess of Lovelace  299.00")
        #expect(lines(40)[1] == "ada@example.test  Ada, Countess…  299.00")
        #expect(lines(30)[1] == "ada@example.test  299.00")
        #expect(lines(20)[1] == "ada@example.test")
        #expect(lines(10)[1] == "ada@examp…")
        for width in 4...60 { #expect(lines(width).allSatisfy { TextWidth.of($0) <= width }) }
    }

    @Test("What a terminal would obey is not passed on") func sanitized() {
        #expect(Sanitized("a\u{1B}[2Jb\nc\td\u{202E}e").text == "a\u{FFFD}[2Jb c d\u{FFFD}e")
        #expect(Sanitized("Zoë 👩‍👩‍👧").text == "Zoë 👩‍👩‍👧")
    }

    @Test("Colours only where they are on") func colors() {
        #expect(Palette(isOn: false).red("x") == "x")
        #expect(Palette(isOn: true).red("x") == "\u{1B}[31mx\u{1B}[0m")
    }

    @Test("A progress line fits and tells the rate") func progress() {
        let key = StreamKey(source: SourceID(vendor: "intercom", account: "acme"), stream: "contacts")
        var line = ProgressLine(width: 80)
        _ = line.line(after: .page(key, seen: 10, total: 200), elapsed: .seconds(1))
        let text = line.line(after: .page(key, seen: 100, total: 200), elapsed: .seconds(3)) ?? ""
        #expect(text.hasPrefix("intercom/acme contacts  ███") && text.hasSuffix("50 %  100/200  50/s"))
        for width in 20...120 {
            var line = ProgressLine(width: width)
            let text = line.line(after: .page(key, seen: 1, total: nil), elapsed: .zero) ?? ""
            #expect(TextWidth.of(text) < width)
        }
    }

    @Test(
        "Numbers in groups",
        arguments: [("0", "0"), ("1234567.80", "1,234,567.80"), ("-999", "-999"), ("-1000", "-1,000")])
    func groups(number: String, text: String) { #expect(grouped(number) == text) }
}
