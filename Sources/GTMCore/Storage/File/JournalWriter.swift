import Synchronization

/// Appends frames to a journal, one after the other, each of them safe once the call returns.
///
/// Space is filled with zeros in advance, so that most syncs need not write the file's size as well. One frame at a time
/// is on its way to the medium; ``JournalScan`` relies on it. Many callers share a frame rather than write one each.
package final class JournalWriter: Sendable {
    private enum Condition {
        case open
        case poisoned(FileFault)
        case finished
    }

    private struct State {
        var condition = Condition.open
        var end: Int
        var nextSequence: UInt64
        /// How far the file is known to be filled; from ``end`` on with zeros.
        var filled: Int
        /// Whether a failed write may have left something behind ``end``.
        var isDirty = false
    }

    private static let zeros = [UInt8](repeating: 0, count: 64 << 10)

    private let file: any StoreFile
    private let salt: UInt32
    private let state: Mutex<State>
    private let safeEnd: Atomic<Int>

    /// Prepares to append; what the file has behind the end is cut off, and the rest made safe.
    ///
    /// - Parameters:
    ///   - file: The journal, open for writing.
    ///   - salt: The salt in its header.
    ///   - end: Where the last whole frame ends, as a scan found it.
    ///   - nextSequence: What the next frame begins with.
    ///   - lastFrame: Where the last whole frame begins; `nil` where there is none, or where it is known to be safe.
    package init(
        _ file: any StoreFile, salt: UInt32, end: Int, nextSequence: UInt64, lastFrame: Int?
    ) throws(FileFault) {
        let size = try uninterrupted { () throws(FileFault) in try file.size() }
        guard size >= end else { throw FileFault(.endOfFile, .write, file.name) }
        if size > end { try uninterrupted { () throws(FileFault) in try file.truncate(to: end) } }
        // The process before may have ended between writing a frame and its sync, or after a sync that failed. The
        // system then shows a frame that is not on the medium, and may even hold it for written.
        var position = lastFrame ?? end
        while position < end {
            let piece = try file.read(exactly: min(1 << 20, end - position), at: position)
            try file.write(piece, at: position)
            position += piece.count
        }
        try file.sync()
        self.file = file
        self.salt = salt
        state = Mutex(State(end: end, nextSequence: nextSequence, filled: end))
        safeEnd = Atomic(end)
    }

    /// Prepares to append where a scan found the end.
    ///
    /// - Parameters:
    ///   - file: The journal, open for writing.
    ///   - header: Its header.
    ///   - scan: What the scan found; not that the journal is damaged.
    package convenience init(
        _ file: any StoreFile, header: JournalHeader, after scan: JournalScan.Outcome
    ) throws(FileFault) {
        if case .damaged = scan.verdict { preconditionFailure("a damaged journal must not be written") }
        try self.init(
            file, salt: header.salt, end: scan.end, nextSequence: scan.nextSequence ?? header.firstSequence,
            lastFrame: scan.lastFrame)
    }

    /// Where the last frame that is safe ends; never waits for one that is being written.
    package var end: Int { safeEnd.load(ordering: .acquiring) }

    /// Why nothing can be appended any more; `nil` as long as it can.
    package var fault: JournalFault? {
        state.withLock { state in
            switch state.condition {
            case .open: nil
            case .poisoned(let fault): .poisoned(fault)
            case .finished: .finished
            }
        }
    }

    /// Appends a frame and waits until it is on the medium.
    ///
    /// After ``JournalFault/notWritten(_:)`` nothing was appended, and the same or another frame can be tried. A crash
    /// before the next success can still bring the frame to light, like any whose fate was not told.
    ///
    /// - Returns: The offset at which the frame begins.
    /// - Throws: ``JournalFault``.
    @discardableResult
    package func append(_ frame: Frame) throws(JournalFault) -> Int {
        guard frame.payload.count <= FrameHeader.maximumPayload else { throw .tooLong(frame.payload.count) }
        return try append(encoded: frame.encoded(salt: salt))
    }

    /// Appends a frame that was encoded with the journal's salt; otherwise as ``append(_:)``.
    @discardableResult
    package func append(encoded bytes: [UInt8]) throws(JournalFault) -> Int {
        let header: FrameHeader
        do throws(FrameDefect) {
            header = try unsafe bytes.withUnsafeBytes { bytes in
                Result { () throws(FrameDefect) in try unsafe FrameHeader(bytes, salt: salt) }
            }.get()
        } catch {
            throw .defect(error)
        }
        return try state.withLock { (state) throws(JournalFault) in
            switch state.condition {
            case .open: break
            case .poisoned(let fault): throw .poisoned(fault)
            case .finished: throw .finished
            }
            // A gap in the sequence reads as lost history later on.
            precondition(
                header.sequence == state.nextSequence,
                "the frame begins with batch \(header.sequence); expected \(state.nextSequence)")
            do throws(FileFault) { try write(bytes, &state) } catch { throw .notWritten(error) }
            do throws(FileFault) {
                try file.sync()
            } catch {
                // The system may have dropped what it could not write, and says so only once.
                state.condition = .poisoned(error)
                throw .poisoned(error)
            }
            let offset = state.end
            state.end += bytes.count
            state.nextSequence = header.nextSequence
            safeEnd.store(state.end, ordering: .releasing)
            return offset
        }
    }

    private func write(_ bytes: [UInt8], _ state: inout State) throws(FileFault) {
        if state.isDirty { try clean(&state) }
        do throws(FileFault) {
            try file.write(bytes, at: state.end)
        } catch {
            state.isDirty = true
            // At once if possible, since on a full disk others wait for the space.
            try? clean(&state)
            throw error
        }
        let end = state.end + bytes.count
        if end > state.filled {
            state.filled = end
            fill(&state)
        }
    }

    private func clean(_ state: inout State) throws(FileFault) {
        try uninterrupted { () throws(FileFault) in try file.truncate(to: state.end) }
        state.filled = state.end
        state.isDirty = false
    }

    /// Fills the space for the next frames. A failure costs time later and nothing else: the frame itself is written.
    private func fill(_ state: inout State) {
        let step = max(64 << 10, min(4 << 20, state.filled / 8))
        let goal = (state.filled + step + 4095) / 4096 * 4096
        while state.filled < goal {
            let count = min(Self.zeros.count, goal - state.filled)
            do throws(FileFault) {
                try unsafe Self.zeros.withUnsafeBytes { zeros in
                    Result { () throws(FileFault) in
                        try unsafe file.write(UnsafeRawBufferPointer(rebasing: zeros[..<count]), at: state.filled)
                    }
                }.get()
            } catch {
                return
            }
            state.filled += count
        }
    }

    /// Gives the space back that was filled in advance; nothing can be appended afterwards.
    ///
    /// - Throws: ``JournalFault/notWritten(_:)`` where that failed; all frames are safe nevertheless.
    package func finish() throws(JournalFault) {
        try state.withLock { (state) throws(JournalFault) in
            switch state.condition {
            case .open: break
            case .poisoned(let fault): throw .poisoned(fault)
            case .finished: return
            }
            do throws(FileFault) {
                try clean(&state)
                try file.sync()
            } catch {
                throw .notWritten(error)
            }
            state.condition = .finished
        }
    }
}
