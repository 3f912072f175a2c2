import GTMCore

/// The one line that shows how far a sync is. It decides what stands there; whoever owns the terminal draws it.
struct ProgressLine: Sendable {
    /// The columns to fill.
    var width: Int
    private var stream: StreamKey?
    private var began: Duration = .zero
    private var waiting: String?

    init(width: Int) { self.width = width }

    /// Takes note of an event.
    ///
    /// - Parameters:
    ///   - elapsed: The time since the start.
    /// - Returns: The line to show now; `nil` where nothing changes.
    mutating func line(after event: SyncEvent, elapsed: Duration) -> String? {
        switch event {
        case .started(let source, let mode):
            return fit("\(source): \(mode == .full ? "reading everything" : "reading what changed")")
        case .page(let key, let seen, let total):
            if stream != key {
                stream = key
                began = elapsed
            }
            let rate = rate(of: seen, during: elapsed - began)
            return bar("\(key.source) \(key.stream)", seen, total, rate)
        case .waiting(let source, let duration, let reason):
            return fit("\(source): waiting \(Self.seconds(duration)) s, \(reason)")
        case .assessing(let done, let total): return bar("assessing", done, total, "")
        case .stream, .finished: return nil
        }
    }

    private func rate(of seen: Int, during time: Duration) -> String {
        let milliseconds = time.components.seconds * 1000 + time.components.attoseconds / 1_000_000_000_000_000
        guard milliseconds >= 500 else { return "" }
        return "\(Int64(seen) * 1000 / milliseconds)/s"
    }

    private func bar(_ name: String, _ done: Int, _ total: Int?, _ rate: String) -> String {
        guard let total, total > 0 else { return fit("\(name)  \(grouped(done))  \(rate)") }
        let share = min(1, Double(done) / Double(total))
        let counts = "\(grouped(done))/\(grouped(total))"
        let tail = "\(Int(share * 100)) %  \(counts)  \(rate)"
        let room = width - 1 - TextWidth.of(name) - 2 - TextWidth.of(tail) - 2
        guard room >= 8 else { return fit("\(name)  \(tail)") }
        return fit("\(name)  \(Bar.text(share, width: min(room, 30)))  \(tail)")
    }

    /// One column short of the width, so that no terminal breaks the line.
    private func fit(_ text: String) -> String { TextWidth.cut(Sanitized(text).text, to: width - 1) }

    private static func seconds(_ duration: Duration) -> Int64 { max(1, duration.components.seconds) }
}

/// A bar of block characters.
enum Bar {
    /// A bar of `width` columns, filled by a share of 0...1; anything above nothing shows.
    static func text(_ share: Double, width: Int) -> String {
        let full = share > 0 ? max(1, Int((share * Double(width)).rounded())) : 0
        return String(repeating: "█", count: min(full, width)) + String(repeating: "░", count: max(0, width - full))
    }
}

/// A whole number in groups of three digits: `12,345`.
func grouped(_ number: Int) -> String { grouped(String(number)) }

/// Digits in groups of three, the decimals left alone: `12,345.00`.
func grouped(_ decimal: String) -> String {
    let isNegative = decimal.hasPrefix("-")
    let parts = decimal.drop { $0 == "-" }.split(separator: ".", maxSplits: 1)
    var whole = ""
    for (place, digit) in (parts.first ?? "").reversed().enumerated() {
        if place > 0, place % 3 == 0 { whole.append(",") }
        whole.append(digit)
    }
    let text = String(whole.reversed()) + (parts.count > 1 ? "." + parts[1] : "")
    return isNegative ? "-" + text : text
}
