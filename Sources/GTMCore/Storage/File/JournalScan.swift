/// Recovery: walks through a journal's frames and says where it ends and whether anything is missing.
///
/// Only one frame is ever on its way to the medium, so after a crash nothing but the last one can be in pieces. A bad
/// frame with a good one behind it therefore means that something was lost which had been acknowledged.
package struct JournalScan {
    /// How a journal ends.
    package enum Verdict: Sendable, Hashable {
        /// The last frame is whole; at most zeros follow, which were put there in advance.
        case clean(end: Int)
        /// What follows `end` is no whole frame and has none behind it: an append that a crash cut short. Cut it.
        case tornTail(end: Int, reason: FrameDefect)
        /// A bad or missing frame with good ones behind it. Nothing was changed and nothing may be: history is lost.
        ///
        /// - Parameters:
        ///   - at: Where the good part ends.
        ///   - expected: The first sequence that is missing; `nil` where none was known.
        ///   - reason: What is wrong there.
        ///   - next: Where the next good header stands.
        case damaged(at: Int, expected: UInt64?, reason: FrameDefect, next: Int)
    }

    /// What a scan found.
    package struct Outcome: Sendable, Hashable {
        /// How the journal ends.
        package var verdict: Verdict
        /// The sequence that the next frame has to begin with; `nil` where no frame was seen and none was expected.
        package var nextSequence: UInt64?
        /// How many frames are whole.
        package var frames: Int
        /// Where the last of them begins; `nil` where there is none.
        package var lastFrame: Int?

        /// Creates an outcome.
        package init(verdict: Verdict, nextSequence: UInt64?, frames: Int, lastFrame: Int?) {
            self.verdict = verdict
            self.nextSequence = nextSequence
            self.frames = frames
            self.lastFrame = lastFrame
        }

        /// Where the whole frames end.
        package var end: Int {
            switch verdict {
            case .clean(let end), .tornTail(let end, _), .damaged(let end, _, _, _): end
            }
        }
    }

    private let file: any StoreFile
    private let salt: UInt32
    private let start: Int
    private let firstSequence: UInt64?
    private let window: Int

    /// Prepares a scan.
    ///
    /// - Parameters:
    ///   - file: The journal.
    ///   - salt: The salt in its header.
    ///   - start: Where a frame begins; behind the header by default.
    ///   - sequence: What that frame begins with; `nil` where it is not known, and any will do.
    ///   - window: How many bytes are read at once. A longer frame gets a window of its own.
    package init(
        _ file: any StoreFile, salt: UInt32, from start: Int = JournalHeader.length, expecting sequence: UInt64?,
        window: Int = 4 << 20
    ) {
        self.file = file
        self.salt = salt
        self.start = start
        firstSequence = sequence
        self.window = max(window, 2 * FrameHeader.length)
    }

    /// Walks through the frames in order.
    ///
    /// - Parameter visit: Gets the offset, header and payload of each whole frame; the bytes are gone afterwards. What
    ///   it throws ends the scan.
    /// - Throws: ``FileFault`` for a file that cannot be read or ends before the start, ``JournalFault`` for a frame that is whole and must not
    ///   be read by this version.
    package func run(
        _ visit: (_ offset: Int, _ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws -> Void
    ) throws -> Outcome {
        let size = try uninterrupted { () throws(FileFault) in try file.size() }
        guard size >= start else { throw FileFault(.endOfFile, .read, file.name) }
        var view = WindowedFile(file, size: size, window: window)
        var offset = start
        var expected = firstSequence
        var frames = 0
        var lastFrame: Int?
        var doubtful: Int?
        while true {
            let defect: FrameDefect
            do throws(ScanStop) {
                let header = try header(at: offset, expected, &view)
                let bytes = try load(&view, offset, FrameHeader.length + header.payloadLength)
                guard bytes == FrameHeader.length + header.payloadLength else { throw .defect(.shortPayload) }
                let payload = unsafe UnsafeRawBufferPointer(
                    rebasing: view.bytes(at: offset, bytes)[FrameHeader.length...])
                guard unsafe header.matches(payload, salt: salt) else { throw .defect(.payloadChecksum) }
                do { try unsafe visit(offset, header, payload) } catch { throw .failure(error) }
                lastFrame = offset
                offset += bytes
                expected = header.nextSequence
                frames += 1
                continue
            } catch {
                switch error {
                case .defect(let found): defect = found
                case .failure(let failure): throw failure
                }
            }
            let verdict = try verdict(at: offset, defect, expected, &view)
            // Where another process writes, a later frame can be seen before an earlier one: a second look tells.
            if case .damaged = verdict, doubtful != offset {
                doubtful = offset
                view.forget()
                continue
            }
            return Outcome(verdict: verdict, nextSequence: expected, frames: frames, lastFrame: lastFrame)
        }
    }

    private enum ScanStop: Error {
        case defect(FrameDefect)
        case failure(any Error)
    }

    private func load(_ view: inout WindowedFile, _ offset: Int, _ count: Int) throws(ScanStop) -> Int {
        do throws(FileFault) { return try view.load(offset, count) } catch { throw .failure(error) }
    }

    private func header(
        at offset: Int, _ expected: UInt64?, _ view: inout WindowedFile
    ) throws(ScanStop) -> FrameHeader {
        let available = try load(&view, offset, FrameHeader.length)
        let header: FrameHeader
        do throws(FrameDefect) {
            header = try unsafe FrameHeader(view.bytes(at: offset, available), salt: salt)
        } catch {
            throw .defect(error)
        }
        do throws(JournalFault) { try header.check() } catch { throw .failure(error) }
        if let expected, header.sequence != expected { throw .defect(.sequence(found: header.sequence)) }
        // Known before anything is read, so that no damaged file makes the scan ask for memory it does not need.
        guard header.payloadLength <= view.size - offset - FrameHeader.length else { throw .defect(.shortPayload) }
        return header
    }

    /// What it means that no whole frame that belongs there stands at an offset.
    private func verdict(
        at offset: Int, _ defect: FrameDefect, _ expected: UInt64?, _ view: inout WindowedFile
    ) throws(FileFault) -> Verdict {
        // A whole frame with a later sequence: those before it are missing.
        if case .sequence(let found) = defect, let expected, found > expected {
            return .damaged(at: offset, expected: expected, reason: defect, next: offset)
        }
        var position = offset
        var isZero = true
        while true {
            let count = try view.load(position, window)
            if count == 0 { break }
            let bytes = unsafe view.bytes(at: position, count)
            if isZero { isZero = unsafe bytes.isZero }
            // The bad frame itself is not the next one.
            let from = position == offset ? 1 : 0
            if !isZero, let next = unsafe laterFrame(in: bytes, from: from, expected) {
                return .damaged(at: offset, expected: expected, reason: defect, next: position + next)
            }
            if count < window { break }
            // A header may begin in this window and end in the next.
            position += count - (FrameHeader.length - 1)
        }
        return isZero ? .clean(end: offset) : .tornTail(end: offset, reason: defect)
    }

    /// Where the first whole header with a sequence not below the expected one begins.
    private func laterFrame(in bytes: UnsafeRawBufferPointer, from first: Int, _ expected: UInt64?) -> Int? {
        var position = first
        while position + FrameHeader.length <= bytes.count {
            let word: UInt64 = unsafe bytes.littleEndian(at: position)
            // No marker begins among eight zeros.
            if word == 0 {
                position += 8
                continue
            }
            if FrameHeader.mayBegin(with: UInt32(truncatingIfNeeded: word)) {
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[position...])
                // Bytes that only look like a header are passed over like any others.
                if let header = try? unsafe FrameHeader(rest, salt: salt), header.sequence >= expected ?? 0 {
                    return position
                }
            }
            position += 1
        }
        return nil
    }
}

