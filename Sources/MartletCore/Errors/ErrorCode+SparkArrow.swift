// Errors of Arrow data from and for Spark (7020-7029).
extension ErrorCode {
    /// MT7020: Arrow bytes are broken.
    public static let arrowMalformed = ErrorCode(7020)
    /// MT7021: Arrow data has a type or feature that is not supported.
    public static let arrowUnsupported = ErrorCode(7021)
    /// MT7022: Arrow data is larger than the limits allow.
    public static let arrowTooLarge = ErrorCode(7022)
    /// MT7023: rows do not fit their Arrow schema.
    public static let arrowValueInvalid = ErrorCode(7023)
    /// MT7024: a text in Arrow data is not UTF-8.
    public static let arrowTextInvalid = ErrorCode(7024)
    /// MT7025: DuckDB does not take Arrow data.
    public static let arrowHandoverFailed = ErrorCode(7025)
}
