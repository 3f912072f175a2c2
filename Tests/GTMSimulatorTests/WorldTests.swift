import Foundation
import GTMCore
import Testing

@testable import GTMSimulator

@Suite("Simulated world") struct WorldTests {
    @Test(
        "A world can be made at any time of the calendar", .timeLimit(.minutes(1)),
        arguments: [-62_167_219_200, 0, 86_400, 221_845_391_999, 253_402_300_799, 300_000_000_000])
    func anyTime(seconds: Double) {
        let world = SimulatedWorld(seed: 7, customers: 40, now: Date(timeIntervalSince1970: seconds))
        #expect(world.truth.customers.count == 40)
    }

    @Test("The same seed gives the same bytes") func isDeterministic() {
        let first = SimulatedIntercom(.small()).ndjson()
        #expect(first == SimulatedIntercom(.small()).ndjson())
        #expect(first != SimulatedIntercom(.small(seed: 8)).ndjson())
        #expect(SimulatedWorld.small().truth == SimulatedWorld.small().truth)
    }

    @Test("The bytes are the same however many worlds are made at once") func isDeterministicConcurrently() async {
        let expected = SimulatedIntercom(.small()).ndjson()
        let results = await withTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<8 { group.addTask { SimulatedIntercom(.small()).ndjson() } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.allSatisfy { $0 == expected })
    }

    /// Changes here mean that every seed tells another story; that is allowed, and has to be meant.
    @Test("The generator keeps giving the numbers that it gave") func generatorIsStable() {
        var random = SeededRandom(1, key: 2)
        #expect([random.next(), random.next()] == [5_196_188_657_185_181_188, 5_005_007_431_957_806_747])
        #expect(SeededRandom.mix(1) == 0x5692_161D_100B_05E5)
    }

    @Test("There are as many customers as asked for, each once", arguments: [0, 1, 2, 57, 300])
    func countsCustomers(count: Int) {
        let truth = SimulatedWorld.small(customers: count).truth
        #expect(truth.customers.count == count)
        #expect(Set(truth.customers.map(\.email)).count == count)
        #expect(truth.customers.map(\.email) == truth.customers.map(\.email).sorted())
    }

    @Test("A larger world begins with the same companies") func growsAtTheEnd() {
        let (small, large) = (SimulatedWorld.small(), SimulatedWorld.small(customers: 240))
        #expect(small.companies.dropLast().map(\.name) == large.companies.prefix(small.companies.count - 1).map(\.name))
        let emails = Set(large.truth.customers.map(\.email))
        #expect(small.truth.customers.allSatisfy { emails.contains($0.email) })
    }

