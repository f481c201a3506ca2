extension PipelineBuilder {
    /// Adds a step that runs a Python script.
    ///
    /// - Parameters:
    ///   - id: the step's id.
    ///   - script: the script; relative to the project root.
    ///   - arguments: its arguments; parameters and values may stand in them.
    ///   - requirements: packages in pip's syntax, for a cached environment of their own.
    ///   - reads: the datasets it reads.
    ///   - writes: the datasets it writes.
    ///   - options: how the step is treated.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    /// - Returns: the step, with the handles of what it writes.
    @discardableResult
    public func python<each Content: DatasetContent>(
        _ id: String,
        script: String,
        arguments: [String] = [],
        requirements: [String] = [],
        reads: InputPorts = [],
        writes: repeat OutputPort<each Content>,
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line
    ) -> Step<repeat each Content> {
        let place = SourceLocation(file: fileID, line: line)
        return add(
            id,
            .python(PythonAction(script: script, arguments: arguments, requirements: requirements)),
            inputs: specs(of: reads, at: place),
            outputs: repeat each writes,
            options: options,
            at: place
        )
    }

    /// Adds a step that runs a line of the shell.
    ///
    /// - Parameters:
    ///   - id: the step's id.
    ///   - shell: the line; values that stand in it reach the shell as variables, never as text it could run.
    ///   - reads: the datasets it reads; `$MARTLET_INPUT_<NAME>` is the path of each.
    ///   - writes: the datasets it writes; `$MARTLET_OUTPUT_<NAME>` is the path of each.
    ///   - options: how the step is treated.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    /// - Returns: the step, with the handles of what it writes.
    @discardableResult
    public func command<each Content: DatasetContent>(
        _ id: String,
        _ shell: String,
        reads: InputPorts = [],
        writes: repeat OutputPort<each Content>,
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line
    ) -> Step<repeat each Content> {
        let place = SourceLocation(file: fileID, line: line)
        return add(
            id,
            .command(CommandAction(shell: shell)),
            inputs: specs(of: reads, at: place),
            outputs: repeat each writes,
            options: options,
            at: place
        )
    }

    /// Adds a step that runs a program without a shell.
    ///
    /// - Parameters:
    ///   - id: the step's id.
    ///   - arguments: the program and its arguments; parameters and values may stand in them.
    ///   - reads: the datasets it reads.
    ///   - writes: the datasets it writes.
    ///   - options: how the step is treated.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    /// - Returns: the step, with the handles of what it writes.
    @discardableResult
    public func command<each Content: DatasetContent>(
        _ id: String,
        arguments: [String],
        reads: InputPorts = [],
        writes: repeat OutputPort<each Content>,
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line
    ) -> Step<repeat each Content> {
        let place = SourceLocation(file: fileID, line: line)
        return add(
            id,
            .command(CommandAction(arguments: arguments)),
            inputs: specs(of: reads, at: place),
            outputs: repeat each writes,
            options: options,
            at: place
        )
    }

    /// Adds a step that runs an SQL script from a file.
    ///
    /// - Parameters:
    ///   - id: the step's id.
    ///   - path: the script; relative to the project root.
    ///   - reads: the datasets it reads, each as a view of that name.
    ///   - writes: the datasets it writes, each from the table or view of that name, or a single one from the result
    ///     of the last query.
    ///   - engine: what runs it; nil for DuckDB.
    ///   - options: how the step is treated.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    /// - Returns: the step, with the handles of what it writes.
    @discardableResult
    public func sql<each Content: DatasetContent>(
        _ id: String,
        file path: String,
        reads: InputPorts,
        writes: repeat OutputPort<each Content>,
        engine: SQLEngine? = nil,
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line
    ) -> Step<repeat each Content> {
        let place = SourceLocation(file: fileID, line: line)
        return add(
            id,
            .sql(SQLAction(file: path, engine: engine)),
            inputs: specs(of: reads, at: place),
            outputs: repeat each writes,
            options: options,
            at: place
        )
    }

    /// Adds a step that runs an SQL script given here.
    ///
    /// - Parameters:
    ///   - id: the step's id.
    ///   - text: the script; values that stand in it become literals.
    ///   - reads: the datasets it reads, each as a view of that name.
    ///   - writes: the datasets it writes.
    ///   - options: how the step is treated.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    /// - Returns: the step, with the handles of what it writes.
    @discardableResult
    public func sql<each Content: DatasetContent>(
        _ id: String,
        _ text: String,
        reads: InputPorts,
        writes: repeat OutputPort<each Content>,
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line
    ) -> Step<repeat each Content> {
        let place = SourceLocation(file: fileID, line: line)
        return add(
            id,
            .sql(SQLAction(text: text)),
            inputs: specs(of: reads, at: place),
            outputs: repeat each writes,
            options: options,
            at: place
        )
    }
}
