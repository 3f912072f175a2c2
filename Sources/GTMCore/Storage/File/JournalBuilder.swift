#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Writes a journal anew: versions of records, tables, summaries. Nobody reads it before it is finished.
struct JournalBuilder {
    private let file: any StoreFile
    private let header: JournalHeader
    private var frame = [UInt8](repeating: 0, count: FrameHeader.length)
    private var offset = JournalHeader.length
    /// How many versions were added.
    private(set) var versions = 0

    /// Bytes of versions in one frame.
    private static let frameSize = 4 << 20

    /// Begins a journal in an empty file.
    init(_ file: any StoreFile, _ header: JournalHeader) throws(FileFault) {
        self.file = file
        self.header = header
        try file.write(header.encoded, at: 0)
    }

    /// Adds a version.
    ///
    /// - Parameter previous: Where the version of the same record that arrived before it was put; 0 for the first.
    /// - Returns: Where this one was put.
    mutating func add(
        _ body: some Collection<UInt8>, sequence: UInt64, recordedAt: Date, previous: UInt64
    ) throws(FileFault) -> UInt64 {
        if frame.count > Self.frameSize { try ship(ImagePayload.versionsKind) }
        let place = UInt64(offset + frame.count)
        VersionEntry.append(
            body, sequence: sequence, recordedAt: recordedAt, previous: previous, at: place, salt: header.salt,
            to: &frame)
        versions += 1
        return place
    }

    /// Adds tables and summaries, and waits until everything is on the medium.
    ///
    /// - Returns: Where the journal ends.
    mutating func finish(_ tables: StoreTables, _ summaries: SummaryTable) throws(FileFault) -> Int {
        if frame.count > FrameHeader.length { try ship(ImagePayload.versionsKind) }
        BinaryForm.append(tables, to: &frame)
        try ship(ImagePayload.tablesKind)
        for image in summaries.images(of: 4096) {
            BinaryForm.append(image, to: &frame)
            try ship(ImagePayload.summariesKind)
        }
        try file.sync()
        return offset
    }

    private mutating func ship(_ kind: UInt8) throws(FileFault) {
        Frame.complete(&frame, kind: kind, sequence: header.firstSequence, batches: 0, salt: header.salt)
        try file.write(frame, at: offset)
        offset += frame.count
        frame.removeAll(keepingCapacity: true)
        frame.append(contentsOf: repeatElement(0, count: FrameHeader.length))
    }
}
