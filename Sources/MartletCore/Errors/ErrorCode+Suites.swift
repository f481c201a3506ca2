/// Numbers of errors of suites and validations: MT5001 to MT5019.
extension ErrorCode {
    /// A file that is no suite.
    public static let suiteUnreadable = ErrorCode(5001)
    /// An expectation of a type that is not known.
    public static let expectationUnknown = ErrorCode(5002)
    /// An argument that its expectation does not have.
    public static let argumentUnknown = ErrorCode(5003)
    /// An argument whose value makes no sense.
    public static let argumentInvalid = ErrorCode(5004)
    /// An argument that an expectation cannot do without.
    public static let argumentMissing = ErrorCode(5005)
    /// A suite parameter without a value, or an expression that has none.
    public static let suiteParameterInvalid = ErrorCode(5006)
    /// A row condition that cannot be read.
    public static let rowConditionInvalid = ErrorCode(5007)
    /// No suite of that name.
    public static let suiteNotFound = ErrorCode(5008)
    /// A suite of that name exists already.
    public static let suiteExists = ErrorCode(5009)
    /// A validation result that cannot be kept or read.
    public static let validationUnusable = ErrorCode(5010)
    /// A request to check data that contradicts itself or leaves something out.
    public static let qualityRequestInvalid = ErrorCode(5011)
}
