import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Why a customer is at risk, in plain words with the evidence.
enum Reasons {
    /// One phrase a signal, then what is weak and no signal speaks of.
    static func of(_ assessment: Assessment) -> [String] {
        var reasons = assessment.health.signals.map { phrase($0.kind, assessment) }
        let isToldBySignal = Set(assessment.health.signals.compactMap { component(behind: $0.kind) })
        let isAlone = reasons.isEmpty
        let weak = assessment.health.components
            .compactMap { component in component.points.value.map { (component.kind, $0, component.weight) } }
            .filter { kind, points, _ in
                // A young or small customer is no reason to leave; it only explains a score without a signal.
                points < 50_000 && !isToldBySignal.contains(kind) && (isAlone || kind != .tenure && kind != .mrrWeight)
            }
            .sorted { (100_000 - $0.1) * $0.2 > (100_000 - $1.1) * $1.2 }
        reasons += weak.prefix(isAlone ? 3 : 1).map { kind, points, _ in
            "\(name(kind)) \(points / 1000)/100\(detail(kind, assessment))"
        }
        return reasons.isEmpty ? ["every part of the score is middling"] : reasons
    }

    private static func phrase(_ signal: RiskSignal.Kind, _ assessment: Assessment) -> String {
        switch signal {
        case .cancelMentioned:
            let mentions = assessment.activity.cancelMentions.value ?? []
            guard let latest = mentions.first else { return "spoke of cancelling" }
            let sentence = TextWidth.cut(Sanitized(latest.sentence).text, to: 120)
            let more = mentions.count > 1 ? " (and \(mentions.count - 1) more)" : ""
            return "said “\(sentence)” on \(day(latest.saidAt))\(more)"
        case .paymentDelinquent:
            let price = assessment.customer.planPrice.value.map { " (plan at \(PlainWords.amount($0.value)))" } ?? ""
            switch CustomerDocument.status(of: assessment.customer).value {
            case .unpaid: return "subscription unpaid\(price)"
            case .canceled, .incompleteExpired: return "last invoice unpaid, subscription over"
            default: return "payment past due\(price)"
            }
        case .inactive:
            guard let days = assessment.activity.daysSinceSeen.value else { return "not seen lately" }
            return "not seen for \(PlainWords.count(days, "day"))"
        case .openCriticalTicket:
            let count = assessment.activity.openCriticalTickets.value ?? 1
            return "\(count) critical ticket\(count == 1 ? "" : "s") open"
        }
    }

    private static func component(behind signal: RiskSignal.Kind) -> HealthComponent.Kind? {
        switch signal {
        case .paymentDelinquent: .paymentHealth
        case .inactive: .activityRecency
        case .cancelMentioned, .openCriticalTicket: nil
        }
    }

    /// The name of a component in plain words.
    static func name(_ kind: HealthComponent.Kind) -> String {
        switch kind {
        case .activityRecency: "recency"
        case .supportSentiment: "support rating"
        case .paymentHealth: "payment"
        case .engagement: "engagement"
        case .tenure: "tenure"
        case .mrrWeight: "revenue"
        }
    }

    private static func detail(_ kind: HealthComponent.Kind, _ assessment: Assessment) -> String {
        switch kind {
        case .activityRecency:
            assessment.activity.daysSinceSeen.value.map { " (last seen \(PlainWords.count($0, "day")) ago)" } ?? ""
        case .paymentHealth:
            CustomerDocument.status(of: assessment.customer).value.map {
                " (\($0.rawValue.replacing("_", with: " ")))"
            } ?? ""
        case .supportSentiment:
            assessment.activity.csat.value.map {
                " (rated \(JSONWriter.text(CustomerDocument.number($0, decimals: 1))) of 5)"
            } ?? ""
        case .tenure:
            assessment.activity.tenureMonths.value.map { " (\($0) month\($0 == 1 ? "" : "s"))" } ?? ""
        case .engagement, .mrrWeight: ""
        }
    }

    /// A day in UTC: `18 Nov`.
    static func day(_ date: Date) -> String {
        let day = Timestamp.civil(date)
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return "\(day.day) \(months[day.month - 1])"
    }
}
