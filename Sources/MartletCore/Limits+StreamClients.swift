extension Limits {
    /// Most records of one batch that a source hands out, unless it is asked for less or more.
    public static let streamBatchRecords = 10_000
    /// Longest text of an error that is kept in a dead letter.
    public static let deadLetterTextBytes = 8 << 10
    /// Most message indices in the frame of a Protobuf value.
    public static let schemaMessageIndices = 64
}
