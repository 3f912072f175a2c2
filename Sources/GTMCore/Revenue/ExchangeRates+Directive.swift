#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ExchangeRates {
    /// Reads tables as `gtm.json` and `directives/revenue.md` write them: a list of `{"date", "base", "rates"}`.
    ///
    /// A date is a day, from its midnight UTC on, or a moment. A rate is a number or a text of decimal digits, above 0.
    ///
    /// - Throws: ``DirectiveError`` with file, line and what was expected.
    public init(directive: DirectiveNode) throws(DirectiveError) {
        var tables: [Table] = []
        for element in try directive.elements() {
            _ = try element.members(["date", "base", "rates"])
            let date = try Self.date(element.member("date"))
            if tables.contains(where: { $0.date == date }) {
                throw try element.member("date").problem(
                    "\(element.path).date stands twice; expected one table for each date")
            }
            let base = try Self.currency(element.member("base").text(), element.member("base"))
            var rates: [Currency: Fraction] = [:]
            for (code, node) in try element.member("rates").members() {
                let currency = try Self.currency(code, node)
                if currency == base {
                    throw node.problem("\(node.path) is the base's own rate; expected other currencies")
                }
                rates[currency] = try Self.rate(node)
            }
            guard let table = Table(date: date, base: base, rates: rates) else {
                throw element.wrong(expected: "rates above 0")
            }
            tables.append(table)
        }
        self.init(tables)
    }

    private static func date(_ node: DirectiveNode) throws(DirectiveError) -> Date {
        do {
            return try Timestamp.parse(try node.text())
        } catch let error as DirectiveError {
            throw error
        } catch {
            throw node.wrong(expected: "a day such as \"2026-11-01\"")
        }
    }

    private static func currency(_ code: String, _ node: DirectiveNode) throws(DirectiveError) -> Currency {
        guard let currency = Currency(code) else {
            throw node.problem("\(node.path): \"\(code)\" is no currency's three letters, such as EUR")
        }
        return currency
    }

    private static func rate(_ node: DirectiveNode) throws(DirectiveError) -> Fraction {
        let digits = node.value.string ?? node.value.exactDecimal
        guard let rate = digits.flatMap({ Fraction(decimal: $0) }), rate > .zero else {
            throw node.wrong(expected: "a rate above 0, such as 1.0842")
        }
        return rate
    }
}
