extension PipelineBuilder {
    /// Adds a step that holds a dataset against a quality suite, and fails when an expectation that blocks is not met.
    ///
    /// - Parameters:
    ///   - id: the step's id.
    ///   - suite: the suite's file, JSON as of Great Expectations or Martlet's YAML; relative to the project root.
    ///   - data: the dataset that the suite is about.
    ///   - reads: datasets that queries of the suite read beside it, by their names.
    ///   - parameters: values for the suite's parameters.
    ///   - blocks: failures of this severity and worse ones fail the step; nil fails it never.
    ///   - options: how the step is treated.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    /// - Returns: the step, for others to come after.
    @discardableResult
    public func check(
        _ id: String,
        suite: String,
        of data: any DatasetReference,
        reads: InputPorts = [],
        parameters: [String: JSONValue] = [:],
        blocks: Severity? = .critical,
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line
    ) -> Step<> {
        let place = SourceLocation(file: fileID, line: line)
        return add(
            id,
            .check(CheckAction(file: suite, parameters: parameters, blocks: blocks)),
            inputs: checkInputs(data, reads, at: place),
            options: options,
            at: place
        )
    }

    /// Adds a check that puts bad rows aside: the good ones go on, the others become a dataset of their own with a
    /// column of reasons.
    ///
    /// - Parameters:
    ///   - id: the step's id.
    ///   - suite: the suite's file; relative to the project root.
    ///   - data: the dataset that the suite is about.
    ///   - reads: datasets that queries of the suite read beside it, by their names.
    ///   - parameters: values for the suite's parameters.
    ///   - limit: how many rows may be put aside before the step fails.
    ///   - good: takes the rows that go on.
    ///   - bad: takes the rows put aside.
    ///   - blocks: failures of this severity and worse ones that hold for the good rows too fail the step.
    ///   - options: how the step is treated.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    /// - Returns: the step, with the handles of both datasets.
    @discardableResult
    public func check<Good: DatasetContent, Bad: DatasetContent>(
        _ id: String,
        suite: String,
        of data: any DatasetReference,
        reads: InputPorts = [],
        parameters: [String: JSONValue] = [:],
        quarantine limit: QuarantineSpec,
        good: OutputPort<Good>,
        bad: OutputPort<Bad>,
        blocks: Severity? = .critical,
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line
    ) -> Step<Good, Bad> {
        let place = SourceLocation(file: fileID, line: line)
        return add(
            id,
            .check(CheckAction(file: suite, parameters: parameters, blocks: blocks, quarantine: limit)),
            inputs: checkInputs(data, reads, at: place),
            outputs: good.named(QuarantineSpec.good),
            bad.named(QuarantineSpec.bad),
            options: options,
            at: place
        )
    }

    private func checkInputs(
        _ data: any DatasetReference,
        _ reads: InputPorts,
        at place: SourceLocation
    ) -> [InputSpec] {
        [InputSpec(name: PortName(trusted: "data"), dataset: data.id)] + specs(of: reads, at: place)
    }
}

extension OutputPort {
    /// The same output under the name that a step of a fixed shape knows it by.
    fileprivate func named(_ name: PortName) -> OutputPort {
        OutputPort(dataset: dataset, name: name.rawValue, format: format ?? .parquet)
    }
}
