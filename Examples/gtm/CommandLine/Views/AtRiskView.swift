import GTMCore

/// The customers at risk for a terminal: who, how much money, and why in the lines below.
enum AtRiskView {
    /// What all customers at risk come to.
    struct Stake: Sendable, Hashable {
        /// How many they are.
        var customers = 0
        /// Their MRR by currency.
        var mrr = CurrencyTotals()
        /// Those whose MRR is unknown.
        var unknownMRR = 0

        /// Counts a customer in.
        mutating func add(_ assessment: Assessment) {
            customers += 1
            guard case .known(let own) = assessment.revenue.mrr, mrr.add(own) else {
                unknownMRR += 1
                return
            }
        }
    }

    /// The list.
    ///
    /// - Parameters:
    ///   - customers: Those that are shown, the highest risk first.
    ///   - stake: What all of them come to, shown or not.
    ///   - selection: Which of them are shown, where not all are.
    static func text(
        _ customers: [Assessment], _ stake: Stake, selection: String = "the most at risk", width: Int, palette: Palette
    ) -> String {
        guard stake.customers > 0 else {
            return palette.bold("At risk") + "\n\n  Nobody: no customer is below healthy.\n"
        }
        var lines = heading(customers.count < stake.customers ? selection : nil, stake, width, palette) + [""]
        let numbered = String(customers.count).count
        var table = Table(columns: [
            Table.Column("#", rank: 3, isNumber: true), Table.Column("customer", rank: 0),
            Table.Column("name", rank: 4, minimum: 8), Table.Column("MRR a month", rank: 1, isNumber: true),
            Table.Column("health", rank: 2, isNumber: true), Table.Column("status", rank: 2),
            Table.Column("risk", rank: 5, isNumber: true),
        ])
        for (place, assessment) in customers.enumerated() {
            let status = assessment.health.status
            table.rows.append([
                Table.Cell(String(place + 1)), Table.Cell(assessment.key.description, paint: palette.bold),
                Table.Cell(assessment.customer.name.value?.value ?? ""),
                Table.Cell(PlainWords.amounts(assessment.revenue.mrr)),
                Table.Cell(PlainWords.score(assessment.health.score)),
                Table.Cell(PlainWords.status(status)) { palette.status(status, $0) },
                Table.Cell(PlainWords.score(assessment.health.churnRisk)),
            ])
        }
        let indent = String(repeating: " ", count: numbered + 4)
        lines += table.lines(width: width, palette: palette) { place in
            let why = Reasons.of(customers[place]).joined(separator: "; ")
            let room = max(10, width - indent.count)
            // The worst signal says what to do first.
            let worst = customers[place].health.signals.reversed().max { $0.severity < $1.severity }
            let next = worst.map { TextWidth.wrapped("→ \($0.recommendation)", to: room) } ?? []
            return TextWidth.wrapped(why, to: room).map { indent + palette.dim($0) } + next.map { indent + $0 }
        }
        lines += [""] + PlainWords.riskNote(width: width).map(palette.dim)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func heading(_ selection: String?, _ stake: Stake, _ width: Int, _ palette: Palette) -> [String] {
        var text = "\(PlainWords.amounts(stake.mrr)) a month from \(PlainWords.count(stake.customers, "customer"))"
        if stake.unknownMRR > 0 { text += ", unknown of \(grouped(stake.unknownMRR)) of them" }
        if let selection { text += "; here \(selection)" }
        let title = "Money at risk: "
        let lines = TextWidth.wrapped(text, to: max(10, width - title.count))
        return lines.enumerated().map { place, line in
            place == 0 ? palette.bold(title) + palette.red(line) : String(repeating: " ", count: title.count) + line
        }
    }
}
