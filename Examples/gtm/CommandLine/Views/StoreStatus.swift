import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What `gtm status` tells: where every source stands, what could not be used, what to do next.
struct StoreStatus: Sendable, Hashable {
    /// One source.
    struct Source: Sendable, Hashable {
        /// The source.
        var id: SourceID
        /// Whether the settings name it.
        var isSetUp: Bool
        /// Its streams, in order of their names; none before it was first read.
        var streams: [Stream] = []

        /// The moment up to which it is known: that of the stream that lags most; `nil` where one was never read.
        var lastSync: Date? {
            let known = streams.filter { $0.refusal == nil }.map(\.observedThrough)
            return known.contains(nil) ? nil : known.compactMap { $0 }.min()
        }
    }

    /// One stream of a source.
    struct Stream: Sendable, Hashable {
        /// Its name.
        var name: String
        /// Its live records.
        var records = 0
        /// The moment of its last complete read; `nil` before the first one.
        var observedThrough: Date?
        /// When it was last read whole.
        var lastFullReadAt: Date?
        /// Whether that is too long ago for its silence to mean anything.
        var isStale = false
        /// Why it cannot be read; `nil` where it can.
        var refusal: UnknownReason?
        /// Records that the last full read did not show and that were too many to be believed gone.
        var heldBack = 0
        /// Records that are still to be fetched.
        var pending = 0
        /// When the pass that has not come to its end began; `nil` between passes.
        var passBegan: Date?

        /// What is not as it should be, in words; empty where everything is.
        var problems: [String] {
            var problems: [String] = []
            if let refusal { problems.append("refused: \(PlainWords.refusal(refusal))") }
            if refusal == nil, passBegan == nil, observedThrough == nil { problems.append("never read to its end") }
            if let passBegan { problems.append("broken off or under way since \(PlainWords.moment(passBegan))") }
            if isStale { problems.append("stale: its silence means nothing any more") }
            if heldBack > 0 {
                problems.append("\(PlainWords.count(heldBack, "record")) missing, too many to be believed gone")
            }
            if pending > 0 { problems.append("\(PlainWords.count(pending, "record")) still to be fetched") }
            return problems
        }
    }

    /// Where the store is.
    var location: StoreLocation
    /// Whether there is one.
    var exists = true
    /// The present.
    var asOf: Date
    /// The sources: those set up, and those only the store knows, in order.
    var sources: [Source] = []
    /// All customers together; `nil` where there is no store.
    var portfolio: Portfolio?
    /// Records of people that belong to nobody, by reason.
    var unmatched: [UnmatchedReason: Int] = [:]
    /// Records that could not be taken.
    var rejected = 0
    /// Fields that could not be taken.
    var fieldIssues = 0
    /// The last runs, the newest first.
    var runs: [SyncRun] = []
    /// Whether another process writes the store at this moment.
    var isBeingWritten = false

    /// Sources whose last run ended without saying how: the process was ended from outside.
    var brokenOff: [SourceID] {
        guard !isBeingWritten else { return [] }
        var seen: Set<SourceID> = []
        return runs.filter { seen.insert($0.source).inserted && $0.status == .running }.map(\.source)
    }

    /// What to do next: commands with their reasons, the most needed first.
    var next: [Advice] {
        guard sources.contains(where: { !$0.streams.isEmpty }) else {
            return [
                Advice("gtm doctor", "no source has been read yet: this checks keys, settings and permissions"),
                Advice("gtm sync", "reads the sources that are set up"),
                Advice("gtm demo", "shows what comes of it, without a key"),
            ]
        }
        var advice: [Advice] = []
        let streams = sources.filter(\.isSetUp).flatMap(\.streams)
        for source in sources where source.isSetUp && source.streams.isEmpty {
            advice.append(Advice("gtm sync \(source.id)", "is set up and was never read"))
        }
        if streams.contains(where: { $0.refusal != nil }) {
            advice.append(Advice("gtm doctor", "tells which permission is missing"))
        }
        if streams.contains(where: { $0.heldBack > 0 }) {
            advice.append(Advice("gtm sync --full", "asks again for the records that are missing"))
        } else if streams.contains(where: { $0.refusal == nil && !$0.problems.isEmpty }) {
            advice.append(Advice("gtm sync", "reads what is stale, was broken off or is still to be fetched"))
        }
        for source in brokenOff where !advice.contains(where: { $0.command == "gtm sync" }) {
            advice.append(Advice("gtm sync \(source)", "its last run was broken off; an import is to be made again"))
        }
        if advice.isEmpty { advice.append(Advice("gtm at-risk", "everything is up to date: whom to look after")) }
        return advice
    }

    /// A command, and why.
    struct Advice: Sendable, Hashable {
        var command: String
        var reason: String

        init(_ command: String, _ reason: String) {
            self.command = command
            self.reason = reason
        }
    }
}

extension PlainWords {
    /// Why a source refuses a stream.
    static func refusal(_ reason: UnknownReason) -> String {
        switch reason {
        case .notPermitted: "the key may not read it; a permission or the vendor's plan is missing"
        case .notConnected: "it is not connected"
        default: reason.description.replacing("_", with: " ")
        }
    }

    /// Why a person's record belongs to nobody.
    static func unmatched(_ reason: UnmatchedReason) -> String {
        switch reason {
        case .noEmail: "without an e-mail address"
        case .ambiguous: "claimed by several customers"
        case .hostDomain: "of the host's own domains"
        case .notACustomer: "of a stream that makes no customers"
        }
    }
}
