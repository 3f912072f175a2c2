import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Bridges for a terminal: periods side by side, what stands between opening and closing in lines.
enum BridgeView {
    static func text(_ report: MRRBridgeReport, width: Int, palette: Palette) -> String {
        var lines = [palette.bold("What moved MRR") + palette.dim("  by the policy \(report.policy), UTC")]
        let currencies = Set(report.periods.flatMap(\.bridges).map(\.currency)).sorted()
        if currencies.isEmpty { lines += ["", "No customer's MRR is known at any of these moments."] }
        for currency in currencies {
            lines += block(nil, currency, report.periods.map { ($0, bridge($0.bridges, currency)) }, width, palette)
        }
        let names = Set(report.periods.flatMap(\.groups).map(\.name))
        for name in names.sorted(by: { ($0 == nil ? 1 : 0, $0 ?? "") < ($1 == nil ? 1 : 0, $1 ?? "") }) {
            for currency in currencies {
                let columns = report.periods.map { period in
                    (period, bridge(period.groups.first { $0.name == name }?.bridges ?? [], currency))
                }
                guard columns.contains(where: { $0.1 != nil }) else { continue }
                lines += block(name ?? "(none)", currency, columns, width, palette)
            }
        }
        let dates = Set(report.periods.flatMap { [$0.openingRates, $0.closingRates].compactMap { $0 } }).sorted()
        if !dates.isEmpty {
            let days = dates.map { String(Timestamp.format($0).prefix(10)) }.joined(separator: ", ")
            lines += [""] + TextWidth.wrapped("Converted at the rates of \(days).", to: width)
        }
        let unknown = report.periods.last?.bridges.first?.unknownCustomers ?? 0
        if unknown > 0 {
            lines += ["", "The MRR of \(PlainWords.count(unknown, "customer")) is unknown at the end, and in no sum."]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func bridge(_ bridges: [MRRBridge], _ currency: Currency) -> MRRBridge? {
        bridges.first { $0.currency == currency }
    }

    /// As many periods beside each other as fit, then the next ones below.
    private static func block(
        _ name: String?, _ currency: Currency, _ columns: [(MRRBridgeReport.Period, MRRBridge?)], _ width: Int,
        _ palette: Palette
    ) -> [String] {
        let figures = columns.map { $0.1.flatMap(BridgeFigures.init) }
        var names: [String] = []
        for kind in BridgeFigures.order.map(\.rawValue) + ["rounding"]
        where figures.contains(where: { $0?.lines.contains { $0.name == kind } ?? false }) { names.append(kind) }
        var rows: [(title: String, cells: [String])] = [
            ("", columns.map { heading($0.0) }),
            ("Opening", figures.map { $0.map { grouped($0.opening.decimal) } ?? "" }),
        ]
        for name in names {
            rows.append(
                (
                    title(name),
                    figures.map { $0?.lines.first { $0.name == name }.map { signed($0.amount) } ?? "" }
                ))
        }
        rows.append(("Closing", figures.map { $0.map { grouped($0.closing.decimal) } ?? "" }))
        if name == nil { rows += rates(columns.map(\.1)) }
        let first = rows.map { TextWidth.of($0.title) }.max() ?? 0
        let widths = columns.indices.map { column in rows.map { TextWidth.of($0.cells[column]) }.max() ?? 0 }
        var lines: [String] = []
        var start = 0
        while start < columns.count {
            var end = start + 1
            var used = 2 + first + 2 + widths[start]
            while end < columns.count, used + 2 + widths[end] <= width {
                used += 2 + widths[end]
                end += 1
            }
            lines.append("")
            let heading = name.map { "\(Sanitized($0).text), \(currency.code)" } ?? currency.code
            lines.append(palette.bold(TextWidth.cut(heading, to: width)))
            for row in rows {
                let cells = (start..<end).map { TextWidth.padded(row.cells[$0], to: widths[$0], right: true) }
                let line = "  " + ([TextWidth.padded(row.title, to: first)] + cells).joined(separator: "  ")
                lines.append(row.title.isEmpty ? palette.dim(line) : line)
            }
            start = end
        }
        return lines
    }

    private static func rates(_ bridges: [MRRBridge?]) -> [(title: String, cells: [String])] {
        func row(_ title: String, _ cell: (MRRBridge) -> String) -> (title: String, cells: [String]) {
            (title, bridges.map { $0.map(cell) ?? "" })
        }
        return [
            row("Customers") { grouped($0.closingCustomers) },
            row("NRR") { percent($0.netRetention) }, row("GRR") { percent($0.grossRetention) },
            row("Customer churn") { percent($0.customerChurnRate) + ($0.isSmallSample ? "*" : "") },
            row("Quick ratio") { ratio($0.quickRatio) },
            row("ARPA") { bridge in
                bridge.arpa.value?.rounded.map {
                    grouped(Money(minorUnits: $0, currency: bridge.currency).decimal)
                } ?? PlainWords.unknown
            },
        ]
    }

    private static func heading(_ period: MRRBridgeReport.Period) -> String {
        let (start, end) = (Timestamp.civil(period.start), Timestamp.format(period.end))
        let isMonth =
            start.day == 1 && MRRBridgeQuery.months(from: period.start, to: period.end).count == 2
            && end.hasSuffix("-01T00:00:00Z")
        if isMonth { return String(Timestamp.format(period.start).prefix(7)) }
        return "to \(end.prefix(10))"
    }

    private static func title(_ name: String) -> String {
        let words = name.replacing("_", with: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    private static func signed(_ amount: Money) -> String {
        (amount.minorUnits > 0 ? "+" : "") + grouped(amount.decimal)
    }

    /// A rate in percent with one decimal, `–` where it is undefined.
    private static func percent(_ rate: Reading<Fraction>) -> String {
        guard let tenths = rate.value?.multiplied(by: 1000)?.rounded else { return PlainWords.unknown }
        return "\(tenths < 0 ? "-" : "")\(tenths.magnitude / 10).\(tenths.magnitude % 10) %"
    }

    private static func ratio(_ ratio: Reading<Fraction>) -> String {
        guard let tenths = ratio.value?.multiplied(by: 10)?.rounded else { return PlainWords.unknown }
        return "\(tenths < 0 ? "-" : "")\(tenths.magnitude / 10).\(tenths.magnitude % 10)"
    }
}
