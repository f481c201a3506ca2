public import MartletCore

/// What the runner tells the process of an SQL step in its first frame.
public struct SQLStepRequest: Codable, Sendable {
    public var context: StepContextDocument
    /// The script, its templates filled in.
    public var script: String
    /// The file it came from, for messages.
    public var file: String?

    public init(context: StepContextDocument, script: String, file: String?) {
        self.context = context
        self.script = script
        self.file = file
    }
}
