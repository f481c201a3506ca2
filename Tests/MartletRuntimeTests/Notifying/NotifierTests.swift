import Foundation
import MartletCore
import MartletTestKit
import Testing

@testable import MartletRuntime

@Suite(.timeLimit(.minutes(30))) struct NotifierTests {
    let scratch: Scratch
    private let alert = Alert(
        id: "1",
        kind: .runFailed,
        at: Timestamp(microseconds: 0),
        text: "run etl-1 failed",
        run: RunID(trusted: "etl-1")
    )

    init() throws { scratch = try Scratch() }

    private func command(_ script: String, timeout: Double = 60) -> CommandNotifier {
        CommandNotifier(
            NotifierID(trusted: "on-call"),
            CommandNotice(arguments: ["/bin/sh", "-c", script], timeoutSeconds: timeout, env: ["OWN": "own"]),
            directory: scratch.path,
            environment: ["PATH": "/usr/bin:/bin", "OWN": "inherited"],
            mask: { $0.replacing("hush", with: "***") }
        )
    }

    private func alerts(_ name: String) throws -> [Alert] {
        try scratch.text(name).split(separator: "\n").map { try JSONText.decode(Alert.self, from: String($0)) }
    }

    @Test(.tags(.conformance), arguments: NotifierConformance.allCases)
    func log(_ behaviour: NotifierConformance) async throws {
        let broken = LogNotifier(path: "/proc/no/alerts.jsonl")
        try await behaviour.check(LogNotifier(path: "\(scratch.path)/new/alerts.jsonl"), broken: broken) {
            try alerts("new/alerts.jsonl")
        }
    }

    @Test(.tags(.conformance), arguments: NotifierConformance.allCases)
    func command(_ behaviour: NotifierConformance) async throws {
        try await behaviour.check(command("cat >> told"), broken: command("exit 1")) { try alerts("told") }
    }

    @Test(.tags(.conformance), arguments: NotifierConformance.allCases)
    func fake(_ behaviour: NotifierConformance) async throws {
        let fake = FakeNotifier()
        try await behaviour.check(fake, broken: FakeNotifier(failures: 1)) { fake.taken }
    }

    @Test func theLogSaysItToPeopleToo() async throws {
        let said = Lines()
        try await LogNotifier(path: "\(scratch.path)/a", say: said.take).deliver(alert)
        #expect(said.all == ["alert run_failed: run etl-1 failed"])
    }

    @Test func aLongLogIsPutAside() async throws {
        let path = "\(scratch.path)/a"
        let log = LogNotifier(path: path)
        try FileSystem.create(path, Array("old\n".utf8))
        #expect(truncate(path, off_t(Limits.alertLogBytes)) == 0)
        try await log.deliver(alert)
        #expect(try alerts("a") == [alert])
        #expect(FileSystem.size(of: "\(path).1") == Limits.alertLogBytes)
    }

    @Test func manyAtOnceMixNoLines() async throws {
        let log = LogNotifier(path: "\(scratch.path)/a")
        await withTaskGroup { group in
            for number in 0..<100 {
                var alert = alert
                alert.id = "\(number)"
                alert.text = String(repeating: "x", count: 5_000)
                group.addTask { [alert] in try? await log.deliver(alert) }
            }
        }
        #expect(Set(try alerts("a").map(\.id)).count == 100)
    }

    @Test func theProgramStartsInTheProject() async throws {
        try await command("pwd > where; echo $OWN >> where").deliver(alert)
        #expect(scratch.text("where").split(separator: "\n").last == "own")
        let real = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/cwd")
        #expect(!scratch.text("where").hasPrefix(real + "\n"))
    }

    @Test(arguments: [
        ("echo it is hush >&2; exit 7", "exit code 7", "it is ***"), ("echo hush; kill -9 $$", "signal 9", "***"),
        ("sleep 600", "longer than", ""),
    ])
    func failuresSayWhyWithoutSecrets(script: String, message: String, reason: String) async {
        let timeout = script.hasPrefix("sleep") ? 0.05 : 60
        let error = await #expect(throws: MartletError.self) {
            try await command(script, timeout: timeout).deliver(alert)
        }
        #expect(error?.code == .notifierFailed)
        #expect(error?.message.contains(message) == true)
        #expect((error?.reason ?? "").trimmingCharacters(in: .whitespacesAndNewlines) == reason)
    }

    @Test func aProgramThatIsNotThereIsNamed() async {
        let notifier = CommandNotifier(
            NotifierID(trusted: "n"),
            CommandNotice(arguments: ["./missing.sh"]),
            directory: scratch.path,
            environment: [:],
            mask: { $0 }
        )
        let error = await #expect(throws: MartletError.self) { try await notifier.deliver(alert) }
        #expect(error?.message == "notifier n did not take the alert: ./missing.sh does not start")
    }
}
