import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Customers as a table for a terminal.
enum CustomersView {
    /// The list.
    ///
    /// - Parameters:
    ///   - customers: Those that are shown.
    ///   - total: How many fit in all.
    ///   - asOf: The past moment that they are shown for; `nil` for now.
    ///   - isFiltered: Whether only some of all customers were asked for.
    static func text(
        _ customers: [Assessment], total: Int, asOf: Date? = nil, isFiltered: Bool = false, width: Int, palette: Palette
    ) -> String {
        var heading: [String] = []
        if let asOf { heading = [palette.bold("Customers") + palette.dim(" on \(PlainWords.moment(asOf)) UTC"), ""] }
        guard !customers.isEmpty else {
            let nobody = isFiltered ? "No customer fits." : "There are no customers yet."
            return (heading + [nobody]).joined(separator: "\n") + "\n"
        }
        var table = Table(columns: [
            Table.Column("customer", rank: 0), Table.Column("name", rank: 4, minimum: 8),
            Table.Column("company", rank: 6, minimum: 8), Table.Column("MRR a month", rank: 1, isNumber: true),
            Table.Column("plan", rank: 7, minimum: 6), Table.Column("health", rank: 2, isNumber: true),
            Table.Column("status", rank: 3), Table.Column("risk", rank: 5, isNumber: true),
            Table.Column("seen", rank: 6, isNumber: true),
        ])
        for assessment in customers {
            let customer = assessment.customer
            let status = assessment.health.status
            table.rows.append([
                Table.Cell(assessment.key.description), Table.Cell(customer.name.value?.value ?? PlainWords.unknown),
                Table.Cell(customer.company.value?.value ?? PlainWords.unknown),
                Table.Cell(PlainWords.amounts(assessment.revenue.mrr)),
                Table.Cell(customer.planName.value?.value ?? PlainWords.unknown),
                Table.Cell(PlainWords.score(assessment.health.score)),
                Table.Cell(PlainWords.status(status)) { palette.status(status, $0) },
                Table.Cell(PlainWords.score(assessment.health.churnRisk)),
                Table.Cell(assessment.activity.daysSinceSeen.value.map { "\($0) d ago" } ?? PlainWords.unknown),
            ])
        }
        let lines =
            heading + table.lines(width: width, palette: palette) + [""] + sum(customers, total, width)
            + PlainWords.riskNote(width: width).map(palette.dim)
        return lines.joined(separator: "\n") + "\n"
    }

    /// What those shown come to: `2 customers, 299.00 USD a month, unknown of 1 of them`.
    private static func sum(_ customers: [Assessment], _ total: Int, _ width: Int) -> [String] {
        var stake = AtRiskView.Stake()
        for customer in customers { stake.add(customer) }
        var text = PlainWords.count(total, "customer")
        if customers.count < total { text = "\(grouped(customers.count)) of \(text) (--all lists them)" }
        if stake.unknownMRR == customers.count { return TextWidth.wrapped(text + ", MRR unknown", to: width) }
        text += ", \(PlainWords.amounts(stake.mrr)) a month"
        if stake.unknownMRR > 0 { text += ", unknown of \(grouped(stake.unknownMRR)) of them" }
        return TextWidth.wrapped(text, to: width)
    }
}
