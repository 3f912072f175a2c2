/// The keys that a document has shown lately, each in the one slot that its bytes choose.
///
/// A key that falls into another's slot replaces it, so that no choice of keys makes a look-up slow.
struct JSONNameCache {
    private struct Entry {
        var head: UInt64 = 0
        var tail: UInt64 = 0
        var length = -1
        /// Where the key was seen.
        var start = 0
        /// The key's place among the names.
        var place = -1
    }

    private var entries: [Entry]
    /// The keys themselves, apart from the entries, which then cost nothing to set up and to give back.
    private var names: [String] = []
    private let shift: UInt64

    /// Creates a cache whose size is in proportion to the document's: a small one should not pay for a large one's.
    init(forBytes count: Int) {
        let bits = min(max(Int.bitWidth - (count >> 6).leadingZeroBitCount, 3), 8)
        shift = UInt64(64 - bits)
        entries = Array(repeating: Entry(), count: 1 << bits)
        names.reserveCapacity(min(1 << bits, 64))
    }

    /// The slot of a key, from its first eight bytes (or fewer, padded with zeros), its last eight and its length.
    @inline(__always) func slot(head: UInt64, tail: UInt64, length: Int) -> Int {
        let mixed = (head ^ (tail &<< 1 | tail &>> 63) ^ UInt64(truncatingIfNeeded: length)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed &>> shift)
    }

    /// Where the key in `slot` was seen, if it agrees in all that is given here.
    @inline(__always) func candidate(in slot: Int, head: UInt64, tail: UInt64, length: Int) -> Int? {
        guard entries[slot].head == head, entries[slot].tail == tail, entries[slot].length == length else { return nil }
        return entries[slot].start
    }

    @inline(__always) func name(in slot: Int) -> String { names[entries[slot].place] }

    mutating func keep(_ name: String, in slot: Int, head: UInt64, tail: UInt64, length: Int, start: Int) {
        var place = entries[slot].place
        if place >= 0 {
            names[place] = name
        } else {
            place = names.count
            names.append(name)
        }
        entries[slot] = Entry(head: head, tail: tail, length: length, start: start, place: place)
    }
}
