// Errors of running streams (6060-6069).
extension ErrorCode {
    /// A stream's topic does not exist.
    public static let streamTopicMissing = ErrorCode(6060)
    /// Records between a stream's last cut and what its topic still has are gone.
    public static let streamInputGone = ErrorCode(6061)
    /// Another run has taken the stream over.
    public static let streamTakenOver = ErrorCode(6062)
    /// The place for results has the shape of other results.
    public static let streamResultsMismatched = ErrorCode(6063)
    /// Results of a stream cannot be written.
    public static let streamResultsUnwritable = ErrorCode(6064)
    /// The state that belongs to a stream's results is missing or broken.
    public static let streamCutUnreadable = ErrorCode(6065)
    /// A stream did not end in time.
    public static let streamCloseTimedOut = ErrorCode(6066)
}
