import FoundationEssentials
import GTMCore
import Testing

@Suite("Timestamp") struct TimestampTests {
    @Test(
        "ISO 8601 times are read",
        arguments: [
            ("1970-01-01", 0), ("1970-01-01T00:00:00Z", 0), ("2026-11-20T07:18:52Z", 1_795_159_132),
            ("2026-11-20T07:18Z", 1_795_159_080), ("2026-11-20T09:18:52+02:00", 1_795_159_132),
            ("2026-11-20T09:18:52+0200", 1_795_159_132), ("2026-11-19T23:48:52-07:30", 1_795_159_132),
            ("2026-11-20T07:18:52-00:00", 1_795_159_132), ("2024-02-29", 1_709_164_800), ("2000-02-29", 951_782_400),
            ("2026-11-20T07:18:52.5Z", 1_795_159_132.5), ("2026-11-20T07:18:52.125000000Z", 1_795_159_132.125),
            ("1969-12-31T23:59:59Z", -1), ("0000-01-01", -62_167_219_200), ("9999-12-31T23:59:59Z", 253_402_300_799),
            ("0000-01-01T00:00:00+23:59", -62_167_305_540), ("0000-02-29", -62_162_121_600),
        ])
    func parses(text: String, seconds: Double) throws {
        #expect(try Timestamp.parse(text) == Date(timeIntervalSince1970: seconds))
        #expect(try Timestamp.parse(utf8: Array(text.utf8)) == Date(timeIntervalSince1970: seconds))
        #expect(
            try Timestamp.parse(utf8: Array(text.utf8).reversed().reversed()) == Date(timeIntervalSince1970: seconds))
    }

    @Test(
        "Anything else is refused, and why is said",
        arguments: [
            ("", .malformed), ("2025", .malformed), ("2025-01", .malformed), ("2025-1-02", .malformed),
            ("20250102", .malformed),
            ("2025-02-30", .impossible), ("2025-02-29T00:00:00Z", .impossible), ("1900-02-29", .impossible),
            ("2025-13-01", .impossible), ("2025-00-01", .impossible), ("2025-01-00", .impossible),
            ("2025-04-31", .impossible),
            ("2025-01-02T24:00:00Z", .impossible), ("2025-01-02T23:60:00Z", .impossible),
            ("2025-01-02T23:59:60Z", .impossible), ("2025-01-02T00:00:00+24:00", .impossible),
            ("2025-01-02T00:00:00+01:60", .impossible), ("2025-01-02T00:00:00", .missingZone),
            ("2025-01-02T00:00", .missingZone), ("2025-01-02T00:00:00.5", .missingZone),
            ("2025-01-02t00:00:00Z", .malformed),
            ("2025-01-02T00:00:00z", .malformed), ("2025-01-02 00:00:00Z", .malformed),
            ("2025-01-02T00:00:00ZZ", .malformed),
            ("2025-01-02T00:00:00Z ", .malformed), (" 2025-01-02", .malformed), ("2025-01-02T", .malformed),
            ("2025-01-02Z", .malformed), ("2025-01-02T00Z", .malformed), ("2025-01-02T00:00:00.Z", .malformed),
            ("2025-01-02T00:00:00.1234567890Z", .malformed), ("2025-01-02T00:00:00,5Z", .malformed),
            ("2025-01-02T00:00:00+02", .malformed), ("2025-01-02T00:00:00+02:0", .malformed),
            ("-025-01-02", .malformed),
            ("2025-01-02T0:00:00Z", .malformed), ("+2025-01-02", .malformed), ("２025-01-02", .malformed),
        ] as [(String, TimestampError.Code)])
    func refuses(text: String, code: TimestampError.Code) {
        #expect(throws: TimestampError(code: code)) { try Timestamp.parse(text) }
    }

    @Test(
        "Times are written in UTC",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (1_795_159_132, "2026-11-20T07:18:52Z"),
            (1_795_159_132.5, "2026-11-20T07:18:52.500Z"),
            (1_795_159_132.0004, "2026-11-20T07:18:52Z"), (1_795_159_132.9996, "2026-11-20T07:18:53Z"),
            (-0.001, "1969-12-31T23:59:59.999Z"), (-62_167_219_200, "0000-01-01T00:00:00Z"),
            (-62_167_219_201, "0000-01-01T00:00:00Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
            (253_402_300_800, "9999-12-31T23:59:59.999Z"), (.infinity, "9999-12-31T23:59:59.999Z"),
            (-.infinity, "0000-01-01T00:00:00Z"), (.nan, "0000-01-01T00:00:00Z"), (1e300, "9999-12-31T23:59:59.999Z"),
        ])
    func formats(seconds: Double, expected: String) {
        #expect(Timestamp.format(Date(timeIntervalSince1970: seconds)) == expected)
    }

    @Test("What was written reads as the same time, as Foundation reads and writes it") func roundTrips() throws {
        var random = SplitMix(seed: 9)
        for _ in 0..<5_000 {
            let milliseconds = Int64.random(in: -62_167_219_200_000...253_402_300_799_999, using: &random)
            let text = Timestamp.format(Date(timeIntervalSince1970: Double(milliseconds) / 1_000))
            let date = try Timestamp.parse(text)
            #expect(abs(date.timeIntervalSince1970 * 1_000 - Double(milliseconds)) < 0.1)
            #expect(Timestamp.format(date) == text)
        }
        for _ in 0..<500 {
            let date = Date(
                timeIntervalSince1970: Double(Int.random(in: -2_000_000_000...9_000_000_000, using: &random)))
            #expect(Timestamp.format(date) == date.formatted(.iso8601))
        }
    }

    @Test("Mutated times never crash") func survivesMutation() {
        var random = SplitMix(seed: 2)
        for _ in 0..<50_000 {
            var bytes = Array("2026-11-20T09:18:52.123+02:00".utf8)
            for _ in 0..<3 {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            bytes.removeLast(Int(random.next() % 30))
            guard let date = try? Timestamp.parse(utf8: bytes) else { continue }  // A refusal is an answer.
            #expect((try? Timestamp.parse(Timestamp.format(date))) != nil)
        }
    }

    @Test("Seconds since 1970 are read within bounds")
    func epoch() throws {
        #expect(Timestamp.epoch(seconds: 1) == Date(timeIntervalSince1970: 1))
        #expect(Timestamp.epoch(seconds: 253_402_300_799) == Date(timeIntervalSince1970: 253_402_300_799))
        for seconds in [0, -1, 253_402_300_800, .min, .max] as [Int64] {
            #expect(Timestamp.epoch(seconds: seconds) == nil)
        }
        #expect(try Timestamp.epoch(1_795_159_132) == Date(timeIntervalSince1970: 1_795_159_132))
        #expect(try Timestamp.epoch("1795159132") == Date(timeIntervalSince1970: 1_795_159_132))
        #expect(try Timestamp.epoch(1_795_159_132.5) == Date(timeIntervalSince1970: 1_795_159_132.5))
        #expect(try Timestamp.epoch(JSONValue?.none) == nil)
        #expect(try Timestamp.epoch(.null) == nil)
    }

    @Test(
        "Other members are told apart from absent ones",
        arguments: [
            (0, .outOfRange), (-5, .outOfRange), (1_795_159_132_000, .outOfRange), (0.5, .outOfRange),
            (.double(.nan), .outOfRange),
            (.decimal("1e400"), .outOfRange), ("soon", .malformed), ("", .malformed), (true, .malformed),
            ([], .malformed),
        ] as [(JSONValue, TimestampError.Code)])
    func refusesEpoch(value: JSONValue, code: TimestampError.Code) {
        #expect(throws: TimestampError(code: code)) { try Timestamp.epoch(value) }
    }

    @Test("Every day of 10,000 years has its number") func civilDays() {
        var previous = -719_529
        var count = 0
        for year in 0...9999 {
            for month in 1...12 {
                for day in [1, 15, CivilDate.days(inMonth: month, of: year)] {
                    guard let date = CivilDate(year: year, month: month, day: day) else {
                        Issue.record("\(year)-\(month)-\(day) is refused")
                        return
                    }
                    if date.daysSinceEpoch <= previous || CivilDate(daysSinceEpoch: date.daysSinceEpoch) != date {
                        Issue.record("\(date) has the wrong number")
                        return
                    }
                    previous = date.daysSinceEpoch
                    count += 1
                }
            }
        }
        #expect(previous == 2_932_896)
        #expect(count == 360_000)
        #expect(CivilDate(daysSinceEpoch: .max).description == "9999-12-31")
        #expect(CivilDate(daysSinceEpoch: .min).description == "0000-01-01")
        #expect(CivilDate(year: 2025, month: 2, day: 29) == nil)
        #expect(CivilDate(year: 10_000, month: 1, day: 1) == nil)
    }

    @Test(
        "Calendar months are complete when their day is reached",
        arguments: [
            ("2025-01-15", "2025-02-14", 0), ("2025-01-15", "2025-02-15", 1), ("2025-01-31", "2025-02-27", 0),
            ("2025-01-31", "2025-02-28", 1), ("2024-01-31", "2024-02-28", 0), ("2024-01-31", "2024-02-29", 1),
            ("2025-01-31", "2025-03-30", 1), ("2025-01-31", "2025-03-31", 2), ("2024-02-29", "2025-02-28", 12),
            ("2025-01-15T12:00Z", "2025-02-15T11:59:59Z", 0), ("2025-01-15T12:00Z", "2025-02-15T12:00Z", 1),
            ("2025-01-15T12:00:00.5Z", "2025-02-15T12:00:00.25Z", 0), ("2020-03-01", "2026-03-01", 72),
            ("2025-02-15", "2025-01-15", -1), ("2025-02-14", "2025-01-15", 0), ("2025-01-01", "2025-01-01", 0),
            ("0000-01-01", "9999-12-31", 119_999),
        ])
    func wholeMonths(start: String, end: String, expected: Int) throws {
        #expect(Timestamp.wholeMonths(from: try Timestamp.parse(start), to: try Timestamp.parse(end)) == expected)
    }

    @Test(
        "Days are counted downwards",
        arguments: [
            ("2025-01-01", "2025-01-02", 1), ("2025-01-01T00:00:01Z", "2025-01-02", 0),
            ("2025-01-02", "2025-01-01", -1),
            ("2025-01-01T00:00:01Z", "2025-01-01", -1), ("2025-01-01T00:00:00.5Z", "2025-01-02T00:00:00.25Z", 0),
            ("2025-01-01T00:00:00.25Z", "2025-01-02T00:00:00.5Z", 1), ("2025-01-01", "2025-01-01", 0),
            ("0000-01-01", "9999-12-31", 3_652_424),
        ])
    func daysBetween(start: String, end: String, expected: Int) throws {
        #expect(Timestamp.daysBetween(try Timestamp.parse(start), try Timestamp.parse(end)) == expected)
    }

    @Test(
        "Times beyond the calendar are brought into it", arguments: [Double.nan, .infinity, -.infinity, 1e300, -1e300])
    func survivesStrangeDates(seconds: Double) {
        let (strange, plain) = (Date(timeIntervalSinceReferenceDate: seconds), Date(timeIntervalSince1970: 0))
        #expect((0...9999).contains(Timestamp.civil(strange).year))
        #expect(abs(Timestamp.wholeMonths(from: plain, to: strange)) < 120_000)
        #expect(abs(Timestamp.daysBetween(strange, plain)) < 3_700_000)
        #expect(Timestamp.date(Timestamp.civil(plain)) == plain)
    }
}
