extension [UInt8] {
    /// The number whose bytes stand from an offset on, the lowest first.
    package func littleEndian<Number: FixedWidthInteger>(at offset: Int) -> Number {
        unsafe withUnsafeBytes { unsafe $0.littleEndian(at: offset) }
    }

    /// Puts a number's bytes behind the others, the lowest first.
    package mutating func append<Number: FixedWidthInteger>(littleEndian number: Number) {
        unsafe Swift.withUnsafeBytes(of: number.littleEndian) { unsafe append(contentsOf: $0) }
    }

    /// Puts a number's bytes in place of those from an offset on, the lowest first.
    package mutating func replace<Number: FixedWidthInteger>(at offset: Int, littleEndian number: Number) {
        precondition(offset >= 0 && offset <= count - MemoryLayout<Number>.size, "no room at \(offset) of \(count)")
        unsafe withUnsafeMutableBytes {
            unsafe $0.storeBytes(of: number.littleEndian, toByteOffset: offset, as: Number.self)
        }
    }
}

extension UnsafeRawBufferPointer {
    /// The number whose bytes stand from an offset on, the lowest first.
    package func littleEndian<Number: FixedWidthInteger>(at offset: Int) -> Number {
        precondition(offset >= 0 && offset <= count - MemoryLayout<Number>.size, "no number at \(offset) of \(count)")
        return unsafe Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: Number.self))
    }
}
