public import MartletCore

extension PipelineBuilder {
    /// Adds a step that computes a definition over a topic, or over stored data.
    ///
    /// - Parameters:
    ///   - id: the step's id.
    ///   - definition: what is computed.
    ///   - from: `topic:NAME`, or the path of a file; a template.
    ///   - to: `sqlite:FILE#TABLE`, `topic:NAME` or the path of a file; a template.
    ///   - broker: the cluster, as in `kafka://host:9092`; nil for the project's own log server.
    ///   - start: where a stream starts that has not been read before.
    ///   - until: when it ends.
    ///   - closesWindows: whether all windows close at the end.
    ///   - reads: the datasets that `from` refers to.
    ///   - options: how the step is treated.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    /// - Returns: the step, for others to come after.
    @discardableResult
    public func stream(
        _ id: String,
        _ definition: StreamDefinition,
        from: String,
        to: String,
        broker: String? = nil,
        start: StreamAction.Start = .earliest,
        until: StreamAction.Until = .end,
        closesWindows: Bool = false,
        reads: InputPorts = [],
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line
    ) -> Step<> {
        let place = SourceLocation(file: fileID, line: line)
        let action = StreamAction(
            definition: definition,
            from: from,
            to: to,
            broker: broker,
            start: start,
            until: until,
            closesWindows: closesWindows ? true : nil
        )
        return add(id, .stream(action), inputs: specs(of: reads, at: place), options: options, at: place)
    }

    /// Adds a step that computes a definition over a dataset, into a dataset.
    ///
    /// - Parameters:
    ///   - id: the step's id.
    ///   - definition: what is computed.
    ///   - data: the rows.
    ///   - output: takes the results.
    ///   - options: how the step is treated.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    /// - Returns: the step, with the handle of the results.
    @discardableResult
    public func stream<Content: DatasetContent>(
        _ id: String,
        _ definition: StreamDefinition,
        over data: any DatasetReference,
        output: OutputPort<Content>,
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line
    ) -> Step<Content> {
        let place = SourceLocation(file: fileID, line: line)
        let results = OutputPort<Content>(dataset: output.dataset, name: "results", format: output.format)
        return add(
            id,
            .stream(StreamAction(definition: definition, from: "{{ inputs.data }}", to: "{{ outputs.results }}")),
            inputs: [InputSpec(name: PortName(trusted: "data"), dataset: data.id)],
            outputs: results,
            options: options,
            at: place
        )
    }

    /// Adds a step in which a program answers the events of a topic; the answers go to another topic, each once.
    ///
    /// - Parameters:
    ///   - id: the step's id.
    ///   - trigger: the program.
    ///   - from: the topic that is read.
    ///   - to: the topic of the answers.
    ///   - broker: the cluster, as in `kafka://host:9092`; nil for the project's own log server.
    ///   - until: when it ends.
    ///   - options: how the step is treated.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    /// - Returns: the step, for others to come after.
    @discardableResult
    public func trigger(
        _ id: String,
        _ trigger: StreamTrigger,
        from: String,
        to: String,
        broker: String? = nil,
        until: StreamAction.Until = .end,
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line
    ) -> Step<> {
        let place = SourceLocation(file: fileID, line: line)
        let action = StreamAction(
            trigger: trigger,
            from: "topic:\(from)",
            to: "topic:\(to)",
            broker: broker,
            until: until
        )
        return add(id, .stream(action), options: options, at: place)
    }
}
