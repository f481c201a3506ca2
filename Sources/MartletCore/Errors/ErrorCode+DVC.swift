extension ErrorCode {
    /// MT3070: a file of DVC cannot be read.
    public static let dvcFileInvalid = ErrorCode(3070)
    /// MT3071: a folder is no DVC repository.
    public static let notADVCRepository = ErrorCode(3071)
    /// MT3072: a file that DVC or Git LFS tracks is nowhere to be found.
    public static let trackedFileMissing = ErrorCode(3072)
    /// MT3073: a tracked file does not have the hash it is tracked by.
    public static let trackedFileDamaged = ErrorCode(3073)
    /// MT3074: a state of the lake cannot be written as a repository.
    public static let cannotExport = ErrorCode(3074)
    /// MT3075: git could not do what was asked of it.
    public static let gitFailed = ErrorCode(3075)
}
