/// A step that has been added to a pipeline, with the datasets it writes.
///
/// ```swift
/// let (flights, weather) = p.python(
///     "ingest",
///     script: "steps/ingest.py",
///     writes: RawFlights.to("flights/raw"), RawWeather.to("weather/raw")
/// ).outputs
/// ```
public struct Step<each Content: DatasetContent> {
    /// The step's id.
    public let id: StepID
    /// The datasets it writes: one handle, or a tuple of several.
    ///
    /// Give them names with `let` before using them; the compiler does not see that a tuple of one is that one where it
    /// stands among the inputs of a step.
    public let outputs: (repeat Dataset<each Content>)
    private let builder: PipelineBuilder

    init(_ id: StepID, builder: PipelineBuilder, _ outputs: repeat Dataset<each Content>) {
        self.id = id
        self.outputs = (repeat each outputs)
        self.builder = builder
    }

    /// A value that the step reports under `name`; it fails when it ends without it.
    ///
    /// - Parameters:
    ///   - name: the name in the step's `value` messages.
    ///   - type: what it is read as.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    /// - Returns: the handle of the value.
    public func value<Reported: Codable & Sendable>(
        _ name: String,
        as type: Reported.Type = Reported.self,
        fileID: String = #fileID,
        line: Int = #line
    ) -> Value<Reported> {
        Value(step: id, name: builder.promise(name, of: id, at: SourceLocation(file: fileID, line: line)))
    }
}

/// A handle belongs to the building of a pipeline, not to the running of a step.
@available(*, unavailable)
extension Step: Sendable {}

extension Step: StepReference {
    /// The step itself.
    public var stepID: StepID? { id }
}

/// Anything that stands for a step that exists: the step itself, a dataset it writes, a value it reports.
public protocol StepReference: Predecessor {
    /// The step; nil for a dataset from outside.
    var stepID: StepID? { get }
}

extension StepReference {
    /// The state of the step, for conditions: `.when(train.state == .failed)`.
    public var state: StepStateTerm { StepStateTerm(stepID: stepID) }
}
