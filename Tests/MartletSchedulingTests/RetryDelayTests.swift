import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

@Suite(.tags(.machine)) struct RetryDelayTests {
    let pipeline = PipelineID(trusted: "p")
    let step = StepID(trusted: "s")

    @Test(arguments: [0.0, 1.0]) func withoutBackoffTheDelayIsConstant(_ backoff: Double) {
        let policy = RetryPolicy(retries: 3, delaySeconds: 2.5, backoff: backoff)
        for attempt in 1...5 {
            #expect(policy.delay(pipeline: pipeline, step: step, attempt: attempt) == .seconds(2.5))
        }
    }

    /// Worked out with Python: `base + int(hashlib.sha1(b"p#s#None#N").hexdigest(), 16) % base`.
    @Test(arguments: zip([1, 2, 3, 4], RetryDelayTests.expected)) func backoffFollowsTheFormula(
        _ attempt: Int,
        _ seconds: Int
    ) {
        let policy = RetryPolicy(retries: 9, delaySeconds: 5, backoff: 2)
        #expect(policy.delay(pipeline: pipeline, step: step, attempt: attempt) == .seconds(seconds))
    }

    static let expected = [8, 15, 32, 74]

    @Test func theLongestDelayIsKept() {
        let policy = RetryPolicy(retries: 9, delaySeconds: 5, backoff: 2, maxDelaySeconds: 7)
        #expect(policy.delay(pipeline: pipeline, step: step, attempt: 6) == .seconds(7))
    }

    @Test func growthWithoutEndStopsAtADay() {
        let policy = RetryPolicy(retries: 1_000, delaySeconds: 100, backoff: 100)
        #expect(policy.delay(pipeline: pipeline, step: step, attempt: 1_000) == .seconds(86_400))
    }
}
