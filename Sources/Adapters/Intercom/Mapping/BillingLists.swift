import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One entry of a list of subscriptions or payments.
struct ListEntry: ~Copyable {
    /// Its members.
    let fields: StripeFields
    /// The members around them, where the entry is an instance of a custom object.
    let instance: JSONObject?

    /// Opens an entry, which may be JSON text; `nil` where it is no object.
    init?(_ element: JSONValue) {
        guard let object = element.object ?? BillingMapping.parsed(element) else { return nil }
        let outer = StripeFields(object)
        if case .object(let inner) = outer[.customAttributes] {
            fields = StripeFields(inner)
            instance = object
        } else {
            fields = outer
            instance = nil
        }
    }

    /// Stripe's key: the entry's own, else the one by which the instance is known outside Intercom.
    ///
    /// An instance's own `id` is Intercom's and means nothing to Stripe.
    var id: JSONValue? { fields.present(.id) ?? instance?["external_id"] }
}

/// The ids that a list has shown so far: what stands in it twice was bought or paid once.
///
/// A short list, as nearly all are, is looked through only where a few bits of an id were seen before; hashing each id
/// into a set would cost a contact more than the rest of its mapping.
struct ListedIDs {
    private var ids: [String] = []
    private var bits = SIMD8<UInt64>()
    private var set: Set<String>?

    /// The longest list that is looked through.
    private static let shortLength = 64

    init(expecting count: Int) {
        if count > Self.shortLength {
            set = Set(minimumCapacity: count)
        } else {
            ids.reserveCapacity(count)
        }
    }

    /// Whether an entry counts: it has no id, or one that did not stand in the list before. Any other is noted.
    mutating func take(_ id: String?, _ path: @autoclosure () -> String, _ reader: inout FieldReader) -> Bool {
        guard let id, !insert(id) else { return true }
        reader.note(path(), "the id stands in the list twice; its first entry counts")
        return false
    }

    /// Whether the id is new.
    private mutating func insert(_ id: String) -> Bool {
        guard set == nil else { return set?.insert(id).inserted ?? true }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in id.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let (lane, bit) = (Int(hash >> 61), UInt64(1) << ((hash >> 32) & 63))
        if bits[lane] & bit != 0, ids.contains(id) { return false }
        bits[lane] |= bit
        ids.append(id)
        return true
    }
}

extension BillingMapping {
    /// The entries of a list in any of the forms in which workspaces keep one.
    ///
    /// These are an array, a list of instances of a custom object, a list object of Stripe's, and any of them as JSON
    /// text. Elements that are `null` are deleted instances, which count for nothing.
    ///
    /// - Returns: `nil` where there is no list, or none that can be read.
    func entries(
        _ value: JSONValue?, _ path: @autoclosure () -> String, _ reader: inout FieldReader, mayBeText: Bool = true
    ) -> [JSONValue]? {
        switch value {
        case nil, .null: return nil
        case .array(let elements): return elements
        case .object(let object):
            for name in ["instances", "data"] {
                guard case .array = object[name] else { continue }
                if object["has_more"]?.boolean == true {
                    reader.note(path(), "the list is cut short; what is missing is not counted")
                }
                return entries(object[name], path(), &reader)
            }
            if object["instances"]?.isAbsent == true || object["data"]?.isAbsent == true { return nil }
            reader.note(path(), "expected a list, found an object without instances or data")
            return nil
        case .string where mayBeText:
            guard let text = value?.text else { return nil }
            do {
                return try entries(JSONReader.read(text).value, path(), &reader, mayBeText: false)
            } catch {
                reader.note(path(), "expected a list, found a text that is not JSON (\(error.code))")
                return nil
            }
        case .some(let other):
            reader.note(path(), "expected a list, found \(other.kindName)")
            return nil
        }
    }

    /// The object in a text that holds one as JSON.
    static func parsed(_ value: JSONValue?) -> JSONObject? {
        guard let text = value?.text, text.utf8.first == UInt8(ascii: "{") else { return nil }
        // A text that only looks like JSON is an ordinary text; whoever asks notes what it needs instead.
        return (try? JSONReader.read(text))?.value.object
    }

    // MARK: Payments

    mutating func payments(
        _ value: JSONValue?, _ own: CurrencyChoice, _ path: @autoclosure () -> String, _ reader: inout FieldReader
    ) -> [Payment]? {
        guard let value, let entries = entries(value, path(), &reader) else { return nil }
        var payments: [Payment] = []
        payments.reserveCapacity(entries.count)
        var ids = ListedIDs(expecting: entries.count)
        for index in entries.indices where !entries[index].isAbsent {
            if let payment = payment(entries[index], own, &ids, "\(path())[\(index)]", &reader) {
                payments.append(payment)
            }
        }
        return payments
    }

    /// The payment; `nil` where it stood in the list before.
    private mutating func payment(
        _ element: JSONValue, _ own: CurrencyChoice, _ ids: inout ListedIDs, _ path: @autoclosure () -> String,
        _ reader: inout FieldReader
    ) -> Payment? {
        guard let entry = ListEntry(element) else {
            reader.note(path(), "expected an object")
            return Payment(id: nil, amount: nil, paidAt: nil, succeeded: nil)
        }
        let id = reader.identifier(entry.id, "\(path()).id")
        guard ids.take(id, "\(path()).id", &reader) else { return nil }
        let choice = currency(entry.fields[.currency], else: own, "\(path()).currency", &reader)
        let amount = money(
            entry.fields.present(.amount) ?? entry.fields[.amountPaid], units.listedAmount, choice, "\(path()).amount",
            &reader, mayBeNegative: true)
        let paidAt = reader.date(
            entry.fields.present(.created) ?? entry.fields.present(.createdAt) ?? entry.fields.present(.paidAt)
                ?? entry.instance?["external_created_at"], "\(path()).created")
        var succeeded: Bool?
        if let word = reader.text(entry.fields[.status], "\(path()).status") {
            succeeded =
                switch word {
                case "succeeded", "paid": true
                default: ["succeeded", "paid"].contains(word.lowercased())
                }
        }
        let refunded = money(
            entry.fields.object["amount_refunded"], units.listedAmount, choice, "\(path()).amount_refunded", &reader)
        return Payment(
            id: id.map { ExternalID(system: "stripe", id: $0) }, amount: amount, paidAt: paidAt, succeeded: succeeded,
            refunded: refunded)
    }
}
