/// Numbers that look random and depend on a seed alone: SplitMix64.
///
/// The ways of drawing are its own, so that no change of the standard library can change a world.
struct SeededRandom {
    private var state: UInt64

    /// Begins the sequence of one key; sequences of different keys have nothing to do with each other.
    init(_ seed: UInt64, key: UInt64) {
        state = Self.mix(seed &+ Self.mix(key &+ 0x9E37_79B9_7F4A_7C15))
    }

    /// Spreads a number over 64 bits; different numbers stay different.
    static func mix(_ number: UInt64) -> UInt64 {
        var mixed = number
        mixed = (mixed ^ (mixed &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed &>> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed &>> 31)
    }

    /// Any 64 bits.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// A number from 0 up to the bound, which is excluded; 0 where the bound is below 1.
    mutating func below(_ bound: Int) -> Int {
        bound < 1 ? 0 : Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A number of a range, ends included.
    mutating func int(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.upperBound - range.lowerBound + 1)
    }

    /// A time between two, ends included; `start` where the end lies before it.
    mutating func time(_ start: Int64, _ end: Int64) -> Int64 { start + Int64(below(Int(max(0, end - start)) + 1)) }

    /// Whether something happens that does in so many of a thousand cases.
    mutating func chance(_ perMille: Int) -> Bool { below(1000) < perMille }

    /// One of the elements, of which there is at least one.
    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    /// The place of one of the weights, of which there is at least one, each as likely as it is heavy.
    mutating func weighted(_ weights: [Int]) -> Int {
        var rest = below(weights.reduce(0, +))
        for (place, weight) in weights.enumerated() {
            if rest < weight { return place }
            rest -= weight
        }
        return weights.count - 1
    }
}

extension UInt64 {
    /// Sixteen hexadecimal digits.
    var hexadecimal: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
