/// A profile laid out flat: scoring looks at it through spans, so that it counts no references. Many tasks score by one
/// profile at once, and would get into each other's way.
struct ScorePlan: Sendable {
    /// One thing measured, with the component that it belongs to.
    struct Part: Sendable {
        var measure: HealthMeasure
        var share: Int32
        /// Where its knots lie among all.
        var firstKnot: Int32
        var knotCount: Int32
        /// The weight of its component.
        var weight: Int32
        /// Whether it is its component's only one.
        var isAlone: Bool
        /// Whether it is the last part of its component.
        var isLast: Bool
    }

    /// The parts of all components, in order.
    let parts: [Part]
    /// The knots of all parts, in order.
    let knots: [Curve.FlatKnot]
    private(set) var totalWeight = 0
    private(set) var minimumCoverage: Int
    /// Thousandths that a component counts of which nothing is known; `nil` where it is left out.
    private(set) var missing: Int?

    private(set) var paymentPoints: PaymentPoints
    private(set) var delinquentPoints: Int
    private(set) var inactiveDays: Int

    /// Signals that the profile tells of.
    private(set) var told: RiskSignals = []
    /// Thousandths taken off, by the place of the signal.
    let penalties: [Int32]

    /// A status and the score that earns it.
    struct Band: Sendable {
        /// The lowest score in thousandths.
        var floor: Int32
        var status: HealthStatus
        /// Whether somebody has to look after its customers.
        var isRisk: Bool
    }

    /// From the best down.
    let bands: [Band]

    /// A signal that limits the status.
    struct Cap: Sendable {
        /// The place of the signal.
        var signal: UInt8
        /// The place of the band; `nil` where it is none of the profile's.
        var band: Int?
    }

    let caps: [Cap]

    /// Lays out a profile that has no ``HealthProfile/problem``.
    init(_ profile: HealthProfile) {
        minimumCoverage = profile.minimumCoverage
        if case .points(let points) = profile.missingData { missing = points * 1000 }
        paymentPoints = profile.paymentPoints
        delinquentPoints = profile.delinquentPaymentPoints
        inactiveDays = profile.inactiveDays
        var parts: [Part] = []
        var knots: [Curve.FlatKnot] = []
        for component in profile.components {
            totalWeight += component.weight
            for (number, part) in component.parts.enumerated() {
                let flat = part.curve.flat
                parts.append(
                    Part(
                        measure: part.measure, share: Int32(part.share), firstKnot: Int32(knots.count),
                        knotCount: Int32(flat.count), weight: Int32(component.weight),
                        isAlone: component.parts.count == 1,
                        isLast: number == component.parts.count - 1))
                knots += flat
            }
        }
        (self.parts, self.knots) = (parts, knots)
        for rule in profile.signals { told.insert(RiskSignals(rule.kind)) }
        var penalties = [Int32](repeating: 0, count: RiskSignal.Kind.count)
        for penalty in profile.penalties { penalties[penalty.signal.place] += Int32(penalty.points * 1000) }
        self.penalties = penalties
        bands = profile.bands.map {
            Band(floor: Int32($0.from * 1000), status: $0.status, isRisk: $0.countsAs != nil)
        }
        caps = profile.caps.map { cap in
            Cap(signal: UInt8(cap.signal.place), band: profile.bands.firstIndex { $0.status == cap.status })
        }
    }
}
