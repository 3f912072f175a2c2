import GTMCore

/// Customers as a table for a terminal.
enum CustomersView {
    static func text(_ customers: [Assessment], total: Int, width: Int, palette: Palette) -> String {
        guard !customers.isEmpty else { return "There are no customers yet.\n" }
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
        let lines = table.lines(width: width, palette: palette) + ["", PlainWords.count(total, "customer")]
        return lines.joined(separator: "\n") + "\n"
    }
}
