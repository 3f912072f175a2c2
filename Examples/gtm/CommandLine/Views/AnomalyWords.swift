import GTMCore

/// Odd values as people read them, and as JSON.
enum AnomalyWords {
    /// One odd value: `payment_amount: 300.00 USD, usually 100.00 USD, on 2026-11-01`.
    static func text(_ anomaly: Anomaly) -> String {
        var text = "\(anomaly.kind.rawValue.replacing("_", with: " ")): \(value(anomaly.found, anomaly))"
        if let usual = anomaly.usual { text += ", usually \(value(usual, anomaly))" }
        if let at = anomaly.at { text += ", on \(String(Timestamp.format(at).prefix(10)))" }
        if let record = anomaly.record { text += "  (\(record))" }
        return text
    }

    static func document(_ anomaly: Anomaly) -> JSONValue {
        [
            "kind": .string(anomaly.kind.rawValue), "found": number(anomaly.found, anomaly),
            "usual": anomaly.usual.map { number($0, anomaly) } ?? .null,
            "currency": anomaly.currency.map { .string($0.code) } ?? .null,
            "at": anomaly.at.map { .string(Timestamp.format($0)) } ?? .null,
            "record": anomaly.record.map { .string($0.description) } ?? .null,
        ]
    }

    private static func number(_ value: Fraction, _ anomaly: Anomaly) -> JSONValue {
        guard let currency = anomaly.currency else { return CustomerDocument.number(value, decimals: 2) }
        return value.rounded.map { .decimal(Money(minorUnits: $0, currency: currency).decimal) } ?? .null
    }

    private static func value(_ value: Fraction, _ anomaly: Anomaly) -> String {
        if let currency = anomaly.currency {
            return value.rounded.map { PlainWords.amount(Money(minorUnits: $0, currency: currency)) } ?? "\(value)"
        }
        switch anomaly.kind {
        case .futureTime, .seenBeforeSignup:
            return PlainWords.count(Int(clamping: (value.rounded ?? 0) / 86_400), "day") + " off"
        default: return ProofWords.number(value)
        }
    }
}
