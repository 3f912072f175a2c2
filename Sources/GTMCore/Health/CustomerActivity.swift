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
        let sources = file.sources
        let support = context.observed(.support, by: sources)
        var tally = Tally(calculator: self, file: file, expiry: expiry)
        for version in file.activity where version.record.state.isLive {
            switch version.record.fact.kind {
            case .conversation(let shared):
                tally.count(shared)
                if !shared.value.mentions.isEmpty { tally.listen(to: shared.value.mentions, version) }
                if tally.isRecent(version), !shared.value.tones.isEmpty {
                    for tone in shared.value.tones where tone.message == 0 { tally.feel(tone, shared.value.opening) }
                }
            case .transcript(let shared):
                let isHeard = !shared.value.mentions.isEmpty
                let isFelt = tally.isRecent(version) && !shared.value.tones.isEmpty
                guard isHeard || isFelt, !tally.hasEnded(shared.value.conversation) else { continue }
                if isHeard { tally.listen(to: shared.value.mentions, version) }
                guard isFelt else { continue }
                let messages = shared.value.messages
                for tone in shared.value.tones where messages.indices.contains(tone.message) {
                    tally.feel(tone, messages[tone.message])
                }
            default: break
            }
        }
        expiry = tally.expiry
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
            daysSinceSeen: daysSinceSeen(customer, sources, context, &expiry),
            conversationsTotal: told(tally.total), conversations30d: told(tally.recent), openTickets: told(tally.open),
            openCriticalTickets: told(tally.critical), csat: csat,
            cancelMentions: mentions(tally.cancelMentions, support, refusal),
            competitorMentions: mentions(tally.competitorMentions, support, refusal),
            tone: tone(tally, support, refusal),
            tenureMonths: tenure(customer, context, &expiry))
    }

    private func daysSinceSeen(
        _ customer: UnifiedCustomer, _ sources: [SourceID], _ context: ResolutionContext, _ expiry: inout Expiry
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
            let nextDay = seen.value.addingTimeInterval(Double(days + 1) * 86_400)
            if nextDay <= context.asOf { expiry.noteWaiting() } else { expiry.note(nextDay) }
            expiry.note(through.addingTimeInterval(Double(context.staleAfter.components.seconds) + 1))
            return .known(days)
        }
    }

    private func tenure(
        _ customer: UnifiedCustomer, _ context: ResolutionContext, _ expiry: inout Expiry
    ) -> Reading<Int> {
        guard let signup = customer.signupDate.value?.value else {
            return .unknown(customer.signupDate.reason ?? .notReported)
        }
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
    private func tone(_ tally: Tally, _ support: Reading<Date>, _ refusal: UnknownReason?) -> Reading<Fraction> {
        if case .unknown(let reason) = support { return .unknown(reason) }
        guard refusal == nil, tally.tones > 0,
            let mean = Fraction(Int128(tally.toneSum), over: 1000 * Int128(tally.tones))
        else { return .unknown(refusal ?? .notReported) }
        return .known(mean)
    }
}

/// Counts over a customer's conversations.
private struct Tally {
    let file: CustomerFile
    let asOf: Date
    let mentionsSince: Date
    let conversationsSince: Date
    let ratingsSince: Date
    let tonesSince: Date
    let windows: (mention: Double, conversation: Double, rating: Double, tone: Double)

    var total = 0
    var recent = 0
    var open = 0
    var critical = 0
    var ratings = 0
    var ratingSum = 0
    var cancelMentions: [CustomerMention] = []
    var competitorMentions: [CustomerMention] = []
    var tones = 0
    /// Thousandths.
    var toneSum = 0
    /// Whether any record was deleted, once that was asked.
    private var someEnded: Bool?
    /// Told when something leaves its window.
    var expiry: Expiry

