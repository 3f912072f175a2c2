/// A system that customers are read from.
///
/// An adapter is a value: configuration, transport, and pure functions from the vendor's payload to records. It reads
/// one page when asked and keeps nothing; waiting, repeating, remembering and storing are done around it.
public protocol SourceAdapter: Sendable {
    /// What can be said of the source without asking it.
    var descriptor: SourceDescriptor { get }

    /// Reads one page.
    ///
    /// - Throws: ``SourceError``; `CancellationError` passes untouched.
    func page(_ request: PageRequest) async throws -> RecordPage
}

/// A source that can say which account it reads, so that a token of another one is noticed before anything is stored.
public protocol AccountIdentifying: SourceAdapter {
    /// The vendor's own id of the account.
    ///
    /// - Returns: `nil` where the vendor does not tell.
    /// - Throws: ``SourceError`` where the vendor cannot be asked; reading then goes on without.
    func accountID() async throws -> String?
}

/// The facts about a source that the engine plans with.
public struct SourceDescriptor: Sendable, Hashable {
    /// The account that this adapter reads.
    public var id: SourceID
    /// The vendor's name as people write it, such as `Intercom`.
    public var name: String
    /// What can be read, in the order in which it is to be read.
    public var streams: [StreamDescriptor]
    /// How long after one run the next is due.
    public var interval: Duration
    /// The calls that the vendor allows.
    public var budgets: [CallAllowance]

    /// Creates a description.
    public init(
        id: SourceID, name: String, streams: [StreamDescriptor], interval: Duration, budgets: [CallAllowance] = []
    ) {
        self.id = id
        self.name = name
        self.streams = streams
        self.interval = interval
        self.budgets = budgets
    }

    /// The stream of that name.
    public func stream(_ name: String) -> StreamDescriptor? { streams.first { $0.name == name } }
}

/// The facts about one stream of a source.
public struct StreamDescriptor: Sendable, Hashable {
    /// How a stream is read.
    public enum Reading: Sendable, Hashable {
        /// Page by page: everything, or what changed.
        case listed
        /// Whole at every run; the list is short.
        case listedWhole
        /// By id alone: what other streams hand over as pending.
        case byID
        /// Whole, from something that ends, such as a file. How far the account itself was read is left as it is.
        case once
    }

    /// How it shows that a record was deleted.
    public enum Deletions: Sendable, Hashable {
        /// It does not; records stay as they were last seen.
        case untold
        /// The record is missing from a full read, and asking for it by id tells what became of it.
        case absence
        /// The record itself says so.
        case tombstones
    }

    /// The stream's name, part of every ``RecordID``.
    public var name: String
    /// How it is read.
    public var reading: Reading
    /// What its records tell about customers.
    public var provides: DataDomains
    /// Whether a person seen here is a customer; mail, meetings and calls never create one.
    public var createsCustomers: Bool
    /// How it shows that a record was deleted.
    public var deletions: Deletions
    /// The allowance that its calls are counted against.
    public var budgetFamily: String

    /// Creates a description.
    public init(
        name: String, reading: Reading, provides: DataDomains = [], createsCustomers: Bool = false,
        deletions: Deletions = .untold, budgetFamily: String = "default"
    ) {
        self.name = name
        self.reading = reading
        self.provides = provides
        self.createsCustomers = createsCustomers
        self.deletions = deletions
        self.budgetFamily = budgetFamily
    }
}

/// The parts of a customer that a stream can tell about.
public struct DataDomains: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Name, company, place, account manager.
    public static let profile = DataDomains(rawValue: 1)
    /// Subscriptions and payments.
    public static let revenue = DataDomains(rawValue: 2)
    /// When the customer was last active.
    public static let activity = DataDomains(rawValue: 4)
    /// Conversations and ratings.
    public static let support = DataDomains(rawValue: 8)
    /// What was said in conversations.
    public static let transcripts = DataDomains(rawValue: 16)
    /// Sessions and log-ins of the product.
    public static let usage = DataDomains(rawValue: 32)
}

/// The calls that a vendor allows within a window of time.
public struct CallAllowance: Sendable, Hashable {
    /// The streams and calls that share it.
    public var family: String
    /// Calls within one window.
    public var calls: Int
    /// The length of the window.
    public var window: Duration

    /// Creates an allowance.
    public init(family: String = "default", calls: Int, window: Duration) {
        self.family = family
        self.calls = calls
        self.window = window
    }
}
