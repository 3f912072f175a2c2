import GTMAdapterKit
import GTMCore

/// Draws progress on the notes while a sync goes on; where nobody sits there, nothing.
struct ProgressWatch: Sendable {
    let console: Console

    /// Runs `work`, whose events are drawn.
    func following<Result: Sendable>(
        _ work: @Sendable (SyncProgress) async throws -> Result
    ) async throws -> Result {
        let progress = SyncProgress()
        async let drawing: Void = draw(progress)
        do {
            let result = try await work(progress)
            progress.finish()
            await drawing
            return result
        } catch {
            progress.finish()
            await drawing
            throw error
        }
    }

    /// Time between two drawings, at least.
    private static let pause: Duration = .milliseconds(80)
    /// Time between two notes of waits where nobody sits, at least.
    private static let notePause: Duration = .seconds(60)

    private func draw(_ progress: SyncProgress) async {
        let clock = ContinuousClock()
        let start = clock.now
        var line = ProgressLine(width: console.notes.width)
        var (drawn, last, noted) = (0, Duration?.none, Duration?.none)
        for await event in progress {
            let elapsed = start.duration(to: clock.now)
            var wait: Duration?
            if case .waiting(_, let duration, _) = event { wait = duration }
            guard let text = line.line(after: event, elapsed: elapsed) else { continue }
            guard console.notes.isTerminal else {
                // A log hears of waits that are worth a line.
                guard let wait, wait >= .seconds(1), noted.map({ elapsed - $0 >= Self.notePause }) ?? true else {
                    continue
                }
                noted = elapsed
                console.note(text)
                continue
            }
            guard wait != nil || last.map({ elapsed - $0 >= Self.pause }) ?? true else { continue }
            last = elapsed
            console.notes.write(erasing(drawn) + console.notes.palette.dim(text))
            drawn = TextWidth.of(text)
        }
        if last != nil { console.notes.write(erasing(drawn)) }
    }

    /// What wipes away a line of so many columns, which stands where the cursor is.
    private func erasing(_ columns: Int) -> String {
        if console.notes.hasColor { return "\r\u{1B}[2K" }
        return columns > 0 ? "\r" + String(repeating: " ", count: columns) + "\r" : ""
    }
}

extension SyncEvent {
    /// A wait of a client as something that happens in a sync.
    static func waiting(_ wait: ClientWait) -> SyncEvent {
        .waiting(
            wait.source, wait.duration,
            reason: wait.isRateLimit ? "as the server asks for fewer calls" : "to try again after a failed call")
    }
}
