/// Finds the records that ever carried a key, by a hash of the key.
///
/// It only gains entries. What it answers are candidates: whether a record carries the key at the moment that is asked
/// about is for the record's version in force to say. So one index serves the present and every past moment, and two
/// keys of one hash do no harm.
struct KeyIndex {
    /// One record under one key.
    struct Entry {
        var hash: UInt32
        var number: UInt32
        /// The entry behind this one in its bucket, counting from 1; 0 at the end.
        var next: UInt32
    }

    private(set) var entries = Pile<Entry>()
    /// The first entry of each bucket, counting from 1; 0 where a bucket is empty. Their number is a power of two.
    private(set) var heads: [UInt32]

    init(capacity: Int = 1024) { heads = [UInt32](repeating: 0, count: Self.buckets(for: capacity)) }

    /// An index read back from a file.
    init(entries: Pile<Entry>, heads: [UInt32]) {
        self.entries = entries
        self.heads = heads
    }

    private static func buckets(for count: Int) -> Int {
        var buckets = 1024
        while buckets < count { buckets *= 2 }
        return buckets
    }

    /// Whether every entry leads to an earlier one and every bucket to an entry: no walk can leave the index or run in
    /// a ring.
    var isSound: Bool {
        guard heads.count.nonzeroBitCount == 1, heads.allSatisfy({ Int($0) <= entries.count }) else { return false }
        for place in 0..<entries.count where Int(entries[place].next) > place { return false }
        return true
    }

    /// The numbers of all records under a key, in no order; some may be of another key with the same hash.
    func numbers(_ hash: UInt64) -> [UInt32] {
        var found: [UInt32] = []
        visit(hash) { found.append($0) }
        return found
    }

    /// Whether no record was ever under a key, nor under one with the same hash.
    func isEmpty(_ hash: UInt64) -> Bool {
        var isEmpty = true
        visit(hash) { _ in isEmpty = false }
        return isEmpty
    }

    /// Visits the numbers of all records under a key, the last entered first.
    @inline(__always) func visit(_ hash: UInt64, _ body: (UInt32) -> Void) {
        let short = UInt32(truncatingIfNeeded: hash)
        var place = heads[Int(short) & (heads.count - 1)]
        while place != 0 {
            let entry = entries[Int(place) - 1]
            if entry.hash == short { body(entry.number) }
            place = entry.next
        }
    }

    /// Enters a record under a key.
    ///
    /// - Parameter isLatest: Whether no record with a larger number has been entered yet: a second entry of the same
    ///   record is then found at once.
    mutating func insert(_ hash: UInt64, _ number: UInt32, isLatest: Bool) {
        let short = UInt32(truncatingIfNeeded: hash)
        if entries.count >= heads.count { grow() }
        let bucket = Int(short) & (heads.count - 1)
        var place = heads[bucket]
        while place != 0 {
            let entry = entries[Int(place) - 1]
            if entry.hash == short, entry.number == number { return }
            if isLatest, entry.number != number { break }
            place = entry.next
        }
        entries.append(Entry(hash: short, number: number, next: heads[bucket]))
        heads[bucket] = UInt32(entries.count)
    }

    private mutating func grow() {
        heads = [UInt32](repeating: 0, count: heads.count * 2)
        relink()
    }

    private mutating func relink() {
        let mask = heads.count - 1
        for place in 0..<entries.count {
            let bucket = Int(entries[place].hash) & mask
            entries[place].next = heads[bucket]
            heads[bucket] = UInt32(place + 1)
        }
    }
}

/// A long array that grows without moving what it holds.
struct Pile<Element> {
    static var shift: Int { 16 }
    /// The pieces that it is made of: all but the last hold 65 536 elements.
    private(set) var chunks: [[Element]] = []
    private(set) var count = 0

    init() {}

    /// A pile of pieces, all but the last of which are full.
    init(chunks: [[Element]]) {
        self.chunks = chunks
        count = chunks.reduce(0) { $0 + $1.count }
    }

    subscript(_ place: Int) -> Element {
        @inline(__always) get { chunks[place >> Self.shift][place & (1 << Self.shift - 1)] }
        @inline(__always) _modify { yield &chunks[place >> Self.shift][place & (1 << Self.shift - 1)] }
    }

    mutating func append(_ element: Element) {
        if count & (1 << Self.shift - 1) == 0 {
            chunks.append([])
            // A small pile stays small.
            if count > 0 { chunks[chunks.count - 1].reserveCapacity(1 << Self.shift) }
        }
        chunks[chunks.count - 1].append(element)
        count += 1
    }
}

/// Hashes keys for a ``KeyIndex``: the same in every process, different in every store.
struct KeyHasher {
    private var state: UInt64

    init(seed: UInt64) { state = seed &+ 0x9E37_79B9_7F4A_7C15 }

    private mutating func mix(_ word: UInt64) {
        let product = (state ^ word ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
        state = product.high ^ product.low
    }

    /// Takes a small number in, such as the kind of a key.
    mutating func add(_ number: UInt8) { mix(UInt64(number) | 1 << 63) }

    /// Takes a text in, with where it ends.
    mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            let bytes = UnsafeRawBufferPointer(utf8)
            var place = 0
            while bytes.count - place >= 8 {
                mix(UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
                place += 8
            }
            if place < bytes.count {
                var word: UInt64 = 0
                var shift: UInt64 = 0
                while place < bytes.count {
                    word |= UInt64(unsafe bytes[place]) << shift
                    place += 1
                    shift += 8
                }
                mix(word)
            }
            mix(UInt64(bytes.count) << 32 | 1 << 62)
        }
    }

    /// The hash of all that was taken in.
    func finish() -> UInt64 {
        let product = (state ^ 0x8EBC_6AF0_9C88_C6E3).multipliedFullWidth(by: 0x5899_65CC_7537_4CC3)
        return product.high ^ product.low
    }
}
