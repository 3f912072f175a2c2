import GTMCore
import Testing

@testable import GTMIntercom

@Suite("Mapping survives whatever stands in a field") struct RobustnessTests {
    static let oddities: [JSONValue] = [
        .null, true, 0, -1, .integer(.min), .integer(.max), .double(1.5), .double(-1e308), .decimal("1e999"),
        .decimal("99999999999999999999999"), "", " ", "x", "0", "\u{FFFD}", "[{}]", "{\"a\":1}", "[]", [], [.null],
        [[1]], [["id": 1]], [:], ["id": .null], ["data": 7], ["data": [7, .null, "x"]], .tooDeep(offset: 3),
    ]

    static let samples: [(String, String)] = [
        (
            "contact",
            """
            {"id":"1","email":"a@b.test","name":"A","role":"user","phone":"1","owner_id":5,"external_id":"e","created_at":1,\
            "updated_at":2,"signed_up_at":3,"last_seen_at":4,"last_replied_at":5,"archived":false,"deleted":false,\
            "location":{"country":"I","country_code":"IRL","region":"L","city":"D"},"companies":{"data":[{"id":"1"}],\
            "total_count":1,"has_more":false},"tags":{"data":[{"id":"1"}]},"custom_attributes":{"x":1,"stripe_id":"c",\
            "stripe_plan":"p","stripe_plan_price":9,"stripe_plan_interval":"month","stripe_plan_interval_count":1,\
            "stripe_subscription_status":"active","stripe_delinquent":false,"stripe_last_charge_amount":9,\
            "stripe_last_charge_at":9,"stripe_currency":"usd","Stripe Subscriptions":[{"id":"s","status":"active",\
            "plan":{"amount":9,"interval":"month","interval_count":1,"nickname":"n","currency":"usd","usage_type":"licensed"},\
            "quantity":1,"current_period_start":1,"current_period_end":2,"cancel_at_period_end":false,"discount":null},\
            {"items":{"data":[{"price":{"unit_amount":9,"unit_amount_decimal":"9","currency":"usd","recurring":\
            {"interval":"month","interval_count":1,"usage_type":"licensed"},"nickname":"n","product":{"name":"p"}},\
            "quantity":2}],"has_more":false}},{"price":9,"amount":900,"interval":"year","plan_name":"q"}],\
            "Stripe Payments":{"instances":[{"id":"1","external_id":"ch","external_created_at":1,"custom_attributes":\
            {"amount":9,"created":9,"status":"succeeded","currency":"usd"}}]}}}
            """
        ),
        (
            "conversation",
            """
            {"id":"1","created_at":1,"updated_at":2,"state":"open","open":true,"priority":"priority","admin_assignee_id":5,\
            "source":{"id":"1","delivered_as":"automated","subject":"s","body":"<p>x</p>","redacted":false,"author":\
            {"type":"user","id":"1","email":"a@b.test"}},"contacts":{"contacts":[{"id":"1"}]},"first_contact_reply":\
            {"created_at":1},"tags":{"tags":[{"name":"t"}]},"conversation_rating":{"rating":4,"created_at":1,"updated_at":2,\
            "contact":{"id":"1"}},"ai_agent":{"rating":3},"statistics":{"count_conversation_parts":2},"conversation_parts":\
            {"conversation_parts":[{"id":"1","part_type":"comment","body":"b","created_at":1,"redacted":false,"author":\
            {"type":"admin","id":"1","email":"a@b.test"}}],"total_count":1}}
            """
        ),
        (
            "company",
            """
            {"id":"1","name":"n","company_id":"c","website":"w","industry":"i","size":5,"plan":{"name":"p"},\
            "monthly_spend":9,"created_at":1,"updated_at":2}
            """
        ), ("admin", #"{"id":"1","type":"admin","name":"n","email":"a@b.test"}"#), ("tag", #"{"id":"1","name":"n"}"#),
    ]

    @Test("Any value in any place costs no more than that place", arguments: samples)
    func survives(kind: String, sample: String) throws {
        let value = try json(sample)
        #expect(throws: Never.self) { try Self.map(kind, value) }
        for (path, variant) in Self.variants(of: value, at: "$") {
            do {
                for mapped in try Self.map(kind, variant) {
                    #expect(mapped.issues.count <= 4, "\(path)")
                    #expect(mapped.issues.allSatisfy { $0.record == mapped.record.id && !$0.path.isEmpty })
                }
            } catch let error as MappingRejection {
                // A list of messages that is none says nothing of them.
                let holdsList = ["$.conversation_parts", "$.conversation_parts.conversation_parts"].contains(path)
                #expect(
                    path == "$" || path == "$.id" || error.retries && holdsList, "\(path): \(error.reason)")
            }
        }
    }

    private static func map(_ kind: String, _ value: JSONValue) throws -> [MappedRecord] {
        let mapping = IntercomMapping.forTests()
        switch kind {
        case "contact": return [try mapping.contact(value, now: now)]
        case "conversation":
            return [try mapping.conversation(value, now: now), try mapping.transcript(value, now: now)]
        case "company": return [try mapping.company(value, now: now)]
        case "admin": return [try mapping.admin(value, now: now)]
        default: return [try mapping.tag(value, now: now)]
        }
    }

    /// The value with each oddity in each place.
    private static func variants(of value: JSONValue, at path: String) -> [(String, JSONValue)] {
        var variants = oddities.map { (path, $0) }
        switch value {
        case .object(let object):
            for (index, member) in object.members.enumerated() {
                for (path, variant) in self.variants(of: member.value, at: "\(path).\(member.key)") {
                    var changed = object
                    changed.members[index].value = variant
                    variants.append((path, .object(changed)))
                }
                var without = object
                without.members.remove(at: index)
                variants.append(("\(path).\(member.key)", .object(without)))
            }
        case .array(let elements):
            for index in elements.indices {
                for (path, variant) in self.variants(of: elements[index], at: "\(path)[\(index)]") {
                    var changed = elements
                    changed[index] = variant
                    variants.append((path, .array(changed)))
                }
            }
        default: break
        }
        return variants
    }
}
