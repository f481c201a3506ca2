import MartletCore

/// The SQL of scans, in DuckDB's words; names and values are quoted here and nowhere else.
enum ScanSQL {
    static func name(_ column: String) -> String { "\"" + column.replacing("\"", with: "\"\"") + "\"" }
    static func text(_ value: String) -> String { "'" + value.replacing("'", with: "''") + "'" }

    /// A double that reads back as itself: without an exponent it would be read as a decimal first.
    static func number(_ value: Double) -> String {
        let text = "\(value)"
        return text.contains("e") || !value.isFinite ? "'\(text)'::DOUBLE" : text + "e0"
    }

    static func list(_ values: [Double]) -> String { "[" + values.map(number).joined(separator: ", ") + "]" }
    static func list(_ values: [String]) -> String { "[" + values.map(text).joined(separator: ", ") + "]::VARCHAR[]" }

    /// The column's values as finite doubles; days for dates, microseconds for timestamps.
    static func finite(_ column: TableColumn) -> String {
        let name = name(column.name)
        switch column.kind {
        case .floating: return "CASE WHEN isfinite(\(name)) THEN \(name)::DOUBLE END"
        case .date: return "CASE WHEN isfinite(\(name)) THEN (\(name) - DATE '1970-01-01')::DOUBLE END"
        case .timestamp, .timestampWithZone: return "CASE WHEN isfinite(\(name)) THEN epoch_us(\(name))::DOUBLE END"
        default: return "\(name)::DOUBLE"
        }
    }

    /// The column's values for their least and greatest: finite, in their own type.
    static func comparable(_ column: TableColumn) -> String {
        let name = name(column.name)
        switch column.kind {
        case .floating, .date, .timestamp, .timestampWithZone: return "CASE WHEN isfinite(\(name)) THEN \(name) END"
        case .text, .json: return cut(name)
        default: return name
        }
    }

    /// The column's values as they are counted and told.
    static func told(_ column: TableColumn) -> String {
        let name = name(column.name)
        switch ScanRole(column.kind) {
        case .number, .instant: return comparable(column)
        case .text: return cut(name)
        default: return "\(name)::VARCHAR"
        }
    }

    /// The column's values as samples of rows have them.
    static func sampled(_ column: TableColumn) -> String {
        ScanRole(column.kind).isOrdered ? finite(column) : told(column)
    }

    /// The length of values, for kinds that have one.
    static func length(_ column: TableColumn) -> String? {
        let name = name(column.name)
        switch column.kind {
        case .text, .json: return "length(\(name)::VARCHAR)"
        case .bytes: return "octet_length(\(name))"
        case .list: return "len(\(name))"
        case .map: return "cardinality(\(name))"
        default: return nil
        }
    }

    private static func cut(_ name: String) -> String { "left(\(name)::VARCHAR, \(Limits.profiledTextCharacters))" }
}
