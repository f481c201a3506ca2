extension Limits {
    /// Longest record of a CSV file that is read as a series.
    public static let seriesRecordBytes = 1 << 20
    /// Longest season given in rows.
    public static let seasonRows = 8_192
    /// Episodes of one series that are kept to be shown.
    public static let keptEpisodes = 1_000
    /// Values before an episode that are shown with it.
    public static let episodeTrend = 24
    /// Metrics that one run leaves.
    public static let metricsPerRun = 10_000
    /// Metrics of a pipeline that a run is judged by, the newest.
    public static let metricHistory = 50_000
    /// Ended runs of a pipeline that are looked at for metrics that were not kept.
    public static let metricCatchUp = 1_000
    /// Anomalies that are listed at once, unless more are asked for.
    public static let listedAnomalies = 50
}
