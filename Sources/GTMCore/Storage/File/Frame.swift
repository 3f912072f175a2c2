/// What stands before a frame's payload: 40 bytes, all numbers little-endian.
///
/// | Bytes | Content |
/// |---|---|
/// | 0–3 | the marker `GTMJ` |
/// | 4 | version of the frame's format, 1 |
/// | 5 | kind of the payload |
/// | 6–7 | flags; bit 0: the payload is sealed; the others are 0 |
/// | 8–11 | id of the key of a sealed payload, 0 for none |
/// | 12–15 | length of the payload, up to 1 GiB |
/// | 16–23 | sequence of the first batch in the payload |
/// | 24–27 | number of batches in the payload |
/// | 28–31 | CRC-32C of the payload |
/// | 32–35 | reserved, 0 |
/// | 36–39 | CRC-32C of bytes 0–35 |
///
/// Both checksums begin with the store's salt, which nobody outside knows: a frame within a customer's text, copied
/// from whichever journal, is never taken for one of this store. A later version keeps marker, version and the
/// header's checksum where they are, so that this one can tell a newer frame from a damaged one.
package struct FrameHeader: Sendable, Hashable {
    /// What is peculiar to a payload.
    package struct Flags: OptionSet, Sendable, Hashable {
        package let rawValue: UInt16
        package init(rawValue: UInt16) { self.rawValue = rawValue }

        /// The payload is encrypted. Reserved.
        package static let sealed = Flags(rawValue: 1)
    }

    /// The header's length in bytes.
    package static let length = 40
    /// The longest payload in bytes.
    package static let maximumPayload = 1 << 30
    /// The version that is written and the highest that is read.
    package static let supportedVersion: UInt8 = 1
    private static let marker = UInt32(littleEndianText: "GTMJ")

    /// The version of the format.
    package private(set) var version = Self.supportedVersion
    /// What the payload is, for the store to say.
    package var kind: UInt8
    /// What is peculiar to the payload.
    package var flags: Flags
    /// The key of a sealed payload; 0 for none.
    package var keyID: UInt32
    /// The payload's length in bytes.
    package let payloadLength: Int
    /// The sequence of the first batch.
    package var sequence: UInt64
    /// How many batches there are; a frame that is none of the history, such as a note, has 0.
    package var batches: UInt32
    /// The payload's checksum.
    package let payloadChecksum: UInt32
    private var reserved: UInt32 = 0

    /// The sequence that the frame behind this one begins with.
    package var nextSequence: UInt64 { sequence &+ UInt64(batches) }

    /// Creates the header of a payload.
    fileprivate init(
        kind: UInt8, flags: Flags, keyID: UInt32, sequence: UInt64, batches: UInt32, payload: UnsafeRawBufferPointer,
        salt: UInt32
    ) {
        precondition(
            payload.count <= Self.maximumPayload,
            "the payload has \(payload.count) bytes; expected at most \(Self.maximumPayload)")
        self.kind = kind
        self.flags = flags
        self.keyID = keyID
        self.sequence = sequence
        self.batches = batches
        payloadLength = payload.count
        payloadChecksum = unsafe CRC32C.of(payload, seed: salt)
    }

    /// Reads a header whose marker and checksum fit, whatever else it says.
    ///
    /// - Parameters:
    ///   - bytes: Those from the header's beginning on.
    ///   - salt: The store's salt.
    package init(_ bytes: UnsafeRawBufferPointer, salt: UInt32) throws(FrameDefect) {
        guard bytes.count >= Self.length else { throw .shortHeader }
        guard unsafe bytes.littleEndian(at: 0) == Self.marker else { throw .noMarker }
        let checked = unsafe UnsafeRawBufferPointer(rebasing: bytes[..<36])
        guard unsafe bytes.littleEndian(at: 36) == CRC32C.of(checked, seed: salt) else { throw .headerChecksum }
        version = unsafe bytes.littleEndian(at: 4)
        kind = unsafe bytes.littleEndian(at: 5)
        flags = Flags(rawValue: unsafe bytes.littleEndian(at: 6))
        keyID = unsafe bytes.littleEndian(at: 8)
        payloadLength = Int(unsafe bytes.littleEndian(at: 12) as UInt32)
        sequence = unsafe bytes.littleEndian(at: 16)
        batches = unsafe bytes.littleEndian(at: 24)
        payloadChecksum = unsafe bytes.littleEndian(at: 28)
        reserved = unsafe bytes.littleEndian(at: 32)
    }

    /// Refuses what this version does not understand, rather than to guess at it.
    package func check() throws(JournalFault) {
        guard version == Self.supportedVersion, reserved == 0 else {
            throw .newerFormat(found: Int(version), supported: Int(Self.supportedVersion))
        }
        guard flags.isSubset(of: .sealed) else { throw .unknownFlags(flags.rawValue) }
        guard !flags.contains(.sealed) else { throw .sealed(key: keyID) }
        guard payloadLength <= Self.maximumPayload else { throw .tooLong(payloadLength) }
    }

    /// Whether these bytes are the payload.
    package func matches(_ payload: UnsafeRawBufferPointer, salt: UInt32) -> Bool {
        unsafe payload.count == payloadLength && CRC32C.of(payload, seed: salt) == payloadChecksum
    }

    /// The header's bytes.
    package func encoded(salt: UInt32) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.length)
        bytes.append(littleEndian: Self.marker)
        bytes.append(littleEndian: version)
        bytes.append(littleEndian: kind)
        bytes.append(littleEndian: flags.rawValue)
        bytes.append(littleEndian: keyID)
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: payloadLength))
        bytes.append(littleEndian: sequence)
        bytes.append(littleEndian: batches)
        bytes.append(littleEndian: payloadChecksum)
        bytes.append(littleEndian: reserved)
        bytes.append(littleEndian: CRC32C.of(bytes, seed: salt))
        return bytes
    }

    /// Whether a header may begin with these four bytes.
    static func mayBegin(with word: UInt32) -> Bool { word == marker }
}

