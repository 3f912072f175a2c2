/// The key of a customer: the primary e-mail address, else the smallest id among the records that make it up.
///
/// Former keys stay valid as aliases: a store answers them with the customer that they lead to now.
public enum CustomerKey: Sendable, Hashable {
    /// The primary e-mail address.
    case email(EmailAddress)
    /// A record that is a customer of its own, because a rule says so.
    case record(RecordID)

    /// The address, where the key is one.
    public var email: EmailAddress? { if case .email(let address) = self { address } else { nil } }
}

extension CustomerKey: Comparable, CustomStringConvertible {
    /// Addresses first, by their bytes; then records.
    public static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.email(let a), .email(let b)): a < b
        case (.record(let a), .record(let b)): a < b
        case (.email, .record): true
        case (.record, .email): false
        }
    }

    public var description: String {
        switch self {
        case .email(let address): address.normalized
        case .record(let id): id.description
        }
    }
}
