import GTMCore

/// A customer as one line of CSV: the names of the JSON document as columns, nested values as text.
enum CustomerRow {
    /// The names of the columns, in order.
    static func header(_ document: CustomerDocument) -> String {
        CSV.line(columns(of: document.object).map { .text($0) })
    }

    /// One customer's line.
    static func line(_ document: CustomerDocument, _ revenue: Revenue, _ reporting: Currency) -> String {
        let object = document.object
        let fields = columns(of: object).map { name in
            if let amount = amount(name, revenue, reporting) { return amount }
            let plain = name.hasSuffix(Self.suffix) ? String(name.dropLast(Self.suffix.count)) : name
            return field(object[plain] ?? .null)
        }
        return CSV.line(fields)
    }

    private static let suffix = "_by_currency"
    private static let byCurrency = ["mrr", "arr", "ltv", "ltv_net"]

    private static func columns(of object: JSONObject) -> [String] {
        object.members.flatMap { byCurrency.contains($0.key) ? [$0.key, $0.key + suffix] : [$0.key] }
    }

    /// The amount in the reporting currency, empty where there is an amount in another one too; `nil` for other columns.
    private static func amount(_ name: String, _ revenue: Revenue, _ reporting: Currency) -> CSV.Field? {
        let totals: Reading<CurrencyTotals>
        switch name {
        case "mrr": totals = revenue.mrr
        case "arr": totals = revenue.arr
        case "ltv": totals = revenue.ltv
        case "ltv_net": totals = revenue.ltvNet
        default: return nil
        }
        guard case .known(let known) = totals,
            known.entries.allSatisfy({ $0.currency == reporting || $0.amount == .zero }),
            let units = (known[reporting] ?? .zero).rounded
        else { return .empty }
        return .number(Money(minorUnits: units, currency: reporting).decimal)
    }

    private static func field(_ value: JSONValue) -> CSV.Field {
        switch value {
        case .null, .tooDeep: .empty
        case .integer, .double, .decimal, .bool: .number(JSONWriter.text(value))
        case .string(let text): .text(text)
        case .array(let elements): elements.isEmpty ? .empty : .text(elements.map(text).joined(separator: "; "))
        case .object(let object):
            object.members.isEmpty
                ? .empty : .text(object.members.map { "\($0.key) \(text($0.value))" }.joined(separator: "; "))
        }
    }

    /// A nested value in words: `weight 25, points 90`.
    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .array(let elements): elements.map(text).joined(separator: ", ")
        case .object(let object): object.members.map { "\($0.key) \(text($0.value))" }.joined(separator: ", ")
        case .null: "unknown"
        default: JSONWriter.text(value)
        }
    }
}
