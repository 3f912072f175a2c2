#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif

/// What a journal's file begins with: 64 bytes, all numbers little-endian.
///
/// | Bytes | Content |
/// |---|---|
/// | 0–7 | `GTMJRNL` and a line feed |
/// | 8–9 | version of the format, 1 |
/// | 10–11 | the lowest version whose readers understand the file |
/// | 12–15 | the salt of all checksums of frames |
/// | 16–31 | id of the store |
/// | 32–39 | generation of the journal, counted up when it is written anew |
/// | 40–47 | sequence of the first batch that is to follow |
/// | 48–55 | time of creation in seconds since 2001-01-01 UTC, as a 64-bit floating-point number |
/// | 56–59 | reserved, 0 |
/// | 60–63 | CRC-32C of bytes 0–59, without the salt |
package struct JournalHeader: Sendable, Hashable {
    /// The header's length in bytes, and so the offset of the first frame.
    package static let length = 64
    /// The version that is written and the highest that is read.
    package static let supportedVersion: UInt16 = 1
    private static let magic = Array("GTMJRNL\n".utf8)

    /// The version of the format that wrote the file.
    package var version = Self.supportedVersion
    /// The lowest version whose readers understand the file.
    package var minimumReader: UInt16 = 1
    /// The salt of all checksums of frames, drawn at random for each journal.
    package var salt: UInt32
    /// The id of the store, 16 bytes.
    package var storeID: [UInt8]
    /// The generation of the journal.
    package var generation: UInt64
    /// The sequence of the first batch that is to follow.
    package var firstSequence: UInt64
    /// When the journal was made.
    package var createdAt: Date

    /// Creates the header of a journal of the current version.
    package init(salt: UInt32, storeID: [UInt8], generation: UInt64, firstSequence: UInt64, createdAt: Date) {
        precondition(storeID.count == 16, "the store's id has \(storeID.count) bytes; expected 16")
        self.salt = salt
        self.storeID = storeID
        self.generation = generation
        self.firstSequence = firstSequence
        self.createdAt = createdAt
    }

    /// Whether this version may append to the file: it must not where a newer one has begun to write it.
    package var isWritable: Bool { version <= Self.supportedVersion }

    /// The header's bytes.
    package var encoded: [UInt8] {
        var bytes = Self.magic
        bytes.append(littleEndian: version)
        bytes.append(littleEndian: minimumReader)
        bytes.append(littleEndian: salt)
        bytes.append(contentsOf: storeID)
        bytes.append(littleEndian: generation)
        bytes.append(littleEndian: firstSequence)
        bytes.append(littleEndian: createdAt.timeIntervalSinceReferenceDate.bitPattern)
        bytes.append(littleEndian: UInt32(0))
        bytes.append(littleEndian: CRC32C.of(bytes))
        return bytes
    }

    /// Reads a header.
    ///
    /// - Parameters:
    ///   - bytes: The file's beginning.
    ///   - file: The file's name, for errors.
    /// - Throws: ``JournalFault`` for a file that is no journal, is damaged, or was written for newer readers.
    package init(_ bytes: [UInt8], file: String) throws(JournalFault) {
        guard bytes.starts(with: Self.magic) else { throw .notAJournal(file: file) }
        guard bytes.count >= Self.length, bytes.littleEndian(at: 60) == CRC32C.of(Array(bytes[..<60])) else {
            throw .damagedHeader(file: file)
        }
        version = bytes.littleEndian(at: 8)
        minimumReader = bytes.littleEndian(at: 10)
        guard minimumReader <= Self.supportedVersion else {
            throw .newerFormat(found: Int(version), supported: Int(Self.supportedVersion))
        }
        salt = bytes.littleEndian(at: 12)
        storeID = Array(bytes[16..<32])
        generation = bytes.littleEndian(at: 32)
        firstSequence = bytes.littleEndian(at: 40)
        createdAt = Date(timeIntervalSinceReferenceDate: Double(bitPattern: bytes.littleEndian(at: 48)))
    }

    /// Reads the header of a file.
    ///
    /// - Throws: ``FileFault`` where it cannot be read, ``JournalFault`` as when reading bytes.
    package init(of file: any StoreFile) throws {
        let size = try uninterrupted { () throws(FileFault) in try file.size() }
        try self.init(file.read(exactly: min(size, Self.length), at: 0), file: file.name)
    }
}
