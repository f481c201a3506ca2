public import MartletCore

extension RunMachine {
    /// What an attempt of the step at `position` is told, but for where its outputs go.
    ///
    /// Values and states are those of the steps directly before it: what a step sees never depends on how fast
    /// unrelated steps are.
    public func context(for position: Int, attempt: Int, project: String, work: String) -> StepContextDocument {
        var context = StepContextDocument(
            runID: id,
            pipeline: manifest.pipeline,
            step: graph.steps[position],
            attempt: attempt,
            startedAt: startedAt ?? Timestamp(microseconds: 0),
            project: project,
            workDirectory: work,
            params: created.params
        )
        for upstream in graph.upstream[position] {
            let name = graph.steps[upstream].rawValue
            context.states[name] = steps[upstream]
            if let reported = values[upstream] { context.values[name] = reported }
        }
        return context
    }

    /// The position of a step, or nil.
    public func position(of step: StepID) -> Int? { positions[step] }
}
