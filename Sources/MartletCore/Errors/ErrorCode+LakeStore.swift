// MT3030 to MT3049 and MT3090 to MT3091: the lake on disk, and stores of objects.
extension ErrorCode {
    /// MT3030: the lake has no object of that id.
    public static let objectMissing = ErrorCode(3030)
    /// MT3031: what is stored of an object is not what its id says.
    public static let objectDamaged = ErrorCode(3031)
    /// MT3032: an object is larger than a pack takes.
    public static let objectTooLarge = ErrorCode(3032)
    /// MT3033: a file changed while it was read.
    public static let fileChangedWhileRead = ErrorCode(3033)
    /// MT3034: a push would lose commits of the other side.
    public static let pushNotFastForward = ErrorCode(3034)
    /// MT3035: there is no lake in a folder or store.
    public static let lakeNotFound = ErrorCode(3035)
    /// MT3036: a lake was written by a newer Martlet.
    public static let lakeTooNew = ErrorCode(3036)
    /// MT3037: a file cannot be read, or is none.
    public static let sourceUnreadable = ErrorCode(3037)
    /// MT3038: a file that would be overwritten is there.
    public static let fileInTheWay = ErrorCode(3038)
    /// MT3040: a pack or a ref of the lake is damaged.
    public static let lakeDamaged = ErrorCode(3040)
    /// MT3090: an object is not in the state that a write asked for.
    public static let objectConditionFailed = ErrorCode(3090)
    /// MT3091: an object is larger than may be read at once.
    public static let storedObjectTooLarge = ErrorCode(3091)
}
