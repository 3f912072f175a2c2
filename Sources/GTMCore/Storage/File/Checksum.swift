/// CRC-32C (Castagnoli), which finds every change of up to 32 bits in a row.
///
/// It guards against accidents; whoever wants to can make two texts of one checksum. Sixteen bytes are taken at a time.
package struct CRC32C: Sendable, Hashable {
    private var state: UInt32

    /// Begins a checksum.
    ///
    /// - Parameter seed: The value of what came before, or a salt: checksums of one text under two salts always differ.
    ///   0 gives the checksum of the standard.
    package init(seed: UInt32 = 0) { state = ~seed }

    /// The checksum of everything taken in so far.
    package var value: UInt32 { ~state }

    /// The checksum of these bytes.
    package static func of(_ bytes: UnsafeRawBufferPointer, seed: UInt32 = 0) -> UInt32 {
        var checksum = CRC32C(seed: seed)
        unsafe checksum.update(bytes)
        return checksum.value
    }

    /// The checksum of these bytes.
    package static func of(_ bytes: [UInt8], seed: UInt32 = 0) -> UInt32 {
        var checksum = CRC32C(seed: seed)
        checksum.update(bytes)
        return checksum.value
    }

    /// Takes in further bytes.
    package mutating func update(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { unsafe update($0) }
    }

    /// Takes in further bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        var crc = state
        unsafe Self.tables.withUnsafeBufferPointer { tables in
            guard let start = bytes.baseAddress, let table = tables.baseAddress else { return }
            var position = 0
            let count = bytes.count
            while count - position >= 16 {
                let low =
                    unsafe UInt64(littleEndian: start.loadUnaligned(fromByteOffset: position, as: UInt64.self))
                    ^ UInt64(crc)
                let high = unsafe UInt64(
                    littleEndian: start.loadUnaligned(fromByteOffset: position &+ 8, as: UInt64.self))
                // Two independent halves, so that the processor can look up in both at once.
                let first = unsafe Self.fold(low, table + 8 * 256)
                let second = unsafe Self.fold(high, table)
                crc = first ^ second
                position &+= 16
            }
            while position < count {
                let byte = unsafe start.load(fromByteOffset: position, as: UInt8.self)
                crc = unsafe table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] ^ (crc &>> 8)
                position &+= 1
            }
        }
        state = crc
    }

    /// What eight bytes contribute, of which the last has the first table from `table` on.
    @inline(__always)
    private static func fold(_ word: UInt64, _ table: UnsafePointer<UInt32>) -> UInt32 {
        unsafe table[7 &* 256 &+ Int(word & 0xFF)]
            ^ table[6 &* 256 &+ Int(word &>> 8 & 0xFF)]
            ^ table[5 &* 256 &+ Int(word &>> 16 & 0xFF)]
            ^ table[4 &* 256 &+ Int(word &>> 24 & 0xFF)]
            ^ table[3 &* 256 &+ Int(word &>> 32 & 0xFF)]
            ^ table[2 &* 256 &+ Int(word &>> 40 & 0xFF)]
            ^ table[256 &+ Int(word &>> 48 & 0xFF)]
            ^ table[Int(word &>> 56)]
    }

    /// Sixteen tables of 256 entries: in the table `n`, what a byte contributes that has `n` bytes behind it.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 16 * 256)
        for byte in 0..<256 {
            var crc = UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc &>> 1 ^ 0x82F6_3B78 : crc &>> 1 }
            tables[byte] = crc
        }
        for place in 256..<16 * 256 {
            let before = tables[place - 256]
            tables[place] = tables[Int(before & 0xFF)] ^ before &>> 8
        }
        return tables
    }()
}
