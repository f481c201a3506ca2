public import MartletCore

/// What the runner tells the process of a stream step in its first frame.
public struct StreamStepRequest: Codable, Sendable {
    /// The inputs, the outputs and everything else an attempt is told.
    public var context: StepContextDocument
    /// What is to be done, with the templates filled in.
    public var stream: StreamAction
    /// The folder of the attempt; absolute.
    public var folder: String

    /// The request of one attempt.
    public init(context: StepContextDocument, stream: StreamAction, folder: String) {
        self.context = context
        self.stream = stream
        self.folder = folder
    }
}

extension StreamAction {
    /// The action with its templates filled in; what the trigger's line refers to by variables is in its environment.
    ///
    /// - Parameter lookUp: what a name stands for.
    /// - Returns: the action, whole.
    /// - Throws: ``TemplateError`` when a template fails.
    func rendered(_ lookUp: (_ path: [String]) -> JSONValue?) throws(TemplateError) -> StreamAction {
        var action = self
        action.from = try Template(from).render(.none, lookUp).text
        action.to = try Template(to).render(.none, lookUp).text
        if let broker { action.broker = try Template(broker).render(.none, lookUp).text }
        if let trigger { action.trigger?.command = try Template(trigger.command).render(.shell, lookUp).text }
        return action
    }
}
