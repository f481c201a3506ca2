/// Numbers of errors of anomaly detection: MT5040 to MT5044.
extension ErrorCode {
    /// A column that a file with a series does not have.
    public static let seriesColumnMissing = ErrorCode(5040)
    /// A file with a series that is not there or cannot be read.
    public static let seriesFileUnreadable = ErrorCode(5041)
    /// A file with a series that is not CSV.
    public static let seriesFileBroken = ErrorCode(5042)
    /// A setting of the detector that makes no sense.
    public static let detectorSettingInvalid = ErrorCode(5043)
    /// A metric series or a run with metrics that is not known.
    public static let metricSeriesUnknown = ErrorCode(5044)
}
