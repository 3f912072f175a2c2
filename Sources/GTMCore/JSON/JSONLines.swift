/// The lines of a text in which each line is a document of its own (NDJSON, JSON Lines).
///
/// A line ends at LF or CR LF, or at the end of the bytes; lines of nothing but spaces, tabs and CR are passed over but
/// counted. Nothing is read before it is asked for, so that a bad line costs no more than itself:
///
/// ```swift
/// for line in JSONLines(bytes) {
///     do { accept(try line.document()) } catch { report("line \(line.number): \(error)") }
/// }
/// ```
public struct JSONLines: Sequence, Sendable {
    /// One line that is not blank.
    public struct Line: Sendable, Hashable {
        /// The line's number in the text, from 1 on.
        public var number: Int
        /// Where the line starts, in bytes from the start of the text.
        public var offset: Int
        /// The line without its end; a slice of the text, whose bytes it shares.
        public var bytes: ArraySlice<UInt8>

        /// Reads the line.
        ///
        /// - Parameter limits: How deep values may nest.
        /// - Returns: The document on this line.
        /// - Throws: ``JSONError`` where the line is not JSON; its offset counts from the start of the line.
        public func document(limits: JSONReader.Limits = JSONReader.Limits()) throws(JSONError) -> JSONDocument {
            try JSONReader.read(bytes, limits: limits)
        }
    }

    /// Walks the lines in order.
    public struct Iterator: IteratorProtocol {
        private let bytes: [UInt8]
        private var position = 0
        private var number = 0

        fileprivate init(_ bytes: [UInt8]) { self.bytes = bytes }

        public mutating func next() -> Line? {
            while position < bytes.count {
                let start = position
                var end = lineEnd(from: start)
                position = end + 1
                number += 1
                if bytes[start..<end].allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
                if bytes[end - 1] == 0x0D { end -= 1 }
                return Line(number: number, offset: start, bytes: bytes[start..<end])
            }
            return nil
        }

        /// The position of the next LF, or the end of the bytes.
        private func lineEnd(from start: Int) -> Int {
            unsafe bytes.withUnsafeBytes { bytes in
                var position = start
                while position + 8 <= bytes.count {
                    let word = UInt64(
                        littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
                    let differences = word ^ 0x0A0A_0A0A_0A0A_0A0A
                    let marks = (differences &- 0x0101_0101_0101_0101) & ~differences & 0x8080_8080_8080_8080
                    if marks != 0 { return position + marks.trailingZeroBitCount >> 3 }
                    position += 8
                }
                while position < bytes.count, unsafe bytes[position] != 0x0A { position += 1 }
                return position
            }
        }
    }

    private let bytes: [UInt8]

    /// Creates the lines of a text in UTF-8; none where it is empty.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    public func makeIterator() -> Iterator { Iterator(bytes) }
}
