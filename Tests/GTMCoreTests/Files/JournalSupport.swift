import GTMCore

/// A store's salt.
let salt: UInt32 = 0x5EED_CAFE

/// A payload of so many bytes that no other number gives.
func payload(_ number: Int, _ count: Int) -> [UInt8] {
    var random = SplitMix(seed: UInt64(number))
    return (0..<count).map { _ in .random(in: 0...255, using: &random) }
}

/// Frames one after the other, of the given lengths of payload, the first with sequence 1.
func frames(_ lengths: [Int]) -> [Frame] {
    lengths.enumerated().map { Frame(kind: 1, sequence: UInt64($0 + 1), payload: payload($0, $1)) }
}

let journalHeader = {
    let id = [UInt8](0..<16)
    return JournalHeader(salt: salt, storeID: id, generation: 3, firstSequence: 1, createdAt: epoch)
}()

/// A journal's bytes.
func journal(_ frames: [Frame], tail: [UInt8] = []) -> [UInt8] {
    journalHeader.encoded + frames.flatMap { $0.encoded(salt: salt) } + tail
}

/// What a scan finds, with the frames that it gave.
struct Scanned: Equatable {
    var frames: [Frame] = []
    var offsets: [Int] = []
    var outcome: JournalScan.Outcome

    init(_ file: any StoreFile, window: Int = 4096, expecting sequence: UInt64? = 1) throws {
        var frames: [Frame] = []
        var offsets: [Int] = []
        outcome = try unsafe JournalScan(file, salt: salt, expecting: sequence, window: window).run {
            offset, header, payload in
            offsets.append(offset)
            unsafe frames.append(
                Frame(
                    kind: header.kind, flags: header.flags, keyID: header.keyID, sequence: header.sequence,
                    batches: header.batches, payload: Array(payload)))
        }
        self.frames = frames
        self.offsets = offsets
    }

    init(_ bytes: [UInt8], window: Int = 4096, expecting sequence: UInt64? = 1) throws {
        let disk = SimulatedDisk()
        disk.install(bytes, at: "/journal")
        try self.init(disk.open("/journal", .read), window: window, expecting: sequence)
    }
}

extension [UInt8] {
    /// The bytes of a frame's header with a part replaced and the checksum made anew.
    func withHeader(_ offset: Int, _ replacement: [UInt8], salt: UInt32) -> [UInt8] {
        var bytes = self
        bytes.replaceSubrange(offset..<offset + replacement.count, with: replacement)
        bytes.replace(at: 36, littleEndian: CRC32C.of(Array(bytes[..<36]), seed: salt))
        return bytes
    }
}
