#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Counts over a customer's conversations.
struct ActivityTally<Trace: Tracer> {
    // Three lists and not the file: each list that is held is counted.
    private let activity: [RecordVersion]
    private let people: [RecordVersion]
    private let absorbed: [RecordID]
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
    var criticalSince: Date?
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
    /// What the numbers were counted from.
    var evidence: ActivityEvidence<Trace>

    init(
        calculator: ActivityCalculator, file: CustomerFile, expiry: Expiry, evidence: ActivityEvidence<Trace>
    ) {
        (activity, people, absorbed) = (file.activity, file.people, file.absorbed)
        self.expiry = expiry
        self.evidence = evidence
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

    mutating func count(_ version: RecordVersion) {
        let glance = version.glance
        let began = glance.createdAt
        guard glance.marks.contains(.involvesCustomer), began.map({ $0 <= asOf }) ?? true else { return }
        total += 1
        if let began, began >= conversationsSince {
            recent += 1
            evidence.add(.conversations30d) { .told("conversation", .moment(began), by: version, "created_at") }
            expiry.note(began.addingTimeInterval(windows.conversation + 1))
        }
        if glance.marks.contains(.isOpen) {
            open += 1
            evidence.add(.openTickets) { .told("open conversation", .flag(true), by: version, "state") }
            if glance.marks.contains(.isPriority) {
                critical += 1
                evidence.add(.openCriticalTickets) {
                    .told("open pressing conversation", .flag(true), by: version, "is_priority")
                }
                if let began { criticalSince = min(criticalSince ?? began, began) }
            }
        }
        if glance.marks.contains(.isRated) { rate(version) }
    }

    private mutating func rate(_ version: RecordVersion) {
        let glance = version.glance
        guard let at = glance.ratedAt, at >= ratingsSince, at <= asOf else { return }
        if !glance.marks.contains(.isOneVoiced) {
            guard case .conversation(let shared) = version.record.fact.kind, isOwn(shared.value.rating?.by) else {
                return
            }
        }
        ratings += 1
        ratingSum += Int(glance.rating)
        evidence.add(.csat) { .told("rating", .number(Int(glance.rating)), by: version, "rating.score") }
        expiry.note(at.addingTimeInterval(windows.rating + 1))
    }

    /// Listens to what was said in a conversation, and how it sounded.
    mutating func listen(_ version: RecordVersion, isHeard: Bool, isFelt: Bool) {
        switch version.record.fact.kind {
        case .conversation(let shared):
            if isHeard { listen(to: shared.value.mentions, version) }
            guard isFelt else { return }
            for tone in shared.value.tones where tone.message == 0 { feel(tone, shared.value.opening, version) }
        case .transcript(let shared):
            guard !hasEnded(shared.value.conversation) else { return }
            if isHeard { listen(to: shared.value.mentions, version) }
            guard isFelt else { return }
            let messages = shared.value.messages
            for tone in shared.value.tones where messages.indices.contains(tone.message) {
                feel(tone, messages[tone.message], version)
            }
        default: break
        }
    }

    mutating func listen(to said: [Mention], _ version: RecordVersion) {
        for mention in said {
            guard let at = mention.saidAt, at >= mentionsSince, at <= asOf, isOwn(mention.author, version) else {
                continue
            }
            expiry.note(at.addingTimeInterval(windows.mention + 1))
            let own = CustomerMention(
                sentence: mention.sentence, saidAt: at, record: version.record.id, message: mention.message)
            switch mention.kind {
            case .cancel:
                cancelMentions.append(own)
                evidence.add(.mentionedCancel) {
                    .told(
                        "said \(Timestamp.format(at)), rules v\(mention.rulesVersion)", .text(mention.sentence),
                        by: version, "message \(mention.message)")
                }
            case .competitor: competitorMentions.append(own)
            }
        }
    }

    /// Whether somebody is this customer; an untold author of a conversation that concerns the customer is.
    private func isOwn(_ person: SubjectRef?) -> Bool {
        switch person {
        case nil: true
        case .record(let id): people.contains { $0.record.id == id } || absorbed.contains(id)
        case .email(let email): people.contains { $0.record.identity?.email == email }
        case .external(let key): people.contains { $0.record.identity?.externalIDs.contains(key) ?? false }
        }
    }

    private func isOwn(_ author: SubjectRef?, _ version: RecordVersion) -> Bool {
        version.glance.marks.contains(.isOneVoiced) || isOwn(author)
    }

    /// Whether a record may hold what was said within the window of tones.
    func isRecent(_ glance: RecordGlance) -> Bool { glance.changedAt.map { $0 >= tonesSince } ?? true }

    mutating func feel(_ tone: MessageTone, _ message: Message?, _ version: RecordVersion) {
        guard let message, let at = message.sentAt, at >= tonesSince, at <= asOf, isOwn(message.author, version) else {
            return
        }
        expiry.note(at.addingTimeInterval(windows.tone + 1))
        tones += 1
        toneSum += tone.tone.thousandths
        evidence.add(.tone) {
            let value = Fraction(Int128(tone.tone.thousandths), over: 1000) ?? .zero
            return .told("tone of a message", .number(value), by: version, "message \(message.id)")
        }
    }

    /// Whether a conversation was deleted at its source; what was said in it has gone with it.
    mutating func hasEnded(_ conversation: RecordID) -> Bool {
        if someEnded == nil { someEnded = activity.contains { !$0.glance.marks.contains(.isLive) } }
        return someEnded == true
            && activity.contains { !$0.glance.marks.contains(.isLive) && $0.record.id == conversation }
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
}
