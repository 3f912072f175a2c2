public import GTMCore

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Customers for measuring, all alike in size: each has exactly one contact of about 2.4 KB with one subscription and 24
/// payments, and six conversations of four parts, as Intercom writes them.
///
/// Each customer is made when asked for, from the seed and its number alone.
public struct BenchmarkCustomers: Sendable {
    /// Payments of each customer.
    public static let paymentsEach = 24
    /// Conversations of each customer.
    public static let conversationsEach = 6
    /// Parts of each conversation, the opening message aside.
    public static let partsEach = 4

    /// How many there are.
    public let count: Int
    private let seed: UInt64
    private let time: Int64

    /// Sets up customers, without making any.
    ///
    /// - Parameters:
    ///   - count: How many, at least 0.
    ///   - seed: What they follow from.
    ///   - now: The moment up to which things happened, cut to whole seconds.
    public init(count: Int, seed: UInt64 = 1, now: Date) {
        precondition(count >= 0, "count is \(count); expected at least 0")
        self.count = count
        self.seed = seed
        time = Int64(now.timeIntervalSince1970.rounded(.down))
    }

    /// The normal form of a customer's address; different for each.
    public func email(_ index: Int) -> String {
        var random = SeededRandom(seed, key: UInt64(index))
        let (given, family) = names(&random)
        return "\(Vocabulary.plain(given)).\(Vocabulary.plain(family)).\(index)@bench.test"
    }

    /// A customer's MRR in US cents, exact.
    public func monthlyCents(_ index: Int) -> Int64 { plan(index).cents }

    /// Lines of JSON for the customers of a range, each contact followed by its conversations where these are wanted.
    ///
    /// - Returns: UTF-8; each line ends with LF.
    public func ndjson(_ range: Range<Int>, conversations isWhole: Bool = true) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count * (isWhole ? 24_000 : 2_400))
        for index in range {
            JSONWriter.append(contact(index), to: &bytes)
            bytes.append(UInt8(ascii: "\n"))
            guard isWhole else { continue }
            for number in 0..<Self.conversationsEach {
                JSONWriter.append(conversation(number, of: index), to: &bytes)
                bytes.append(UInt8(ascii: "\n"))
            }
        }
        return bytes
    }

    private func names(_ random: inout SeededRandom) -> (given: String, family: String) {
        (random.pick(Vocabulary.givenNames), random.pick(Vocabulary.familyNames))
    }

    private func plan(_ index: Int) -> Vocabulary.Plan { Vocabulary.plans[2 + index % 4] }

    private func contactID(_ index: Int) -> String {
        "65000000" + SeededRandom.mix(seed ^ UInt64(index)).hexadecimal
    }
}

extension BenchmarkCustomers {
    /// A customer's contact.
    public func contact(_ index: Int) -> JSONValue {
        var random = SeededRandom(seed, key: UInt64(index))
        let (given, family) = names(&random)
        let place = random.pick(Vocabulary.places)
        let id = contactID(index)
        let seenAt = time - Int64(random.below(40 * 86_400))
        let signedUpAt = time - 740 * WorldCalendar.day
        let company = UInt64(index % 100_000).hexadecimal.suffix(12)
        return [
            "type": "contact", "id": .string(id), "external_id": .string("cust-\(index + 1)"), "role": "user",
            "email": .string(email(index)), "name": .string("\(given) \(family)"),
            "owner_id": .integer(7_000_011 + Int64(index % 5)), "unsubscribed_from_emails": false,
            "created_at": .integer(signedUpAt), "updated_at": .integer(seenAt),
            "signed_up_at": .integer(signedUpAt - 60), "last_seen_at": .integer(seenAt),
            "last_replied_at": .integer(seenAt - 3_600),
            "location": ["country": .string(place.country), "city": .string(place.city)],
            "custom_attributes": attributes(index, &random),
            "companies": [
                "type": "list", "data": [["id": .string("660000000000\(company)"), "type": "company"]],
                "total_count": 1, "has_more": false,
            ],
        ]
    }

