extension HealthProfile {
    /// The profile as the block `health-profile` of a directive, from which ``init(directive:signals:measures:)`` makes
    /// the same profile again. The table of signals is a block of its own and not part of it.
    public var document: JSONValue {
        var points = JSONObject()
        for status in SubscriptionStatus.allCases {
            points[status.rawValue] = .integer(Int64(paymentPoints[status]))
        }
        var penalties = JSONObject()
        for penalty in self.penalties { penalties[penalty.signal.rawValue] = .integer(Int64(penalty.points)) }
        var caps = JSONObject()
        for cap in self.caps { caps[cap.signal.rawValue] = .string(cap.status.rawValue) }
        let missing: JSONValue =
            switch missingData {
            case .renormalise: "renormalise"
            case .points(let points): .integer(Int64(points))
            }
        return [
            "profile": .string(name), "version": .integer(Int64(version)),
            "components": .array(components.map(\.document)),
            "payment_points": .object(points),
            "delinquent_payment_points": .integer(Int64(delinquentPaymentPoints)),
            "penalties": .object(penalties), "inactive_days": .integer(Int64(inactiveDays)),
            "bands": .array(bands.map(\.document)), "caps": .object(caps),
            "minimum_coverage_percent": .integer(Int64(minimumCoverage)), "missing_data": missing,
        ]
    }

    /// A number that differs where what is scored differs, the same in every process: profiles edited without a new
    /// version are told apart by it. Never 0.
    public var fingerprint: UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in JSONWriter.bytes(document) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return max(hash, 1)
    }
}

extension HealthComponent {
    fileprivate var document: JSONValue {
        var object: JSONObject = ["name": .string(name), "weight": .integer(Int64(weight))]
        if parts.count == 1, parts[0].share == 100 {
            object["measure"] = .string(parts[0].measure.name)
            object["curve"] = parts[0].curve.document
        } else {
            object["mix"] = .array(
                parts.map {
                    [
                        "measure": .string($0.measure.name), "share": .integer(Int64($0.share)),
                        "curve": $0.curve.document,
                    ]
                })
        }
        return .object(object)
    }
}

extension Curve {
    fileprivate var document: JSONValue { .array(knots.map { [.integer($0.input), .integer($0.points)] }) }
}

extension HealthBand {
    fileprivate var document: JSONValue {
        var object: JSONObject = ["status": .string(status.rawValue), "from": .integer(Int64(from))]
        if let countsAs { object["counts_as"] = .string(countsAs.rawValue) }
        return .object(object)
    }
}
