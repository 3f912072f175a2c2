public import GTMCore

/// What is true of a simulated world at its `now`, known because it was planted: what a sync has to arrive at.
public struct SimulatedTruth: Sendable, Hashable {
    /// How a person's use of the product runs.
    public enum Trajectory: String, Sendable, Hashable, CaseIterable {
        /// Uses it as before.
        case lively
        /// Comes less and less.
        case fading
        /// Has stopped coming.
        case silent
    }

    /// One distinct e-mail address, however many contacts have it.
    public struct Customer: Sendable, Hashable {
        /// The address.
        public var email: EmailAddress
        /// The company's name.
        public var company: String
        /// Monthly recurring revenue in exact minor units, of active subscriptions alone, each once; a currency of
        /// nothing is left out. `nil` where nothing is billed to this customer.
        public var mrr: CurrencyTotals?
        /// All succeeded payments in minor units; `nil` where nothing is billed to this customer.
        public var ltv: CurrencyTotals?
        /// The colleague to whom the company's subscriptions are billed, where they are shown on this customer too.
        public var billedThrough: EmailAddress?
        /// Whether a subscription is past due or unpaid, or the last charge of an active one failed; `nil` where the
        /// customer shows no billing.
        public var isDelinquent: Bool?
        /// Conversations that are open or snoozed and in which the customer took part.
        public var openTickets: Int
        /// Whether the customer announced the end of the subscription in the last 30 days.
        public var mentionedCancel: Bool
        /// Whole days since the customer was last seen or, where never seen, last wrote; `nil` where neither happened.
        public var daysSinceSeen: Int?
        /// The mean of the customer's ratings of the last 180 days, 1...5, exact; `nil` without any.
        public var csat: Fraction?
        /// How the use of the product runs.
        public var trajectory: Trajectory
        /// Why the customer's company will leave within 90 days; `nil` where it stays, or has left already.
        public var churnReason: ChurnReason?
    }

    /// Every customer, in order of the addresses.
    public internal(set) var customers: [Customer] = []
    /// The sum of all customers' MRR, exact.
    public internal(set) var mrr = CurrencyTotals()
    /// The sum of all customers' payments.
    public internal(set) var ltv = CurrencyTotals()

    /// The customer with an address.
    public subscript(email: EmailAddress) -> Customer? {
        var (low, high) = (0, customers.count)
        while low < high {
            let middle = (low + high) / 2
            if customers[middle].email < email { low = middle + 1 } else { high = middle }
        }
        return low < customers.count && customers[low].email == email ? customers[low] : nil
    }
}

extension SimulatedTruth {
    /// Reads the truth off the companies.
    init(of companies: [WorldCompany], now: Int64) {
        for company in companies {
            for (place, person) in company.people.enumerated() {
                guard let email = person.address else { continue }
                customers.append(Self.customer(email, place, person, company, now))
            }
        }
        customers.sort { $0.email < $1.email }
        for customer in customers {
            if let own = customer.mrr { _ = mrr.add(own) }
            if let own = customer.ltv { _ = ltv.add(own) }
        }
    }

    private static func customer(
        _ email: EmailAddress, _ place: Int, _ person: WorldPerson, _ company: WorldCompany, _ now: Int64
    ) -> Customer {
        var customer = Customer(
            email: email, company: company.name, openTickets: 0, mentionedCancel: false,
            trajectory: person.trajectory)
        if case .leaving(let reason) = company.standing { customer.churnReason = reason }
        if person.showsBilling {
            customer.isDelinquent = company.isDelinquent
            if place == 0 {
                (customer.mrr, customer.ltv) = (mrr(of: company), ltv(of: company))
            } else {
                customer.billedThrough = company.people[0].address
            }
        }
        customer.daysSinceSeen = (person.lastSeenAt ?? person.lastRepliedAt).map { Int((now - $0) / WorldCalendar.day) }

        var ratings: [Int] = []
        for conversation in company.conversations where conversation.people.contains(place) {
            if conversation.involvesCustomer, conversation.state != .closed { customer.openTickets += 1 }
            if let rating = conversation.rating, let score = rating.score, conversation.people[0] == place,
                rating.ratedAt >= now - 180 * WorldCalendar.day
            {
                ratings.append(score)
            }
            for message in conversation.messages where message.announcesCancel && message.author == .person(place) {
                if message.at >= now - 30 * WorldCalendar.day { customer.mentionedCancel = true }
            }
        }
        customer.csat = Fraction(Int128(ratings.reduce(0, +)), over: Int128(ratings.count))
        return customer
    }

    private static func mrr(of company: WorldCompany) -> CurrencyTotals {
        var totals = CurrencyTotals()
        for subscription in company.subscriptions where subscription.status == .active {
            let amount = Fraction(subscription.amount)
                .multiplied(by: subscription.quantity, over: Int64(subscription.months))
            if let amount { _ = totals.add(amount, subscription.currency) }
        }
        return totals
    }

    private static func ltv(of company: WorldCompany) -> CurrencyTotals {
        var totals = CurrencyTotals()
        for payment in company.payments where payment.status == .succeeded {
            _ = totals.add(Fraction(payment.amount), payment.currency)
        }
        return totals
    }
}
