extension ErrorCode {
    /// MT5080: data is not as a suite expects.
    public static let checkFailed = ErrorCode(5080)
    /// MT5081: more rows would be put aside than is allowed.
    public static let quarantineExceeded = ErrorCode(5081)
    /// MT5082: rows cannot be put aside by this suite.
    public static let quarantineImpossible = ErrorCode(5082)
}
