/// A profile laid out flat, so that scoring follows no reference and counts none: many tasks score by one profile at once.
struct ScorePlan: Sendable {
    /// One thing measured, with the component that it belongs to.
    struct Part: Sendable {
        var measure = HealthMeasure.daysSinceSeen
        var share = 0
        var curve = Curve(known: (0, 0))
        /// How many parts the component has.
        var siblings = 1
        /// Whether it is the last part of its component.
        var isLast = true
    }

    private(set) var parts = Sixteen(repeating: Part())
    private(set) var partCount = 0
    /// The weights of the components.
    private(set) var weights = SIMD16<Int32>()
    private(set) var totalWeight = 0
    private(set) var minimumCoverage: Int
    /// Thousandths that a component counts of which nothing is known; `nil` where it is left out.
    private(set) var missing: Int?

    private(set) var paymentPoints: PaymentPoints
    private(set) var delinquentPoints: Int
    private(set) var inactiveDays: Int

    /// Signals that the profile tells of.
    private(set) var told: RiskSignals = []
    /// Thousandths taken off, by signal.
    private(set) var penalties = SIMD8<Int32>()

    /// The lowest score of each band in thousandths, its status, and whether it is at risk.
    private(set) var bandFloors = SIMD8<Int32>()
    private(set) var bandStatuses = SIMD8<UInt8>()
    private(set) var bandRisks: UInt8 = 0
    private(set) var bandCount = 0
    /// The signals that limit the status, in order, and the band that each limits it to; 255 for none of the profile's.
    private(set) var caps = SIMD8<UInt8>()
    private(set) var capBands = SIMD8<UInt8>()
    private(set) var capCount = 0

    /// Lays out a profile that has no ``HealthProfile/problem``.
    init(_ profile: HealthProfile) {
        minimumCoverage = profile.minimumCoverage
        if case .points(let points) = profile.missingData { missing = points * 1000 }
        paymentPoints = profile.paymentPoints
        delinquentPoints = profile.delinquentPaymentPoints
        inactiveDays = profile.inactiveDays
        for (place, component) in profile.components.enumerated() {
            weights[place] = Int32(component.weight)
            totalWeight += component.weight
            for (number, part) in component.parts.enumerated() {
                parts[partCount] = Part(
                    measure: part.measure, share: part.share, curve: part.curve, siblings: component.parts.count,
                    isLast: number == component.parts.count - 1)
                partCount += 1
            }
        }
        for rule in profile.signals { told.insert(RiskSignals(rule.kind)) }
        for penalty in profile.penalties { penalties[penalty.signal.place] += Int32(penalty.points * 1000) }
        for (place, band) in profile.bands.enumerated() {
            bandFloors[place] = Int32(band.from * 1000)
            bandStatuses[place] = band.status.number
            if band.countsAs != nil { bandRisks |= 1 << UInt8(place) }
        }
        bandCount = profile.bands.count
        for (place, cap) in profile.caps.prefix(8).enumerated() {
            caps[place] = UInt8(cap.signal.place)
            capBands[place] = profile.bands.firstIndex { $0.status == cap.status }.map(UInt8.init) ?? 255
            capCount = place + 1
        }
    }
}

/// Sixteen values in line.
struct Sixteen<Element> {
    private var first: Eight<Element>
    private var second: Eight<Element>

    init(repeating value: Element) {
        first = Eight(repeating: value)
        second = first
    }

    subscript(_ place: Int) -> Element {
        @inline(__always) get { place < 8 ? first[place] : second[place - 8] }
        set { if place < 8 { first[place] = newValue } else { second[place - 8] = newValue } }
    }
}

extension Sixteen: Sendable where Element: Sendable {}

/// Eight values in line.
private struct Eight<Element> {
    private var a, b, c, d, e, f, g, h: Element

    init(repeating value: Element) {
        (a, b, c, d, e, f, g, h) = (value, value, value, value, value, value, value, value)
    }

    subscript(_ place: Int) -> Element {
        @inline(__always) get {
            switch place {
            case 0: a
            case 1: b
            case 2: c
            case 3: d
            case 4: e
            case 5: f
            case 6: g
            default: h
            }
        }
        set {
            switch place {
            case 0: a = newValue
            case 1: b = newValue
            case 2: c = newValue
            case 3: d = newValue
            case 4: e = newValue
            case 5: f = newValue
            case 6: g = newValue
            default: h = newValue
            }
        }
    }
}

extension Eight: Sendable where Element: Sendable {}
