/// Rows and columns for a terminal. Where they do not fit, the flexible columns shrink first, then the least important
/// ones go; the most important one is cut only where it stands alone.
struct Table: Sendable {
    /// One column.
    struct Column: Sendable, Hashable {
        /// The heading.
        var title: String
        /// 0 for the column that stays longest; larger numbers go first.
        var rank: Int
        /// The columns of the screen that it may shrink to; `nil` where it is shown whole or not at all.
        var minimum: Int?
        /// Whether the cells stand at the right edge.
        var isNumber: Bool

        init(_ title: String, rank: Int, minimum: Int? = nil, isNumber: Bool = false) {
            self.title = title
            self.rank = rank
            self.minimum = minimum
            self.isNumber = isNumber
        }
    }

    /// One cell: its text, and the colour put on once it has its width.
    struct Cell: Sendable {
        /// The text, fit for a terminal.
        var text: String
        var paint: (@Sendable (String) -> String)?

        init(_ text: String, paint: (@Sendable (String) -> String)? = nil) {
            self.text = Sanitized(text).text
            self.paint = paint
        }
    }

    /// The columns.
    var columns: [Column]
    /// The rows, a cell for each column.
    var rows: [[Cell]] = []

    /// Spaces between columns.
    private static let gap = 2

    /// Which columns are shown, and how wide, where a line has `width` columns.
    func layout(width: Int) -> [(column: Int, width: Int)] {
        let natural = columns.indices.map { place in
            rows.reduce(TextWidth.of(columns[place].title)) { max($0, TextWidth.of($1[place].text)) }
        }
        var kept = Array(columns.indices)
        while true {
            let gaps = Self.gap * (kept.count - 1)
            var widths = kept.map { natural[$0] }
            var excess = widths.reduce(gaps, +) - width
            for place in kept.indices.sorted(by: { columns[kept[$0]].rank > columns[kept[$1]].rank }) where excess > 0 {
                guard let minimum = columns[kept[place]].minimum else { continue }
                let cut = min(excess, max(0, widths[place] - minimum))
                widths[place] -= cut
                excess -= cut
            }
            if excess <= 0 { return Array(zip(kept, widths)) }
            if kept.count == 1 { return [(kept[0], max(1, width))] }
            guard let last = kept.max(by: { columns[$0].rank < columns[$1].rank }) else { return [] }
            kept.removeAll { $0 == last }
        }
    }

    /// The heading and the rows as lines.
    ///
    /// - Parameter below: Lines put under a row, already fit for the width.
    func lines(width: Int, palette: Palette, below: (Int) -> [String] = { _ in [] }) -> [String] {
        let layout = layout(width: width)
        let heading = line(layout) { Cell(columns[$0].title) }
        var lines = [palette.dim(trimmed(heading))]
        for (number, row) in rows.enumerated() {
            lines.append(trimmed(line(layout) { row[$0] }))
            lines += below(number)
        }
        return lines
    }

    private func line(_ layout: [(column: Int, width: Int)], _ cell: (Int) -> Cell) -> String {
        layout.map { column, width in
            let cell = cell(column)
            let text = TextWidth.padded(
                TextWidth.cut(cell.text, to: width), to: width, right: columns[column].isNumber)
            return cell.paint?(text) ?? text
        }.joined(separator: String(repeating: " ", count: Self.gap))
    }

    private func trimmed(_ line: String) -> String {
        var line = line[...]
        while line.last == " " { line.removeLast() }
        return String(line)
    }
}
