import Synchronization

/// Something about a customer that can be measured, by a name that profiles use: `days_since_seen`, `mrr`, or one that
/// the host brings itself.
public struct HealthMeasure: Sendable, Hashable {
    /// The place in the table of names: the built-in ones first, so that a profile looks nothing up by name.
    let number: UInt32

    private init(number: UInt32) { self.number = number }

    /// The measure of a name; one that is not built in is the host's.
    ///
    /// - Parameter name: Any text. Names are kept for the life of the process.
    public init(_ name: String) { number = Self.names.withLock { $0.number(of: name) } }

    /// The name, such as `days_since_seen`.
    public var name: String { Self.names.withLock { $0.names[Int(number)] } }

    /// Whether the engine itself knows how to measure it.
    public var isBuiltIn: Bool { number < Self.builtIn.count }

    /// Whole days since the customer was last seen.
    public static let daysSinceSeen = Self(number: 0)
    /// The mean of the customer's ratings of the last 180 days, 1...5.
    public static let csat = Self(number: 1)
    /// The tone of the customer's own messages of the last 90 days, -1...1.
    public static let tone = Self(number: 2)
    /// Points of the best status among the customer's subscriptions, by the profile's ``HealthProfile/paymentPoints``.
    public static let paymentStanding = Self(number: 3)
    /// Sessions or log-ins of the last 30 days.
    public static let sessions30d = Self(number: 4)
    /// Whole months since sign-up.
    public static let tenureMonths = Self(number: 5)
    /// MRR in the reporting currency, in major units.
    public static let mrr = Self(number: 6)
    /// Conversations of the last 30 days.
    public static let conversations30d = Self(number: 7)
    /// Conversations not closed.
    public static let openTickets = Self(number: 8)
    /// Pressing conversations not closed.
    public static let openCriticalTickets = Self(number: 9)
    /// People of the customer who were in touch in the last 90 days.
    public static let peopleInTouch90d = Self(number: 10)
    /// Meetings and calls held in the last 90 days.
    public static let meetings90d = Self(number: 11)
    /// 1 where the customer spoke of cancelling lately, else 0.
    public static let mentionedCancel = Self(number: 12)
    /// 1 where payment is overdue, else 0.
    public static let isDelinquent = Self(number: 13)
    /// 1 where the last attempt to collect a payment failed, else 0.
    public static let lastPaymentFailed = Self(number: 14)

    /// The measures that the engine itself knows, in order of their numbers.
    public static let builtIn: [HealthMeasure] = builtInNames.indices.map { Self(number: UInt32($0)) }

    private static let builtInNames = [
        "days_since_seen", "csat", "tone", "payment_standing", "sessions_30d", "tenure_months", "mrr",
        "conversations_30d", "open_tickets", "open_critical_tickets", "people_in_touch_90d", "meetings_90d",
        "mentioned_cancel", "is_delinquent", "last_payment_failed",
    ]

    /// Names by number: numbers are copied without counting references, which many tasks at once would get into each
    /// other's way with.
    private struct Names: Sendable {
        var names: [String]
        var numbers: [String: UInt32]

        init(_ names: [String]) {
            self.names = names
            numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, UInt32($0)) })
        }

        mutating func number(of name: String) -> UInt32 {
            if let number = numbers[name] { return number }
            let number = UInt32(names.count)
            names.append(name)
            numbers[name] = number
            return number
        }
    }

    private static let names = Mutex(Names(builtInNames))
}

extension HealthMeasure: CustomStringConvertible {
    public var description: String { name }
}

/// What a host's own measure may look at: what one customer's assessment knows before health is scored.
public struct HealthFacts: Sendable {
    /// The customer, as all sources together tell.
    public var customer: UnifiedCustomer
    /// What the customer did lately.
    public var activity: CustomerActivity
    /// Revenue.
    public var revenue: Revenue
    /// The customer's records.
    public var file: CustomerFile
    /// The moment, and how far each source was read.
    public var context: ResolutionContext
}

/// A measure that the host brings itself, so that a profile can weigh it.
///
/// ```swift
/// let seats = HostMeasure("seats_used") { facts in
///     Reading(facts.customer.billing.subscriptions.value?.first.map { $0.value.items.count }
///         .map { Fraction(Int64($0)) }, otherwise: .notReported)
/// }
/// configuration.hostMeasures = [seats]
/// ```
public struct HostMeasure: Sendable {
    /// What is measured.
    public let measure: HealthMeasure
    /// Measures it: a pure function, the same answer for the same facts.
    public let reading: @Sendable (HealthFacts) -> Reading<Fraction>
    /// What the value follows from; its own value is what ``reading`` gives, as a number.
    public let evidence: @Sendable (HealthFacts) -> Proof

    /// Creates a measure.
    ///
    /// - Parameters:
    ///   - name: The name by which profiles weigh it: lower-case letters, digits and `_`, and none that is built in.
    ///   - reading: Measures it. It is called for each customer, by several tasks at once.
    ///   - evidence: What the value follows from; by default nothing but the value itself.
    public init(
        _ name: String, reading: @escaping @Sendable (HealthFacts) -> Reading<Fraction>,
        evidence: (@Sendable (HealthFacts) -> Proof)? = nil
    ) {
        precondition(
            Self.isName(name), "the measure is called \"\(name)\"; expected lower-case letters, digits and _")
        let measure = HealthMeasure(name)
        precondition(!measure.isBuiltIn, "\"\(name)\" is built in; expected another name for the host's own measure")
        self.measure = measure
        self.reading = reading
        self.evidence = evidence ?? { .asked(name, ProofValue(reading($0))) }
    }

    /// Whether a measure or a component may be called so.
    static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }
}

extension ProofValue {
    /// A number, or why it is not known.
    init(_ reading: Reading<Fraction>) {
        switch reading {
        case .known(let number): self = .number(number)
        case .unknown(let reason): self = .unknown(reason)
        }
    }
}
