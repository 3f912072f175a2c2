#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Points in time as texts and numbers, and calendar arithmetic, all of it in UTC.
public enum Timestamp {
    /// The seconds since 1970 of 0000-01-01T00:00:00Z.
    static let firstSecond: Int64 = -62_167_219_200
    /// The seconds since 1970 of 9999-12-31T23:59:59Z.
    static let lastSecond: Int64 = 253_402_300_799
    /// The seconds between 1970 and 2001, from which `Date` counts.
    private static let referenceOffset: Int64 = 978_307_200

    // MARK: Text

    /// Reads an ISO 8601 time, strictly.
    ///
    /// `YYYY-MM-DD` is the start of that day in UTC; `YYYY-MM-DDTHH:MM[:SS[.fraction]]` needs a zone: `Z`, `±HH:MM` or
    /// `±HHMM`, up to 23:59. A fraction has one to nine digits. Letters are capitals; nothing stands before or behind.
    ///
    /// - Parameter text: The time, years 0000...9999.
    /// - Returns: The point in time; a `Date` holds it to about 0.1 microseconds.
    /// - Throws: ``TimestampError`` for any other form, for a day that the calendar does not have, for the hour 24 and
    ///   the second 60, and where the zone is missing.
    public static func parse(_ text: String) throws(TimestampError) -> Date {
        if let result = unsafe text.utf8.withContiguousStorageIfAvailable({ unsafe result(of: $0) }) {
            return try result.get()
        }
        return try parse(utf8: Array(text.utf8))
    }

    /// Reads an ISO 8601 time from UTF-8, as ``parse(_:)`` does.
    ///
    /// - Parameter utf8: The time, years 0000...9999.
    /// - Returns: The point in time.
    /// - Throws: ``TimestampError``, as ``parse(_:)`` does.
    public static func parse(utf8: some Collection<UInt8>) throws(TimestampError) -> Date {
        if let result = utf8.withContiguousStorageIfAvailable({ unsafe result(of: $0) }) {
            return try result.get()
        }
        return try unsafe Array(utf8).withUnsafeBufferPointer { unsafe result(of: $0) }.get()
    }

    private static func result(of bytes: UnsafeBufferPointer<UInt8>) -> Result<Date, TimestampError> {
        Result { () throws(TimestampError) in
            var scanner = unsafe TimestampScanner(bytes)
            let (seconds, nanoseconds) = try scanner.time()
            return date(seconds: seconds, nanoseconds: nanoseconds)
        }
    }

    private static func date(seconds: Int64, nanoseconds: Int) -> Date {
        let whole = Double(seconds - referenceOffset)
        return Date(timeIntervalSinceReferenceDate: nanoseconds == 0 ? whole : whole + Double(nanoseconds) / 1e9)
    }

    /// Writes a time as `2026-11-20T07:18:52Z`, with three digits of a fraction where the milliseconds, to which it is
    /// rounded, are not 0.
    ///
    /// A time outside the years 0000...9999 is written as the first or last millisecond within them; one that is not a
    /// number as the first.
    public static func format(_ date: Date) -> String {
        let (seconds, milliseconds) = clamped(date)
        let (days, time) = (seconds.flooredQuotient(by: 86_400), Int(seconds.flooredRemainder(by: 86_400)))
        var bytes = dateBytes(CivilDate(daysSinceEpoch: Int(days)))
        bytes.reserveCapacity(24)
        for (mark, number) in [("T" as Unicode.Scalar, time / 3_600), (":", time / 60 % 60), (":", time % 60)] {
            bytes.append(UInt8(ascii: mark))
            append(number, digits: 2, to: &bytes)
        }
        if milliseconds != 0 {
            bytes.append(UInt8(ascii: "."))
            append(milliseconds, digits: 3, to: &bytes)
        }
        bytes.append(UInt8(ascii: "Z"))
        return String(decoding: bytes, as: UTF8.self)
    }

