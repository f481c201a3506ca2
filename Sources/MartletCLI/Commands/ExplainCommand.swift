import ArgumentParser
import MartletCore
import MartletRuntime
import MartletScheduling
import OrderedCollections

/// `martlet explain`.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say why a step is, or is not, running.",
        discussion: """
            The first line says what the step waits for in the end. Below it stands
            everything that has to hold for it to run, in order, with the numbers of
            now; then what was decided about it so far, and when.

              martlet explain latest               all that has not ended
              martlet explain latest train
              martlet explain latest 'train[3]' --json

            RUN is a run's id, the beginning or end of one, or `latest`. It needs no
            `martlet up`, and changes nothing.
            """
    )

    @Argument(help: "A run's id, the beginning or end of one, or latest.")
    var run = "latest"

    @Argument(help: "A step, or an instance of a mapped one.")
    var step: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let workspace = try options.workspace()
        let store = try workspace.openStore()
        do {
            let id = try await RunArgument.resolve(run, in: store)
            let sources = ExplanationSources(workspace: workspace, store: store, time: SystemTime())
            let explainer = try await sources.explainer(of: id)
            let steps = try await store.projection(of: id)?.steps.keys.elements ?? []
            await store.close()
            try show(explainer, id, steps)
        } catch {
            await store.close()
            throw error
        }
    }

    private func show(_ explainer: RunExplainer, _ id: RunID, _ steps: [InstanceID]) throws(MartletError) {
        let text = ExplainText(style: .standardOutput)
        guard let step else {
            let run = explainer.explainRun()
            return Output.result(json ? ExplainReport.json(run).jsonText : text.lines(run).joined(separator: "\n"))
        }
        let instance = try StepArgument.resolve(step, among: steps, of: id)
        if let explanation = explainer.explain(instance) {
            let value = ExplainReport.json(explanation, of: id)
            return Output.result(json ? value.jsonText : text.lines(explanation).joined(separator: "\n"))
        }
        let groups = explainer.explain(mapped: instance.step)
        let value = ExplainReport.json(groups, of: instance.step, in: id)
        Output.result(json ? value.jsonText : text.lines(groups, of: instance.step).joined(separator: "\n"))
    }
}

/// Finds the step that a user means.
enum StepArgument {
    /// The instance of that name, or the step whose instances are in the run.
    ///
    /// - Throws: ``MartletError`` MT1008 when the run has no such step.
    static func resolve(_ text: String, among steps: [InstanceID], of run: RunID) throws(MartletError) -> InstanceID {
        if let id = InstanceID(text) {
            if steps.contains(id) { return id }
            if id.index == nil, steps.contains(where: { $0.step == id.step }) { return id }
        }
        var names: [String] = []
        for step in steps where names.last != step.step.rawValue { names.append(step.step.rawValue) }
        throw MartletError(
            .referenceUnknown,
            "run \(run) has no step \"\(text)\"",
            remedy: NearestName.of(text, among: names + steps.map(\.description)).map { "did you mean \($0)?" }
                ?? "steps are \(names.prefix(20).joined(separator: ", "))"
                + (names.count > 20 ? " and \(names.count - 20) more" : "")
        )
    }
}