/// One atomic unit of a journal: after a crash it is there as a whole or not at all.
package struct Frame: Sendable, Hashable {
    /// What the payload is, for the store to say.
    package var kind: UInt8
    /// What is peculiar to the payload.
    package var flags: FrameHeader.Flags
    /// The key of a sealed payload; 0 for none.
    package var keyID: UInt32
    /// The sequence of the first batch.
    package var sequence: UInt64
    /// How many batches there are.
    package var batches: UInt32
    /// The content, up to 1 GiB.
    package var payload: [UInt8]

    /// Creates a frame.
    package init(
        kind: UInt8, flags: FrameHeader.Flags = [], keyID: UInt32 = 0, sequence: UInt64, batches: UInt32 = 1,
        payload: [UInt8]
    ) {
        self.kind = kind
        self.flags = flags
        self.keyID = keyID
        self.sequence = sequence
        self.batches = batches
        self.payload = payload
    }

    /// Header and payload.
    package func encoded(salt: UInt32) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(FrameHeader.length + payload.count)
        bytes.append(contentsOf: header(salt: salt).encoded(salt: salt))
        bytes.append(contentsOf: payload)
        return bytes
    }

    private func header(salt: UInt32) -> FrameHeader {
        unsafe payload.withUnsafeBytes { payload in
            unsafe FrameHeader(
                kind: kind, flags: flags, keyID: keyID, sequence: sequence, batches: batches, payload: payload,
                salt: salt)
        }
    }

    /// Writes the header into bytes of which the first 40 were left free for it and the others are the payload, which
    /// so need not be copied.
    package static func complete(
        _ bytes: inout [UInt8], kind: UInt8, sequence: UInt64, batches: UInt32 = 1, salt: UInt32
    ) {
        precondition(bytes.count >= FrameHeader.length, "\(bytes.count) bytes leave no room for the header")
        let header = unsafe bytes.withUnsafeBytes { bytes in
            unsafe FrameHeader(
                kind: kind, flags: [], keyID: 0, sequence: sequence, batches: batches,
                payload: UnsafeRawBufferPointer(rebasing: bytes[FrameHeader.length...]), salt: salt)
        }
        bytes.replaceSubrange(..<FrameHeader.length, with: header.encoded(salt: salt))
    }

    /// Reads the frame at the beginning of some bytes; what follows it is left alone.
    ///
    /// - Throws: ``JournalFault/defect(_:)`` for what is no whole frame, another one for what must not be read.
    package static func decode(_ bytes: [UInt8], salt: UInt32) throws(JournalFault) -> Frame {
        let result = unsafe bytes.withUnsafeBytes { bytes in
            Result { () throws(JournalFault) in try unsafe decode(bytes, salt: salt) }
        }
        return try result.get()
    }

    private static func decode(_ bytes: UnsafeRawBufferPointer, salt: UInt32) throws(JournalFault) -> Frame {
        let header: FrameHeader
        do throws(FrameDefect) {
            header = try unsafe FrameHeader(bytes, salt: salt)
        } catch {
            throw .defect(error)
        }
        try header.check()
        guard bytes.count - FrameHeader.length >= header.payloadLength else { throw .defect(.shortPayload) }
        let payload = unsafe UnsafeRawBufferPointer(
            rebasing: bytes[FrameHeader.length..<FrameHeader.length + header.payloadLength])
        guard unsafe header.matches(payload, salt: salt) else { throw .defect(.payloadChecksum) }
        return unsafe Frame(
            kind: header.kind, flags: header.flags, keyID: header.keyID, sequence: header.sequence,
            batches: header.batches, payload: Array(payload))
    }
}

extension UInt32 {
    /// The number whose bytes, the lowest first, are those of a text of four letters.
    fileprivate init(littleEndianText text: StaticString) {
        self = unsafe UnsafeRawPointer(text.utf8Start).loadUnaligned(as: UInt32.self).littleEndian
    }
}
