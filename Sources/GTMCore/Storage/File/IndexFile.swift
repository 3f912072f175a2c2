#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The snapshot of a store: where everything lies in the journal up to some place, so that opening need not walk it.
///
/// It can be thrown away at any time. The file is `GTMINDX` and a line feed, then pieces, each of its length (4 bytes),
/// its CRC-32C (4 bytes, seeded with the journal's salt and the piece's number) and its content: the description; the
/// places of the versions in force; the entries and the buckets of the index of keys, all in the machine's order of bytes;
/// the places of versions that arrived late; the tables; the summaries, with the customers that need a new one.
enum IndexFile {
    private static let magic = Array("GTMINDX\n".utf8)
    static let supportedVersion = 1
    /// Summaries in a piece.
    private static let summariesAtOnce = 4096
    private static let headsAtOnce = 1 << 18

    /// What the first piece says of the others.
    struct Description: Sendable, Hashable, Storable {
        var version = IndexFile.supportedVersion
        var storeID: String
        var generation: UInt64
        /// The end of the part of the journal that is covered.
        var journalEnd: Int
        /// The checksum of the last bytes before that end: a journal that lacks them is not the one that was covered.
        var tailSum: UInt32
        var places: Int
        var entries: Int
        var heads: Int
        /// Pieces of summaries.
        var images: Int
        /// 1 where the lowest byte of a number stands first.
        var byteOrder = IndexFile.nativeOrder

        init(
            storeID: String, generation: UInt64, journalEnd: Int, tailSum: UInt32, places: Int, entries: Int,
            heads: Int, images: Int
        ) {
            self.storeID = storeID
            self.generation = generation
            self.journalEnd = journalEnd
            self.tailSum = tailSum
            self.places = places
            self.entries = entries
            self.heads = heads
            self.images = images
        }

        func write(to fields: inout some FieldWriter) {
            fields.put(1, "version", version)
            fields.put(2, "store_id", storeID)
            fields.put(3, "generation", generation)
            fields.put(4, "journal_end", journalEnd)
            fields.put(5, "places", places)
            fields.put(6, "entries", entries)
            fields.put(7, "heads", heads)
            fields.put(8, "images", images)
            fields.put(9, "byte_order", byteOrder)
            fields.put(10, "tail_sum", Int(tailSum))
        }

        init(from fields: inout some FieldReader) throws(CodingFault) {
            version = try fields.required(1, "version")
            storeID = try fields.required(2, "store_id")
            generation = try fields.required(3, "generation")
            journalEnd = try fields.required(4, "journal_end")
            places = try fields.required(5, "places")
            entries = try fields.required(6, "entries")
            heads = try fields.required(7, "heads")
            images = try fields.required(8, "images")
            byteOrder = try fields.required(9, "byte_order")
            tailSum = UInt32(truncatingIfNeeded: try fields.required(10, "tail_sum") as Int)
        }

        /// The bytes before the end of a journal that ``tailSum`` is of.
        static func tail(before end: Int) -> Range<Int> { max(JournalHeader.length, end - 4096)..<end }

        /// Whether a journal still is what it was when the snapshot was written, as far as its last bytes show.
        func isCovered(by file: any StoreFile, size: Int, salt: UInt32) throws(FileFault) -> Bool {
            guard JournalHeader.length...size ~= journalEnd else { return false }
            let tail = Self.tail(before: journalEnd)
            return CRC32C.of(try file.read(exactly: tail.count, at: tail.lowerBound), seed: salt) == tailSum
        }
    }

    private static var nativeOrder: Int { 1.littleEndian == 1 ? 1 : 2 }

    /// A list of values as a value.
    struct Listed<Element: Storable & Hashable>: Storable, Hashable {
        var elements: [Element]

        init(_ elements: [Element]) { self.elements = elements }

        func write(to fields: inout some FieldWriter) { fields.put(1, "elements", unlessEmpty: elements) }

        init(from fields: inout some FieldReader) throws(CodingFault) { elements = try fields.list(1, "elements") }
    }

    /// The place of a version that arrived late.
    private struct Latest: Storable, Hashable {
        var number: Int
        var place: UInt64

        init(number: Int, place: UInt64) {
            self.number = number
            self.place = place
        }

