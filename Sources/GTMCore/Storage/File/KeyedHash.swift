/// SipHash-2-4: without its key nobody can tell which text a value belongs to, nor find two texts of one value.
///
/// It marks persons who were erased: a record that comes again is recognised, and the mark alone names nobody. The
/// values are the same on every machine and may be stored.
package struct SipHash: Sendable {
    private let k0: UInt64
    private let k1: UInt64

    /// Creates a hash from a key's two halves, each read as little-endian.
    package init(_ k0: UInt64, _ k1: UInt64) {
        self.k0 = k0
        self.k1 = k1
    }

    /// Creates a hash from a key of 16 bytes.
    package init(key: [UInt8]) {
        precondition(key.count == 16, "the key has \(key.count) bytes; expected 16")
        self.init(key.littleEndian(at: 0), key.littleEndian(at: 8))
    }

    /// The hash of a text's UTF-8.
    package func hash(_ text: String) -> UInt64 { hash(Array(text.utf8)) }

    /// The hash of some bytes.
    package func hash(_ bytes: [UInt8]) -> UInt64 {
        var state = State(k0, k1)
        var position = 0
        while bytes.count - position >= 8 {
            state.take(bytes.littleEndian(at: position))
            position += 8
        }
        var last = UInt64(truncatingIfNeeded: bytes.count) &<< 56
        for (place, byte) in bytes[position...].enumerated() { last |= UInt64(byte) &<< UInt64(8 * place) }
        state.take(last)
        return state.finish()
    }

    private struct State {
        private var v0: UInt64
        private var v1: UInt64
        private var v2: UInt64
        private var v3: UInt64

        init(_ k0: UInt64, _ k1: UInt64) {
            v0 = k0 ^ 0x736F_6D65_7073_6575
            v1 = k1 ^ 0x646F_7261_6E64_6F6D
            v2 = k0 ^ 0x6C79_6765_6E65_7261
            v3 = k1 ^ 0x7465_6462_7974_6573
        }

        mutating func take(_ word: UInt64) {
            v3 ^= word
            round()
            round()
            v0 ^= word
        }

        mutating func finish() -> UInt64 {
            v2 ^= 0xFF
            for _ in 0..<4 { round() }
            return v0 ^ v1 ^ v2 ^ v3
        }

        private mutating func round() {
            v0 &+= v1
            v2 &+= v3
            v1 = v1.rotated(13) ^ v0
            v3 = v3.rotated(16) ^ v2
            v0 = v0.rotated(32)
            v2 &+= v1
            v0 &+= v3
            v1 = v1.rotated(17) ^ v2
            v3 = v3.rotated(21) ^ v0
            v2 = v2.rotated(32)
        }
    }
}

extension UInt64 {
    fileprivate func rotated(_ bits: UInt64) -> UInt64 { self &<< bits | self &>> (64 &- bits) }
}
