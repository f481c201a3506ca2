// 1xxx: contradictions between the settings of steps, groups and pipelines.
extension ErrorCode {
    /// A map that gives no list, or stands where nothing can be mapped.
    public static let mapInvalid = ErrorCode(1030)
    /// Groups that lie in each other, or are waited for from within.
    public static let groupInvalid = ErrorCode(1031)
    /// A teardown of something that is not a setup, or a setup after its own teardown.
    public static let teardownInvalid = ErrorCode(1032)
    /// A deadline without what it is counted from.
    public static let deadlineInvalid = ErrorCode(1033)
}
