import GTMCore

/// The portfolio as JSON.
enum PortfolioDocument {
    static func object(_ portfolio: Portfolio) -> JSONObject {
        var distribution = JSONObject()
        for status in portfolio.profile.bands.map(\.status) {
            let band = portfolio.bands[status] ?? Portfolio.Band()
            distribution.members.append(
                .init(
                    key: status.rawValue,
                    value: ["count": .integer(Int64(band.count)), "mrr": CustomerDocument.totals(band.mrr)]))
        }
        return [
            "total_customers": .integer(Int64(portfolio.customers)),
            "total_mrr": CustomerDocument.totals(portfolio.mrr),
            "total_arr": portfolio.arr.map(CustomerDocument.totals) ?? .null,
            "avg_health_score": portfolio.averageHealth.map(points) ?? .null,
            "health_distribution": .object(distribution),
            "at_risk_count": .integer(Int64(portfolio.atRiskCount)),
            "critical_count": .integer(Int64(portfolio.criticalCount)),
            "insufficient_data_count": .integer(Int64(portfolio.bands[.insufficientData]?.count ?? 0)),
            "unknown_mrr_count": .integer(Int64(portfolio.unknownMRR)),
            "as_of": .string(Timestamp.format(portfolio.asOf)),
        ]
    }

    /// A mean as points with three decimals at most.
    static func points(_ mean: Double) -> JSONValue { CustomerDocument.points(Int((mean * 1000).rounded())) }
}
