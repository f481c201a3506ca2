/// What a dataset holds: the type that tells two datasets apart where a pipeline is wired.
///
/// A marker is enough, `enum Model: DatasetContent {}`; a `Codable` type of a row lets Swift steps read the rows. The
/// format says how steps write the dataset; ``CSVContent``, ``JSONLinesContent`` and ``ParquetContent`` fix it.
public protocol DatasetContent: SendableMetatype {
    /// How files of the dataset are written; nil leaves it to the step that writes.
    static var format: DatasetFormat? { get }
}

extension DatasetContent {
    /// No format of its own.
    public static var format: DatasetFormat? { nil }
}

/// What a dataset of CSV files holds.
public protocol CSVContent: DatasetContent {}

extension CSVContent {
    /// CSV.
    public static var format: DatasetFormat? { .csv }
}

/// What a dataset of JSON lines holds.
public protocol JSONLinesContent: DatasetContent {}

extension JSONLinesContent {
    /// JSON lines.
    public static var format: DatasetFormat? { .jsonl }
}

/// What a dataset of Parquet files holds.
public protocol ParquetContent: DatasetContent {}

extension ParquetContent {
    /// Parquet.
    public static var format: DatasetFormat? { .parquet }
}
