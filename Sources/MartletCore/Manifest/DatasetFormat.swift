/// The file formats that Martlet reads and writes as tables.
public enum DatasetFormat: String, Codable, Hashable, Sendable, CaseIterable {
    case csv
    case jsonl
    case parquet

    /// The format that a file name's extension tells, ignoring a final `.gz`, or nil.
    public init?(fileName: String) {
        var name = fileName.lowercased()
        if name.hasSuffix(".gz") { name.removeLast(3) }
        guard let dot = name.lastIndex(of: ".") else { return nil }
        switch name[name.index(after: dot)...] {
        case "csv": self = .csv
        case "jsonl", "ndjson": self = .jsonl
        case "parquet": self = .parquet
        default: return nil
        }
    }
}
