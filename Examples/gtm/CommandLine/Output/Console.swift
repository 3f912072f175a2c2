import GTMCore
import Synchronization

/// Where a command writes: results to one outlet, progress and notes to the other.
package struct Console: Sendable {
    /// Standard output: results.
    package var output: Outlet
    /// Standard error: progress and notes.
    package var notes: Outlet

    /// Creates a console.
    package init(output: Outlet, notes: Outlet) {
        self.output = output
        self.notes = notes
    }

    /// The process's own.
    ///
    /// Colour, like any escape sequence, is for terminals, unless `NO_COLOR` is set to anything or `TERM` is `dumb`; `COLUMNS` overrides the width.
    package static func standard(_ environment: [String: String]) -> Console {
        func outlet(_ descriptor: Int32) -> Outlet {
            let isTerminal = Terminal.isTerminal(descriptor)
            let wantsColor = environment["NO_COLOR"].map(\.isEmpty) ?? true
            let columns = environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
            return Outlet(
                isTerminal: isTerminal, width: columns ?? (isTerminal ? Terminal.width(descriptor) : nil) ?? 100,
                hasColor: isTerminal && wantsColor && environment["TERM"] != "dumb"
            ) { Terminal.write($0, to: descriptor) }
        }
        return Console(output: outlet(Terminal.output), notes: outlet(Terminal.notes))
    }

    /// Writes a line for whoever watches.
    func note(_ line: String) { notes.write(line + "\n") }
}

/// One stream that is written to.
package struct Outlet: Sendable {
    /// Whether somebody sits at the other end.
    package let isTerminal: Bool
    /// The columns that a line may fill, at least 20.
    package let width: Int
    /// Whether escape sequences are understood and wanted: colours, and the one that erases a line.
    package let hasColor: Bool
    private let sink: Sink

    /// Creates an outlet that hands its bytes on.
    init(
        isTerminal: Bool, width: Int, hasColor: Bool,
        send: @escaping @Sendable ([UInt8]) -> Terminal.WriteFailure?
    ) {
        self.isTerminal = isTerminal
        self.width = max(20, width)
        self.hasColor = hasColor
        sink = Sink(send: send)
    }

    /// The colours of this outlet.
    var palette: Palette { Palette(isOn: hasColor) }

    /// Writes a text; after the first failure nothing is written any more.
    func write(_ text: String) { sink.write(Array(text.utf8)) }

    /// Writes bytes; after the first failure nothing is written any more.
    func write(_ bytes: [UInt8]) { sink.write(bytes) }

    /// Keeps what is written until ``release()``: a reader that is slow to take it holds nothing up meanwhile.
    func hold() { sink.hold() }

    /// Writes what was kept.
    func release() { sink.release() }

    /// Why writing ended early; `nil` where all was written.
    var failure: Terminal.WriteFailure? { sink.failure.withLock { $0 } }

    private final class Sink: Sendable {
        let failure = Mutex<Terminal.WriteFailure?>(nil)
        private let send: @Sendable ([UInt8]) -> Terminal.WriteFailure?
        /// What is kept; `nil` where nothing is to be.
        private let held = Mutex<[UInt8]?>(nil)

        init(send: @escaping @Sendable ([UInt8]) -> Terminal.WriteFailure?) { self.send = send }

        func hold() { held.withLock { $0 = $0 ?? [] } }

        func release() {
            let bytes = held.withLock { held in
                defer { held = nil }
                return held ?? []
            }
            if !bytes.isEmpty { write(bytes) }
        }

        func write(_ bytes: [UInt8]) {
            let isHeld = held.withLock { held in
                held?.append(contentsOf: bytes)
                return held != nil
            }
            if isHeld { return }
            failure.withLock { failure in
                if failure == nil { failure = send(bytes) }
            }
        }
    }
}

/// Colours, or none.
struct Palette: Sendable, Hashable {
    /// Whether colours are shown.
    var isOn: Bool

    func bold(_ text: String) -> String { paint(text, "1") }
    func dim(_ text: String) -> String { paint(text, "2") }
    func red(_ text: String) -> String { paint(text, "31") }
    func green(_ text: String) -> String { paint(text, "32") }
    func yellow(_ text: String) -> String { paint(text, "33") }
    func magenta(_ text: String) -> String { paint(text, "35") }

    /// The colour of a status.
    func status(_ status: HealthStatus, _ text: String) -> String {
        switch status {
        case .healthy, .excellent, .good: green(text)
        case .atRisk: yellow(text)
        case .highRisk: magenta(text)
        case .critical: red(text)
        default: dim(text)
        }
    }

    private func paint(_ text: String, _ code: String) -> String {
        isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
