import MartletCore
import MartletTestKit
import Testing

@testable import MartletCLI

@Suite(.tags(.machine)) struct NotifierFileTests {
    private func project(_ text: String) throws -> ProjectFile {
        try ProjectFile.load(SourceText(file: "martlet.yaml", content: Array(text.utf8)), root: "/project")
    }

    private func errors(_ text: String) -> [MartletError] {
        do {
            _ = try project(text)
            return []
        } catch let failure as PipelineLoadFailure {
            return failure.errors
        } catch {
            return [MartletError(.internalFault, "\(error)")]
        }
    }

    @Test func notifiersAreRead() throws {
        let file = try project(
            """
            project: p
            notifiers:
              on-call: { command: [./notify.sh, --channel, ops], timeout: 20s, retries: 1, env: { A: b } }
              plain: { command: [notify] }
              log: {}
              audit: { log: audit.jsonl }
            """
        )
        let onCall = CommandNotice(
            arguments: ["./notify.sh", "--channel", "ops"],
            timeoutSeconds: 20,
            retries: 1,
            env: ["A": "b"]
        )
        #expect(
            file.notifiers == [
                NotifierID(trusted: "on-call"): .command(onCall),
                NotifierID(trusted: "plain"): .command(CommandNotice(arguments: ["notify"])),
                NotifierID(trusted: "log"): .log(path: nil), NotifierID(trusted: "audit"): .log(path: "audit.jsonl"),
            ]
        )
    }

    @Test func aProjectNeedsNone() throws { #expect(try project("project: p\n").notifiers.isEmpty) }

    @Test(arguments: [
        ("[a]", 1, 12, ErrorCode.valueInvalid), ("{ x: {} }", 1, 17, .keyMissing), ("{ x: 3 }", 1, 17, .valueInvalid),
        ("{ x: { comand: [a] } }", 1, 19, .keyUnknown), ("{ x: { command: a } }", 1, 28, .valueInvalid),
        ("{ x: { command: [] } }", 1, 28, .valueInvalid), ("{ \"a b\": {} }", 1, 14, .nameInvalid),
        ("{ x: { command: [a], timeout: 1h } }", 1, 42, .valueInvalid),
        ("{ x: { command: [a], timeout: 10 } }", 1, 42, .durationInvalid),
        ("{ x: { command: [a], retries: 99 } }", 1, 42, .valueInvalid),
        ("{ x: { command: [a], log: b } }", 1, 19, .valueInvalid),
    ])
    func mistakesHaveAPlace(notifiers: String, line: Int, column: Int, code: ErrorCode) {
        let found = errors("notifiers: \(notifiers)\n")
        #expect(found.first?.code == code)
        #expect(found.first?.location == SourceLocation(file: "martlet.yaml", line: line, column: column))
    }
}
