// 5050 to 5069: incidents and their delivery.
extension ErrorCode {
    /// There is no incident, or silence, of that name.
    public static let incidentUnknown = ErrorCode(5050)
    /// The incident is in a state in which that cannot be done.
    public static let incidentState = ErrorCode(5051)
    /// Incidents were changed by someone else at the same time.
    public static let incidentConflict = ErrorCode(5052)
    /// A text does not say which incidents are meant.
    public static let matcherInvalid = ErrorCode(5053)
    /// A receiver did not take a notification.
    public static let receiverFailed = ErrorCode(5054)
    /// A receiver refuses a notification for good.
    public static let receiverRefused = ErrorCode(5055)
    /// What a notifier needs is a secret and stands in the project file, or is not defined.
    public static let receiverSecret = ErrorCode(5056)
}
