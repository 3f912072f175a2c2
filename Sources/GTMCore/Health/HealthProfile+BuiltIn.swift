extension HealthProfile {
    /// The profiles that come with the engine, the default first.
    public static let builtIn = [sixComponent, fourFactor]

    /// The built-in profile of a name; `nil` for another name.
    public static func builtIn(named name: String) -> HealthProfile? { builtIn.first { $0.name == name } }

    /// Six components: the default profile, version 1.
    public static let sixComponent = HealthProfile(
        name: "six-component", version: 1,
        components: [
            HealthComponent(
                "activity_recency", weight: 25, .daysSinceSeen,
                curve: Curve(known: (0, 100), (1, 100), (7, 90), (14, 70), (30, 40), (60, 0))),
            HealthComponent(
                "support_sentiment", weight: 20,
                mix: [
                    .init(.csat, share: 60, curve: .rating),
                    .init(.tone, share: 40, curve: Curve(known: (-1, 0), (0, 60), (1, 100))),
                ]),
            HealthComponent("payment_health", weight: 20, .paymentStanding, curve: .same),
            HealthComponent("engagement", weight: 15, .sessions30d, curve: .sessions),
            HealthComponent("tenure", weight: 10, .tenureMonths, curve: .tenure),
            HealthComponent("mrr_weight", weight: 10, .mrr, curve: .revenue),
        ],
        penalties: [
            HealthPenalty(.cancelMentioned, points: 30), HealthPenalty(.paymentDelinquent, points: 25),
            HealthPenalty(.inactive, points: 20), HealthPenalty(.openCriticalTicket, points: 15),
        ],
        bands: [
            HealthBand(.healthy, from: 70), HealthBand(.atRisk, from: 50, countsAs: .atRisk),
            HealthBand(.highRisk, from: 30, countsAs: .atRisk), HealthBand(.critical, from: 0, countsAs: .critical),
        ],
        caps: [HealthCap(.cancelMentioned, at: .atRisk)])

    /// Four factors, for teams that talk to their customers: no penalties and no limits, version 1.
    public static let fourFactor = HealthProfile(
        name: "four-factor", version: 1,
        components: [
            HealthComponent("product_usage", weight: 30, .sessions30d, curve: .sessions),
            HealthComponent(
                "support_activity", weight: 20,
                mix: [
                    .init(
                        .conversations30d, share: 40, curve: Curve(known: (0, 100), (2, 90), (5, 60), (10, 20), (15, 0))
                    ),
                    .init(.openTickets, share: 30, curve: Curve(known: (0, 100), (1, 80), (3, 40), (6, 0))),
                    .init(.csat, share: 30, curve: .rating),
                ]),
            HealthComponent(
                "relationship_depth", weight: 25,
                mix: [
                    .init(.peopleInTouch90d, share: 50, curve: Curve(known: (0, 0), (1, 50), (2, 75), (4, 100))),
                    .init(.meetings90d, share: 50, curve: Curve(known: (0, 0), (1, 50), (3, 80), (6, 100))),
                ]),
            HealthComponent(
                "business_outcomes", weight: 25,
                mix: [
                    .init(.paymentStanding, share: 50, curve: .same), .init(.tenureMonths, share: 25, curve: .tenure),
                    .init(.mrr, share: 25, curve: .revenue),
                ]),
        ],
        bands: [
            HealthBand(.excellent, from: 80), HealthBand(.good, from: 60),
            HealthBand(.atRisk, from: 40, countsAs: .atRisk), HealthBand(.critical, from: 0, countsAs: .critical),
        ])
}

extension Curve {
    /// A mean rating, 1 to 5.
    fileprivate static let rating = Curve(known: (1, 0), (5, 100))
    /// Points as they are.
    fileprivate static let same = Curve(known: (0, 0), (100, 100))
    /// Sessions of 30 days.
    fileprivate static let sessions = Curve(known: (0, 0), (2, 30), (8, 70), (20, 100))
    /// Whole months since sign-up.
    fileprivate static let tenure = Curve(known: (0, 20), (3, 50), (12, 80), (24, 100))
    /// MRR in major units.
    fileprivate static let revenue = Curve(known: (0, 0), (50, 30), (100, 50), (250, 70), (500, 85), (1000, 100))
}

extension PaymentPoints {
    /// The points of both built-in profiles.
    public static let standard: PaymentPoints = {
        var points = PaymentPoints()
        points[.active] = 100
        points[.trialing] = 80
        points[.pastDue] = 40
        points[.paused] = 30
        points[.incomplete] = 20
        points[.unpaid] = 10
        return points
    }()
}

extension RiskSignalRule {
    /// The table of `directives/health-score.md`; a test holds them together.
    public static let standard = [
        RiskSignalRule(
            .cancelMentioned, .critical,
            "Call today and ask what went wrong; offer one concrete remedy before talking about price."),
        RiskSignalRule(
            .paymentDelinquent, .high,
            "Reach the person who pays, not only the user: send the open invoice and a link to change the card."),
        RiskSignalRule(
            .inactive, .medium,
            "Write personally with one thing that is new for them, and ask who uses the product now."),
        RiskSignalRule(
            .openCriticalTicket, .high,
            "Give the ticket an owner and a date today, and tell the customer both."),
        RiskSignalRule(
            .paymentFailed, .medium,
            "Let the customer know before the next attempt; most failed charges are expired cards."),
    ]
}
