// MT6015 to MT6017: what the log server keeps of consumer groups and transactions.
extension ErrorCode {
    /// MT6015: the coordinators' journal is damaged, or cannot be added to any more.
    public static let coordinatorJournalDamaged = ErrorCode(6015)
    /// MT6016: the coordinators' journal was written by a newer Martlet.
    public static let coordinatorJournalTooNew = ErrorCode(6016)
    /// MT6017: a group or a transaction is too large to be kept.
    public static let coordinatorRecordTooLarge = ErrorCode(6017)
}
