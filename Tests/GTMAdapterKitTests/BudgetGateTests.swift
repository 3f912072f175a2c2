import Testing

@testable import GTMAdapterKit

@Suite("Budget gate", .timeLimit(.minutes(1))) struct BudgetGateTests {
    @Test("Many calls at once keep to the limit and use it") func keepsToTheLimit() async throws {
        let timer = Timer(ManualClock(isAutomatic: true))
        let gate = BudgetGate(CallBudget([.init(20, per: .seconds(10))], atOnce: 4), timer: timer)
        let starts = Log<Duration>()
        await withThrowingTaskGroup { group in
            for _ in 0..<400 {
                group.addTask {
                    try await gate.enter(patience: .seconds(1_000))
                    starts.append(timer.now())
                    await Task.yield()
                    gate.leave(nil)
                }
            }
        }
        let times = starts.entries.sorted()
        try #require(times.count == 400)
        #expect((20..<times.count).allSatisfy { times[$0] - times[$0 - 20] >= .seconds(10) })
        #expect(times[399] / Duration.seconds(10) <= 19 / 0.95)
    }

    @Test("Calls start in the order in which they came") func isFair() async throws {
        let gate = BudgetGate(CallBudget(atOnce: 1), timer: Timer(ManualClock(isAutomatic: true)))
        let order = Log<Int>()
        try await gate.enter(patience: .zero)
        try await withThrowingTaskGroup { group in
            for number in 0..<20 {
                group.addTask {
                    try await gate.enter(patience: .zero)
                    order.append(number)
                    gate.leave(nil)
                }
                while gate.waiting <= number { await Task.yield() }
            }
            gate.leave(nil)
            try await group.waitForAll()
        }
        #expect(order.entries == Array(0..<20))
    }

    @Test("A cancelled waiter leaves the queue at once and takes no slot") func cancels() async throws {
        let clock = ManualClock(isAutomatic: false)
        let gate = BudgetGate(CallBudget([.init(1, per: .seconds(10))]), timer: Timer(clock))
        try await gate.enter(patience: .zero)
        gate.leave(nil)
        await withThrowingTaskGroup { group in
            for _ in 0..<3 { group.addTask { try await gate.enter(patience: .seconds(100)) } }
            while gate.waiting < 3 { await Task.yield() }
            await clock.untilSomebodySleeps()
            group.cancelAll()
            while let result = await group.nextResult() {
                #expect(throws: CancellationError.self) { try result.get() }
            }
        }
        #expect(gate.waiting == 0)
        clock.advance(by: .seconds(11))
        try await gate.enter(patience: .zero)
    }

    @Test("A wait beyond patience is an error, not a sleep") func exhausted() async throws {
        let clock = ManualClock(isAutomatic: true)
        let gate = BudgetGate(CallBudget([.init(1, per: .seconds(86_400))]), timer: Timer(clock))
        try await gate.enter(patience: .seconds(600))
        gate.leave(nil)
        let error = await #expect(throws: BudgetGate.Exhausted.self) {
            try await gate.enter(patience: .seconds(600))
        }
        #expect(error?.wait == .seconds(86_400) * 26 / 25)
        #expect(clock.slept.isEmpty)
    }
}
