#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Proof {
    /// The value computed anew from the leaves alone, whatever the steps above them say.
    ///
    /// - Returns: `nil` where the leaves do not fit the steps, or a number does not fit.
    public func replayed() -> ProofValue? {
        switch basis {
        case .told, .ruled, .asked, .open: return value
        case .correction: return value  // Has a meaning within its sum alone, which replays it.
        case .sum: return replayedSum()
        case .sideBySide: return replayedSideBySide()
        case .count: return value.holding(Fraction(Int64(parts.count)))
        case .any: return replayedAny()
        case .first: return parts.first?.replayed()
        case .days, .months: return replayedSpan()
        case .majorUnits:
            guard case .amount(let amount, let currency)? = parts.first?.replayed() else { return nil }
            return amount.multiplied(by: 1, over: currency.minorUnitsPerUnit).map { value.holding($0) }
        case .curve(let curve):
            return numbers()?.first.map { .thousandths(curve.thousandths(at: $0)) }
        case .product:
            return fold { $0.multiplied(by: $1) }
        case .quotient:
            guard parts.count == 2 else { return nil }
            return fold { $0.divided(by: $1) }
        case .least: return fold { min($0, $1) }
        case .greatest: return fold { max($0, $1) }
        }
    }

    private func numbers() -> [Fraction]? {
        var numbers: [Fraction] = []
        for part in parts {
            guard let number = part.replayed()?.exact else { return nil }
            numbers.append(number)
        }
        return numbers
    }

    private func fold(_ combine: (Fraction, Fraction) -> Fraction?) -> ProofValue? {
        guard let numbers = numbers(), var result = numbers.first else { return nil }
        for number in numbers.dropFirst() {
            guard let next = combine(result, number) else { return nil }
            result = next
        }
        return value.holding(result)
    }

    private func replayedSum() -> ProofValue? {
        var sum = Fraction.zero
        for part in parts {
            if case .correction(let correction) = part.basis {
                guard let corrected = correction.applied(to: sum) else { return nil }
                sum = corrected
                continue
            }
            guard let replayed = part.replayed() else { return nil }
            // What is unknown is in no sum; the parts show it.
            guard let number = replayed.exact else { continue }
            guard let next = sum.addingCoarsely(number) else { return nil }
            sum = next
        }
        return value.holding(sum)
    }

    private func replayedSideBySide() -> ProofValue? {
        guard case .amounts = value else { return value }
        var totals = CurrencyTotals()
        for part in parts {
            guard case .amount(let number, let currency)? = part.replayed() else { continue }
            guard totals.add(number, currency) else { return nil }
        }
        return .amounts(totals)
    }

    private func replayedAny() -> ProofValue? {
        var unknown: UnknownReason?
        for part in parts {
            switch part.replayed() {
            case .flag(true): return .flag(true)
            case .unknown(let reason): unknown = unknown ?? reason
            case nil: return nil
            default: break
            }
        }
        return unknown.map { .unknown($0) } ?? .flag(false)
    }

    private func replayedSpan() -> ProofValue? {
        guard parts.count == 2, case .moment(let from)? = parts[0].replayed(),
            case .moment(let to)? = parts[1].replayed()
        else { return nil }
        let span = basis == .days ? Timestamp.daysBetween(from, to) : Timestamp.wholeMonths(from: from, to: to)
        return .number(max(0, span))
    }
}

extension Proof {
    /// One term of a sum, with its place in the tree.
    public struct Term: Sendable, Hashable {
        /// The names of the steps from the root's parts down to the term.
        public var path: [String]
        /// The term.
        public var proof: Proof
    }

    /// The terms that add up to the value exactly: sums are opened, everything else is one term.
    ///
    /// Of amounts side by side, the terms of each; terms of one currency add up to the amount of that currency. What is
    /// unknown is no term. A step of the same name as one before it in the same place gets a number: `discount #2`.
    public var terms: [Term] {
        var terms: [Term] = []
        collect([], into: &terms)
        return terms
    }

    private func collect(_ path: [String], into terms: inout [Term]) {
        guard basis == .sum || basis == .sideBySide else {
            if value.exact != nil { terms.append(Term(path: path, proof: self)) }
            return
        }
        var seen: [String: Int] = [:]
        for part in parts {
            let number = seen[part.name, default: 0] + 1
            seen[part.name] = number
            part.collect(path + [number > 1 ? "\(part.name) #\(number)" : part.name], into: &terms)
        }
    }

    /// The leaves, in order: what records tell and what rules fix.
    public var leaves: [Proof] {
        parts.isEmpty ? [self] : parts.flatMap(\.leaves)
    }
}
