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

    /// The farthest that a knot can lie from 0.
    public static let farthestInput: Int64 = 1_000_000_000

    /// A point of a curve, as short as it can be kept.
    struct FlatKnot: Sendable, Hashable {
        var input: Int32
        var points: Int32
    }

    let flat: [FlatKnot]

    /// Creates a curve.
    ///
    /// - Parameter knots: What is measured, rising, with the points that it gives, 0...100.
    /// - Returns: `nil` without knots, with more than ``maximumKnots``, where inputs do not rise or lie farther from 0 than
    ///   ``farthestInput``, or where points lie outside 0...100.
    public init?(_ knots: [(input: Int64, points: Int64)]) {
        guard (1...Self.maximumKnots).contains(knots.count),
            zip(knots, knots.dropFirst()).allSatisfy({ $0.input < $1.input }),
            knots.allSatisfy({ $0.input.magnitude <= Self.farthestInput && (0...100).contains($0.points) })
        else { return nil }
        self.init(flat: knots)
    }

    /// A curve whose knots are known to be in order.
    init(known knots: (Int64, Int64)...) { self.init(flat: knots) }

    private init(flat knots: [(Int64, Int64)]) {
        flat = knots.map { FlatKnot(input: Int32(clamping: $0.0), points: Int32(clamping: $0.1)) }
    }

    /// The knots, in order of their inputs.
    public var knots: [Knot] { flat.map { Knot(input: Int64($0.input), points: Int64($0.points)) } }

    /// Whether more of what is measured never gives fewer points, or never more.
    public var isMonotone: Bool {
        let points = knots.map(\.points)
        return points == points.sorted() || points == points.sorted(by: >)
    }

    /// Thousandths of a point for a whole number, rounded to the nearest, halves away from zero.
    public func thousandths(at input: Int) -> Int { flat.span.thousandths(at: input) }

    /// Thousandths of a point for a fraction, rounded to the nearest, halves away from zero.
    public func thousandths(at input: Fraction) -> Int { flat.span.thousandths(at: input) }
}

/// The one evaluation of curves, over knots wherever they lie: one or more, their inputs rising.
extension Span<Curve.FlatKnot> {
    @inline(__always)
    func thousandths(at input: Int) -> Int {
        // Outside the knots it is flat.
        let whole = Swift.min(Swift.max(input, -Self.beyond), Self.beyond)
        let place = place(of: whole)
        guard place > 0, place < count else { return end(place) }
        return between(place, Int64(whole) - Int64(self[place - 1].input), over: 1)
    }

    @inline(__always)
    func thousandths(at input: Fraction) -> Int {
        // Most fractions are small; then 64 bits do, at a tenth of the time.
        guard let above = Int32(exactly: input.numerator), let below = Int32(exactly: input.denominator) else {
            return thousandths(atLong: input)
        }
        let (quotient, rest) = above.quotientAndRemainder(dividingBy: below)
        let place = place(of: Int(rest < 0 ? quotient - 1 : quotient))
        guard place > 0, place < count else { return end(place) }
        return between(place, Int64(above) - Int64(self[place - 1].input) * Int64(below), over: Int64(below))
    }

    private static var beyond: Int { Int(Curve.farthestInput) + 1 }

    /// How many knots lie at a whole number or below it: also for every fraction from it up to the next, since knots are
    /// whole.
    @inline(__always)
    private func place(of whole: Int) -> Int {
        var place = 0
        while place < count, Int(self[place].input) <= whole { place += 1 }
        return place
    }

    /// Thousandths before the first knot or behind the last.
    @inline(__always)
    private func end(_ place: Int) -> Int { Int(self[place > 0 ? count - 1 : 0].points) * 1000 }

    /// Thousandths between the knot before a place and the one at it, `run / below` behind the one before.
    @inline(__always)
    private func between(_ place: Int, _ run: Int64, over below: Int64) -> Int {
        let (left, right) = (self[place - 1], self[place])
        // A run is shorter than 2^31 × 2^31, a rise at most 100,000 thousandths: seldom too long for 64 bits.
        let rise = Int64(right.points - left.points) * 1000
        let (product, isTooLong) = run.multipliedReportingOverflow(by: rise)
        guard !isTooLong else { return long(place - 1, Int128(run), over: Int128(below)) }
        let length = Int64(right.input - left.input) * below
        let (whole, rest) = product.quotientAndRemainder(dividingBy: length)
        let up = rest.magnitude >= length.magnitude - rest.magnitude
        return Int(Int64(left.points) * 1000 + whole + (up ? product.signum() : 0))
    }

    // MARK: Fractions beyond 32 bits

    @inline(never)
    private func thousandths(atLong input: Fraction) -> Int {
        let (quotient, rest) = input.numerator.quotientAndRemainder(dividingBy: input.denominator)
        let floor = rest < 0 ? quotient - 1 : quotient
        let place = place(of: Int(Swift.min(Swift.max(floor, -Int128(Self.beyond)), Int128(Self.beyond))))
        guard place > 0, place < count else { return end(place) }
        // How far behind the knot: so many whole ones, and what is left over of the fraction.
        let over = rest < 0 ? rest + input.denominator : rest
        // A denominator beyond 2^40 says nothing at this grain; without its low bits everything fits.
        let excess = Swift.max(0, 88 - input.denominator.leadingZeroBitCount)
        let below = Swift.max(1, input.denominator >> excess)
        return long(place - 1, (floor - Int128(self[place - 1].input)) * below + (over >> excess), over: below)
    }

    @inline(never)
    private func long(_ left: Int, _ run: Int128, over below: Int128) -> Int {
        let rise = Int128(self[left + 1].points - self[left].points) * 1000
        let length = Int128(self[left + 1].input - self[left].input) * below
        let (whole, rest) = (run * rise).quotientAndRemainder(dividingBy: length)
        let up = rest.magnitude >= length.magnitude - rest.magnitude
        return Int(self[left].points) * 1000 + Int(whole + (up ? rise.signum() : 0))
    }
}
