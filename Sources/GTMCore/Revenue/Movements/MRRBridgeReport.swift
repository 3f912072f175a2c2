#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// What is asked of a bridge.
public struct MRRBridgeQuery: Sendable, Hashable {
    /// Borders of the periods, at least two: each period runs from one to the next.
    public var borders: [Date]
    /// By what amounts are split; `nil` for the whole alone.
    public var grouping: MRRGrouping?
    /// What is taken as known: `nil` takes for each border what was known then, so that figures reported at the time are
    /// met again and later knowledge shows as restatement; a moment tells the whole past as known at that moment.
    public var knownAt: Date?
    /// Whether amounts are brought to the reporting currency, which needs exchange rates; else each currency is by itself.
    public var isConverted: Bool

    /// Asks for periods between borders.
    public init(borders: [Date], grouping: MRRGrouping? = nil, knownAt: Date? = nil, isConverted: Bool = false) {
        self.borders = borders
        self.grouping = grouping
        self.knownAt = knownAt
        self.isConverted = isConverted
    }

    /// The borders of calendar months (UTC): the first moment of each month within the stretch, and its two ends.
    ///
    /// - Parameters:
    ///   - start: The first moment.
    ///   - end: The last one; not after `start` gives no period.
    public static func months(from start: Date, to end: Date) -> [Date] {
        var borders = [start]
        var day = Timestamp.civil(start)
        while true {
            let (year, month) = day.month == 12 ? (day.year + 1, 1) : (day.year, day.month + 1)
            guard let first = CivilDate(year: year, month: month, day: 1), Timestamp.date(first) < end else { break }
            borders.append(Timestamp.date(first))
            day = first
        }
        if let last = borders.last, end > last { borders.append(end) }
        return borders
    }
}

/// Bridges of one or more periods, one after the other.
public struct MRRBridgeReport: Sendable, Hashable {
    /// One period.
    public struct Period: Sendable, Hashable {
        /// The first moment.
        public var start: Date
        /// The first moment after it.
        public var end: Date
        /// The whole, one bridge a currency in order of the codes.
        public var bridges: [MRRBridge]
        /// The parts, where the bridge is by plan or manager: by name, the nameless last.
        public var groups: [Group]
        /// Every customer's movements.
        public var movements: [MRRMovement]
        /// The day of the rates at which the opening was converted; `nil` where nothing was, or there were none yet.
        public var openingRates: Date?
        /// The day of the rates at which the closing was converted.
        public var closingRates: Date?
    }

    /// One plan's or manager's part of a period.
    public struct Group: Sendable, Hashable {
        /// The name; `nil` where there is none.
        public var name: String?
        /// One bridge a currency.
        public var bridges: [MRRBridge]
    }

    /// The policy by which revenue counts, and its version: `active-only v1`.
    public var policy: String
    /// The periods, in order.
    public var periods: [Period]
}

/// Adds up movements to bridges.
struct BridgeBuilder {
    private struct Place: Hashable {
        var currency: Currency
        var group: String?
    }
    private struct Kind: Hashable {
        var kind: MRRMovementKind
        var currency: Currency
    }
    private struct Tally {
        var opening = Grains.zero
        var closing = Grains.zero
        var amounts: [MRRMovementKind: Grains] = [:]
        var customers: [MRRMovementKind: Int] = [:]
        var openingCustomers = 0
        var closingCustomers = 0
    }

    let start: Date
    let end: Date
    let finder: MovementFinder
    private var wholes: [Currency: Tally] = [:]
    private var parts: [Place: Tally] = [:]
    private var unknown = 0
    private var movements: [MRRMovement] = []

    init(from start: Date, to end: Date, _ finder: MovementFinder) {
        self.start = start
        self.end = end
        self.finder = finder
    }

    mutating func add(_ group: MovementGroup, _ found: [MRRMovement]) {
        movements += found
        if !group.closing.isEmpty, !group.closing.contains(where: { $0.lines != nil }) { unknown += 1 }
        var totals: [Currency: MovementFinder.Ends] = [:]
        for (place, amounts) in finder.ends(of: group) {
            totals[place.currency, default: .init()].add(amounts)
            guard finder.grouping != nil else { continue }
            Self.count(amounts, in: &parts[Place(currency: place.currency, group: place.label), default: Tally()])
        }
        // A customer of several plans is one customer.
        for (currency, amounts) in totals { Self.count(amounts, in: &wholes[currency, default: Tally()]) }
        var counted: Set<Kind> = []
        for movement in found {
            guard let grains = Grains(movement.amount) else { continue }
            wholes[movement.currency, default: Tally()].amounts[movement.kind, default: .zero] += grains
            let kind = Kind(kind: movement.kind, currency: movement.currency)
            if movement.kind != .transfer, counted.insert(kind).inserted {
                wholes[movement.currency, default: Tally()].customers[movement.kind, default: 0] += 1
            }
            guard finder.grouping != nil else { continue }
            let part = Place(currency: movement.currency, group: movement.group)
            parts[part, default: Tally()].amounts[movement.kind, default: .zero] += grains
            parts[part, default: Tally()].customers[movement.kind, default: 0] += 1
        }
    }

    private static func count(_ amounts: MovementFinder.Ends, in tally: inout Tally) {
        tally.opening += amounts.reported
        tally.closing += amounts.closing
        if amounts.known.count > 0 { tally.openingCustomers += 1 }
        if amounts.closing.count > 0 { tally.closingCustomers += 1 }
    }

    var period: MRRBridgeReport.Period {
        let names = Set(parts.keys.map(\.group))
        let groups = names.sorted { ($0 == nil ? 1 : 0, $0 ?? "") < ($1 == nil ? 1 : 0, $1 ?? "") }
        return MRRBridgeReport.Period(
            start: start, end: end, bridges: wholes.sorted { $0.key < $1.key }.map { bridge($0.key, $0.value) },
            groups: groups.map { name in
                MRRBridgeReport.Group(
                    name: name,
                    bridges: parts.filter { $0.key.group == name }.sorted { $0.key.currency < $1.key.currency }
                        .map { bridge($0.key.currency, $0.value) })
            }, movements: movements,
            openingRates: finder.conversion?.opening?.date, closingRates: finder.conversion?.closing?.date)
    }

    private func bridge(_ currency: Currency, _ tally: Tally) -> MRRBridge {
        var bridge = MRRBridge(
            from: start, to: end, currency: currency, opening: tally.opening.fraction,
            amounts: tally.amounts.filter { $0.value != .zero }.mapValues(\.fraction), customers: tally.customers,
            openingCustomers: tally.openingCustomers)
        // Counted by itself, so that a remainder would show.
        bridge.closing = tally.closing.fraction
        bridge.closingCustomers = tally.closingCustomers
        bridge.unknownCustomers = unknown
        return bridge
    }
}
