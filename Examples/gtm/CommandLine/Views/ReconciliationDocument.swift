import GTMCore

/// A reconciliation of two policies as JSON: amounts in major units that add up.
enum ReconciliationDocument {
    static func line(_ report: MRRReconciliation) -> String {
        let object: JSONObject = [
            "from": .string("\(report.first.name) v\(report.first.version)"),
            "to": .string("\(report.second.name) v\(report.second.version)"),
            "as_of": .string(Timestamp.format(report.asOf)), "customers": .integer(Int64(report.customers)),
            "totals": .array(
                report.totals.map { total in
                    var object = difference(total.printed)
                    object["currency"] = .string(total.currency.code)
                    return .object(object)
                }),
            "subscriptions": .array(
                report.lines.map { line in
                    var object = difference(line.printed)
                    object["currency"] = .string(line.currency.code)
                    object["customer"] = .string(line.customer.description)
                    object["subscription"] = line.subscription.map { .string($0.description) } ?? .null
                    return .object(object)
                }),
            "unknown": .array(
                report.unknown.map { unknown in
                    [
                        "customer": .string(unknown.customer.description),
                        "subscription": unknown.subscription.map { .string($0.description) } ?? .null,
                        "unknown_items_from": .integer(Int64(unknown.before)),
                        "unknown_items_to": .integer(Int64(unknown.after)),
                    ]
                }),
            "out_of_range": .array(report.outOfRange.map { .string($0.description) }),
        ]
        return JSONWriter.text(.object(object)) + "\n"
    }

    private static func difference(_ printed: MRRReconciliation.Printed?) -> JSONObject {
        guard let printed else { return ["unknown": "out_of_range"] }
        var reasons = JSONObject()
        for reason in printed.reasons { reasons[reason.choice.rawValue] = .decimal(reason.amount.decimal) }
        return [
            "from": .decimal(printed.before.decimal), "reasons": .object(reasons),
            "rounding": .decimal(printed.rounding.decimal), "to": .decimal(printed.after.decimal),
        ]
    }
}
