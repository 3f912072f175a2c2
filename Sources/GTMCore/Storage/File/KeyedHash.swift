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

/// A fast hash for the keys of indexes, in the manner of wyhash: multiply, fold, mix.
///
/// The key keeps texts that were chosen to collide from colliding in every store, yet it is no cryptography: whoever
/// sees hashes can find out the key. The values are the same on every machine and may be stored.
package struct IndexHash: Sendable {
    private let seed: UInt64

    private static let first: UInt64 = 0xA076_1D64_78BD_642F
    private static let second: UInt64 = 0xE703_7ED1_A0B4_28DB
    private static let third: UInt64 = 0x8EBC_6AF0_9C88_C6E3

    /// Creates a hash of its own for each key.
    package init(key: UInt64) { seed = key ^ Self.mix(key ^ Self.first, Self.second) }

    /// The hash of a text's UTF-8.
    package func hash(_ text: String) -> UInt64 {
        var text = text
        return text.withUTF8 { unsafe hash(UnsafeRawBufferPointer($0)) }
    }

    /// The hash of some bytes.
    package func hash(_ bytes: [UInt8]) -> UInt64 {
        unsafe bytes.withUnsafeBytes { unsafe hash($0) }
    }

    /// The hash of some bytes.
    package func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let count = bytes.count
        var seed = seed
        var position = 0
        while count - position > 16 {
            seed = unsafe Self.mix(
                Self.word(bytes, position) ^ Self.second, Self.word(bytes, position + 8) ^ seed)
            position += 16
        }
        let low: UInt64
        let high: UInt64
        let rest = count - position
        if count >= 16 {
            // The last sixteen bytes, some of them for the second time.
            low = unsafe Self.word(bytes, count - 16)
            high = unsafe Self.word(bytes, count - 8)
        } else if rest >= 8 {
            low = unsafe Self.word(bytes, 0)
            high = unsafe Self.word(bytes, count - 8)
        } else if rest >= 4 {
            low = unsafe UInt64(Self.half(bytes, 0))
            high = unsafe UInt64(Self.half(bytes, count - 4))
        } else if rest > 0 {
            low = unsafe UInt64(bytes[0]) &<< 16 | UInt64(bytes[count / 2]) &<< 8 | UInt64(bytes[count - 1])
            high = 0
        } else {
            low = 0
            high = 0
        }
        let (top, bottom) = (low ^ Self.second).multipliedFullWidth(by: high ^ seed)
        return Self.mix(bottom ^ Self.third ^ UInt64(count), top ^ Self.second)
    }

    @inline(__always)
    private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    @inline(__always)
    private static func half(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
        unsafe UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}

extension UInt64 {
    fileprivate func rotated(_ bits: UInt64) -> UInt64 { self &<< bits | self &>> (64 &- bits) }
}
