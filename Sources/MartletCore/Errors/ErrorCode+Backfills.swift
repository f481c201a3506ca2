/// Numbers of errors of backfills: MT1060 to MT1064.
extension ErrorCode {
    /// A backfill that would end before it begins.
    public static let backfillReversed = ErrorCode(1060)
    /// A backfill of dates that have not come yet.
    public static let backfillInFuture = ErrorCode(1061)
    /// A backfill of a pipeline whose schedule has no recurring times.
    public static let backfillNotPeriodic = ErrorCode(1062)
    /// A backfill without any date.
    public static let backfillEmpty = ErrorCode(1063)
    /// A backfill in an order, or with gaps, that a step which depends on its past does not allow.
    public static let backfillDependsOnPast = ErrorCode(1064)
}
