import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A reconciliation of two policies for a terminal: the totals as a sum, then every subscription that differs.
enum ReconciliationView {
    static func text(_ report: MRRReconciliation, width: Int, palette: Palette) -> String {
        let names = "MRR by \(report.first.name) and by \(report.second.name)"
        var lines = [
            palette.bold(TextWidth.cut(Sanitized(names).text, to: width)),
            palette.dim(
                TextWidth.cut(
                    "\(PlainWords.moment(report.asOf)) UTC, \(PlainWords.count(report.customers, "customer"))",
                    to: width)),
        ]
        for total in report.totals { lines += [""] + block(total, report, width, palette) }
        lines += subscriptions(report, width, palette)
        if !report.unknown.isEmpty {
            let words =
                "The MRR of \(PlainWords.count(report.unknown.count, "subscription")) is unknown under one of the two, "
                + "and no difference is told: "
                + report.unknown.map { name($0.subscription, $0.customer) }.joined(separator: ", ")
            lines += [""] + TextWidth.wrapped(Sanitized(words).text, to: width)
        }
        if !report.outOfRange.isEmpty {
            let words =
                "No sum can hold the amounts of "
                + report.outOfRange.map(\.description).joined(separator: ", ") + ": they are in no total."
            lines += [""] + TextWidth.wrapped(Sanitized(words).text, to: width)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// One currency: what the first policy comes to, what each choice moves, what the second one comes to.
    private static func block(
        _ total: MRRReconciliation.Total, _ report: MRRReconciliation, _ width: Int, _ palette: Palette
    ) -> [String] {
        guard let printed = total.printed else { return ["\(total.currency.code): the amounts are too large to show"] }
        var rows: [(String, String)] = [(report.first.name, grouped(printed.before.decimal))]
        rows += printed.reasons.map { (words(of: $0.choice), signed($0.amount)) }
        if printed.rounding.minorUnits != 0 { rows.append(("rounding", signed(printed.rounding))) }
        rows.append((report.second.name, grouped(printed.after.decimal)))
        let number = rows.map { TextWidth.of($0.1) }.max() ?? 0
        let room = max(1, width - number - 4)
        let title = min(room, rows.map { TextWidth.of($0.0) }.max() ?? 0)
        return [palette.bold(total.currency.code)]
            + rows.map { row in
                "  " + TextWidth.padded(TextWidth.cut(Sanitized(row.0).text, to: title), to: title) + "  "
                    + TextWidth.padded(row.1, to: number, right: true)
            }
    }

    private static func subscriptions(_ report: MRRReconciliation, _ width: Int, _ palette: Palette) -> [String] {
        guard !report.lines.isEmpty else { return ["", "No subscription differs."] }
        var table = Table(columns: [
            .init("customer", rank: 1, minimum: 10), .init("subscription", rank: 4, minimum: 8),
            .init(report.first.name, rank: 2, isNumber: true), .init(report.second.name, rank: 3, isNumber: true),
            .init("why", rank: 0, minimum: 8),
        ])
        for line in report.lines {
            guard let printed = line.printed else { continue }
            var why = printed.reasons.map { "\(words(of: $0.choice)) \(signed($0.amount))" }
            if printed.rounding.minorUnits != 0 { why.append("rounding \(signed(printed.rounding))") }
            table.rows.append([
                .init(line.customer.description), .init(line.subscription?.id ?? "\(line.place + 1)"),
                .init(PlainWords.amount(printed.before)), .init(PlainWords.amount(printed.after)),
                .init(why.joined(separator: ", ")),
            ])
        }
        return [""] + table.lines(width: width, palette: palette)
    }

    private static func name(_ subscription: ExternalID?, _ customer: CustomerKey) -> String {
        subscription.map { "\(customer) (\($0.id))" } ?? customer.description
    }

    private static func signed(_ amount: Money) -> String {
        (amount.minorUnits > 0 ? "+" : "") + grouped(amount.decimal)
    }

    /// A choice as people read it.
    static func words(of choice: MRRPolicy.Choice) -> String {
        switch choice {
        case .statuses: "statuses"
        case .trials: "trials"
        case .pastDue: "overdue"
        case .pauses: "paused"
        case .churn: "cancelled"
        case .discounts: "discounts"
        case .customerDiscounts: "customer's discounts"
        case .inclusiveTax: "tax in the price"
        case .weeks: "weeks in a year"
        case .days: "days in a year"
        case .free: "free"
        }
    }
}
