#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Computes revenue from what a customer is billed for, and proves it: both in the same lines of code.
public struct RevenueCalculator: Sendable {
    /// What counts.
    public var policy: MRRPolicy

    /// Creates a calculator.
    public init(policy: MRRPolicy = .activeOnly) { self.policy = policy }

    /// Computes the revenue of one customer.
    ///
    /// - Parameters:
    ///   - billing: What the customer is billed for.
    ///   - moment: The moment for which it holds: discounts, pauses, trials and limits are looked at as of then.
    ///   - currency: The currency in which customers are compared.
    ///   - rates: What other currencies are converted at; without them nothing is.
    public func revenue(
        of billing: CustomerBilling, asOf moment: Date, reportedIn currency: Currency, rates: ExchangeRates? = nil
    ) -> Revenue {
        let table = rates?.table(at: moment)
        var tally = RevenueTally(Untraced(), asOf: Expiry(asOf: moment))
        let mrr = mrr(of: billing, &tally, currency, table)
        var reporting = Reading<Fraction>.unknown(mrr.reason ?? .notReported)
        var rateDate: Date?
        if case .known(let totals) = mrr { (reporting, rateDate) = Self.reporting(totals, currency, table) }
        if let change = rates?.nextChange(after: moment) { tally.expiry.note(change) }
        var silent = Untraced()
        let payments = paid(billing, &silent)
        return Revenue(
            mrr: mrr, unknownItems: tally.unknown, taxedItems: tally.taxed, arr: Self.yearly(mrr),
            ltv: payments.gross, ltvNet: payments.net,
            subscriptionCount: billing.subscriptions.map { _ in tally.count },
            mrrReporting: reporting, rateDate: rateDate, planTier: planTier(billing, tally),
            validUntil: tally.expiry.validUntil == .distantFuture ? nil : tally.expiry.validUntil)
    }

    static func yearly(_ mrr: Reading<CurrencyTotals>) -> Reading<CurrencyTotals> {
        switch mrr {
        case .known(let totals):
            Reading(totals.multiplied(by: 12).flatMap { $0.fits ? $0 : nil }, otherwise: .outOfRange)
        case .unknown(let reason): .unknown(reason)
        }
    }

    // MARK: MRR

    /// The MRR by currency; what is added up on the way is left in the tally.
    func mrr<Trace: StepTracer>(
        of billing: CustomerBilling, _ tally: inout RevenueTally<Trace>, _ reporting: Currency,
        _ table: ExchangeRates.Table?
    ) -> Reading<CurrencyTotals> {
        guard case .known(let subscriptions) = billing.subscriptions else {
            return companySpend(billing, &tally, otherwise: billing.subscriptions.reason)
        }
        for place in subscriptions.indices {
            policy.add(subscriptions[place], place, to: &tally) { amount, currency in
                if currency == reporting { return MainRank(isComparable: true, currency: currency, amount: amount) }
                guard let converted = table?.minorRate(from: currency, to: reporting)?.multiplied(by: amount) else {
                    return MainRank(isComparable: false, currency: currency, amount: amount)
                }
                return MainRank(isComparable: true, currency: currency, amount: converted)
            }
        }
        if tally.isOutOfRange { return .unknown(.outOfRange) }
        // What does not count says nothing of what does.
        if tally.known == 0, tally.unknown > 0 { return .unknown(.notReported) }
        if tally.totals.entries.isEmpty, let currency = billing.currency { _ = tally.totals.add(.zero, currency) }
        return tally.totals.fits ? .known(tally.totals) : .unknown(.outOfRange)
    }

    /// What the company is said to pay stands in where no subscription tells.
    private func companySpend<Trace: StepTracer>(
        _ billing: CustomerBilling, _ tally: inout RevenueTally<Trace>, otherwise reason: UnknownReason?
    ) -> Reading<CurrencyTotals> {
        guard case .known(let spend) = billing.companySpend else {
            return .unknown(billing.companySpend.reason == .billedElsewhere ? .billedElsewhere : reason ?? .notReported)
        }
        let amount = Fraction(spend.value.minorUnits)
        _ = tally.totals.add(amount, spend.value.currency)
        tally.trace.add {
            .told("company", .amount(amount, spend.value.currency), by: spend.version, "monthly_spend")
        }
        return .known(tally.totals)
    }

    /// The MRR in the reporting currency, and the day of the rates where some had to be converted.
    static func reporting(
        _ totals: CurrencyTotals, _ currency: Currency, _ table: ExchangeRates.Table?
    ) -> (Reading<Fraction>, Date?) {
        let isForeign = totals.entries.contains { $0.currency != currency && $0.amount != .zero }
        guard isForeign else { return (.known(totals[currency] ?? .zero), nil) }
        guard let table else { return (.unknown(.noRate), nil) }
        let converted = table.converted(totals, to: currency)
        return (converted, converted.value == nil ? nil : table.date)
    }

    private func planTier<Trace>(_ billing: CustomerBilling, _ tally: RevenueTally<Trace>) -> Reading<PlanTier> {
        guard let main = tally.main, let subscriptions = billing.subscriptions.value else {
            return .unknown(billing.subscriptions.reason ?? .notReported)
        }
        let item = subscriptions[main.subscription].value.items[main.item]
        guard let interval = item.interval else { return .unknown(.notReported) }
        return .known(
            PlanTier(
                name: item.planName, price: item.tiering == nil ? item.unitAmount : nil, interval: interval,
                mrr: main.mrr, currency: main.currency))
    }
}
