// 305x and 306x: the working tree of the lake.
extension ErrorCode {
    /// MT3050: a path names neither a file nor anything in the lake.
    public static let pathUnknown = ErrorCode(3050)
    /// MT3051: something cannot be added to the lake.
    public static let pathUnaddable = ErrorCode(3051)
    /// MT3052: files that are changed or not in the lake would be overwritten.
    public static let filesInTheWay = ErrorCode(3052)
    /// MT3055: no remote has that name.
    public static let remoteUnknown = ErrorCode(3055)
    /// MT3056: a branch, tag or remote of that name is there already.
    public static let refExists = ErrorCode(3056)
    /// MT3057: what the working tree remembers is damaged.
    public static let workspaceDamaged = ErrorCode(3057)
    /// MT3058: a branch is in use.
    public static let branchInUse = ErrorCode(3058)
    /// MT3059: staged changes are in the way.
    public static let stagedInTheWay = ErrorCode(3059)
    /// MT3060: no branch is checked out.
    public static let notOnBranch = ErrorCode(3060)
    /// MT3061: a folder to clone into holds something.
    public static let folderNotEmpty = ErrorCode(3061)
    /// MT3063: a file system cannot make links of the wanted kind.
    public static let linkUnsupported = ErrorCode(3063)
}
