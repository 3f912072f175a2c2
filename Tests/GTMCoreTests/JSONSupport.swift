import GTMCore

/// A small generator of numbers that gives the same ones for the same seed.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension JSONValue {
    /// A tree of at most `depth` containers within each other, of every kind that the reader gives.
    static func random(depth: Int, distinctKeys: Bool = false, using random: inout SplitMix) -> JSONValue {
        switch Int.random(in: 0...(depth > 0 ? 9 : 6), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(Int64(bitPattern: random.next() >> UInt64.random(in: 0...63, using: &random)))
        case 3:
            let double = Double(bitPattern: random.next())
            return .double(double.isFinite ? double : 0.5)
        case 4: return .decimal("-1\(random.next())\(random.next() | 1 << 63)")
        case 5, 6: return .string(.random(using: &random))
        case 7, 8:
            let count = Int.random(in: 0...5, using: &random)
            return .array(
                (0..<count).map { _ in .random(depth: depth - 1, distinctKeys: distinctKeys, using: &random) })
        default:
            let count = Int.random(in: 0...6, using: &random)
            return .object(
                JSONObject(
                    members: (0..<count).map { position in
                        JSONObject.Member(
                            key: (distinctKeys ? "\(position)" : "") + .random(using: &random),
                            value: .random(depth: depth - 1, distinctKeys: distinctKeys, using: &random))
                    }))
        }
    }
}

extension String {
    /// A text of up to 24 characters from plain, escaped and long ones.
    static func random(using random: inout SplitMix) -> String {
        let alphabet: [Unicode.Scalar] = [
            "a", "b", "z", "0", " ", "\"", "\\", "/", "\n", "\t", "\0", "\u{1F}", "\u{7F}", "é", "ß", "€", "\u{2028}",
            "\u{FFFD}",
            "😀", "\u{301}", "\u{10FFFF}",
        ]
        let plain = Bool.random(using: &random)
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...24, using: &random) {
            scalars.append(
                plain ? alphabet[Int(random.next() % 4)] : alphabet[Int(random.next() % UInt64(alphabet.count))])
        }
        return String(scalars)
    }
}
