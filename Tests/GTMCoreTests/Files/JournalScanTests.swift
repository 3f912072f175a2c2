import GTMCore
import Testing

@Suite("Journal scan") struct JournalScanTests {
    private let written = frames([100, 0, 333, 60])
    private var starts: [Int] {
        written.reduce(into: [JournalHeader.length]) {
            $0.append(($0.last ?? 0) + FrameHeader.length + $1.payload.count)
        }
    }

    @Test("Frames come in order with their offsets, whatever the window", arguments: [80, 81, 150, 512, 4096])
    func walks(window: Int) throws {
        let scanned = try Scanned(journal(written), window: window)
        #expect(scanned.frames == written)
        #expect(scanned.offsets == Array(starts.dropLast()))
        #expect(
            scanned.outcome
                == .init(verdict: .clean(end: starts[4]), nextSequence: 5, frames: 4, lastFrame: starts[3]))
    }

    @Test("A journal without frames is clean", arguments: [0, 1, 39, 40, 41, 5000])
    func empty(zeros: Int) throws {
        let outcome = try Scanned(journal([], tail: .init(repeating: 0, count: zeros))).outcome
        #expect(outcome == .init(verdict: .clean(end: 64), nextSequence: 1, frames: 0, lastFrame: nil))
    }

    @Test(
        "Zeros behind the last frame are clean", arguments: [1, 7, 39, 40, 41, 79, 80, 4095, 4096, 9000], [80, 4096])
    func zeroTail(zeros: Int, window: Int) throws {
        let scanned = try Scanned(journal(written, tail: .init(repeating: 0, count: zeros)), window: window)
        #expect(scanned.outcome.verdict == .clean(end: starts[4]))
    }

    @Test("A frame torn at any byte is a torn tail, with zeros behind it or without", arguments: [80, 4096], [0, 100])
    func tornTail(window: Int, zeros: Int) throws {
        let bytes = journal(written)
        for count in starts[3] + 1..<starts[4] {
            var cut = Array(bytes[..<count])
            cut.append(contentsOf: repeatElement(0, count: zeros))
            // A frame whose last bytes happen to be zeros would be whole.
            guard !Array(bytes[count...]).allSatisfy({ $0 == 0 }) || zeros == 0 else { continue }
            let scanned = try Scanned(cut, window: window)
            #expect(scanned.frames == Array(written[..<3]))
            guard case .tornTail(end: starts[3], let reason) = scanned.outcome.verdict else {
                Issue.record("\(count): \(scanned.outcome)")
                continue
            }
            let length = cut.count - starts[3]
            if length < FrameHeader.length { #expect(reason == .shortHeader) }
            if count - starts[3] >= FrameHeader.length, zeros == 0 { #expect(reason == .shortPayload) }
        }
    }

    @Test("Garbage behind the last frame is a torn tail, wherever it stands", arguments: [0, 1, 39, 40, 41, 200, 5000])
    func garbageTail(zeros: Int) throws {
        let tail = [UInt8](repeating: 0, count: zeros) + Array("GTMJ and what looks like nothing".utf8)
        for window in [80, 4096] {
            let scanned = try Scanned(journal(written, tail: tail), window: window)
            #expect(scanned.frames == written)
            guard case .tornTail(end: starts[4], _) = scanned.outcome.verdict else {
                Issue.record("\(scanned.outcome)")
                continue
            }
        }
    }

    @Test("Any bit turned round in the middle is damage, with the place where it goes on", arguments: [80, 4096])
    func damagedMiddle(window: Int) throws {
        let bytes = journal(written)
        // Of the third frame, each byte; of the one without payload, whose neighbour is the third, too.
        for position in starts[1]..<starts[3] {
            var damaged = bytes
            damaged[position] ^= 1 << UInt8(position % 8)
            let bad = position < starts[2] ? 1 : 2
            let scanned = try Scanned(damaged, window: window)
            #expect(scanned.frames == Array(written[..<bad]))
            guard
                case .damaged(at: starts[bad], expected: UInt64(bad + 1), _, next: starts[bad + 1]) =
                    scanned.outcome.verdict
            else {
                Issue.record("\(position): \(scanned.outcome)")
                continue
            }
            #expect(scanned.outcome.nextSequence == UInt64(bad + 1))
        }
    }

    @Test("Damage is found although the next frame is torn itself, since its header proves that there was one")
    func damageBeforeTornTail() throws {
        var bytes = journal(written)
        bytes[starts[2] + 50] ^= 1
        bytes.removeLast()
        let verdict = try Scanned(bytes).outcome.verdict
        #expect(verdict == .damaged(at: starts[2], expected: 3, reason: .payloadChecksum, next: starts[3]))
    }

    @Test("Frames wiped out by zeros are damage and no clean end", arguments: [80, 4096])
    func wipedMiddle(window: Int) throws {
        var bytes = journal(written)
        for position in starts[1]..<starts[3] { bytes[position] = 0 }
        let verdict = try Scanned(bytes, window: window).outcome.verdict
        #expect(verdict == .damaged(at: starts[1], expected: 2, reason: .noMarker, next: starts[3]))
    }

    @Test("A missing frame is damage, an old one behind the end is a torn tail") func sequences() throws {
        let missing = journal([written[0], written[1], written[3]])
        #expect(
            try Scanned(missing).outcome.verdict
                == .damaged(at: starts[2], expected: 3, reason: .sequence(found: 4), next: starts[2]))
        let old = journal([written[0], written[1], written[0]])
        #expect(
            try Scanned(old).outcome.verdict == .tornTail(end: starts[2], reason: .sequence(found: 1)))
        let first = try Scanned(journal([written[1]]), expecting: 1).outcome
        #expect(first.verdict == .damaged(at: 64, expected: 1, reason: .sequence(found: 2), next: 64))
        #expect(try Scanned(journal([written[1]]), expecting: nil).frames == [written[1]])
    }

    @Test("Several batches in a frame count, and a frame without any counts nothing") func countsBatches() throws {
        let frames = [
            Frame(kind: 1, sequence: 1, batches: 3, payload: [1]), Frame(kind: 2, sequence: 4, batches: 0, payload: []),
            Frame(kind: 1, sequence: 4, batches: 2, payload: [2]),
        ]
        let scanned = try Scanned(journal(frames))
        #expect(scanned.frames == frames)
        #expect(scanned.outcome.nextSequence == 6)
    }

    @Test("A frame within a customer's text is no frame, unless it has the store's own salt", arguments: [80, 4096])
    func lookAlike(window: Int) throws {
        // Even one with the salt is none that is missing where it is older than what is expected.
        for (other, sequence, isFrame) in [(salt ^ 1, 99, false), (0, 99, false), (salt, 1, false), (salt, 99, true)]
            as [(UInt32, UInt64, Bool)]
        {
            let inner = Frame(kind: 1, sequence: sequence, payload: payload(50, 20)).encoded(salt: other)
            let text = Array("Look: ".utf8) + inner + Array(" and".utf8) + payload(51, 300)
            let frames = [written[0], Frame(kind: 1, sequence: 2, payload: text)]
            #expect(try Scanned(journal(frames), window: window).frames == frames)
            // Torn after the look-alike: only the salt tells whether anything follows.
            let torn = Array(journal(frames).dropLast(10))
            let verdict = try Scanned(torn, window: window).outcome.verdict
            let place = starts[1] + FrameHeader.length + 6
            if isFrame {
                #expect(
                    verdict == .damaged(at: starts[1], expected: 2, reason: .shortPayload, next: place))
            } else {
                #expect(verdict == .tornTail(end: starts[1], reason: .shortPayload))
            }
        }
    }

    @Test("A later frame is found wherever it stands in the windows") func findsAcrossWindows() throws {
        for gap in 1...200 {
            let bytes =
                journal([written[0]]) + [UInt8](repeating: 0x47, count: gap)
                + Frame(kind: 1, sequence: 7, payload: [1]).encoded(salt: salt)
            let verdict = try Scanned(bytes, window: 97).outcome.verdict
            guard case .damaged(at: starts[1], expected: 2, _, next: starts[1] + gap) = verdict else {
                Issue.record("\(gap): \(verdict)")
                continue
            }
        }
    }

    @Test("Memory is bounded by the window and the longest frame, whatever a header claims") func boundedMemory() throws
    {
        let disk = SimulatedDisk()
        let claim = Frame(kind: 1, sequence: 2, payload: []).encoded(salt: salt)
            .withHeader(12, [0, 0, 0, 0x40], salt: salt)
        disk.install(journal([written[0]], tail: claim + payload(8, 100_000)), at: "/journal")
        let scanned = try Scanned(disk.open("/journal", .read), window: 4096)
        #expect(scanned.outcome.verdict == .tornTail(end: starts[1], reason: .shortPayload))
        #expect(disk.largestRead == 4096)
    }

    @Test("A file that ends before the start is a failure and no clean end") func startBeyondEnd() throws {
        let disk = SimulatedDisk()
        disk.install(journal(written), at: "/journal")
        let file = try disk.open("/journal", .read)
        #expect(throws: FileFault(.endOfFile, .read, "journal")) {
            try unsafe JournalScan(file, salt: salt, from: starts[4] + 1, expecting: 5).run { _, _, _ in }
        }
        let outcome = try unsafe JournalScan(file, salt: salt, from: starts[4], expecting: 5).run { _, _, _ in }
        #expect(outcome == .init(verdict: .clean(end: starts[4]), nextSequence: 5, frames: 0, lastFrame: nil))
    }

    @Test("A failing read and an error of the visitor end the scan; an interrupted and a short read do not")
    func failures() throws {
        struct Enough: Error {}
        let disk = SimulatedDisk()
        disk.install(journal(written), at: "/journal")
        let file = try disk.open("/journal", .read)
        #expect(throws: Enough.self) {
            try unsafe JournalScan(file, salt: salt, expecting: 1).run { _, _, _ in throw Enough() }
        }
        disk.plan(.fails(.io), at: disk.calls + 2)
        #expect(throws: FileFault(.io, .read, "journal")) { try Scanned(file) }
        disk.plan(.short(30), at: disk.calls + 2)
        disk.plan(.fails(.interrupted), at: disk.calls + 3, times: 5)
        #expect(try Scanned(file).frames == written)
    }
}
