// 5070 to 5079: reports of quality.
extension ErrorCode {
    /// The folder for a report holds something else.
    public static let reportFolderTaken = ErrorCode(5070)
    /// Another process is writing the same report.
    public static let reportBusy = ErrorCode(5071)
    /// A folder that a report should be built from is not there.
    public static let reportSourceMissing = ErrorCode(5072)
}
