/// A customer's revenue under a policy.
public struct Revenue: Sendable, Hashable {
    /// Monthly recurring revenue, exact, by currency.
    public var mrr: Reading<CurrencyTotals>
    /// Lines of counted subscriptions whose price is metered or not told: they are in no figure.
    public var unknownItems: Int
    /// Twelve times the MRR.
    public var arr: Reading<CurrencyTotals>
    /// What the customer has paid so far, exact, by currency.
    public var ltv: Reading<CurrencyTotals>
    /// Subscriptions that count.
    public var subscriptionCount: Reading<Int>
    /// The MRR in the reporting currency, in minor units; unknown where it is in another currency.
    public var mrrReporting: Reading<Fraction>
}

/// Computes revenue from what a customer is billed for.
public struct RevenueCalculator: Sendable {
    /// What counts.
    public var policy: MRRPolicy

    /// Creates a calculator.
    public init(policy: MRRPolicy = .activeOnly) { self.policy = policy }

    /// Computes the revenue of one customer.
    ///
    /// - Parameters:
    ///   - billing: What the customer is billed for.
    ///   - currency: The currency in which customers are compared.
    public func revenue(of billing: CustomerBilling, reportedIn currency: Currency) -> Revenue {
        let (mrr, count, unknown) = mrr(of: billing)
        let arr: Reading<CurrencyTotals> =
            switch mrr {
            case .known(let totals):
                Reading(totals.multiplied(by: 12).flatMap { $0.fits ? $0 : nil }, otherwise: .outOfRange)
            case .unknown(let reason): .unknown(reason)
            }
        return Revenue(
            mrr: mrr, unknownItems: unknown, arr: arr, ltv: ltv(of: billing), subscriptionCount: count,
            mrrReporting: reporting(mrr, currency))
    }

    private func mrr(of billing: CustomerBilling) -> (Reading<CurrencyTotals>, Reading<Int>, unknownItems: Int) {
        guard case .known(let subscriptions) = billing.subscriptions else {
            return (
                companySpend(billing, otherwise: billing.subscriptions.reason), billing.subscriptions.map(\.count), 0
            )
        }
        var totals = CurrencyTotals()
        var count = 0
        var unknown = 0
        var known = 0
        for subscription in subscriptions {
            guard let status = subscription.value.status else {
                // Whether it counts cannot be told, so neither can its value.
                unknown += 1
                continue
            }
            guard policy.counts(status) else {
                known += 1
                for item in subscription.value.items {
                    if let currency = item.currency { _ = totals.add(.zero, currency) }
                }
                continue
            }
            count += 1
            if subscription.value.items.isEmpty { unknown += 1 }
            for item in subscription.value.items {
                guard let amount = item.unitAmount, let currency = item.currency, let interval = item.interval else {
                    unknown += 1
                    continue
                }
                guard let price = amount.multiplied(by: item.quantity),
                    let monthly = policy.monthly(price, every: interval), totals.add(monthly, currency)
                else { return (.unknown(.outOfRange), .known(count), unknown) }
                known += 1
            }
        }
        if known == 0, unknown > 0 { return (.unknown(.notReported), .known(count), unknown) }
        if totals.entries.isEmpty, let currency = billing.currency { _ = totals.add(.zero, currency) }
        return (totals.fits ? .known(totals) : .unknown(.outOfRange), .known(count), unknown)
    }

    /// What the company is said to pay stands in where no subscription tells.
    private func companySpend(_ billing: CustomerBilling, otherwise reason: UnknownReason?) -> Reading<CurrencyTotals> {
        guard let spend = billing.companySpend.value?.value else {
            return .unknown(billing.companySpend.reason == .billedElsewhere ? .billedElsewhere : reason ?? .notReported)
        }
        var totals = CurrencyTotals()
        _ = totals.add(Fraction(spend.minorUnits), spend.currency)
        return .known(totals)
    }

    /// Succeeded payments, by currency, in whole minor units.
    private func ltv(of billing: CustomerBilling) -> Reading<CurrencyTotals> {
        guard case .known(let lists) = billing.payments else {
            return .unknown(billing.payments.reason ?? .notReported)
        }
        var totals = CurrencyTotals()
        // Whole units of one currency are summed as such, and put into the totals when the currency changes.
        var running: Money?
        var (known, unknown) = (0, 0)
        for list in lists {
            for payment in list.payments {
                guard payment.succeeded != false else {
                    known += 1
                    continue
                }
                guard payment.succeeded == true, let amount = payment.amount else {
                    unknown += 1
                    continue
                }
                known += 1
                if let sum = running, sum.currency == amount.currency {
                    let (next, over) = sum.minorUnits.addingReportingOverflow(amount.minorUnits)
                    if !over {
                        running = Money(minorUnits: next, currency: sum.currency)
                        continue
                    }
                }
                if let sum = running, !totals.add(Fraction(sum.minorUnits), sum.currency) {
                    return .unknown(.outOfRange)
                }
                running = amount
            }
        }
        // Where nothing but payments of unknown outcome or amount is listed, what was paid is unknown, not nothing.
        if known == 0, unknown > 0 { return .unknown(.notReported) }
        if let sum = running, !totals.add(Fraction(sum.minorUnits), sum.currency) { return .unknown(.outOfRange) }
        if totals.entries.isEmpty, let currency = billing.currency { _ = totals.add(.zero, currency) }
        return totals.fits ? .known(totals) : .unknown(.outOfRange)
    }

    private func reporting(_ mrr: Reading<CurrencyTotals>, _ currency: Currency) -> Reading<Fraction> {
        guard case .known(let totals) = mrr else { return .unknown(mrr.reason ?? .notReported) }
        let foreign = totals.entries.contains { $0.currency != currency && $0.amount != .zero }
        return foreign ? .unknown(.noRate) : .known(totals[currency] ?? .zero)
    }
}