    @Test("Company names and domains are unique, and reserved for tests") func namesAreSynthetic() {
        let world = SimulatedWorld(seed: 3, customers: 9_000, now: noon)
        #expect(Set(world.companies.map(\.name)).count == world.companies.count)
        #expect(Set(world.companies.map(\.domain)).count == world.companies.count)
        #expect(
            world.truth.customers.allSatisfy {
                $0.email.domain.hasSuffix(".test") || $0.email.domain.hasSuffix(".example")
            })
    }

    @Test("Nothing happens after now, and nothing before the world's years") func staysInItsTime() {
        let world = SimulatedWorld.small(customers: 600)
        let first = world.time - 2 * 365 * WorldCalendar.day
        for company in world.companies {
            var times = company.payments.map(\.at) + company.people.compactMap(\.lastSeenAt)
            times += company.people.map(\.arrivedAt)
            times += company.conversations.flatMap { $0.messages.map(\.at) + [$0.createdAt, $0.updatedAt] }
            #expect(times.allSatisfy { $0 >= first && $0 <= world.time })
            for conversation in company.conversations {
                #expect(conversation.messages.map(\.at) == conversation.messages.map(\.at).sorted())
            }
            #expect(company.people.dropFirst().allSatisfy { $0.arrivedAt > company.people[0].arrivedAt })
        }
    }

    @Test("The totals are the sums of the parts, worked out another way") func truthAddsUp() throws {
        let world = SimulatedWorld.small(customers: 600)
        var mrr: [Currency: Double] = [:]
        var ltv: [Currency: Int64] = [:]
        for company in world.companies {
            for subscription in company.subscriptions where subscription.status == .active {
                mrr[subscription.currency, default: 0] +=
                    Double(subscription.amount * subscription.quantity) / Double(subscription.months)
            }
            for payment in company.payments where payment.status == .succeeded {
                ltv[payment.currency, default: 0] += payment.amount
            }
        }
        #expect(world.truth.mrr.entries.map(\.currency) == mrr.keys.sorted())
        for entry in world.truth.mrr.entries {
            let exact = Double(entry.amount.numerator) / Double(entry.amount.denominator)
            #expect(abs(exact - (mrr[entry.currency] ?? 0)) < 0.001)
        }
        #expect(world.truth.ltv.entries.allSatisfy { $0.amount == Fraction(ltv[$0.currency] ?? -1) })
        var sum = CurrencyTotals()
        for own in world.truth.customers.compactMap(\.mrr) { _ = sum.add(own) }
        #expect(sum == world.truth.mrr)
    }

    @Test("What announces cancelling is what the rules find, and nothing else") func cancelWordsAreClear() {
        for company in SimulatedWorld.small(customers: 1_500).companies {
            for message in company.conversations.flatMap(\.messages) where message.isFromCustomer {
                let found = !ConversationRules.standard.sentences(about: .cancel, in: message.text).isEmpty
                #expect(found == message.announcesCancel, "\(message.text)")
            }
        }
    }

    @Test("Every kind of customer and of oddity is there") func isVaried() {
        let world = SimulatedWorld(seed: 11, customers: 3_000, now: noon)
        let companies = world.companies
        #expect(Set(companies.map(\.currency)) == [.usd, .eur, .gbp, .jpy])
        #expect(
            Set(companies.flatMap { $0.subscriptions.map(\.status) })
                == [.active, .trialing, .pastDue, .unpaid, .paused, .canceled])
        #expect(Set(companies.flatMap { $0.subscriptions.map(\.months) }) == [1, 3, 12])
        #expect(Set(companies.flatMap { $0.payments.map(\.status) }).contains(.failed))
        #expect(Set(world.truth.customers.compactMap(\.churnReason)) == Set(ChurnReason.allCases))
        #expect(Set(world.truth.customers.map(\.trajectory)) == Set(SimulatedTruth.Trajectory.allCases))
        let people = companies.flatMap(\.people)
        for bit: UInt8 in 0..<8 {
            #expect(people.contains { $0.quirks.contains(.init(rawValue: 1 << bit)) }, "quirk \(bit)")
        }
        #expect(people.contains { $0.email == nil } && people.contains(where: \.isRoleMailbox))
        let truth = world.truth.customers
        let leaving = truth.count { $0.churnReason != nil }
        #expect((5...15).contains(leaving * 100 / truth.count))
        #expect(truth.contains { $0.billedThrough != nil } && truth.contains { $0.mentionedCancel })
        #expect(truth.contains { $0.isDelinquent == true } && truth.contains { $0.openTickets > 1 })
    }

    @Test("The truth is found by address") func findsCustomers() throws {
        let truth = SimulatedWorld.small().truth
        for customer in truth.customers { #expect(truth[customer.email] == customer) }
        #expect(truth[try EmailAddress("nobody@nowhere.test")] == nil)
    }

    @Test("Months are added by the calendar", arguments: [(1, "2024-02-29"), (3, "2024-04-30"), (13, "2025-02-28")])
    func addsMonths(months: Int, day: String) throws {
        let start = Int64(try Timestamp.parse("2024-01-31T10:00:00Z").timeIntervalSince1970)
        let expected = Int64(try Timestamp.parse("\(day)T10:00:00Z").timeIntervalSince1970)
        #expect(WorldCalendar.adding(months: months, to: start) == expected)
    }
}
