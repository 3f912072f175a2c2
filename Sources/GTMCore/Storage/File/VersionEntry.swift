#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One version of a record as it lies in the journal.
///
/// | Offset | Bytes | Content |
/// | --- | --- | --- |
/// | 0 | 4 | length of the record |
/// | 4 | 4 | CRC-32C of everything from offset 8 on, seeded with the store's salt and the entry's place |
/// | 8 | 8 | number of the commit |
/// | 16 | 8 | when it was learnt: the bits of the seconds since 2001 |
/// | 24 | 8 | place of the version of the same record that arrived before it; 0 for the first |
/// | 32 | | the record, in the compact form |
///
/// All numbers have the lowest byte first. An entry is checked when a process reads it for the first time, so that no
/// damaged byte is ever served; since its place is part of the check, neither is an entry that an index points to by
/// mistake.
@safe struct VersionEntry {
    static let headerLength = 32

    let sequence: UInt64
    let recordedAt: Date
    let previous: UInt64
    /// The record's bytes; they are lent by the journal.
    @unsafe let body: UnsafeRawBufferPointer

    /// Reads the entry that begins at the first of these bytes.
    ///
    /// - Parameter isChecked: Whether this entry was found sound before.
    /// - Returns: `nil` where no whole and sound entry begins there.
    init?(_ bytes: UnsafeRawBufferPointer, at place: UInt64, salt: UInt32, isChecked: Bool = false) {
        guard bytes.count >= Self.headerLength else { return nil }
        let length = unsafe Int(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)))
        guard bytes.count - Self.headerLength >= length else { return nil }
        if !isChecked {
            let stored = unsafe UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
            let covered = unsafe UnsafeRawBufferPointer(rebasing: bytes[8..<Self.headerLength + length])
            guard unsafe CRC32C.of(covered, seed: Self.seed(place, salt)) == stored else { return nil }
        }
        sequence = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        recordedAt = Date(
            timeIntervalSinceReferenceDate: Double(
                bitPattern: unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))))
        previous = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
        unsafe body = UnsafeRawBufferPointer(rebasing: bytes[Self.headerLength..<Self.headerLength + length])
    }

    /// The bytes that it takes up.
    var length: Int { unsafe Self.headerLength + body.count }

    /// Writes an entry behind what a buffer holds.
    ///
    /// - Parameter place: Where in the journal it will begin.
    static func append(
        _ body: some Collection<UInt8>, sequence: UInt64, recordedAt: Date, previous: UInt64, at place: UInt64,
        salt: UInt32, to bytes: inout [UInt8]
    ) {
        let start = bytes.count
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: body.count))
        bytes.append(littleEndian: UInt32(0))
        bytes.append(littleEndian: sequence)
        bytes.append(littleEndian: recordedAt.timeIntervalSinceReferenceDate.bitPattern)
        bytes.append(littleEndian: previous)
        bytes.append(contentsOf: body)
        unsafe bytes.withUnsafeMutableBytes { buffer in
            let covered = unsafe UnsafeRawBufferPointer(rebasing: buffer[(start + 8)...])
            let sum = unsafe CRC32C.of(covered, seed: seed(place, salt))
            unsafe buffer.storeBytes(of: sum.littleEndian, toByteOffset: start + 4, as: UInt32.self)
        }
    }

    private static func seed(_ place: UInt64, _ salt: UInt32) -> UInt32 {
        salt ^ UInt32(truncatingIfNeeded: place) ^ UInt32(truncatingIfNeeded: place >> 32) &* 0x9E37_79B9
    }
}