    init(calculator: ActivityCalculator, file: CustomerFile, expiry: Expiry) {
        self.file = file
        self.expiry = expiry
        asOf = expiry.asOf
        windows = (
            Double(calculator.mentionWindow.components.seconds),
            Double(calculator.conversationWindow.components.seconds),
            Double(calculator.ratingWindow.components.seconds), Double(calculator.toneWindow.components.seconds)
        )
        mentionsSince = asOf.addingTimeInterval(-windows.mention)
        conversationsSince = asOf.addingTimeInterval(-windows.conversation)
        ratingsSince = asOf.addingTimeInterval(-windows.rating)
        tonesSince = asOf.addingTimeInterval(-windows.tone)
    }

    mutating func count(_ shared: Shared<Conversation>) {
        let began = shared.value.createdAt
        guard shared.value.involvesCustomer, began.map({ $0 <= asOf }) ?? true else { return }
        total += 1
        if let began, began >= conversationsSince {
            recent += 1
            expiry.note(began.addingTimeInterval(windows.conversation + 1))
        }
        if shared.value.isOpen {
            open += 1
            if shared.value.isPriority { critical += 1 }
        }
        if let rating = shared.value.rating, let at = rating.ratedAt ?? began, at >= ratingsSince, at <= asOf,
            file.isOwn(rating.by)
        {
            ratings += 1
            ratingSum += rating.score
            expiry.note(at.addingTimeInterval(windows.rating + 1))
        }
    }

    mutating func listen(to said: [Mention], _ version: RecordVersion) {
        for mention in said {
            guard let at = mention.saidAt, at >= mentionsSince, at <= asOf, file.isOwn(mention.author) else { continue }
            expiry.note(at.addingTimeInterval(windows.mention + 1))
            let own = CustomerMention(
                sentence: mention.sentence, saidAt: at, record: version.record.id, message: mention.message)
            switch mention.kind {
            case .cancel: cancelMentions.append(own)
            case .competitor: competitorMentions.append(own)
            }
        }
    }

    /// Whether a record may hold what was said within the window of tones: nothing is said after its last change. Most
    /// records are older, and not even looked into.
    func isRecent(_ version: RecordVersion) -> Bool { version.record.changedAt.map { $0 >= tonesSince } ?? true }

    mutating func feel(_ tone: MessageTone, _ message: Message?) {
        guard let at = message?.sentAt, at >= tonesSince, at <= asOf, file.isOwn(message?.author) else { return }
        expiry.note(at.addingTimeInterval(windows.tone + 1))
        tones += 1
        toneSum += tone.tone.thousandths
    }

    /// Whether a conversation was deleted at its source; what was said in it has gone with it.
    mutating func hasEnded(_ conversation: RecordID) -> Bool {
        if someEnded == nil { someEnded = file.activity.contains { !$0.record.state.isLive } }
        return someEnded == true
            && file.activity.contains { $0.record.id == conversation && !$0.record.state.isLive }
    }
}

extension CustomerFile {
    /// The sources that tell who the customer is, each once.
    var sources: [SourceID] {
        var sources: [SourceID] = []
        for version in people where !sources.contains(version.record.id.source) {
            sources.append(version.record.id.source)
        }
        return sources
    }

    /// Whether somebody is this customer; an untold author of a conversation that concerns the customer is.
    func isOwn(_ person: SubjectRef?) -> Bool {
        switch person {
        case nil: true
        case .record(let id): people.contains { $0.record.id == id } || absorbed.contains(id)
        case .email(let email): people.contains { $0.record.identity?.email == email }
        case .external(let key): people.contains { $0.record.identity?.externalIDs.contains(key) ?? false }
        }
    }
}

/// Until when an answer holds if nothing new is learnt.
public struct Expiry: Sendable, Hashable {
    /// The moment that the answer was computed for.
    public let asOf: Date
    /// The first moment at which it may be different.
    public private(set) var validUntil: Date

    /// Begins with an answer that would hold for ever.
    public init(asOf: Date) {
        self.asOf = asOf
        validUntil = .distantFuture
    }

    /// Notes that the answer waits for a source to be read further: the next look may find another one.
    public mutating func noteWaiting() { note(asOf.addingTimeInterval(1)) }

    /// Notes that something changes at a moment; moments already past change nothing any more.
    public mutating func note(_ moment: Date) {
        if moment > asOf, moment < validUntil { validUntil = moment }
    }
}
