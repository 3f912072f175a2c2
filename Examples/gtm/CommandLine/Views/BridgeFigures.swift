import GTMCore

/// A bridge in whole minor units that still add up: what rounding takes or gives is a line of its own.
struct BridgeFigures: Sendable {
    /// One line between opening and closing.
    struct Line: Sendable, Hashable {
        /// The name in JSON.
        var name: String
        /// The amount.
        var amount: Money
        /// Customers; `nil` where that says nothing.
        var customers: Int?
    }

    /// The kinds as they are told, those that customers made first.
    static let order: [MRRMovementKind] = [
        .openingBalance, .restatement, .new, .reactivation, .expansion, .contraction, .churn, .exchange, .transfer,
        .noLongerKnown, .becameKnown,
    ]

    let opening: Money
    let closing: Money
    let lines: [Line]

    /// Rounds a bridge; `nil` where an amount does not fit.
    init?(_ bridge: MRRBridge) {
        guard let opening = bridge.opening.rounded, let closing = bridge.closing.rounded else { return nil }
        var lines: [Line] = []
        var rest = closing - opening
        for kind in Self.order {
            guard let amount = bridge[kind].rounded else { return nil }
            rest -= amount
            let customers = bridge.customers[kind]
            guard amount != 0 || customers != nil else { continue }
            lines.append(
                Line(
                    name: kind.rawValue, amount: Money(minorUnits: amount, currency: bridge.currency),
                    customers: customers))
        }
        if rest != 0 {
            lines.append(Line(name: "rounding", amount: Money(minorUnits: rest, currency: bridge.currency)))
        }
        self.opening = Money(minorUnits: opening, currency: bridge.currency)
        self.closing = Money(minorUnits: closing, currency: bridge.currency)
        self.lines = lines
    }

    /// The rates of a bridge by their names in JSON.
    static func rates(_ bridge: MRRBridge) -> [(name: String, rate: Reading<Fraction>)] {
        [
            ("nrr", bridge.netRetention), ("grr", bridge.grossRetention),
            ("gross_churn_rate", bridge.grossChurnRate), ("net_churn_rate", bridge.netChurnRate),
            ("customer_churn_rate", bridge.customerChurnRate), ("growth_rate", bridge.growthRate),
            ("quick_ratio", bridge.quickRatio),
        ]
    }
}
