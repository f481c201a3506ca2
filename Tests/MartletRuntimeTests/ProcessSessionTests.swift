import Foundation
import Glibc
import MartletCore
import MartletTestKit
import Testing

@testable import MartletRuntime

/// Real child processes, with everything that real programs do.
@Suite(.tags(.endToEnd)) struct ProcessSessionTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func outputOfBothStreamsIsLoggedInOrder() async throws {
        let end = try await ProcessSession.run(scratch.spec("echo one; echo two >&2; echo three")) { _ in }
        #expect(end.exitCode == 0)
        #expect(scratch.text("log") == "one\ntwo\nthree\n")
    }

    @Test func exitCodesAndSignalsAreTold() async throws {
        let code = try await ProcessSession.run(scratch.spec("exit 7")) { _ in }
        #expect(code.exitCode == 7 && code.signal == nil)
        let signal = try await ProcessSession.run(scratch.spec("kill -SEGV $$")) { _ in }
        #expect(signal.exitCode == nil && signal.signal == 11)
    }

    @Test func bytesThatAreNotTextStayAsTheyAre() async throws {
        let end = try await ProcessSession.run(scratch.spec(#"printf '\377\376\000x'"#)) { _ in }
        #expect(end.exitCode == 0)
        #expect(FileManager.default.contents(atPath: "\(scratch.path)/log") == Data([255, 254, 0, 120]))
        #expect(end.lastOutput.hasSuffix("x"))
    }

    @Test func aFloodOfOutputKeepsItsHeadAndTail() async throws {
        let total = Limits.logHeadBytes + Limits.logTailBytes + (5 << 20)
        let end = try await ProcessSession.run(
            scratch.spec("printf BEGIN; head -c \(total) /dev/zero | tr '\\0' x; printf END")
        ) { _ in }
        #expect(end.exitCode == 0)
        let log = try #require(FileManager.default.contents(atPath: "\(scratch.path)/log"))
        #expect(log.count < Limits.logHeadBytes + Limits.logTailBytes + 200)
        #expect(log.prefix(5) == Data("BEGIN".utf8))
        #expect(log.suffix(3) == Data("END".utf8))
        #expect(log.range(of: Data("bytes left out here".utf8)) != nil)
    }

    @Test func messagesArriveWhileTheStepRuns() async throws {
        let box = MessageBox()
        let script = #"echo '{"type":"progress","done":1,"total":4}' >> $MARTLET_MESSAGES; read line < gate"#
        mkfifo("\(scratch.path)/gate", 0o600)
        let spec = scratch.spec(script)
        async let end = ProcessSession.run(spec, report: box.receive)
        let message = await box.first { if case .progress = $0 { true } else { false } }
        #expect(message == .progress(StepProgress(done: 1, total: 4)))
        // Only now may the step go on: the message cannot have come from reading at the end.
        try "go\n".write(toFile: "\(scratch.path)/gate", atomically: false, encoding: .utf8)
        #expect(try await end.exitCode == 0)
    }

    @Test func linesThatAreNoMessagesAreCountedAndNoted() async throws {
        let box = MessageBox()
        let script = #"""
            { echo 'not json'; echo '{"type":"nonsense"}'; echo '{"type":"metric"}'; echo '[1]'; echo
              printf '\377\n'; printf '{"type":"value","name":"v","value":1}'; } >> $MARTLET_MESSAGES
            """#
        let end = try await ProcessSession.run(scratch.spec(script), report: box.receive)
        #expect(end.rejectedMessages == 5)
        #expect(box.all == [.value(name: PortName(trusted: "v"), value: 1)])
        #expect(scratch.text("log").contains("5 messages were not understood"))
    }

    /// A recursive decoder would run out of stack, and take the whole runner with it.
    @Test func aMessageNestedTooDeeplyIsLeftOut() async throws {
        let box = MessageBox()
        let script = #"""
            import os
            with open(os.environ["MARTLET_MESSAGES"], "a") as file:
                for depth in (20, 300, 100000):
                    file.write('{"type":"value","name":"n%d","value":%s}\n' % (depth, "[" * depth + "]" * depth))
                file.write('{"type":"value","name":"text","value":"%s"}\n' % ("[" * 300))
            """#
        var spec = scratch.spec("")
        spec.program = "/usr/bin/python3"
        spec.arguments = ["-c", script]
        let end = try await ProcessSession.run(spec, report: box.receive)
        #expect(end.rejectedMessages == 2)
        #expect(box.all.count == 2)
        #expect(scratch.text("log").contains("nested more than"))
    }

    @Test func aLineLongerThanTheLimitIsLeftOut() async throws {
        let box = MessageBox()
        let script = #"""
            head -c 3000000 /dev/zero | tr '\0' x >> $MARTLET_MESSAGES; echo >> $MARTLET_MESSAGES
            echo '{"type":"value","name":"v","value":1}' >> $MARTLET_MESSAGES
            """#
        let end = try await ProcessSession.run(scratch.spec(script), report: box.receive)
        #expect(end.rejectedMessages == 1)
        #expect(box.all.count == 1)
    }

    @Test func framesGoBothWays() async throws {
        let box = MessageBox()
        let script = #"""
            import os, struct
            def read(n):
                data = b""
                while len(data) < n: data += os.read(3, n - len(data))
                return data
            size, = struct.unpack(">I", read(4))
            name = read(size).decode()
            out = ('{"type":"log","text":"hello %s"}' % name).encode()
            os.write(4, struct.pack(">I", len(out)) + out)
            """#
        var spec = scratch.spec("", frame: Array("frame".utf8))
        spec.program = "/usr/bin/python3"
        spec.arguments = ["-c", script]
        let end = try await ProcessSession.run(spec, report: box.receive)
        #expect(end.exitCode == 0)
        #expect(box.all == [.log(level: "info", text: "hello frame")])
        #expect(scratch.text("log") == "hello frame\n")
    }

    @Test func aChildThatOutlivesTheStepIsEnded() async throws {
        let end = try await ProcessSession.run(scratch.spec("sleep 600 & echo $! > pid; exit 0")) { _ in }
        #expect(end.exitCode == 0)
        #expect(end.leftBehind)
        let pid = try #require(pid_t(scratch.text("pid").trimmingCharacters(in: .newlines)))
        #expect(isGone(pid))
        #expect(scratch.text("log").contains("outlived the step"))
    }

    @Test func aTimeoutEndsTheWholeGroup() async throws {
        let end = try await ProcessSession.run(
            scratch.spec("sleep 600 & echo $! > pid; wait", timeout: .milliseconds(300))
        ) { _ in }
        guard case .timeout = end.cause else {
            Issue.record("ended by \(end.cause)")
            return
        }
        let pid = try #require(pid_t(scratch.text("pid").trimmingCharacters(in: .newlines)))
        #expect(isGone(pid))
    }

    @Test func aProcessThatGivesNoSignOfLifeIsEnded() async throws {
        var spec = scratch.spec("echo here; sleep 600")
        spec.heartbeat = .milliseconds(200)
        let end = try await ProcessSession.run(spec) { _ in }
        guard case .silence = end.cause else {
            Issue.record("it ended by \(end.cause)")
            return
        }
        #expect(end.lastOutput == "here")
    }

    @Test func aProcessThatKeepsTalkingLivesLongerThanItsHeartbeat() async throws {
        var spec = scratch.spec("for i in 1 2 3 4 5 6; do echo $i; sleep 0.25; done")
        spec.heartbeat = .seconds(1)
        let end = try await ProcessSession.run(spec) { _ in }
        #expect(end.exitCode == 0)
    }

    @Test func whoIgnoresTheRequestIsKilled() async throws {
        let spec = scratch.spec(
            "trap '' TERM; echo ready > ready; while :; do sleep 0.01; done",
            timeout: .milliseconds(300),
            grace: .milliseconds(200)
        )
        let end = try await ProcessSession.run(spec) { _ in }
        #expect(end.signal == 9)
    }

    @Test func cancellingTheTaskEndsTheProcess() async throws {
        let box = MessageBox()
        let spec = scratch.spec(#"echo '{"type":"log","text":"up"}' >> $MARTLET_MESSAGES; sleep 600"#)
        let task = Task { try await ProcessSession.run(spec, report: box.receive) }
        _ = await box.first { _ in true }
        task.cancel()
        let end = try await task.value
        guard case .cancelled = end.cause else {
            Issue.record("ended by \(end.cause)")
            return
        }
        #expect(end.signal == 15)
    }

    @Test func aProgramThatIsNotThereIsNamed() async throws {
        var spec = scratch.spec("")
        spec.program = "./nothing-here"
        let error = await #expect(throws: MartletError.self) { try await ProcessSession.run(spec) { _ in } }
        #expect(error?.code == .launchFailed)
        #expect(error?.message.contains("./nothing-here") == true)
    }

    @Test func aWorkingDirectoryThatIsNotThereIsNamed() async throws {
        var spec = scratch.spec("true")
        spec.directory = "\(scratch.path)/nowhere"
        let error = await #expect(throws: MartletError.self) { try await ProcessSession.run(spec) { _ in } }
        #expect(error?.message.contains("nowhere") == true)
    }

    @Test func noDescriptorsLeakIntoTheChild() async throws {
        let held = open("/dev/null", O_RDONLY)
        defer { close(held) }
        _ = try await ProcessSession.run(scratch.spec("ls /proc/self/fd > fds")) { _ in }
        // 0 to 2, and the one that ls itself opened.
        #expect(scratch.text("fds").split(separator: "\n").count <= 4)
    }

    /// A killed process may still be a zombie whose new parent has not reaped it: that counts as gone.
    private func isGone(_ pid: pid_t) -> Bool {
        let stat = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
        return stat.isEmpty || stat.contains(") Z ")
    }
}
