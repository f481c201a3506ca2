import Foundation
import MartletCore
import MartletTestKit
import OrderedCollections
import Synchronization
import Testing

@testable import MartletRuntime

/// Real steps that tell their secrets in every way they can; then everything that was written or told is searched.
@Suite(.tags(.endToEnd)) struct SecretLeakTests {
    let scratch: Scratch
    let store = InMemoryRunStore()
    let settings = InMemorySettingsStore()
    let observer = Listener()
    let ids = SeededIDs()

    private let secret = "hunter2 w/ \"quotes\" & ünïcode"

    init() throws { scratch = try Scratch() }

    /// Runs one step with the secret as its variable and as the password of its connection.
    private func run(_ told: StepManifest) async throws -> RunProjection {
        var step = told
        step.variables = [VariableName(trusted: "token"), VariableName(trusted: "region")]
        step.connections = [ConnectionID(trusted: "db")]
        let vault = SettingsVault(
            store: settings,
            keys: SecretKeySource(environment: [:], projectFile: "\(scratch.path)/secret.key")
        )
        try await vault.set(
            variables: [
                Variable(VariableName(trusted: "token"), .string(secret), isSecret: true),
                Variable(VariableName(trusted: "region"), "eu"),
            ],
            connections: [
                try Connection(
                    id: ConnectionID(trusted: "db"),
                    type: "mysql",
                    host: "h",
                    login: "ada",
                    password: secret
                )
            ]
        )
        let launcher = LocalLauncher(
            LocalLauncher.Configuration(
                martlet: "martlet",
                python: "/usr/bin/python3",
                pythonCache: "\(scratch.path)/python",
                environment: ["PATH": "/usr/bin:/bin", "MARTLET_SECRET_KEY": "no step may see it"]
            ),
            settings: SettingsResolver(environment: SettingsEnvironment([:]), vault: vault)
        )
        let service = RunService(
            RunService.Dependencies(
                store: store,
                launcher: launcher,
                time: ManualClock().wallTime,
                ids: ids,
                clock: ContinuousClock(),
                executor: Executor(host: "test", pid: 1)
            ),
            layout: ProjectLayout(root: scratch.path)
        )
        let manifest = PipelineManifest(pipeline: PipelineID(trusted: "p"), steps: [step])
        let execution = try await service.create(
            RunService.Request(manifest: manifest, slots: 1, martletVersion: "test")
        )
        let end = try await execution.run(observer)
        try await checkThatNothingLeaked(execution.id)
        return end
    }

    /// Searches the log of events, all messages, and every file of the project but the step's own.
    private func checkThatNothingLeaked(_ run: RunID) async throws {
        let forms = SecretForms.all(of: secret).map { Data($0) }
        var texts = ["events": Data(JSONText.data(try await store.events(of: run)))]
        texts["messages"] = Data("\(observer.messages)".utf8)
        texts["settings"] = Data("\(try await settings.variables())\(try await settings.connections())".utf8)
        let files = FileManager.default.enumerator(atPath: scratch.path)?.allObjects as? [String] ?? []
        #expect(files.contains { $0.hasSuffix("context.json") } && files.contains { $0.hasSuffix("/log") })
        for file in files where !file.hasSuffix(".py") && !file.split(separator: "/").contains("work") {
            texts[file] = FileManager.default.contents(atPath: "\(scratch.path)/\(file)") ?? Data()
        }
        for (name, text) in texts {
            for form in forms {
                #expect(text.range(of: form) == nil, "\(name) holds \(String(decoding: form, as: UTF8.self))")
            }
        }
    }

    private func log(_ step: StepManifest, _ run: RunProjection) throws -> String {
        let layout = RunLayout(ProjectLayout(root: scratch.path), run.run.id)
        return try String(contentsOfFile: layout.attempt(InstanceID(step.id), 1).log, encoding: .utf8)
    }

    private func python(_ script: String) throws -> StepManifest {
        try Data(script.utf8).write(to: URL(fileURLWithPath: "\(scratch.path)/step.py"))
        return StepManifest(id: StepID(trusted: "s"), action: .python(PythonAction(script: "step.py")))
    }

    @Test func aStepThatTellsItsSecretInManyWays() async throws {
        let step = try python(
            #"""
            import base64, json, os, shlex, sys, time, urllib.parse
            secret = os.environ["MARTLET_VAR_TOKEN"]
            print("as it is", secret, "and", os.environ["MARTLET_CONN_DB"])
            print("region", os.environ["MARTLET_VAR_REGION"])
            print("encoded", urllib.parse.quote(secret), urllib.parse.quote_plus(secret))
            print("json", json.dumps({"token": secret}), json.dumps(secret, ensure_ascii=False))
            print("shell", shlex.quote(secret), "repr", repr(secret))
            raw = secret.encode()
            print("base64", base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode())
            print("basic", base64.b64encode(b"ada:" + raw).decode(), "hex", raw.hex())
            sys.stdout.flush()
            for byte in raw:
                os.write(2, bytes([byte]))
            assert "MARTLET_SECRET_KEY" not in os.environ
            with open(os.environ["MARTLET_MESSAGES"], "a") as messages:
                def say(**message):
                    messages.write(json.dumps(message) + "\n")
                say(type="value", name="echo", value={"token": secret, secret: [secret]})
                say(type="value", name="plain", value=1)
                say(type="progress", fraction=0.5, text="using " + secret)
                say(type="metric", name="rows", value=3)
                say(type="metric", name="rows." + secret, value=3)
                say(type="log", level="info", text="log " + secret)
                say(type=secret)
            """#
        )
        let end = try await run(step)
        #expect(end.run.state == .success)
        let outcome = try #require(end.steps[InstanceID(step.id)]?.outcome)
        #expect(outcome.values["echo"] == .object(["token": "***", "***": .array(["***"])]))
        #expect(outcome.values["plain"] == 1)
        #expect(outcome.metrics == ["rows": 3])
        let log = try log(step, end)
        #expect(log.contains("as it is *** and mysql://ada:***@h"))
        #expect(log.contains("region eu"))
        #expect(log.contains("log ***"))
    }

    @Test(arguments: [
        ("exit 3", ErrorCode.exitCode), ("kill -SEGV $$", ErrorCode.exitSignal),
    ])
    func theLastOutputOfAFailedStep(_ end: String, _ code: ErrorCode) async throws {
        let line = #"echo "cannot log in with $MARTLET_VAR_TOKEN" >&2; "# + end
        let step = StepManifest(id: StepID(trusted: "s"), action: .command(CommandAction(shell: line)))
        let outcome = try #require(try await run(step).steps[InstanceID(step.id)]?.outcome)
        #expect(outcome.error?.code == code)
        #expect(outcome.error?.reason == "the last it printed:\ncannot log in with ***")
    }

    @Test func templatesAndWhatFailsBecauseOfThem() async throws {
        let good = StepManifest(
            id: StepID(trusted: "good"),
            action: .command(
                CommandAction(
                    shell: "echo {{ vars.token }} '{{ connections.db.password }}' at {{ connections.db.host }}"
                )
            )
        )
        #expect(try log(good, try await run(good)) == "*** *** at h\n")
        for (action, code) in [
            (CommandAction(arguments: ["/nowhere/{{ vars.token }}"]), ErrorCode.launchFailed),
            (CommandAction(arguments: ["echo", "{{ vars.token > 3 }}"]), ErrorCode.expressionFailed),
            (CommandAction(arguments: ["echo", "{{ vars.other }}"]), ErrorCode.expressionFailed),
        ] {
            let step = StepManifest(id: StepID(trusted: "bad"), action: .command(action))
            let outcome = try #require(try await run(step).steps[InstanceID(step.id)]?.outcome)
            #expect(outcome.error?.code == code)
        }
    }

    @Test func aReportedFailureASkipAndAPath() async throws {
        func said(_ message: String, _ more: String = "") throws -> StepManifest {
            var step = try python(
                #"""
                import json, os
                secret = os.environ["MARTLET_VAR_TOKEN"]
                with open(os.environ["MARTLET_MESSAGES"], "a") as messages:
                    messages.write(json.dumps(\#(message)) + "\n")
                """#
            )
            if !more.isEmpty {
                step.outputs = [OutputSpec(name: PortName(trusted: more), dataset: DatasetID(trusted: "d"))]
            }
            return step
        }
        let failure = #"{"type": "failure", "error": {"code": "MT2015", "message": "no " + secret, "cause": secret}}"#
        let failed = try await run(said(failure)).steps.values.first?.outcome?.error
        #expect(failed?.message == "no ***" && failed?.cause == "***")
        let skip = try await run(said(#"{"type": "skip", "reason": "because of " + secret}"#))
        #expect(skip.steps.values.first?.outcome?.error?.message == "because of ***")
        let path = #"{"type": "output", "name": "out", "path": "/tmp/" + secret}"#
        #expect(try await run(said(path, "out")).steps.values.first?.outcome?.error?.code == .secretInPath)
    }

    @Test func whatIsNotDefinedFailsTheStepForGood() async throws {
        let launcher = LocalLauncher(
            LocalLauncher.Configuration(martlet: "", python: "", pythonCache: "", environment: [:]),
            settings: SettingsResolver(
                environment: SettingsEnvironment([:]),
                vault: SettingsVault(store: settings, keys: SecretKeySource(environment: [:], projectFile: "/none"))
            )
        )
        let step = StepManifest(id: StepID(trusted: "s"), action: .command(CommandAction(arguments: ["/bin/true"])))
        let context = StepContextDocument(
            runID: RunID(trusted: "r"),
            pipeline: PipelineID(trusted: "p"),
            step: step.id,
            attempt: 1,
            startedAt: Timestamp(microseconds: 0),
            project: scratch.path,
            workDirectory: "\(scratch.path)/work"
        )
        let launch = AttemptLaunch(
            context: context,
            step: step,
            program: nil,
            directory: "\(scratch.path)/a/1",
            settings: SettingsRequest(variables: [VariableName(trusted: "missing")])
        )
        let outcome = await launcher.launch(launch) { _ in }
        #expect(outcome.result == .failed && !outcome.retryable && outcome.error?.code == .variableUndefined)
    }
}

/// Keeps all that an observer is told.
final class Listener: RunObserver {
    private let told = Mutex<[StepMessage]>([])

    var messages: [StepMessage] { told.withLock { $0 } }

    func recorded(_ events: [RecordedEvent], of run: RunID) {}
    func received(_ message: StepMessage, from step: InstanceID, attempt: Int) { told.withLock { $0.append(message) } }
}
