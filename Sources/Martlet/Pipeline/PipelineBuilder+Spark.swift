public import MartletCore

extension PipelineBuilder {
    /// Adds a step that runs SQL, a PySpark script or a jar on Spark.
    ///
    /// ```swift
    /// let sessions = p.spark(
    ///     "sessions",
    ///     SparkAction(script: "jobs/sessions.py", arguments: ["--gap", "30"], place: "yarn"),
    ///     reads: ["events": events],
    ///     writes: Sessions.to("features/sessions")
    /// )
    /// ```
    ///
    /// SQL reads each input as a view of its name. A single output takes the rows of its last statement, every other
    /// one those of the table or view of its name; Spark writes folders of part files. For a step that makes the same
    /// files as DuckDB, use ``sql(_:file:reads:writes:engine:options:fileID:line:)`` with the engine `.spark`.
    ///
    /// - Parameters:
    ///   - id: the step's id.
    ///   - action: what runs, and where.
    ///   - reads: the datasets it reads.
    ///   - writes: the datasets it writes.
    ///   - options: how the step is treated.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    /// - Returns: the step, with the handles of what it writes.
    @discardableResult
    public func spark<each Content: DatasetContent>(
        _ id: String,
        _ action: SparkAction,
        reads: InputPorts = [],
        writes: repeat OutputPort<each Content>,
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line
    ) -> Step<repeat each Content> {
        let place = SourceLocation(file: fileID, line: line)
        return add(
            id,
            .spark(action),
            inputs: specs(of: reads, at: place),
            outputs: repeat each writes,
            options: options,
            at: place
        )
    }
}
