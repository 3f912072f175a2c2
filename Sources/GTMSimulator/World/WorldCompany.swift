import GTMCore

/// Why a customer will leave.
public enum ChurnReason: String, Sendable, Hashable, CaseIterable {
    /// The product costs more than it is worth to them.
    case price
    /// They stopped using it and say nothing.
    case silent
    /// Their payments fail.
    case payment
    /// Their troubles are not solved.
    case support
    /// Another vendor has won them over.
    case competitor
}

/// How a company stands to the vendor.
enum Standing: Sendable, Hashable {
    case healthy, drifting, leaving(ChurnReason), former
}

/// An organisation with everything that happened to it. Times are Unix seconds.
struct WorldCompany: Sendable {
    enum Kind: Sendable { case paying, free, prospect }

    var index: Int
    var kind: Kind
    var standing: Standing
    var name = ""
    var domain = ""
    var industry = ""
    var employees = 1
    var signedUpAt: Int64 = 0
    var currency = Currency.usd
    /// The first of them pays, where anybody does, and came before the others.
    var people: [WorldPerson] = []
    var subscriptions: [WorldSubscription] = []
    /// In order of time.
    var payments: [WorldPayment] = []
    /// In order of their beginning.
    var conversations: [WorldConversation] = []
    /// The teammate in charge, by place in the list; one beyond its end has left.
    var manager: Int?
    /// The billing account; `nil` for who never paid.
    var billingID: String?

    /// Whether the last charge failed though the subscription is still active.
    var hasUnpaidInvoice = false

    var isDelinquent: Bool {
        hasUnpaidInvoice || subscriptions.contains { $0.status == .pastDue || $0.status == .unpaid }
    }
}

/// A person at a company.
struct WorldPerson: Sendable {
    /// What is odd about how the support desk knows the person.
    struct Quirks: OptionSet, Sendable {
        let rawValue: UInt8
        static let capitals = Quirks(rawValue: 1)
        static let spaces = Quirks(rawValue: 2)
        /// Was a lead before signing up, and the lead is still there.
        static let leadTwin = Quirks(rawValue: 4)
        /// Is there a second time, with the address in capitals.
        static let userTwin = Quirks(rawValue: 8)
        static let farFutureSignup = Quirks(rawValue: 16)
        static let sparse = Quirks(rawValue: 32)
        /// Works for more companies than a list shows at once.
        static let consultant = Quirks(rawValue: 64)
        static let amountsAsText = Quirks(rawValue: 128)
    }

    var name: String?
    /// In normal form; `nil` for a visitor who left none.
    var email: String?
    var isUser = true
    var isRoleMailbox = false
    var arrivedAt: Int64 = 0
    var lastSeenAt: Int64?
    var lastRepliedAt: Int64?
    var trajectory = SimulatedTruth.Trajectory.lively
    /// By place in the list of places.
    var place = 0
    /// Whether the support desk shows the company's billing on this person.
    var showsBilling = false
    var quirks: Quirks = []
    /// By place in the list of tags.
    var tags: [Int] = []
    /// For what does not matter: browser, telephone.
    var noise: UInt64 = 0
}

extension WorldPerson {
    /// The address; the world makes valid ones only, so that nothing is lost here.
    var address: EmailAddress? { email.flatMap { try? EmailAddress($0) } }
}

/// A subscription as it is at the end of the world's time.
struct WorldSubscription: Sendable {
    var id: String
    var status: SubscriptionStatus
    var planName: String
    /// For one unit and period, in minor units.
    var amount: Int64
    var currency: Currency
    var unit: BillingInterval.Unit
    var count: Int
    var quantity: Int64
    var startedAt: Int64
    var periodStart: Int64
    var periodEnd: Int64
    var cancelsAtPeriodEnd = false
    var canceledAt: Int64?

    /// Months in one period.
    var months: Int { unit == .year ? 12 * count : count }
}

/// A charge.
struct WorldPayment: Sendable {
    enum Status: String, Sendable { case succeeded, failed, pending }

    var id: String
    var amount: Int64
    var currency: Currency
    var at: Int64
    var status: Status
}

/// A conversation with support.
struct WorldConversation: Sendable {
    enum Opening: Sendable { case customer, outbound }

    struct Rating: Sendable {
        /// 1...5; `nil` where it was asked for and not given.
        var score: Int?
        var remark: String?
        var askedAt: Int64
        var ratedAt: Int64
    }

    var number: Int
    var title: String
    var opening: Opening
    var isEmail = false
    var state = Conversation.State.closed
    var isPriority = false
    /// People of the company, by place, the one who wrote first or was written to before the others.
    var people: [Int]
    /// By place in the list of teammates.
    var assignee: Int?
    var tags: [Int] = []
    /// In order of time; at least one.
    var messages: [WorldMessage]
    var rating: Rating?

    var createdAt: Int64 { messages.first?.at ?? 0 }
    var updatedAt: Int64 { max(messages.last?.at ?? 0, rating?.ratedAt ?? 0) }
    /// Whether the customer began it or answered.
    var involvesCustomer: Bool { opening == .customer || messages.contains { $0.isFromCustomer } }
}

/// A message, or another event of a conversation.
struct WorldMessage: Sendable {
    enum Author: Sendable, Hashable { case person(Int), teammate(Int), bot }
    enum Form: Sendable { case comment, note, assignment, close }

    var form: Form
    var author: Author
    var at: Int64
    /// Empty for an event without words.
    var text: String
    /// Whether it announces that the subscription will be ended.
    var announcesCancel = false

    var isFromCustomer: Bool { if case .person = author { true } else { false } }
}
