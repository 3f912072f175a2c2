/// A journal that cannot be read or written as it is.
package enum JournalFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file does not begin as a journal does.
    case notAJournal(file: String)
    /// The file begins as a journal does, and its header's checksum does not fit.
    case damagedHeader(file: String)
    /// The file or frame was written by a version that this one is too old for.
    case newerFormat(found: Int, supported: Int)
    /// A frame has flags that this version knows nothing of.
    case unknownFlags(UInt16)
    /// A frame is sealed, which this version cannot open; with the id of the key.
    case sealed(key: UInt32)
    /// A payload is longer than a frame takes.
    case tooLong(Int)
    /// These bytes are no whole frame.
    case defect(FrameDefect)
    /// Nothing was appended, and the same can be tried again.
    case notWritten(FileFault)
    /// A sync failed, so that nobody knows what is on the medium; nothing is appended any more.
    case poisoned(FileFault)
    /// The writer was finished before.
    case finished

    package var description: String {
        switch self {
        case .notAJournal(let file): "'\(file)' is no journal; check the path"
        case .damagedHeader(let file): "the header of '\(file)' is damaged; restore the file from a copy"
        case .newerFormat(let found, let supported):
            "written in format \(found), and this version reads up to \(supported); update the library"
        case .unknownFlags(let flags):
            "a frame has the unknown flags 0x\(String(flags, radix: 16)); it was written by a newer version"
        case .sealed(let key): "a frame is sealed with key \(key), which this version cannot open"
        case .tooLong(let length): "a payload has \(length) bytes; expected at most \(FrameHeader.maximumPayload)"
        case .defect(let defect): defect.description
        case .notWritten(let fault): "nothing was written: \(fault)"
        case .poisoned(let fault): "closed for writing after a failed sync (\(fault)); open the store again"
        case .finished: "closed for writing"
        }
    }
}

/// Why bytes are no whole frame.
package enum FrameDefect: Error, Sendable, Hashable, CustomStringConvertible {
    /// Fewer bytes are left than a header has.
    case shortHeader
    /// The marker is missing.
    case noMarker
    /// The header's checksum does not fit.
    case headerChecksum
    /// The payload runs past the end of the file.
    case shortPayload
    /// The payload's checksum does not fit.
    case payloadChecksum
    /// The frame is whole, and another one belongs here.
    case sequence(found: UInt64)

    package var description: String {
        switch self {
        case .shortHeader: "the file ends within a frame's header"
        case .noMarker: "no frame begins here"
        case .headerChecksum: "the checksum of a frame's header does not fit"
        case .shortPayload: "the file ends within a frame's payload"
        case .payloadChecksum: "the checksum of a frame's payload does not fit"
        case .sequence(let found): "a frame begins with batch \(found), which does not follow the one before"
        }
    }
}
