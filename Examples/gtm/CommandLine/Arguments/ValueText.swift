import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Reads words of the command line as values. Pure functions; each says what it expected where it refuses.
enum ValueText {
    // MARK: Time

    /// Reads a past moment: `2026-03-03` is the end of that day in UTC, `2026-03-03T12:00:00Z` is itself.
    ///
    /// - Parameter now: The present; the end of a day that has not ended yet is now.
    static func pastMoment(_ text: String, now: Date) throws(WrongValue) -> Date {
        let forms = "a day such as 2026-03-03 or a time such as 2026-03-03T12:00:00Z"
        let start: Date
        do {
            start = try Timestamp.parse(text)
        } catch {
            switch error.code {
            case .impossible: throw WrongValue("a day and a time that the calendar has, such as 2026-03-03")
            case .missingZone: throw WrongValue("a time with its zone, such as 2026-03-03T12:00:00Z")
            default: throw WrongValue(forms)
            }
        }
        guard start <= now else { throw WrongValue("\(forms), no later than now, \(Timestamp.format(now))") }
        let isDay = text.utf8.count == 10
        return isDay ? min(now, start.addingTimeInterval(86_400 - 0.001)) : start
    }

    // MARK: Money

    /// Reads an amount of at least 0 in major units, such as `250` or `99.50`, as whole minor units. Nothing is rounded.
    static func minorUnits(_ text: String, of currency: Currency) throws(WrongValue) -> Int64 {
        let example = currency.exponent == 0 ? "such as 250" : "such as 250 or 99.50"
        let amount = "an amount in \(currency.code)"
        guard !text.hasPrefix("-") else { throw WrongValue("\(amount) of at least 0, \(example)") }
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) else {
            throw WrongValue("\(amount) as digits with a point before decimals and nothing else, \(example)")
        }
        let decimals = parts.count == 2 ? parts[1].reversed().drop { $0 == "0" }.count : 0
        guard decimals <= currency.exponent else {
            throw WrongValue(
                "\(amount) with at most \(PlainWords.count(currency.exponent, "decimal")), \(example)")
        }
        guard let exact = Fraction(decimal: text, scale: currency.exponent), let units = exact.rounded else {
            throw WrongValue("\(amount) up to \(Money(minorUnits: .max, currency: currency).decimal)")
        }
        return units
    }

    // MARK: Keys

    /// Reads an e-mail address.
    static func email(_ text: String) throws(WrongValue) -> EmailAddress {
        do {
            return try EmailAddress(text)
        } catch {
            throw WrongValue("an e-mail address: \(error)")
        }
    }

    /// Reads a customer's key: an e-mail address, or a record as `vendor/account/stream/id`.
    ///
    /// Three slashes make a record, whatever stands in its id.
    static func key(_ text: String) throws(WrongValue) -> CustomerKey {
        let parts = text.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        if parts.count == 4 {
            guard parts.allSatisfy({ !$0.isEmpty && !$0.contains(where: \.isWhitespace) }) else {
                throw WrongValue("a record such as intercom/default/contacts/1, none of its four parts empty")
            }
            let source = SourceID(vendor: parts[0], account: parts[1])
            return .record(RecordID(source: source, stream: parts[2], id: parts[3]))
        }
        do {
            return .email(try EmailAddress(text))
        } catch {
            throw WrongValue("an e-mail address or a record such as intercom/default/contacts/1: \(error)")
        }
    }

    // MARK: Words

    /// Reads a status by its name in JSON; a hyphen or a space does for the underscore.
    static func status(_ text: String) throws(WrongValue) -> HealthStatus {
        let name = text.lowercased().replacing("-", with: "_").replacing(" ", with: "_")
        if let status = HealthStatus(rawValue: name) { return status }
        throw choice(text, HealthStatus.allCases.map(\.rawValue))
    }

    /// Reads a number that can be explained, by its name in JSON or on the command line.
    static func metric(_ text: String) throws(WrongValue) -> ExplainedMetric {
        let name = text.lowercased().replacing("-", with: "_")
        let others = ["health_score": ExplainedMetric.health, "churn_risk": .risk, "data_quality_score": .quality]
        if let metric = ExplainedMetric(rawValue: name) ?? others[name] { return metric }
        throw choice(text, ExplainedMetric.allCases.map(\.rawValue))
    }

    /// Reads an order of customers.
    static func order(_ text: String) throws(WrongValue) -> CustomerQuery.Order {
        switch text {
        case "email": return .key
        case "risk": return .risk
        case "mrr": return .mrr
        default: throw choice(text, ["email", "risk", "mrr"])
        }
    }

    /// Reads a name: anything but white space.
    static func name(_ text: String) throws(WrongValue) -> String {
        guard let name = JSONValue.string(text).text else { throw WrongValue("a name or an e-mail address") }
        return name
    }

    private static func choice(_ text: String, _ known: [String]) -> WrongValue {
        let hint = nearest(to: text, among: known).map { "; did you mean \($0)?" } ?? ""
        return WrongValue("\(known.dropLast().joined(separator: ", ")) or \(known.last ?? "")\(hint)")
    }
}
