import GTMCore

/// A bridge report as JSON. Rates are fractions, `null` where they are undefined.
enum BridgeDocument {
    static func line(_ report: MRRBridgeReport) -> String {
        let object: JSONObject = [
            "policy": .string(report.policy), "periods": .array(report.periods.map(period)),
        ]
        return JSONWriter.text(.object(object)) + "\n"
    }

    private static func period(_ period: MRRBridgeReport.Period) -> JSONValue {
        [
            "from": .string(Timestamp.format(period.start)), "to": .string(Timestamp.format(period.end)),
            "opening_rate_date": period.openingRates.map { .string(Timestamp.format($0)) } ?? .null,
            "closing_rate_date": period.closingRates.map { .string(Timestamp.format($0)) } ?? .null,
            "bridges": .array(period.bridges.map(bridge)),
            "groups": .array(
                period.groups.map { group in
                    [
                        "name": group.name.map { .string($0) } ?? .null,
                        "bridges": .array(group.bridges.map(bridge)),
                    ]
                }),
            "movements": .array(period.movements.map(movement)),
        ]
    }

    private static func bridge(_ bridge: MRRBridge) -> JSONValue {
        guard let figures = BridgeFigures(bridge) else {
            return ["currency": .string(bridge.currency.code), "unknown": "out_of_range"]
        }
        var lines = JSONObject()
        var customers = JSONObject()
        for line in figures.lines {
            lines.members.append(.init(key: line.name, value: .decimal(line.amount.decimal)))
            guard let count = line.customers else { continue }
            customers.members.append(.init(key: line.name, value: .integer(Int64(count))))
        }
        var object: JSONObject = [
            "currency": .string(bridge.currency.code), "opening": .decimal(figures.opening.decimal),
            "movements": .object(lines), "closing": .decimal(figures.closing.decimal),
            "net_new_mrr": amount(bridge.netNew, bridge.currency),
            "opening_customers": .integer(Int64(bridge.openingCustomers)), "customers": .object(customers),
            "closing_customers": .integer(Int64(bridge.closingCustomers)),
            "unknown_mrr_count": .integer(Int64(bridge.unknownCustomers)),
            "small_sample": .bool(bridge.isSmallSample),
        ]
        for (name, rate) in BridgeFigures.rates(bridge) {
            object[name] = rate.value.map(fraction) ?? .null
        }
        object["arpa"] = bridge.arpa.value.map { amount($0, bridge.currency) } ?? .null
        object["asp"] = bridge.averageSalePrice.value.map { amount($0, bridge.currency) } ?? .null
        return .object(object)
    }

    private static func movement(_ movement: MRRMovement) -> JSONValue {
        var object: JSONObject = [
            "customer": .string(movement.customer.description), "kind": .string(movement.kind.rawValue),
            "amount": amount(movement.amount, movement.currency), "currency": .string(movement.currency.code),
        ]
        if let group = movement.group { object["group"] = .string(group) }
        return .object(object)
    }

    private static func amount(_ amount: Fraction, _ currency: Currency) -> JSONValue {
        amount.rounded.map { .decimal(Money(minorUnits: $0, currency: currency).decimal) } ?? .null
    }

    /// A rate with six decimals.
    static func fraction(_ rate: Fraction) -> JSONValue {
        guard let scaled = rate.multiplied(by: 1_000_000)?.rounded else { return .null }
        let digits = String(1_000_000 + scaled.magnitude % 1_000_000).dropFirst()
        return .decimal("\(scaled < 0 ? "-" : "")\(scaled.magnitude / 1_000_000).\(digits)")
    }
}
