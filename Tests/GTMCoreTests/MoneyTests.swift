import GTMCore
import Testing

@Suite("Money") struct MoneyTests {
    @Test(
        "Decimals follow the currency",
        arguments: [
            ("299", "USD", 29_900, "299.00"), ("4518.62", "USD", 451_862, "4518.62"), ("1000", "JPY", 1000, "1000"),
            ("30.000", "KWD", 30_000, "30.000"), ("-0.05", "EUR", -5, "-0.05"), ("1.5e3", "USD", 150_000, "1500.00"),
            ("0.005", "USD", 1, "0.01"), ("-0.005", "USD", -1, "-0.01"), ("0.0049", "USD", 0, "0.00"),
            ("12.3456", "CLF", 123_456, "12.3456"), ("+7", "USD", 700, "7.00"), ("1234.5", "JPY", 1235, "1235"),
        ] as [(String, String, Int64, String)])
    func decimals(text: String, code: String, units: Int64, shown: String) throws {
        let currency = try #require(Currency(code))
        let money = try #require(Money(majorUnits: text, currency: currency))
        #expect(money.minorUnits == units)
        #expect(money.decimal == shown)
    }

    @Test(
        "What is no amount is none",
        arguments: ["", "-", ".", "1.2.3", "1,000", "NaN", "inf", "1e99", "9e18", "12 ", "0x10", "1e", "--1"])
    func refuses(text: String) {
        #expect(Money(majorUnits: text, currency: .usd) == nil)
    }

    @Test("The extremes print and do not trap") func extremes() {
        #expect(Money(minorUnits: .min, currency: .usd).decimal == "-92233720368547758.08")
        #expect(Money(minorUnits: .max, currency: .jpy).decimal == "9223372036854775807")
    }

    @Test("Currencies are those of ISO 4217, with their decimals") func currencies() throws {
        #expect(Currency.all.count == 193)
        #expect(Set(Currency.all).count == Currency.all.count)
        #expect(Currency("usd") == .usd)
        #expect(
            Currency.all.filter { $0.exponent == 3 }.map(\.code) == ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])
        #expect(Currency.all.filter { $0.exponent == 4 }.map(\.code) == ["CLF", "UYW"])
        for code in ["ABC", "US", "USDX", "U5D", "", "ÄÖÜ"] { #expect(Currency(code) == nil) }
    }

    @Test("Fractions add and divide exactly, and refuse what does not fit") func fractions() throws {
        let third = try #require(Fraction(100, over: 3))
        let sum = try #require(third.adding(third)?.adding(third))
        #expect(sum == Fraction(100))
        #expect(Fraction(1, over: 0) == nil)
        #expect(Fraction(-4, over: -6) == Fraction(2, over: 3))
        #expect(Fraction(Int64.max).multiplied(by: .max)?.multiplied(by: .max) == nil)
        #expect(Fraction(Int64.max).multiplied(by: 2)?.rounded == nil)
        #expect(Fraction(5, over: 2)?.rounded == 3)
        #expect(Fraction(-5, over: 2)?.rounded == -3)
        #expect(Fraction(7, over: 3)?.rounded == 2)
        #expect(try #require(Fraction(1, over: 3)) < #require(Fraction(1, over: 2)))
        #expect(Fraction(Int64.min).multiplied(by: -1) == Fraction(9_223_372_036_854_775_808, over: 1))
    }
}
