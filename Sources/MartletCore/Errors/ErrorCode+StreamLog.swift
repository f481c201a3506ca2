// 6010 to 6014, 6018 and 6019: the data folder of the log server, where it listens, and who may use it.
extension ErrorCode {
    /// A file of the log server cannot be read or written.
    public static let streamLogUnusable = ErrorCode(6010)
    /// A file of the log server does not hold what it must.
    public static let streamLogDamaged = ErrorCode(6011)
    /// Another process has the data folder open.
    public static let streamFolderInUse = ErrorCode(6012)
    /// The data folder was written by a newer version.
    public static let streamFolderTooNew = ErrorCode(6013)
    /// The log server cannot listen on its address.
    public static let streamAddressUnusable = ErrorCode(6014)
    /// Other machines can reach the log server, and nobody has to log in.
    public static let streamLoginRequired = ErrorCode(6018)
    /// The users or certificates of the log server cannot be used.
    public static let streamSecurityUnusable = ErrorCode(6019)
}
