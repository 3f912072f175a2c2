#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// What a customer did lately and said to support, for one moment.
public struct CustomerActivity: Sendable, Hashable {
    /// Whole days since the customer was last seen, counted up to when his sources are known; never negative.
    public var daysSinceSeen: Reading<Int>
    /// Conversations in which the customer took part.
    public var conversationsTotal: Reading<Int>
    /// Those of them that began in the last 30 days.
    public var conversations30d: Reading<Int>
    /// Those of them that are not closed.
    public var openTickets: Reading<Int>
    /// Those of them that are not closed and were flagged as pressing.
    public var openCriticalTickets: Reading<Int>
    /// When the oldest conversation began that is pressing and not closed; `nil` where there is none, or none that tells.
    public var openCriticalSince: Date?
    /// The mean of the customer's ratings of the last 180 days, 1...5, exact.
    public var csat: Reading<Fraction>
    /// What the customer said of cancelling in the last 30 days, the latest first.
    public var cancelMentions: Reading<[CustomerMention]>
    /// What the customer said of competitors in the last 30 days, the latest first.
    public var competitorMentions: Reading<[CustomerMention]>
    /// The mean tone of the customer's messages of the last 90 days, -1...1, exact; unknown where none has a tone.
    public var tone: Reading<Fraction>
    /// Whole calendar months since sign-up, in UTC.
    public var tenureMonths: Reading<Int>

    /// Whether the customer spoke of cancelling in the last 30 days.
    public var mentionedCancel: Reading<Bool> { cancelMentions.map { !$0.isEmpty } }

    /// Whether the customer spoke of a competitor in the last 30 days.
    public var mentionedCompetitor: Reading<Bool> { competitorMentions.map { !$0.isEmpty } }
}

/// A customer's words on something that matters, with where they stand.
public struct CustomerMention: Sendable, Hashable {
    /// The sentence.
    public var sentence: String
    /// When it was written.
    public var saidAt: Date
    /// The record that holds the message.
    public var record: RecordID
    /// The message within it.
    public var message: String
}

/// Computes what a customer did lately. Windows reach back from the moment asked for, ends included.
public struct ActivityCalculator: Sendable {
    /// How far back is listened for cancelling and competitors.
    public var mentionWindow: Duration = .seconds(30 * 86_400)
    /// How far back the tone of messages counts.
    public var toneWindow: Duration = .seconds(90 * 86_400)
    /// How far back conversations count as recent.
    public var conversationWindow: Duration = .seconds(30 * 86_400)
    /// How far back ratings count.
    public var ratingWindow: Duration = .seconds(180 * 86_400)

    /// Creates a calculator with the windows of `directives/master.md`.
    public init() {}

    /// Computes a customer's activity.
    ///
    /// - Parameters:
    ///   - customer: The resolved customer.
    ///   - file: The customer's records.
    ///   - context: The moment, and how far each source was read.
    ///   - expiry: Told when the answer will change by the passing of time alone.
    public func activity(
        of customer: UnifiedCustomer, _ file: CustomerFile, _ context: ResolutionContext, _ expiry: inout Expiry
    ) -> CustomerActivity {
        var evidence = ActivityEvidence<Untraced>()
        return activity(of: customer, file, context, &expiry, &evidence)
    }

    func activity<Trace: Tracer>(
        of customer: UnifiedCustomer, _ file: CustomerFile, _ context: ResolutionContext, _ expiry: inout Expiry,
        _ evidence: inout ActivityEvidence<Trace>
    ) -> CustomerActivity {
        let sources = file.sources
        let support = context.observed(.support, by: sources)
        var tally = ActivityTally(calculator: self, file: file, expiry: expiry, evidence: evidence)
        // By index: a version that is only glanced at is not counted as held.
        for place in file.activity.indices {
            let glance = file.activity[place].glance
            guard glance.marks.contains(.isLive) else { continue }
            if glance.marks.contains(.isConversation) { tally.count(file.activity[place]) }
            // Nothing is said after a record's last change, and most records are older than any window.
            let isHeard = glance.marks.contains(.hasMentions)
            let isFelt = glance.marks.contains(.hasTones) && tally.isRecent(glance)
            guard isHeard || isFelt else { continue }
            tally.listen(file.activity[place], isHeard: isHeard, isFelt: isFelt)
        }
        expiry = tally.expiry
        evidence = tally.evidence
        if case .known(let through) = support {
            expiry.note(through.addingTimeInterval(Double(context.staleAfter.components.seconds) + 1))
        } else {
            expiry.noteWaiting()
        }
        func told<Value>(_ value: Value) -> Reading<Value> { support.map { _ in value } }
        let csat: Reading<Fraction> =
            tally.ratings > 0
            ? support.map { _ in Fraction(Int128(tally.ratingSum), over: Int128(tally.ratings)) ?? .zero }
            : .unknown(support.reason ?? .notReported)
        let refusal = context.transcriptRefusal(of: sources) ?? (file.unread.isEmpty ? nil : .notYetObserved)
        return CustomerActivity(
            daysSinceSeen: daysSinceSeen(customer, sources, context, &expiry, &evidence),
            conversationsTotal: told(tally.total), conversations30d: told(tally.recent), openTickets: told(tally.open),
            openCriticalTickets: told(tally.critical), openCriticalSince: tally.criticalSince, csat: csat,
            cancelMentions: mentions(tally.cancelMentions, support, refusal),
            competitorMentions: mentions(tally.competitorMentions, support, refusal),
            tone: tone(tally, support, refusal),
            tenureMonths: tenure(customer, context, &expiry, &evidence))
    }

