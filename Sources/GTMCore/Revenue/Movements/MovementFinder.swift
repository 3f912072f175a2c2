#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// By what a bridge is split.
public enum MRRGrouping: String, Sendable, Hashable, CaseIterable {
    /// By the plan's name.
    case plan
    /// By who looks after the customer.
    case manager
}

/// Finds what moved a customer's recurring revenue: a pure function of the positions at both ends.
///
/// Each amount is told in steps that lead from the opening to the closing, so that they add up by their making: what was
/// reported → what is known of it now → at the closing's rates → what it became.
struct MovementFinder: Sendable {
    /// By what amounts are split.
    var grouping: MRRGrouping?
    /// How amounts are brought to the reporting currency; `nil` keeps each currency by itself.
    var conversion: MRRConversion?

    /// One customer's amounts of one currency, by plan or manager.
    private struct Steps {
        /// As reported at the start, as known at the end, that at the closing's rates, and what it became.
        var steps: [String?: [Grains]] = [:]

        mutating func add(_ amount: Grains, at place: Int, _ label: String?) {
            var amounts = steps[label] ?? [.zero, .zero, .zero, .zero]
            amounts[place] += amount
            steps[label] = amounts
        }

        func total(_ place: Int) -> Grains { steps.values.reduce(.zero) { $0 + $1[place] } }
    }

    /// One customer's amounts at both ends: as reported at the start, as known at the end of it, and at the end.
    struct Ends {
        var reported = Grains.zero
        var known = Grains.zero
        var closing = Grains.zero

        mutating func add(_ other: Ends) {
            reported += other.reported
            known += other.known
            closing += other.closing
        }
    }

    /// A currency's part of a plan or manager.
    struct Label: Hashable {
        var currency: Currency
        var label: String?
    }

    /// What a customer's bridge begins and ends with, by currency and plan or manager.
    func ends(of group: MovementGroup) -> [Label: Ends] {
        var ends: [Label: Ends] = [:]
        for (currency, steps) in amounts(of: group) {
            for (label, amounts) in steps.steps {
                ends[Label(currency: currency, label: label)] = Ends(
                    reported: amounts[0], known: amounts[1], closing: amounts[3])
            }
        }
        return ends
    }

    /// The currencies of which it matters whether the customer had paid in them before the start.
    func needsPast(_ group: MovementGroup) -> Set<Currency> {
        let before = Self.paid(group.base)
        return Self.paid(group.closing).subtracting(before)
    }

    /// The currencies in which something is paid.
    static func paid(_ positions: [MRRPosition]) -> Set<Currency> {
        Set(positions.flatMap { $0.lines ?? [] }.filter { $0.amount.count > 0 }.map(\.currency))
    }

    /// The sources whose first whole read decides what was there before: those that tell of somebody of whom nothing was
    /// known at the start, and had not been read by then.
    func sourcesToDate(_ group: MovementGroup, wasRead: (SourceID) -> Bool) -> [SourceID] {
        guard !group.opening.contains(where: { $0.lines != nil }) else { return [] }
        let tellers = group.closing.flatMap(\.tellers)
        return tellers.contains(where: wasRead) ? [] : tellers
    }

    /// The movements of one customer, none of them of nothing.
    ///
    /// - Parameters:
    ///   - group: The customer.
    ///   - paid: The currencies in which the customer had paid before the start, as known at the end.
    ///   - wasRead: Whether a source had been read whole at the start.
    func movements(of group: MovementGroup, paid: Set<Currency>, wasRead: (SourceID) -> Bool) -> [MRRMovement] {
        guard let key = group.key else { return [] }
        let isNewlyRead =
            group.firstRead != nil
            || !(group.closing + group.opening).contains { $0.tellers.contains(where: wasRead) }
        let wasReported = group.reported.contains { $0.lines != nil }
        // Who ended at the source is known to pay nothing; who belongs to nobody any more is not.
        let isKnown = group.closing.contains { $0.lines != nil }
        // Who was there without a word on money was nobody's payer; of whom there was a word, or had been, it was unknown.
        let wasUnknown =
            !group.base.isEmpty && !group.base.contains { $0.lines != nil }
            && (!paid.isEmpty || group.base.contains(where: \.hasBilling))
        var movements: [MRRMovement] = []
        for (currency, steps) in amounts(of: group).sorted(by: { $0.key < $1.key }) {
            func add(_ kind: MRRMovementKind, _ from: Int, _ to: Int) {
                for (label, amounts) in steps.steps where amounts[from] != amounts[to] {
                    movements.append(
                        MRRMovement(
                            customer: key, kind: kind, amount: (amounts[to] - amounts[from]).fraction,
                            currency: currency, group: label))
                }
            }
            // Who was there before anybody looked is no finding about the past.
            add(isNewlyRead && !wasReported ? .openingBalance : .restatement, 0, 1)
            add(.exchange, 1, 2)
            let (before, after) = (steps.total(2), steps.total(3))
            let hadPaid = conversion == nil ? paid.contains(currency) : !paid.isEmpty
            let kind = MRRMovementKind.between(before.fraction, after.fraction, hadPaid: hadPaid)
            if !isKnown {
                add(.noLongerKnown, 2, 3)
            } else if wasUnknown {
                add(.becameKnown, 2, 3)
            } else if let kind, kind != .expansion, kind != .contraction {
                add(kind, 2, 3)
            } else {
                split(steps, kind ?? .transfer, key, currency, into: &movements)
            }
        }
        return movements.sorted { ($0.currency, $0.group ?? "") < ($1.currency, $1.group ?? "") }
    }

