import MartletTestKit
import Testing

@testable import MartletSpark

@Suite("What an execution does next", .tags(.machine))
struct ExecutionMachineTests {
    typealias Machine = ExecutionMachine

    private func machine(retries: Int = 3, releaseMessages: Int = 100) -> Machine {
        Machine(
            policy: RetryPolicy(retries: retries, initialDelay: .milliseconds(50), factor: 4),
            releaseBytes: 1_000,
            releaseMessages: releaseMessages
        )
    }

    @Test("A result that arrives whole is finished")
    func whole() {
        var machine = machine()
        #expect(machine.start() == .execute)
        #expect(machine.received(responseID: "a", byteCount: 1, isResultComplete: false) == (.read, nil))
        #expect(machine.received(responseID: "b", byteCount: 1, isResultComplete: true) == (.finish, nil))
    }

    @Test("A stream that ends without the end of the result is continued after the last response")
    func reattaches() {
        var machine = machine()
        _ = machine.start()
        _ = machine.received(responseID: "a", byteCount: 1, isResultComplete: false)
        #expect(machine.streamEnded(responses: 1, random: 0) == .reattach(after: "a"))
        _ = machine.received(responseID: "b", byteCount: 1, isResultComplete: false)
        #expect(machine.streamEnded(responses: 1, random: 0) == .reattach(after: "b"))
    }

    @Test("Streams that end empty are asked again with pauses, and not for ever")
    func emptyStreams() {
        var machine = machine(retries: 2)
        _ = machine.start()
        #expect(machine.streamEnded(responses: 0, random: 0) == .wait(.milliseconds(50), then: .reattach(after: nil)))
        #expect(machine.waited() == .reattach(after: nil))
        #expect(machine.streamEnded(responses: 0, random: 0) == .wait(.milliseconds(200), then: .reattach(after: nil)))
        #expect(machine.waited() == .reattach(after: nil))
        #expect(machine.streamEnded(responses: 0, random: 0) == .fail(.noProgress))
    }

    @Test("A failure that may pass is waited out, with the wait that the server asks for")
    func transient() {
        var machine = machine()
        _ = machine.start()
        _ = machine.received(responseID: "a", byteCount: 1, isResultComplete: false)
        #expect(
            machine.streamFailed(.transient(serverDelay: nil), random: 0)
                == .wait(.milliseconds(50), then: .reattach(after: "a"))
        )
        #expect(machine.waited() == .reattach(after: "a"))
        #expect(
            machine.streamFailed(.transient(serverDelay: .seconds(7)), random: 0)
                == .wait(.seconds(7), then: .reattach(after: "a"))
        )
    }

    @Test("Retries end, and begin anew after a response")
    func retriesEnd() {
        var machine = machine(retries: 1)
        _ = machine.start()
        _ = machine.streamFailed(.transient(serverDelay: nil), random: 0)
        _ = machine.waited()
        _ = machine.received(responseID: "a", byteCount: 1, isResultComplete: false)
        #expect(
            machine.streamFailed(.transient(serverDelay: nil), random: 0)
                == .wait(.milliseconds(50), then: .reattach(after: "a"))
        )
        _ = machine.waited()
        #expect(machine.streamFailed(.transient(serverDelay: nil), random: 0) == .fail(.failed))
    }

    @Test("An operation that the server never heard of is sent again")
    func unknownBeforeResponses() {
        var machine = machine()
        _ = machine.start()
        _ = machine.streamFailed(.transient(serverDelay: nil), random: 0)
        #expect(machine.waited() == .reattach(after: nil))
        #expect(machine.streamFailed(.unknownOperation, random: 0) == .wait(.milliseconds(200), then: .execute))
        #expect(machine.waited() == .execute)
    }

    @Test("An operation that the server forgot after rows is not run again")
    func unknownAfterResponses() {
        var machine = machine()
        _ = machine.start()
        _ = machine.received(responseID: "a", byteCount: 1, isResultComplete: false)
        #expect(machine.streamEnded(responses: 1, random: 0) == .reattach(after: "a"))
        #expect(machine.streamFailed(.unknownOperation, random: 0) == .fail(.resultLost))
    }

    @Test("An unknown operation in answer to the plan itself is a failure")
    func unknownAtOnce() {
        var machine = machine()
        _ = machine.start()
        #expect(machine.streamFailed(.unknownOperation, random: 0) == .fail(.failed))
    }

    @Test("A plan that arrived twice is continued, and not taken for another's")
    func operationExists() {
        var first = machine()
        _ = first.start()
        #expect(first.streamFailed(.operationExists, random: 0) == .fail(.failed))

        var second = machine()
        _ = second.start()
        _ = second.streamFailed(.transient(serverDelay: nil), random: 0)
        _ = second.waited()
        _ = second.streamFailed(.unknownOperation, random: 0)
        #expect(second.waited() == .execute)
        #expect(second.streamFailed(.operationExists, random: 0) == .reattach(after: nil))
    }

    @Test("What will not pass is a failure at once")
    func final() {
        var machine = machine()
        _ = machine.start()
        #expect(machine.streamFailed(.final, random: 0) == .fail(.failed))
        // Nothing follows the end.
        #expect(machine.streamFailed(.transient(serverDelay: nil), random: 0) == .fail(.failed))
        #expect(machine.received(responseID: "z", byteCount: 1, isResultComplete: false) == (.read, nil))
    }

    @Test("Responses are released by size and by number")
    func releases() {
        var bySize = machine()
        _ = bySize.start()
        #expect(bySize.received(responseID: "a", byteCount: 999, isResultComplete: false).releaseUntil == nil)
        #expect(bySize.received(responseID: "b", byteCount: 1, isResultComplete: false).releaseUntil == "b")
        #expect(bySize.received(responseID: "c", byteCount: 1, isResultComplete: false).releaseUntil == nil)

        var byNumber = machine(releaseMessages: 2)
        _ = byNumber.start()
        #expect(byNumber.received(responseID: "a", byteCount: 1, isResultComplete: false).releaseUntil == nil)
        #expect(byNumber.received(responseID: "b", byteCount: 1, isResultComplete: false).releaseUntil == "b")
    }

    /// The waits of Spark's own clients: 50 ms, fourfold, at most a minute, jitter from two seconds on.
    @Test(
        "Waits before retries",
        arguments: [
            (0, Duration.milliseconds(50)), (1, .milliseconds(200)), (2, .milliseconds(800)), (3, .milliseconds(3_450)),
            (4, .milliseconds(13_050)), (5, .milliseconds(51_450)), (6, .milliseconds(60_250)),
            (14, .milliseconds(60_250)),
        ]
    )
    func waits(retry: Int, expected: Duration) {
        #expect(RetryPolicy().delay(beforeRetry: retry, serverDelay: nil, random: 0.5) == expected)
    }

    @Test("Waits end after fifteen retries, and the server's is honoured up to ten minutes")
    func waitsEnd() {
        #expect(RetryPolicy().delay(beforeRetry: 15, serverDelay: nil, random: 0) == nil)
        #expect(RetryPolicy().delay(beforeRetry: 0, serverDelay: .seconds(90), random: 0) == .seconds(90))
        #expect(RetryPolicy().delay(beforeRetry: 0, serverDelay: .seconds(9_000), random: 0) == .seconds(600))
        #expect(RetryPolicy().delay(beforeRetry: 4, serverDelay: .seconds(1), random: 0) == .milliseconds(12_800))
    }
}
