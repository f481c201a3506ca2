// Errors of profiles, drift reports and suggested suites.
extension ErrorCode {
    /// The reference of a drift report has no rows.
    public static let driftReferenceEmpty = ErrorCode(5030)
    /// A column that a request names is in no table.
    public static let profileColumnUnknown = ErrorCode(5031)
    /// A threshold, or another option of a report, makes no sense.
    public static let profileRequestInvalid = ErrorCode(5032)
    /// There is too little data to suggest a suite from.
    public static let suggestionImpossible = ErrorCode(5033)
}
