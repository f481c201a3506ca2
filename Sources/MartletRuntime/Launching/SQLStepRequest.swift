public import MartletCore

/// What the runner tells the process of an SQL step in its first frame.
public struct SQLStepRequest: Codable, Sendable {
    /// The inputs, the outputs and everything else an attempt is told.
    public var context: StepContextDocument
    /// The script, its templates filled in.
    public var script: String
    /// The file it came from, for messages.
    public var file: String?

    /// A request with a script; `file` is nil for a script written in the pipeline.
    public init(context: StepContextDocument, script: String, file: String?) {
        self.context = context
        self.script = script
        self.file = file
    }
}
