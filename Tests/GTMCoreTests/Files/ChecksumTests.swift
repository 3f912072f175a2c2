import GTMCore
import Testing

@Suite("Checksum") struct ChecksumTests {
    @Test(
        "The checksums are those of RFC 3720",
        arguments: [
            ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
            ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
            ([UInt8](0..<32), 0x46DD_794E),
            ([UInt8]((0..<32).reversed()), 0x113F_DB5C),
            ([UInt8]("123456789".utf8), 0xE306_9283),
            ([], 0),
        ] as [([UInt8], UInt32)])
    func knownAnswers(bytes: [UInt8], expected: UInt32) { #expect(CRC32C.of(bytes) == expected) }

    @Test("Pieces give what the whole gives, wherever it is cut and whatever the alignment")
    func isIncremental() {
        let bytes = (0..<200).map { UInt8(truncatingIfNeeded: $0 * 7 + 3) }
        for cut in 0...bytes.count {
            var checksum = CRC32C(seed: 77)
            checksum.update(Array(bytes[..<cut]))
            #expect(CRC32C.of(Array(bytes[cut...]), seed: checksum.value) == CRC32C.of(bytes, seed: 77))
            checksum.update(Array(bytes[cut...]))
            #expect(checksum.value == CRC32C.of(bytes, seed: 77))
            #expect(CRC32C.of(Array(bytes[cut...])) == Self.bitByBit(bytes[cut...]))
        }
    }

    @Test("A salt changes the checksum of every text") func saltMatters() {
        for length in 0..<64 {
            let bytes = [UInt8](repeating: 0x5A, count: length)
            #expect(Set((0..<32).map { CRC32C.of(bytes, seed: 1 << $0) } + [CRC32C.of(bytes)]).count == 33)
        }
    }

    /// The definition, one bit at a time.
    private static func bitByBit(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var crc: UInt32 = .max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
        }
        return ~crc
    }
}
