/// A currency of ISO 4217, with the number of decimals of its minor unit.
public struct Currency: Sendable, Hashable {
    /// The code's place among all words of three letters: A is the digit 0, Z the digit 25.
    let index: UInt16

    /// Finds a currency by its code, in either case; `nil` for a word that is no code of ISO 4217.
    public init?(_ code: some StringProtocol) {
        var index = 0
        var count = 0
        for byte in code.utf8 {
            let letter = byte | 0x20
            guard (0x61...0x7A).contains(letter), count < 3 else { return nil }
            index = index * 26 + Int(letter - 0x61)
            count += 1
        }
        guard count == 3, Self.exponents[index] >= 0 else { return nil }
        self.index = UInt16(index)
    }

    /// The currency of a place among all words; `nil` for a word that is no code.
    init?(index: UInt64) {
        guard index < UInt64(Self.exponents.count), Self.exponents[Int(index)] >= 0 else { return nil }
        self.index = UInt16(index)
    }

    private init(known code: StaticString) {
        index = code.description.utf8.reduce(0) { $0 * 26 + UInt16($1 - 0x41) }
    }

    /// The United States dollar.
    public static let usd = Currency(known: "USD")
    /// The euro.
    public static let eur = Currency(known: "EUR")
    /// The pound sterling.
    public static let gbp = Currency(known: "GBP")
    /// The yen, which has no minor unit.
    public static let jpy = Currency(known: "JPY")

    /// The decimals of the minor unit, 0...4: 2 for the dollar, 0 for the yen, 3 for the Kuwaiti dinar.
    public var exponent: Int { Int(Self.exponents[Int(index)]) }

    /// Minor units in one major unit: 100 for the dollar, 1 for the yen.
    public var minorUnitsPerUnit: Int64 {
        switch exponent {
        case 0: 1
        case 1: 10
        case 2: 100
        case 3: 1000
        default: 10_000
        }
    }

    /// The three capital letters.
    public var code: String {
        let value = Int(index)
        let letters = [value / 676, value / 26 % 26, value % 26].map { UInt8(0x41 + $0) }
        return String(decoding: letters, as: UTF8.self)
    }
}

extension Currency: Comparable, CustomStringConvertible {
    /// Alphabetical by code.
    public static func < (left: Self, right: Self) -> Bool { left.index < right.index }
    public var description: String { code }
}

extension Currency {
    /// All codes with their exponents: ISO 4217 as of 2026, and codes withdrawn since 2010, which old records still
    /// carry. Units without a minor unit (metals, drawing rights, tests) count as whole.
    private static let table: StaticString = """
        AED2 AFN2 ALL2 AMD2 ANG2 AOA2 ARS2 AUD2 AWG2 AZN2 BAM2 BBD2 BDT2 BGN2 BHD3 BIF0 BMD2 BND2 BOB2 BOV2 BRL2 BSD2 \
        BTN2 BWP2 BYN2 BYR0 BZD2 CAD2 CDF2 CHE2 CHF2 CHW2 CLF4 CLP0 CNY2 COP2 COU2 CRC2 CUC2 CUP2 CVE2 CZK2 DJF0 DKK2 \
        DOP2 DZD2 EEK2 EGP2 ERN2 ETB2 EUR2 FJD2 FKP2 GBP2 GEL2 GHS2 GIP2 GMD2 GNF0 GTQ2 GYD2 HKD2 HNL2 HRK2 HTG2 HUF2 \
        IDR2 ILS2 INR2 IQD3 IRR2 ISK0 JMD2 JOD3 JPY0 KES2 KGS2 KHR2 KMF0 KPW2 KRW0 KWD3 KYD2 KZT2 LAK2 LBP2 LKR2 LRD2 \
        LSL2 LTL2 LVL2 LYD3 MAD2 MDL2 MGA2 MKD2 MMK2 MNT2 MOP2 MRO2 MRU2 MUR2 MVR2 MWK2 MXN2 MXV2 MYR2 MZN2 NAD2 NGN2 \
        NIO2 NOK2 NPR2 NZD2 OMR3 PAB2 PEN2 PGK2 PHP2 PKR2 PLN2 PYG0 QAR2 RON2 RSD2 RUB2 RWF0 SAR2 SBD2 SCR2 SDG2 SEK2 \
        SGD2 SHP2 SLE2 SLL2 SOS2 SRD2 SSP2 STD2 STN2 SVC2 SYP2 SZL2 THB2 TJS2 TMT2 TND3 TOP2 TRY2 TTD2 TWD2 TZS2 UAH2 \
        UGX0 USD2 USN2 USS2 UYI0 UYU2 UYW4 UZS2 VED2 VEF2 VES2 VND0 VUV0 WST2 XAD2 XAF0 XAG0 XAU0 XBA0 XBB0 XBC0 XBD0 \
        XCD2 XCG2 XDR0 XOF0 XPD0 XPF0 XPT0 XSU0 XTS0 XUA0 XXX0 YER2 ZAR2 ZMK2 ZMW2 ZWG2 ZWL2
        """

    private static let exponents: [Int8] = {
        var exponents = [Int8](repeating: -1, count: 26 * 26 * 26)
        let words = table.description.split(separator: " ")
        for word in words {
            let bytes = Array(word.utf8)
            let index = bytes[0..<3].reduce(0) { $0 * 26 + Int($1 - 0x41) }
            exponents[index] = Int8(bytes[3] - 0x30)
        }
        return exponents
    }()

    /// Every currency known, by code.
    public static let all: [Currency] = table.description.split(separator: " ").compactMap { Currency($0.prefix(3)) }
}
