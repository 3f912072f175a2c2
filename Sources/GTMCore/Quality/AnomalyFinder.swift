#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Finds what is odd about a customer, by the customer's own records alone: a pure function.
public struct AnomalyFinder: Sendable {
    /// When a value is odd.
    public var rules: AnomalyRules

    /// Creates a finder.
    public init(rules: AnomalyRules = .standard) { self.rules = rules }

    /// What is odd, in the order of ``Anomaly/Kind``.
    ///
    /// - Parameters:
    ///   - assessment: The customer as assessed.
    ///   - file: The customer's records.
    ///   - earlier: The same customer assessed ``AnomalyRules/mrrDays`` days earlier; `nil` where there was none.
    public func anomalies(in assessment: Assessment, _ file: CustomerFile, earlier: Assessment? = nil) -> [Anomaly] {
        let found =
            payments(of: assessment) + volume(of: file, assessment.asOf) + times(in: assessment, file)
            + change(of: assessment, since: earlier)
        let order = Dictionary(uniqueKeysWithValues: Anomaly.Kind.allCases.enumerated().map { ($1, $0) })
        return found.enumerated().sorted {
            (order[$0.element.kind] ?? 0, $0.offset) < (order[$1.element.kind] ?? 0, $1.offset)
        }.map(\.element)
    }

    private func payments(of assessment: Assessment) -> [Anomaly] {
        var found: [Anomaly] = []
        var told: [(payment: Payment, amount: Money, record: RecordID)] = []
        for list in assessment.customer.billing.payments.value ?? [] {
            for payment in list.payments {
                guard let amount = payment.amount, payment.succeeded == true else { continue }
                if amount.minorUnits < 0 {
                    found.append(
                        Anomaly(
                            kind: .negativePayment, found: Fraction(amount.minorUnits), currency: amount.currency,
                            record: list.origin, at: payment.paidAt))
                } else if let at = payment.paidAt, at <= assessment.asOf {
                    told.append((payment, amount, list.origin))
                }
            }
        }
        told.sort { ($0.payment.paidAt ?? .distantPast) < ($1.payment.paidAt ?? .distantPast) }
        for currency in Set(told.map(\.amount.currency)).sorted() {
            let own = told.filter { $0.amount.currency == currency }
            guard let last = own.last, own.count > rules.paymentHistory,
                let usual = median(own.dropLast().map { Fraction($0.amount.minorUnits) }), usual > .zero
            else { continue }
            let amount = Fraction(last.amount.minorUnits)
            guard isFar(amount, from: usual, factor: rules.paymentFactor) else { continue }
            found.append(
                Anomaly(
                    kind: .paymentAmount, found: amount, usual: usual, currency: currency, record: last.record,
                    at: last.payment.paidAt))
        }
        return found
    }

    /// The conversations of the last 30 days against the median of the five times 30 days before.
    private func volume(of file: CustomerFile, _ asOf: Date) -> [Anomaly] {
        var counts = [Int64](repeating: 0, count: 6)
        for version in file.activity where version.record.state.isLive {
            guard let talk = version.record.fact.conversation, talk.involvesCustomer, let began = talk.createdAt,
                began <= asOf
            else { continue }
            let window = Timestamp.daysBetween(began, asOf) / 30
            if window < counts.count { counts[window] += 1 }
        }
        guard let usual = median(counts.dropFirst().map { Fraction($0) }) else { return [] }
        let found = Fraction(counts[0])
        guard let excess = found.subtracting(usual), excess >= Fraction(Int64(rules.conversationMinimum)),
            isFar(found, from: usual, factor: rules.conversationFactor)
        else { return [] }
        return [Anomaly(kind: .conversationVolume, found: found, usual: usual, at: asOf)]
    }

    private func times(in assessment: Assessment, _ file: CustomerFile) -> [Anomaly] {
        var found: [Anomaly] = []
        if let seen = assessment.customer.lastSeenAt.value, let signup = assessment.customer.signupDate.value,
            seen.value < signup.value
        {
            found.append(
                Anomaly(
                    kind: .seenBeforeSignup, found: seconds(signup.value.timeIntervalSince(seen.value)),
                    record: seen.origin, at: seen.value))
        }
        for list in assessment.customer.billing.payments.value ?? [] {
            for payment in list.payments {
                guard let at = payment.paidAt, at.timeIntervalSince(assessment.asOf) > 86_400 else { continue }
                found.append(
                    Anomaly(
                        kind: .futureTime, found: seconds(at.timeIntervalSince(assessment.asOf)), record: list.origin,
                        at: at))
            }
        }
        for version in file.people {
            for case let moment? in [version.record.fact.contact?.lastSeenAt, version.record.changedAt] {
                let ahead = moment.timeIntervalSince(version.recordedAt)
                // Clocks differ by minutes; a day ahead is no clock.
                if ahead > 86_400 {
                    found.append(
                        Anomaly(kind: .futureTime, found: seconds(ahead), record: version.record.id, at: moment))
                }
            }
        }
        return found
    }

    private func change(of assessment: Assessment, since earlier: Assessment?) -> [Anomaly] {
        guard let now = assessment.revenue.mrr.value, let then = earlier?.revenue.mrr.value else { return [] }
        var found: [Anomaly] = []
        for entry in then.entries {
            // From nothing it is new revenue, and less than one unit is no change to speak of.
            let unit = Fraction(entry.currency.minorUnitsPerUnit)
            guard entry.amount > .zero, let after = now[entry.currency] ?? .some(.zero),
                let change = after.subtracting(entry.amount), max(change, change.negated) >= unit,
                let limit = entry.amount.multiplied(by: Int64(rules.mrrChangePercent), over: 100),
                max(change, change.negated) > limit
            else { continue }
            found.append(
                Anomaly(
                    kind: .mrrChange, found: after, usual: entry.amount, currency: entry.currency, at: assessment.asOf))
        }
        return found
    }

    private func isFar(_ value: Fraction, from usual: Fraction, factor: Int) -> Bool {
        guard let high = usual.multiplied(by: Int64(factor)), let scaled = value.multiplied(by: Int64(factor)) else {
            return true
        }
        return value >= high || scaled <= usual
    }

    private func median(_ values: [Fraction]) -> Fraction? {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return nil }
        let middle = sorted.count / 2
        if sorted.count % 2 == 1 { return sorted[middle] }
        return sorted[middle - 1].adding(sorted[middle])?.multiplied(by: 1, over: 2)
    }

    private func seconds(_ interval: TimeInterval) -> Fraction {
        Fraction(Int64(exactly: interval.rounded(.down)) ?? .max)
    }
}
