import GTMCore

/// The members that a mapping asks an object for, 32 at most, numbered from 0 on.
protocol FieldName: RawRepresentable<Int>, Sendable {
    /// Their names, in the order of the numbers.
    static var table: FieldTable { get }
}

/// Finds out which member a key is, without allocating anything for an object.
struct FieldTable: Sendable {
    private struct Entry: Sendable {
        var name: String
        var number: Int
    }

    /// The names, in the order of the numbers.
    let names: [String]
    /// By length, because few of the names share one.
    private var entries: [Entry]
    /// Where the names of each length begin.
    private var starts: [Int]

    init(_ names: String...) {
        precondition(names.count <= 32, "there are \(names.count) names; expected 32 at most")
        self.names = names
        entries = names.enumerated().map { Entry(name: $1, number: $0) }
            .sorted { $0.name.utf8.count < $1.name.utf8.count }
        starts = []
        for length in 0...65 { starts.append(entries.firstIndex { $0.name.utf8.count >= length } ?? entries.count) }
    }

    /// One more than the position of each member, of a key that occurs twice that of the last one; 0 for none.
    ///
    /// 255 stands for every position from 254 on.
    func places(in members: [JSONObject.Member]) -> SIMD32<UInt8> {
        var places = SIMD32<UInt8>(repeating: 0)
        for position in members.indices {
            let length = members[position].key.utf8.count
            guard length <= 64 else { continue }
            var index = starts[length]
            let end = starts[length + 1]
            while index < end {
                if members[position].key == entries[index].name {
                    places[entries[index].number] = UInt8(clamping: position + 1)
                    break
                }
                index += 1
            }
        }
        return places
    }
}

/// One object, with the members picked out that a mapping asks for: one look at each key, and no look-up after that.
///
/// It is never copied, because a list has many of them.
struct PickedFields<Name: FieldName>: ~Copyable {
    /// The object itself, for members that are asked for rarely.
    let object: JSONObject
    private let places: SIMD32<UInt8>

    init(_ object: JSONObject) {
        self.object = object
        places = Name.table.places(in: object.members)
    }

    subscript(name: Name) -> JSONValue? {
        switch places[name.rawValue] {
        case 0: nil
        case 255: object[Name.table.names[name.rawValue]]
        case let place: object.members[Int(place) - 1].value
        }
    }

    /// As the subscript, but `nil` also for `null`.
    func present(_ name: Name) -> JSONValue? {
        guard let value = self[name], !value.isAbsent else { return nil }
        return value
    }
}

/// The members of a contact.
enum ContactField: Int, FieldName {
    case id, email, name, phone, role, location, ownerID, companies, tags, createdAt, updatedAt, signedUpAt, lastSeenAt
    case lastRepliedAt, customAttributes, externalID, deleted, archived

    static let table = FieldTable(
        "id", "email", "name", "phone", "role", "location", "owner_id", "companies", "tags", "created_at", "updated_at",
        "signed_up_at", "last_seen_at", "last_replied_at", "custom_attributes", "external_id", "deleted", "archived")
}

/// The members of a conversation's part.
enum PartField: Int, FieldName {
    case id, partType, body, createdAt, author, redacted

    static let table = FieldTable("id", "part_type", "body", "created_at", "author", "redacted")
}

/// The members of Stripe's objects: subscriptions, their items, plans, prices, payments.
enum StripeField: Int, FieldName {
    case id, status, currency, amount, amountPaid, created, createdAt, paidAt, items, plan, price, quantity, interval
    case intervalCount, recurring, nickname, name, product, planName, usageType, billingScheme, transformQuantity
    case transformUsage, unitAmountDecimal, unitAmount, amountDecimal, cancelAtPeriodEnd, currentPeriodStart
    case currentPeriodEnd, discount, discounts, customAttributes

    static let table = FieldTable(
        "id", "status", "currency", "amount", "amount_paid", "created", "created_at", "paid_at", "items", "plan",
        "price", "quantity", "interval", "interval_count", "recurring", "nickname", "name", "product", "plan_name",
        "usage_type", "billing_scheme", "transform_quantity", "transform_usage", "unit_amount_decimal", "unit_amount",
        "amount_decimal", "cancel_at_period_end", "current_period_start", "current_period_end", "discount", "discounts",
        "custom_attributes")
}

typealias StripeFields = PickedFields<StripeField>
