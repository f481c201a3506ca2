public import MartletCore

/// What the runner tells the process of a check in its first frame.
public struct CheckStepRequest: Codable, Sendable {
    /// The inputs, the outputs and everything else an attempt is told.
    public var context: StepContextDocument
    /// The check, with the templates in its parameters filled in.
    public var check: CheckAction
    /// The input that the suite is about.
    public var data: PortName
    /// The folder of the attempt, which takes the full result; absolute.
    public var folder: String

    /// The request of one attempt.
    public init(context: StepContextDocument, check: CheckAction, data: PortName, folder: String) {
        self.context = context
        self.check = check
        self.data = data
        self.folder = folder
    }
}
