import Foundation
import GTMAdapterKit
import Testing

@Suite("Retry state") struct RetryStateTests {
    /// Asks for an action with the middle jitter at time zero.
    private func action(
        _ state: inout RetryState, _ verdict: Verdict, mayRepeat: Bool = true, wait: WaitHint? = nil,
        jitter: Double = 0.5
    ) -> RetryAction {
        var patience = LimitPatience()
        return state.action(
            after: verdict, mayRepeat: mayRepeat, wait: wait, patience: &patience, now: .zero, jitter: jitter)
    }

    @Test("Back-off doubles up to its cap, spread by jitter") func backsOff() {
        var policy = RetryPolicy()
        policy.retries = 8
        var state = RetryState(policy: policy)
        let waits = (0..<8).map { _ in action(&state, .retry(.unavailable), jitter: 1) }
        #expect(waits == [0.5, 1, 2, 4, 8, 16, 30, 30].map { .wait(.seconds($0)) })
        #expect(action(&state, .retry(.unavailable)) == .fail(.unavailable))
        #expect(policy.backoff(0, jitter: 0) == .zero)
        #expect(policy.backoff(1_000_000, jitter: 1) == .seconds(30))
    }

    @Test("Three retries, then the failure's own code") func givesUp() {
        var state = RetryState(policy: RetryPolicy())
        for _ in 0..<3 { #expect(action(&state, .retry(.timedOut)) != .fail(.timedOut)) }
        #expect(action(&state, .retry(.timedOut)) == .fail(.timedOut))
    }

    @Test("What must not be repeated is not, and a final failure ends at once") func doesNotRepeat() {
        var state = RetryState(policy: RetryPolicy())
        #expect(action(&state, .retry(.unavailable), mayRepeat: false) == .fail(.unavailable))
        #expect(action(&state, .failure(.notFound)) == .fail(.notFound))
        #expect(action(&state, .success) == .succeed)
    }

    @Test("A rate limit uses no retry, and may repeat anything") func limitsAreFree() {
        var state = RetryState(policy: RetryPolicy())
        for _ in 0..<50 {
            let next = action(&state, .limited(after: nil), mayRepeat: false, wait: WaitHint(reset: .seconds(2)))
            #expect(next == .wait(.seconds(2) + .milliseconds(125)))
        }
        #expect(state.retries == 0)
    }

    @Test(
        "The wait at a limit follows the verdict, then Retry-After, then the reset, then back-off",
        arguments: [
            (Verdict.limited(after: .seconds(7)), WaitHint(retryAfter: .seconds(3)), Duration.seconds(7.125)),
            (.limited(after: nil), WaitHint(retryAfter: .seconds(3), reset: .seconds(9)), .seconds(3.125)),
            (.limited(after: nil), WaitHint(reset: .seconds(9)), .seconds(9.125)),
            (.limited(after: nil), WaitHint(reset: .seconds(4_000)), .seconds(15.125)),
            (.limited(after: nil), WaitHint(retryAfter: .zero), .seconds(1)),
            (.limited(after: nil), WaitHint(), .seconds(1)),
            (.limited(after: nil), WaitHint(retryAfter: .seconds(40)), .seconds(40.125)),
        ])
    func waits(verdict: Verdict, hint: WaitHint, wait: Duration) {
        var state = RetryState(policy: RetryPolicy())
        #expect(action(&state, verdict, wait: hint) == .wait(wait))
    }

    @Test("A wait beyond all patience fails at once") func failsAtOnce() {
        var state = RetryState(policy: RetryPolicy())
        #expect(
            action(&state, .limited(after: nil), wait: WaitHint(retryAfter: .seconds(3_600))) == .fail(.rateLimited))
        #expect(
            action(&state, .retry(.unavailable), wait: WaitHint(retryAfter: .seconds(3_600))) == .fail(.unavailable))
        #expect(
            action(&state, .retry(.unavailable), wait: WaitHint(retryAfter: .seconds(60))) == .wait(.seconds(60)))
    }

    @Test("Patience is one stretch for all calls of a client, which a success ends") func patience() {
        var (patience, now) = (LimitPatience(), Duration.zero)
        func meet(_ verdict: Verdict) -> RetryAction {
            var state = RetryState(policy: RetryPolicy())
            return state.action(
                after: verdict, mayRepeat: true, wait: WaitHint(retryAfter: .seconds(100)), patience: &patience,
                now: now, jitter: 0)
        }
        for _ in 0..<6 {
            #expect(meet(.limited(after: nil)) == .wait(.seconds(100)))
            #expect(meet(.limited(after: nil)) == .wait(.seconds(100)), "waits at the same time count once")
            now += .seconds(100)
        }
        #expect(meet(.limited(after: nil)) == .fail(.rateLimited))
        #expect(meet(.success) == .succeed)
        #expect(meet(.limited(after: nil)) == .wait(.seconds(100)))
        now += .seconds(86_400)
        #expect(meet(.limited(after: nil)) == .wait(.seconds(100)), "the next day's run starts anew")
    }
}

@Suite("Rate limit headers") struct RateLimitHeadersTests {
    let now = Date(timeIntervalSince1970: 784_111_770)

    @Test(
        "Retry-After is read as seconds and as a date",
        arguments: [
            ("7", 7.0), ("0", 0), ("1.5", 1.5), ("Sun, 06 Nov 1994 08:49:37 GMT", 7),
            ("Sun, 06 Nov 1994 08:40:00 GMT", 0),
            ("soon", nil), ("-3", nil), ("", nil), ("Sun, 06 Xxx 1994 08:49:37 GMT", nil), ("inf", nil), ("1e300", nil),
        ])
    func retryAfter(text: String, seconds: Double?) {
        let hint = WaitHint(headers: ["retry-after": text], reset: nil, now: now)
        #expect(hint.retryAfter == seconds.map { .seconds($0) })
    }

    @Test("A leap day and a century are dates too") func calendar() {
        let epoch = Date(timeIntervalSince1970: 0)
        let hint = WaitHint(headers: ["Retry-After": "Tue, 29 Feb 2000 00:00:00 GMT"], reset: nil, now: epoch)
        #expect(hint.retryAfter == .seconds(951_782_400))
    }

    @Test("A reset is a time or a length; the vendor's own clock counts") func readsReset() {
        let headers: HTTPHeaders = [
            "X-RateLimit-Limit": "167", "x-ratelimit-remaining": "12", "X-RateLimit-Reset": "784111777",
        ]
        let epoch = RateLimitHeaders.common(reset: .epochSeconds)
        #expect(epoch.reading(of: headers, now: now) == RateReading(limit: 167, remaining: 12, reset: .seconds(7)))
        var dated = headers
        dated["Date"] = "Sun, 06 Nov 1994 08:49:35 GMT"
        #expect(epoch.reading(of: dated, now: .distantPast).reset == .seconds(2))
        let delta = RateLimitHeaders.common(reset: .secondsFromNow)
        #expect(delta.reading(of: ["X-RateLimit-Reset": "2"], now: now) == RateReading(reset: .seconds(2)))
        #expect(RateLimitHeaders().reading(of: headers, now: now) == RateReading())
    }

    @Test("Rubbish in a header says nothing", arguments: ["", "many", "99999999999999999999999", "-5"])
    func rubbish(text: String) {
        let reading = RateLimitHeaders.common(reset: .epochSeconds)
            .reading(
                of: ["X-RateLimit-Remaining": text, "X-RateLimit-Reset": text, "X-RateLimit-Limit": text], now: now)
        #expect(reading.remaining.map { $0 >= 0 } != false)
        #expect(reading.reset.map { $0 >= .zero } != false)
    }
}
