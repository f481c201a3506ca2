/// Limits of reports.
extension Limits {
    /// Most validations, suites, datasets or profiles on one page of a list.
    public static let reportRowsPerPage = 100
    /// Most validations on the first page.
    public static let reportLatestValidations = 50
    /// Most points that a chart draws; of more, each group is drawn as its least and greatest.
    public static let reportChartPoints = 240
    /// Most bars of a chart.
    public static let reportChartBars = 60
    /// Most rows and columns of a heat map.
    public static let reportHeatMapSide = 30
    /// Most charts of null rates on the page of a dataset, the columns with most nulls first.
    public static let reportNullCharts = 12
    /// Most validations of a dataset that its trends are drawn from, the newest.
    public static let reportTrendPoints = 500
    /// Most columns whose null rates are remembered of one validation.
    public static let reportTrendColumns = 40
    /// Longest value shown whole, in characters.
    public static let reportValueCharacters = 160
    /// Longest text shown whole, such as a traceback, in characters.
    public static let reportTextCharacters = 12_000
    /// Most sample values or rows shown of one result.
    public static let reportSamples = 50
    /// Most results shown of one validation; the worst are shown.
    public static let reportResults = 5_000
    /// Most columns of a profile with a card of their own.
    public static let reportProfileColumns = 500
    /// Most skipped files named on the first page, and in what a build tells.
    public static let reportSkippedFiles = 20
    /// Largest file that is read for a report.
    public static let reportFileBytes = 64 << 20
    /// Most files that one report is built from.
    public static let reportFiles = 200_000
    /// Deepest nesting of folders that are looked through.
    public static let reportFolderDepth = 12
    /// Most metric series of one report.
    public static let reportSeries = 500
    /// Most rows of one metric series, the newest.
    public static let reportSeriesRows = 100_000
}
