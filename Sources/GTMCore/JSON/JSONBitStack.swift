/// A stack of single bits.
struct JSONBitStack {
    private var words: [UInt64] = []
    private var count = 0

    /// The bit on top; `nil` where the stack is empty.
    var top: Bool? {
        guard count > 0 else { return nil }
        return words[(count - 1) >> 6] >> UInt64((count - 1) & 63) & 1 == 1
    }

    mutating func push(_ bit: Bool) {
        if count >> 6 == words.count { words.append(0) }
        let mask: UInt64 = 1 << UInt64(count & 63)
        if bit { words[count >> 6] |= mask } else { words[count >> 6] &= ~mask }
        count += 1
    }

    mutating func pop() {
        if count > 0 { count -= 1 }
    }
}
