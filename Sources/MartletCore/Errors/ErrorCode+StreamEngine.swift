// Errors of the event-time engine (6030-6049) and of feature views (6050-6059).
extension ErrorCode {
    /// A stream's definition makes no sense.
    public static let streamDefinitionInvalid = ErrorCode(6030)
    /// An expression of a stream cannot be read.
    public static let streamExpressionUnreadable = ErrorCode(6031)
    /// An expression of a stream has operands of the wrong types, or names something unknown.
    public static let streamExpressionInvalid = ErrorCode(6032)
    /// A checkpoint's bytes are broken, or of a version that is not known.
    public static let streamSnapshotUnreadable = ErrorCode(6040)
    /// A checkpoint was written by another definition.
    public static let streamDefinitionChanged = ErrorCode(6041)
    /// A batch of records does not fit the definition, or itself.
    public static let streamBatchInvalid = ErrorCode(6042)
    /// A feature view makes no sense.
    public static let featureViewInvalid = ErrorCode(6050)
}
