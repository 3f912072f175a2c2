/// What a store asks of one open file.
///
/// Every requirement is one call to the system, with its short counts and interruptions; extensions make whole reads
/// and writes of them. All of them block. Calls from several threads at once are fine where they concern other bytes.
package protocol StoreFile: AnyObject, Sendable {
    /// The file's name, without the folders around it, for errors.
    var name: String { get }

    /// Reads into a buffer; may read fewer bytes than fit, and 0 at the file's end.
    func readSome(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FileFault) -> Int

    /// Writes bytes; may write fewer than given.
    func writeSome(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileFault) -> Int

    /// Waits until the content, and the size where it is needed to read it, is on the medium.
    ///
    /// After a failure the system may have dropped what it could not write, and the next call succeeds nevertheless:
    /// nothing written since the last success can be relied on any more.
    func sync() throws(FileFault)

    /// The size in bytes.
    func size() throws(FileFault) -> Int

    /// Cuts the file, or fills it with zeros up to a size.
    func truncate(to size: Int) throws(FileFault)

    /// Maps the file's first bytes into memory, shared and to be read only.
    ///
    /// It may reach beyond the file's end and then shows what is written there later. Only bytes below the file's
    /// size may be touched: beyond it, or where the medium fails, the system ends the process.
    func map(_ length: Int) throws(FileFault) -> MappedBytes

    /// Closes the file; calls under way on other threads end first, later ones fail. Mappings stay.
    func close()
}

/// A file's bytes as they lie in memory. They can be read for as long as this object lives.
@safe package final class MappedBytes: Sendable {
    // An address is a number, and so can be shared; nothing is written through it.
    private let address: UInt
    /// How many bytes were mapped, be they in the file yet or not.
    package let count: Int
    private let unmap: @Sendable (UInt, Int) -> Void

    /// Takes over a mapping.
    ///
    /// - Parameters:
    ///   - address: Where it begins.
    ///   - count: Its length.
    ///   - unmap: What gives it back, called once with both.
    package init(address: UInt, count: Int, unmap: @escaping @Sendable (UInt, Int) -> Void) {
        self.address = address
        self.count = count
        self.unmap = unmap
    }

    deinit { unmap(address, count) }

    /// The bytes; only those below the file's size may be touched, and only while this object lives.
    @unsafe package var bytes: UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: count)
    }

    /// Runs a body with a part of the bytes, which the object outlives.
    ///
    /// - Parameter range: Within the mapping, and below the file's size.
    package func withBytes<Result, Failure: Error>(
        _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) lies outside 0..<\(count)")
        defer { withExtendedLifetime(self) {} }
        return try unsafe body(UnsafeRawBufferPointer(rebasing: bytes[range]))
    }
}

extension StoreFile {
    /// Writes all bytes, however many calls it takes.
    package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileFault) {
        var done = 0
        while done < bytes.count {
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
            let count = try uninterrupted { () throws(FileFault) in
                try unsafe writeSome(rest, at: offset + done)
            }
            guard count > 0 else { throw FileFault(.noProgress, .write, name) }
            done += count
        }
    }

    /// Writes all bytes, however many calls it takes.
    package func write(_ bytes: [UInt8], at offset: Int) throws(FileFault) {
        try unsafe bytes.withUnsafeBufferPointer { (bytes) throws(FileFault) in
            try unsafe write(UnsafeRawBufferPointer(bytes), at: offset)
        }
    }

    /// Fills a buffer from the file as far as the file goes.
    ///
    /// - Returns: The number of bytes read, smaller than the buffer's where the file ends.
    package func readUpTo(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileFault) -> Int {
        var done = 0
        while done < buffer.count {
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = try uninterrupted { () throws(FileFault) in
                try unsafe readSome(at: offset + done, into: rest)
            }
            if count <= 0 { break }
            done += count
        }
        return done
    }

    /// Reads so many bytes; a file that ends before is a fault.
    package func read(exactly count: Int, at offset: Int) throws(FileFault) -> [UInt8] {
        var fault: FileFault?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(FileFault) {
                filled = try unsafe readUpTo(UnsafeMutableRawBufferPointer(buffer), at: offset)
            } catch {
                fault = error
            }
        }
        if let fault { throw fault }
        guard bytes.count == count else { throw FileFault(.endOfFile, .read, name) }
        return bytes
    }

    /// The whole content.
    package func readAll() throws(FileFault) -> [UInt8] {
        try read(exactly: uninterrupted { () throws(FileFault) in try size() }, at: 0)
    }
}
