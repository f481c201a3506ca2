extension StepAction {
    /// The file whose content belongs to the step and is not in it yet: a script or a suite.
    public var unreadFile: String? {
        switch self {
        case .sql(let action): action.text == nil ? action.file : nil
        case .check(let action): action.suite == nil ? action.file : nil
        case .spark(let action): action.text == nil ? action.file : nil
        default: nil
        }
    }

    /// The file that the step's content is from, whether it was read or not.
    public var contentFile: String? {
        switch self {
        case .sql(let action): action.file
        case .check(let action): action.file
        case .stream(let action): action.file
        case .spark(let action): action.file ?? action.script
        default: nil
        }
    }

    /// The same action with the content of its file, so that a run keeps what it ran.
    ///
    /// - Parameters:
    ///   - script: reads a file of SQL.
    ///   - suite: reads a file of a suite, as JSON.
    /// - Returns: the action, whole.
    /// - Throws: what the readers throw.
    public func filled(
        script: (String) throws(MartletError) -> String,
        suite: (String) throws(MartletError) -> JSONValue
    ) throws(MartletError) -> StepAction {
        guard let file = unreadFile else { return self }
        switch self {
        case .sql(var action):
            action.text = try script(file)
            return .sql(action)
        case .spark(var action):
            action.text = try script(file)
            return .spark(action)
        case .check(var action):
            action.suite = try suite(file)
            return .check(action)
        default:
            return self
        }
    }
}
