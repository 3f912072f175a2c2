import GTMCore

/// Calendar arithmetic in Unix seconds, UTC.
enum WorldCalendar {
    static let day: Int64 = 86_400

    /// The same day so many months later, or the month's last day where it has none such.
    ///
    /// Beyond the years 0 to 9999 each month has 31 days, so that whoever goes on month by month gets on.
    static func adding(months: Int, to time: Int64) -> Int64 {
        let (days, rest) = split(time)
        let date = CivilDate(daysSinceEpoch: days)
        let fallback = time + Int64(months) * 31 * self.day
        guard date.daysSinceEpoch == days else { return fallback }
        let month = date.year * 12 + date.month - 1 + months
        let (year, index) = (month / 12, month % 12)
        let day = min(date.day, CivilDate.days(inMonth: index + 1, of: year))
        guard let moved = CivilDate(year: year, month: index + 1, day: day) else { return fallback }
        return Int64(moved.daysSinceEpoch) * self.day + rest
    }

    /// The first second of a time's day in a zone that lies so many seconds before UTC, negative in the west.
    static func startOfDay(_ time: Int64, offset: Int64) -> Int64 {
        let local = time + offset
        return local - flooredRemainder(local) - offset
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func httpDate(_ time: Int64) -> String {
        let (days, rest) = split(time)
        let date = CivilDate(daysSinceEpoch: days)
        let names = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: some BinaryInteger) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(names[(days % 7 + 7) % 7]), \(two(date.day)) \(months[date.month - 1]) \(date.year) "
            + "\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60)) GMT"
    }

    private static func split(_ time: Int64) -> (days: Int, rest: Int64) {
        let rest = flooredRemainder(time)
        return (Int((time - rest) / day), rest)
    }

    private static func flooredRemainder(_ time: Int64) -> Int64 { (time % day + day) % day }
}
