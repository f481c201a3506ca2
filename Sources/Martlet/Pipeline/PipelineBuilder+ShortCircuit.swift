extension PipelineBuilder {
    /// Adds a step that ends its part of the pipeline early: unless `condition` holds, what comes after it is skipped.
    ///
    /// ```swift
    /// let gate = p.shortCircuit("any_new", unless: count > 0)
    /// p.command("train", "./train.sh", options: [.after(gate)])
    /// ```
    ///
    /// - Parameters:
    ///   - id: the step's id.
    ///   - condition: what must hold for the run to go on here.
    ///   - respectingTriggerRules: whether only the steps directly after it are skipped, and the others decide by
    ///     their own trigger rules.
    ///   - options: how the step is treated.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    /// - Returns: the step.
    @discardableResult
    public func shortCircuit(
        _ id: String,
        unless condition: some ConditionTerm<Bool>,
        respectingTriggerRules: Bool = false,
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line
    ) -> Step<> {
        let action = ShortCircuitAction(condition.template, respectsTriggerRules: respectingTriggerRules)
        return add(id, .shortCircuit(action), options: options, at: SourceLocation(file: fileID, line: line))
    }
}
