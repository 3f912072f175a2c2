/// Points by what is measured: straight between the knots, flat outside them.
public struct Curve: Sendable, Hashable {
    /// A point of a curve.
    public struct Knot: Sendable, Hashable {
        /// What is measured.
        public var input: Int64
        /// Points, 0...100.
        public var points: Int64
    }

    /// The most knots that a curve can have.
    public static let maximumKnots = 8

    // Lanes and not arrays: a curve is looked at for each customer, by many tasks at once.
    private var inputs = SIMD8<Int64>()
    private var points = SIMD8<Int64>()
    private let count: Int

    /// Creates a curve.
    ///
    /// - Parameter knots: What is measured, rising, with the points that it gives, 0...100.
    /// - Returns: `nil` without knots, with more than ``maximumKnots``, where inputs do not rise, or where points lie
    ///   outside 0...100.
    public init?(_ knots: [(input: Int64, points: Int64)]) {
        guard (1...Self.maximumKnots).contains(knots.count),
            zip(knots, knots.dropFirst()).allSatisfy({ $0.input < $1.input }),
            knots.allSatisfy({ (0...100).contains($0.points) })
        else { return nil }
        self.init(lanes: knots)
    }

    /// A curve whose knots are known to be in order.
    init(known knots: (Int64, Int64)...) { self.init(lanes: knots) }

    private init(lanes knots: [(Int64, Int64)]) {
        count = knots.count
        for (place, knot) in knots.enumerated() {
            inputs[place] = knot.0
            points[place] = knot.1
        }
    }

    /// The knots, in order of their inputs.
    public var knots: [Knot] { (0..<count).map { Knot(input: inputs[$0], points: points[$0]) } }

    /// Whether more of what is measured never gives fewer points, or never more.
    public var isMonotone: Bool {
        let points = knots.map(\.points)
        return points == points.sorted() || points == points.sorted(by: >)
    }

    /// Thousandths of a point for a whole number.
    public func thousandths(at input: Int) -> Int {
        // Most of what is measured is small; then 64 bits do, at a tenth of the time.
        guard input.magnitude < 1 << 31 else { return thousandths(at: Int128(input), over: 1) }
        return small(Int64(input), over: 1)
    }

    /// Thousandths of a point for a fraction, rounded to the nearest, halves away from zero.
    public func thousandths(at input: Fraction) -> Int {
        guard input.numerator.magnitude < 1 << 31, input.denominator < 1 << 16 else {
            return thousandths(at: input.numerator, over: input.denominator)
        }
        return small(Int64(input.numerator), over: Int64(input.denominator))
    }

    /// The same as below in 64 bits, for a number up to 2^31 over one up to 2^16; knots far out go the long way.
    private func small(_ above: Int64, over below: Int64) -> Int {
        var place = 0
        while place < count {
            let knot = inputs[place]
            guard knot.magnitude < 1 << 31 else { return thousandths(at: Int128(above), over: Int128(below)) }
            guard above >= knot * below else { break }
            place += 1
        }
        guard place > 0 else { return Int(points[0] * 1000) }
        guard place < count else { return Int(points[count - 1] * 1000) }
        let (left, right) = (inputs[place - 1], inputs[place])
        let rise = points[place] - points[place - 1]
        // At most 2^47 × 100 × 1000 < 2^64, halved by the sign: checked all the same.
        let (run, isTooLong) = (above - left * below).multipliedReportingOverflow(by: rise * 1000)
        guard !isTooLong else { return thousandths(at: Int128(above), over: Int128(below)) }
        let length = (right - left) * below
        let (whole, rest) = run.quotientAndRemainder(dividingBy: length)
        let up = rest.magnitude * 2 >= length.magnitude
        return Int(points[place - 1] * 1000 + whole + (up ? run.signum() : 0))
    }

    private func thousandths(at above: Int128, over below: Int128) -> Int {
        var place = 0
        while place < count, Self.isAtLeast(above, Int128(inputs[place]), below) { place += 1 }
        guard place > 0 else { return Int(points[0] * 1000) }
        guard place < count else { return Int(points[count - 1] * 1000) }
        let (left, right) = (inputs[place - 1], inputs[place])
        let rise = Int128(points[place] - points[place - 1])
        // A denominator of more than 2^40 says nothing at this grain, and without its low bits everything fits.
        let excess = max(0, 88 - below.leadingZeroBitCount)
        let (above, below) = (above >> excess, max(1, below >> excess))
        let run = (above - Int128(left) * below) * rise * 1000
        let length = (Int128(right) - Int128(left)) * below
        let (whole, rest) = run.quotientAndRemainder(dividingBy: length)
        let up = rest.magnitude * 2 >= length.magnitude
        return min(max(Int(points[place - 1] * 1000) + Int(whole + (up ? run.signum() : 0)), 0), 100_000)
    }

    /// Whether `above / below` is a knot at least; a product that does not fit is larger than any number above.
    private static func isAtLeast(_ above: Int128, _ knot: Int128, _ below: Int128) -> Bool {
        let (product, isTooLarge) = knot.multipliedReportingOverflow(by: below)
        return isTooLarge ? knot < 0 : above >= product
    }
}