        func write(to fields: inout some FieldWriter) {
            fields.put(1, "number", number)
            fields.put(2, "place", place)
        }

        init(from fields: inout some FieldReader) throws(CodingFault) {
            number = try fields.required(1, "number")
            place = try fields.required(2, "place")
        }
    }

    // MARK: Writing

    /// Writes a snapshot of a store as it stands.
    static func write(
        _ state: borrowing StoreState<FileShelf>, _ manifest: StoreManifest, to path: String, _ files: any FileSystem
    ) throws(FileFault) {
        let draft = path + ".new"
        try files.removeIfThere(draft)
        do throws(FileFault) {
            try write(state, manifest, draft: draft, files)
            try uninterrupted { () throws(FileFault) in try files.rename(draft, to: path) }
        } catch {
            files.removeDraft(draft)
            throw error
        }
        try uninterrupted { () throws(FileFault) in try files.syncDirectory(path.parentPath) }
    }

    private static func write(
        _ state: borrowing StoreState<FileShelf>, _ manifest: StoreManifest, draft: String, _ files: any FileSystem
    ) throws(FileFault) {
        let file = try uninterrupted { () throws(FileFault) in try files.open(draft, .create) }
        defer { file.close() }
        let shelf = state.shelf
        var writer = PieceWriter(file: file, salt: shelf.journal.salt)
        try writer.begin(magic)
        try writer.put(
            Description(
                storeID: manifest.storeID.hexadecimal, generation: manifest.generation, journalEnd: shelf.journal.end,
                tailSum: shelf.journal.checksum(of: Description.tail(before: shelf.journal.end)),
                places: shelf.places.count, entries: shelf.index.entries.count, heads: shelf.index.heads.count,
                images: state.summaries.images(of: summariesAtOnce).count))
        for chunk in shelf.places.chunks { try writer.put(raw: chunk[...]) }
        for chunk in shelf.index.entries.chunks { try writer.put(raw: chunk[...]) }
        let heads = shelf.index.heads
        for start in stride(from: 0, to: heads.count, by: headsAtOnce) {
            try writer.put(raw: heads[start..<min(start + headsAtOnce, heads.count)])
        }
        try writer.put(
            Listed(shelf.latest.sorted { $0.key < $1.key }.map { Latest(number: Int($0.key), place: $0.value) }))
        try writer.put(state.tables)
        for image in state.summaries.images(of: summariesAtOnce) { try writer.put(image) }
        try file.sync()
    }

    private struct PieceWriter {
        let file: any StoreFile
        let salt: UInt32
        private var offset = 0
        private var number: UInt32 = 0

        init(file: any StoreFile, salt: UInt32) {
            self.file = file
            self.salt = salt
        }

        mutating func begin(_ magic: [UInt8]) throws(FileFault) {
            try file.write(magic, at: 0)
            offset = magic.count
        }

        mutating func put(_ value: some Storable) throws(FileFault) {
            let bytes = BinaryForm.bytes(of: value)
            try put(raw: bytes[...])
        }

        mutating func put<Number: BitwiseCopyable>(raw numbers: ArraySlice<Number>) throws(FileFault) {
            var sum: UInt32 = 0
            var length = 0
            unsafe numbers.withUnsafeBytes { bytes in
                sum = unsafe CRC32C.of(bytes, seed: salt &+ number)
                length = bytes.count
            }
            var head: [UInt8] = []
            head.append(littleEndian: UInt32(truncatingIfNeeded: length))
            head.append(littleEndian: sum)
            try file.write(head, at: offset)
            let start = offset + head.count
            try unsafe numbers.withUnsafeBytes { bytes in
                Result { () throws(FileFault) in try unsafe file.write(bytes, at: start) }
            }.get()
            offset = start + length
            number += 1
        }
    }

    // MARK: Reading

    /// What a snapshot says.
    struct Content {
        var description: Description
        var index: KeyIndex
        var places: Pile<UInt64>
        var latest: [UInt32: UInt64]
        var tables: StoreTables
        var summaries: SummaryTable
    }

