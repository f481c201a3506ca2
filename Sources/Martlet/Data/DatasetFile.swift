public import Foundation

/// A dataset that the body of a step reads.
public struct DatasetFile<Content: DatasetContent>: Hashable, Sendable {
    /// The name the step knows it by.
    public let name: PortName
    /// The dataset's name.
    public let dataset: DatasetID
    /// The file or folder; absolute.
    public let path: String
    /// How it is written, when that is known.
    public let format: DatasetFormat?

    init(name: PortName, _ document: StepContextDocument.Dataset) {
        self.name = name
        dataset = document.dataset
        path = document.path
        format = document.format ?? Content.format ?? DatasetFormat(fileName: document.path)
    }

    /// The file or folder.
    public var url: URL { URL(filePath: path) }

    /// The file's bytes.
    ///
    /// - Throws: `MartletError` MT1001 when they cannot be read.
    public func data() throws(MartletError) -> Data {
        do {
            return try Data(contentsOf: url)
        } catch {
            throw MartletError(
                .fileUnreadable,
                "cannot read dataset \(dataset) at \(path)",
                cause: String(describing: error)
            )
        }
    }

    /// The file's text.
    ///
    /// - Throws: `MartletError` MT1001 when it cannot be read.
    public func text() throws(MartletError) -> String { String(decoding: try data(), as: UTF8.self) }
}

extension DatasetFile where Content: Decodable {
    /// All rows, of a file of JSON lines or of CSV with a header; held in memory at once.
    ///
    /// For more rows than fit, and for Parquet, let an SQL step reduce them first.
    ///
    /// - Throws: `MartletError` MT1001 when the file cannot be read, MT1002 for a row that is not a `Content`, with
    ///   its line.
    public func rows() throws(MartletError) -> [Content] { try rows(as: Content.self) }
}

extension DatasetFile {
    /// All rows, of a file of JSON lines or of CSV with a header, as `type`; held in memory at once.
    ///
    /// - Throws: `MartletError` MT1001 when the file cannot be read, MT1002 for a row that is not of the type, with
    ///   its line.
    public func rows<Row: Decodable>(as type: Row.Type) throws(MartletError) -> [Row] {
        switch format {
        case .jsonl: return try JSONLines.rows(type, in: data(), of: path)
        case .csv: return try CSVRows.rows(type, in: data(), of: path)
        case .parquet, nil:
            throw MartletError(
                .valueInvalid,
                "dataset \(dataset) cannot be read row by row",
                reason: format == nil ? "its format is not known" : "it is written as Parquet",
                remedy: format == nil
                    ? "give its content a format, as in `enum Name: CSVContent {}`"
                    : "read it in an SQL step that writes what is needed as CSV or JSON lines"
            )
        }
    }
}
