package import MartletCore

extension Limits {
    /// Deepest nesting of Arrow fields; Spark's own parser of types gives up earlier.
    package static let arrowNesting = 64
    /// Most fields of an Arrow schema, nested ones counted.
    package static let arrowFields = 65_536
    /// Most bytes of names and metadata in an Arrow schema.
    package static let arrowSchemaTextBytes = 16 << 20
    /// Most record batches in one Arrow stream held in memory.
    package static let arrowBatches = 65_536
    /// Most rows of an Arrow batch, or elements of a nested column.
    package static let arrowRows = Int(Int32.max)
    /// Most rows of a column that has no bytes, as one of nulls, so that a few bytes cannot stand for endless rows.
    package static let arrowBytelessRows = 1 << 22
    /// Most bytes that the buffers of one Arrow stream may become where they are compressed or have to be moved.
    package static let arrowDecompressedBytes = 1 << 30
    /// Most characters of a value in a text table, before it is cut to the width.
    package static let arrowTableCellCharacters = 200
}
