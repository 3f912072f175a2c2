#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What is added up of a customer's subscriptions.
struct RevenueTally<Trace: StepTracer> {
    var trace: Trace
    var expiry: Expiry
    var totals = CurrencyTotals()
    /// Subscriptions that count.
    var count = 0
    /// Lines and subscriptions of which nothing can be said.
    var unknown = 0
    /// Lines that count and are known, be it that they are nothing.
    var known = 0
    /// Lines with a tax in them that cannot be taken out.
    var taxed = 0
    /// Whether an amount was too large for any sum.
    var isOutOfRange = false
    /// The line that brings the most, with what it brings.
    var main: (subscription: Int, item: Int, mrr: Fraction, currency: Currency, rank: MainRank)?

    init(_ trace: Trace, asOf expiry: Expiry) {
        self.trace = trace
        self.expiry = expiry
    }
}

/// How much a line brings, compared with others: what can be told in the reporting currency comes first.
struct MainRank: Comparable {
    var isComparable: Bool
    var currency: Currency
    var amount: Fraction

    static func < (left: MainRank, right: MainRank) -> Bool {
        if left.isComparable != right.isComparable { return right.isComparable }
        if !left.isComparable, left.currency != right.currency { return left.currency > right.currency }
        return left.amount < right.amount
    }
}

extension MRRPolicy {
    /// Adds one subscription.
    ///
    /// - Parameters:
    ///   - source: The subscription.
    ///   - number: Its place in the list.
    ///   - tally: What it is added to.
    ///   - rank: How a line of so much in a currency compares with others.
    func add<Trace: StepTracer>(
        _ source: Sourced<Subscription>, _ number: Int, to tally: inout RevenueTally<Trace>,
        rank: (Fraction, Currency) -> MainRank
    ) {
        tally.trace.open()
        defer {
            tally.trace.close {
                Proof(source.title(number), .text(source.value.status?.rawValue ?? ""), .sideBySide, parts: $0)
            }
        }
        switch standing(of: source.value, &tally.expiry) {
        case .unknown(let cause):
            // Whether it counts cannot be told, so neither can its value.
            tally.unknown += 1
            tally.trace.add { source.unknownProof(cause, self) }
        case .not(let cause):
            for item in source.value.items {
                guard let currency = item.currency else { continue }
                _ = tally.totals.add(.zero, currency)
            }
            if Trace.isOn {
                let currencies = Set(source.value.items.compactMap(\.currency)).sorted()
                for currency in currencies { tally.trace.add { source.nothingProof(cause, self, currency) } }
                if currencies.isEmpty { tally.trace.add { source.nothingProof(cause, self, nil) } }
            }
        case .counts:
            addLines(of: source, number, to: &tally, rank)
        }
    }

    private func addLines<Trace: StepTracer>(
        of source: Sourced<Subscription>, _ number: Int, to tally: inout RevenueTally<Trace>,
        _ rank: (Fraction, Currency) -> MainRank
    ) {
        let items = source.value.items
        let (before, wasOutOfRange) = (tally.unknown, tally.isOutOfRange)
        tally.isOutOfRange = false
        if items.isEmpty { tally.unknown += 1 }
        let shared = SharedDiscounts<Trace>(source, self, &tally.expiry)
        var lines: [SharedDiscounts<Trace>.Line] = []
        var brings = false
        for place in items.indices {
            let pricer = LinePricer<Trace>(policy: self, source: source, place: place)
            guard let currency = items[place].currency, let interval = items[place].interval else {
                tally.unknown += 1
                tally.trace.add { pricer.unknownProof(.notReported) }
                continue
            }
            switch pricer.price(currency, &tally.expiry) {
            case .unknown(let reason):
                tally.unknown += 1
                tally.trace.add { pricer.unknownProof(reason) }
            case .outOfRange:
                tally.isOutOfRange = true
                tally.trace.add { pricer.unknownProof(.outOfRange) }
            case .priced(let term):
                if shared == nil {
                    brings = add(term, pricer, (currency, interval), number, to: &tally, rank) || brings
                } else {
                    lines.append(.init(place: place, currency: currency, interval: interval, term: term))
                }
            }
        }
        if !lines.isEmpty, shared?.takeOff(&lines) == false {
            tally.isOutOfRange = true
            lines = []
        }
        for line in lines {
            let pricer = LinePricer<Trace>(policy: self, source: source, place: line.place)
            brings = add(line.term, pricer, (line.currency, line.interval), number, to: &tally, rank) || brings
        }
        // What is unknown may well bring something.
        if countsFree || brings || tally.unknown > before || tally.isOutOfRange { tally.count += 1 }
        tally.isOutOfRange = tally.isOutOfRange || wasOutOfRange
    }

    /// Adds one line; whether it brings anything.
    private func add<Trace: StepTracer>(
        _ term: Term<Trace>, _ pricer: LinePricer<Trace>, _ terms: (currency: Currency, interval: BillingInterval),
        _ number: Int, to tally: inout RevenueTally<Trace>, _ rank: (Fraction, Currency) -> MainRank
    ) -> Bool {
        guard let month = pricer.monthly(term, terms.interval, terms.currency, taxed: &tally.taxed),
            tally.totals.add(month.number, terms.currency)
        else {
            tally.isOutOfRange = true
            tally.trace.add { pricer.unknownProof(.outOfRange) }
            return false
        }
        tally.known += 1
        tally.trace.add { month.proof }
        let place = rank(month.number, terms.currency)
        if tally.main.map({ $0.rank < place }) ?? true {
            tally.main = (number, pricer.place, month.number, terms.currency, place)
        }
        return month.number != .zero
    }
}
