// 2045 to 2052: waits, answers and alerts.
extension ErrorCode {
    /// What a step waited for did not come in time.
    public static let waitTimedOut = ErrorCode(2045)
    /// What a step waits for cannot be looked at.
    public static let waitImpossible = ErrorCode(2046)
    /// A web server that a step waits for cannot be asked, or refuses.
    public static let requestFailed = ErrorCode(2047)
    /// The step or run that a step waited for ended in a state that ends the wait badly.
    public static let awaitedStateReached = ErrorCode(2048)
    /// What a wait was answered is neither yes nor no.
    public static let waitAnswerInvalid = ErrorCode(2049)
    /// A notifier did not take an alert.
    public static let notifierFailed = ErrorCode(2050)
    /// Alerts were given up because too many waited.
    public static let alertsDropped = ErrorCode(2051)
    /// A person refused, or answered something that was not offered.
    public static let approvalRefused = ErrorCode(2052)
}