    static func dateBytes(_ day: CivilDate) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        append(day.year, digits: 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        append(day.month, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        append(day.day, digits: 2, to: &bytes)
        return bytes
    }

    private static func append(_ number: Int, digits: Int, to bytes: inout [UInt8]) {
        var divisor = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }

    /// Seconds since 1970, rounded down, and the milliseconds above them, within the years 0000...9999.
    private static func clamped(_ date: Date) -> (seconds: Int64, milliseconds: Int) {
        let first = Double(firstSecond) * 1_000
        let last = Double(lastSecond) * 1_000 + 999
        let milliseconds = (date.timeIntervalSinceReferenceDate * 1_000).rounded() + Double(referenceOffset) * 1_000
        let total = Int64(milliseconds >= first ? min(milliseconds, last) : first)
        return (total.flooredQuotient(by: 1_000), Int(total.flooredRemainder(by: 1_000)))
    }

    // MARK: Seconds since 1970

    /// The point in time this many seconds after 1970 began; `nil` outside 1...253402300799 (the end of 9999), where a
    /// vendor means nothing or counts milliseconds.
    public static func epoch(seconds: Int64) -> Date? {
        (1...lastSecond).contains(seconds) ? date(seconds: seconds, nanoseconds: 0) : nil
    }

    /// Reads a member that counts seconds since 1970, in any form that ``JSONValue/int64`` reads, or with a fraction.
    ///
    /// - Parameter value: The member; `nil` where it is absent.
    /// - Returns: The point in time; `nil` where the member is absent or `null`.
    /// - Throws: ``TimestampError`` with the code `malformed` where it is no number, `outOfRange` where the seconds lie
    ///   outside 1...253402300799; 0 is out of range, too.
    public static func epoch(_ value: JSONValue?) throws(TimestampError) -> Date? {
        switch value {
        case nil, .null: return nil
        case .double(let seconds):
            guard seconds >= 1, seconds < Double(lastSecond + 1) else { throw TimestampError(code: .outOfRange) }
            return Date(timeIntervalSinceReferenceDate: seconds - Double(referenceOffset))
        case .decimal: throw TimestampError(code: .outOfRange)
        case .some(let value):
            guard let seconds = value.int64 else { throw TimestampError(code: .malformed) }
            guard let date = epoch(seconds: seconds) else { throw TimestampError(code: .outOfRange) }
            return date
        }
    }

    // MARK: Calendar

    /// The day on which a time falls in UTC; a time outside the years 0000...9999 falls on the first or last day within
    /// them, one that is not a number on the first.
    public static func civil(_ date: Date) -> CivilDate {
        CivilDate(daysSinceEpoch: Int(floorSeconds(date).flooredQuotient(by: 86_400)))
    }

    /// The start of a day in UTC.
    public static func date(_ day: CivilDate) -> Date {
        date(seconds: Int64(day.daysSinceEpoch) * 86_400, nanoseconds: 0)
    }

    /// How many calendar months in UTC have been completed between two times.
    ///
    /// A month is complete when the same day and time of day are reached again in a later month, or, where that month is
    /// too short, the same time on its last day: from 31 January to 28 February is one month. Negative where `end` is
    /// earlier. Times outside the years 0000...9999 count as the first or last within them.
    public static func wholeMonths(from start: Date, to end: Date) -> Int {
        if end < start { return -wholeMonths(from: end, to: start) }
        let (first, last) = (civil(start), civil(end))
        let months = (last.year - first.year) * 12 + last.month - first.month
        // Within the month that is reached, the start's day counts as the month's last where it has no such day.
        let due = min(first.day, CivilDate.days(inMonth: last.month, of: last.year))
        if last.day != due { return last.day > due ? months : months - 1 }
        return timeOfDay(end) >= timeOfDay(start) ? months : months - 1
    }

    /// How many times 86,400 seconds have passed between two times, rounded down: one second before `start` is -1.
    ///
    /// Times outside the years 0000...9999 count as the first or last within them.
    public static func daysBetween(_ start: Date, _ end: Date) -> Int {
        let seconds = floorSeconds(end) - floorSeconds(start)
        let days = Int(seconds.flooredQuotient(by: 86_400))
        // The fractions decide only where the whole seconds come out even.
        return seconds.flooredRemainder(by: 86_400) == 0 && fraction(end) < fraction(start) ? days - 1 : days
    }

    private static func timeOfDay(_ date: Date) -> Double {
        Double(floorSeconds(date).flooredRemainder(by: 86_400)) + fraction(date)
    }

    /// The part of a second above ``floorSeconds(_:)``, in 0..<1; 0 outside the range.
    private static func fraction(_ date: Date) -> Double {
        let interval = date.timeIntervalSinceReferenceDate
        let fraction = interval - interval.rounded(.down)
        return fraction >= 0 && fraction < 1 ? fraction : 0
    }

    private static func floorSeconds(_ date: Date) -> Int64 {
        let seconds = date.timeIntervalSinceReferenceDate.rounded(.down) + Double(referenceOffset)
        return Int64(seconds >= Double(firstSecond) ? min(seconds, Double(lastSecond)) : Double(firstSecond))
    }
}

extension Int64 {
    fileprivate func flooredQuotient(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    fileprivate func flooredRemainder(by divisor: Int64) -> Int64 {
        let remainder = self % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }
}

/// Walks over the bytes of one time.
@safe private struct TimestampScanner: ~Copyable {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { unsafe self.bytes = bytes }

