import GTMCore

/// The portfolio for a terminal.
enum PortfolioView {
    static func text(_ portfolio: Portfolio, width: Int, palette: Palette) -> String {
        var lines = [palette.bold("Portfolio") + palette.dim(" on \(PlainWords.moment(portfolio.asOf)) UTC"), ""]
        let unknown =
            portfolio.unknownMRR > 0 ? "  (unknown of \(PlainWords.count(portfolio.unknownMRR, "customer")))" : ""
        var facts = [("Customers", grouped(portfolio.customers))]
        facts.append(("MRR", PlainWords.amounts(portfolio.mrr) + unknown))
        if let arr = portfolio.arr { facts.append(("ARR", PlainWords.amounts(arr))) }
        let health = portfolio.averageHealth.map {
            "\(pointsText(Int(($0 * 10).rounded(.down)) * 100)) of 100 on average"
        }
        facts.append(("Health", health ?? "unknown"))
        for (name, value) in facts {
            let wrapped = TextWidth.wrapped(value, to: max(10, width - 13))
            lines.append("  " + TextWidth.padded(name, to: 11) + wrapped.joined(separator: "\n" + spaces(13)))
        }
        if portfolio.customers > 0 { lines += [""] + distribution(portfolio, width, palette) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func distribution(_ portfolio: Portfolio, _ width: Int, _ palette: Palette) -> [String] {
        let rows = portfolio.profile.statuses.compactMap { status -> (HealthStatus, Portfolio.Band)? in
            let band = portfolio.bands[status] ?? Portfolio.Band()
            return band.count == 0 && status == .insufficientData ? nil : (status, band)
        }
        let counts = rows.map { grouped($0.1.count) }
        let column = counts.map(\.count).max() ?? 1
        let amounts = rows.map { $0.1.count == 0 ? "" : PlainWords.amounts($0.1.mrr) }
        let amountColumn = amounts.map(TextWidth.of).max() ?? 0
        let left = 2 + 15 + 2 + column + 2
        let barWidth = min(30, width - left - 2 - amountColumn)
        return rows.indices.map { place in
            let (status, band) = rows[place]
            var line = "  " + palette.status(status, TextWidth.padded(PlainWords.status(status), to: 15)) + "  "
            line += TextWidth.padded(counts[place], to: column, right: true)
            if barWidth >= 6 {
                let bar = Bar.text(Double(band.count) / Double(portfolio.customers), width: barWidth)
                line += "  " + palette.status(status, bar)
            }
            let room = width - left - (barWidth >= 6 ? barWidth + 2 : 0)
            if TextWidth.of(amounts[place]) <= room, !amounts[place].isEmpty { line += "  " + amounts[place] }
            return line
        }
    }

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }
}
