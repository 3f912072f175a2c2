import GTMCore

/// Subscriptions and payments.
extension CompanyMaker {
    /// A stretch of a subscription under one price.
    private struct Terms {
        var plan: Int
        var quantity: Int64
        var name: String { Vocabulary.plans[plan].name }
    }

    mutating func addBilling(to company: inout WorldCompany) {
        company.billingID = id("cus_", 0)
        var terms = firstTerms(company.employees)
        let isBehind = company.standing == .leaving(.payment) || company.standing == .drifting && random.chance(60)
        let months = isBehind ? 1 : [1, 12, 3][random.weighted([60, 28, 12])]
        let trial: Int64 = random.chance(400) ? 14 * WorldCalendar.day : 0
        var start = company.signedUpAt
        if company.standing == .healthy, random.chance(50), now - start > 300 * WorldCalendar.day {
            start = addFormerSubscription(to: &company, terms, from: start)
        }
        let billedFrom = start + trial
        let end =
            company.standing == .former ? random.time(now - 140 * WorldCalendar.day, now - 20 * WorldCalendar.day) : now

        // Plan and seats change with a new period only, so that each period has one price.
        var period = 0
        var boundary = billedFrom
        while boundary <= end {
            if period > 0 { change(&terms, company.standing) }
            let amount = price(terms, company.currency, months) * terms.quantity
            let next = WorldCalendar.adding(months: (period + 1) * months, to: billedFrom)
            charge(amount, at: boundary, isLast: next > end, isBehind: isBehind, to: &company)
            (boundary, period) = (next, period + 1)
        }
        let isTrialing = period == 0
        var subscription = WorldSubscription(
            id: id("sub_", 1), status: isTrialing ? .trialing : .active, planName: planName(terms, months),
            amount: price(terms, company.currency, months), currency: company.currency,
            unit: months == 12 ? .year : .month, count: months == 12 ? 1 : months, quantity: terms.quantity,
            startedAt: start,
            periodStart: isTrialing ? start : WorldCalendar.adding(months: (period - 1) * months, to: billedFrom),
            periodEnd: isTrialing ? billedFrom : boundary)
        settle(&subscription, of: &company, isBehind: isBehind, end: end)
        company.subscriptions.insert(subscription, at: 0)
        if subscription.status == .active, random.chance(100) { addExtra(to: &company) }
        company.payments.sort { $0.at < $1.at }
    }

    /// The status in the end.
    private mutating func settle(
        _ subscription: inout WorldSubscription, of company: inout WorldCompany, isBehind: Bool, end: Int64
    ) {
        switch company.standing {
        case .former:
            (subscription.status, subscription.canceledAt) = (.canceled, end)
        case .leaving(.price), .leaving(.competitor):
            subscription.cancelsAtPeriodEnd = random.chance(300)
        case .healthy where subscription.status == .active && random.chance(12):
            subscription.status = .paused
        default: break
        }
        guard isBehind, subscription.status == .active else { return }
        let outcome = random.weighted([45, 35, 20])
        subscription.status = [.active, .pastDue, .unpaid][outcome]
        company.hasUnpaidInvoice = outcome == 0
    }

    private mutating func firstTerms(_ employees: Int) -> Terms {
        let weights =
            switch employees {
            case ..<20: [45, 30, 20, 5, 0, 0]
            case ..<80: [10, 30, 35, 22, 3, 0]
            case ..<300: [0, 20, 30, 35, 13, 2]
            default: [0, 5, 10, 35, 35, 15]
            }
        let plan = random.weighted(weights)
        let seats = Vocabulary.plans[plan].isPerSeat ? Int64(random.int(3...max(4, min(60, employees)))) : 1
        return Terms(plan: plan, quantity: seats)
    }

    private mutating func change(_ terms: inout Terms, _ standing: Standing) {
        let isPerSeat = Vocabulary.plans[terms.plan].isPerSeat
        let (up, down) = standing == .leaving(.price) ? (5, 120) : standing == .healthy ? (50, 10) : (15, 30)
        if random.chance(up) {
            if isPerSeat { terms.quantity += Int64(random.int(1...6)) } else { terms.plan = min(terms.plan + 1, 5) }
        } else if random.chance(down) {
            if isPerSeat { terms.quantity = max(2, terms.quantity - Int64(random.int(1...4))) }
            if !isPerSeat, terms.plan > 0 { terms.plan -= 1 }
        }
        // A step up or down may lead to seats.
        if Vocabulary.plans[terms.plan].isPerSeat, terms.quantity < 2 { terms.quantity = Int64(random.int(4...12)) }
        if !Vocabulary.plans[terms.plan].isPerSeat { terms.quantity = 1 }
    }

    /// Charges once; a charge that fails is tried again, in vain where the company is behind with its last one.
    private mutating func charge(
        _ amount: Int64, at time: Int64, isLast: Bool, isBehind: Bool, to company: inout WorldCompany
    ) {
        func pay(_ status: WorldPayment.Status, _ time: Int64) {
            guard time <= now else { return }
            company.payments.append(
                WorldPayment(
                    id: id("ch_", 16 + company.payments.count), amount: amount, currency: company.currency, at: time,
                    status: status))
        }
        if isBehind, isLast {
            for days: Int64 in [0, 3, 5] { pay(.failed, time + days * WorldCalendar.day) }
        } else if random.chance(30) {
            pay(.failed, time)
            pay(.succeeded, time + 3 * WorldCalendar.day)
        } else {
            pay(time > now - 7_200 && random.chance(300) ? .pending : .succeeded, time)
        }
    }

    /// A first try that ended; the company came back 90 days later.
    private mutating func addFormerSubscription(
        to company: inout WorldCompany, _ terms: Terms, from start: Int64
    ) -> Int64 {
        let amount = price(terms, company.currency, 1)
        for period in 0..<3 {
            charge(
                amount * terms.quantity, at: WorldCalendar.adding(months: period, to: start), isLast: false,
                isBehind: false, to: &company)
        }
        let end = WorldCalendar.adding(months: 3, to: start)
        company.subscriptions.append(
            WorldSubscription(
                id: id("sub_", 2), status: .canceled, planName: planName(terms, 1), amount: amount,
                currency: company.currency, unit: .month, count: 1, quantity: terms.quantity, startedAt: start,
                periodStart: WorldCalendar.adding(months: 2, to: start), periodEnd: end, canceledAt: end))
        return end + 90 * WorldCalendar.day
    }

    /// An add-on, paid each month since some time.
    private mutating func addExtra(to company: inout WorldCompany) {
        let amount = Vocabulary.price(cents: 4_900, company.currency, months: 1)
        let since = random.time(company.signedUpAt, now - WorldCalendar.day)
        var (period, boundary) = (0, since)
        while boundary <= now {
            charge(amount, at: boundary, isLast: false, isBehind: false, to: &company)
            period += 1
            boundary = WorldCalendar.adding(months: period, to: since)
        }
        company.subscriptions.append(
            WorldSubscription(
                id: id("sub_", 3), status: .active, planName: "Analytics add-on", amount: amount,
                currency: company.currency, unit: .month, count: 1, quantity: 1, startedAt: since,
                periodStart: WorldCalendar.adding(months: period - 1, to: since), periodEnd: boundary))
    }

    private func price(_ terms: Terms, _ currency: Currency, _ months: Int) -> Int64 {
        Vocabulary.price(cents: Vocabulary.plans[terms.plan].cents, currency, months: months)
    }

    private func planName(_ terms: Terms, _ months: Int) -> String {
        "\(terms.name) - \(months == 12 ? "Yearly" : months == 3 ? "Quarterly" : "Monthly")"
    }
}
