import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What another profile would change, as JSON.
enum WhatIfDocument {
    /// The comparison, as `health what-if --json` prints it.
    ///
    /// - Parameters:
    ///   - whatIf: The comparison.
    ///   - limit: Customers that are listed, at most.
    ///   - currency: The reporting currency.
    static func line(_ whatIf: WhatIf, limit: Int, currency: Currency) -> String {
        let moves = whatIf.groups.sorted { rank($0.key, whatIf) < rank($1.key, whatIf) }.map {
            passage, group -> JSONValue in
            var object: JSONObject = [
                "before": .string(passage.before.rawValue), "after": .string(passage.after.rawValue),
            ]
            add(group, to: &object)
            return .object(object)
        }
        let document: JSONValue = [
            "profile_before": .string(whatIf.before.title), "profile_after": .string(whatIf.after.title),
            "total_customers": count(whatIf.customers), "changed_customers": count(whatIf.changes.count),
            "bands_before": bands(whatIf.bandsBefore), "bands_after": bands(whatIf.bandsAfter),
            "moves": .array(moves),
            "customers": .array(whatIf.changes.prefix(limit).map { .object(object($0, currency)) }),
            "as_of": .string(Timestamp.format(whatIf.asOf)),
        ]
        return JSONWriter.text(document) + "\n"
    }

    /// The place of a passage: by the status before, then by the one after, in the order of the bands.
    static func rank(_ passage: WhatIf.Passage, _ whatIf: WhatIf) -> Int {
        let before = whatIf.before.statuses.firstIndex(of: passage.before) ?? 0
        return before * 16 + (whatIf.after.statuses.firstIndex(of: passage.after) ?? 0)
    }

    private static func bands(_ bands: [(status: HealthStatus, group: WhatIf.Group)]) -> JSONValue {
        var object = JSONObject()
        for (status, group) in bands {
            var band = JSONObject()
            add(group, to: &band)
            object.members.append(.init(key: status.rawValue, value: .object(band)))
        }
        return .object(object)
    }

    private static func add(_ group: WhatIf.Group, to object: inout JSONObject) {
        object["count"] = count(group.customers)
        object["mrr"] = CustomerDocument.totals(group.mrr)
        object["unknown_mrr_count"] = count(group.unknownMRR)
    }

    private static func object(_ change: WhatIf.Change, _ currency: Currency) -> JSONObject {
        let reported = change.mrrReporting?.rounded.map { Money(minorUnits: $0, currency: currency) }
        return [
            "customer": .string(change.key.description),
            "health_status_before": .string(change.passage.before.rawValue),
            "health_status_after": .string(change.passage.after.rawValue),
            "health_score_before": change.scoreBefore.map(CustomerDocument.points) ?? .null,
            "health_score_after": change.scoreAfter.map(CustomerDocument.points) ?? .null,
            "mrr": change.mrr.map(CustomerDocument.totals) ?? .null,
            "mrr_reporting": reported.map { .decimal($0.decimal) } ?? .null,
        ]
    }

    private static func count(_ number: Int) -> JSONValue { .integer(Int64(number)) }
}
