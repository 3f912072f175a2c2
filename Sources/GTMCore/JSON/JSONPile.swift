/// A stack whose upper part can be moved out as an array of exactly its size, without a copy of the elements.
@safe struct JSONPile<Element>: ~Copyable {
    private var base: UnsafeMutablePointer<Element>
    private(set) var count = 0
    private var capacity: Int

    init(capacity: Int = 16) {
        self.capacity = max(capacity, 1)
        unsafe base = .allocate(capacity: self.capacity)
    }

    deinit {
        unsafe base.deinitialize(count: count)
        unsafe base.deallocate()
    }

    @inline(__always) mutating func push(_ element: consuming Element) {
        if count == capacity { grow() }
        unsafe (base + count).initialize(to: element)
        count += 1
    }

    /// Moves the elements from position `start` on out.
    @inline(__always) mutating func take(from start: Int) -> [Element] {
        precondition(start >= 0 && start <= count, "start is \(start); expected 0...\(count)")
        let end = count
        count = start
        // `Array(unsafeUninitializedCapacity:)` is not specialised: it looks its type up at run time on every call.
        var taken: [Element] = []
        taken.reserveCapacity(end - start)
        for position in start..<end { taken.append(unsafe (base + position).move()) }
        return taken
    }

    @inline(never) private mutating func grow() {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
        unsafe larger.moveInitialize(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = larger
        capacity *= 2
    }
}

extension JSONPile<JSONObject.Member> {
    /// Puts a value behind the key on top; there must be one.
    mutating func setTopValue(_ value: JSONValue) {
        precondition(count > 0, "the pile is empty")
        unsafe base[count - 1].value = value
    }
}
