// 1065 to 1069: what operators ask for.
extension ErrorCode {
    /// A pipeline has no version of that number.
    public static let versionUnknown = ErrorCode(1065)
}
