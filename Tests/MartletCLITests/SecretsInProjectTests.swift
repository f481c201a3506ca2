import Foundation
import MartletCore
import MartletRuntime
import MartletTestKit
import OrderedCollections
import Testing

@testable import MartletCLI

/// A run in a real project whose step prints and reports its secret; then every file of the project is searched.
@Suite(.tags(.endToEnd)) struct SecretsInProjectTests {
    @Test func noFileOfTheProjectHoldsTheSecret() async throws {
        let folder = try ScratchFolder()
        let secret = "correct-horse/battery+staple"
        let script = #"""
            printf '%s\n' "$MARTLET_VAR_TOKEN" "$MARTLET_CONN_DB"
            printf '%s' "$MARTLET_VAR_TOKEN" | base64
            printf 'ada:%s' "$MARTLET_VAR_TOKEN" | base64
            printf '%s' "$MARTLET_VAR_TOKEN" | od -An -tx1 | tr -d ' \n'; echo
            set -x; : "it is $MARTLET_VAR_TOKEN"; set +x
            printf '{"type":"value","name":"v","value":"<%s>"}\n' "$MARTLET_VAR_TOKEN" >> "$MARTLET_MESSAGES"
            echo "denied: $MARTLET_VAR_TOKEN" >&2
            exit 1
            """#
        let workspace = Workspace(ProjectFile(root: folder.path))
        let store = try workspace.openStore()
        let vault = workspace.vault(over: store)
        try await vault.set(
            variables: [Variable(VariableName(trusted: "token"), .string(secret), isSecret: true)],
            connections: [
                try Connection(id: ConnectionID(trusted: "db"), type: "http", host: "h", login: "ada", password: secret)
            ]
        )
        let step = StepManifest(
            id: StepID(trusted: "s"),
            action: .command(CommandAction(arguments: ["/bin/sh", "-c", script])),
            variables: [VariableName(trusted: "token")],
            connections: [ConnectionID(trusted: "db")]
        )
        let launcher = LocalLauncher(
            LocalLauncher.Configuration(
                martlet: "",
                python: "",
                pythonCache: "",
                environment: ["PATH": "/usr/bin:/bin"]
            ),
            settings: workspace.settingsResolver(over: store)
        )
        let service = RunService(
            RunService.Dependencies(
                store: store,
                launcher: launcher,
                time: SystemTime(),
                ids: SeededIDs(),
                clock: ContinuousClock(),
                executor: Executor(host: "test", pid: 1)
            ),
            layout: workspace.layout
        )
        let manifest = PipelineManifest(pipeline: PipelineID(trusted: "p"), steps: [step])
        let run = try await service.create(RunService.Request(manifest: manifest, slots: 1, martletVersion: "test"))
        let end = try await run.run(NoObserver())
        await store.close()

        let outcome = try #require(end.steps[InstanceID(step.id)]?.outcome)
        #expect(outcome.result == .failed && outcome.values["v"] == "<***>")
        #expect(outcome.error?.reason?.contains("denied: ***") == true)
        let lines = RunText(
            projection: end,
            style: .none,
            root: folder.path,
            now: SystemTime().now
        ).lines
        let text = RunReport.json(end).jsonText + lines.joined(separator: "\n")
        let encoded = Data(secret.utf8).base64EncodedString()
        let searched =
            [secret, encoded.replacing("=", with: ""), "correct-horse%2Fbattery%2Bstaple", "battery"]
            + [Data(secret.utf8).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()]
        for form in searched { #expect(!text.contains(form), "\(form)") }
        let files = FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String] ?? []
        #expect(files.contains(".martlet/martlet.db") && files.contains { $0.hasSuffix("/log") })
        for file in files {
            let bytes = FileManager.default.contents(atPath: "\(folder.path)/\(file)") ?? Data()
            for form in searched { #expect(bytes.range(of: Data(form.utf8)) == nil, "\(file) holds \(form)") }
        }
    }
}