    /// Why a snapshot is of no use. The journal has it all.
    struct Unusable: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads a snapshot.
    static func read(
        _ path: String, _ manifest: StoreManifest, salt: UInt32, _ files: any FileSystem
    ) throws -> Content {
        let file = try uninterrupted { () throws(FileFault) in try files.open(path, .read) }
        defer { file.close() }
        let size = try uninterrupted { () throws(FileFault) in try file.size() }
        guard try file.read(exactly: min(size, magic.count), at: 0) == magic else {
            throw Unusable(description: "it does not begin as an index does")
        }
        var reader = PieceReader(file: file, size: size, salt: salt, offset: magic.count)
        let description: Description = try reader.value()
        guard description.version == supportedVersion, description.byteOrder == nativeOrder else {
            throw Unusable(description: "it was written by another version or machine")
        }
        guard description.storeID == manifest.storeID.hexadecimal, description.generation == manifest.generation else {
            throw Unusable(description: "it belongs to another journal")
        }
        let places: Pile<UInt64> = try reader.pile(description.places)
        let entries: Pile<KeyIndex.Entry> = try reader.pile(description.entries)
        var heads: [UInt32] = []
        heads.reserveCapacity(description.heads)
        while heads.count < description.heads {
            heads += try reader.numbers(min(headsAtOnce, description.heads - heads.count)) as [UInt32]
        }
        let index = KeyIndex(entries: entries, heads: heads)
        let latest: Listed<Latest> = try reader.value()
        let tables: StoreTables = try reader.value()
        var summaries = SummaryTable()
        for _ in 0..<description.images { summaries.take(try reader.value() as ImagePayload.Summaries) }
        guard reader.isAtEnd else { throw Unusable(description: "something follows its end") }
        return Content(
            description: description, index: index, places: places,
            latest: Dictionary(latest.elements.map { (UInt32(truncatingIfNeeded: $0.number), $0.place) }) { $1 },
            tables: tables, summaries: summaries)
    }

    private struct PieceReader {
        let file: any StoreFile
        let size: Int
        let salt: UInt32
        var offset: Int
        private var number: UInt32 = 0

        init(file: any StoreFile, size: Int, salt: UInt32, offset: Int) {
            self.file = file
            self.size = size
            self.salt = salt
            self.offset = offset
        }

        var isAtEnd: Bool { offset == size }

        private mutating func head() throws -> (length: Int, sum: UInt32) {
            guard size - offset >= 8 else { throw Unusable(description: "it ends within a piece") }
            let head = try file.read(exactly: 8, at: offset)
            let length = Int(head.littleEndian(at: 0) as UInt32)
            guard size - offset - 8 >= length else { throw Unusable(description: "it ends within a piece") }
            return (length, head.littleEndian(at: 4))
        }

        mutating func value<Value: Storable>() throws -> Value {
            let bytes: [UInt8] = try numbers(try head().length)
            return try BinaryForm.read(from: bytes)
        }

        /// Reads the piece that holds so many numbers.
        mutating func numbers<Number: BitwiseCopyable>(_ count: Int) throws -> [Number] {
            let (length, sum) = try head()
            guard length == count * MemoryLayout<Number>.stride else {
                throw Unusable(description: "a piece has another length than its description says")
            }
            var fault: FileFault?
            var isSound = false
            let numbers = unsafe [Number](unsafeUninitializedCapacity: count) { buffer, filled in
                let bytes = UnsafeMutableRawBufferPointer(buffer)
                do throws(FileFault) {
                    guard
                        try unsafe file.readUpTo(
                            UnsafeMutableRawBufferPointer(rebasing: bytes[..<length]), at: offset + 8) == length
                    else { return }
                } catch {
                    fault = error
                    return
                }
                isSound =
                    unsafe CRC32C.of(UnsafeRawBufferPointer(rebasing: bytes[..<length]), seed: salt &+ number) == sum
                if isSound { filled = count }
            }
            if let fault { throw fault }
            guard isSound else { throw Unusable(description: "the checksum of a piece does not fit") }
            offset += 8 + length
            number += 1
            return numbers
        }

        mutating func pile<Number: BitwiseCopyable>(_ count: Int) throws -> Pile<Number> {
            var chunks: [[Number]] = []
            var left = count
            while left > 0 {
                chunks.append(try numbers(min(left, 1 << Pile<Number>.shift)))
                left -= chunks[chunks.count - 1].count
            }
            return Pile(chunks: chunks)
        }
    }
}