    /// Shares out what a customer who goes on pays more or less: what went from one plan to another is transfer.
    private func split(
        _ steps: Steps, _ kind: MRRMovementKind, _ key: CustomerKey, _ currency: Currency,
        into movements: inout [MRRMovement]
    ) {
        let changes = steps.steps.map { (label: $0.key, change: $0.value[3] - $0.value[2]) }
            .filter { $0.change != .zero }.sorted { ($0.label ?? "") < ($1.label ?? "") }
        let total = changes.reduce(Grains.zero) { $0 + $1.change }
        let isUp = total.count >= 0
        let along = changes.filter { ($0.change.count > 0) == isUp }
        let whole = along.reduce(Grains.zero) { $0 + $1.change }
        var left = total
        for (label, change) in changes {
            var part = Grains.zero
            if (change.count > 0) == isUp, total != .zero {
                // The last one takes what is left, so that nothing is lost by sharing.
                part =
                    label == along.last?.label
                    ? left : Grains(count: Self.share(of: total.count, change.count, over: whole.count))
                left.count -= part.count
            }
            for (kind, amount) in [(kind, part), (.transfer, change - part)] where amount != .zero {
                movements.append(
                    MRRMovement(
                        customer: key, kind: kind, amount: amount.fraction, currency: currency, group: label))
            }
        }
    }

    /// `total × part / whole`, towards zero, where all have the same sign and `whole` is not zero.
    private static func share(of total: Int128, _ part: Int128, over whole: Int128) -> Int128 {
        let product = total.magnitude.multipliedFullWidth(by: part.magnitude)
        let quotient = whole.magnitude.dividingFullWidth(product).quotient
        return total < 0 ? -Int128(quotient) : Int128(quotient)
    }

    private func amounts(of group: MovementGroup) -> [Currency: Steps] {
        var amounts: [Currency: Steps] = [:]
        func add(_ positions: [MRRPosition], _ places: [(Int, isClosing: Bool)]) {
            for position in positions {
                for line in position.lines ?? [] {
                    let label: String? =
                        switch grouping {
                        case .plan: line.plan
                        case .manager: position.manager
                        case nil: nil
                        }
                    for (place, isClosing) in places {
                        guard let conversion else {
                            amounts[line.currency, default: Steps()].add(line.amount, at: place, label)
                            continue
                        }
                        // A position that cannot be converted was set aside before: see MRRConversion.covers(_:).
                        guard let converted = conversion.worth(of: line, isClosing: isClosing) else { continue }
                        amounts[conversion.currency, default: Steps()].add(converted, at: place, label)
                    }
                }
            }
        }
        add(group.reported, [(0, false)])
        add(group.base, [(1, false), (2, true)])
        add(group.closing, [(3, true)])
        return amounts
    }
}

/// How currencies are brought to the reporting currency at both ends of a period.
struct MRRConversion: Sendable {
    /// The reporting currency.
    var currency: Currency
    /// The rates in force at the start; `nil` where there are none yet.
    var opening: ExchangeRates.Table?
    /// The rates in force at the end.
    var closing: ExchangeRates.Table?

    /// What a line is worth; `nil` without a rate, or where it does not fit.
    func worth(of line: MRRPosition.Line, isClosing: Bool) -> Grains? {
        if line.currency == currency { return line.amount }
        let rate = (isClosing ? closing : opening)?.minorRate(from: line.currency, to: currency)
        return rate.flatMap(line.amount.fraction.multiplied(by:)).flatMap { Grains($0) }
    }

    /// Whether all of a position can be converted; what cannot is unknown and in no sum.
    func covers(_ position: MRRPosition) -> Bool {
        position.lines?.allSatisfy { worth(of: $0, isClosing: false) != nil && worth(of: $0, isClosing: true) != nil }
            ?? true
    }
}
