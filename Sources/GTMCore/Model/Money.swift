/// An amount of one currency in whole minor units: 29 900 of USD is 299.00 dollars.
///
/// Amounts of different currencies are never added; what is summed here is summed by currency.
public struct Money: Sendable, Hashable {
    /// The amount in minor units (cents, yen); negative for a credit.
    public var minorUnits: Int64
    /// Its currency.
    public var currency: Currency

    /// Creates an amount from minor units.
    public init(minorUnits: Int64, currency: Currency) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    /// Reads an amount in major units from decimal digits, such as `4518.62` or `-3`, without binary fractions.
    ///
    /// Digits beyond the currency's minor unit are rounded, halves away from zero.
    ///
    /// - Returns: `nil` where the text is no decimal number or the amount does not fit 64 bits.
    public init?(majorUnits text: some StringProtocol, currency: Currency) {
        guard let fraction = Fraction(decimal: text, scale: currency.exponent), let units = fraction.rounded else {
            return nil
        }
        self.init(minorUnits: units, currency: currency)
    }

    /// The amount in major units with exactly the currency's decimals: `299.00`, `1000` for yen, `-0.05`.
    public var decimal: String {
        let exponent = currency.exponent
        guard exponent > 0 else { return String(minorUnits) }
        let digits = String(minorUnits.magnitude)
        let padded = String(repeating: "0", count: max(0, exponent + 1 - digits.utf8.count)) + digits
        let whole = padded.utf8.count - exponent
        return "\(minorUnits < 0 ? "-" : "")\(padded.prefix(whole)).\(padded.suffix(exponent))"
    }
}

extension Money: CustomStringConvertible {
    /// The amount and the currency's code: `299.00 USD`.
    public var description: String { "\(decimal) \(currency.code)" }
}
