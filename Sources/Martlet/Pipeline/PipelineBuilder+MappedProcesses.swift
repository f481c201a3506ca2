extension PipelineBuilder {
    /// Adds a step that runs a line of the shell once for each item.
    ///
    /// ```swift
    /// p.command("fetch", map: cities, writes: Raw.to("raw")) { city in "./fetch.sh \(city)" }
    /// ```
    ///
    /// - Parameters:
    ///   - id: the step's id.
    ///   - source: what the items are.
    ///   - reads: the datasets it reads.
    ///   - writes: the datasets it writes; each becomes a folder with a file of each instance.
    ///   - options: how the step is treated.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    ///   - shell: the line; it is given the handle of the item, whose value reaches the shell as a variable.
    /// - Returns: the step, with the handles of what all instances write.
    @discardableResult
    public func command<Source: ItemSource, each Content: DatasetContent>(
        _ id: String,
        map source: Source,
        reads: InputPorts = [],
        writes: repeat OutputPort<each Content>,
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line,
        _ shell: (Item<Source.Element>) -> String
    ) -> MappedStep<repeat each Content>
    where Source.Element: Sendable {
        let place = SourceLocation(file: fileID, line: line)
        let step = add(
            id,
            .command(CommandAction(shell: shell(Item()))),
            inputs: specs(of: reads, at: place),
            outputs: repeat each writes,
            mapping: Mapping(source.items),
            options: options,
            at: place
        )
        return MappedStep(step)
    }

    /// Adds a step that runs a program without a shell once for each item.
    ///
    /// - Parameters:
    ///   - id: the step's id.
    ///   - source: what the items are.
    ///   - reads: the datasets it reads.
    ///   - writes: the datasets it writes; each becomes a folder with a file of each instance.
    ///   - options: how the step is treated.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    ///   - arguments: the program and its arguments; it is given the handle of the item.
    /// - Returns: the step, with the handles of what all instances write.
    @discardableResult
    public func command<Source: ItemSource, each Content: DatasetContent>(
        _ id: String,
        map source: Source,
        reads: InputPorts = [],
        writes: repeat OutputPort<each Content>,
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line,
        _ arguments: (Item<Source.Element>) -> [String]
    ) -> MappedStep<repeat each Content>
    where Source.Element: Sendable {
        let place = SourceLocation(file: fileID, line: line)
        let step = add(
            id,
            .command(CommandAction(arguments: arguments(Item()))),
            inputs: specs(of: reads, at: place),
            outputs: repeat each writes,
            mapping: Mapping(source.items),
            options: options,
            at: place
        )
        return MappedStep(step)
    }

    /// Adds a step that runs a Python script once for each item.
    ///
    /// ```swift
    /// p.python("train", map: rates, script: "train.py") { rate in ["--rate", "\(rate)"] }
    /// ```
    ///
    /// - Parameters:
    ///   - id: the step's id.
    ///   - source: what the items are.
    ///   - script: the script; relative to the project root.
    ///   - requirements: packages in pip's syntax, for a cached environment of their own.
    ///   - reads: the datasets it reads.
    ///   - writes: the datasets it writes; each becomes a folder with a file of each instance.
    ///   - options: how the step is treated.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    ///   - arguments: its arguments; it is given the handle of the item.
    /// - Returns: the step, with the handles of what all instances write.
    @discardableResult
    public func python<Source: ItemSource, each Content: DatasetContent>(
        _ id: String,
        map source: Source,
        script: String,
        requirements: [String] = [],
        reads: InputPorts = [],
        writes: repeat OutputPort<each Content>,
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line,
        _ arguments: (Item<Source.Element>) -> [String]
    ) -> MappedStep<repeat each Content>
    where Source.Element: Sendable {
        let place = SourceLocation(file: fileID, line: line)
        let step = add(
            id,
            .python(PythonAction(script: script, arguments: arguments(Item()), requirements: requirements)),
            inputs: specs(of: reads, at: place),
            outputs: repeat each writes,
            mapping: Mapping(source.items),
            options: options,
            at: place
        )
        return MappedStep(step)
    }

    /// Adds a step that runs an SQL script once for each item.
    ///
    /// - Parameters:
    ///   - id: the step's id.
    ///   - source: what the items are.
    ///   - reads: the datasets it reads.
    ///   - writes: the datasets it writes; each becomes a folder with a file of each instance.
    ///   - options: how the step is treated.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    ///   - text: the script; it is given the handle of the item, whose value becomes a literal.
    /// - Returns: the step, with the handles of what all instances write.
    @discardableResult
    public func sql<Source: ItemSource, each Content: DatasetContent>(
        _ id: String,
        map source: Source,
        reads: InputPorts,
        writes: repeat OutputPort<each Content>,
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line,
        _ text: (Item<Source.Element>) -> String
    ) -> MappedStep<repeat each Content>
    where Source.Element: Sendable {
        let place = SourceLocation(file: fileID, line: line)
        let step = add(
            id,
            .sql(SQLAction(text: text(Item()))),
            inputs: specs(of: reads, at: place),
            outputs: repeat each writes,
            mapping: Mapping(source.items),
            options: options,
            at: place
        )
        return MappedStep(step)
    }

    /// Adds a step that runs an SQL script from a file once for each item; there `{{ item }}` is the item.
    ///
    /// - Parameters:
    ///   - id: the step's id.
    ///   - source: what the items are.
    ///   - path: the script; relative to the project root.
    ///   - reads: the datasets it reads.
    ///   - writes: the datasets it writes; each becomes a folder with a file of each instance.
    ///   - options: how the step is treated.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    /// - Returns: the step, with the handles of what all instances write.
    @discardableResult
    public func sql<Source: ItemSource, each Content: DatasetContent>(
        _ id: String,
        map source: Source,
        file path: String,
        reads: InputPorts,
        writes: repeat OutputPort<each Content>,
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line
    ) -> MappedStep<repeat each Content> {
        let place = SourceLocation(file: fileID, line: line)
        let step = add(
            id,
            .sql(SQLAction(file: path)),
            inputs: specs(of: reads, at: place),
            outputs: repeat each writes,
            mapping: Mapping(source.items),
            options: options,
            at: place
        )
        return MappedStep(step)
    }
}
