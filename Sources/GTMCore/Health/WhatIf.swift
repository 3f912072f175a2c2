#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// What another profile would make of all customers: who would change status, and what money would move with them.
public struct WhatIf: Sendable, Hashable {
    /// From which band customers go to which.
    public struct Passage: Sendable, Hashable {
        /// The status by the profile in force.
        public var before: HealthStatus
        /// The status by the other one.
        public var after: HealthStatus

        /// Creates a passage; one that leads nowhere is that of customers who stay.
        public init(from before: HealthStatus, to after: HealthStatus) {
            self.before = before
            self.after = after
        }
    }

    /// Some customers together.
    public struct Group: Sendable, Hashable {
        /// How many they are.
        public var customers = 0
        /// Their MRR, exact, by currency.
        public var mrr = CurrencyTotals()
        /// Those whose MRR is unknown, or so large that no sum can hold it.
        public var unknownMRR = 0

        /// Creates the group of nobody.
        public init() {}

        fileprivate mutating func add(_ own: CurrencyTotals?) {
            customers += 1
            var sum = mrr
            guard let own, sum.add(own), sum.fits else {
                unknownMRR += 1
                return
            }
            mrr = sum
        }

        fileprivate mutating func add(_ other: Group) {
            customers += other.customers
            unknownMRR += other.unknownMRR
            var sum = mrr
            guard sum.add(other.mrr), sum.fits else {
                unknownMRR += other.customers - other.unknownMRR
                return
            }
            mrr = sum
        }
    }

    /// A customer who would change status.
    public struct Change: Sendable, Hashable {
        /// The customer.
        public var key: CustomerKey
        /// The statuses.
        public var passage: Passage
        /// The score by the profile in force, in thousandths; `nil` where it is unknown.
        public var scoreBefore: Int?
        /// The score by the other one, in thousandths; `nil` where it is unknown.
        public var scoreAfter: Int?
        /// The MRR, exact, by currency; `nil` where it is unknown.
        public var mrr: CurrencyTotals?
        /// The MRR in minor units of the reporting currency; `nil` where it is unknown.
        public var mrrReporting: Fraction?
    }

    /// The moment that the customers were looked at.
    public let asOf: Date
    /// The profile in force.
    public let before: HealthProfile
    /// The other one.
    public let after: HealthProfile
    /// Customers by both statuses; those who would stay are among them.
    public private(set) var groups: [Passage: Group] = [:]
    /// Who would change status, the highest MRR in the reporting currency first, those without one last, then by key.
    public private(set) var changes: [Change] = []

    /// Compares two profiles over nobody.
    ///
    /// - Parameters:
    ///   - asOf: The moment.
    ///   - before: The profile in force.
    ///   - after: The other one.
    public init(asOf: Date, before: HealthProfile, after: HealthProfile) {
        self.asOf = asOf
        self.before = before
        self.after = after
    }

    /// Customers who were looked at; those who have ended are not among them.
    public var customers: Int { groups.values.reduce(0) { $0 + $1.customers } }

    /// Customers by status, by the profile in force, in the order of its bands; also those of nobody.
    public var bandsBefore: [(status: HealthStatus, group: Group)] {
        before.statuses.map { status in (status, group { $0.before == status }) }
    }

    /// Customers by status, by the other profile, in the order of its bands; also those of nobody.
    public var bandsAfter: [(status: HealthStatus, group: Group)] {
        after.statuses.map { status in (status, group { $0.after == status }) }
    }

    /// The groups of some passages together.
    ///
    /// - Parameter belongs: Whether a passage is meant.
    public func group(_ belongs: (Passage) -> Bool) -> Group {
        groups.reduce(into: Group()) { sum, entry in if belongs(entry.key) { sum.add(entry.value) } }
    }

    /// Counts a customer in.
    mutating func add(_ customer: Customer, _ scores: (before: HealthScore, after: HealthScore)) {
        let passage = Passage(from: scores.before.status, to: scores.after.status)
        groups[passage, default: Group()].add(customer.mrr)
        guard passage.before != passage.after else { return }
        changes.append(
            Change(
                key: customer.key, passage: passage, scoreBefore: scores.before.score.value,
                scoreAfter: scores.after.score.value, mrr: customer.mrr, mrrReporting: customer.mrrReporting))
    }

    /// Puts the changes in order.
    mutating func finish() {
        func rank(_ change: Change) -> Fraction {
            // What is unknown stands behind everything known.
            change.mrrReporting.flatMap { $0.multiplied(by: -1) } ?? Fraction(.max)
        }
        changes.sort { left, right in
            let (one, other) = (rank(left), rank(right))
            return one != other ? one < other : left.key < right.key
        }
    }

    /// What is looked at of a customer.
    struct Customer {
        var key: CustomerKey
        var inputs: HealthInputs
        var mrr: CurrencyTotals?
        var mrrReporting: Fraction?
    }
}
