// 8xxx: storage; 9xxx: faults of Martlet itself.
extension ErrorCode {
    /// The state store cannot be opened or written.
    public static let storeUnavailable = ErrorCode(8001)
    /// The state store was written by a newer Martlet.
    public static let storeTooNew = ErrorCode(8002)
    /// Events were appended to the run by someone else.
    public static let storeConflict = ErrorCode(8003)
    /// The disk is full.
    public static let diskFull = ErrorCode(8004)
    /// A file or folder of the project cannot be written.
    public static let fileUnwritable = ErrorCode(8005)
    /// No adapter speaks the scheme of a URL.
    public static let schemeUnknown = ErrorCode(8006)
    /// The stored state is damaged.
    public static let storeDamaged = ErrorCode(8007)
    /// No record of that name in the state store.
    public static let recordNotFound = ErrorCode(8008)
    /// A record of that name is in the state store already.
    public static let recordExists = ErrorCode(8009)
    /// An event that does not fit the state it is applied to: our bug.
    public static let transitionInvalid = ErrorCode(9001)
    /// Something that cannot happen happened: our bug.
    public static let internalFault = ErrorCode(9002)
}
