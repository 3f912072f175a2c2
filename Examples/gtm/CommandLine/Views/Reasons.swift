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
        if let cap = assessment.health.cappedBy {
            reasons.append(
                "held at \(PlainWords.status(assessment.health.status)) by \(cap.rawValue.replacing("_", with: " "))")
        }
        let isToldBySignal = Set(assessment.health.signals.compactMap { measure(behind: $0.kind) })
        let isAlone = reasons.isEmpty
        var weak: [(component: HealthScore.ComponentScore, points: Int)] = []
        for component in assessment.health.components {
            guard case .known(let points) = component.points, points < 50_000,
                isToldBySignal.isDisjoint(with: component.measures)
            else { continue }
            // A young or small customer is no reason to leave; it only explains a score without a signal.
            let isMild = component.measures.allSatisfy { $0 == .tenureMonths || $0 == .mrr }
            if isAlone || !isMild { weak.append((component, points)) }
        }
        weak.sort { (100_000 - $0.points) * $0.component.weight > (100_000 - $1.points) * $1.component.weight }
        reasons += weak.prefix(isAlone ? 3 : 1).map { component, points in
            let details = component.measures.compactMap { detail($0, assessment) }
            return "\(name(component.name)) \(points / 1000)/100"
                + (details.isEmpty ? "" : " (\(details.joined(separator: ", ")))")
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
        case .paymentFailed:
            let since = assessment.health.signals.first { $0.kind == signal }?.since
            return "last payment failed\(since.map { ", first on \(day($0))" } ?? "")"
        }
    }

    /// What a signal speaks of already.
    private static func measure(behind signal: RiskSignal.Kind) -> HealthMeasure? {
        switch signal {
        case .paymentDelinquent: .paymentStanding
        case .inactive: .daysSinceSeen
        case .cancelMentioned, .openCriticalTicket, .paymentFailed: nil
        }
    }

    /// The name of a component in plain words.
    static func name(_ component: String) -> String {
        switch component {
        case "activity_recency": "recency"
        case "support_sentiment": "support rating"
        case "payment_health": "payment"
        case "mrr_weight": "revenue"
        default: component.replacing("_", with: " ")
        }
    }

    private static func detail(_ measure: HealthMeasure, _ assessment: Assessment) -> String? {
        switch measure {
        case .daysSinceSeen:
            assessment.activity.daysSinceSeen.value.map { "last seen \(PlainWords.count($0, "day")) ago" }
        case .paymentStanding:
            CustomerDocument.status(of: assessment.customer).value.map { $0.rawValue.replacing("_", with: " ") }
        case .csat:
            assessment.activity.csat.value.map {
                "rated \(JSONWriter.text(CustomerDocument.number($0, decimals: 1))) of 5"
            }
        case .tenureMonths:
            assessment.activity.tenureMonths.value.map { "\($0) month\($0 == 1 ? "" : "s")" }
        case .conversations30d:
            assessment.activity.conversations30d.value.map { "\(PlainWords.count($0, "conversation")) in 30 days" }
        case .openTickets:
            assessment.activity.openTickets.value.map { "\(PlainWords.count($0, "ticket")) open" }
        default: nil
        }
    }

    /// A day in UTC: `18 Nov`.
    static func day(_ date: Date) -> String {
        let day = Timestamp.civil(date)
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return "\(day.day) \(months[day.month - 1])"
    }
}
