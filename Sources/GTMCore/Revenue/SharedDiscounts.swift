/// The discounts that come off all lines of a subscription together.
///
/// An amount comes off each invoice once. Lines of one currency and one interval make one invoice; what comes off is shared
/// out among them by value. Discounts that follow each other and are for the same products are one step, so that their
/// shares are worked out once.
struct SharedDiscounts<Trace: StepTracer> {
    /// One line, on its way.
    struct Line {
        let place: Int
        let currency: Currency
        let interval: BillingInterval
        var term: Term<Trace>
    }

    /// Discounts that come off, each with its place among the subscription's.
    private let steps: [[(place: Int, discount: Discount)]]
    private let policy: MRRPolicy
    private let source: Sourced<Subscription>

    /// Picks out what comes off; `nil` where nothing does.
    init?(_ source: Sourced<Subscription>, _ policy: MRRPolicy, _ expiry: inout Expiry) {
        guard !source.value.discounts.isEmpty else { return nil }
        var steps: [[(place: Int, discount: Discount)]] = []
        for (place, discount) in source.value.discounts.enumerated()
        where policy.takesOff(discount, source.value.currentPeriod, &expiry) {
            if let last = steps.last, last[0].discount.products == discount.products {
                steps[steps.count - 1].append((place, discount))
            } else {
                steps.append([(place, discount)])
            }
        }
        guard !steps.isEmpty else { return nil }
        self.steps = steps
        self.policy = policy
        self.source = source
    }

    /// Takes the discounts off the lines.
    ///
    /// - Returns: Whether everything fits.
    func takeOff(_ lines: inout [Line]) -> Bool {
        for (number, step) in steps.enumerated() {
            let products = step[0].discount.products
            let eligible = lines.indices.filter { place in
                let line = lines[place]
                guard line.term.number > .zero else { return false }
                return products.isEmpty
                    || (source.value.items[line.place].productID.map(products.contains) ?? false)
            }
            var done: Set<Int> = []
            for first in eligible where !done.contains(first) {
                let invoice = eligible.filter { share(lines[first], an: lines[$0]) }
                done.formUnion(invoice)
                guard takeOff(step, number, invoice, &lines) else { return false }
            }
        }
        return true
    }

    /// Whether two lines stand on the same invoices.
    private func share(_ one: Line, an other: Line) -> Bool {
        let unit = Fraction(1)
        return one.currency == other.currency
            && policy.monthly(unit, every: one.interval) == policy.monthly(unit, every: other.interval)
    }

    /// Takes discounts off the lines of one invoice.
    private func takeOff(
        _ step: [(place: Int, discount: Discount)], _ number: Int, _ invoice: [Int], _ lines: inout [Line]
    ) -> Bool {
        let currency = lines[invoice[0]].currency
        // A percentage, or anything on a line alone, needs no sharing out.
        let isShared = step.contains { if case .amount = $0.discount.reduction { true } else { false } }
        guard isShared, invoice.count > 1 else {
            for place in invoice {
                guard let less = applied(step, lines[place].term, currency) else { return false }
                lines[place].term = less
            }
            return true
        }
        var sum = Fraction.zero
        for place in invoice {
            guard let next = sum.addingCoarsely(lines[place].term.number) else { return false }
            sum = next
        }
        let whole = Term<Trace>(
            number: sum,
            step: Trace.step {
                Proof("invoice", .amount(sum, currency), .sum, parts: invoice.map { lines[$0].term.proof })
            })
        guard let rest = applied(step, whole, currency), let kept = rest.number.divided(by: sum) else { return false }
        let share = Trace.step { shareProof(rest, whole, kept, number) }
        for place in invoice {
            let term = lines[place].term
            guard let left = term.number.multiplied(by: kept) else { return false }
            lines[place].term = Term(
                number: left,
                step: Trace.step {
                    Proof("price", .amount(left, currency), .product, parts: term.factors + [Trace.proof(share)])
                })
        }
        return true
    }

    /// What of each line is left. The proof holds the whole invoice twice; beyond the third step it would grow past all
    /// reading, so that the share stands there as worked out.
    private func shareProof(_ rest: Term<Trace>, _ whole: Term<Trace>, _ kept: Fraction, _ number: Int) -> Proof {
        guard number < 3 else {
            return .ruled("share left", .number(kept), by: "\(policy.label): discounts are shared out by value")
        }
        return Proof("share left", .number(kept), .quotient, parts: [rest.proof, whole.proof])
    }

    private func applied(
        _ step: [(place: Int, discount: Discount)], _ term: Term<Trace>, _ currency: Currency
    ) -> Term<Trace>? {
        var term = term
        for (place, discount) in step {
            let less = term.less(discount, currency) { member, value in
                .told(member, value, by: source.version, "\(source.field)discounts[\(place)].\(member)")
            }
            guard let less else { return nil }
            term = less
        }
        return term
    }
}
