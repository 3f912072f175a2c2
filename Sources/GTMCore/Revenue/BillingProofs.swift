#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

// What records tell of subscriptions and payments, as steps of a proof.

extension Sourced where Value == Subscription {
    /// What the subscription is called in a proof: `subscription stripe:sub_1`, else by its place in the list.
    func title(_ number: Int) -> String { "subscription \(value.id?.description ?? "\(number + 1)")" }

    private var status: Proof {
        .told(
            "status", .text(value.status?.rawValue ?? "not told"), by: version,
            "\(field)subscription_status")
    }

    /// That it counts for nothing in a currency, and why; without a currency only that it does not count.
    func nothingProof(_ cause: SubscriptionStanding.Cause, _ policy: MRRPolicy, _ currency: Currency?) -> Proof {
        guard let currency else {
            return Proof(
                "not counted", .flag(false), .open, rule: "\(policy.label): \(cause.rawValue)",
                parts: [status] + evidence(cause))
        }
        return Proof(
            "not counted", .amount(.zero, currency), .first, rule: "\(policy.label): \(cause.rawValue)",
            parts: [
                .ruled("nothing", .amount(.zero, currency), by: "\(policy.label): \(cause.rawValue)"), status,
            ] + evidence(cause))
    }

    /// That it is not known whether it counts, and why.
    func unknownProof(_ cause: SubscriptionStanding.Cause, _ policy: MRRPolicy) -> Proof {
        Proof(
            "not known", .unknown(.notReported), .open, rule: "\(policy.label): whether \(cause.rawValue) is not told",
            parts: [status] + evidence(cause))
    }

    /// What else the record tells that decided.
    private func evidence(_ cause: SubscriptionStanding.Cause) -> [Proof] {
        func moment(_ name: String, _ date: Date?) -> Proof? {
            date.map { .told(name, .moment($0), by: version, "\(field)\(name)") }
        }
        let period = value.currentPeriod
        let found: [Proof?] =
            switch cause {
            case .status: []
            case .notStarted: [moment("started_at", value.startedAt)]
            case .ended:
                [
                    moment("ended_at", value.endedAt), moment("cancel_at", value.cancelAt),
                    value.cancelsAtPeriodEnd ? moment("current_period.end", period?.end) : nil,
                ]
            case .cancelled: [moment("canceled_at", value.canceledAt), moment("cancel_at", value.cancelAt)]
            case .overdue:
                [moment("past_due_since", value.pastDueSince) ?? moment("current_period.start", period?.start)]
            case .paused:
                [
                    value.pause?.behavior.map {
                        .told("behavior", .text($0.rawValue), by: version, "\(field)pause.behavior")
                    }, moment("pause.resumes_at", value.pause?.resumesAt),
                ]
            }
        return found.compactMap { $0 }
    }
}

extension LinePricer {
    /// That a line's price is not known, with what is told of it.
    func unknownProof(_ reason: UnknownReason) -> Proof {
        var parts = [told("quantity", .number(Fraction(item.quantity)))]
        if let currency = item.currency {
            parts.append(told("currency", .text(currency.code)))
            if let amount = item.unitAmount { parts.append(told("unit_amount", .amount(amount, currency))) }
        }
        if item.isMetered { parts.append(told("is_metered", .flag(true))) }
        if let interval = item.interval { parts.append(told("interval", .text(interval.unit.rawValue))) }
        return Proof(title, .unknown(reason), .open, rule: "a price that is not told is in no sum", parts: parts)
    }
}

extension PaymentList {
    /// What one payment adds to what was paid, or to what of it was kept.
    func proof(of place: Int, _ metric: RevenueMetric) -> Proof {
        let payment = payments[place]
        let title = "payment \(payment.id?.description ?? "\(place + 1)")"
        let field = path(of: place)
        func told(_ member: String, _ money: Money) -> Proof {
            .told(
                member, .amount(Fraction(money.minorUnits), money.currency), by: version, field + member)
        }
        func nothing(_ rule: String, _ currency: Currency, _ leaf: Proof) -> Proof {
            Proof(
                title, .amount(.zero, currency), .first, rule: rule,
                parts: [.ruled("nothing", .amount(.zero, currency), by: rule), leaf])
        }
        guard let amount = payment.amount, let succeeded = payment.succeeded else {
            let outcome = Proof.told(
                "succeeded", payment.succeeded.map { .flag($0) } ?? .text("not told"), by: version, field + "succeeded")
            return Proof(
                title, .unknown(.notReported), .open, rule: "a payment that is not told whole is in no sum",
                parts: [outcome] + (payment.amount.map { [told("amount", $0)] } ?? []))
        }
        guard succeeded else {
            return nothing("only payments that succeeded count", amount.currency, told("amount", amount))
        }
        var whole = told("amount", amount)
        guard metric == .ltvNet else {
            if amount.minorUnits < 0 { return nothing("a payment below 0 is a refund", amount.currency, whole) }
            whole.name = title
            return whole
        }
        var parts = [whole]
        if amount.minorUnits >= 0 {
            let taken = [("refunded", payment.refunded), ("lost_in_dispute", payment.lostInDispute)]
            for case (let member, let money?) in taken where money.minorUnits > 0 {
                let off = Fraction.zero.subtracting(Fraction(money.minorUnits)) ?? .zero
                parts.append(
                    Proof(
                        member, .amount(off, money.currency), .product,
                        parts: [told(member, money), .ruled("off", .number(-1), by: "what went back comes off")]))
            }
        }
        if parts.count == 1 {
            whole.name = title
            return whole
        }
        return Proof(title, .text(""), .sideBySide, parts: parts)
    }

    private func path(of place: Int) -> String {
        guard case .contact = version.record.fact.kind else { return "" }
        return "billing.payments[\(payments[place].id?.id ?? "\(place)")]."
    }
}