    private func daysSinceSeen<Trace: Tracer>(
        _ customer: UnifiedCustomer, _ sources: [SourceID], _ context: ResolutionContext, _ expiry: inout Expiry,
        _ evidence: inout ActivityEvidence<Trace>
    ) -> Reading<Int> {
        guard case .known(let seen) = customer.lastSeenAt else {
            return .unknown(customer.lastSeenAt.reason ?? .notReported)
        }
        switch context.observed(.activity, by: sources) {
        case .unknown(let reason):
            expiry.noteWaiting()
            return .unknown(reason)
        case .known(let through):
            let days = max(0, Timestamp.daysBetween(seen.value, through))
            evidence.add(.daysSinceSeen) {
                .told("last_seen_at", .moment(seen.value), by: seen.version, "last_seen_at")
            }
            evidence.add(.daysSinceSeen) { .asked("sources known up to", .moment(through)) }
            let nextDay = seen.value.addingTimeInterval(Double(days + 1) * 86_400)
            if nextDay <= context.asOf { expiry.noteWaiting() } else { expiry.note(nextDay) }
            expiry.note(through.addingTimeInterval(Double(context.staleAfter.components.seconds) + 1))
            return .known(days)
        }
    }

    private func tenure<Trace: Tracer>(
        _ customer: UnifiedCustomer, _ context: ResolutionContext, _ expiry: inout Expiry,
        _ evidence: inout ActivityEvidence<Trace>
    ) -> Reading<Int> {
        guard let told = customer.signupDate.value else {
            return .unknown(customer.signupDate.reason ?? .notReported)
        }
        let signup = told.value
        evidence.add(.tenureMonths) { .told("signup_date", .moment(signup), by: told.version, "signed_up_at") }
        evidence.add(.tenureMonths) { .asked("as_of", .moment(context.asOf)) }
        // A month is completed at the time of day at which the customer signed up.
        let elapsed = context.asOf.timeIntervalSince(signup)
        expiry.note(signup.addingTimeInterval(((elapsed / 86_400).rounded(.down) + 1) * 86_400))
        return .known(max(0, Timestamp.wholeMonths(from: signup, to: context.asOf)))
    }

    /// What was heard counts in any case; silence counts only where one could listen.
    private func mentions(
        _ heard: [CustomerMention], _ support: Reading<Date>, _ refusal: UnknownReason?
    ) -> Reading<[CustomerMention]> {
        guard heard.isEmpty else {
            return .known(
                heard.sorted {
                    $0.saidAt != $1.saidAt ? $0.saidAt > $1.saidAt : ($0.record, $0.message) < ($1.record, $1.message)
                })
        }
        if case .unknown(let reason) = support { return .unknown(reason) }
        return refusal.map { .unknown($0) } ?? .known([])
    }

    /// The mean over some of the messages would say nothing of the others, so all of them have to be readable.
    private func tone<Trace: Tracer>(
        _ tally: ActivityTally<Trace>, _ support: Reading<Date>, _ refusal: UnknownReason?
    ) -> Reading<Fraction> {
        if case .unknown(let reason) = support { return .unknown(reason) }
        guard refusal == nil, tally.tones > 0,
            let mean = Fraction(Int128(tally.toneSum), over: 1000 * Int128(tally.tones))
        else { return .unknown(refusal ?? .notReported) }
        return .known(mean)
    }
}