/// A file that is read piece by piece, each at least as long as asked for where the file is.
@safe private struct WindowedFile: ~Copyable {
    private let file: any StoreFile
    private let window: Int
    /// Where the file ends; smaller than it was at first where the file was cut meanwhile.
    private(set) var size: Int
    private var buffer: UnsafeMutableRawBufferPointer
    private var start = 0
    private var count = 0

    init(_ file: any StoreFile, size: Int, window: Int) {
        self.file = file
        self.size = size
        self.window = window
        unsafe buffer = .allocate(byteCount: min(window, max(1, size)), alignment: 16)
    }

    deinit { unsafe buffer.deallocate() }

    /// Makes bytes available.
    ///
    /// - Returns: How many there are: fewer than asked for where the file ends.
    mutating func load(_ offset: Int, _ wanted: Int) throws(FileFault) -> Int {
        let wanted = max(0, min(wanted, size - offset))
        if wanted == 0 { return 0 }
        if offset >= start, offset + wanted <= start + count { return wanted }
        let capacity = max(wanted, min(window, size))
        if unsafe buffer.count < capacity || buffer.count > max(window, wanted) {
            unsafe buffer.deallocate()
            unsafe buffer = .allocate(byteCount: capacity, alignment: 16)
        }
        start = offset
        count = 0
        let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, size - offset)])
        count = try unsafe file.readUpTo(room, at: offset)
        if count < room.count { size = offset + count }
        return min(wanted, count)
    }

    /// Sees to it that what is asked for next is read again.
    mutating func forget() { count = 0 }

    /// Bytes that were made available last; they are gone with the next ones.
    @unsafe func bytes(at offset: Int, _ count: Int) -> UnsafeRawBufferPointer {
        guard count > 0 else { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
        return unsafe UnsafeRawBufferPointer(rebasing: buffer[offset - start..<offset - start + count])
    }
}

extension UnsafeRawBufferPointer {
    /// Whether all bytes are zero.
    fileprivate var isZero: Bool {
        var position = 0
        while position + 8 <= count {
            if unsafe loadUnaligned(fromByteOffset: position, as: UInt64.self) != 0 { return false }
            position += 8
        }
        return unsafe self[position...].allSatisfy { $0 == 0 }
    }
}
