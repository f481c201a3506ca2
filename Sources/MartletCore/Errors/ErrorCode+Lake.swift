extension ErrorCode {
    /// MT3001: a path cannot stand in the lake.
    public static let lakePathInvalid = ErrorCode(3001)
    /// MT3002: an object is not a commit.
    public static let notACommit = ErrorCode(3002)
    /// MT3100: someone else has published one of the run's datasets meanwhile.
    public static let publishConflict = ErrorCode(3100)
    /// MT3102: a commit has no such dataset.
    public static let datasetNotInLake = ErrorCode(3102)
    /// MT3103: the files of two datasets would have one name.
    public static let datasetsOverlap = ErrorCode(3103)
    /// MT3003: a branch, tag or commit that is not there.
    public static let refUnknown = ErrorCode(3003)
    /// MT3004: a branch or tag was moved by someone else meanwhile.
    public static let refMoved = ErrorCode(3004)
    /// MT3005: both sides of a merge changed the same thing differently.
    public static let mergeConflict = ErrorCode(3005)
    /// MT3006: an object of the lake is not what it should be.
    public static let lakeObjectMalformed = ErrorCode(3006)
    /// MT3007: a file and a folder would have one name.
    public static let fileAndFolder = ErrorCode(3007)
    /// MT3008: a text does not name a commit in any way.
    public static let refExpressionInvalid = ErrorCode(3008)
    /// MT3009: the first digits of several commits.
    public static let commitAmbiguous = ErrorCode(3009)
    /// MT3010: a commit has no such ancestor.
    public static let ancestorMissing = ErrorCode(3010)
    /// MT3011: a rule protects a branch from this.
    public static let branchProtected = ErrorCode(3011)
    /// MT3012: which parent of a merge is meant is not said.
    public static let parentNeeded = ErrorCode(3012)
    /// MT3013: a merge, revert or cherry-pick that would change nothing.
    public static let nothingToCommit = ErrorCode(3013)
}
