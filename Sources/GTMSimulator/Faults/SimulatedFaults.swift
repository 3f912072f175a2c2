/// What is to go wrong between a client and a simulated vendor, as data.
///
/// ```swift
/// var faults = SimulatedFaults()
/// faults.add(.serverError, on: .call(3), path: "/contacts")
/// faults.add(.connectionReset, on: .share(perMille: 20))
/// ```
public struct SimulatedFaults: Sendable, Hashable {
    /// A kind of fault.
    public struct Fault: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String, Sendable {
            case rateLimited, serverError, unavailable, connectionReset, truncatedBody, malformedJSON, errorPage
            case emptyBody, wrongTypes, duplicatePage, repeatedCursor, expiredCursor, forbidden, slow
        }
        private let base: Base
        /// 429, as if the limit were used up by somebody else.
        public static let rateLimited = Self(base: .rateLimited)
        /// 500 with an error list.
        public static let serverError = Self(base: .serverError)
        /// 503 with an error list.
        public static let unavailable = Self(base: .unavailable)
        /// The connection ends before an answer.
        public static let connectionReset = Self(base: .connectionReset)
        /// The connection ends within the answer.
        public static let truncatedBody = Self(base: .truncatedBody)
        /// 200 with half of the JSON.
        public static let malformedJSON = Self(base: .malformedJSON)
        /// 502 with a page of HTML, as from a proxy.
        public static let errorPage = Self(base: .errorPage)
        /// 200 without a body.
        public static let emptyBody = Self(base: .emptyBody)
        /// The last record of the page has members of unexpected types.
        public static let wrongTypes = Self(base: .wrongTypes)
        /// The page's cursor leads to the same page once more, under another cursor.
        public static let duplicatePage = Self(base: .duplicatePage)
        /// The page's cursor is the one that it was asked for with.
        public static let repeatedCursor = Self(base: .repeatedCursor)
        /// The cursor of the request is refused; a request without one is answered.
        public static let expiredCursor = Self(base: .expiredCursor)
        /// 401, as for a missing permission.
        public static let forbidden = Self(base: .forbidden)
        /// The answer comes late, by ``SimulatedFaults/delay``.
        public static let slow = Self(base: .slow)

        public var description: String { base.rawValue }
    }

    /// Which calls are hit. Calls are counted from 1, for each rule among those to its path.
    public struct Occasion: Hashable, Sendable {
        enum Base: Hashable, Sendable {
            case calls(ClosedRange<Int>)
            case share(Int)
        }
        let base: Base
        /// Every call.
        public static let always = Self(base: .calls(1...Int.max))
        /// One call, by its number.
        public static func call(_ number: Int) -> Self { Self(base: .calls(number...number)) }
        /// Several calls in a row.
        public static func calls(_ numbers: ClosedRange<Int>) -> Self { Self(base: .calls(numbers)) }
        /// So many of a thousand calls, 0...1000, chosen by the world's seed and the call's number.
        public static func share(perMille: Int) -> Self { Self(base: .share(perMille)) }
    }

    struct Rule: Sendable, Hashable {
        var fault: Fault
        var occasion: Occasion
        var path: String
    }

    /// How late a ``Fault/slow`` answer comes; 30 seconds by default.
    public var delay: Duration = .seconds(30)
    private(set) var rules: [Rule] = []

    /// Nothing goes wrong.
    public init() {}

    /// Adds a rule.
    ///
    /// - Parameters:
    ///   - fault: What goes wrong.
    ///   - occasion: On which calls.
    ///   - path: The beginning of the paths that are hit; every path by default.
    public mutating func add(_ fault: Fault, on occasion: Occasion, path: String = "/") {
        rules.append(Rule(fault: fault, occasion: occasion, path: path))
    }
}

/// The faults of a running simulation: counts calls and says what hits each.
struct FaultState: Sendable {
    let faults: SimulatedFaults
    let seed: UInt64
    private var counts: [Int]

    init(_ faults: SimulatedFaults, seed: UInt64) {
        self.faults = faults
        self.seed = seed
        counts = Array(repeating: 0, count: faults.rules.count)
    }

    /// Counts a call and gives what hits it.
    mutating func faults(ofCallTo path: String) -> Set<SimulatedFaults.Fault> {
        var found: Set<SimulatedFaults.Fault> = []
        for (place, rule) in faults.rules.enumerated() where path.hasPrefix(rule.path) {
            counts[place] += 1
            switch rule.occasion.base {
            case .calls(let numbers): if numbers.contains(counts[place]) { found.insert(rule.fault) }
            case .share(let perMille):
                var random = SeededRandom(seed ^ UInt64(place) << 48, key: UInt64(counts[place]))
                if random.chance(perMille) { found.insert(rule.fault) }
            }
        }
        return found
    }
}
