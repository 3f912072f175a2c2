/// A price by steps: what a unit costs depends on how many are bought.
public struct Tiering: Sendable, Hashable {
    /// How the steps are read; the words are Stripe's.
    public enum Mode: String, Sendable, Hashable, CaseIterable {
        /// Each step prices the units that fall into it, and costs its flat amount once a unit reaches it.
        case graduated
        /// The step that holds the whole quantity prices all units, and costs its flat amount.
        case volume
    }

    /// One step.
    public struct Tier: Sendable, Hashable {
        /// The last unit of the step; `nil` for no end.
        public var upTo: Int64?
        /// The price of a unit, in exact minor units; `nil` for nothing by the unit.
        public var unitAmount: Fraction?
        /// What the step costs besides, in exact minor units; `nil` for nothing.
        public var flatAmount: Fraction?

        /// Creates a step.
        ///
        /// - Parameters:
        ///   - upTo: The last unit of the step; `nil` for no end.
        ///   - unitAmount: The price of a unit, in exact minor units.
        ///   - flatAmount: What the step costs besides, in exact minor units.
        public init(upTo: Int64?, unitAmount: Fraction?, flatAmount: Fraction? = nil) {
            self.upTo = upTo
            self.unitAmount = unitAmount
            self.flatAmount = flatAmount
        }
    }

    /// How the steps are read.
    public var mode: Mode
    /// The steps, from the first unit on. A quantity beyond the last one has no price and is unknown.
    public var tiers: [Tier]

    /// Creates a price by steps.
    public init(_ mode: Mode, _ tiers: [Tier]) {
        self.mode = mode
        self.tiers = tiers
    }
}

/// A price by the package: the quantity is divided before it is priced.
public struct TransformQuantity: Sendable, Hashable {
    /// What becomes of a package that is not full; the words are Stripe's.
    public enum Rounding: String, Sendable, Hashable, CaseIterable {
        case up, down
    }

    /// Units in a package, at least 1.
    public let divideBy: Int64
    /// What becomes of a package that is not full.
    public let round: Rounding

    /// Creates a package; `nil` for one of less than a unit.
    public init?(divideBy: Int64, round: Rounding) {
        guard divideBy >= 1 else { return nil }
        self.divideBy = divideBy
        self.round = round
    }

    /// The packages that are billed.
    func packages(of quantity: Int64) -> Int64 {
        let (whole, rest) = quantity.quotientAndRemainder(dividingBy: divideBy)
        switch round {
        case .up: return rest > 0 ? whole + 1 : whole
        case .down: return rest < 0 ? whole - 1 : whole
        }
    }
}

/// A tax that a price already contains.
public struct InclusiveTax: Sendable, Hashable {
    /// All inclusive rates together, as a fraction of the price without them: 19 % is 19/100. `nil` where it is not told.
    public var rate: Fraction?

    /// Creates a tax.
    public init(rate: Fraction?) { self.rate = rate }
}
