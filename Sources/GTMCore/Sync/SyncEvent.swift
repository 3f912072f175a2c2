/// Something that happens while sources are read, for whoever watches.
public enum SyncEvent: Sendable {
    /// A run over a source begins.
    case started(SourceID, SyncRun.Mode)
    /// A page was stored: records seen of the stream so far, and how many the source says there are.
    case page(StreamKey, seen: Int, total: Int?)
    /// A stream has been read as far as it could be.
    case stream(SourceID, StreamReceipt)
    /// The engine waits before it asks the source again.
    case waiting(SourceID, Duration, reason: String)
    /// Customers are being assessed: how many are done.
    case assessing(done: Int, total: Int)
    /// A run has ended.
    case finished(SyncRun)
}

/// The events of one sync, in their order, to be looped over while it goes on.
///
/// Make one, hand it to ``GTMEngine/sync(_:progress:)`` and loop over it from another task; the loop ends with the
/// sync. Events that nobody fetches are kept.
public struct SyncProgress: AsyncSequence, Sendable {
    public typealias Element = SyncEvent

    private let stream: AsyncStream<SyncEvent>
    private let continuation: AsyncStream<SyncEvent>.Continuation

    /// Creates an empty sequence of events.
    public init() {
        (stream, continuation) = AsyncStream.makeStream(of: SyncEvent.self)
    }

    /// Tells whoever watches.
    public func report(_ event: SyncEvent) { continuation.yield(event) }

    /// Ends the sequence.
    public func finish() { continuation.finish() }

    public func makeAsyncIterator() -> AsyncStream<SyncEvent>.AsyncIterator { stream.makeAsyncIterator() }
}
