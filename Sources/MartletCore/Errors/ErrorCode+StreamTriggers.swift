// 6070 to 6079: inference triggers.
extension ErrorCode {
    /// A trigger's definition makes no sense.
    public static let triggerOptionsInvalid = ErrorCode(6070)
    /// What scores a trigger's events has been down for too long.
    public static let scorerDown = ErrorCode(6071)
    /// A trigger's answers cannot be written.
    public static let triggerOutputFailed = ErrorCode(6072)
    /// Another trigger of the same name has taken over.
    public static let triggerFenced = ErrorCode(6073)
    /// A trigger's events cannot be read.
    public static let triggerInputFailed = ErrorCode(6074)
    /// A batch of events got no answers.
    public static let scorerFailed = ErrorCode(6075)
    /// An event has no answer.
    public static let eventUnscored = ErrorCode(6076)
}
