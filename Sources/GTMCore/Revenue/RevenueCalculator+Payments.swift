/// What a customer has paid.
struct Paid {
    /// Succeeded payments.
    var gross: Reading<CurrencyTotals>
    /// The same less refunds and lost disputes.
    var net: Reading<CurrencyTotals>

    init(unknown reason: UnknownReason) {
        gross = .unknown(reason)
        net = .unknown(reason)
    }
}

/// Whole minor units by currency, put into exact totals only when the currency changes.
private struct WholeTotals {
    private var totals = CurrencyTotals()
    private var running: Money?
    private var isOutOfRange = false

    mutating func add(_ amount: Money) {
        if let sum = running, sum.currency == amount.currency {
            let (next, over) = sum.minorUnits.addingReportingOverflow(amount.minorUnits)
            if !over {
                running = Money(minorUnits: next, currency: sum.currency)
                return
            }
        }
        settle()
        running = amount
    }

    mutating func subtract(_ amount: Money) {
        // Below 0 it is nothing that went back.
        guard amount.minorUnits > 0 else { return }
        add(Money(minorUnits: -amount.minorUnits, currency: amount.currency))
    }

    private mutating func settle() {
        guard let sum = running else { return }
        if !totals.add(Fraction(sum.minorUnits), sum.currency) { isOutOfRange = true }
        running = nil
    }

    /// The sums; where there is none, nothing of `currency`.
    mutating func result(_ currency: Currency?) -> Reading<CurrencyTotals> {
        settle()
        if totals.entries.isEmpty, let currency { _ = totals.add(.zero, currency) }
        return totals.fits && !isOutOfRange ? .known(totals) : .unknown(.outOfRange)
    }
}

extension RevenueCalculator {
    /// What was paid, before and after what went back.
    ///
    /// A payment below 0 is a refund: it is no part of what was paid, and comes off what is left.
    ///
    /// - Parameters:
    ///   - billing: What the customer is billed for.
    ///   - trace: Told of each payment, as `metric` sees it.
    ///   - metric: ``RevenueMetric/ltvNet``, else what was paid before anything went back.
    func paid<Trace: Tracer>(_ billing: CustomerBilling, _ trace: inout Trace, _ metric: RevenueMetric = .ltv) -> Paid {
        guard case .known(let lists) = billing.payments else {
            return Paid(unknown: billing.payments.reason ?? .notReported)
        }
        var (gross, net) = (WholeTotals(), WholeTotals())
        var (known, unknown) = (0, 0)
        var tellsRefunds = true
        for list in lists {
            for place in list.payments.indices {
                trace.add { list.proof(of: place, metric) }
                let succeeded = list.payments[place].succeeded
                guard succeeded != false else {
                    known += 1
                    // Nothing was paid, and in this currency.
                    if let currency = list.payments[place].amount?.currency {
                        gross.add(Money(minorUnits: 0, currency: currency))
                        net.add(Money(minorUnits: 0, currency: currency))
                    }
                    continue
                }
                guard succeeded == true, let amount = list.payments[place].amount else {
                    unknown += 1
                    continue
                }
                known += 1
                if amount.minorUnits < 0 {
                    if tellsRefunds { net.add(amount) }
                    gross.add(Money(minorUnits: 0, currency: amount.currency))
                    continue
                }
                gross.add(amount)
                guard tellsRefunds, let refunded = list.payments[place].refunded else {
                    tellsRefunds = false
                    continue
                }
                net.add(amount)
                net.subtract(refunded)
                if let lost = list.payments[place].lostInDispute { net.subtract(lost) }
            }
        }
        // Where nothing but payments of unknown outcome or amount is listed, what was paid is unknown, not nothing.
        if known == 0, unknown > 0 { return Paid(unknown: .notReported) }
        var paid = Paid(unknown: .notReported)
        paid.gross = gross.result(billing.currency)
        if tellsRefunds { paid.net = net.result(billing.currency) }
        return paid
    }
}
