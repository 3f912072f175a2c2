import GTMCore

/// One thing that `doctor` looked at.
struct Check: Sendable, Hashable {
    /// What was found.
    enum State: String, Sendable, Hashable {
        /// It is right.
        case ok
        /// It works, but something is worth knowing.
        case warning
        /// It is wrong, and needed.
        case failed
        /// It could not be looked at, because something before it is wrong.
        case skipped
    }

    /// What was looked at.
    var name: String
    /// What was found.
    var state: State
    /// What was found, in words.
    var detail: String
    /// What to do; `nil` where nothing is to be done.
    var advice: String?

    init(_ name: String, _ state: State, _ detail: String, advice: String? = nil) {
        self.name = name
        self.state = state
        self.detail = detail
        self.advice = advice
    }
}

/// Checks for a terminal and as JSON.
enum ChecksView {
    static func text(_ checks: [Check], width: Int, palette: Palette) -> String {
        let column = checks.map { TextWidth.of($0.name) }.max() ?? 0
        let indent = String(repeating: " ", count: 4)
        var lines: [String] = []
        for check in checks {
            let mark = mark(check.state, palette)
            let detail = Sanitized(check.detail).text
            if column + 4 + TextWidth.of(detail) <= width {
                lines.append("\(mark) \(TextWidth.padded(check.name, to: column))  \(detail)")
            } else {
                lines.append("\(mark) \(check.name)")
                lines += TextWidth.wrapped(detail, to: max(10, width - 4)).map { indent + $0 }
            }
            if let advice = check.advice {
                lines += TextWidth.wrapped("→ \(advice)", to: max(10, width - 4)).map { indent + $0 }
            }
        }
        let failed = checks.count { $0.state == .failed }
        let verdict =
            failed == 0
            ? palette.green("Everything needed works.")
            : palette.red("\(PlainWords.count(failed, "thing")) to put right.")
        return (lines + ["", verdict]).joined(separator: "\n") + "\n"
    }

    static func line(_ checks: [Check]) -> String {
        let documents: [JSONValue] = checks.map { check in
            [
                "name": .string(check.name), "state": .string(check.state.rawValue), "detail": .string(check.detail),
                "advice": check.advice.map { .string($0) } ?? .null,
            ]
        }
        let isOK = !checks.contains { $0.state == .failed }
        return JSONWriter.text(["ok": .bool(isOK), "checks": .array(documents)]) + "\n"
    }

    private static func mark(_ state: Check.State, _ palette: Palette) -> String {
        switch state {
        case .ok: palette.green("✔")
        case .warning: palette.yellow("!")
        case .failed: palette.red("✘")
        case .skipped: palette.dim("·")
        }
    }
}
