import Foundation
import MartletCore
import Testing

@testable import MartletRuntime

@Suite(.timeLimit(.minutes(30))) struct ChildCallTests {
    private func call(_ script: String, input: String = "", limit: Int = 1_000) -> ChildCall {
        ChildCall(
            program: "/bin/sh",
            arguments: ["-c", script],
            environment: ["PATH": "/usr/bin:/bin"],
            directory: "/",
            input: Array(input.utf8),
            outputLimit: limit,
            timeout: .seconds(60)
        )
    }

    @Test func bytesGoInAndOut() async throws {
        let answer = try await call("cat; echo bad >&2; exit 3", input: "in\u{0}put").run()
        #expect(String(decoding: answer.output, as: UTF8.self) == "in\u{0}put")
        #expect(answer.errors == "bad" && answer.exitCode == 3 && answer.cause == .itself && !answer.isCut)
    }

    @Test func whoDoesNotReadIsNotWaitedFor() async throws {
        let answer = try await call("exit 0", input: String(repeating: "x", count: 4 << 20)).run()
        #expect(answer.exitCode == 0)
    }

    @Test func outputIsBounded() async throws {
        let answer = try await call("head -c 3000000 /dev/zero; echo end >&2", limit: 1_000).run()
        #expect(answer.output.count == 1_000 && answer.isCut && answer.exitCode == 0 && answer.errors == "end")
        var endless = call("exec cat /dev/zero", limit: 1_000)
        endless.endsAtLimit = true
        let ended = try await endless.run()
        #expect(ended.cause == .limit && ended.output.count == 1_000)
    }

    @Test func timeIsBounded() async throws {
        var slow = call("sleep 600")
        slow.timeout = .milliseconds(50)
        #expect(try await slow.run().cause == .timeout)
        var stubborn = call("trap '' TERM; echo ready; while :; do sleep 600; done")
        (stubborn.timeout, stubborn.grace) = (.milliseconds(50), .milliseconds(50))
        let answer = try await stubborn.run()
        #expect(answer.cause == .timeout && answer.signal == 9)
    }

    @Test func itEndsWithItsTask() async throws {
        let slow = call("sleep 600")
        let task = Task { try await slow.run() }
        task.cancel()
        #expect(try await task.value.cause == .cancelled)
    }

    @Test func whatItLeavesBehindIsEnded() async throws {
        // The background process holds the output open.
        let answer = try await call("sleep 600 & echo $!").run()
        let child = try #require(pid_t(String(decoding: answer.output, as: UTF8.self).filter(\.isNumber)))
        #expect(answer.exitCode == 0)
        // A process that has been killed may not be gone yet; it does not run any more.
        let state = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
        #expect(
            state == nil || state?.contains(") Z ") == true || kill(child, 0) != 0 || state?.contains(") X ") == true
        )
    }

    @Test func onlyItsThreeDescriptorsAreOpen() async throws {
        let answer = try await call("ls /proc/self/fd").run()
        // `ls` has one for the folder it lists.
        #expect(String(decoding: answer.output, as: UTF8.self).split(separator: "\n") == ["0", "1", "2", "3"])
    }

    @Test(arguments: ["/not/there", "a\u{0}b"]) func whatCannotStartSaysWhy(program: String) async {
        var bad = call("")
        bad.program = program
        let error = await #expect(throws: MartletError.self) { try await bad.run() }
        #expect(error?.code == .launchFailed && error?.reason != nil)
    }
}