    private func attributes(_ index: Int, _ random: inout SeededRandom) -> JSONValue {
        let plan = plan(index)
        let key = SeededRandom.mix(~seed ^ UInt64(index)).hexadecimal
        let month = 30 * WorldCalendar.day
        let last = time - Int64(random.below(30 * 86_400))
        let payments = (0..<Self.paymentsEach).map { number -> JSONValue in
            let at = last - Int64(Self.paymentsEach - 1 - number) * month
            return ["amount": .integer(plan.cents), "created": .integer(at), "status": "succeeded"]
        }
        return [
            "stripe_id": .string("cus_\(key)"), "stripe_plan": .string("\(plan.name) - Monthly"),
            "stripe_plan_price": .double(Double(plan.cents) / 100), "stripe_subscription_status": "active",
            "stripe_delinquent": false, "stripe_last_charge_amount": .double(Double(plan.cents) / 100),
            "stripe_last_charge_at": .integer(last),
            "Stripe Subscriptions": [
                [
                    "id": .string("sub_\(key)"), "status": "active",
                    "plan": ["amount": .integer(plan.cents), "interval": "month", "nickname": .string(plan.name)],
                    "quantity": 1, "current_period_start": .integer(last), "current_period_end": .integer(last + month),
                ]
            ],
            "Stripe Payments": .array(payments),
        ]
    }

    /// One of a customer's conversations, `number` 0...5, with its parts.
    public func conversation(_ number: Int, of index: Int) -> JSONValue {
        var random = SeededRandom(seed, key: UInt64(index) << 3 | UInt64(number) | 1 << 60)
        let script = random.pick(Phrases.everyday)
        let start = time - Int64(number + 1) * 60 * WorldCalendar.day + Int64(random.below(50 * 86_400))
        let contact = contactID(index)
        let id = String(215_000_000_000_000 + index * Self.conversationsEach + number)
        let customer: JSONValue = [
            "type": "user", "id": .string(contact), "name": nil, "email": .string(email(index)),
        ]
        let agent: JSONValue = [
            "type": "admin", "id": "7000016", "name": "Paul Ferrand", "email": "paul@vendor.test",
        ]
        let texts = [
            (Phrases.botGreetings[0], agent), (random.pick(script.answers), agent),
            (random.pick(script.followUps), customer), (random.pick(script.closings), agent),
        ]
        let parts = texts.enumerated().map { place, text -> JSONValue in
            let at = start + Int64(place + 1) * 900
            return [
                "type": "conversation_part", "id": .string("\(id)\(place)"),
                "part_type": place == 3 ? "close" : "comment",
                "body": IntercomShapes.body(text.0, false), "created_at": .integer(at), "updated_at": .integer(at),
                "author": text.1, "attachments": [], "redacted": false,
            ]
        }
        return [
            "type": "conversation", "id": .string(id), "title": .string(script.title), "created_at": .integer(start),
            "updated_at": .integer(start + 7_200), "waiting_since": nil, "snoozed_until": nil, "open": false,
            "state": "closed", "read": true, "priority": "not_priority", "admin_assignee_id": 7_000_016,
            "source": [
                "type": "conversation", "id": .string("4\(id.suffix(9))"), "delivered_as": "customer_initiated",
                "subject": "", "body": IntercomShapes.body(random.pick(script.opening), false), "author": customer,
                "attachments": [], "url": nil, "redacted": false,
            ],
            "contacts": ["type": "contact.list", "contacts": [["type": "contact", "id": .string(contact)]]],
            "first_contact_reply": ["created_at": .integer(start), "type": "conversation", "url": nil],
            "tags": ["type": "tag.list", "tags": []],
            "conversation_rating": number % 2 == 1
                ? nil
                : [
                    "rating": .integer(Int64(random.int(3...5))), "remark": nil, "created_at": .integer(start + 3_700),
                    "updated_at": .integer(start + 7_200), "contact": ["type": "contact", "id": .string(contact)],
                ],
            "statistics": [
                "type": "conversation_statistics", "count_conversation_parts": .integer(Int64(Self.partsEach)),
            ],
            "conversation_parts": [
                "type": "conversation_part.list", "conversation_parts": .array(parts),
                "total_count": .integer(Int64(Self.partsEach)),
            ],
        ]
    }
}
