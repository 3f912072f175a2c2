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

    private func draw(_ progress: SyncProgress) async {
        let clock = ContinuousClock()
        let start = clock.now
        var line = ProgressLine(width: console.notes.width)
        var (drawn, last) = (0, Duration?.none)
        for await event in progress {
            guard console.notes.isTerminal else { continue }
            let elapsed = start.duration(to: clock.now)
            let isNews = if case .waiting = event { true } else { false }
            guard let text = line.line(after: event, elapsed: elapsed),
                isNews || last.map({ elapsed - $0 >= Self.pause }) ?? true
            else { continue }
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

/// A transport that tells whoever watches of answers that ask for fewer calls; it changes nothing.
struct WatchedTransport: HTTPTransport {
    let base: any HTTPTransport
    let source: SourceID
    let report: @Sendable (SyncEvent) -> Void

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let response = try await base.send(request)
        if response.status == 429 {
            let seconds = response.headers["Retry-After"].flatMap { Int64($0) } ?? 10
            report(.waiting(source, .seconds(max(1, min(seconds, 3600))), reason: "as the server asks for fewer calls"))
        }
        return response
    }
}
