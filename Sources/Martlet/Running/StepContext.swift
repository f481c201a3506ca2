public import Foundation

/// What the body of a step knows of its attempt, and how it tells Martlet what it does.
///
/// When the run is cancelled or the attempt's time is over, the body's task is cancelled; a body that works long
/// should look at `Task.isCancelled` or call `Task.checkCancellation()` now and then, because five seconds later its
/// process is killed.
public struct StepContext: Sendable {
    let document: StepContextDocument
    private let send: @Sendable (StepMessage) -> Void

    init(_ document: StepContextDocument, send: @escaping @Sendable (StepMessage) -> Void) {
        self.document = document
        self.send = send
    }

    /// The run.
    public var runID: RunID { document.runID }
    /// The pipeline.
    public var pipeline: PipelineID { document.pipeline }
    /// The step.
    public var step: StepID { document.step }
    /// Which try this is; 1 for the first.
    public var attempt: Int { document.attempt }
    /// Which instance of a mapped step this is; nil for others.
    public var map: MapPlace? { document.map }
    /// When the run started.
    public var startedAt: Timestamp { document.startedAt }
    /// The project's root folder.
    public var project: URL { URL(filePath: document.project, directoryHint: .isDirectory) }
    /// A folder for scratch files of this attempt alone.
    public var workDirectory: URL { URL(filePath: document.workDirectory, directoryHint: .isDirectory) }

    /// The value of a parameter: `try context[month]`.
    ///
    /// - Throws: `MartletError` MT1015 for a parameter of another pipeline.
    public subscript<Content>(_ parameter: Parameter<Content>) -> Content {
        get throws { try parameter.value(in: document) }
    }

    /// Tells how far the step is.
    ///
    /// - Parameters:
    ///   - done: how much is done.
    ///   - total: how much there is to do, when that is known.
    ///   - text: what is being done.
    public func progress(_ done: Double, of total: Double? = nil, _ text: String? = nil) {
        send(.progress(StepProgress(done: done, total: total, text: text)))
    }

    /// Reports a number worth keeping; a name may have a second part after a dot, as in `rows_in.flights`.
    public func metric(_ name: String, _ value: Double) { send(.metric(name: name, value: value)) }

    /// Adds a line to the attempt's log.
    public func log(_ text: String, level: LogLevel = .info) { send(.log(level: level.rawValue, text: text)) }

    /// Reports a value beside the one that the body returns.
    ///
    /// - Throws: `MartletError` MT1016 when it is larger than `Limits.valueBytes` as JSON; what `value` throws when
    ///   it is encoded.
    public func report(_ name: String, _ value: some Encodable) throws {
        let name = try PortName(validating: name)
        send(.value(name: name, value: try StepBody.reportable(JSONValue(encoding: value), name: name, of: step)))
    }

    /// How much a line of the log matters.
    public enum LogLevel: String, Sendable, CaseIterable {
        case debug, info, warning, error
    }
}