    /// Reads the whole of the bytes as one time.
    mutating func time() throws(TimestampError) -> (seconds: Int64, nanoseconds: Int) {
        let year = try number(digits: 4)
        try take("-")
        let month = try number(digits: 2)
        try take("-")
        let day = try number(digits: 2)
        if next != nil, next != UInt8(ascii: "T") { throw TimestampError(code: .malformed) }
        guard let date = CivilDate(year: year, month: month, day: day) else { throw TimestampError(code: .impossible) }
        let midnight = Int64(date.daysSinceEpoch) * 86_400
        if next == nil { return (midnight, 0) }

        position += 1
        let hour = try number(digits: 2)
        try take(":")
        let minute = try number(digits: 2)
        var second = 0
        var nanoseconds = 0
        if next == UInt8(ascii: ":") {
            position += 1
            second = try number(digits: 2)
            if next == UInt8(ascii: ".") {
                position += 1
                nanoseconds = try fraction()
            }
        }
        let offset = try zone()
        guard next == nil else { throw TimestampError(code: .malformed) }
        guard hour < 24, minute < 60, second < 60 else { throw TimestampError(code: .impossible) }
        return (midnight + Int64(hour * 3_600 + minute * 60 + second - offset), nanoseconds)
    }

    /// Reads a zone and returns its offset from UTC in seconds.
    private mutating func zone() throws(TimestampError) -> Int {
        guard let sign = next else { throw TimestampError(code: .missingZone) }
        position += 1
        if sign == UInt8(ascii: "Z") { return 0 }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { throw TimestampError(code: .malformed) }
        let hours = try number(digits: 2)
        if next == UInt8(ascii: ":") { position += 1 }
        let minutes = try number(digits: 2)
        guard hours < 24, minutes < 60 else { throw TimestampError(code: .impossible) }
        let offset = hours * 3_600 + minutes * 60
        return sign == UInt8(ascii: "+") ? offset : -offset
    }

    private mutating func fraction() throws(TimestampError) -> Int {
        var value = 0
        var unit = 1_000_000_000
        while let digit = next.map({ $0 &- UInt8(ascii: "0") }), digit <= 9 {
            guard unit > 1 else { throw TimestampError(code: .malformed) }
            unit /= 10
            value += Int(digit) * unit
            position += 1
        }
        guard unit < 1_000_000_000 else { throw TimestampError(code: .malformed) }
        return value
    }

    private mutating func number(digits: Int) throws(TimestampError) -> Int {
        var value = 0
        for _ in 0..<digits {
            guard let digit = next.map({ $0 &- UInt8(ascii: "0") }), digit <= 9 else {
                throw TimestampError(code: .malformed)
            }
            value = value * 10 + Int(digit)
            position += 1
        }
        return value
    }

    private mutating func take(_ mark: Unicode.Scalar) throws(TimestampError) {
        guard next == UInt8(ascii: mark) else { throw TimestampError(code: .malformed) }
        position += 1
    }

    private var next: UInt8? { unsafe position < bytes.count ? bytes[position] : nil }
}
