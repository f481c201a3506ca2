import MartletCore
import MartletTestKit
import Testing

@testable import MartletRuntime

@Suite(.tags(.machine)) struct StepCommandTests {
    let context = StepContextDocument(
        runID: RunID(trusted: "p-1"),
        pipeline: PipelineID(trusted: "p"),
        step: StepID(trusted: "s"),
        attempt: 2,
        startedAt: Timestamp(microseconds: 0),
        project: "/project",
        workDirectory: "/project/work",
        params: ["name": "it's; rm -rf \"$HOME\"", "n": 3],
        inputs: ["data": .init(dataset: DatasetID(trusted: "d"), path: "/d.csv", format: .csv)]
    )
    let programs = StepCommand.Programs(martlet: "/bin/martlet", python: "python3", user: "/app")

    private func command(
        _ action: StepAction,
        env: [String: String] = [:],
        directory: String? = nil
    ) throws -> StepCommand {
        try StepCommand(
            StepManifest(id: StepID(trusted: "s"), action: action, env: env, workingDirectory: directory),
            context,
            programs
        )
    }

    @Test func aPlainPathNeedsNoShell() throws {
        let made = try command(.command(CommandAction(shell: "/bin/true --flag=1 x,y")))
        #expect(made.program == "/bin/true")
        #expect(made.arguments == ["--flag=1", "x,y"])
    }

    @Test(arguments: [
        "exit 3", "/bin/echo $HOME", "/bin/a && /bin/b", "/bin/echo 'x'", "A=1 /bin/true", "/bin/ls *", "~/x",
    ])
    func whatAShellMustReadGoesToOne(_ line: String) throws {
        let made = try command(.command(CommandAction(shell: line)))
        #expect(made.program == "/bin/sh")
        #expect(made.arguments == ["-c", line])
    }

    @Test func valuesNeverBecomeShellText() throws {
        let made = try command(.command(CommandAction(shell: "echo {{ params.name }} \"{{ params.name }}\"")))
        #expect(made.arguments[1] == "echo \"${MARTLET_VALUE_1}\" \"${MARTLET_VALUE_2}\"")
        #expect(made.environment["MARTLET_VALUE_1"] == "it's; rm -rf \"$HOME\"")
    }

    @Test func argumentsAreTemplates() throws {
        let made = try command(.command(CommandAction(arguments: ["prog", "{{ params.n }}", "{{ inputs.data }}"])))
        #expect(made.arguments == ["3", "/d.csv"])
    }

    @Test func pythonScriptsStartFromTheProject() throws {
        let made = try command(.python(PythonAction(script: "train.py", arguments: ["--n", "{{ params.n }}"])))
        #expect(made.program == "python3")
        #expect(made.arguments == ["/project/train.py", "--n", "3"])
    }

    @Test func swiftStepsGoThroughTheUsersProgram() throws {
        let made = try command(.swift(SwiftAction()))
        #expect(made.program == "/app")
        #expect(made.arguments == ["step", "p", "s"])
        #expect(made.speaksFrames)
    }

    @Test func environmentAndDirectoryAreTemplates() throws {
        let made = try command(
            .command(CommandAction(shell: "/bin/true")),
            env: ["N": "n{{ attempt.number }}"],
            directory: "sub"
        )
        #expect(made.environment["N"] == "n2")
        #expect(made.directory == "/project/sub")
    }

    @Test func anUndefinedNameIsAnError() throws {
        let error = #expect(throws: MartletError.self) {
            try command(.command(CommandAction(shell: "echo {{ params.nothing }}")))
        }
        #expect(error?.code == .expressionFailed)
    }
}
