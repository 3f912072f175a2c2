import GTMAdapterKit
import Testing

/// A vendor that counts calls as they arrive, played through in virtual time.
private struct Simulation {
    enum Window { case fixed, sliding }
    enum Report { case none, epochSeconds, secondsFromNow, withoutReset }

    var calls: Int
    var period: Duration
    var window = Window.fixed
    var report = Report.none
    /// Calls that another client makes, evenly, within a period.
    var others = 0
    var periods = 30
    var configured: Int?

    private(set) var accepted = 0
    private(set) var refused = 0

    init(
        _ calls: Int, _ period: Duration, _ window: Window, _ report: Report, others: Int = 0, configured: Int? = nil
    ) {
        (self.calls, self.period, self.window, self.report) = (calls, period, window, report)
        (self.others, self.configured) = (others, configured)
    }

    mutating func run() {
        var budget = CallBudget([.init(configured ?? calls, per: period)], atOnce: 16)
        var seed: UInt64 = 42
        func latency() -> Duration {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return .milliseconds(10) + .microseconds(25) * (Int(seed >> 33) % 1_000)
        }
        // Not at the start of the vendor's window, as in life.
        var now = period * 3 / 10
        let end = now + period * periods
        var arrived: [Duration] = []
        var events: [(time: Duration, reading: RateReading?, arrives: Bool, isOwn: Bool, isRefused: Bool)] = []
        for index in 0..<others * periods { events.append((now + period / others * index, nil, true, false, false)) }
        events.sort { $0.time < $1.time }

        func insert(_ event: (time: Duration, reading: RateReading?, arrives: Bool, isOwn: Bool, isRefused: Bool)) {
            events.insert(event, at: events.firstIndex { $0.time > event.time } ?? events.count)
        }
        while now < end {
            var wake = end
            asking: while true {
                switch budget.reserve(at: now) {
                case .go: insert((now + latency(), nil, true, true, false))
                case .wait(until: let time):
                    wake = min(end, time ?? end)
                    break asking
                }
            }
            guard let event = events.first, event.time <= wake else {
                now = wake
                continue
            }
            events.removeFirst()
            now = event.time
            guard event.arrives else {
                budget.finish(event.reading, at: now)
                if event.isRefused { budget.pause(until: now + max(event.reading?.reset ?? .zero, .seconds(1))) }
                continue
            }
            let index = Int(now / period)
            let windowStart = window == .fixed ? period * index : now - period
            let used = arrived.reversed().prefix { $0 > windowStart || window == .fixed && $0 == windowStart }.count
            let isTaken = used < calls
            if isTaken { arrived.append(now) }
            guard event.isOwn else { continue }
            if isTaken { accepted += 1 } else { refused += 1 }
            let remaining = max(0, calls - used - 1)
            let rest = Double((period * (index + 1) - now) / .seconds(1))
            let reading: RateReading? =
                switch report {
                case .none: nil
                case .epochSeconds: RateReading(limit: calls, remaining: remaining, reset: .seconds(rest.rounded(.up)))
                case .secondsFromNow: RateReading(limit: calls, remaining: remaining, reset: .seconds(rest))
                case .withoutReset: RateReading(limit: calls, remaining: remaining)
                }
            insert((now + latency(), reading, false, true, !isTaken))
        }
    }
}

@Suite("Call budget") struct CallBudgetTests {
    @Test(
        "Alone, it uses 95 % of the allowed calls and is never refused",
        arguments: [
            Simulation(166, .seconds(10), .fixed, .epochSeconds),
            Simulation(1_667, .seconds(10), .fixed, .epochSeconds),
            Simulation(190, .seconds(10), .sliding, .withoutReset), Simulation(5, .seconds(1), .sliding, .none),
            Simulation(40, .seconds(2), .sliding, .none), Simulation(500, .seconds(60), .fixed, .secondsFromNow),
            Simulation(25, .seconds(1), .sliding, .none), Simulation(3, .seconds(1), .fixed, .none),
            Simulation(167, .seconds(10), .fixed, .epochSeconds, configured: 1_667),
        ])
    private func usesWhatIsAllowed(simulation: Simulation) {
        var simulation = simulation
        simulation.run()
        #expect(simulation.refused == 0)
        let share = Double(simulation.accepted) / Double(simulation.calls * simulation.periods)
        #expect(share >= 0.95, "\(share)")
    }

    @Test(
        "Beside another client, it takes what is left and is hardly refused",
        arguments: [
            Simulation(166, .seconds(10), .fixed, .epochSeconds, others: 80),
            Simulation(500, .seconds(60), .fixed, .secondsFromNow, others: 300),
            Simulation(190, .seconds(10), .sliding, .withoutReset, others: 90),
        ])
    private func sharesWithOthers(simulation: Simulation) {
        var simulation = simulation
        simulation.run()
        #expect(Double(simulation.refused) <= 0.03 * Double(simulation.accepted), "\(simulation.refused)")
        let left = (simulation.calls - simulation.others) * simulation.periods
        #expect(Double(simulation.accepted) >= 0.9 * Double(left), "\(simulation.accepted) of \(left)")
    }

    @Test("All limits hold together") func severalLimits() {
        var budget = CallBudget([.init(2, per: .seconds(1)), .init(3, per: .seconds(100))])
        #expect(budget.reserve(at: .zero) == .go)
        #expect(budget.reserve(at: .zero) == .go)
        #expect(budget.reserve(at: .zero) == .wait(until: .milliseconds(1_040)))
        #expect(budget.reserve(at: .seconds(2)) == .go)
        #expect(budget.reserve(at: .seconds(4)) == .wait(until: .seconds(104)))
    }

    @Test("Only so many run at once") func concurrency() {
        var budget = CallBudget(atOnce: 2)
        #expect(budget.reserve(at: .zero) == .go)
        #expect(budget.reserve(at: .zero) == .go)
        #expect(budget.reserve(at: .zero) == .wait(until: nil))
        budget.finish(nil, at: .zero)
        #expect(budget.reserve(at: .zero) == .go)
    }

    @Test("A pause holds everything back") func pauses() {
        var budget = CallBudget()
        budget.pause(until: .seconds(5))
        budget.pause(until: .seconds(3))
        #expect(budget.reserve(at: .seconds(4)) == .wait(until: .seconds(5)))
        #expect(budget.reserve(at: .seconds(5)) == .go)
    }

    @Test("The vendor's numbers correct the limit and the rest, in whatever order they come") func observes() {
        var budget = CallBudget([.init(100, per: .seconds(10))], atOnce: 100)
        for _ in 0..<3 { #expect(budget.reserve(at: .zero) == .go) }
        budget.finish(RateReading(limit: 50, remaining: 1, reset: .seconds(4)), at: .seconds(1))
        budget.finish(RateReading(limit: 50, remaining: 2, reset: .seconds(4)), at: .seconds(1))
        #expect(budget.limits == [.init(50, per: .seconds(10))])
        #expect(budget.reserve(at: .seconds(1)) == .wait(until: .seconds(5)), "the one under way takes the last")
        budget.finish(RateReading(limit: 50, remaining: 1, reset: .seconds(4)), at: .seconds(1))
        #expect(budget.reserve(at: .seconds(1)) == .go)
        #expect(budget.reserve(at: .seconds(5)) == .go, "the window is over")
    }
}
