/// A choice among few: a small number in the compact form, a word in JSON.
protocol Word: FieldValue, Equatable {
    /// Every choice; its place here is its number in files, so that a new one goes to the end.
    static var words: [Self] { get }

    /// The choice in JSON.
    var word: String { get }
}

extension Word where Self: RawRepresentable, RawValue == String {
    var word: String { rawValue }
}

extension Word {
    /// The choice of a number; `nil` for one of a later version.
    @inline(__always)
    init?(number: UInt64) {
        let words = Self.words
        guard number < UInt64(truncatingIfNeeded: words.count) else { return nil }
        self = words[Int(truncatingIfNeeded: number)]
    }

    @inline(__always)
    func write(to writer: inout BinaryWriter, as number: UInt8) {
        guard let place = Self.words.firstIndex(of: self) else {
            assertionFailure("\(self) is not among the words of \(Self.self)")
            return
        }
        writer.key(number, .varint)
        writer.varint(UInt64(truncatingIfNeeded: place))
    }

    @inline(__always)
    init(from reader: inout BinaryReader, _ kind: WireKind) throws(CodingFault) {
        guard let value = Self(number: try reader.integer(kind)) else { throw reader.fault("a known choice") }
        self = value
    }

    var storedJSON: JSONValue { .string(word) }

    init(storedJSON json: JSONValue) throws(CodingFault) {
        guard let word = json.string, let value = Self.words.first(where: { $0.word == word }) else {
            throw CodingFault(expected: "one of " + Self.words.map(\.word).joined(separator: ", "))
        }
        self = value
    }
}

extension SubscriptionStatus: Word {
    static let words: [Self] = [
        .active, .trialing, .paused, .incomplete, .unpaid, .canceled, .pastDue, .incompleteExpired,
    ]
}

extension BillingInterval.Unit: Word {
    static let words: [Self] = [.day, .week, .month, .year]
}

extension Discount.Duration: Word {
    static let words: [Self] = [.once, .repeating, .forever]
}

extension Discount.Scope: Word {
    static let words: [Self] = [.item, .subscription, .customer]
}

extension PauseCollection.Behavior: Word {
    static let words: [Self] = [.keepAsDraft, .markUncollectible, .void]
}

extension Tiering.Mode: Word {
    static let words: [Self] = [.graduated, .volume]
}

extension TransformQuantity.Rounding: Word {
    static let words: [Self] = [.up, .down]
}

extension Conversation.State: Word {
    static let words: [Self] = [.open, .snoozed, .closed]
}

extension Message.Side: Word {
    static let words: [Self] = [.customer, .teammate, .bot]
}

extension Mention.Kind: Word {
    static let words: [Self] = [.cancel, .competitor]
}

extension SyncRun.Status: Word {
    static let words: [Self] = [.running, .success, .incomplete, .failed]
}

extension SyncRun.Mode: Word {
    static let words: [Self] = [.incremental, .full]
}

extension HealthStatus: Word {
    static let words: [Self] = [.healthy, .atRisk, .highRisk, .critical, .insufficientData, .excellent, .good]
}

extension UnknownReason: Word {
    static let words: [Self] = [
        .notConnected, .notPermitted, .notReported, .notYetObserved, .stale, .invalid, .ambiguous, .noRate, .outOfRange,
        .billedElsewhere, .undefined,
    ]
    var word: String { description }
}
