import MartletCore
import Testing

@Suite("What must hold within a Spark step")
struct SparkValidationTests {
    @Test(
        "contradictions are reported where they stand",
        arguments: [
            (SparkAction(), "runs one thing"),
            (SparkAction(text: "SELECT 1", script: "x.py"), "runs one thing"),
            (SparkAction(script: "x.py", mainClass: "X"), "no jar"),
            (SparkAction(text: "SELECT 1", arguments: ["1"]), "arguments to SQL"),
            (SparkAction(text: "SELECT 1", place: "yarn"), "cannot be handed to yarn"),
            (SparkAction(jar: "x.jar", place: "sc://h"), "Connect server"),
            (SparkAction(script: "x.py", place: "local[2]", runsDriverInCluster: true), "no cluster"),
            (SparkAction(script: "x.py", place: "localhost"), "cannot run on"),
        ]
    )
    func contradictions(action: SparkAction, part: String) {
        let messages = problems(action).map(\.error.message)
        #expect(messages.count == 1 && messages[0].contains(part), "\(messages)")
    }

    @Test(
        "what makes sense is taken",
        arguments: [
            SparkAction(text: "SELECT 1"), SparkAction(file: "x.sql", text: "SELECT 1", place: "local[2]"),
            SparkAction(script: "x.py", arguments: ["1"], place: "sc://h:1"),
            SparkAction(jar: "x.jar", mainClass: "X", place: "{{ run.id }}", runsDriverInCluster: true),
            SparkAction(script: "x.py", place: "yarn", runsDriverInCluster: true),
        ]
    )
    func sense(action: SparkAction) {
        #expect(problems(action).isEmpty)
    }

    private func problems(_ action: SparkAction) -> [ManifestProblem] {
        let step = StepManifest(id: StepID(trusted: "s"), action: .spark(action))
        return ManifestValidator.problems(in: PipelineManifest(pipeline: PipelineID(trusted: "p"), steps: [step]))
    }
}
