extension PipelineBuilder {
    /// Marks the steps that `steps` adds as setups: they make something that later steps need.
    ///
    /// When a setup fails, the steps after it do not start. Clearing a step runs its setups again.
    ///
    /// - Parameter steps: adds the steps.
    /// - Returns: what steps can wait for, and a teardown can be of.
    public func setup<Outcome>(_ steps: () -> Outcome) -> Setup<Outcome> {
        let first = self.steps.count
        let outcome = within({ $0.role = .setup }, steps)
        return Setup(steps: self.steps[first...].filter { $0.role == .setup }.map(\.id), outcome: outcome)
    }

    /// Marks the steps that `steps` adds as teardowns: they take away what setups made, however the work came out.
    ///
    /// A teardown runs when one of its setups succeeded, once all steps between them have ended; let it wait for the
    /// last of the work with ``StepOption/after(_:)``.
    ///
    /// - Parameters:
    ///   - setups: what is taken away; none for a teardown without.
    ///   - failsRun: whether the run fails when the teardown does.
    ///   - steps: adds the steps.
    /// - Returns: what `steps` returns.
    @discardableResult
    public func teardown<each Made, Outcome>(
        of setups: repeat Setup<each Made>,
        failsRun: Bool = false,
        _ steps: () -> Outcome
    ) -> Outcome {
        var ids: [StepID] = []
        for setup in repeat each setups { ids += setup.steps }
        return within({ $0.role = .teardown(TeardownSpec(of: ids, failsRun: failsRun)) }, steps)
    }
}
